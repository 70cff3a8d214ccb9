"""The command palette, the list of keys, the settings dialog and the tray in a real window."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QSystemTrayIcon

from app.core.declaration import Section
from app.core.preferences import FontSize, Preferences, Theme, declarations
from app.views.caption_combo import CaptionCombo
from app.views.command_palette import CommandPalette
from app.views.settings.dialog import SettingsDialog
from app.views.shortcuts_dialog import ShortcutsDialog
from engine.placement import Strategy

Open = Callable[..., Any]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def palette(rig: Any) -> CommandPalette:
    rig.desktop.commands.show_palette()
    found = QApplication.activeModalWidget()
    assert isinstance(found, CommandPalette)
    return found


def rows(found: CommandPalette) -> list[str]:
    return [str(found.model.index(row).data()) for row in range(found.model.rowCount())]


def test_a_command_is_found_and_done_by_keys_alone(open_window: Open) -> None:
    rig = open_window(theme="light")
    found = palette(rig)
    QTest.keyClicks(found.edit, "theme dark")
    assert rows(found)[0] == "Theme: dark"
    QTest.keyClick(found.edit, Qt.Key.Key_Return)
    assert rig.desktop.preferences.current.theme is Theme.DARK
    assert QApplication.activeModalWidget() is None


def test_the_arrows_choose_and_escape_does_nothing(open_window: Open) -> None:
    rig = open_window(theme="light")
    found = palette(rig)
    QTest.keyClicks(found.edit, "theme")
    QTest.keyClick(found.edit, Qt.Key.Key_Down)
    QTest.keyClick(found.edit, Qt.Key.Key_Down)
    QTest.keyClick(found.edit, Qt.Key.Key_Up)
    assert found.list.currentIndex().row() == 1
    QTest.keyClick(found.edit, Qt.Key.Key_Escape)
    assert QApplication.activeModalWidget() is None
    assert rig.desktop.preferences.current.theme is Theme.LIGHT


def test_the_palette_knows_placements_presets_pages_and_chats(open_window: Open) -> None:
    rig = open_window()
    rig.wait_ready()
    rig.type_and_send("A question about lighthouses")
    rig.wait(
        lambda: any(
            "lighthouses" in action.text() for action in rig.desktop.commands.registry.all()
        )
    )
    texts = {action.text() for action in rig.desktop.commands.registry.all()}
    assert {"Use no draft", "Main model on GPU (Demonstration graphics)", "Models"} <= texts
    assert {"Balanced", "Work on a given text"} <= texts
    for action in rig.desktop.commands.registry.all():
        if action.text() == "Use no draft":
            action.run()
    assert rig.desktop.loads.choice.strategy is Strategy.NONE


def test_the_first_command_begins_a_chat(open_window: Open) -> None:
    rig = open_window()
    found = palette(rig)
    assert rows(found)[:2] == ["New chat", "New temporary chat"]
    found.close()


def test_a_click_that_is_reported_twice_acts_once(open_window: Open) -> None:
    rig = open_window(token_colours=False)
    found = palette(rig)
    QTest.keyClicks(found.edit, "mark accepted")
    first = found.model.index(0)
    found.list.clicked.emit(first)
    found.list.activated.emit(first)
    assert rig.desktop.preferences.current.token_colours


def test_the_palette_exports_and_changes_the_open_chat(open_window: Open) -> None:
    rig = open_window()
    registry = rig.desktop.commands.registry

    def known() -> dict[str, Any]:
        return {action.id: action for action in registry.all()}

    assert "import_chats" in known()
    assert not any("this_chat" in name for name in known())
    rig.wait_ready()
    rig.type_and_send("A question")
    rig.wait(lambda: "pin_this_chat" in known())
    formats = {name for name in known() if name.startswith("export_this")}
    assert formats == {
        f"export_this_chat_as_{kind}" for kind in ("markdown", "html", "pdf", "json")
    }
    known()["pin_this_chat"].run()
    rig.wait(lambda: "unpin_this_chat" in known())
    rig.window.top_bar.sidebar_button.click()
    assert not rig.window.sidebar.isVisible()
    known()["rename_this_chat"].run()
    assert rig.window.sidebar.isVisible()
    listed = rig.desktop.history.panel.list
    assert listed.is_editing
    name = listed.findChild(QLineEdit)
    assert name is not None
    QTest.keyClick(name, Qt.Key.Key_Escape)
    rig.wait(lambda: not rig.window.page.composer.is_busy)
    known()["delete_this_chat"].run()
    rig.wait(lambda: "export_all_chats_as_json" not in known())


def test_nothing_that_fits_is_said(open_window: Open) -> None:
    rig = open_window()
    found = palette(rig)
    found.edit.setText("zzzzqqq")
    assert rows(found) == []
    assert not found.empty.isHidden()
    QTest.keyClick(found.edit, Qt.Key.Key_Return)
    assert QApplication.activeModalWidget() is found
    found.close()


def test_every_shortcut_is_listed_with_its_action(open_window: Open) -> None:
    rig = open_window()
    rig.desktop.commands.show_shortcuts()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ShortcutsDialog)
    listed: dict[str, str] = {}
    for index in range(dialog.tree.topLevelItemCount()):
        head = dialog.tree.topLevelItem(index)
        assert head is not None
        for row in range(head.childCount()):
            child = head.child(row)
            assert child is not None
            listed[child.text(0)] = child.text(1)
    for action in rig.desktop.commands.registry.fixed():
        assert bool(action.shortcut) == (action.text() in listed), action.id
    assert listed["All commands"] == "Ctrl+K"
    dialog.filter.setText("ctrl+k")
    shown = [
        head
        for head in map(dialog.tree.topLevelItem, range(dialog.tree.topLevelItemCount()))
        if head and not head.isHidden()
    ]
    assert len(shown) == 1
    dialog.close()


def test_escape_stops_only_while_there_is_an_answer(open_window: Open) -> None:
    rig = open_window()
    keys = rig.desktop.commands._shortcuts["stop_the_answer"]
    assert not keys.isEnabled()
    rig.wait_ready()
    rig.type_and_send("hi")
    assert keys.isEnabled()
    rig.wait(lambda: not keys.isEnabled())


def settings(rig: Any) -> SettingsDialog:
    rig.desktop.settings.open()
    dialog = rig.desktop.settings.dialog
    assert isinstance(dialog, SettingsDialog)
    return dialog


def test_the_dialog_has_every_field_of_every_section(open_window: Open) -> None:
    rig = open_window()
    dialog = settings(rig)
    wanted = [key for key, item in declarations().items() if isinstance(item.section, Section)]
    assert sorted(dialog.fields) == sorted(wanted)
    assert {"language", "theme", "font_size", "close_to_tray", "figures_per_s"} <= set(wanted)
    dialog.close()


def test_each_field_can_be_changed_and_reset(open_window: Open) -> None:
    rig = open_window()
    dialog = settings(rig)
    for key, row in dialog.fields.items():
        dialog.show_unavailable({})
        default = getattr(Preferences(), key)
        assert row.reset.isHidden(), key
        declaration = declarations()[key]
        if isinstance(row.control, CaptionCombo):
            row.control.choose(next(item for item in declaration.choices if item != default))
            row.control.activated.emit(0)
        else:
            is_switch = declaration.kind is bool
            QTest.keyClick(row.control, Qt.Key.Key_Space if is_switch else Qt.Key.Key_Up)
        assert getattr(rig.desktop.preferences.current, key) != default, key
        assert not row.reset.isHidden(), key
        row.reset.click()
        assert getattr(rig.desktop.preferences.current, key) == default, key
    dialog.close()


def test_a_search_leaves_only_what_fits(open_window: Open) -> None:
    rig = open_window()
    dialog = settings(rig)
    dialog.search.setText("extra large")
    shown = [key for key, row in dialog.fields.items() if not row.isHidden()]
    assert shown == ["font_size"]
    dialog.search.setText("telemetry")
    assert all(row.isHidden() for row in dialog.fields.values())
    dialog.search.setText("")
    assert not any(row.isHidden() for row in dialog.fields.values())
    dialog.close()


def test_the_size_of_text_changes_everything_at_once(open_window: Open) -> None:
    rig = open_window()
    rig.desktop.ensure_chat_view()
    before = rig.window.sidebar.new_chat.fontMetrics().height()
    chat_before = rig.desktop.theme.chat_style().font_px
    rig.desktop.preferences.update(font_size=FontSize.EXTRA_LARGE)
    assert rig.window.sidebar.new_chat.fontMetrics().height() > before
    assert rig.desktop.theme.chat_style().font_px > chat_before
    rig.desktop.preferences.update(font_size=FontSize.MEDIUM)
    assert rig.window.sidebar.new_chat.fontMetrics().height() == before


def test_nothing_is_pushed_out_of_the_window(open_window: Open) -> None:
    rig = open_window()
    window = rig.window
    for size in FontSize:
        rig.desktop.preferences.update(font_size=size)
        for width in (820, 1000, 1280, 1920):
            window.resize(width, 700)
            QApplication.processEvents()
            assert window.width() == width, size
            for part in (
                window.top_bar.stats_button,
                window.page.composer.send_button,
                window.stats,
            ):
                right = part.mapTo(window, part.rect().topRight()).x()
                assert right < width or not part.isVisible(), (size, width, part)


def test_large_text_beside_both_panels_leaves_the_composer_whole(open_window: Open) -> None:
    rig = open_window(font_size=FontSize.EXTRA_LARGE)
    window, composer = rig.window, rig.window.page.composer
    strip = rig.desktop.history.temporary.strip
    strip.show()
    QApplication.processEvents()
    for panel, button in (
        (window.sidebar, window.top_bar.sidebar_button),
        (window.stats, window.top_bar.stats_button),
    ):
        if not panel.isVisible():
            button.click()
    for width in (1280, 1230, 1270):
        window.resize(width, 800)
        QApplication.processEvents()
        assert window.sidebar.isVisible()
        assert window.stats.isVisible()
        assert composer.minimumSizeHint().width() <= composer.width()
        assert composer.height() >= composer.minimumSizeHint().height()
        assert strip.height() >= strip.heightForWidth(strip.width())


def test_the_update_rate_reaches_the_figures(open_window: Open) -> None:
    rig = open_window()
    rig.desktop.preferences.update(figures_per_s=2)
    assert rig.desktop.chat._figures._timer.interval() == 500


def test_without_a_tray_closing_closes(open_window: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: False))
    rig = open_window(tray=True, close_to_tray=True)
    assert not rig.desktop.tray.is_shown
    dialog = settings(rig)
    assert not dialog.fields["tray"].control.isEnabled()
    dialog.close()
    event = QCloseEvent()
    QApplication.sendEvent(rig.window, event)
    assert event.isAccepted()


@pytest.mark.qt_log_ignore("systemTrayWindowChanged", "does not support", extend=True)
def test_with_a_tray_closing_hides_and_the_icon_brings_it_back(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    monkeypatch.setattr(QSystemTrayIcon, "isVisible", lambda _: True)
    rig = open_window(tray=True, close_to_tray=True)
    event = QCloseEvent()
    QApplication.sendEvent(rig.window, event)
    assert not event.isAccepted()
    assert not rig.window.isVisible()
    assert not QApplication.quitOnLastWindowClosed()
    rig.desktop.tray.show_window()
    assert rig.window.isVisible()
    rig.desktop.preferences.update(tray=False)
    assert QApplication.quitOnLastWindowClosed()
    event = QCloseEvent()
    QApplication.sendEvent(rig.window, event)
    assert event.isAccepted()


def test_settings_are_written(open_window: Open) -> None:
    rig = open_window()
    dialog = settings(rig)
    QTest.keyClick(dialog.fields["token_colours"].control, Qt.Key.Key_Space)
    dialog.close()
    rig.desktop.preferences.close()
    assert json.loads(Path(rig.preferences_path).read_text())["token_colours"] is True
