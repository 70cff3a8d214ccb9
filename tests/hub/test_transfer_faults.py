"""Downloads over a bad network: every fault ends in the right bytes or in one named error."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import ErrorCode
from engine.hub.events import TransferPhase, WaitReason
from engine.models.manifest import read_manifest
from tests.hub.emulator.faults import FaultKind
from tests.hub.rig import (
    BIN,
    MB,
    REPOSITORY,
    SMALL,
    FastClock,
    Rig,
    facts,
    model_files,
    same_content,
)


def test_a_download_arrives_whole_with_a_manifest_of_sha256(rig: Rig) -> None:
    files = model_files()
    repository = rig.emulator.add(REPOSITORY, files)
    folder = rig.install()
    assert folder == rig.models / "OpenVINO" / "tiny-int4-ov"
    assert same_content(folder, files)
    manifest = read_manifest(folder)
    assert manifest.source.revision == repository.commit
    assert manifest.license == "apache-2.0"
    assert {file.path for file in manifest.files} == set(files) - {".gitattributes"}
    assert rig.leftovers() == []
    assert rig.emulator.sent() == sum(file.size_bytes for file in manifest.files)
    assert rig.progress[-1].bytes_done == rig.progress[-1].bytes_total == manifest.size_bytes


def test_d1_reset_in_every_megabyte(rig: Rig) -> None:
    files = model_files(6 * MB)
    rig.emulator.add(REPOSITORY, files)
    for reset in range(1, 6):
        rig.emulator.fault(FaultKind.DROP, path=BIN, where="cdn", after=reset * MB, times=1)
    assert same_content(rig.install(), files)
    # What lies unread in the socket is lost with a reset, nothing else.
    assert rig.emulator.sent(BIN) - 6 * MB <= 4 * MB


def test_d1_resets_without_end_but_with_progress_arrive(rig: Rig) -> None:
    files = model_files(2 * MB)
    rig.emulator.add(REPOSITORY, files)
    rig.emulator.fault(FaultKind.TRUNCATE, path=BIN, where="cdn", after=128 * 1024, every=True)
    assert same_content(rig.install(), files)
    assert len([r for r in rig.emulator.requests("cdn") if r.file == BIN]) >= 16


def test_d2_early_close_costs_no_byte(rig: Rig) -> None:
    files = model_files(2 * MB)
    rig.emulator.add(REPOSITORY, files)
    rig.emulator.fault(FaultKind.TRUNCATE, path=BIN, where="cdn", after=MB + 17, times=1)
    assert same_content(rig.install(), files)
    assert rig.emulator.sent(BIN) == 2 * MB


def test_d3_stall_is_told_and_survived(rig: Rig) -> None:
    files = model_files(2 * MB)
    rig.emulator.add(REPOSITORY, files)
    rig.emulator.fault(FaultKind.STALL, path=BIN, where="cdn", after=MB, times=1)
    rig.timeouts = replace(rig.timeouts, read_s=0.4)
    assert same_content(rig.install(), files)
    assert rig.emulator.sent(BIN) == 2 * MB
    waits = [e for e in rig.progress if e.wait_reason is WaitReason.NO_DATA]
    assert waits
    assert all(e.phase is TransferPhase.WAITING and e.remaining_s is None for e in waits)


def test_d9_corrupted_byte_once_is_fetched_again(rig: Rig) -> None:
    files = model_files()
    rig.emulator.add(REPOSITORY, files)
    rig.emulator.fault(FaultKind.CORRUPT, path=BIN, where="cdn", times=1)
    assert same_content(rig.install(), files)


@pytest.mark.parametrize("path", [BIN, SMALL])
def test_d9_corrupted_byte_always_is_refused(rig: Rig, path: str) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    rig.emulator.fault(FaultKind.CORRUPT, path=path)
    error = rig.fail()
    assert error.code is ErrorCode.CHECKSUM
    assert facts(error)["file"] == path
    assert rig.installed_ids() == []


def test_d9_false_digest_of_the_listing_is_refused(rig: Rig) -> None:
    repository = rig.emulator.add(REPOSITORY, model_files())
    repository.files[BIN].claimed_sha256 = "0" * 64
    assert rig.fail().code is ErrorCode.CHECKSUM
    assert rig.installed_ids() == []


@pytest.mark.parametrize("kind", [FaultKind.SHORT_LENGTH, FaultKind.LONG_LENGTH])
def test_d10_wrong_length_is_tried_again(rig: Rig, kind: FaultKind) -> None:
    files = model_files()
    rig.emulator.add(REPOSITORY, files)
    rig.emulator.fault(kind, path=BIN, where="cdn", times=2)
    assert same_content(rig.install(), files)


@pytest.mark.parametrize("kind", [FaultKind.SHORT_LENGTH, FaultKind.LONG_LENGTH])
def test_d10_wrong_length_always_is_refused(rig: Rig, kind: FaultKind) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    rig.emulator.fault(kind, path=BIN, where="cdn")
    assert rig.fail().code is ErrorCode.SERVER
    assert rig.installed_ids() == []


@pytest.mark.parametrize("kind", [FaultKind.NO_RANGE, FaultKind.BAD_RANGE, FaultKind.WRONG_RANGE])
def test_d11_ignored_or_false_ranges_start_the_file_again(rig: Rig, kind: FaultKind) -> None:
    files = model_files(2 * MB)
    rig.emulator.add(REPOSITORY, files)
    rig.emulator.fault(FaultKind.TRUNCATE, path=BIN, where="cdn", after=MB, times=1)
    rig.emulator.fault(kind, path=BIN, where="cdn", times=1)
    assert same_content(rig.install(), files)
    assert MB <= rig.emulator.sent(BIN) - 2 * MB + 16 <= 2 * MB + 16


def test_d11_a_file_that_never_goes_on_ends(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files(2 * MB))
    rig.emulator.fault(FaultKind.TRUNCATE, path=BIN, where="cdn", after=MB)
    error = rig.fail()
    assert error.code is ErrorCode.OFFLINE
    assert facts(error)["reason"] == "broken"
    assert len([r for r in rig.emulator.requests("cdn") if r.file == BIN]) == rig.settings.tries


@pytest.mark.parametrize("where", ["info", "resolve", "cdn", "cache"])
def test_d12_sign_in_page_is_named_and_nothing_published(rig: Rig, where: str) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    rig.emulator.fault(FaultKind.HTML, where=where)
    error = rig.fail()
    assert error.code is ErrorCode.SIGN_IN_PAGE
    assert facts(error)["host"] == "127.0.0.1"
    assert rig.installed_ids() == []


def test_d12_sign_in_page_once_is_survived(rig: Rig) -> None:
    files = model_files()
    rig.emulator.add(REPOSITORY, files)
    rig.emulator.fault(FaultKind.HTML, where="cdn", times=1)
    assert same_content(rig.install(), files)


@pytest.mark.parametrize("seconds", [2, 600])
@pytest.mark.parametrize("where", ["info", "cdn"])
def test_d13_waits_as_long_as_the_server_asks(rig: Rig, seconds: int, where: str) -> None:
    rig.clock = FastClock(factor=1000)
    rig.settings = replace(rig.settings, progress_s=20.0)
    files = model_files()
    rig.emulator.add(REPOSITORY, files)
    rig.emulator.fault(
        FaultKind.STATUS, where=where, code=429, times=1, headers={"Retry-After": str(seconds)}
    )
    before_s = rig.clock.monotonic_s()
    assert same_content(rig.install(), files)
    assert rig.clock.monotonic_s() - before_s >= seconds
    if seconds == 600:
        countdown = [e.retry_in_s for e in rig.progress if e.wait_reason is WaitReason.SERVER_ASKED]
        assert len(countdown) >= 2
        assert countdown == sorted(countdown, key=lambda left: -(left or 0.0))


def test_d13_rate_limit_header_without_retry_after(rig: Rig) -> None:
    rig.clock = FastClock(factor=1000)
    rig.emulator.add(REPOSITORY, model_files())
    limit = {"RateLimit": '"api";r=0;t=55'}
    rig.emulator.fault(FaultKind.STATUS, where="cdn", code=429, times=1, headers=limit)
    before_s = rig.clock.monotonic_s()
    rig.install()
    assert rig.clock.monotonic_s() - before_s >= 55


def test_d13_without_any_time_it_backs_off_and_ends(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    rig.emulator.fault(FaultKind.STATUS, where="cdn", code=429)
    error = rig.fail()
    assert error.code is ErrorCode.RATE_LIMITED
    assert len(rig.emulator.requests("cdn")) == rig.settings.tries


def test_d13_a_day_is_too_long(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    day = {"Retry-After": "86400"}
    rig.emulator.fault(FaultKind.STATUS, where="cdn", code=429, headers=day)
    error = rig.fail()
    assert error.code is ErrorCode.RATE_LIMITED
    assert facts(error)["retry_after_s"] == 86400


@pytest.mark.parametrize("code", [500, 502, 503, 504])
@pytest.mark.parametrize("where", ["info", "resolve", "cdn"])
def test_d14_three_server_errors_are_survived(rig: Rig, code: int, where: str) -> None:
    files = model_files()
    rig.emulator.add(REPOSITORY, files)
    rig.emulator.fault(FaultKind.STATUS, where=where, code=code, times=3)
    assert same_content(rig.install(), files)


def test_d14_server_errors_for_ever_end_and_keep_the_part(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files(2 * MB))
    rig.emulator.fault(FaultKind.TRUNCATE, path=BIN, where="cdn", after=MB, times=1)
    rig.emulator.fault(FaultKind.STATUS, path=BIN, where="cdn", code=503)
    error = rig.fail()
    assert error.code is ErrorCode.SERVER
    assert facts(error)["status"] == 503
    assert len([r for r in rig.emulator.requests("cdn") if r.status == 503]) <= 6
    assert (
        rig.models / ".incoming" / "OpenVINO+tiny-int4-ov" / f"{BIN}.partial"
    ).stat().st_size == MB


def test_d15_expired_link_is_asked_for_again(rig: Rig) -> None:
    files = model_files(2 * MB)
    rig.emulator.add(REPOSITORY, files)
    rig.emulator.fault(FaultKind.TRUNCATE, path=BIN, where="cdn", after=MB, times=1)
    rig.emulator.fault(FaultKind.STATUS, path=BIN, where="cdn", code=403, times=1)
    assert same_content(rig.install(), files)
    asked = [r for r in rig.emulator.requests("hub") if r.file == BIN]
    assert len(asked) == 3
    assert rig.emulator.sent(BIN) == 2 * MB


def test_d29_only_listed_file_types_are_fetched(rig: Rig) -> None:
    unwanted = {
        "modeling_tiny.py": b"raise SystemExit",
        "pytorch_model.bin": b"pickle",
        "weights.pkl": b"pickle",
        "native.so": b"\x7fELF",
        "native.dll": b"MZ",
        "setup.exe": b"MZ",
        "model.gguf": b"GGUF",
    }
    rig.emulator.add(REPOSITORY, model_files() | unwanted)
    folder = rig.install()
    names = {path.name for path in folder.rglob("*")}
    assert not names & set(unwanted)
    assert not {request.file for request in rig.emulator.requests()} & set(unwanted)
