"""Emulated devices: off unless asked for, labelled, and really computing."""

from __future__ import annotations

import pytest

from engine.backends.openvino_backend import OpenVinoBackend
from engine.backends.openvino_emulation import (
    VARIABLE,
    computing_device,
    emulated_names,
    runtime_device,
    runtime_properties,
    with_emulated,
)
from engine.events import DeviceInfo, DeviceKind
from engine.placement import LoadSpec, Placement, Properties, Strategy
from tests.engine.backends.runtime.conftest import Pair
from tests.tiny_models.asking import ask, load

CPU = DeviceInfo(name="CPU", full_name="Processor", kind=DeviceKind.CPU, memory_bytes=7)
REAL_GPU = DeviceInfo(name="GPU.0", full_name="Real", kind=DeviceKind.DISCRETE_GPU)


@pytest.fixture
def emulating(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "npu, GPU,TPU")


def test_nothing_is_emulated_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert emulated_names() == ()
    assert with_emulated((CPU, REAL_GPU)) == (CPU, REAL_GPU)
    assert (runtime_device("GPU"), computing_device("NPU")) == ("GPU", "NPU")
    assert runtime_properties("NPU", {"A": 1}) == {"A": 1}


@pytest.mark.usefixtures("emulating")
def test_emulated_devices_are_labelled_and_stand_in_for_real_ones() -> None:
    devices = with_emulated((CPU, REAL_GPU))
    assert [(d.name, d.emulated, d.full_name) for d in devices] == [
        ("CPU", False, "Processor"),
        ("GPU", True, "Processor"),
        ("NPU", True, "Processor"),
    ]


@pytest.mark.usefixtures("emulating")
def test_what_the_runtime_is_told() -> None:
    assert [runtime_device(name) for name in ("CPU", "GPU", "NPU")] == ["CPU", "CPU", "NPU"]
    assert {computing_device(name) for name in ("CPU", "GPU", "NPU")} == {"CPU"}
    assert runtime_properties("GPU", {"GPU_X": 1, "CACHE_DIR": "c"}) == {"CACHE_DIR": "c"}
    assert runtime_properties("NPU", {"MAX_PROMPT_LEN": 64})["NPUW_DEVICES"] == "CPU"


@pytest.mark.openvino
@pytest.mark.usefixtures("emulating")
@pytest.mark.parametrize(
    ("main_device", "draft_device"),
    [("GPU", "CPU"), ("GPU", "GPU"), ("CPU", "NPU"), ("GPU", "NPU"), ("NPU", "NPU")],
)
def test_emulated_placements_answer_as_their_main_device_alone(
    tiny: Pair, main_device: str, draft_device: str
) -> None:
    # The path of a pair with an NPU keeps its cache in another precision otherwise.
    exact: Properties = (("INFERENCE_PRECISION_HINT", "f32"), ("KV_CACHE_PRECISION", "f32"))
    npu: Properties = (("MAX_PROMPT_LEN", 128), ("MIN_RESPONSE_LEN", 128))
    by_device: dict[str, Properties] = {"CPU": exact, "GPU": exact, "NPU": npu}
    spec = LoadSpec(
        main_path=str(tiny.main),
        draft_path=str(tiny.draft),
        strategy=Strategy.DRAFT,
        placement=Placement(main_device, draft_device),
        main_properties=by_device[main_device],
        draft_properties=by_device[draft_device],
    )
    backend = OpenVinoBackend()
    try:
        pipeline = backend.load(spec, on_phase=lambda _phase: None)
        assert pipeline.spec.placement.main_device == main_device
        assert pipeline.actual_main_device == "CPU"
        text = ask(backend, "Hi", max_new_tokens=24, ignore_eos=True).text
        plain = Placement(main_device)
        properties = by_device[main_device]
        load(
            backend,
            LoadSpec(main_path=str(tiny.main), placement=plain, main_properties=properties),
        )
        assert text == ask(backend, "Hi", max_new_tokens=24, ignore_eos=True).text
    finally:
        backend.close()
