"""The composer and what belongs to it: settings, attached texts, waiting messages, the meter."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtWidgets import QFileDialog

from app.controllers.attachment_loader import AttachmentLoader
from app.controllers.chat_controller import ChatController
from app.controllers.chat_history import request_messages
from app.controllers.chat_journal import ChatJournal
from app.controllers.generation_controller import GenerationController
from app.controllers.load_controller import LoadController
from app.controllers.preferences_controller import PreferencesController
from app.controllers.send_queue import QueuedMessage, SendQueue
from app.controllers.turn import TurnStage
from app.core.attachments.prompt import split
from app.core.attachments.refusal_text import refusal_text
from app.core.attachments.values import (
    DOCUMENT_PATTERNS,
    MAX_ATTACHMENTS,
    Attachment,
    AttachmentError,
    AttachmentKind,
    RefusalCode,
)
from app.core.preferences import Overflow, Preferences
from app.core.request_builder import RequestBasis, RequestBuilder
from app.features.folders_of_user import documents_folder
from app.viewmodels.transcript_model import TranscriptModel
from app.views.chat_page import ChatPage
from engine.messages import ChatMessage, Role

_METER_PAUSE_MS = 150


def make_requests(
    generation: GenerationController, loads: LoadController, preferences: PreferencesController
) -> RequestBuilder:
    """The builder of requests from the settings of the present chat."""

    def basis() -> RequestBasis:
        choice = loads.choice
        return RequestBasis(
            settings=generation.current,
            strategy=choice.effective_strategy,
            num_assistant_tokens=choice.num_assistant_tokens,
            overflow=preferences.current.overflow,
        )

    requests = RequestBuilder(basis)
    loads.loaded.connect(requests.use_pipeline)
    return requests


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposingParts:
    """What the composer works with."""

    page: ChatPage
    chat: ChatController
    journal: ChatJournal
    transcript: TranscriptModel
    loads: LoadController
    preferences: PreferencesController
    generation: GenerationController
    requests: RequestBuilder


class Composing(QObject):
    """Connects the composer. `queue` and `attachments` are open to other features."""

    def __init__(self, parts: ComposingParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._composer = parts.page.composer
        self._history: tuple[ChatMessage, ...] | None = None
        self._is_closed = False
        self._sends_when_read = False
        self._last_folder = ""
        self.queue = SendQueue(parts.chat, parts.journal, self)
        self.attachments = AttachmentLoader(self)
        self._meter = QTimer(self)
        self._meter.setSingleShot(True)
        self._meter.setInterval(_METER_PAUSE_MS)
        self._meter.timeout.connect(self.measure)
        self._connect_queue()
        self._connect_attachments()
        self._connect_meter()

    def close(self) -> None:
        """Give up reading files and report the last draft. Idempotent."""
        if self._is_closed:
            return
        self._composer.flush_draft()
        self._is_closed = True
        self.attachments.close()

    def submit(self, text: str) -> None:
        """Send a message, or let it wait: for the model, or for files that are still read."""
        if self.attachments.is_reading(self._composer.chat):
            self._sends_when_read = True
            return
        if self.queue.submit(QueuedMessage(text, self._label_of(text))) and text.strip():
            self._composer.clear()

    def attach(self, attachment: Attachment) -> bool:
        """Attach a text if it fits. Returns whether it did; else a banner says why."""
        try:
            self._check(attachment)
        except AttachmentError as error:
            self._tell(attachment.name, error)
            return False
        self._composer.set_attachments([*self._composer.attachments, attachment])
        self._composer.focus()
        return True

    def measure(self) -> None:
        """Show how full the context is."""
        if self._is_closed:  # the window may be gone before its engine
            return
        parts = self._parts
        use = parts.requests.use(self._messages(), self._composer.message())
        self._composer.context.show_use(use, parts.preferences.current.overflow)

    def _connect_queue(self) -> None:
        composer = self._composer
        composer.submitted.connect(self.submit)
        composer.stop_requested.connect(self.queue.pause)
        composer.queue_removed.connect(self.queue.remove)
        composer.draft_replaced.connect(self.queue.show)
        self.queue.changed.connect(
            lambda waiting: composer.show_queue([(item.label, item.text) for item in waiting])
        )

    def _connect_attachments(self) -> None:
        composer = self._composer
        composer.attach_requested.connect(self._choose_files)
        composer.files_offered.connect(self._load)
        composer.text_offered.connect(self._attach_pasted)
        composer.draft_replaced.connect(self._on_draft_replaced)
        self.attachments.loaded.connect(self._on_loaded)
        self.attachments.refused.connect(self._tell)
        self.attachments.count_changed.connect(self._on_read)

    def _connect_meter(self) -> None:
        parts, composer = self._parts, self._composer
        for signal in (composer.text_changed, composer.attachments_changed):
            signal.connect(self._meter.start)
        for changed in (parts.generation.changed, parts.preferences.changed):
            changed.connect(lambda _: self._measure_anew())
        model = parts.transcript
        model.modelReset.connect(self._measure_anew)
        model.rowsRemoved.connect(self._measure_anew)
        self._follow_rate(parts.preferences.current)
        parts.preferences.changed.connect(self._follow_rate)
        parts.chat.stage_changed.connect(self._on_stage)
        parts.loads.loaded.connect(self._measure_anew)
        composer.context.policy_chosen.connect(
            lambda policy: parts.preferences.update(overflow=Overflow(policy))
        )

    def _follow_rate(self, preferences: Preferences) -> None:
        self._parts.chat.set_figures_rate(preferences.figures_per_s)

    def _on_stage(self, stage: TurnStage) -> None:
        if stage is TurnStage.NONE:
            self._measure_anew()

    def _measure_anew(self, *_: object) -> None:
        self._history = None
        self._meter.start()

    def _messages(self) -> tuple[ChatMessage, ...]:
        if self._history is None:
            rows = self._parts.transcript
            messages = [rows.message(row) for row in range(len(rows))]
            prompt = self._parts.generation.current.system_prompt
            self._history = request_messages(messages, system_prompt=prompt)
        return self._history

    def _choose_files(self) -> None:
        documents = self.tr("Text and documents ({patterns})").format(
            patterns=" ".join(DOCUMENT_PATTERNS)
        )
        every = self.tr("All files (*)")
        dialog = QFileDialog(self._composer.window(), self.tr("Attach files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([documents, every])
        dialog.setDirectory(self._last_folder or documents_folder())
        dialog.filesSelected.connect(self._on_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_chosen(self, names: list[str]) -> None:
        self._last_folder = str(Path(names[0]).parent)
        self._load([Path(name) for name in names])

    def _load(self, paths: list[Path]) -> None:
        self.attachments.load(paths, chat=self._composer.chat)

    def _on_loaded(self, attachment: Attachment, chat: Hashable) -> None:
        if chat == self._composer.chat:
            self.attach(attachment)
        else:  # it stays with the chat it was chosen in
            self._composer.park(attachment, chat)

    def _on_read(self) -> None:
        is_reading = self.attachments.is_reading(self._composer.chat)
        self._composer.set_reading(is_reading)
        if self._sends_when_read and not is_reading:
            self._sends_when_read = False
            self._composer.submit()

    def _on_draft_replaced(self) -> None:
        self._sends_when_read = False
        self._on_read()

    def _attach_pasted(self, text: str) -> None:
        name = self.tr("Pasted text")
        attachment = Attachment(name=name, text=text.strip("\n"), kind=AttachmentKind.PASTED)
        if not self.attach(attachment):
            self._composer.edit.insertPlainText(text)

    def _check(self, attachment: Attachment) -> None:
        """Raises AttachmentError with the numbers when the text does not fit."""
        if len(self._composer.attachments) >= MAX_ATTACHMENTS:
            raise AttachmentError(RefusalCode.TOO_MANY, limit=MAX_ATTACHMENTS)
        parts = self._parts
        # With the oldest exchanges left out, only the system prompt stays for sure.
        drops = parts.preferences.current.overflow is Overflow.DROP_OLDEST
        messages = self._messages()
        kept = tuple(m for m in messages if m.role is Role.SYSTEM) if drops else messages
        use = parts.requests.use(kept, self._composer.message())
        tokens = parts.requests.estimate(attachment.text)
        if use.budget is None:
            return
        free = max(0, use.budget - use.total)
        if tokens > free:
            raise AttachmentError(
                RefusalCode.DOES_NOT_FIT,
                tokens=tokens,
                free=free,
                context=use.context or use.budget,
            )

    def _tell(self, name: str, error: AttachmentError) -> None:
        self._sends_when_read = False  # not without it, unasked
        sentence = refusal_text(name, error, QCoreApplication.translate)
        self._parts.page.banner.show_notice(self.tr("Not attached"), sentence)

    def _label_of(self, text: str) -> str:
        parts = split(text)
        if parts.text.strip():
            return parts.text.strip()
        return ", ".join(attachment.name for attachment in parts.attachments)
