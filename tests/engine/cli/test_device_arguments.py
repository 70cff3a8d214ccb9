"""Arguments about devices, and what `devices` sets for the window and for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.cli.arguments import parse_arguments
from engine.cli.device_arguments import settings_file
from engine.cli.device_settings import changed_book
from engine.cli.lab_plan import make_lab_plan
from engine.cli.requests import find_folders, make_spec, open_registry
from engine.device_properties import PIPELINE_NPU_PROPERTIES, DeviceProperty, PropertyKind
from engine.device_settings import DeviceBook, DeviceSettings
from engine.errors import DeviceError, ParameterError, StorageError
from engine.events import DeviceInfo, DeviceKind
from engine.lab.plan import load_spec, plain_cell
from engine.placement import LoadSpec, SchedulerSettings

THREADS = DeviceProperty(
    name="INFERENCE_NUM_THREADS", kind=PropertyKind.INTEGER, minimum=0, maximum=4
)
PINNING = DeviceProperty(name="ENABLE_CPU_PINNING", kind=PropertyKind.SWITCH, value=True)
DEVICES = (
    DeviceInfo(name="CPU", full_name="P", kind=DeviceKind.CPU, properties=(THREADS, PINNING)),
    DeviceInfo(name="NPU", full_name="N", kind=DeviceKind.NPU, properties=PIPELINE_NPU_PROPERTIES),
)


def spec_of(*argv: str) -> LoadSpec:
    arguments = parse_arguments(["chat", *argv])
    return make_spec(arguments, open_registry(find_folders(arguments.data_dir)))


def kept(root: Path, book: DeviceBook) -> None:
    folders = find_folders(root)
    folders.data.mkdir(parents=True)
    settings_file(folders.data, folders.cache).write(book)


def test_properties_of_one_model_stand_beside_those_of_both() -> None:
    spec = spec_of(
        *("--property", "INFERENCE_PRECISION_HINT=f32", "--main-property", "NUM_STREAMS=1"),
        *("--draft-property", "INFERENCE_PRECISION_HINT=bf16"),
    )
    assert spec.main_properties == (("INFERENCE_PRECISION_HINT", "f32"), ("NUM_STREAMS", 1))
    assert spec.draft_properties == (("INFERENCE_PRECISION_HINT", "bf16"),)
    assert spec_of("--main-property", "NUM_STREAMS=1").draft_properties == ()


def test_memory_and_batching_are_as_today_unless_asked_for() -> None:
    assert spec_of().scheduler == SchedulerSettings()
    argv = "--cache-size-gb 2 --no-prefix-caching --max-num-batched-tokens 64"
    assert spec_of(*argv.split(), "--no-dynamic-split-fuse").scheduler == SchedulerSettings(
        cache_size_gb=2,
        enable_prefix_caching=False,
        max_num_batched_tokens=64,
        dynamic_split_fuse=False,
    )
    with pytest.raises(ParameterError):
        spec_of("--cache-size-gb", "-1")


def test_what_is_set_on_the_devices_is_used_on_request_and_the_command_line_wins(
    tmp_path: Path,
) -> None:
    settings = DeviceSettings(
        properties=(("INFERENCE_NUM_THREADS", 2), ("ENABLE_CPU_PINNING", False)),
        scheduler=SchedulerSettings(cache_size_gb=1),
    )
    kept(tmp_path, DeviceBook().seen(DEVICES).with_settings("CPU", settings))
    root = ("--data-dir", str(tmp_path))
    assert spec_of(*root).main_properties == ()
    spec = spec_of(*root, "--device-settings", "--main-property", "INFERENCE_NUM_THREADS=1")
    assert dict(spec.main_properties) == {"INFERENCE_NUM_THREADS": 1, "ENABLE_CPU_PINNING": False}
    assert dict(spec.draft_properties or ()) == dict(settings.properties)
    assert spec.scheduler.cache_size_gb == 1


def test_a_lab_run_records_what_was_set(tmp_path: Path) -> None:
    settings = DeviceSettings(properties=(("INFERENCE_NUM_THREADS", 2),))
    kept(tmp_path, DeviceBook().seen(DEVICES).with_settings("CPU", settings))
    argv = ["compare", "--data-dir", str(tmp_path), "--device-settings", "--cache-size-gb", "1"]
    plan = make_lab_plan(parse_arguments(argv), find_folders(tmp_path))
    assert dict(plan.properties)["CPU"] == settings.properties
    spec = load_spec(plan, plain_cell("CPU").group)
    assert spec.main_properties == settings.properties
    assert spec.scheduler.cache_size_gb == 1
    bare = make_lab_plan(parse_arguments(["compare"]), find_folders(tmp_path))
    assert not bare.properties
    assert not bare.schedulers


def test_a_damaged_file_is_an_error_here(tmp_path: Path) -> None:
    kept(tmp_path, DeviceBook())
    (tmp_path / "data" / "devices.json").write_text("{", encoding="utf-8")
    with pytest.raises(StorageError):
        spec_of("--data-dir", str(tmp_path), "--device-settings")


def test_values_are_set_by_their_kind_and_reset() -> None:
    book = changed_book(
        DeviceBook(),
        DEVICES,
        resets=[],
        changes=[
            ("CPU", "INFERENCE_NUM_THREADS", "3"),
            ("CPU", "ENABLE_CPU_PINNING", "no"),
            ("NPU", "PREFILL_HINT", "STATIC"),
        ],
    )
    assert book.settings("CPU").properties == (
        ("INFERENCE_NUM_THREADS", 3),
        ("ENABLE_CPU_PINNING", False),
    )
    assert book.settings("NPU").properties == (("PREFILL_HINT", "STATIC"),)
    reset = changed_book(book, DEVICES, resets=["CPU"], changes=[])
    assert reset.settings("CPU") == DeviceSettings()
    assert reset.settings("NPU") == book.settings("NPU")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("CPU", "INFERENCE_NUM_THREADS", "9"), "out_of_range"),
        (("CPU", "INFERENCE_NUM_THREADS", "many"), "wrong_kind"),
        (("CPU", "MAX_PROMPT_LEN", "64"), "unknown"),
        (("NPU", "GENERATE_HINT", "QUICK"), "not_offered"),
    ],
)
def test_what_the_plugin_does_not_take_is_refused_with_the_reason(
    change: tuple[str, str, str], reason: str
) -> None:
    with pytest.raises(ParameterError) as raised:
        changed_book(DeviceBook(), DEVICES, resets=[], changes=[change])
    assert dict(raised.value.facts)["reason"] == reason


def test_a_device_that_is_not_there_cannot_be_set() -> None:
    with pytest.raises(DeviceError):
        changed_book(DeviceBook(), DEVICES, resets=["GPU"], changes=[])
    with pytest.raises(SystemExit):
        parse_arguments(["devices", "--set", "CPU.A=1"])
