"""Names a new chat after its first exchange, by asking the model itself while it is idle."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QTimer, Signal

from app.controllers.chat_controller import ChatController
from app.controllers.chat_journal import ChatJournal
from app.controllers.load_controller import LoadController
from app.core.chat_title import clean_title
from app.core.conversation import MessageState
from app.viewmodels.transcript_model import TranscriptModel
from engine.errors import EngineError
from engine.events import EngineEvent, GenerationFailed, GenerationFinished
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.params import GenerationParams
from engine.session import InferenceSession

_LOG = logging.getLogger(__name__)
IDLE_MS = 600
"""The user may already be writing: titles wait a little, and give way at once."""
MAX_TOKENS = 24
_QUOTED_CHARACTERS = 1200
_WISH = (
    "Write a title for this conversation: at most six words, in the language of the conversation, "
    "no quotation marks. Answer with the title alone."
)


class TitleController(QObject):
    """The first words of the message stay the title whenever the model is not asked or fails.

    The demonstration pair is never asked: it cannot write titles.
    """

    titled = Signal()

    def __init__(
        self,
        session: InferenceSession,
        journal: ChatJournal,
        chat: ChatController,
        loads: LoadController,
        transcript: TranscriptModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._journal = journal
        self._chat = chat
        self._loads = loads
        self._transcript = transcript
        self._generation_id: int | None = None
        self._chat_id: int | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(IDLE_MS)
        self._timer.timeout.connect(self._ask)
        chat.answered.connect(lambda _: self._on_answered())
        chat.sending.connect(self.give_way)
        chat.leaving.connect(self.give_way)

    def give_way(self) -> None:
        """Stop asking: the engine is wanted for something else."""
        self._timer.stop()
        generation_id, self._generation_id = self._generation_id, None
        if generation_id is not None:
            self._session.request_stop(generation_id)

    def on_event(self, event: EngineEvent) -> None:
        """Take an engine event on the GUI thread."""
        if isinstance(event, GenerationFinished | GenerationFailed):
            if event.generation_id != self._generation_id:
                return
            self._generation_id = None
            if isinstance(event, GenerationFinished):
                self._take(event.text)

    def _on_answered(self) -> None:
        pair = self._loads.choice.pair
        can_title = not pair.is_demonstration and not pair.is_scripted
        is_first = len(self._transcript) == 2
        if can_title and is_first and self._transcript.state_of(1) is MessageState.DONE:
            self._timer.start()

    def _ask(self) -> None:
        chat_id = self._journal.chat_id
        ready = self._loads.is_ready and len(self._transcript) == 2
        if chat_id is None or not ready or self._journal.is_temporary:
            return
        said = [self._transcript.message(row) for row in range(2)]
        messages = [
            ChatMessage(message.role, message.text[:_QUOTED_CHARACTERS]) for message in said
        ]
        request = GenerationRequest(
            messages=(*messages, ChatMessage(Role.USER, _WISH)),
            params=GenerationParams(max_new_tokens=MAX_TOKENS, temperature=0.0),
            enable_thinking=False,
        )
        try:
            self._generation_id = self._session.generate(request)
            self._chat_id = chat_id
        except EngineError as error:
            _LOG.info("no title: %s", error.code)

    def _take(self, text: str) -> None:
        title, chat_id = clean_title(text), self._chat_id
        if title and chat_id is not None:
            self._journal.main_access.call(
                lambda store: store.set_auto_title(chat_id, title), lambda _: self.titled.emit()
            )
