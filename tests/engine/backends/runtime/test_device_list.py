"""What plugins report of their devices, asked for real."""

from __future__ import annotations

import os

import pytest

from engine.backends.openvino_backend import OpenVinoBackend
from engine.backends.openvino_devices import list_devices
from engine.backends.openvino_emulation import VARIABLE
from engine.backends.openvino_properties import read_properties
from engine.backends.openvino_runtime import load_openvino
from engine.device_properties import (
    PIPELINE_NPU_PROPERTIES,
    PropertyKind,
    PropertySource,
    check_property,
)
from engine.events import DeviceInfo
from engine.placement import LoadSpec, Placement
from tests.engine.backends.runtime.conftest import Pair

pytestmark = pytest.mark.openvino


@pytest.fixture
def emulated(monkeypatch: pytest.MonkeyPatch) -> dict[str, DeviceInfo]:
    monkeypatch.setenv(VARIABLE, "NPU,GPU")
    return {device.name: device for device in list_devices()}


def test_a_device_tells_its_plugin_and_what_it_can_do(emulated: dict[str, DeviceInfo]) -> None:
    processor = emulated["CPU"]
    assert processor.plugin_version is not None
    assert processor.plugin_version[:4].isdigit()
    assert {"FP32", "EXPORT_IMPORT"} <= set(processor.capabilities)


def test_properties_come_with_kind_range_options_and_value(emulated: dict[str, DeviceInfo]) -> None:
    known = {entry.name: entry for entry in emulated["CPU"].properties}
    threads = known["INFERENCE_NUM_THREADS"]
    assert (threads.kind, threads.minimum) == (PropertyKind.INTEGER, 0)
    assert threads.maximum == os.cpu_count()
    precision = known["INFERENCE_PRECISION_HINT"]
    assert {"f32", "bf16"} <= set(precision.options)
    assert "i8" not in precision.options
    assert precision.value in precision.options
    assert "u8" in known["KV_CACHE_PRECISION"].options
    assert known["ENABLE_CPU_PINNING"].kind is PropertyKind.SWITCH
    assert known["FULL_DEVICE_NAME"].is_read_only
    assert not {"DEVICE_ID", "CACHE_DIR", "LOG_LEVEL"} & known.keys()


def test_trying_options_changes_nothing_that_is_reported() -> None:
    core = load_openvino().Core()
    first, again = read_properties(core, "CPU"), read_properties(load_openvino().Core(), "CPU")
    assert first
    assert first == again
    for entry in first:
        if entry.kind in (PropertyKind.SWITCH, PropertyKind.NUMBER):
            assert core.get_property("CPU", entry.name) == entry.value


def test_an_npu_offers_what_its_pipeline_reads(emulated: dict[str, DeviceInfo]) -> None:
    known = {entry.name: entry for entry in emulated["NPU"].properties}
    assert {entry.name for entry in PIPELINE_NPU_PROPERTIES} <= known.keys()
    assert known["MAX_PROMPT_LEN"].source is PropertySource.PIPELINE
    assert known["PERFORMANCE_HINT"].source is PropertySource.PLUGIN
    assert check_property(known.values(), "MAX_PROMPT_LEN", 63) is not None
    assert "MAX_PROMPT_LEN" not in {entry.name for entry in emulated["GPU"].properties}


@pytest.mark.parametrize(
    ("name", "value"), [("PREFILL_HINT", "STATIC"), ("GENERATE_HINT", "BEST_PERF")]
)
def test_the_runtime_builds_with_every_hint_that_is_offered(
    tiny: Pair, emulated: dict[str, DeviceInfo], name: str, value: str
) -> None:
    assert check_property(emulated["NPU"].properties, name, value) is None

    properties = (("MAX_PROMPT_LEN", 128), ("MIN_RESPONSE_LEN", 64), (name, value))
    backend = OpenVinoBackend()
    try:
        spec = LoadSpec(
            main_path=str(tiny.main), placement=Placement("NPU"), main_properties=properties
        )
        loaded = backend.load(spec, on_phase=lambda _phase: None)
        assert loaded.context_length is not None
        assert loaded.context_length <= 192
    finally:
        backend.close()
