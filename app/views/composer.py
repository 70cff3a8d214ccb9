"""Where a message is written: Enter sends, Shift+Enter makes a line, one button sends or stops."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.controllers.turn import TurnStage
from app.core.attachments.prompt import compose
from app.core.attachments.values import Attachment, AttachmentKind
from app.core.filling import filled
from app.icons import icon
from app.palette import Palette
from app.views.composer_parts.chips import ChipRow
from app.views.composer_parts.context_button import ContextButton
from app.views.composer_parts.message_edit import MAX_LINES, MessageEdit, local_files
from app.views.labels import ElidedLabel, icon_button

__all__ = ["MAX_LINES", "Composer", "MessageEdit"]

_SEND_PX = 34
_DRAFT_PAUSE_MS = 400
_GAP = "\n\n"


class Composer(QFrame):
    """The message field with its buttons, attached texts and waiting messages.

    `submitted(text)` asks to send, or to queue while the model answers, and leaves everything
    until `clear`; `text` holds the attached texts. `draft_changed(text)` comes a moment after
    typing, with the waiting messages in it, so that nothing written is lost.
    """

    submitted = Signal(str)
    stop_requested = Signal()
    settings_requested = Signal()
    attach_requested = Signal()
    files_offered = Signal(list)  # list[Path]
    text_offered = Signal(str)
    attachments_changed = Signal()
    text_changed = Signal()
    draft_changed = Signal(str)
    edit_last_requested = Signal()
    queue_removed = Signal(int)
    draft_replaced = Signal()  # what waits belonged to the chat before

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self.setAcceptDrops(True)
        self.edit = MessageEdit()
        self.edit.setAccessibleName(self.tr("Message"))
        self.edit.setPlaceholderText(self.tr("Write a message\u2026"))
        self.queue_row = ChipRow(name=self.tr("Messages that wait"), icon_name="clock")
        self.attachment_row = ChipRow(name=self.tr("Attached texts"), icon_name="file-text")
        self.attach_button = icon_button(self.tr("Attach files"))
        self.settings_button = icon_button(self.tr("Generation settings"))
        self.context = ContextButton()
        self.send_button = icon_button(self.tr("Send"))
        self.send_button.setProperty("role", "send")
        self.send_button.setFixedSize(_SEND_PX, _SEND_PX)
        self.attachments: list[Attachment] = []
        self._queued: tuple[str, ...] = ()
        self._parked: dict[Hashable, tuple[str, list[Attachment]]] = {}
        self._chat: Hashable = None
        self._stage = TurnStage.NONE
        self._is_reading = False
        self._palette: Palette | None = None
        self._draft_timer = QTimer(self)
        self._draft_timer.setSingleShot(True)
        self._draft_timer.setInterval(_DRAFT_PAUSE_MS)
        self.hint = self._make_hint()
        self._build()
        self._connect()
        self._refresh()

    @property
    def is_busy(self) -> bool:
        """Whether the button stops rather than sends."""
        return self._stage is not TurnStage.NONE

    @property
    def chat(self) -> Hashable:
        """Whose draft is shown; None for a chat that is not in the store yet."""
        return self._chat

    def clear(self) -> None:
        """Empty the field and let go of the attached texts: the message is on its way."""
        self.edit.clear()
        self.set_attachments([])

    def submit(self) -> None:
        """Ask to send; an empty message stands for the first one that waits."""
        message = self.message()
        if message.strip() or self._queued:
            self.submitted.emit(message)

    def message(self) -> str:
        """What would be sent: the attached texts and the text."""
        return compose(self.attachments, self.edit.toPlainText())

    def draft(self) -> str:
        """What would be lost: the waiting messages and the text, without attached texts."""
        return joined_draft((*self._queued, self.edit.toPlainText()))

    def set_draft(self, text: str, chat: Hashable = None) -> None:
        """Show the draft of another chat, without reporting it as changed.

        Args:
            text: what `draft_changed` reported for that chat; used when the window was closed
                since: what stood here is kept apart from what waited, with its attached texts.
            chat: who it belongs to.
        """
        self._parked[self._chat] = (self.edit.toPlainText(), self.attachments)
        self._chat = chat
        written, attachments = self._parked.pop(chat, (text, []))
        self.edit.setPlainText(written)
        self.edit.moveCursor(self.edit.textCursor().MoveOperation.End)
        self.set_attachments(attachments)
        self.draft_replaced.emit()
        self._draft_timer.stop()

    def adopt(self, chat: Hashable) -> None:
        """What stands here belongs to this chat: a new one got its place in the store."""
        self._chat = chat

    def draft_of(self, chat: Hashable, waiting: Sequence[str]) -> str:
        """The draft of a chat that is not shown, in which `waiting` still wait."""
        written, _ = self._parked.get(chat, ("", []))
        return joined_draft((*waiting, written))

    def flush_draft(self) -> None:
        """Report the draft now when a report is due."""
        if self._draft_timer.isActive():
            self._draft_timer.stop()
            self.draft_changed.emit(self.draft())

    def set_attachments(self, attachments: Sequence[Attachment]) -> None:
        """Show other attached texts."""
        self.attachments = list(attachments)
        self.attachment_row.show_texts([self._chip_text(item) for item in self.attachments])
        self._refresh()
        self.attachments_changed.emit()

    def park(self, attachment: Attachment, chat: Hashable) -> None:
        """Attach a text to the draft of a chat that was shown before."""
        if chat in self._parked:
            self._parked[chat][1].append(attachment)

    def set_reading(self, is_reading: bool) -> None:
        """Say whether files are still read: a message waits for them."""
        self._is_reading = is_reading
        self._refresh()

    def show_queue(self, messages: Sequence[tuple[str, str]]) -> None:
        """Show messages (label, whole text) that wait until the model has answered."""
        self._queued = tuple(text for _, text in messages)
        self.queue_row.show_texts([(short, text[:500]) for short, text in messages])
        self._draft_timer.start()
        self._refresh()

    def set_stage(self, stage: TurnStage) -> None:
        """Follow the current exchange: the button sends or stops."""
        self._stage = stage
        self._refresh()

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self.settings_button.setIcon(icon("sliders-horizontal", palette.muted))
        self.attach_button.setIcon(icon("paperclip", palette.muted))
        for part in (self.queue_row, self.attachment_row, self.context):
            part.apply_palette(palette)
        self._refresh()

    def focus(self) -> None:
        """Put the cursor into the field, unless another page hides it: keys would be lost there."""
        if self.isVisible():
            self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = local_files(event.mimeData())
        if files:
            event.acceptProposedAction()
            self.files_offered.emit(files)

    def _make_hint(self) -> ElidedLabel:
        hint = ElidedLabel(role="caption")  # large text beside both panels leaves it little room
        hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return hint

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.attach_button)
        buttons.addWidget(self.settings_button)
        buttons.addWidget(self.hint, 1)
        buttons.addWidget(self.context)
        buttons.addWidget(self.send_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 10, 8)
        layout.setSpacing(4)
        layout.addWidget(self.queue_row)
        layout.addWidget(self.attachment_row)
        layout.addWidget(self.edit)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.edit.submitted.connect(self.submit)
        self.edit.recalled.connect(self.edit_last_requested)
        self.edit.files_dropped.connect(self.files_offered)
        self.edit.long_text_pasted.connect(self.text_offered)
        self.edit.textChanged.connect(self._refresh)
        self.edit.textChanged.connect(self._draft_timer.start)
        self.edit.textChanged.connect(self.text_changed)
        self.edit.focus_changed.connect(self._show_focus)
        self.send_button.clicked.connect(self._on_button)
        self.settings_button.clicked.connect(self.settings_requested)
        self.attach_button.clicked.connect(self.attach_requested)
        self.attachment_row.removed.connect(self._remove_attachment)
        self.queue_row.removed.connect(self.queue_removed)
        self._draft_timer.timeout.connect(lambda: self.draft_changed.emit(self.draft()))

    def _on_button(self) -> None:
        if self.is_busy:
            self.stop_requested.emit()
        else:
            self.submit()

    def _remove_attachment(self, index: int) -> None:
        self.set_attachments([*self.attachments[:index], *self.attachments[index + 1 :]])
        if not self.attachments:
            self.focus()

    def _chip_text(self, item: Attachment) -> tuple[str, str]:
        is_pasted = item.kind is AttachmentKind.PASTED
        text = self.tr("{name}: {count} {count:character|characters}")
        detail = filled(text, name=item.name, count=len(item.text))
        return (detail if is_pasted else item.name), detail

    def _refresh(self) -> None:
        busy = self.is_busy
        name = self.tr("Stop (Esc)") if busy else self.tr("Send (Enter)")
        self.send_button.setToolTip(name)
        self.send_button.setAccessibleName(self.tr("Stop") if busy else self.tr("Send"))
        has_message = bool(self.edit.toPlainText().strip() or self.attachments)
        enabled = self._stage is not TurnStage.STOPPING if busy else has_message
        self.send_button.setEnabled(enabled or (not busy and bool(self._queued)))
        self.hint.show_text(self._hint_text(busy))
        if self._palette is not None:
            enabled = self.send_button.isEnabled()
            colour = self._palette.on_accent if enabled else self._palette.muted
            self.send_button.setIcon(icon("square" if busy else "arrow-up", colour))
            self.send_button.setIconSize(QSize(14, 14) if busy else QSize(18, 18))

    def _hint_text(self, busy: bool) -> str:
        if self._is_reading:
            return self.tr("Reading the attached files\u2026")
        if busy:
            return self.tr("Enter lets a message wait its turn")
        if self._queued and not self.edit.toPlainText().strip():
            return self.tr("Enter sends the first message that waits")
        return self.tr("Enter sends, Shift+Enter makes a new line")

    def _show_focus(self, focused: bool) -> None:
        self.setProperty("focused", focused)
        self.style().unpolish(self)
        self.style().polish(self)


def joined_draft(parts: Sequence[str]) -> str:
    """Messages that wait and what is being written, as one draft."""
    return _GAP.join(part for part in parts if part.strip())
