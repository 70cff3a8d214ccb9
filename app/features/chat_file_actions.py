"""What the palette can do with whole chats: export, import, rename, pin, delete."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.core.actions import Action, ActionGroup
from app.core.export.all_formats import ExportFormat
from app.core.translation import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from app.features.history import History

_CONTEXT = "Actions"
_EXPORTS = {
    ExportFormat.MARKDOWN: QT_TRANSLATE_NOOP("Actions", "Export this chat as Markdown"),
    ExportFormat.HTML: QT_TRANSLATE_NOOP("Actions", "Export this chat as HTML"),
    ExportFormat.PDF: QT_TRANSLATE_NOOP("Actions", "Export this chat as PDF"),
    ExportFormat.JSON: QT_TRANSLATE_NOOP("Actions", "Export this chat as JSON"),
}


class ChatFileActions:
    """Offers for the chat that is open what its menu in the list offers."""

    def __init__(self, history: History) -> None:
        self._history = history

    def provide(self) -> Iterator[Action]:
        """The actions that can be taken now."""
        history, journal = self._history, self._history.journal
        chat = None
        if journal.chat_id is not None and not journal.is_temporary:
            chat = history.model.chat_of(journal.chat_id)
        if chat is not None:
            ids, controller = (chat.id,), history.controller
            for kind, source in _EXPORTS.items():
                yield _action(source, partial(self._export, ids, kind))
            yield _action(
                QT_TRANSLATE_NOOP("Actions", "Rename this chat"),
                partial(history.ask_for_chat_name, chat),
            )
            pin = QT_TRANSLATE_NOOP("Actions", "Pin this chat")
            if chat.pinned:
                pin = QT_TRANSLATE_NOOP("Actions", "Unpin this chat")
            yield _action(pin, partial(controller.pin, ids, on=not chat.pinned))
            yield _action(
                QT_TRANSLATE_NOOP("Actions", "Delete this chat"), partial(controller.delete, ids)
            )
        everything = tuple(listed.id for listed in history.model.chats)
        if everything:
            yield _action(
                QT_TRANSLATE_NOOP("Actions", "Export all chats as JSON"),
                partial(self._export, everything, ExportFormat.JSON),
            )
        yield _action(QT_TRANSLATE_NOOP("Actions", "Import chats"), self._import)

    def _export(self, chat_ids: Sequence[int], kind: ExportFormat) -> None:
        self._history.menus.transfer.ask_export(chat_ids, kind)

    def _import(self) -> None:
        self._history.menus.transfer.ask_import()


def _action(source: str, run: Callable[[], object]) -> Action:
    return Action(
        id=source.lower().replace(" ", "_"),
        text=partial(QCoreApplication.translate, _CONTEXT, source),
        group=ActionGroup.CHAT,
        run=run,
    )
