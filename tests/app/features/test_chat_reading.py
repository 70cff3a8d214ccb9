"""Code saved as files, and the strip of runs that leads to a step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app.chat_view.style import Style
from app.chat_view.view import ChatView
from app.core.conversation import Message
from app.features.chat_reading import ask_where_to_save, connect_chat_view, save_text
from app.palette import LIGHT
from app.viewmodels.transcript_model import TranscriptModel
from app.views.main_window import MainWindow
from engine.events import TextSpan
from engine.messages import Role

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

QtBot = Any


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    window = MainWindow(LIGHT)
    qtbot.addWidget(window)
    return window


@pytest.fixture
def view(window: MainWindow) -> ChatView:
    view = ChatView(Style.light())
    model = TranscriptModel(view)
    spans = (
        TextSpan(characters=4, step=0, accepted=False),
        TextSpan(characters=4, step=1, accepted=True),
    )
    view.set_model(model)
    window.page.set_chat(view)
    model.append(Message(role=Role.ASSISTANT, text="one two ", spans=spans))
    model.append(Message(role=Role.USER, text="and?"))
    connect_chat_view(view, window)
    window.page.show_chat(True)
    window.show()
    return view


def test_code_is_written_where_the_user_says(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = ask_where_to_save(window, "print(1)", "code.py")
    qtbot.addWidget(dialog)
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    assert Path(dialog.selectedFiles()[0]).name == "code.py"
    dialog.fileSelected.emit(str(tmp_path / "mine.py"))
    assert (tmp_path / "mine.py").read_text(encoding="utf-8") == "print(1)\n"


def test_a_failure_is_told(window: MainWindow, tmp_path: Path) -> None:
    assert not save_text(window, tmp_path / "no" / "folder" / "x.py", "code")
    (told,) = window.findChildren(QMessageBox)
    assert "could not be written" in told.text()
    told.close()


def test_the_strip_leads_to_the_step(view: ChatView, window: MainWindow) -> None:
    window.stats.answer.strip.step_activated.emit(7)
    assert not view.clear_marks()
    window.stats.answer.strip.step_activated.emit(1)
    assert view.clear_marks()


def test_find_opens_from_the_composer(view: ChatView, window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitExposed(window)
    window.page.composer.focus()
    field = window.focusWidget()
    qtbot.keyClick(field, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert view.finding.is_open
    window.page.show_chat(False)
    view.finding.close()
    window.page.composer.focus()
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert not view.finding.is_open
