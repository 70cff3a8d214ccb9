"""Rows E2, E3 and E7: crashes on a device end on the CPU, and are remembered."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from engine.backends.fake_backend import FakeBackend
from engine.backends.fake_script import FakeAnswer, FakeOptions
from engine.backends.ladder_backend import LadderBackend, fall_to_cpu
from engine.errors import DeviceError, EngineError, EngineProcessError, ErrorCode, ErrorInfo
from engine.events import DeviceInfo, LoadedPipeline
from engine.memory_preflight import check_memory, require_memory
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.models.machine import read_machine
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, Strategy
from engine.placement_history import PlacementHistory, PlacementKey, PlacementStatus
from engine.resources import asset_path
from engine.stop_token import StopToken

CRASH = ErrorInfo(code=ErrorCode.ENGINE_CRASHED, message="died")
REFUSAL = ErrorInfo(code=ErrorCode.COMPILE_FAILED, message="no")
ON_NPU = LoadSpec(
    main_path="/m",
    placement=Placement("NPU"),
    main_properties=(("MAX_PROMPT_LEN", 512), ("CACHE_DIR", "c")),
)
PAIR = LoadSpec(
    main_path="/m", draft_path="/d", strategy=Strategy.DRAFT, placement=Placement("GPU", "NPU")
)


def make_keys(
    spec: LoadSpec, devices: Sequence[DeviceInfo], driver: str = "1"
) -> tuple[PlacementKey, ...]:
    names = (spec.placement.main_device, spec.placement.draft_device)
    return tuple(
        PlacementKey(
            model_digest=str(index), device=name, driver_version=driver, runtime_version="v"
        )
        for index, name in enumerate(names)
        if name not in (None, "CPU") and name is not None
    )


class Machine:
    """A ladder over a scripted engine; `restart` is the program begun anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.restart()

    def restart(
        self,
        *,
        loads: tuple[ErrorInfo | None, ...] = (),
        answers: tuple[FakeAnswer, ...] = (),
        driver: str = "1",
    ) -> None:
        self.inner = FakeBackend(FakeOptions(load_errors=loads, answers=answers))
        self.history = PlacementHistory(self._path)
        self.ladder = LadderBackend(
            self.inner,
            self.history,
            make_keys=lambda spec, devices: make_keys(spec, devices, driver),
        )

    def load(self, spec: LoadSpec) -> LoadedPipeline:
        return self.ladder.load(spec, on_phase=lambda _phase: None)

    def ask(self) -> None:
        request = GenerationRequest(
            messages=(ChatMessage(Role.USER, "Hi"),), params=GenerationParams(max_new_tokens=4)
        )
        self.ladder.generate(request, on_run=lambda _run: None, stop=StopToken())

    def status(self, spec: LoadSpec) -> list[PlacementStatus | None]:
        return [self.history.status(key) for key in make_keys(spec, ())]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "placement.json")


def test_a_placement_that_works_is_good_after_its_first_answer(machine: Machine) -> None:
    assert machine.load(ON_NPU).fallback_from is None
    assert machine.status(ON_NPU) == [PlacementStatus.TRYING]
    machine.ask()
    assert machine.status(ON_NPU) == [PlacementStatus.GOOD]


def test_one_crash_is_tried_again_on_the_same_device(machine: Machine) -> None:
    machine.restart(loads=(CRASH,))
    pipeline = machine.load(ON_NPU)
    assert pipeline.spec.placement.main_device == "NPU"
    assert machine.inner.load_count == 2
    machine.ask()
    assert machine.status(ON_NPU) == [PlacementStatus.GOOD]


def test_e2_two_crashes_end_on_the_cpu_and_are_remembered(machine: Machine) -> None:
    machine.restart(loads=(CRASH, CRASH))
    pipeline = machine.load(ON_NPU)
    assert pipeline.spec.placement == Placement("CPU")
    assert pipeline.fallback_from == Placement("NPU")
    assert pipeline.spec.main_properties == (("CACHE_DIR", "c"),)
    machine.ask()
    machine.restart()
    again = machine.load(ON_NPU)
    assert again.fallback_from == Placement("NPU")
    assert machine.inner.load_count == 1
    machine.ladder.try_again(ON_NPU)
    assert machine.load(ON_NPU).fallback_from is None


