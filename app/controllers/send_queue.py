"""Messages written while the model answers: sent in order, one after each answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.controllers.turn import TurnStage


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A message that waits: what is sent, and what stands for it meanwhile."""

    text: str
    label: str


class SendQueue(QObject):
    """Guarantees: order is kept; after a stop or a failure nothing is sent unasked."""

    changed = Signal(object)  # tuple[QueuedMessage, ...]

    def __init__(self, send: Callable[[str], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._send = send
        self._waiting: list[QueuedMessage] = []
        self._is_idle = True
        self._is_paused = False

    @property
    def waiting(self) -> tuple[QueuedMessage, ...]:
        """What waits, in order."""
        return tuple(self._waiting)

    def submit(self, message: QueuedMessage) -> bool:
        """Send a message, or let it wait while the model answers. A blank one stands for the
        first that waits. Returns whether it was taken."""
        self._is_paused = False
        if not message.text.strip():
            return self._is_idle and self._send_first()
        if self._is_idle:
            return self._send(message.text)
        self._waiting.append(message)
        self._tell()
        return True

    def remove(self, index: int) -> None:
        """Take a message back."""
        if 0 <= index < len(self._waiting):
            del self._waiting[index]
            self._tell()

    def clear(self) -> None:
        """Another chat is shown: what waits belongs to the one before."""
        if self._waiting:
            self._waiting.clear()
            self._tell()

    def pause(self) -> None:
        """Send nothing until the user sends something."""
        self._is_paused = True

    def on_stage(self, stage: TurnStage) -> None:
        """Follow the current exchange."""
        self._is_idle = stage is TurnStage.NONE
        if self._is_idle and self._waiting:
            # Later: the failure that ended the exchange is told after its end.
            QTimer.singleShot(0, self, self._advance)

    def _advance(self) -> None:
        if self._is_idle and not self._is_paused:
            self._send_first()

    def _send_first(self) -> bool:
        if not self._waiting or not self._send(self._waiting[0].text):
            return False
        del self._waiting[0]
        self._tell()
        return True

    def _tell(self) -> None:
        self.changed.emit(self.waiting)
