"""What is set on devices, used and put aside, in the real window over the scripted engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from app.core.figure_rows import figure_rows
from app.core.store.codec import report_from_plain, report_to_plain
from app.core.translation import untranslated
from engine.backends.fake_script import FakeOptions, FakeTiming
from engine.device_settings import DeviceSettings
from engine.errors import ErrorCode, ErrorInfo
from engine.events import DeviceInfo, DeviceKind, DevicesListed, LoadPhase
from engine.lab.plan import load_spec, plain_cell
from engine.models.settings import ModelDefaults
from engine.placement import SchedulerSettings

Open = Callable[..., Any]
PRECISE = DeviceSettings(properties=(("INFERENCE_PRECISION_HINT", "f32"),))
FAILED = ErrorInfo(code=ErrorCode.COMPILE_FAILED, message="no such precision")
CPU = DeviceInfo(name="CPU", full_name="Processor", kind=DeviceKind.CPU)
CARD = DeviceInfo(name="GPU.1", full_name="Card", kind=DeviceKind.DISCRETE_GPU, uuid="aa")


def loads_of(rig: Any) -> list[Any]:
    loaded: list[Any] = []
    rig.desktop.loads.loaded.connect(loaded.append)
    return loaded


def test_what_is_set_is_loaded_and_comes_back_after_a_restart(open_window: Open) -> None:
    rig = open_window()
    loaded = loads_of(rig)
    rig.wait_ready()
    rig.wait(lambda: rig.desktop.devices.devices)
    rig.desktop.loads.settings.set("CPU", PRECISE)
    assert not rig.desktop.loads.is_ready
    rig.wait_ready()
    assert loaded[-1].spec.main_properties == PRECISE.properties
    assert loaded[-1].spec.draft_properties == PRECISE.properties
    again = open_window()
    reloaded = loads_of(again)
    again.wait_ready()
    assert reloaded[0].spec.main_properties == PRECISE.properties
    assert again.backend.load_count == 1


def test_a_device_without_a_model_is_set_without_a_load(open_window: Open) -> None:
    rig = open_window()
    rig.wait_ready()
    rig.wait(lambda: rig.desktop.devices.devices)
    rig.desktop.loads.settings.set("GPU", PRECISE)
    assert rig.desktop.loads.is_ready
    assert rig.backend.load_count == 1


def test_settings_a_load_fails_with_are_put_aside_and_told_once(open_window: Open) -> None:
    rig = open_window(FakeOptions(load_errors=(None, FAILED)))
    loaded = loads_of(rig)
    rig.wait_ready()
    rig.wait(lambda: rig.desktop.devices.devices)
    settings = rig.desktop.loads.settings
    settings.set("CPU", PRECISE)
    banner = rig.window.page.banner
    rig.wait(lambda: banner.is_shown)
    rig.wait_ready()
    assert banner.title.text() == "Settings of CPU are not used"
    assert "could not compile" in banner.sentence.text()
    assert loaded[-1].spec.main_properties == ()
    assert settings.book.settings("CPU").is_suspended
    rig.desktop.loads.load()
    rig.wait_ready()
    assert loaded[-1].spec.main_properties == (), "they are not tried again by themselves"
    again = open_window()
    reloaded = loads_of(again)
    again.wait_ready()
    assert reloaded[0].spec.main_properties == (), "nor by the next start"
    banner.button.click()
    assert settings.book.settings("CPU") == DeviceSettings()


def test_settings_that_are_changed_are_tried_again(open_window: Open) -> None:
    rig = open_window(FakeOptions(load_errors=(None, FAILED)))
    loaded = loads_of(rig)
    rig.wait_ready()
    rig.wait(lambda: rig.desktop.devices.devices)
    settings = rig.desktop.loads.settings
    settings.set("CPU", PRECISE)
    rig.wait(lambda: settings.book.settings("CPU").is_suspended)
    rig.wait_ready()
    other = DeviceSettings(scheduler=SchedulerSettings(cache_size_gb=1))
    settings.set("CPU", other)
    rig.wait(lambda: loaded[-1].spec.scheduler == other.scheduler)
    assert not settings.book.settings("CPU").is_suspended


def test_settings_are_not_blamed_for_what_fails_without_them(open_window: Open) -> None:
    first = open_window()
    first.wait_ready()
    first.wait(lambda: first.desktop.devices.devices)
    first.desktop.loads.settings.set("CPU", PRECISE)
    rig = open_window(FakeOptions(load_errors=(FAILED, FAILED)))
    failed: list[Any] = []
    told: list[Any] = []
    rig.desktop.loads.failed.connect(failed.append)
    settings = rig.desktop.loads.settings
    settings.at_fault.connect(lambda *args: told.append(args))
    rig.wait(lambda: failed)
    assert not told
    assert settings.book.settings("CPU") == PRECISE
    assert rig.backend.load_count == 2, "one try without them, and no more"


def test_a_device_that_moved_is_still_the_one_that_was_chosen(open_window: Open) -> None:
    rig = open_window()
    loaded = loads_of(rig)
    rig.wait_ready()
    rig.wait(lambda: rig.desktop.devices.devices)
    loads = rig.desktop.loads
    loads.on_event(DevicesListed(devices=(CPU, CARD), error=None))
    loads.settings.set("GPU.1", PRECISE)
    rig.desktop.window.top_bar.main_device_chosen.emit("GPU.1")
    rig.wait_ready()
    moved = DeviceInfo(name="GPU.0", full_name="Card", kind=DeviceKind.DISCRETE_GPU, uuid="aa")
    loads.on_event(DevicesListed(devices=(CPU, moved), error=None))
    assert loads.choice.main_device == "GPU.0"
    rig.wait_ready()
    spec = loaded[-1].spec
    assert spec.placement.main_device == "GPU.0"
    assert dict(spec.main_properties)["INFERENCE_PRECISION_HINT"] == "f32"


def test_defaults_of_models_follow_a_device_to_its_new_name(open_window: Open) -> None:
    rig = open_window()
    rig.wait_ready()
    rig.wait(lambda: rig.desktop.devices.devices)
    hubs = rig.desktop.models.services.hubs
    mine = ModelDefaults(model_id="a/b", main_device="GPU.1", draft_device="CPU")
    settings = hubs.settings.with_defaults("a/b", mine)
    names = {"GPU.1": "GPU.0"}
    moved = settings.with_renamed(names).defaults_of("a/b")
    assert moved is not None
    assert (moved.main_device, moved.draft_device) == ("GPU.0", "CPU")
    changed: list[Any] = []
    hubs.change = changed.append
    rig.desktop.loads.devices_renamed.emit(names)
    assert changed == [hubs.settings.with_renamed(names)]


def test_a_first_compile_is_told_with_its_time_until_it_ends(open_window: Open) -> None:
    rig = open_window(FakeOptions(timing=FakeTiming(load_phase_s=0.15)))
    rig.wait_ready()
    banner, notice = rig.window.page.banner, rig.desktop.devices.compile_notice
    phases: list[LoadPhase] = []
    rig.desktop.loads.phase_changed.connect(phases.append)
    notice.tell()
    assert not banner.is_shown, "nothing is compiled for the CPU that takes long"
    rig.window.top_bar.main_device_chosen.emit("NPU")
    rig.wait(lambda: LoadPhase.COMPILING_MAIN in phases)
    notice.tell()
    assert banner.title.text() == "Compiling for NPU"
    assert "later starts are quick" in banner.sentence.text()
    first = banner.sentence.text()
    rig.wait(lambda: notice.tell() or banner.sentence.text() != first)
    rig.wait_ready()
    assert not banner.is_shown


def test_a_model_that_was_compiled_before_is_not_announced_at_once(open_window: Open) -> None:
    rig = open_window(FakeOptions(timing=FakeTiming(load_phase_s=0.05)))
    rig.wait_ready()
    folder = rig.desktop.loads.settings.book.cache_folder("NPU")
    assert folder is not None
    folder.mkdir(parents=True)
    (folder / "1.blob").write_bytes(b"x")
    phases: list[LoadPhase] = []
    rig.desktop.loads.phase_changed.connect(phases.append)
    rig.window.top_bar.main_device_chosen.emit("NPU")
    rig.wait(lambda: LoadPhase.COMPILING_MAIN in phases)
    rig.desktop.devices.compile_notice.tell()
    assert not rig.window.page.banner.is_shown
    rig.wait_ready()


def test_a_message_too_long_for_the_npu_is_told_before_it_is_sent(open_window: Open) -> None:
    rig = open_window()
    rig.wait_ready()
    rig.wait(lambda: rig.desktop.devices.devices)
    rig.desktop.loads.settings.set("NPU", DeviceSettings(properties=(("MAX_PROMPT_LEN", 64),)))
    rig.window.top_bar.main_device_chosen.emit("NPU")
    rig.wait_ready()
    composer = rig.window.page.composer
    composer.edit.setPlainText("many words " * 200)
    rig.desktop.composing.measure()
    assert composer.context.accessibleName().startswith("Context: Too long:")
    assert "64" in composer.context.accessibleName()
    said = composer.context.accessibleDescription()
    assert "reads at most 64 tokens" in said
    assert "does not fit" in said
    composer.edit.setPlainText("hi")
    rig.desktop.composing.measure()
    assert "Too long" not in composer.context.accessibleName()


def test_figures_tell_what_was_set(open_window: Open) -> None:
    rig = open_window()
    reports: list[Any] = []
    rig.desktop.chat.answered.connect(reports.append)
    rig.wait_ready()
    rig.wait(lambda: rig.desktop.devices.devices)
    rig.desktop.loads.settings.set("CPU", PRECISE)
    rig.wait_ready()
    rig.type_and_send("hi")
    rig.wait(lambda: reports)
    assert reports[0].changed_settings == (("CPU", "INFERENCE_PRECISION_HINT", "f32"),)
    rows = {row.key: row.value for row in figure_rows(reports[0], untranslated)}
    assert rows["settings"] == "CPU: INFERENCE_PRECISION_HINT = f32"
    assert "INFERENCE_PRECISION_HINT = f32" in rig.window.top_bar.chip.toolTip()
    again = report_from_plain(json.loads(json.dumps(report_to_plain(reports[0]))))
    assert again.changed_settings == reports[0].changed_settings


def test_the_lab_measures_with_what_is_set_and_records_it(open_window: Open) -> None:
    rig = open_window()
    rig.wait_ready()
    rig.wait(lambda: rig.desktop.devices.devices)
    rig.desktop.loads.settings.set("CPU", PRECISE)
    rig.wait_ready()
    plan = rig.desktop.lab.page.plan()
    assert plan is not None
    assert plan.changes == (("CPU", "INFERENCE_PRECISION_HINT", "f32"),)
    spec = load_spec(plan, plain_cell("CPU").group)
    assert spec.main_properties == PRECISE.properties
    on_npu = load_spec(plan, plain_cell("NPU").group)
    assert [name for name, _ in on_npu.main_properties] == ["CACHE_DIR"]


def test_a_damaged_file_is_told_and_kept(open_window: Open) -> None:
    first = open_window()
    first.wait_ready()
    first.wait(lambda: first.desktop.devices.devices)
    path = first.preferences_path.parent.parent / "data" / "devices.json"
    first.desktop.preferences.close()  # until everything asked for is written
    assert json.loads(path.read_text(encoding="utf-8"))["format"] == 1
    path.write_text("{", encoding="utf-8")
    rig = open_window()
    rig.wait(lambda: rig.window.page.banner.is_shown)
    assert list(path.parent.glob("devices.damaged-*.json"))
    rig.wait_ready()
