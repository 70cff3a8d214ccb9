"""What is done to single messages: other versions, deleting, copying a branch, reading details."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.controllers.chat_controller import ChatController
from app.controllers.chat_journal import ChatJournal
from app.controllers.history_controller import dress_rows
from app.controllers.load_controller import LoadController
from app.controllers.turn import TurnStage
from app.core.load_choice import LoadChoice
from app.core.translation import Translate
from app.viewmodels.transcript_model import TranscriptModel
from engine.placement import Strategy

if TYPE_CHECKING:
    from app.core.store.values import Deletion, StoredMessage


class BranchController(QObject):
    """Nothing here works while an answer is made; the caller offers it only then."""

    deleted = Signal(object)  # Deletion
    versions_read = Signal(object, int)  # tuple[StoredMessage, ...], id of the shown one

    def __init__(
        self,
        journal: ChatJournal,
        chat: ChatController,
        loads: LoadController,
        transcript: TranscriptModel,
        *,
        translate: Translate,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._journal = journal
        self._chat = chat
        self._loads = loads
        self._transcript = transcript
        self._translate = translate

    @property
    def is_busy(self) -> bool:
        """Whether an answer is being made."""
        return self._chat.stage is not TurnStage.NONE

    def regenerate_with(self, row: int, choice: LoadChoice) -> None:
        """Make another version of an answer under another strategy or placement."""
        if not self.is_busy:
            self._loads.choose(choice)
            self._chat.regenerate(row)

    def switch_version(self, row: int, index: int) -> None:
        """Show version `index` (from 0) of a message, and what follows it."""
        message_id = self._journal.message_id(row)
        if message_id is None or self.is_busy:
            return
        access = self._journal.access

        def show(ids: tuple[int, ...]) -> None:
            if 0 <= index < len(ids):
                access.call(
                    lambda store: store.switch_version(ids[index]),
                    lambda branch: self._show_from(row, message_id, branch),
                )

        access.call(lambda store: store.version_ids(message_id), show)

    def delete(self, row: int) -> None:
        """Delete a message."""
        message_id = self._journal.message_id(row)
        if message_id is None or self.is_busy:
            return
        self._journal.access.call(
            lambda store: store.delete_messages((message_id,)), self._on_deleted
        )

    def undo(self, deletion: Deletion) -> None:
        """Bring back what was deleted."""
        self._journal.access.call(lambda store: store.undo(deletion), lambda _: self.reload())

    def reload(self) -> None:
        """Read the shown branch anew."""
        chat_id = self._journal.chat_id
        if chat_id is None or self.is_busy:
            return
        access = self._journal.access

        def take(messages: tuple[StoredMessage, ...]) -> None:
            if self._journal.chat_id != chat_id or self._journal.access is not access:
                return
            kept = self._same_rows(messages)
            self._put(kept, messages[kept:])

        access.call(lambda store: store.open_chat(chat_id), lambda opened: take(opened.messages))

    def read_versions(self, row: int) -> None:
        """Read all versions of a message, with figures; `versions_read` has them."""
        message_id = self._journal.message_id(row)
        if message_id is None:
            return
        access = self._journal.access
        access.call(
            lambda store: store.version_ids(message_id),
            lambda ids: access.call(
                lambda store: store.load_details(ids),
                lambda messages: self.versions_read.emit(messages, message_id),
            ),
        )

    def load_details(self, first: int, last: int) -> None:
        """Read spans and reports of rows that came without them."""
        rows = range(max(0, first), min(last + 1, len(self._journal.entries)))
        wanted: list[int] = []
        for row in rows:
            entry = self._journal.entries[row]
            if not entry.details_loaded and entry.id is not None:
                entry.details_loaded = True
                wanted.append(entry.id)
        if wanted:
            ids = tuple(wanted)
            self._journal.access.call(lambda store: store.load_details(ids), self._on_details)

    def _on_details(self, messages: tuple[StoredMessage, ...]) -> None:
        for stored in messages:
            row = self._journal.row_of(stored.id)
            if row is not None:
                message = stored.message
                self._transcript.set_details(row, spans=message.spans, report=message.report)

    def _on_deleted(self, deletion: Deletion) -> None:
        if deletion.message_ids:
            self.deleted.emit(deletion)
        self.reload()

    def _show_from(self, row: int, before: int, branch: tuple[StoredMessage, ...]) -> None:
        if self._journal.message_id(row) == before and not self.is_busy:
            self._put(row, branch)

    def _same_rows(self, messages: tuple[StoredMessage, ...]) -> int:
        """How many messages from the first on are shown already, as the versions they are."""
        count = 0
        for entry, stored in zip(self._journal.entries, messages, strict=False):
            same = (entry.version, entry.version_count) == (stored.version, stored.version_count)
            if entry.id != stored.id or not same:
                break
            count += 1
        return count

    def _put(self, row: int, messages: tuple[StoredMessage, ...]) -> None:
        self._journal.replace_from(row, messages)
        self._transcript.replace_from(row, [stored.message for stored in messages])
        dress_rows(self._transcript, row, messages, self._translate)


def other_choices(choice: LoadChoice, devices: tuple[str, ...]) -> tuple[LoadChoice, ...]:
    """Choices that differ from the present one in its strategy or in one device."""
    found = [replace(choice, strategy=strategy) for strategy in Strategy]
    found += [replace(choice, main_device=device) for device in devices]
    if choice.effective_strategy is Strategy.DRAFT:
        found += [replace(choice, draft_device=device) for device in devices]
    result: list[LoadChoice] = []
    for other in found:
        possible = other.effective_strategy is other.strategy
        if possible and other != choice and other not in result:
            result.append(other)
    return tuple(result)
