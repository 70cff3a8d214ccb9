"""Loading, reloading and failed loads, in the real window over the scripted engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.controllers.turn import TurnStage
from engine.backends.fake_script import FakeAnswer, FakeOptions, FakeTiming
from engine.errors import ErrorCode, ErrorInfo
from engine.events import LoadPhase
from engine.placement import Strategy
from engine.state import SessionState

Open = Callable[..., Any]
NO_DEVICE = ErrorInfo(code=ErrorCode.DEVICE_NOT_AVAILABLE, message="no such device")


def choose(rig: Any, combo: Any, data: str) -> None:
    """Pick an item as a user does: `activated` follows."""
    combo.choose(data)
    combo.activated.emit(combo.currentIndex())


def test_the_chip_follows_the_phases_and_their_time(open_window: Open) -> None:
    rig = open_window(FakeOptions(timing=FakeTiming(load_phase_s=0.03)))
    seen: list[str] = []
    phases: list[LoadPhase] = []
    chip = rig.window.top_bar.chip
    rig.desktop.loads.phase_changed.connect(lambda phase: seen.append(chip.text.text()))
    rig.desktop.loads.phase_changed.connect(phases.append)
    rig.wait_ready()
    assert LoadPhase.COMPILING_DRAFT in phases
    assert any(text.startswith("Preparing the main model") for text in seen)
    assert all(text.endswith(("ms", "s")) for text in seen)
    assert chip.text.text() == "Ready"
    assert "Main model on CPU" in chip.toolTip()


def test_devices_of_the_engine_are_offered_with_their_names(open_window: Open) -> None:
    rig = open_window()
    combo = rig.window.top_bar.main_device
    rig.wait(lambda: combo.count() == 3)
    assert [combo.itemData(row) for row in range(3)] == ["CPU", "GPU", "NPU"]
    assert "Demonstration graphics" in combo.itemText(1)
    assert combo.short_text() == "CPU"


def test_another_device_loads_again_and_is_remembered(open_window: Open) -> None:
    rig = open_window()
    rig.wait_ready()
    choose(rig, rig.window.top_bar.draft_device, "GPU")
    assert rig.desktop.loads.state is not SessionState.LOADING, "nothing waits in the window"
    assert not rig.desktop.loads.is_ready
    rig.wait_ready()
    assert rig.backend.load_count == 2
    assert "Draft model on GPU" in rig.window.top_bar.chip.toolTip()
    rig.desktop.preferences.close()
    assert '"draft_device": "GPU"' in rig.preferences_path.read_text()


@pytest.mark.parametrize("strategy", [Strategy.PROMPT_LOOKUP, Strategy.NONE])
def test_another_strategy_loads_again(open_window: Open, strategy: Strategy) -> None:
    rig = open_window()
    loaded: list[Any] = []
    rig.desktop.loads.loaded.connect(loaded.append)
    rig.wait_ready()
    bar = rig.window.top_bar
    choose(rig, bar.strategy, strategy)
    rig.wait_ready()
    assert loaded[-1].spec.strategy is strategy
    assert not bar.draft_device.isEnabled()
    assert bar.num_assistant_tokens.isEnabled() is (strategy is not Strategy.NONE)


def test_num_assistant_tokens_needs_no_load_and_reaches_the_request(
    open_window: Open, scripted: Callable[..., FakeAnswer]
) -> None:
    rig = open_window(FakeOptions(answers=(scripted(),)))
    reports: list[Any] = []
    rig.desktop.chat.answered.connect(reports.append)
    rig.wait_ready()
    rig.window.top_bar.num_assistant_tokens.setValue(7)
    rig.type_and_send("hi")
    rig.wait(lambda: reports)
    assert reports[0].params.num_assistant_tokens == 7
    assert rig.backend.load_count == 1


def test_plain_decoding_asks_for_no_candidates(
    open_window: Open, scripted: Callable[..., FakeAnswer]
) -> None:
    rig = open_window(FakeOptions(answers=(scripted(),)), strategy="none")
    reports: list[Any] = []
    rig.desktop.chat.answered.connect(reports.append)
    rig.wait_ready()
    rig.type_and_send("hi")
    rig.wait(lambda: reports)
    assert reports[0].params.num_assistant_tokens is None


def test_sampling_with_a_draft_on_the_cpu_loads_nothing_again(
    open_window: Open, scripted: Callable[..., FakeAnswer]
) -> None:
    rig = open_window(FakeOptions(answers=(scripted(), scripted())))
    loaded: list[Any] = []
    rig.desktop.loads.loaded.connect(loaded.append)
    rig.wait_ready()
    rig.desktop.popover.temperature.setValue(0.8)
    rig.type_and_send("hi")
    rig.wait(lambda: len(rig.texts()) > 1 and rig.stage() is TurnStage.NONE)
    assert [pipeline.spec.sampling for pipeline in loaded] == [False]
    assert rig.texts()[1]
    assert rig.backend.load_count == 1


def test_a_failed_first_load_says_so_and_try_again_loads(
    open_window: Open, scripted: Callable[..., FakeAnswer]
) -> None:
    broken = ErrorInfo(code=ErrorCode.MODEL_INCOMPLETE, message="truncated")
    rig = open_window(FakeOptions(load_errors=(broken,), answers=(scripted(),)))
    rig.type_and_send("waits")
    banner = rig.window.page.banner
    rig.wait(lambda: banner.is_shown)
    assert banner.title.text() == "Model incomplete"
    assert rig.stage() is TurnStage.WAITING
    rig.qtbot.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    rig.wait(lambda: rig.stage() is TurnStage.NONE)
    assert rig.texts()[1] == "One two three four five six seven."


def test_after_a_failed_change_the_last_good_pair_returns(open_window: Open) -> None:
    rig = open_window(FakeOptions(load_errors=(None, NO_DEVICE)))
    rig.wait_ready()
    bar = rig.window.top_bar
    choose(rig, bar.main_device, "GPU")
    rig.wait(lambda: rig.window.page.banner.is_shown)
    rig.wait_ready()
    assert bar.main_device.currentData() == "CPU"
    assert rig.backend.load_count == 3
    assert rig.window.page.banner.title.text() == "Device not available"


def test_the_fault_of_a_load_goes_when_another_choice_is_loaded(open_window: Open) -> None:
    rig = open_window(FakeOptions(load_errors=(None, NO_DEVICE)))
    rig.wait_ready()
    banner = rig.window.page.banner
    choose(rig, rig.window.top_bar.main_device, "GPU")
    rig.wait(lambda: banner.is_shown)
    rig.wait_ready()
    assert banner.is_shown, "what came back by itself is no answer to the fault"
    choose(rig, rig.window.top_bar.draft_device, "GPU")
    rig.wait_ready()
    assert not banner.is_shown


def test_use_the_cpu_loads_the_failed_choice_on_the_cpu(open_window: Open) -> None:
    rig = open_window(FakeOptions(load_errors=(None, NO_DEVICE)))
    rig.wait_ready()
    bar = rig.window.top_bar
    choose(rig, bar.main_device, "NPU")
    banner = rig.window.page.banner
    rig.wait(lambda: banner.is_shown)
    assert banner.button.text() == "Use the CPU"
    rig.qtbot.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    rig.wait_ready()
    assert bar.main_device.currentData() == "CPU"
    assert not banner.is_shown


def test_a_tokenizer_mismatch_offers_to_go_on_without_a_draft(open_window: Open) -> None:
    mismatch = ErrorInfo(code=ErrorCode.TOKENIZER_MISMATCH, message="other tokenizer")
    rig = open_window(FakeOptions(load_errors=(mismatch,)))
    loaded: list[Any] = []
    rig.desktop.loads.loaded.connect(loaded.append)
    banner = rig.window.page.banner
    rig.wait(lambda: banner.is_shown)
    rig.qtbot.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    rig.wait_ready()
    assert loaded[-1].spec.strategy is Strategy.NONE


def test_a_load_can_be_cancelled_and_started_again(open_window: Open) -> None:
    rig = open_window(FakeOptions(timing=FakeTiming(load_phase_s=20.0)))
    rig.wait(lambda: rig.desktop.loads.state is SessionState.LOADING)
    rig.window.top_bar.chip.cancel_requested.emit()
    rig.wait(lambda: rig.desktop.loads.state is SessionState.IDLE)
    assert not rig.window.page.banner.is_shown
    chip = rig.window.top_bar.chip
    assert chip.text.text() == "No model loaded"
    rig.qtbot.mouseClick(chip.button, Qt.MouseButton.LeftButton)
    rig.wait(lambda: rig.desktop.loads.state is SessionState.LOADING)


def test_a_failed_device_list_leaves_the_cpu_and_a_notice(open_window: Open) -> None:
    gone = ErrorInfo(code=ErrorCode.ENGINE_UNRESPONSIVE, message="no list came")
    rig = open_window(FakeOptions(device_error=gone))
    rig.wait(lambda: rig.window.page.banner.is_shown)
    combo = rig.window.top_bar.main_device
    assert [combo.itemData(row) for row in range(combo.count())] == ["CPU"]


def test_a_message_after_a_failed_load_loads_again(
    open_window: Open, scripted: Callable[..., FakeAnswer]
) -> None:
    broken = ErrorInfo(code=ErrorCode.OUT_OF_MEMORY, message="no memory")
    rig = open_window(FakeOptions(load_errors=(broken,), answers=(scripted(),)))
    rig.wait(lambda: rig.desktop.loads.state is SessionState.FAILED)
    rig.type_and_send("hi")
    rig.wait(lambda: rig.stage() is TurnStage.NONE)
    assert rig.texts()[1] == "One two three four five six seven."
    assert rig.backend.load_count == 2


def test_the_first_load_is_not_asked_for_twice(
    open_window: Open, scripted: Callable[..., FakeAnswer]
) -> None:
    rig = open_window(FakeOptions(answers=(scripted(),), timing=FakeTiming(load_phase_s=0.02)))
    rig.type_and_send("at once")
    rig.wait(lambda: rig.stage() is TurnStage.NONE)
    assert rig.backend.load_count == 1
