"""Temporary chats: kept in memory, shown as such, gone when they are left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.controllers.store_access import StoreAccess
from app.core.translation import QT_TRANSLATE_NOOP
from app.views.history.temporary_strip import TemporaryStrip
from app.views.page_stack import CHAT_PAGE

if TYPE_CHECKING:
    from app.desktop import Desktop
    from app.features.history import History


class TemporaryChat(QObject):
    """A store of its own that writes nothing; it exists only once it is needed."""

    def __init__(self, desktop: Desktop, history: History, chats_file: Path) -> None:
        super().__init__(history)
        self._chats_file = chats_file
        self._desktop = desktop
        self._history = history
        self._journal = desktop.journal
        self._access: StoreAccess | None = None
        self.strip = TemporaryStrip()
        self.strip.apply_palette(desktop.theme.palette)
        desktop.window.page.add_above_composer(self.strip)
        desktop.theme.palette_changed.connect(self.strip.apply_palette)
        desktop.chat.leaving.connect(self._leave)
        desktop.chat.stage_changed.connect(lambda _: self._refresh())
        self._journal.changed.connect(self._refresh)
        self.strip.keep_requested.connect(self.keep)

    def add_action(self) -> None:
        """Let it be begun from the palette, and by keys."""
        name = QT_TRANSLATE_NOOP("Actions", "New temporary chat")
        self._desktop.commands.add_chat_action(name, self.begin, "Ctrl+Shift+N")

    def begin(self) -> None:
        """Start a temporary chat."""
        self._desktop.window.show_page(CHAT_PAGE)
        self._desktop.chat.new_chat()
        self._journal.start_new(access=self._store())
        self.strip.show()
        self._refresh()
        self._desktop.window.page.composer.focus()

    def keep(self) -> None:
        """Save the temporary chat after all, and go on in the saved one."""
        access, chat_id = self._journal.access, self._journal.chat_id
        if chat_id is None or not self._journal.is_temporary:
            return
        main = self._journal.main_access
        access.call(
            lambda store: store.read_tree(chat_id),
            lambda tree: main.call(
                lambda store: store.import_chats((tree,)),
                lambda ids: self._open_kept(ids[0]),
            ),
        )

    def close(self) -> None:
        """Forget everything."""
        if self._access is not None:
            self._access.close()

    def _open_kept(self, chat_id: int) -> None:
        self._history.controller.refresh()
        self._history.controller.open_chat(chat_id)

    def _store(self) -> StoreAccess:
        if self._access is None:
            from app.features.history import store_at

            self._access = StoreAccess(store_at(self._chats_file, memory_only=True), self)
        return self._access

    def _leave(self) -> None:
        """Whatever is shown next, the temporary chat is gone."""
        chat_id = self._journal.chat_id
        if self._journal.is_temporary and chat_id is not None:
            access = self._journal.access
            access.call(lambda store: store.delete_chats((chat_id,)))
            access.call(lambda store: store.purge_deleted())
        self.strip.hide()

    def _refresh(self) -> None:
        has_chat = self._journal.chat_id is not None
        busy = self._history.messages.branch.is_busy
        self.strip.keep_button.setEnabled(has_chat and not busy)
