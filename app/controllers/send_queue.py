"""Messages written while the model answers: sent in order, one after each answer of their chat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal

from app.controllers.chat_controller import ChatController
from app.controllers.chat_journal import ChatJournal
from app.controllers.open_chat import OpenChat
from app.controllers.turn import Ending, Turn, TurnStage


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A message that waits: what is sent, and what stands for it meanwhile."""

    text: str
    label: str


@dataclass(slots=True, eq=False)
class _Line:
    """What waits in one chat."""

    chat: OpenChat
    messages: list[QueuedMessage] = field(default_factory=list)
    is_paused: bool = False


class SendQueue(QObject):
    """Guarantees: order is kept; what waits stays with its chat and is sent there, shown or not;
    after a stop or a failure nothing is sent unasked."""

    changed = Signal(object)  # tuple[QueuedMessage, ...] of the shown chat
    changed_elsewhere = Signal(object, object)  # OpenChat, tuple[QueuedMessage, ...]

    def __init__(
        self, chat: ChatController, journal: ChatJournal, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._chat = chat
        self._journal = journal
        self._lines: list[_Line] = []
        chat.answering.ended.connect(self._on_ended)

    @property
    def waiting(self) -> tuple[QueuedMessage, ...]:
        """What waits in the shown chat, in order."""
        line = self._line_of(self._journal.chat)
        return tuple(line.messages) if line is not None else ()

    def submit(self, message: QueuedMessage) -> bool:
        """Send a message, or let it wait while the model answers. A blank one stands for the
        first that waits. Returns whether it was taken."""
        line = self._line_of(self._journal.chat)
        if line is not None:
            line.is_paused = False
        is_idle = self._chat.stage is TurnStage.NONE
        if not message.text.strip():
            return is_idle and line is not None and self._send_first(line, None)
        if is_idle:
            return self._chat.send(message.text)
        if line is None:
            line = _Line(self._journal.chat)
            self._lines.append(line)
        line.messages.append(message)
        self._tell(line)
        return True

    def remove(self, index: int) -> None:
        """Take a message of the shown chat back."""
        line = self._line_of(self._journal.chat)
        if line is not None and 0 <= index < len(line.messages):
            del line.messages[index]
            self._tell(line)

    def show(self) -> None:
        """Another chat is shown: tell what waits there."""
        self.changed.emit(self.waiting)

    def forget(self, chat_ids: Iterable[int]) -> None:
        """Chats of the main store are gone, and what waited in them."""
        gone = frozenset(chat_ids)
        main = self._journal.main_access
        self._lines = [
            line for line in self._lines if line.chat.id not in gone or line.chat.access is not main
        ]

    def pause(self) -> None:
        """Send nothing more in the shown chat until the user sends something."""
        line = self._line_of(self._journal.chat)
        if line is not None:
            line.is_paused = True

    def _on_ended(self, turn: Turn, ending: Ending) -> None:
        line = self._line_of(turn.chat)
        if line is None:
            return
        line.is_paused = line.is_paused or not ending.is_clean
        # Later: whatever follows the end of an exchange is done by then.
        QTimer.singleShot(0, self, lambda: self._advance(line, turn))

    def _advance(self, line: _Line, turn: Turn) -> None:
        if not line.is_paused and line in self._lines:
            self._send_first(line, turn)

    def _send_first(self, line: _Line, turn: Turn | None) -> bool:
        if not line.messages:
            return False
        text = line.messages[0].text
        sent = self._chat.send(text) if turn is None else self._chat.send_after(turn, text)
        if sent:
            del line.messages[0]
            self._tell(line)
        return sent

    def _line_of(self, chat: OpenChat) -> _Line | None:
        return next((line for line in self._lines if line.chat.is_same(chat)), None)

    def _tell(self, line: _Line) -> None:
        messages = tuple(line.messages)
        if not messages:
            self._lines.remove(line)
        if line.chat.is_same(self._journal.chat):
            self.changed.emit(messages)
        else:
            self.changed_elsewhere.emit(line.chat, messages)
