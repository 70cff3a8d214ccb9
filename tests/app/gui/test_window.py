"""Columns, switches and shortcuts of the window."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from app.arguments import Arguments
from app.controllers.ask_controller import AskController
from app.core.preferences import Preferences, Theme
from app.palette import DARK, LIGHT
from app.views.composer import MAX_LINES
from engine.backends.fake_script import FakeAnswer, FakeOptions
from engine.errors import ErrorCode, ErrorInfo

Open = Callable[..., Any]
# The offscreen platform says what it cannot do with window stacking.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_every_control_has_a_name_and_a_keyboard_way(open_window: Open) -> None:
    rig = open_window()
    failure = ErrorInfo(code=ErrorCode.OUT_OF_MEMORY, message="no memory")
    rig.desktop.loads.failed.emit(failure)
    kinds = (QAbstractButton, QComboBox, QAbstractSpinBox, QPlainTextEdit, QAbstractScrollArea)
    controls = [
        widget
        for widget in (
            *rig.window.findChildren(QWidget),
            *rig.desktop.popover.findChildren(QWidget),
        )
        if isinstance(widget, kinds)
        and not isinstance(widget, QScrollArea)
        and not widget.objectName().startswith("qt_")
        and widget.window() in (rig.window, rig.desktop.popover)
        and not isinstance(widget.parent(), QComboBox | QLineEdit)
    ]
    assert len(controls) > 15
    for control in controls:
        assert control.accessibleName() or getattr(control, "text", str)(), control
        if control.isEnabled():
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control


def test_themes_change_every_part(open_window: Open) -> None:
    rig = open_window(theme="light")

    def corner() -> str:
        image: QImage = rig.window.page.grab().toImage()
        return image.pixelColor(3, 3).name()

    assert corner() == LIGHT.bg
    rig.window.top_bar.theme_chosen.emit(type(rig.desktop.preferences.current.theme)("dark"))
    assert corner() == DARK.bg
    assert QApplication.palette().window().color().name() == DARK.bg
    assert rig.desktop.preferences.current.theme == "dark"


def test_side_columns_give_way_in_a_narrow_window(open_window: Open) -> None:
    rig = open_window(arguments=Arguments(size=(1280, 800)))
    window = rig.window
    assert window.stats.isVisible()
    window.resize(1100, 700)
    assert not window.stats.isVisible()
    assert window.sidebar.isVisible()
    window.resize(900, 700)
    assert not window.sidebar.isVisible()
    rig.qtbot.mouseClick(window.top_bar.sidebar_button, Qt.MouseButton.LeftButton)
    assert window.sidebar.isVisible()
    window.resize(1280, 800)
    assert window.stats.isVisible()
    assert rig.desktop.preferences.current.stats_panel


def test_the_statistics_switch_is_remembered(open_window: Open) -> None:
    rig = open_window()
    rig.qtbot.mouseClick(rig.window.top_bar.stats_button, Qt.MouseButton.LeftButton)
    assert not rig.window.stats.isVisible()
    rig.wait(rig.preferences_path.exists)
    assert json.loads(rig.preferences_path.read_text())["stats_panel"] is False


def test_a_burst_of_changes_is_written_once(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = open_window()
    writes: list[object] = []
    original = rig.desktop.preferences._file.write

    def noted(new: Preferences) -> None:
        writes.append(new)
        original(new)

    monkeypatch.setattr(rig.desktop.preferences._file, "write", noted)
    for value in range(1, 20):
        rig.window.top_bar.num_assistant_tokens.setValue(value)
    rig.wait(lambda: writes)
    rig.qtbot.wait(50)
    assert len(writes) == 1
    assert json.loads(rig.preferences_path.read_text())["num_assistant_tokens"] == 19


def test_a_folder_that_cannot_be_written_is_said_once(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = open_window()

    def refuse(new: object) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr(rig.desktop.preferences._file, "write", refuse)
    rig.window.top_bar.num_assistant_tokens.setValue(9)
    rig.wait(lambda: rig.window.page.banner.is_shown)
    assert rig.window.page.banner.title.text() == "Cannot save"


def test_damaged_settings_are_said_and_set_aside(open_window: Open) -> None:
    rig = open_window(file_content="{broken")
    assert rig.window.page.banner.is_shown
    assert rig.window.page.banner.title.text() == "File damaged"
    assert list(rig.preferences_path.parent.glob("preferences.damaged-*.json"))
    rig.wait_ready()


def test_settings_of_a_newer_version_are_never_written(open_window: Open) -> None:
    newer = json.dumps({"schema_version": 99, "num_assistant_tokens": 4, "future": [1]})
    rig = open_window(file_content=newer)
    rig.window.top_bar.num_assistant_tokens.setValue(9)
    rig.desktop.preferences.close()
    assert rig.preferences_path.read_text() == newer


def test_the_composer_grows_to_eight_lines(open_window: Open) -> None:
    rig = open_window()
    edit = rig.window.page.composer.edit
    heights = []
    for lines in range(1, 12):
        edit.setPlainText("\n".join("line" for _ in range(lines)))
        QApplication.processEvents()
        heights.append(edit.height())
    growing = heights[:MAX_LINES]
    assert growing == sorted(set(growing))
    assert len(set(heights[MAX_LINES - 1 :])) == 1


def test_pasted_text_is_plain(open_window: Open) -> None:
    rig = open_window()
    from PySide6.QtCore import QMimeData

    data = QMimeData()
    data.setHtml("<b>bold</b>")
    data.setText("bold")
    rig.window.page.composer.edit.insertFromMimeData(data)
    assert rig.window.page.composer.edit.toPlainText() == "bold"


def test_generation_settings_are_kept(open_window: Open) -> None:
    rig = open_window()
    popover = rig.desktop.popover
    rig.qtbot.mouseClick(rig.window.page.composer.settings_button, Qt.MouseButton.LeftButton)
    assert popover.isVisible()
    popover.max_new_tokens.setValue(99)
    popover.system_prompt.setPlainText("Answer in rhymes.")
    popover.hide()
    current = rig.desktop.preferences.current
    assert (current.max_new_tokens, current.system_prompt) == (99, "Answer in rhymes.")


def test_the_place_of_the_window_is_remembered(open_window: Open, tmp_path: Path) -> None:
    first = open_window(arguments=Arguments(size=(820, 555)))
    first.desktop.close()
    second = open_window(arguments=Arguments())
    assert (second.window.width(), second.window.height()) == (820, 555)


@pytest.mark.parametrize("content", ["", "[]", '{"geometry": 5}', '{"geometry": "AAAA"}', "\x00"])
def test_a_damaged_window_file_does_no_harm(
    open_window: Open, tmp_path: Path, content: str
) -> None:
    folder = tmp_path / "data" / "config"
    folder.mkdir(parents=True)
    (folder / "window.json").write_text(content)
    rig = open_window(arguments=Arguments())
    assert rig.window.width() == 1280


@pytest.mark.expected_logs("runtime_failed: broke")
def test_an_error_during_a_script_ends_with_one(open_window: Open, tmp_path: Path) -> None:
    failing = FakeAnswer(error=ErrorInfo(code=ErrorCode.RUNTIME_FAILED, message="broke"))
    rig = open_window(FakeOptions(answers=(failing,)))
    codes: list[int] = []
    script = AskController(
        rig.desktop.chat, rig.desktop.loads, grab=rig.window.grab, screenshot=tmp_path / "s.png"
    )
    script.done.connect(codes.append)
    script.run("hi")
    rig.wait(lambda: codes)
    assert codes == [1]
    assert not (tmp_path / "s.png").exists()


def test_about_names_versions(open_window: Open) -> None:
    rig = open_window()
    rig.wait_ready()
    rig.qtbot.mouseClick(rig.window.sidebar.about, Qt.MouseButton.LeftButton)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    from PySide6.QtWidgets import QLabel

    texts = "\n".join(label.text() for label in dialog.findChildren(QLabel))
    assert "demonstration 1" in texts
    assert "Apache-2.0" in texts
    dialog.close()


@pytest.mark.parametrize(
    ("address", "asks"),
    [
        ("https://example.org/page", True),
        ("mailto:someone@example.org", True),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
    ],
)
def test_links_are_opened_only_after_asking(
    open_window: Open, monkeypatch: pytest.MonkeyPatch, address: str, asks: bool
) -> None:
    opened: list[str] = []

    def note(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    monkeypatch.setattr("app.features.links.QDesktopServices.openUrl", note)
    rig = open_window()
    rig.desktop.ensure_chat_view()
    rig.desktop.chat_view.link_activated.emit(address)
    dialog = QApplication.activeModalWidget()
    assert (dialog is not None) is asks
    assert opened == []
    if isinstance(dialog, QDialog):
        dialog.accept()
        assert opened == [address]


def test_a_fault_opens_one_dialog_with_the_report(open_window: Open) -> None:
    rig = open_window(arguments=Arguments(show_error_windows=True))
    rig.desktop._foundation.guard.on_fault("Traceback\nValueError: boom")
    rig.desktop._foundation.guard.on_fault("Traceback\nValueError: second")
    rig.wait(QApplication.activeModalWidget)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    report = dialog.findChild(QPlainTextEdit)
    assert isinstance(report, QPlainTextEdit)
    assert "boom" in report.toPlainText()
    dialog.close()


def test_an_override_of_the_command_line_is_not_saved(open_window: Open) -> None:
    rig = open_window(arguments=Arguments(theme=Theme.DARK), token_colours=False)
    assert rig.desktop.preferences.current.theme is Theme.DARK
    rig.qtbot.mouseClick(rig.window.top_bar.colours_button, Qt.MouseButton.LeftButton)
    rig.desktop.preferences.close()
    saved = json.loads(rig.preferences_path.read_text())
    assert (saved["theme"], saved["token_colours"]) == ("system", True)
