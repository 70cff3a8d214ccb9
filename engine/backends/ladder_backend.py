"""`LadderBackend`: keeps a backend off placements that crash it. Decides where, runs nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from engine.backends.base import (
    BackendDeath,
    GenerationOutcome,
    InferenceBackend,
    MortalBackend,
    Run,
)
from engine.errors import EngineError, EngineProcessError, ModelError
from engine.events import DeviceInfo, LoadedPipeline, LoadPhase
from engine.messages import GenerationRequest
from engine.models.unusable import UnusableModels, is_lasting
from engine.placement import LoadSpec, Placement, Properties, SchedulerSettings
from engine.placement_history import PlacementHistory, PlacementKey, placement_keys
from engine.stop_token import StopToken

_PORTABLE_PROPERTIES = ("INFERENCE_PRECISION_HINT", "CACHE_DIR")
KeyMaker = Callable[[LoadSpec, Sequence[DeviceInfo]], tuple[PlacementKey, ...]]


class LadderBackend:
    """Wraps a backend whose process may die.

    Guarantees: a placement whose load or answer killed the engine is tried once more and then
    left for the CPU, also after a restart; a load never takes more than three tries. A pipeline
    that stands elsewhere than asked for says so in `fallback_from`.

    Args:
        inner: the real backend; closed with this one.
        require: asked before each load, may refuse it (`engine.memory_preflight`).
        make_keys: names what a load depends on.
        unusable: models that proved unusable; such a model is refused at once.
    """

    def __init__(
        self,
        inner: InferenceBackend,
        history: PlacementHistory,
        *,
        require: Callable[[LoadSpec, tuple[DeviceInfo, ...]], None] = lambda _spec, _devices: None,
        make_keys: KeyMaker = placement_keys,
        unusable: UnusableModels | None = None,
    ) -> None:
        self._unusable = unusable
        self._inner = inner
        self._history = history
        self._require = require
        self._make_keys = make_keys
        self._devices: tuple[DeviceInfo, ...] = ()
        self._keys: tuple[PlacementKey, ...] = ()
        self._is_proven = True

    @property
    def on_death(self) -> Callable[[BackendDeath], None] | None:
        """Who is told of a death between calls; see `MortalBackend`."""
        return self._inner.on_death if isinstance(self._inner, MortalBackend) else None

    @on_death.setter
    def on_death(self, callback: Callable[[BackendDeath], None] | None) -> None:
        if isinstance(self._inner, MortalBackend):
            self._inner.on_death = callback

    @property
    def pid(self) -> int | None:
        """Process id of the engine, where there is one."""
        pid: int | None = getattr(self._inner, "pid", None)
        return pid

    @property
    def is_loaded(self) -> bool:
        """Whether a pipeline stands ready."""
        return self._inner.is_loaded

    def devices(self) -> tuple[DeviceInfo, ...]:
        """List the devices; their drivers belong to the keys of later loads."""
        self._devices = self._inner.devices()
        return self._devices

    def load(self, spec: LoadSpec, *, on_phase: Callable[[LoadPhase], None]) -> LoadedPipeline:
        """Load where it was asked for, or where that is known to crash, on the CPU.

        Raises:
            EngineError: as the inner backend; a crash only when the CPU crashes too.
            StorageError: the ladder cannot be written.
        """
        main = Path(spec.main_path)
        if self._unusable is not None:
            self._unusable.require_usable(main)
        try:
            return self._load(spec, on_phase)
        except ModelError as error:
            if self._unusable is not None and is_lasting(error):
                self._unusable.mark(main, error.to_info())
            raise

    def _load(self, spec: LoadSpec, on_phase: Callable[[LoadPhase], None]) -> LoadedPipeline:
        self._require(spec, self._devices)
        keys = self._make_keys(spec, self._devices)
        while not (bad := self._history.bad_keys(keys)):
            pipeline = self._try(spec, keys, on_phase)
            if pipeline is not None:
                return pipeline
        return self._fall_back(spec, keys, bad, on_phase)

    def _try(
        self,
        spec: LoadSpec,
        keys: tuple[PlacementKey, ...],
        on_phase: Callable[[LoadPhase], None],
    ) -> LoadedPipeline | None:
        """One try; None after a crash that counts against the placement."""
        self._keys, self._is_proven = keys, not keys
        if keys:
            self._history.begin(keys)
        try:
            return self._inner.load(spec, on_phase=on_phase)
        except EngineProcessError:
            if not keys:
                raise
            self._history.strike(keys)
            return None
        except EngineError:
            if keys:
                self._history.withdraw(keys)
            raise

    def _fall_back(
        self,
        spec: LoadSpec,
        keys: tuple[PlacementKey, ...],
        bad: tuple[PlacementKey, ...],
        on_phase: Callable[[LoadPhase], None],
    ) -> LoadedPipeline:
        devices = {key.device for key in bad}
        fallen = fall_to_cpu(spec, devices)
        rest = tuple(key for key in keys if key.device not in devices)
        pipeline = self._try(fallen, rest, on_phase)
        if pipeline is None:
            # What was left on its device crashed too: nothing but the CPU is tried after that.
            everything = {key.device for key in keys}
            pipeline = self._try(fall_to_cpu(spec, everything), (), on_phase)
        assert pipeline is not None
        return replace(pipeline, fallback_from=spec.placement)

    def generate(
        self, request: GenerationRequest, *, on_run: Callable[[Run], None], stop: StopToken
    ) -> GenerationOutcome:
        """Generate; the first finished answer proves the placement, a crash counts against it."""
        try:
            outcome = self._inner.generate(request, on_run=on_run, stop=stop)
        except EngineProcessError:
            if self._keys:
                self._history.strike(self._keys)
            raise
        if not self._is_proven:
            self._is_proven = True
            self._history.succeed(self._keys)
        return outcome

    def try_again(self, spec: LoadSpec) -> None:
        """Forget what is known against a placement, as the user asked."""
        self._history.forget(self._make_keys(spec, self._devices))
        if self._unusable is not None:
            self._unusable.forget(Path(spec.main_path))

    def unload(self) -> None:
        """Drop the pipeline. One that never answered tells nothing."""
        self._end_trial()
        self._inner.unload()

    def cancel(self) -> None:
        """Give up the call in progress."""
        self._inner.cancel()

    def close(self) -> None:
        """End the inner backend. Idempotent."""
        self._end_trial()
        self._inner.close()

    def _end_trial(self) -> None:
        if not self._is_proven:
            self._is_proven = True
            self._history.withdraw(self._keys)
        self._keys = ()


def fall_to_cpu(spec: LoadSpec, devices: set[str]) -> LoadSpec:
    """The same load with the CPU in place of these devices, and only properties it knows."""
    placement = spec.placement
    draft_device = placement.draft_device
    main_falls = placement.main_device in devices
    draft_falls = draft_device in devices
    return replace(
        spec,
        placement=Placement(
            "CPU" if main_falls else placement.main_device,
            "CPU" if draft_falls else draft_device,
        ),
        main_properties=_portable(spec.main_properties) if main_falls else spec.main_properties,
        draft_properties=(
            _portable(spec.draft_properties)
            if draft_falls and spec.draft_properties is not None
            else spec.draft_properties
        ),
        # Meant for the memory of the device that is left.
        scheduler=SchedulerSettings() if main_falls else spec.scheduler,
    )


def _portable(properties: Properties) -> Properties:
    return tuple(entry for entry in properties if entry[0] in _PORTABLE_PROPERTIES)
