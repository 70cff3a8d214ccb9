"""Names new chats after their first exchange, by asking the model itself while it is idle."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.controllers.answering import Answering
from app.controllers.chat_journal import ChatJournal
from app.controllers.load_controller import LoadController
from app.controllers.open_chat import OpenChat
from app.controllers.turn import Ending, Turn
from app.core.chat_title import clean_title, own_words
from engine.errors import EngineError
from engine.events import EngineEvent, GenerationFailed, GenerationFinished
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.params import GenerationParams
from engine.session import InferenceSession

_LOG = logging.getLogger(__name__)
IDLE_MS = 600
"""The user may already be writing: titles wait a little, and give way at once."""
MAX_TOKENS = 24
MAX_WANTED = 20
_QUOTED_CHARACTERS = 1200
_WISH = (
    "Write a title for this conversation: at most six words, in the language of the conversation, "
    "no quotation marks. Answer with the title alone."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Exchange:
    """The first question of a chat and its answer."""

    chat: OpenChat
    question: str
    answer: str


class TitleController(QObject):
    """The first words of the message stay the title whenever the model is not asked or fails.

    Guarantees: an answer never waits for a title; a title that gave way is asked for again. The
    demonstration pair is never asked: it cannot write titles.
    """

    titled = Signal()

    def __init__(
        self,
        session: InferenceSession,
        journal: ChatJournal,
        answering: Answering,
        loads: LoadController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._journal = journal
        self._answering = answering
        self._loads = loads
        self._wanted: deque[_Exchange] = deque(maxlen=MAX_WANTED)
        self._asked: tuple[int, _Exchange] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(IDLE_MS)
        self._timer.timeout.connect(self._ask)
        answering.began.connect(lambda _: self.give_way())
        answering.ended.connect(self._on_ended)
        loads.ready_changed.connect(lambda _: self._ask_later())

    def give_way(self) -> None:
        """Stop asking for now: the engine is wanted for something else."""
        self._timer.stop()
        if self._asked is not None:
            generation_id, exchange = self._asked
            self._asked = None
            self._wanted.appendleft(exchange)
            self._session.request_stop(generation_id)

    def on_event(self, event: EngineEvent) -> None:
        """Take an engine event on the GUI thread."""
        if not isinstance(event, GenerationFinished | GenerationFailed) or self._asked is None:
            return
        generation_id, exchange = self._asked
        if event.generation_id != generation_id:
            return
        self._asked = None
        if isinstance(event, GenerationFinished):
            self._take(exchange, event.text)
        self._ask_later()

    def _on_ended(self, turn: Turn, ending: Ending) -> None:
        is_first = len(turn.asked) == 1 and ending.is_clean
        pair = self._loads.choice.pair
        can_title = not pair.is_demonstration and not pair.is_scripted
        if is_first and can_title and turn.chat.access is self._journal.main_access:
            question = own_words(turn.asked[0].content)
            self._wanted.append(_Exchange(turn.chat, question, ending.whole.text))
        self._ask_later()

    def _ask_later(self) -> None:
        is_idle = self._asked is None and not self._answering.turns
        if self._wanted and is_idle and self._loads.is_ready:
            self._timer.start()

    def _ask(self) -> None:
        if not self._wanted or self._answering.turns or not self._loads.is_ready:
            return
        exchange = self._wanted.popleft()
        messages = (
            ChatMessage(Role.USER, exchange.question[:_QUOTED_CHARACTERS]),
            ChatMessage(Role.ASSISTANT, exchange.answer[:_QUOTED_CHARACTERS]),
            ChatMessage(Role.USER, _WISH),
        )
        request = GenerationRequest(
            messages=messages,
            params=GenerationParams(max_new_tokens=MAX_TOKENS, temperature=0.0),
            enable_thinking=False,
        )
        try:
            self._asked = (self._session.generate(request), exchange)
        except EngineError as error:
            _LOG.info("no title: %s", error.code)

    def _take(self, exchange: _Exchange, text: str) -> None:
        title, chat_id = clean_title(text), exchange.chat.id
        if title and chat_id is not None:
            exchange.chat.access.call(
                lambda store: store.set_auto_title(chat_id, title), lambda _: self.titled.emit()
            )
