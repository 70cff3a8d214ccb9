"""Runs the Lab's work in a thread while the chat's models are put away. It knows no widget."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.controllers.load_controller import LoadController
from app.controllers.model_tasks import ModelTasks
from app.controllers.model_work import run_stoppable
from app.viewmodels.lab_board import LiveBoard, make_results
from engine.errors import Cancelled, ErrorInfo
from engine.events import DeviceInfo
from engine.hub.blocking import run_blocking
from engine.lab.events import (
    LabAnswerStarted,
    LabCellFailed,
    LabEvent,
    LabLoaded,
    LabLoading,
    LabMeasured,
    LabProgressed,
)
from engine.lab.found_again import found_again
from engine.lab.history import LabHistory
from engine.lab.measuring import BackendFactory
from engine.lab.plan import LabPlan
from engine.lab.record import LabRecord
from engine.lab.start import new_record, run_and_keep
from engine.session import InferenceSession
from engine.state import SessionState
from engine.stop_token import StopToken
from engine.tuning.tuner import TuneResult, TuneRun
from engine.verify.logit_probe import LogitProbe
from engine.verify.plan import VerifyPlan
from engine.verify.report import VerifyReport
from engine.verify.runner import VerifyRun

T = TypeVar("T")
DRAIN_INTERVAL_MS = 150


class LabStage(StrEnum):
    """What the Lab is doing."""

    IDLE = "idle"
    WAITING = "waiting"
    """For an answer in progress to end and the chat's models to be put away."""
    RUNNING = "running"
    STOPPING = "stopping"


class LabJob(StrEnum):
    """Which work it is."""

    COMPARE = "compare"
    TUNE = "tune"
    VERIFY = "verify"


