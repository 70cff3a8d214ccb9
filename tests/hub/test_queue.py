"""The download queue: order, pause, resume, cancel, quitting in between, the speed limit."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from engine.errors import EngineError, ErrorCode
from engine.hub.download_queue import DownloadQueue
from engine.hub.events import (
    TransferFinished,
    TransferPhase,
    TransferProgressed,
    TransferState,
    TransferStateChanged,
)
from engine.hub.job_folder import JobFolder, list_unfinished
from tests.hub.emulator.faults import FaultKind
from tests.hub.rig import (
    BIN,
    MB,
    REPOSITORY,
    FastClock,
    Rig,
    model_files,
    same_content,
    until,
    wanted,
)

JOB = "OpenVINO+tiny-int4-ov"
DRAFT = "OpenVINO/tiny-draft-int8-ov"


def add_slow(
    rig: Rig, *, bytes_per_s: float = 2 * MB, size_bytes: int = 2 * MB
) -> dict[str, bytes]:
    files = model_files(size_bytes)
    rig.emulator.add(REPOSITORY, files)
    rig.emulator.fault(FaultKind.SLOW, path=BIN, where="cdn", bytes_per_s=bytes_per_s)
    return files


async def wait_for_bytes(rig: Rig, count: int) -> None:
    await until(lambda: bool(rig.progress) and rig.progress[-1].bytes_done >= count)


def states(rig: Rig) -> list[TransferState]:
    return [event.state for event in rig.events if isinstance(event, TransferStateChanged)]


def test_d7_pause_quit_start_resume(rig: Rig) -> None:
    files = add_slow(rig)

    async def pause(queue: DownloadQueue) -> int:
        operation = await queue.add(wanted())
        await wait_for_bytes(rig, MB)
        await queue.pause(operation)
        return queue.entries[0].bytes_done

    at_pause = rig.with_queue(pause)
    assert states(rig)[-1] is TransferState.PAUSED
    rig.events.clear()
    sent = rig.emulator.sent(BIN)

    async def resume(queue: DownloadQueue) -> None:
        entry = queue.entries[0]
        assert entry.state is TransferState.PAUSED
        assert entry.wanted == wanted()
        assert at_pause - 64 * 1024 <= entry.bytes_done <= at_pause + 64 * 1024
        queue.resume(entry.operation_id)
        await queue.wait_idle()

    rig.with_queue(resume)
    assert same_content(rig.models / REPOSITORY, files)
    assert min(event.bytes_done for event in rig.progress) >= at_pause - 64 * 1024
    assert {TransferPhase.ASKING, TransferPhase.DOWNLOADING} <= {e.phase for e in rig.progress}
    assert rig.emulator.sent(BIN) - sent <= 2 * MB - at_pause + 64 * 1024


def test_asked_for_twice_at_once_it_is_one_download(rig: Rig) -> None:
    files = model_files()
    rig.emulator.add(REPOSITORY, files)

    async def ask_twice(queue: DownloadQueue) -> None:
        first, second = await asyncio.gather(queue.add(wanted()), queue.add(wanted()))
        assert first == second
        assert len(queue.entries) == 1
        await queue.wait_idle()

    rig.with_queue(ask_twice)
    assert same_content(rig.models / REPOSITORY, files)
    assert len([e for e in rig.events if isinstance(e, TransferFinished)]) == 1


def test_d7_quitting_needs_no_pause(rig: Rig) -> None:
    files = add_slow(rig)

    async def quit_in_the_middle(queue: DownloadQueue) -> None:
        await queue.add(wanted())
        await wait_for_bytes(rig, MB)

    rig.with_queue(quit_in_the_middle)
    (job,) = list_unfinished(rig.models)
    assert job.bytes_done >= MB - 64 * 1024
    assert not job.running
    rig.emulator.repair_faults()
    assert same_content(rig.install(), files)


@pytest.mark.parametrize("percent", [0, 50, 99])
def test_d8_cancel_frees_everything(rig: Rig, percent: int) -> None:
    rig.emulator.add(REPOSITORY, model_files(2 * MB))
    if percent == 0:
        rig.emulator.fault(FaultKind.BLACKHOLE, where="info")
    here = 2 * MB * percent // 100 + 1
    rig.emulator.fault(FaultKind.STALL, path=BIN, where="cdn", after=here)

    async def cancel(queue: DownloadQueue) -> None:
        operation = await queue.add(wanted())
        if percent == 0:
            await until(lambda: bool(rig.emulator.requests()))
        else:
            await wait_for_bytes(rig, here - 128 * 1024)  # the last block is not full
        await queue.cancel(operation)
        assert queue.entries == ()

    rig.with_queue(cancel)
    assert states(rig)[-2:] == [TransferState.PAUSED, TransferState.REMOVED]
    assert rig.leftovers() == []
    assert rig.installed_ids() == []


def test_d8_pause_keeps_what_cancel_would_delete(rig: Rig) -> None:
    add_slow(rig)

    async def pause_then_cancel(queue: DownloadQueue) -> None:
        operation = await queue.add(wanted())
        await wait_for_bytes(rig, MB)
        await queue.pause(operation)
        part = rig.models / ".incoming" / JOB / f"{BIN}.partial"
        assert part.stat().st_size >= MB - 64 * 1024
        await queue.cancel(operation)

    rig.with_queue(pause_then_cancel)
    assert rig.leftovers() == []


def test_d13_cancel_while_the_server_makes_us_wait(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    hour = {"Retry-After": "3000"}
    rig.emulator.fault(FaultKind.STATUS, where="cdn", code=429, headers=hour)

    async def cancel(queue: DownloadQueue) -> None:
        operation = await queue.add(wanted())
        await until(lambda: any(event.retry_in_s for event in rig.progress))
        await queue.cancel(operation)

    rig.with_queue(cancel)
    assert rig.leftovers() == []


def test_models_come_one_after_the_other_in_order(rig: Rig) -> None:
    for name in (REPOSITORY, DRAFT):
        rig.emulator.add(name, model_files())

    async def pair(queue: DownloadQueue) -> None:
        await queue.add(wanted())
        await queue.add(wanted(DRAFT))
        assert [e.state for e in queue.entries] == [TransferState.ACTIVE, TransferState.QUEUED]
        await queue.wait_idle()
        assert queue.entries == ()

    rig.with_queue(pair)
    done = [e.model_id for e in rig.events if isinstance(e, TransferFinished)]
    assert done == [REPOSITORY, DRAFT]
    asked = [r.file is not None and DRAFT in r.path for r in rig.emulator.requests()]
    assert asked == sorted(asked)
    assert rig.leftovers() == []


def test_order_is_kept_over_a_restart_and_can_be_changed(rig: Rig) -> None:
    names = [f"OpenVINO/model-{letter}" for letter in "abc"]
    for name in names:
        rig.emulator.add(name, model_files())
    rig.emulator.fault(FaultKind.BLACKHOLE, where="info")

    async def fill(queue: DownloadQueue) -> list[str]:
        ids = [await queue.add(wanted(name)) for name in names]
        await queue.move(ids[2], 0)
        return [ids[2], ids[0], ids[1]]

    expected = rig.with_queue(fill)

    async def look(queue: DownloadQueue) -> list[str]:
        return [entry.operation_id for entry in queue.entries]

    assert rig.with_queue(look) == expected


def test_adding_twice_is_one_download(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())

    async def twice(queue: DownloadQueue) -> None:
        assert await queue.add(wanted()) == await queue.add(wanted())
        assert len(queue.entries) == 1
        await queue.wait_idle()

    rig.with_queue(twice)
    assert states(rig).count(TransferState.FINISHED) == 1


def test_a_failed_download_does_not_hold_up_the_next(rig: Rig) -> None:
    rig.emulator.add(DRAFT, model_files())

    async def both(queue: DownloadQueue) -> None:
        await queue.add(wanted())
        await queue.add(wanted(DRAFT))
        await queue.wait_idle()
        (failed,) = queue.entries
        assert failed.state is TransferState.FAILED
        assert failed.error is not None
        assert failed.error.code is ErrorCode.REPOSITORY_NOT_FOUND

    rig.with_queue(both)
    assert rig.installed_ids() == [DRAFT]


def test_an_empty_repository_says_so(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, {"weights.pkl": b"x"})
    error = rig.fail()
    assert (error.code, dict(error.facts)["reason"]) == (ErrorCode.MODEL_UNSUPPORTED, "no_files")


def test_speed_limit_holds_over_all_files(rig: Rig) -> None:
    rig.clock = FastClock(factor=20)
    files = model_files(2 * MB) | {"b.xml": b"<net/>", "b.bin": model_files(2 * MB, seed=2)[BIN]}
    rig.emulator.add(REPOSITORY, files)

    async def limited(queue: DownloadQueue) -> float:
        queue.set_speed_limit(MB)
        assert queue.speed_limit_bytes_per_s == MB
        before_s = rig.clock.monotonic_s()
        await queue.add(wanted())
        await queue.wait_idle()
        return rig.clock.monotonic_s() - before_s

    assert rig.with_queue(limited) >= 3.5  # 4 MB at 1 MB/s, less the burst that is allowed
    assert same_content(rig.models / REPOSITORY, files)


def test_progress_never_exceeds_the_total_and_ends_there(rig: Rig) -> None:
    add_slow(rig, bytes_per_s=8 * MB)
    rig.emulator.fault(FaultKind.CORRUPT, path=BIN, where="cdn", times=1)
    rig.install()
    told = [event for event in rig.progress if event.bytes_total]
    assert all(0 <= e.bytes_done <= e.bytes_total for e in told)
    assert any(e.speed_bytes_per_s > 0 and e.remaining_s is not None for e in told)
    assert isinstance(rig.events[-1], TransferFinished)
    assert {type(e) for e in rig.events} == {
        TransferProgressed,
        TransferStateChanged,
        TransferFinished,
    }


def test_old_and_damaged_leftovers_are_listed_not_deleted(rig: Rig) -> None:
    folder = JobFolder(rig.models, JOB)
    folder.create(wanted())
    damaged = rig.models / ".incoming" / "OpenVINO+broken"
    damaged.mkdir()
    (damaged / "job.json").write_bytes(b'{"schema": 1, "wanted": []}')
    abandon(damaged, days=40)

    async def look(queue: DownloadQueue) -> None:
        fresh, old = queue.entries
        assert (fresh.operation_id, fresh.state) == (JOB, TransferState.PAUSED)
        assert fresh.age_days < 1
        assert (old.wanted, old.state) == (None, TransferState.FAILED)
        assert 39 < old.age_days < 41
        queue.resume(old.operation_id)
        assert old.error is not None
        assert damaged.exists()
        await queue.cancel(old.operation_id)
        assert not damaged.exists()

    rig.with_queue(look)


def test_a_click_that_comes_too_late_does_nothing(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())

    async def ask(queue: DownloadQueue) -> None:
        operation = await queue.add(wanted())
        await queue.wait_idle()
        queue.resume(operation)
        await queue.pause(operation)
        await queue.cancel(operation)
        await queue.move(operation, 0)

    rig.with_queue(ask)
    assert rig.installed_ids() == [REPOSITORY]


def test_defects_are_told_and_reported(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    reported: list[dict[str, object]] = []

    def broken(folder: Path, manifest: object) -> None:
        raise ZeroDivisionError

    async def work() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, told: reported.append(told))
        async with rig.hubs() as hubs:
            queue = DownloadQueue(
                rig.models,
                hubs=hubs,
                on_event=rig.events.append,
                complete=broken,  # type: ignore[arg-type]
                settings=rig.settings,
            )
            await queue.add(wanted())
            await queue.wait_idle()
            assert queue.entries[0].error is not None
            assert queue.entries[0].error.code is ErrorCode.INTERNAL
            await queue.close()

    asyncio.run(work())
    assert isinstance(reported[0]["exception"], ZeroDivisionError)
    assert rig.installed_ids() == []


def test_unsafe_ids_are_not_queued(rig: Rig) -> None:
    model = wanted()
    object.__setattr__(model, "id", "../outside")

    async def add(queue: DownloadQueue) -> None:
        with pytest.raises(EngineError) as caught:
            await queue.add(model)
        assert caught.value.code is ErrorCode.UNSAFE_NAME

    rig.with_queue(add)


def abandon(folder: Path, *, days: float) -> None:
    moment = time.time() - days * 86400
    for path in (*folder.rglob("*"), folder):
        os.utime(path, (moment, moment))
