"""Answers that are made while another chat is shown: marks in the list, and word when one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from app.controllers.chat_marks import ChatMarks
from app.controllers.open_chat import OpenChat
from app.controllers.turn import Turn
from app.core.error_text import error_text
from app.views.announcement import announce
from app.views.page_stack import CHAT_PAGE
from engine.errors import ErrorInfo

if TYPE_CHECKING:
    from app.desktop import Desktop
    from app.features.history import History


class BackgroundAnswers(QObject):
    """Connects the answers of all chats with the list of chats and the banner."""

    def __init__(self, desktop: Desktop, history: History) -> None:
        super().__init__(history)
        self._desktop = desktop
        self._history = history
        self.marks = ChatMarks(desktop.chat.answering, desktop.journal, self)
        self.marks.changed.connect(history.model.set_marks)
        history.controller.shown.connect(self.marks.see)
        history.controller.deleted.connect(
            lambda deletion, _: desktop.composing.queue.forget(deletion.chat_ids)
        )
        self.marks.came_unseen.connect(self._announce)
        desktop.chat.failed_elsewhere.connect(self._tell_failed)

    def is_answering(self, chat_id: int) -> bool:
        """Whether an answer of a saved chat is being made, or waits."""
        return any(turn.chat.id == chat_id for turn in self._saved())

    def stop(self, chat_id: int) -> None:
        """Stop the answer of a saved chat."""
        for turn in self._saved():
            if turn.chat.id == chat_id:
                self._desktop.chat.answering.stop(turn)

    def _saved(self) -> list[Turn]:
        main = self._desktop.journal.main_access
        return [turn for turn in self._desktop.chat.answering.turns if turn.chat.access is main]

    def _tell_failed(self, chat: OpenChat, error: ErrorInfo) -> None:
        """Name the chat, and offer to go there; what is shown now has nothing to do with it."""
        text, chat_id = error_text(error, QCoreApplication.translate), chat.id
        if chat_id is None:
            return
        title = self._title(chat_id)
        sentence = self.tr("The answer in \u201c{chat}\u201d was interrupted. {reason}")
        self._desktop.window.page.banner.show_offer(
            text.title,
            sentence.format(chat=title, reason=text.sentence),
            label=self.tr("Open the chat"),
            on_accept=lambda: self._open(chat_id),
        )

    def _announce(self, chat_id: int) -> None:
        """What others see as a dot is said to those who listen."""
        said = self.tr("New answer in \u201c{chat}\u201d").format(chat=self._title(chat_id))
        listed = self._history.panel.list
        announce(listed, said)

    def _title(self, chat_id: int) -> str:
        listed = self._history.model.chat_of(chat_id)
        return (listed.title if listed is not None else "") or self.tr("Untitled chat")

    def _open(self, chat_id: int) -> None:
        self._desktop.window.show_page(CHAT_PAGE)
        self._history.controller.open_chat(chat_id)
