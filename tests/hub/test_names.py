"""Names a server may give: refused on every platform when any platform would misread them."""

from __future__ import annotations

import contextlib
import string
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ErrorCode, ModelError, TransferError
from engine.hub.names import check_listing, job_folder_name, safe_rel, wanted_files
from engine.models.manifest import ModelFile
from engine.models.safe_names import is_safe_path
from tests.hub.rig import REPOSITORY, Rig, model_files

HOSTILE = [
    "",
    ".",
    "..",
    "../evil.json",
    "a/../../evil.json",
    "a/./b.json",
    "a//b.json",
    "/etc/passwd",
    "/a.json",
    "a/",
    "\\\\host\\share\\x.json",
    "..\\evil.json",
    "a\\b.json",
    "C:evil.json",
    "C:/evil.json",
    "a:b",
    "config.json:stream",
    "CON",
    "con.json",
    "NUL.json",
    "a/AUX",
    "COM1.txt",
    "LPT9",
    "COM¹.txt",
    "CONIN$",
    "NUL .txt",
    "x.",
    "x ",
    "a /b.json",
    "a./b.json",
    "nul\x00.json",
    "line\nfeed.json",
    "bell\x07.json",
    "delete\x7f.json",
    "what?.json",
    "star*.json",
    "pipe|.json",
    'quote".json',
    "less<.json",
    "a" * 300,
    "a" * 201 + ".json",
    "漢" * 80 + ".json",
    "/".join(["folder"] * 40) + "/x.json",
    "right\u202eto-left.json",
    "mark\u200f.json",
    "zero\u200bwidth.json",
    "\ufeffbom.json",
    "half\ud800.json",
    "next\u2028line.json",
    "MANIFE~1.JSO",
]
DEVICES = {"CON", "PRN", "AUX", "NUL"} | {f"{d}{n}" for d in ("COM", "LPT") for n in range(10)}
TWINS = [
    ("config.json", "Config.json"),
    ("é.json", "e\u0301.json"),
    ("straße.json", "STRASSE.json"),
    ("ﬁle.json", "file.json"),
    ("Sub/a.json", "sub/b.json"),
    ("a.json", "a.json/b.json"),
]
FINE = [
    "config.json",
    "openvino_model.bin",
    "sub/folder/tokenizer.json",
    ".gitattributes",
    "名前.json",
    "with space.json",
    "LICENSE",
    "a-b_c.d+e,f=g@h!.txt",
    "console.json",
    "nullable.txt",
    "v1.0/model.xml",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_d26_hostile_names_are_refused(name: str) -> None:
    with pytest.raises(TransferError) as caught:
        safe_rel(name)
    assert caught.value.code is ErrorCode.UNSAFE_NAME
    str(caught.value).encode("ascii")  # what is shown cannot reorder the text around it


@pytest.mark.parametrize("name", HOSTILE)
def test_d26_a_manifest_keeps_to_the_same_rule(name: str) -> None:
    with pytest.raises(ModelError) as caught:
        ModelFile(path=name, size_bytes=1, sha256="0" * 64)
    assert caught.value.code is ErrorCode.UNSAFE_NAME


@pytest.mark.parametrize("twins", TWINS)
def test_d26_names_that_meet_on_some_disk_are_refused(twins: tuple[str, str]) -> None:
    for listing in (twins, twins[::-1]):
        with pytest.raises(TransferError):
            check_listing(listing)


@pytest.mark.parametrize("name", FINE)
def test_d26_usual_names_pass(name: str) -> None:
    assert safe_rel(name) == PurePosixPath(name)
    assert ModelFile(path=name, size_bytes=1, sha256="0" * 64).path == name


@given(
    st.one_of(
        st.text(max_size=40),
        st.text(alphabet="./\\:~ aA\u202e\x00", max_size=12),
        st.lists(st.sampled_from(["..", ".", "", "a", "CON", "b."]), max_size=5).map("/".join),
    )
)
def test_d26_whatever_passes_stays_inside_on_every_platform(name: str) -> None:
    try:
        relative = safe_rel(name)
    except TransferError:
        assert not is_safe_path(name)
        return
    assert is_safe_path(name)
    assert str(relative) == name
    windows = PureWindowsPath(name)
    assert not windows.drive
    assert not windows.root
    assert ".." not in windows.parts
    assert windows.parts == relative.parts
    base = Path("/base")
    assert (base / relative).resolve(strict=False).is_relative_to(base.resolve())


@given(st.text(alphabet=string.ascii_letters + string.digits + "._-/", min_size=1, max_size=30))
def test_d26_plain_characters_fail_only_for_a_reason(name: str) -> None:
    parts = name.split("/")
    stems = {part.partition(".")[0].upper() for part in parts}
    refused = bool(stems & DEVICES) or any(not part or part.endswith(".") for part in parts)
    with pytest.raises(TransferError) if refused else contextlib.nullcontext():
        safe_rel(name)


@pytest.mark.parametrize(
    "name", ["../evil.json", "a\\b.json", "CON", "x.", "/abs.json", "a:b.json", "right\u202e.md"]
)
def test_d26_one_bad_name_refuses_the_repository_before_anything_is_written(
    rig: Rig, name: str
) -> None:
    rig.emulator.add(REPOSITORY, model_files() | {name: b"evil"})
    assert rig.fail().code is ErrorCode.UNSAFE_NAME
    assert rig.emulator.sent() == 0
    assert rig.leftovers() == [
        "OpenVINO+tiny-int4-ov",
        "OpenVINO+tiny-int4-ov/job.json",
        "queue.json",
    ]
    assert [path.name for path in rig.models.parent.rglob("*evil*")] == []


def test_d26_case_twins_refuse_the_repository(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files() | {"CONFIG.json": b"{}"})
    assert rig.fail().code is ErrorCode.UNSAFE_NAME
    assert rig.emulator.sent() == 0


def test_d29_allow_list() -> None:
    listing = [
        "openvino_model.xml",
        "openvino_model.bin",
        "openvino_tokenizer.xml",
        "openvino_tokenizer.bin",
        "config.json",
        "vocab.txt",
        "spiece.model",
        "chat_template.jinja",
        "README.md",
        "LICENSE",
        "LICENSE-MIT",
        "NOTICE.txt",
        "pytorch_model.bin",
        "training_args.bin",
        "a.py",
        "b.pkl",
        "c.so",
        "d.dll",
        "e.exe",
        "f.gguf",
        "LICENSE.exe",
        "manifest.json",
        "job.json",
        "Manifest.JSON",
        ".gitattributes",
        "model.safetensors",
    ]
    assert wanted_files(listing) == frozenset(listing[:12])


def test_different_models_have_different_job_folders() -> None:
    assert len({job_folder_name(i) for i in ("a/b", "a-b", "a.b", "b/a", "ab")}) == 5
    for unsafe in ("../a", "a+b", "a\\b", ""):
        with pytest.raises(TransferError):
            job_folder_name(unsafe)