def test_e2_crashes_in_answers_count_too(machine: Machine) -> None:
    machine.restart(answers=(FakeAnswer(error=CRASH), FakeAnswer(error=CRASH)))
    for _ in range(2):
        assert machine.load(ON_NPU).fallback_from is None
        with pytest.raises(EngineProcessError):
            machine.ask()
    assert machine.load(ON_NPU).fallback_from == Placement("NPU")


def test_e3_a_new_driver_is_tried_again(machine: Machine) -> None:
    machine.restart(loads=(CRASH, CRASH))
    machine.load(ON_NPU)
    machine.restart(driver="2")
    assert machine.load(ON_NPU).fallback_from is None


def test_only_the_guilty_model_moves(machine: Machine) -> None:
    key = make_keys(PAIR, ())[1]
    machine.history.strike([key])
    machine.history.strike([key])
    pipeline = machine.load(PAIR)
    assert pipeline.spec.placement == Placement("GPU", "CPU")
    assert pipeline.fallback_from == Placement("GPU", "NPU")


def test_a_fall_that_crashes_as_well_ends_on_the_cpu_alone(machine: Machine) -> None:
    key = make_keys(PAIR, ())[1]
    machine.history.strike([key])
    machine.history.strike([key])
    machine.ladder.close()
    machine.restart(loads=(CRASH,))
    assert machine.load(PAIR).spec.placement == Placement("CPU", "CPU")


def test_a_refusal_in_words_is_no_strike(machine: Machine) -> None:
    machine.restart(loads=(REFUSAL, REFUSAL, REFUSAL))
    for _ in range(3):
        with pytest.raises(EngineError) as caught:
            machine.load(ON_NPU)
        assert caught.value.code is ErrorCode.COMPILE_FAILED
    assert machine.status(ON_NPU) == [None]


def test_the_cpu_has_nowhere_to_fall(machine: Machine) -> None:
    machine.restart(loads=(CRASH,))
    with pytest.raises(EngineProcessError):
        machine.load(LoadSpec(main_path="/m"))
    assert machine.inner.load_count == 1


def test_a_pipeline_that_never_answered_tells_nothing(machine: Machine) -> None:
    machine.load(ON_NPU)
    machine.ladder.close()
    assert machine.status(ON_NPU) == [None]


def test_falling_changes_nothing_else() -> None:
    fallen = fall_to_cpu(PAIR, {"GPU"})
    assert (fallen.placement, fallen.draft_path) == (Placement("CPU", "NPU"), "/d")


def test_e7_a_model_larger_than_memory_is_refused_with_numbers(
    tmp_path: Path, machine: Machine
) -> None:
    for source in asset_path("models", "demo-main").iterdir():
        if not source.name.startswith(("manifest", "openvino_model.bin")):
            (tmp_path / source.name).write_bytes(source.read_bytes())
    size = 200 * 10**9
    with (tmp_path / "openvino_model.bin").open("wb") as stream:
        os.truncate(stream.fileno(), size)
    inner = FakeBackend()
    ladder = LadderBackend(
        inner,
        machine.history,
        require=lambda spec, devices: require_memory(spec, devices=devices),
    )
    with pytest.raises(DeviceError) as caught:
        ladder.load(LoadSpec(main_path=str(tmp_path)), on_phase=lambda _phase: None)
    facts = dict(caught.value.facts)
    assert caught.value.code is ErrorCode.OUT_OF_MEMORY
    assert int(facts["needed_bytes"]) > size > int(facts["available_bytes"]) > 0
    assert inner.load_count == 0


def test_a_limit_of_the_context_makes_a_load_smaller() -> None:
    machine = read_machine(asset_path("models"))
    spec = LoadSpec(main_path=str(asset_path("models", "demo-main")))
    whole = check_memory(spec, machine=machine)
    limited = check_memory(replace(spec, context_limit=256), machine=machine)
    assert (limited.context_tokens, whole.kv_bytes) == (256, 8 * limited.kv_bytes)
    assert check_memory(replace(spec, context_limit=10**6), machine=machine) == whole


def test_a_model_that_fits_is_let_through() -> None:
    require_memory(LoadSpec(main_path=str(asset_path("models", "demo-main"))))
