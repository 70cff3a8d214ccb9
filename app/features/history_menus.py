"""The menus of the list of chats, and export and import behind them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.core.filling import filled
from app.viewmodels.chat_list_rows import ListRow

if TYPE_CHECKING:
    from app.core.store.values import StoredChat, StoredFolder
    from app.features.history import History
    from app.features.transfer import Transfer


class HistoryMenus(QObject):
    """Menus of chats, of folders, and of the whole list."""

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._history = history
        self._controller = history.controller
        menu = history.panel.menu
        menu.aboutToShow.connect(lambda: self._fill_main(menu))

    @cached_property
    def transfer(self) -> Transfer:
        """Export and import."""
        from app.features.transfer import Transfer  # not before the first paint

        return Transfer(self._history)

    def close(self) -> None:
        """Wait for an export in progress."""
        if "transfer" in vars(self):
            self.transfer.close()

    def for_row(self, row: ListRow | None) -> QMenu | None:
        """The context menu of a row; that of the list for the empty room below it."""
        menu = QMenu()
        if row is None:
            self._fill_main(menu)
        elif row.folder is not None:
            self._fill_folder(menu, row.folder)
        elif row.chat is not None:
            self._fill_chats(menu, row.chat)
        else:
            return None
        return menu

    def _fill_main(self, menu: QMenu) -> None:
        menu.clear()
        temporary = menu.addAction(self.tr("New temporary chat"))
        temporary.setShortcut("Ctrl+Shift+N")
        # Shown, not taken: the window has these keys, and taken twice they would do nothing.
        temporary.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        temporary.triggered.connect(self._history.temporary.begin)
        menu.addAction(self.tr("New folder"), lambda: self.new_folder(()))
        menu.addSeparator()
        menu.addAction(self.tr("Import chats\u2026"), self.transfer.ask_import)
        menu.addAction(self.tr("Import a folder\u2026"), self.transfer.ask_import_folder)
        everything = [chat.id for chat in self._history.model.chats]
        export = menu.addMenu(self.tr("Export all chats"))
        export.setEnabled(bool(everything))
        self.transfer.fill_menu(export, everything)

    def _fill_folder(self, menu: QMenu, folder: StoredFolder) -> None:
        key = ("folder", folder.id)
        chats = [c.id for c in self._history.model.chats if c.folder_id == folder.id]
        menu.addAction(
            self.tr("New chat in this folder"),
            lambda: self._controller.new_chat(folder_id=folder.id),
        )
        menu.addAction(self.tr("Rename"), lambda: self._history.ask_for_name(key)).setShortcut("F2")
        export = menu.addMenu(self.tr("Export its chats"))
        export.setEnabled(bool(chats))
        self.transfer.fill_menu(export, chats)
        menu.addSeparator()
        menu.addAction(
            self.tr("Delete folder, keep its chats"),
            lambda: self._controller.delete_folder(folder.id),
        )

    def _fill_chats(self, menu: QMenu, chat: StoredChat) -> None:
        selected = self._history.panel.list.selected_chats()
        ids: Sequence[int] = selected if chat.id in selected else (chat.id,)
        if self._history.answers.is_answering(chat.id):
            menu.addAction(self.tr("Stop the answer"), lambda: self._history.answers.stop(chat.id))
            menu.addSeparator()
        self._add_single(menu, chat, alone=len(ids) == 1)
        pin = self.tr("Unpin") if chat.pinned else self.tr("Pin")
        menu.addAction(pin, lambda: self._controller.pin(ids, on=not chat.pinned))
        self._add_folders(menu.addMenu(self.tr("Move to folder")), ids, chat)
        self.transfer.fill_menu(menu.addMenu(self.tr("Export")), ids)
        menu.addSeparator()
        several = filled(self.tr("Delete {count} {count:chat|chats}"), count=len(ids))
        delete = menu.addAction(self.tr("Delete") if len(ids) == 1 else several)
        delete.setShortcut("Del")
        delete.triggered.connect(lambda: self._controller.delete(ids))

    def _add_single(self, menu: QMenu, chat: StoredChat, *, alone: bool) -> None:
        rename = menu.addAction(self.tr("Rename"))
        rename.setShortcut("F2")
        rename.setEnabled(alone)
        rename.triggered.connect(lambda: self._history.ask_for_name(("chat", chat.id)))
        copy = menu.addAction(self.tr("Duplicate"))
        copy.setEnabled(alone)
        copy.triggered.connect(lambda: self._controller.duplicate(chat.id))

    def _add_folders(self, menu: QMenu, ids: Sequence[int], chat: StoredChat) -> None:
        for folder in self._history.model.folders:
            action = QAction(folder.name.replace("&", "&&"), menu)
            action.setEnabled(folder.id != chat.folder_id or len(ids) > 1)
            action.triggered.connect(
                lambda _=False, target=folder.id: self._controller.move(ids, target)
            )
            menu.addAction(action)
        if self._history.model.folders:
            menu.addSeparator()
        menu.addAction(self.tr("New folder"), lambda: self.new_folder(ids))
        out = menu.addAction(self.tr("Out of its folder"))
        out.setEnabled(chat.folder_id is not None)
        out.triggered.connect(lambda: self._controller.move(ids, None))

    def new_folder(self, chat_ids: Sequence[int]) -> None:
        """Add a folder with a plain name, and let the user type another."""
        taken = {folder.name for folder in self._history.model.folders}
        name, number = self.tr("New folder"), 2
        while name in taken:
            name = self.tr("New folder {number}").format(number=number)
            number += 1
        self._history.names_next_folder = True
        self._controller.create_folder(name, chat_ids)
