"""`InferenceSession`: one worker thread and one queue that drive a backend.

It knows no particular backend, formats nothing, and never blocks its callers.
"""

from __future__ import annotations

import itertools
import threading

from engine.announcer import Announcer, EventSink
from engine.answer import Answer
from engine.backends.base import (
    BackendDeath,
    GenerationOutcome,
    InferenceBackend,
    MortalBackend,
    Run,
)
from engine.border import Failure, attempt
from engine.errors import (
    EngineProcessError,
    ErrorCode,
    GenerationError,
)
from engine.events import (
    FinishReason,
    GenerationFailed,
    GenerationFinished,
    LengthDecided,
    LoadedPipeline,
    RestartCause,
)
from engine.inbox import Command, Died, Inbox, ListDevices, Load, Unload
from engine.messages import GenerationRequest
from engine.pipeline_keeper import PipelineKeeper
from engine.placement import LoadSpec
from engine.restart_policy import RestartBudget
from engine.state import SessionState
from engine.tuning.session_lengths import SessionLengths

STOP_TIMEOUT_S = 3.0
"""A stop that is not heeded for so long ends the engine."""
_CANCEL_GRACE_S = 5.0
_STOPPED = GenerationOutcome(finish_reason=FinishReason.STOPPED)
_UNRESPONSIVE = BackendDeath(cause=RestartCause.UNRESPONSIVE, exit_code=None, crash_file=None)