class LabController(QObject):
    """One job at a time.

    Guarantees: the chat's models are unloaded before a job measures anything and asked for again
    when it ends, however it ends; a message sent meanwhile waits for them. Signals come on the
    GUI thread, those of measuring at most every 150 ms.
    """

    stage_changed = Signal(object)  # LabStage
    begun = Signal(object, object)  # LabJob, LiveBoard | None
    board_changed = Signal()
    activity_changed = Signal(object)  # LabLoading | LabAnswerStarted
    progressed = Signal(object)  # LabProgressed
    results_made = Signal(object)  # LabResults, also of a run that was stopped
    tuned = Signal(object)  # TuneResult
    verified = Signal(object)  # VerifyReport
    failed = Signal(object)  # ErrorInfo

    def __init__(
        self,
        session: InferenceSession,
        loads: LoadController,
        *,
        history: LabHistory,
        make_backend: BackendFactory,
        model_folders: Callable[[], Iterable[Path]] = tuple,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.make_backend = make_backend
        self._model_folders = model_folders
        self.tasks = ModelTasks()
        self.devices: tuple[DeviceInfo, ...] = ()
        self.board: LiveBoard | None = None
        self._session = session
        self._loads = loads
        self._history = history
        self._stage = LabStage.IDLE
        self._stop = StopToken()
        self._is_closing = False
        self._events: deque[LabEvent] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(DRAIN_INTERVAL_MS)
        self._timer.timeout.connect(self._drain)

    @property
    def stage(self) -> LabStage:
        """What is going on."""
        return self._stage

    @property
    def is_busy(self) -> bool:
        """Whether a job is under way."""
        return self._stage is not LabStage.IDLE

    def compare(self, plan: LabPlan) -> None:
        """Measure a grid and keep the run."""
        self._start(self._compare, lambda: new_record(plan, devices=self.devices))

    def resume(self, run_id: str) -> None:
        """Go on with a run that was interrupted, with its models wherever they are now."""
        self._start(
            self._compare, lambda: found_again(self._history.read(run_id), self._model_folders())
        )

    def tune(self, plan: LabPlan) -> None:
        """Look for the best cell at a third of the cost."""
        self._start(self._tune, lambda: new_record(plan, devices=self.devices))

    def verify(self, plan: VerifyPlan) -> None:
        """Compare answers with and without a strategy."""
        self._start(self._verify, lambda: plan)

    def cancel(self) -> None:
        """Stop the job; what was measured is kept."""
        if self.is_busy and self._stage is not LabStage.STOPPING:
            self._set_stage(LabStage.STOPPING)
            self._stop.set()

    async def close(self) -> None:
        """Stop and wait; the models are not loaded again."""
        self._is_closing = True
        self._stop.set()
        await self.tasks.close()
        self._timer.stop()

    def _start(self, job: Callable[[T], object], prepare: Callable[[], T]) -> None:
        if self.is_busy or self._is_closing:
            return
        self._stop = StopToken()
        self._set_stage(LabStage.WAITING)
        self.tasks.start(self._run(job, prepare), on_error=self._on_fault)

    async def _run(self, job: Callable[[T], object], prepare: Callable[[], T]) -> None:
        try:
            subject = await run_blocking(prepare)
            await job(subject)  # type: ignore[misc]
        finally:
            self._timer.stop()
            self._set_stage(LabStage.IDLE)

    def _on_fault(self, error: ErrorInfo) -> None:
        if not error.is_cancellation:
            self.failed.emit(error)

    async def _compare(self, record: LabRecord) -> None:
        self._begin(LabJob.COMPARE, LiveBoard(record))
        async with self._machine():
            record = await self._work(
                lambda stop: run_and_keep(
                    record,
                    self._history,
                    make_backend=self.make_backend,
                    sink=self._events.append,
                    stop=stop,
                )
            )
        if not record.measurements and not record.failures:
            await run_blocking(self._history.delete, record.header.run_id)
            return
        self.results_made.emit(await run_blocking(make_results, record))

    async def _tune(self, record: LabRecord) -> None:
        self._begin(LabJob.TUNE, LiveBoard(record))
        async with self._machine():
            run = TuneRun(record.header, make_backend=self.make_backend, sink=self._events.append)
            result: TuneResult = await self._work(run.run)
        if result.record.measurements:
            await run_blocking(self._history.add, result.record)
        self.results_made.emit(await run_blocking(make_results, result.record))
        self.tuned.emit(result)

    async def _verify(self, plan: VerifyPlan) -> None:
        self._begin(LabJob.VERIFY, None)
        started_s = time.monotonic()

        def tell(done: int, total: int) -> None:
            left_s = (time.monotonic() - started_s) / max(1, done) * (total - done)
            self._events.append(LabProgressed(done=done, total=total, remaining_s=left_s))

        def work(stop: StopToken) -> VerifyReport:
            probe = LogitProbe(Path(plan.plan.main.path))
            stop.on_set(probe.cancel)
            try:
                run = VerifyRun(
                    plan, make_backend=self.make_backend, on_progress=tell, logit_gap=probe.gap
                )
                return run.run(stop)
            finally:
                probe.close()

        async with self._machine():
            report = await self._work(work)
        self.verified.emit(report)

    def _begin(self, job: LabJob, board: LiveBoard | None) -> None:
        self.board = board
        self._events.clear()
        self.begun.emit(job, board)

    @asynccontextmanager
    async def _machine(self) -> AsyncIterator[None]:
        """Have the machine to ourselves: the chat's models are away for as long."""
        try:
            await self._put_away()
            self._set_stage(LabStage.RUNNING)
            self._timer.start()
            yield
        finally:
            self._timer.stop()
            if not self._is_closing:
                self._loads.resume()

    async def _put_away(self) -> None:
        """Wait until the chat's models are unloaded, an answer in progress included."""
        away, loop = asyncio.Event(), asyncio.get_running_loop()

        def look(_state: object = None) -> None:
            if self._session.state is SessionState.IDLE:
                away.set()

        def give_up() -> None:
            loop.call_soon_threadsafe(away.set)

        self._stop.on_set(give_up)
        self._loads.state_changed.connect(look)
        self._loads.hold()
        look()
        try:
            await away.wait()
        finally:
            self._loads.state_changed.disconnect(look)
        if self._stop.is_set():
            raise Cancelled("Stopped before anything was measured.")

    async def _work(self, function: Callable[[StopToken], T]) -> T:
        stop = self._stop
        try:
            return await run_stoppable(stop, lambda: function(stop))
        finally:
            self._drain()

    def _drain(self) -> None:
        """Hand on what came from the thread; of each kind that only tells where we are, one."""
        is_measured = False
        latest: dict[str, LabEvent] = {}
        while self._events:
            event = self._events.popleft()
            match event:
                case LabMeasured() | LabLoaded() | LabCellFailed():
                    self._note(event)
                    is_measured = True
                case LabLoading() | LabAnswerStarted():
                    latest["activity"] = event
                case LabProgressed():
                    latest["progress"] = event
        if is_measured:
            self.board_changed.emit()
        if "activity" in latest:
            self.activity_changed.emit(latest["activity"])
        if "progress" in latest:
            self.progressed.emit(latest["progress"])

    def _note(self, event: LabMeasured | LabLoaded | LabCellFailed) -> None:
        if self.board is None:
            return
        match event:
            case LabMeasured():
                self.board.add(event.measurement)
            case LabLoaded():
                self.board.add(event.load)
            case LabCellFailed():
                self.board.add(event.failure)

    def _set_stage(self, stage: LabStage) -> None:
        if stage is not self._stage:
            self._stage = stage
            self.stage_changed.emit(stage)
