"""Keeps with each chat what was being written in it and how its answers are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.controllers.open_chat import OpenChat
from app.controllers.send_queue import QueuedMessage
from app.core.generation_settings import GenerationSettings
from engine.messages import Role

if TYPE_CHECKING:
    from app.core.store.values import OpenedChat
    from app.desktop import Desktop

_KEY = "generation"


class ChatKeeping(QObject):
    """Drafts and generation settings follow the open chat; the draft of a new chat, which has no
    place in the store yet, is kept while the window is open."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self._desktop = desktop
        self._journal = desktop.journal
        self._composer = desktop.window.page.composer
        self._generation = desktop.generation
        self._new_draft = ""
        self._connect()

    def _connect(self) -> None:
        chat, history = self._desktop.chat, self._desktop.history
        self._composer.draft_changed.connect(self._keep_draft)
        self._composer.edit_last_requested.connect(self._edit_last)
        self._generation.edited.connect(self._keep_settings)
        self._journal.begun.connect(self._on_begun)
        chat.leaving.connect(self._composer.flush_draft)
        chat.emptied.connect(self._on_emptied)
        history.controller.opened.connect(self._on_opened)
        self._desktop.composing.queue.changed_elsewhere.connect(self._keep_waiting)

    def _keep_draft(self, text: str) -> None:
        chat_id = self._journal.chat_id
        if chat_id is None:
            self._new_draft = text
        else:
            self._journal.access.call(lambda store: store.set_draft(chat_id, text))

    def _keep_waiting(self, chat: OpenChat, waiting: tuple[QueuedMessage, ...]) -> None:
        """What waits in a chat that is not shown has become less: its draft has, too."""
        chat_id = chat.id
        if chat_id is not None:
            text = self._composer.draft_of(chat_id, [item.text for item in waiting])
            chat.access.call(lambda store: store.set_draft(chat_id, text))

    def _keep_settings(self, settings: GenerationSettings) -> None:
        chat_id = self._journal.chat_id
        if chat_id is not None:
            kept = {_KEY: settings.to_json()}
            self._journal.access.call(lambda store: store.set_settings(chat_id, kept))

    def _on_begun(self, chat_id: int) -> None:
        """A new chat is in the store now: it keeps the settings it was begun with."""
        self._new_draft = ""
        is_temporary = self._journal.is_temporary
        self._composer.adopt(("temporary", chat_id) if is_temporary else chat_id)
        self._keep_settings(self._generation.current)

    def _on_emptied(self) -> None:
        self._composer.set_draft(self._new_draft)
        self._generation.restore(None)

    def _on_opened(self, opened: OpenedChat) -> None:
        self._composer.set_draft(opened.draft, chat=opened.chat.id)
        kept = opened.settings.get(_KEY)
        if isinstance(kept, dict):
            self._generation.restore(GenerationSettings.from_json(kept))
        else:
            self._generation.restore(None)

    def _edit_last(self) -> None:
        transcript = self._desktop.transcript
        for row in range(len(transcript) - 1, -1, -1):
            if transcript.message(row).role is Role.USER:
                if not self._composer.is_busy:
                    self._desktop.history.messages.edit(row)
                return


def add_chat_keeping(desktop: Desktop) -> None:
    """Put it into a window that has its history."""
    ChatKeeping(desktop)
