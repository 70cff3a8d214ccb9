"""Measures answers of one loaded pipeline. Knows no grid and no files."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from engine.backends.base import InferenceBackend, Run
from engine.energy import EnergyCounter
from engine.events import FinishReason, LoadedPipeline
from engine.lab.cells import CellGroup
from engine.lab.plan import LabPlan, load_spec
from engine.lab.prompts import LabPrompt
from engine.lab.record import GroupLoad, Measurement
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.params import GenerationParams
from engine.stop_token import StopToken

BackendFactory = Callable[[], InferenceBackend]
OnRun = Callable[[int, float], None]
"""Called for every run as it comes: tokens, seconds since the question."""
_WARM_UP = LabPrompt((ChatMessage(Role.USER, "Count from one to ten."),))
_WARM_UP_TOKENS = 24


@runtime_checkable
class ProcessOwner(Protocol):
    """A backend whose model lives in a process of its own."""

    @property
    def pid(self) -> int | None:
        """Process id, None while there is no process."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Which answer is to be measured."""

    cell_key: str
    set_id: str
    prompt_index: int
    round: int

    @property
    def as_tuple(self) -> tuple[str, str, int, int]:
        """Comparable with `Measurement.slot`."""
        return (self.cell_key, self.set_id, self.prompt_index, self.round)


class GroupBench:
    """A backend with the pipeline of one group, measured and then closed.

    Guarantees: loaded and warmed up after `load`; `close` ends the backend and is idempotent.
    Errors: `load` and `measure` raise `EngineError`.

    Args:
        backend: fresh; this bench closes it.
    """

    def __init__(
        self,
        backend: InferenceBackend,
        plan: LabPlan,
        group: CellGroup,
        *,
        energy: EnergyCounter,
    ) -> None:
        self._backend = backend
        self._plan = plan
        self._group = group
        self._energy = energy
        self._seen: set[LabPrompt] = set()

    @property
    def is_loaded(self) -> bool:
        """Whether the pipeline still stands after an error."""
        return self._backend.is_loaded

    def load(self, *, round: int, stop: StopToken) -> GroupLoad:
        """Build the pipeline and let it answer once before anything is measured.

        Raises:
            EngineError: it cannot be built; Cancelled when `stop` was set meanwhile.
        """
        stop.on_set(self._backend.cancel)
        self._seen.clear()
        spec = load_spec(self._plan, self._group)
        pipeline = self._backend.load(spec, on_phase=lambda _phase: None)
        params = GenerationParams(max_new_tokens=_WARM_UP_TOKENS, temperature=0.0, ignore_eos=True)
        self._stream(_WARM_UP, params, stop=stop, on_run=lambda _run: None)
        return self._describe(pipeline, round=round)

    def _describe(self, pipeline: LoadedPipeline, *, round: int) -> GroupLoad:
        return GroupLoad(
            group_key=self._group.key,
            round=round,
            load_s=pipeline.load_s,
            memory_bytes=memory_of(self._backend),
            actual_main_device=pipeline.actual_main_device,
            actual_draft_device=pipeline.actual_draft_device,
            versions=pipeline.versions,
        )

    def measure(
        self,
        slot: Slot,
        prompt: LabPrompt,
        params: GenerationParams,
        *,
        stop: StopToken,
        on_run: OnRun | None = None,
    ) -> Measurement | None:
        """Measure one answer; None when it was stopped.

        Raises:
            EngineError: the answer failed.
        """
        runs: list[Run] = []

        def take(run: Run) -> None:
            runs.append(run)
            if on_run is not None and run.token_count:
                on_run(run.token_count, run.at_s)

        self._energy.take_j()
        reason, prompt_tokens = self._stream(prompt, params, stop=stop, on_run=take)
        energy_j = self._energy.take_j()
        is_cold = prompt not in self._seen
        self._seen.add(prompt)
        if reason is FinishReason.STOPPED:
            return None
        return _measurement(
            slot,
            runs,
            finish_reason=reason,
            prompt_tokens=prompt_tokens,
            is_cold=is_cold,
            memory_bytes=memory_of(self._backend),
            energy_j=energy_j,
        )

    def _stream(
        self,
        prompt: LabPrompt,
        params: GenerationParams,
        *,
        stop: StopToken,
        on_run: Callable[[Run], None],
    ) -> tuple[FinishReason, int | None]:
        request = GenerationRequest(messages=prompt.messages, params=params)
        outcome = self._backend.generate(request, on_run=on_run, stop=stop)
        return outcome.finish_reason, outcome.runtime.prompt_tokens

    def close(self) -> None:
        """End the backend."""
        self._backend.close()


def memory_of(backend: InferenceBackend) -> int | None:
    """Resident memory of the process behind a backend, in bytes; None without one."""
    import psutil

    pid = backend.pid if isinstance(backend, ProcessOwner) else None
    if pid is None:
        return None
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return None


def settle(stop: StopToken, seconds: float) -> None:
    """Pause, but not longer than until `stop` is set."""
    if seconds > 0:
        woken = threading.Event()
        stop.on_set(woken.set)
        woken.wait(seconds)


def _measurement(
    slot: Slot,
    runs: list[Run],
    *,
    finish_reason: FinishReason,
    prompt_tokens: int | None,
    is_cold: bool,
    memory_bytes: int | None,
    energy_j: float | None,
) -> Measurement:
    counted = [run for run in runs if run.token_count]
    return Measurement(
        cell_key=slot.cell_key,
        set_id=slot.set_id,
        prompt_index=slot.prompt_index,
        round=slot.round,
        run_lengths=tuple(run.token_count for run in counted),
        run_times_s=tuple(run.at_s for run in counted),
        finish_reason=str(finish_reason),
        text="".join(run.text for run in runs),
        pieces=tuple(_accepted_and_own(run) for run in counted),
        prompt_tokens=prompt_tokens,
        is_cold=is_cold,
        memory_bytes=memory_bytes,
        energy_j=energy_j,
    )


def _accepted_and_own(run: Run) -> tuple[int, int]:
    accepted = sum(span.characters for span in run.spans if span.accepted)
    return accepted, len(run.text) - accepted