class InferenceSession:
    """Runs loads and answers one after the other.

    Guarantees: every id from `generate` gets exactly one `GenerationFinished` or
    `GenerationFailed`, and no `TokensStreamed` after it; `load` and `unload` take effect before
    answers that have not begun, and of several only the last counts. Every method returns at
    once (but `close`) and may be called from any thread.

    Args:
        backend: driven by this session alone, closed with it.
        sink: takes the events, on several threads, one at a time; it may only enqueue.
    """

    def __init__(
        self,
        backend: InferenceBackend,
        sink: EventSink,
        *,
        stop_timeout_s: float = STOP_TIMEOUT_S,
        restart_budget: RestartBudget | None = None,
    ) -> None:
        self._backend = backend
        self._announcer = Announcer(sink)
        self._inbox = Inbox()
        self._keeper = PipelineKeeper(
            backend, self._announcer, self._inbox, restart_budget or RestartBudget()
        )
        self._lengths = SessionLengths()
        self._stop_timeout_s = stop_timeout_s
        self._ids = itertools.count(1)
        self._live: dict[int, Answer] = {}
        self._current: Answer | None = None
        self._is_closed = False
        if isinstance(backend, MortalBackend):
            backend.on_death = self._on_death
        self._worker = threading.Thread(target=self._work, name="inference-session", daemon=True)
        self._worker.start()

    @property
    def state(self) -> SessionState:
        """Where the session stands now; events tell the order in which it got there."""
        return self._announcer.state

    def load(self, spec: LoadSpec) -> None:
        """Build a pipeline. A load in progress is given up; an answer in progress is not."""
        with self._announcer.lock:
            self._post(Load(spec))
            self._keeper.abort()

    def unload(self) -> None:
        """Drop the pipeline; gives up a load in progress, lets an answer in progress end."""
        with self._announcer.lock:
            self._post(Unload())
            self._keeper.abort()

    def cancel_load(self) -> bool:
        """Give up the load in progress. The last good pipeline returns. False: none in progress."""
        return self._keeper.abort()

    def list_devices(self) -> None:
        """Ask for a `DevicesListed`."""
        self._post(ListDevices())

    def generate(self, request: GenerationRequest) -> int:
        """Queue an answer and return its id. It waits for a load in progress.

        Raises:
            EngineProcessError: ENGINE_NOT_STARTED, the session is closed.
        """
        with self._announcer.lock:
            self._check_open()
            answer = Answer(next(self._ids), request)
            self._live[answer.generation_id] = answer
            self._inbox.put_answer(answer)
            return answer.generation_id

    def request_stop(self, generation_id: int) -> bool:
        """Stop one answer, begun or not. False: it has ended, or was asked to stop before."""
        with self._announcer.lock:
            answer = self._live.get(generation_id)
            if answer is None or not answer.stop.set():
                return False
            if self._inbox.withdraw(answer):
                self._finish(answer, _STOPPED)
            elif answer is self._current:
                self._announcer.move_to(SessionState.STOPPING)
                self._watch_stop(answer)
            return True

    def stop_all(self) -> None:
        """Stop every answer, those that wait included."""
        with self._announcer.lock:
            for generation_id in list(self._live):
                self.request_stop(generation_id)

    def close(self, timeout_s: float = 10.0) -> bool:
        """Stop everything, wait, and end the backend. Idempotent.

        Args:
            timeout_s: after so long the engine is ended by force.

        Returns:
            Whether the worker has ended.
        """
        with self._announcer.lock:
            self._is_closed = True
            self.stop_all()
            self._inbox.close()
            self._keeper.abort()
        self._worker.join(timeout_s)
        if self._worker.is_alive():
            self._backend.cancel()
            self._worker.join(_CANCEL_GRACE_S)
        return not self._worker.is_alive()

    def _check_open(self) -> None:
        if self._is_closed:
            raise EngineProcessError("The session is closed.", code=ErrorCode.ENGINE_NOT_STARTED)

    def _post(self, command: Command) -> None:
        with self._announcer.lock:
            self._check_open()
            self._inbox.put(command)

    def _on_death(self, death: BackendDeath) -> None:
        self._inbox.put(Died(death))

    def _work(self) -> None:
        while (item := self._inbox.take()) is not None:
            match item:
                case Answer():
                    self._answer(item)
                case Load(spec):
                    self._keeper.load(spec)
                case Unload():
                    self._keeper.unload()
                case ListDevices():
                    self._keeper.list_devices()
                case Died(death):
                    self._keeper.check(death)
        if isinstance(self._backend, MortalBackend):
            self._backend.on_death = None
        attempt(self._backend.close)
        self._keeper.retire()

    def _answer(self, answer: Answer) -> None:
        pipeline = self._begin(answer)
        if pipeline is None:
            return
        result = attempt(lambda: self._generate(answer))
        self._unwatch_stop(answer)
        self._announcer.emit(*answer.flush_stats())
        if isinstance(result, Failure):
            self._end_failed(answer, result)
        else:
            finished = answer.finished(result.finish_reason, result.runtime)
            self._learn(pipeline, finished)
            self._retire(answer, finished)
            self._announcer.move_to(SessionState.READY)

    def _learn(self, pipeline: LoadedPipeline, finished: GenerationFinished) -> None:
        """Let the draft lengths learn from an answer; tell what is decided for the next one.

        Told before the end of the answer, which is what callers wait for.
        """
        decision = self._lengths.observe(pipeline, finished.report)
        if decision is not None:
            generation_id = finished.generation_id
            self._announcer.emit(LengthDecided(generation_id=generation_id, decision=decision))

    def _begin(self, answer: Answer) -> LoadedPipeline | None:
        """Enter GENERATING, unless the answer was stopped before or nothing is loaded."""
        with self._announcer.lock:
            pipeline = self._keeper.pipeline
            if answer.stop.is_set():
                self._finish(answer, _STOPPED)
                return None
            if pipeline is None:
                error = GenerationError("No model is loaded.", code=ErrorCode.NOT_LOADED)
                self._retire(answer, answer.failed(error.to_info()))
                return None
            params, decision = self._lengths.resolve(pipeline, answer.request.params)
            self._announcer.move_to(SessionState.GENERATING)
            self._announcer.emit(answer.begin(pipeline, params=params, decision=decision))
            self._current = answer
            return pipeline

    def _generate(self, answer: Answer) -> GenerationOutcome:
        def on_run(run: Run) -> None:
            self._announcer.emit(*answer.observe(run))

        return self._backend.generate(answer.request, on_run=on_run, stop=answer.stop)

    def _end_failed(self, answer: Answer, failure: Failure) -> None:
        """End an answer the backend gave up, and see to the pipeline if that is gone."""
        if answer.was_killed and failure.info.is_cancellation:
            # The stop was asked for and the text stays: to the user this is a stopped answer.
            self._finish(answer, _STOPPED)
            failure = Failure(failure.info, _UNRESPONSIVE)
        else:
            self._retire(answer, answer.failed(failure.info))
        if self._backend.is_loaded:
            self._announcer.move_to(SessionState.READY)
        else:
            self._keeper.lose(failure, on_request=answer.was_killed)

    def _finish(self, answer: Answer, outcome: GenerationOutcome) -> None:
        self._retire(answer, answer.finished(outcome.finish_reason, outcome.runtime))

    def _retire(self, answer: Answer, event: GenerationFinished | GenerationFailed) -> None:
        with self._announcer.lock:
            del self._live[answer.generation_id]
            self._announcer.emit(event)

    def _watch_stop(self, answer: Answer) -> None:
        answer.watchdog = threading.Timer(self._stop_timeout_s, self._kill, [answer])
        answer.watchdog.daemon = True
        answer.watchdog.start()

    def _unwatch_stop(self, answer: Answer) -> None:
        with self._announcer.lock:
            self._current = None
        if answer.watchdog is not None:
            answer.watchdog.cancel()
            answer.watchdog.join()

    def _kill(self, answer: Answer) -> None:
        with self._announcer.lock:
            if self._current is answer:
                answer.was_killed = True
                self._backend.cancel()
