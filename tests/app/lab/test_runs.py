"""The list of runs while runs come and go: files on disk, threads that overtake each other."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.controllers.lab_runs import LabRuns
from app.controllers.model_tasks import ModelTasks
from engine.errors import ErrorCode, ErrorInfo
from engine.lab.history import LabHistory, RunSummary
from engine.lab.record import LabRecord

PATIENCE_S = 30.0


class HeldUp(LabHistory):
    """A history whose first listing has read the folder, and then gets no processor."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.has_read = threading.Event()
        self.may_return = threading.Event()

    def runs(self) -> tuple[RunSummary, ...]:
        found = super().runs()
        if not self.has_read.is_set():
            self.has_read.set()
            assert self.may_return.wait(PATIENCE_S)
        return found


def test_a_listing_from_before_a_deletion_does_not_bring_the_run_back(
    tmp_path: Path, measure: Callable[..., LabRecord]
) -> None:
    history, tasks = HeldUp(tmp_path), ModelTasks()
    record = measure(prompts=2)
    history.add(record)
    runs = LabRuns(history, tasks=tasks, translate=lambda _, text: text, language=lambda: "en")
    listed: list[tuple[Any, ...]] = []
    is_listed = asyncio.Event()
    runs.listed.connect(listed.append)
    runs.listed.connect(lambda _: is_listed.set())

    async def scenario() -> None:
        runs.refresh()
        await asyncio.to_thread(history.has_read.wait, PATIENCE_S)
        runs.delete(record.header.run_id)
        await is_listed.wait()
        history.may_return.set()
        await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})

    asyncio.run(scenario())
    assert listed == [()]


def test_a_report_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    history, failures = LabHistory(tmp_path / "runs"), list[ErrorInfo]()
    file = tmp_path / "report.png"
    file.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)

    async def scenario() -> None:
        runs = LabRuns(
            history, tasks=ModelTasks(), translate=lambda _, text: text, language=lambda: "en"
        )
        runs.failed.connect(failures.append)
        runs.export_image(b"new", file)
        await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})

    asyncio.run(scenario())
    assert [error.code for error in failures] == [ErrorCode.DISK_FULL]
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]
