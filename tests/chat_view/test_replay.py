"""Replaying an answer step by step, and messages as plain text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.chat_view.replay import replay_steps
from app.chat_view.replay_dialog import ReplayDialog
from app.chat_view.view import ChatView
from app.core.conversation import Message, MessageState
from engine.events import TextSpan
from engine.messages import Role
from engine.metrics.report import GenerationReport
from engine.params import GenerationParams

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

Chat = Any
QtBot = Any
MakeReport = Callable[..., GenerationReport]
TEXT = "One two **three** four."
SPANS = (
    TextSpan(characters=4, step=0, accepted=False),
    TextSpan(characters=3, step=1, accepted=True),
    TextSpan(characters=6, step=1, accepted=True),
    TextSpan(characters=4, step=1, accepted=False),
    TextSpan(characters=6, step=2, accepted=False),
)


def message(report: GenerationReport | None) -> Message:
    return Message(role=Role.ASSISTANT, text=TEXT, spans=SPANS, report=report)


def test_steps_hold_all_of_the_text(report: MakeReport) -> None:
    steps = replay_steps(message(report()))
    assert "".join(step.text for step in steps) == TEXT
    assert [(s.step, s.accepted, s.own, s.proposed) for s in steps] == [
        (0, 0, 1, 0),
        (1, 3, 1, 5),
        (2, 2, 1, 5),
    ]


def test_without_a_report_the_spans_tell(report: MakeReport) -> None:
    steps = replay_steps(message(None))
    assert [(s.accepted, s.own, s.proposed) for s in steps] == [
        (0, 1, 0),
        (2, 1, None),
        (0, 1, None),
    ]
    lookup = replay_steps(message(report(strategy="prompt_lookup")))
    assert [s.proposed for s in lookup] == [0, None, None]
    unknown = replay_steps(message(report(params=GenerationParams())))
    assert [s.proposed for s in unknown] == [0, None, None]
    assert replay_steps(Message(role=Role.ASSISTANT, text=TEXT)) == ()


@pytest.fixture
def dialog(chat: Chat, report: MakeReport, qtbot: QtBot) -> ReplayDialog:
    row = chat.model.append(message(report()))
    opened = chat.view.details.replay(row)
    assert isinstance(opened, ReplayDialog)
    qtbot.addWidget(opened)
    return opened


def test_it_plays_to_the_end_by_itself(dialog: ReplayDialog, qtbot: QtBot) -> None:
    assert dialog.is_playing
    assert dialog.text == ""
    dialog.speed.setValue(dialog.speed.maximum())
    qtbot.waitUntil(lambda: not dialog.is_playing)
    assert dialog.text == TEXT
    assert dialog.play.text() == "Play"
    qtbot.mouseClick(dialog.play, Qt.MouseButton.LeftButton)
    assert dialog.step == 0
    assert dialog.is_playing


def test_steps_are_captioned(dialog: ReplayDialog) -> None:
    captions = []
    for count in range(4):
        dialog.show_step(count)
        captions.append(dialog.caption.text())
    assert captions == [
        "The prompt has been read; nothing is written yet.",
        "Step 0: reading the prompt gave the first token.",
        "Step 1: 3 of 5 proposals accepted, 1 by the main model",
        "Step 2: 2 of 5 proposals accepted, 1 by the main model",
    ]


def test_one_may_pause_and_step_by_keys(dialog: ReplayDialog, qtbot: QtBot) -> None:
    qtbot.keyClick(dialog, Qt.Key.Key_Space)
    assert not dialog.is_playing
    qtbot.keyClick(dialog, Qt.Key.Key_Right)
    qtbot.keyClick(dialog, Qt.Key.Key_Right)
    assert dialog.text == TEXT[:17]
    qtbot.keyClick(dialog, Qt.Key.Key_Left)
    assert dialog.text == TEXT[:4]
    dialog.place.setValue(3)
    assert dialog.text == TEXT
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_its_keys_work_while_the_text_has_the_focus(dialog: ReplayDialog, qtbot: QtBot) -> None:
    view = dialog.findChildren(ChatView)[0]
    dialog.show_step(2)
    playing = [dialog.is_playing]
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert [*playing, dialog.is_playing] == [True, False]
    qtbot.keyClick(view, Qt.Key.Key_Left)
    steps = [dialog.step]
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert [*steps, dialog.step] == [1, 2]
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_every_control_has_a_name(dialog: ReplayDialog) -> None:
    buttons, sliders = (dialog.play, dialog.back, dialog.forward), (dialog.place, dialog.speed)
    assert all(button.text() for button in buttons)
    assert all(slider.accessibleName() for slider in sliders)
    assert all(w.focusPolicy() is not Qt.FocusPolicy.NoFocus for w in (*buttons, *sliders))


def test_only_what_was_recorded_can_be_replayed(chat: Chat, report: MakeReport) -> None:
    plain = chat.answer("plain")
    assert chat.view.details.replay(plain) is None
    live = chat.model.append(
        Message(role=Role.ASSISTANT, text="abcd", spans=SPANS[:1], state=MessageState.STREAMING)
    )
    assert chat.view.details.replay(live) is None
    done = chat.model.append(message(report()))
    menu = chat.view.details.menu(chat.point_of(done, 0, 1))
    assert "Replay slowly" in [action.text() for action in menu.actions()]
    menu.close()


def test_a_message_as_plain_text(chat: Chat, qtbot: QtBot) -> None:
    row = chat.answer("**as** it `is`")
    dialog: QWidget = chat.view.details.show_plain_text(row)
    qtbot.addWidget(dialog)
    (editor,) = dialog.findChildren(QPlainTextEdit)
    assert editor.toPlainText() == "**as** it `is`"
    assert editor.isReadOnly()
    assert editor.accessibleName()
    assert chat.view.details.show_plain_text(9) is None
