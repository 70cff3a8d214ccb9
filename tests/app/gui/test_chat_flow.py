"""Sending, streaming, stopping and failing, in the real window over the scripted engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.controllers.turn import TurnStage
from app.core.answer_figures import footer_text
from app.core.conversation import MessageState
from app.core.translation import untranslated
from engine.backends.fake_script import FakeAnswer, FakeOptions, FakeTiming
from engine.errors import ErrorCode, ErrorInfo
from engine.events import FinishReason, GenerationFinished, StatsUpdated, TokensStreamed
from engine.metrics.report import GenerationReport, LiveStats

Open = Callable[..., Any]
Scripted = Callable[..., FakeAnswer]
TEXT = "One two three four five six seven."
HANGING = 60.0


def test_enter_sends_and_the_answer_streams_in(open_window: Open, scripted: Scripted) -> None:
    rig = open_window(FakeOptions(answers=(scripted(),)))
    rig.wait_ready()
    assert not rig.window.page.shows_chat
    rig.type_and_send("Hello there")
    assert rig.window.page.shows_chat
    assert rig.window.page.composer.edit.toPlainText() == ""
    rig.wait(lambda: rig.stage() is TurnStage.NONE)
    assert rig.texts() == ["Hello there", TEXT]
    assert rig.desktop.transcript.state_of(1) is MessageState.DONE


def test_shift_enter_makes_a_new_line(open_window: Open) -> None:
    rig = open_window()
    edit = rig.window.page.composer.edit
    QTest.keyClicks(edit, "one")
    QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(edit, "two")
    assert edit.toPlainText() == "one\ntwo"
    assert len(rig.desktop.transcript) == 0


def test_blank_text_is_not_sent(open_window: Open) -> None:
    rig = open_window()
    rig.wait_ready()
    rig.type_and_send("   ")
    assert len(rig.desktop.transcript) == 0
    assert not rig.window.page.composer.send_button.isEnabled()


def test_the_first_message_waits_for_the_load(open_window: Open, scripted: Scripted) -> None:
    timing = FakeTiming(load_phase_s=0.05)
    rig = open_window(FakeOptions(answers=(scripted(),), timing=timing))
    rig.type_and_send("early")
    assert rig.stage() is TurnStage.WAITING
    assert rig.desktop.transcript.state_of(1) is MessageState.WAITING
    assert "Waiting" in rig.desktop.transcript.notice(1)
    rig.wait(lambda: rig.stage() is TurnStage.NONE)
    assert rig.texts() == ["early", TEXT]
    assert rig.desktop.transcript.notice(1) == ""


def test_a_waiting_message_can_be_withdrawn(open_window: Open) -> None:
    rig = open_window(FakeOptions(timing=FakeTiming(load_phase_s=0.2)))
    rig.wait(rig.window.isActiveWindow)
    rig.type_and_send("early")
    QTest.keyClick(rig.window.page.composer.edit, Qt.Key.Key_Escape)
    assert rig.stage() is TurnStage.NONE
    rig.wait_ready()
    assert rig.texts() == ["early", ""]
    assert rig.desktop.transcript.state_of(1) is MessageState.STOPPED


@pytest.mark.parametrize("way", ["button", "escape"])
def test_stop_keeps_the_text(open_window: Open, scripted: Scripted, way: str) -> None:
    rig = open_window(FakeOptions(answers=(scripted(hang_s=HANGING),)))
    rig.wait_ready()
    rig.type_and_send("hi")
    rig.wait(lambda: rig.texts()[1] == TEXT)
    composer = rig.window.page.composer
    assert composer.send_button.accessibleName() == "Stop"
    if way == "button":
        rig.qtbot.mouseClick(composer.send_button, Qt.MouseButton.LeftButton)
    else:
        QTest.keyClick(composer.edit, Qt.Key.Key_Escape)
    assert rig.stage() is TurnStage.STOPPING
    rig.wait(lambda: rig.stage() is TurnStage.NONE)
    assert rig.desktop.transcript.state_of(1) is MessageState.STOPPED
    assert rig.texts()[1] == TEXT
    assert "stopped" in rig.desktop.transcript.footer(1)
    assert composer.send_button.accessibleName() == "Send"


def test_enter_lets_a_message_wait_while_an_answer_is_made(
    open_window: Open, scripted: Scripted
) -> None:
    rig = open_window(FakeOptions(answers=(scripted(hang_s=HANGING),)))
    rig.wait_ready()
    rig.type_and_send("first")
    rig.type_and_send("second")
    assert rig.window.page.composer.edit.toPlainText() == ""
    assert [item.text for item in rig.desktop.composing.queue.waiting] == ["second"]
    assert len(rig.desktop.transcript) == 2


def test_footer_and_panel_say_what_the_report_says(open_window: Open, scripted: Scripted) -> None:
    rig = open_window(FakeOptions(answers=(scripted(),)))
    reports: list[GenerationReport] = []
    rig.desktop.chat.answered.connect(reports.append)
    rig.wait_ready()
    rig.type_and_send("hi")
    rig.wait(lambda: reports)
    (report,) = reports
    assert report.token_count == 7
    footer = rig.desktop.transcript.footer(1)
    assert footer == footer_text(report, untranslated)
    assert footer.startswith("7 tokens")
    card = rig.window.stats.answer
    assert card.value("tokens") == "7"
    assert card.value("accepted_of_drafted") == f"{report.accepted} / {report.drafted}"
    assert card.strip.runs == report.run_lengths == (1, 4, 2)


def test_events_of_another_generation_change_nothing(open_window: Open, scripted: Scripted) -> None:
    rig = open_window(FakeOptions(answers=(scripted(hang_s=HANGING),)))
    rig.wait_ready()
    rig.type_and_send("hi")
    rig.wait(lambda: rig.texts()[1] == TEXT)
    stale = TokensStreamed(generation_id=999, text=" stale", spans=(), token_count=1, at_s=1.0)
    rig.desktop.chat.on_event(stale)
    rig.desktop.transcript.flush()
    assert rig.texts()[1] == TEXT
    assert rig.stage() is TurnStage.STREAMING


def test_a_new_chat_does_not_stop_the_answer_and_shows_nothing_of_it(
    open_window: Open, scripted: Scripted
) -> None:
    rig = open_window(FakeOptions(answers=(scripted(hang_s=0.5), scripted())))
    ended: list[Any] = []
    rig.desktop._foundation.bridge.add_listener(
        lambda event: ended.append(event) if isinstance(event, GenerationFinished) else None
    )
    rig.wait_ready()
    rig.type_and_send("old")
    rig.wait(lambda: rig.texts()[1] == TEXT)
    QTest.keyClick(rig.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert rig.texts() == []
    assert not rig.window.page.shows_chat
    assert rig.stage() is TurnStage.NONE
    rig.wait(lambda: ended)
    assert ended[0].finish_reason is FinishReason.END
    assert rig.texts() == []
    rig.type_and_send("new")
    rig.wait(lambda: rig.stage() is TurnStage.NONE)
    assert rig.texts() == ["new", TEXT]


def test_figures_are_shown_at_most_five_times_a_second(
    open_window: Open, scripted: Scripted
) -> None:
    rig = open_window(FakeOptions(answers=(scripted(hang_s=HANGING),)))
    rig.wait_ready()
    rig.type_and_send("hi")
    rig.wait(lambda: rig.texts()[1] == TEXT)
    shown: list[object] = []
    rig.desktop.chat.figures_changed.connect(shown.append)
    for count in range(500):
        stats = LiveStats(token_count=count, elapsed_s=1.0, tokens_per_s=7.0)
        rig.desktop.chat.on_event(StatsUpdated(generation_id=1, stats=stats))
    assert shown == []
    rig.wait(lambda: shown)
    assert rig.window.stats.answer.value("tokens") == "499"
    assert rig.window.stats.speed.value.text() == "7.0"
    assert len(shown) == 1


def test_an_example_prompt_is_sent(open_window: Open, scripted: Scripted) -> None:
    rig = open_window(FakeOptions(answers=(scripted(),)))
    rig.wait_ready()
    button = rig.window.page.empty_state.buttons[0]
    rig.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    rig.wait(lambda: rig.stage() is TurnStage.NONE)
    assert rig.texts() == [button.text(), TEXT]


def test_a_crash_keeps_the_text_and_the_engine_comes_back(
    open_window: Open, scripted: Scripted
) -> None:
    crash = ErrorInfo(code=ErrorCode.ENGINE_CRASHED, message="gone", facts=(("cause", "crashed"),))
    rig = open_window(FakeOptions(answers=(scripted(error=crash), scripted())))
    rig.wait_ready()
    rig.type_and_send("hi")
    rig.wait(lambda: rig.stage() is TurnStage.NONE)
    assert rig.texts()[1] == TEXT
    assert rig.desktop.transcript.state_of(1) is MessageState.INTERRUPTED
    banner = rig.window.page.banner
    assert banner.title.text() == "The engine stopped"
    rig.wait_ready()
    assert rig.backend.load_count == 2
    rig.qtbot.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    rig.wait(lambda: rig.stage() is TurnStage.NONE)
    assert rig.texts() == ["hi", TEXT, "hi", TEXT]
    assert not banner.is_shown


def test_repeated_crashes_end_with_a_banner_and_no_loop(
    open_window: Open, scripted: Scripted
) -> None:
    crash = ErrorInfo(code=ErrorCode.ENGINE_CRASHED, message="gone", facts=(("cause", "crashed"),))
    rig = open_window(FakeOptions(answers=(scripted(error=crash),) * 9))
    rig.wait_ready()
    for attempt in range(3):
        rig.type_and_send(f"try {attempt}")
        rig.wait(lambda: rig.stage() is TurnStage.NONE)
        if attempt < 2:
            rig.wait_ready()
    rig.wait(lambda: rig.window.page.banner.is_shown)
    loads = rig.backend.load_count
    rig.qtbot.wait(300)
    assert rig.backend.load_count == loads == 3
    chip = rig.window.top_bar.chip
    rig.qtbot.mouseClick(chip.button, Qt.MouseButton.LeftButton)
    rig.wait_ready()
    assert rig.backend.load_count == 4


def test_an_idle_crash_is_a_plain_notice(open_window: Open) -> None:
    from engine.backends.base import BackendDeath
    from engine.events import RestartCause

    rig = open_window()
    rig.wait_ready()
    rig.backend.die(BackendDeath(cause=RestartCause.CRASHED, exit_code=-9, crash_file=None))
    rig.wait(lambda: rig.window.page.banner.is_shown)
    assert "started again" in rig.window.page.banner.title.text()
    rig.wait_ready()


def test_a_prompt_that_is_too_long_offers_a_new_chat(open_window: Open, scripted: Scripted) -> None:
    too_long = ErrorInfo(code=ErrorCode.PROMPT_TOO_LONG, message="too long")
    rig = open_window(FakeOptions(answers=(FakeAnswer(error=too_long), scripted())))
    rig.wait_ready()
    rig.type_and_send("a very long story")
    rig.wait(lambda: rig.window.page.banner.is_shown)
    assert rig.desktop.transcript.state_of(1) is MessageState.ERROR
    rig.qtbot.mouseClick(rig.window.page.banner.button, Qt.MouseButton.LeftButton)
    assert rig.texts() == []
    assert rig.backend.load_count == 1, "the pipeline is still good"
