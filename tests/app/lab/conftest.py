"""Records of runs on a synthetic pair: real measuring on a clock that only counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.errors import DeviceError, EngineError, ErrorCode
from engine.events import DeviceInfo, DeviceKind
from engine.lab.cells import ModelRef
from engine.lab.plan import LabPlan
from engine.lab.prompts import prompt_set
from engine.lab.record import LabRecord
from engine.lab.runner import LabRun
from engine.lab.start import new_record
from engine.placement import LoadSpec
from engine.stop_token import StopToken
from tests.synthetic.pair import PairCosts, SyntheticBackend

DEVICES = (
    DeviceInfo(name="CPU", full_name="A processor", kind=DeviceKind.CPU),
    DeviceInfo(name="GPU", full_name="A card", kind=DeviceKind.INTEGRATED_GPU, emulated=True),
    DeviceInfo(name="NPU", full_name="An NPU", kind=DeviceKind.NPU),
)
Measure = Callable[..., LabRecord]


def fail_on_gpu(spec: LoadSpec, _is_loading: bool) -> EngineError | None:
    if spec.placement.main_device != "GPU":
        return None
    return DeviceError("no", code=ErrorCode.DEVICE_NOT_AVAILABLE, device="GPU")


@pytest.fixture
def measure() -> Measure:
    """Runs a plan with the given changes; a draft pays unless `acceptance` says otherwise."""

    def run(
        *,
        acceptance: float = 0.8,
        fail: Callable[[LoadSpec, bool], EngineError | None] = lambda _spec, _load: None,
        prompts: int = 6,
        **changes: Any,
    ) -> LabRecord:
        options: dict[str, Any] = {
            "main": ModelRef(name="big", path="/models/big"),
            "drafts": (ModelRef(name="small", path="/models/small"),),
            "prompt_sets": (prompt_set("story", [f"Question {n}?" for n in range(prompts)]),),
            "lengths": (2, 4),
            "repeats": 1,
            "max_new_tokens": 40,
            "settle_s": 0.0,
            **changes,
        }
        record = new_record(LabPlan(**options), devices=DEVICES)
        costs = PairCosts(acceptance=acceptance)
        seeds = iter(range(1000))
        made = LabRun(
            record,
            make_backend=lambda: SyntheticBackend(lambda _: costs, seed=next(seeds), fail=fail),
            sink=lambda _event: None,
        )
        return made.run(StopToken())

    return run
