"""The first load begins with the first paint, whatever comes before that."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.collection import pause_collection, resume_collection
from app.controllers.turn import TurnStage
from app.desktop import Desktop
from app.first_paint import FirstPaint
from engine.backends.fake_script import FakeAnswer, FakeOptions, FakeTiming
from engine.errors import ErrorCode, ErrorInfo
from engine.placement import Strategy
from engine.state import SessionState

Open = Callable[..., Any]
TEXT = "One two three four five six seven."


def begin(rig: Any) -> None:
    """What the first paint does to the loads."""
    rig.desktop.loads.start()


@pytest.fixture
def open_unpainted(open_window: Open) -> Open:
    """Opens windows that have not begun: no event was processed since."""

    def open_one(options: FakeOptions | None = None, **preferences: Any) -> Any:
        rig = open_window(options, **preferences)
        assert rig.desktop.loads.state is SessionState.IDLE
        assert rig.backend.load_count == 0, "nothing is loaded before the first paint"
        return rig

    return open_one


def test_the_first_paint_loads_once(open_unpainted: Open) -> None:
    rig = open_unpainted()
    rig.wait_ready()
    rig.wait(lambda: rig.window.top_bar.main_device.count() == 3)
    assert rig.backend.load_count == 1


def test_a_message_before_the_paint_is_answered_by_one_load(
    open_unpainted: Open, scripted: Callable[..., FakeAnswer]
) -> None:
    rig = open_unpainted(FakeOptions(answers=(scripted(),)))
    assert rig.desktop.chat.send("early")
    rig.wait(lambda: rig.stage() is TurnStage.NONE)
    rig.wait(lambda: rig.window.top_bar.main_device.count() == 3)
    assert rig.texts() == ["early", TEXT]
    assert rig.backend.load_count == 1


def test_a_choice_before_the_paint_is_what_is_loaded(open_unpainted: Open) -> None:
    rig = open_unpainted(FakeOptions(timing=FakeTiming(load_phase_s=0.02)))
    loaded: list[Any] = []
    rig.desktop.loads.loaded.connect(loaded.append)
    rig.window.top_bar.strategy_chosen.emit(Strategy.NONE)
    rig.wait_ready()
    rig.wait(lambda: rig.window.top_bar.main_device.count() == 3)
    assert [pipeline.spec.strategy for pipeline in loaded] == [Strategy.NONE]
    assert rig.backend.load_count == 1


def test_a_hold_before_the_paint_loads_nothing_until_it_ends(
    open_unpainted: Open, scripted: Callable[..., FakeAnswer]
) -> None:
    rig = open_unpainted(FakeOptions(answers=(scripted(),)))
    loads = rig.desktop.loads
    loads.hold()
    rig.wait(lambda: rig.window.top_bar.main_device.count() == 3)
    assert rig.desktop.chat.send("waits")
    assert rig.backend.load_count == 0
    assert not loads.is_ready
    loads.resume()
    rig.wait(lambda: rig.stage() is TurnStage.NONE)
    assert rig.texts() == ["waits", TEXT]
    assert rig.backend.load_count == 1


def test_a_hold_that_ended_before_the_paint_is_followed_by_one_load(open_unpainted: Open) -> None:
    rig = open_unpainted(FakeOptions(timing=FakeTiming(load_phase_s=0.02)))
    rig.desktop.loads.hold()
    rig.desktop.loads.resume()
    rig.wait_ready()
    rig.wait(lambda: rig.window.top_bar.main_device.count() == 3)
    assert rig.backend.load_count == 1


def test_a_load_that_failed_before_the_paint_is_not_tried_again_by_it(
    open_unpainted: Open,
) -> None:
    broken = ErrorInfo(code=ErrorCode.MODEL_INCOMPLETE, message="truncated")
    rig = open_unpainted(FakeOptions(load_errors=(broken,)))
    rig.desktop.loads.load()
    rig.wait(lambda: rig.desktop.loads.state is SessionState.FAILED)
    begin(rig)
    rig.wait(lambda: rig.window.top_bar.main_device.count() == 3)
    assert rig.backend.load_count == 1
    assert rig.window.page.banner.title.text() == "Model incomplete"


def test_what_a_hold_gave_up_does_not_undo_the_choice(
    open_window: Open, scripted: Callable[..., FakeAnswer]
) -> None:
    rig = open_window(FakeOptions(answers=(scripted(),), timing=FakeTiming(load_phase_s=0.05)))
    rig.wait_ready()
    loads = rig.desktop.loads
    rig.window.top_bar.strategy_chosen.emit(Strategy.NONE)
    rig.wait(lambda: loads.state is SessionState.LOADING)
    loads.hold()
    assert rig.desktop.chat.send("waits"), "asks for the load that was given up"
    rig.wait(lambda: loads.state is SessionState.IDLE)
    assert loads.choice.strategy is Strategy.NONE
    loads.resume()
    rig.wait(lambda: rig.stage() is TurnStage.NONE)
    assert rig.texts() == ["waits", TEXT]


@pytest.mark.parametrize("leave", [Desktop.close, Desktop.quit], ids=["close", "quit"])
def test_a_program_that_is_left_before_its_paint_starts_no_engine(
    open_unpainted: Open, leave: Callable[[Desktop], None]
) -> None:
    rig = open_unpainted()
    leave(rig.desktop)
    rig.window.grab()  # paints after all
    is_over: list[bool] = []
    QTimer.singleShot(0, lambda: is_over.append(True))
    rig.wait(lambda: is_over)
    assert rig.desktop.loads.state is SessionState.IDLE
    assert rig.backend.load_count == 0
    assert rig.desktop.chat_view is None


def test_a_widget_that_is_never_painted_begins_after_a_while(qtbot: QtBot) -> None:
    hidden = QWidget()
    qtbot.addWidget(hidden)
    told: list[str] = []
    first_paint = FirstPaint(hidden, latest_ms=0)
    first_paint.painted.connect(lambda: told.append("painted"))
    first_paint.begun.connect(lambda: told.append("begun"))
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["begun"]
    hidden.show()
    qtbot.waitUntil(lambda: len(told) > 1)
    assert told == ["begun", "painted"], "the work begins once"


def test_a_paint_begins_the_work_and_its_limit_does_not_begin_it_again(qtbot: QtBot) -> None:
    shown = QWidget()
    qtbot.addWidget(shown)
    told: list[str] = []
    first_paint = FirstPaint(shown, latest_ms=60_000)
    first_paint.painted.connect(lambda: told.append("painted"))
    first_paint.begun.connect(lambda: told.append("begun"))
    shown.show()
    qtbot.waitUntil(lambda: bool(told))
    shown.update()
    qtbot.wait(1)
    assert told == ["painted", "begun"]


def test_nothing_is_collected_during_the_start_and_everything_new_after_it() -> None:
    assert gc.isenabled()
    gc.collect()  # only what stays is frozen below
    frozen = gc.get_freeze_count()
    resume_collection()
    assert gc.get_freeze_count() <= frozen, "a start that did not pause freezes nothing"
    pause_collection()
    try:
        assert not gc.isenabled()
        made = [[number] for number in range(1000)]
    finally:
        resume_collection()
    assert gc.isenabled()
    assert gc.get_freeze_count() >= frozen + len(made)
