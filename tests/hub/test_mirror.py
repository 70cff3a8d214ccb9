"""Mirrors are tried out before they are used; pasted names and pages are understood."""

from __future__ import annotations

import pytest

from engine.errors import ErrorCode, ParameterError, TransferError
from engine.hub.mirror import MirrorReport, normal_endpoint
from engine.hub.references import parse_reference
from engine.models.manifest import ModelSource, SourceType, read_manifest
from tests.hub.emulator.faults import FaultKind
from tests.hub.rig import IMPATIENT, REPOSITORY, Rig, model_files, same_content, wanted


def verify(rig: Rig) -> MirrorReport:
    return rig.ask(lambda hubs: hubs.verify_mirror(f" {rig.emulator.url}/ "))


def test_good_mirror(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    report = verify(rig)
    assert report.endpoint == rig.emulator.url
    assert report.repository == REPOSITORY
    assert report.resumes


def test_mirror_without_ranges_is_usable_but_said_so(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    rig.emulator.fault(FaultKind.NO_RANGE, where="cdn")
    assert not verify(rig).resumes


def test_mirror_that_delivers_something_else(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    rig.emulator.fault(FaultKind.CORRUPT, where="cdn")
    with pytest.raises(TransferError) as caught:
        verify(rig)
    assert caught.value.code is ErrorCode.CHECKSUM


@pytest.mark.parametrize(
    ("kind", "where", "code"),
    [
        (FaultKind.HTML, "list", ErrorCode.SIGN_IN_PAGE),
        (FaultKind.HTML, "cdn", ErrorCode.SIGN_IN_PAGE),
        (FaultKind.STATUS, "list", ErrorCode.SERVER),
        (FaultKind.STATUS, "cdn", ErrorCode.SERVER),
        (FaultKind.BLACKHOLE, "info", ErrorCode.OFFLINE),
    ],
)
def test_mirror_that_is_none(rig: Rig, kind: FaultKind, where: str, code: ErrorCode) -> None:
    if kind is FaultKind.BLACKHOLE:
        rig.timeouts = IMPATIENT
    rig.emulator.add(REPOSITORY, model_files())
    rig.emulator.fault(kind, where=where)
    with pytest.raises(TransferError) as caught:
        verify(rig)
    assert caught.value.code is code


def test_empty_mirror(rig: Rig) -> None:
    with pytest.raises(TransferError) as caught:
        verify(rig)
    assert dict(caught.value.facts)["reason"] == "no_models"


def test_download_from_a_mirror_remembers_it(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    order = wanted(source=SourceType.MIRROR, endpoint=rig.emulator.url)
    folder = rig.install(order)
    assert same_content(folder, model_files())
    source = read_manifest(folder).source
    assert (source.type, source.endpoint) == (SourceType.MIRROR, rig.emulator.url)


@pytest.mark.parametrize(
    ("typed", "endpoint"),
    [
        ("hf-mirror.com", "https://hf-mirror.com"),
        (" https://hf-mirror.com// ", "https://hf-mirror.com"),
        ("https://mirror.example/hf", "https://mirror.example/hf"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://192.168.1.4", "http://192.168.1.4"),
    ],
)
def test_addresses_of_mirrors(typed: str, endpoint: str) -> None:
    assert normal_endpoint(typed) == endpoint


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "http://mirror.example",
        "ftp://mirror.example",
        "file:///etc",
        "https://user:word@mirror.example",
        "https://mirror.example?x=1",
        "https://mirror.example#x",
        "https://",
        "https://mirror.example:99999",
        "https://[::1",
        "mirror example.com",
        "https://mirror.example\\x",
    ],
)
def test_what_is_no_address_of_a_mirror(typed: str) -> None:
    with pytest.raises(ParameterError):
        normal_endpoint(typed)


def source(repository: str, revision: str | None = None, **fields: str) -> ModelSource:
    kind = SourceType(fields.get("type", "huggingface"))
    endpoint = fields.get("endpoint")
    return ModelSource(type=kind, repository=repository, revision=revision, endpoint=endpoint)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("OpenVINO/Qwen3-8B-int4-ov", source("OpenVINO/Qwen3-8B-int4-ov")),
        (" a/b@v1.0 ", source("a/b", "v1.0")),
        ("https://huggingface.co/a/b", source("a/b")),
        ("huggingface.co/a/b", source("a/b")),
        ("https://hf.co/a/b/tree/abc123", source("a/b", "abc123")),
        ("https://huggingface.co/a/b/blob/main/config.json?x=1#y", source("a/b", "main")),
        ("https://www.modelscope.cn/models/a/b", source("a/b", type="modelscope")),
        ("https://modelscope.cn/models/a/b/summary", source("a/b", type="modelscope")),
        (
            "https://mirror.example/a/b",
            source("a/b", type="mirror", endpoint="https://mirror.example"),
        ),
        ("qwen3 8b", None),
        ("qwen", None),
        ("https://huggingface.co/models", None),
        ("https://elsewhere.example/a/b", None),
        ("../../etc/passwd", None),
        ("file:///a/b", None),
        ("https://[::1/a/b", None),
        ("", None),
    ],
)
def test_what_people_paste(text: str, expected: ModelSource | None) -> None:
    assert parse_reference(text, mirrors=["https://mirror.example"]) == expected
