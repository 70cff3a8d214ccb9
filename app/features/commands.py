"""The actions of the window: their keys, the command palette (Ctrl+K) and the list of keys (F1)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QKeySequence, QShortcut

from app.core.actions import Action, ActionGroup, ActionRegistry, Provider
from app.views.main_window import MainWindow


class Commands(QObject):
    """The registry with its keys. Other features add their actions here."""

    def __init__(self, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self.registry = ActionRegistry()
        self._shortcuts: dict[str, QShortcut] = {}

    def add(self, action: Action) -> None:
        """Add an action that is always there, and listen to its keys.

        Raises:
            ValueError: its id or its keys are taken.
        """
        self.registry.add(action)
        if action.shortcut:
            shortcut = QShortcut(QKeySequence(action.shortcut), self._window)
            shortcut.activated.connect(partial(self._run, action))
            self._shortcuts[action.id] = shortcut

    def add_chat_action(self, source: str, run: Callable[[], object], shortcut: str = "") -> None:
        """Add an action of the chat by its English text, marked in the context `Actions`."""
        self.add(
            Action(
                id=source.lower().replace(" ", "_"),
                text=partial(QCoreApplication.translate, "Actions", source),
                group=ActionGroup.CHAT,
                run=run,
                shortcut=shortcut,
            )
        )

    def provide(self, provider: Provider) -> None:
        """Add a source of actions that come and go, such as chats; asked when they are shown."""
        self.registry.provide(provider)

    def listen(self, action_id: str, on: bool) -> None:
        """Listen to the keys of an action, or leave them to the part that has the focus."""
        self._shortcuts[action_id].setEnabled(on)

    def show_palette(self) -> None:
        """Open the command palette."""
        from app.views.command_palette import CommandPalette

        CommandPalette(self.registry.all(), self.group_names(), self._window).open_over(
            self._window
        )

    def show_shortcuts(self) -> None:
        """Open the list of keys."""
        from app.views.shortcuts_dialog import ShortcutsDialog

        ShortcutsDialog(
            self.registry.fixed(),
            self.group_names(),
            local_keys=self.local_keys(),
            parent=self._window,
        ).open()

    def group_names(self) -> dict[ActionGroup, str]:
        """Names of the groups, in order."""
        return {
            ActionGroup.CHAT: self.tr("Chat"),
            ActionGroup.VIEW: self.tr("View"),
            ActionGroup.PAGE: self.tr("Page"),
            ActionGroup.STRATEGY: self.tr("Strategy"),
            ActionGroup.DEVICE: self.tr("Device"),
            ActionGroup.PRESET: self.tr("Preset"),
            ActionGroup.CHATS: self.tr("Chats"),
            ActionGroup.MODELS: self.tr("Models"),
            ActionGroup.PROGRAM: self.tr("Program"),
        }

    def local_keys(self) -> dict[str, list[tuple[str, str]]]:
        """What keys do inside a part of the window."""
        return {
            self.tr("While writing"): [
                (self.tr("Send, or let the message wait its turn"), "Return"),
                (self.tr("New line"), "Shift+Return"),
                (self.tr("Edit the last message, when nothing is written"), "Up"),
            ],
            self.tr("In the chat"): [
                (self.tr("Find in this chat"), "Ctrl+F"),
                (self.tr("Next and previous place"), "F3 / Shift+F3"),
                (self.tr("Message before, message after"), "Up / Down"),
                (self.tr("What can be done with the message"), "Return"),
                (self.tr("Copy the message"), "C"),
                (self.tr("Show or hide thinking and attached texts"), "Space"),
                (self.tr("Go through the verify steps of the answer"), "S"),
            ],
            self.tr("Everywhere"): [
                (self.tr("Next control, control before"), "Tab / Shift+Tab"),
                (self.tr("Press the button that has the focus"), "Space"),
                (self.tr("Close a dialog or a menu"), "Esc"),
            ],
        }

    def _run(self, action: Action) -> None:
        if action.is_enabled():
            action.run()
