"""A store with a slow disk, an engine that says what it is told to, and a chat between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
import shiboken6
from pytestqt.qtbot import QtBot

from app.controllers.chat_controller import ChatController
from app.controllers.chat_journal import ChatJournal
from app.controllers.load_controller import LoadController
from app.controllers.store_access import StoreAccess
from app.controllers.turn import TurnStage
from app.core.conversation import Message
from app.core.conversation_store import ConversationStore
from app.core.generation_settings import GenerationSettings
from app.core.load_choice import LoadChoice, ModelPair
from app.core.preferences import Overflow
from app.core.request_builder import RequestBasis, RequestBuilder
from app.core.store.calls import StoreStatus
from app.core.store.values import StoreNotice, Written
from app.core.translation import untranslated
from app.viewmodels.transcript_model import TranscriptModel
from engine.errors import EngineError, ErrorCode, ErrorInfo
from engine.events import (
    FinishReason,
    GenerationFailed,
    GenerationFinished,
    LoadedPipeline,
    PipelineLoaded,
    StateChanged,
    TextSpan,
    TokensStreamed,
)
from engine.messages import GenerationRequest
from engine.metrics.report import GenerationReport, RuntimeFigures
from engine.params import GenerationParams
from engine.placement import LoadSpec, Strategy
from engine.session import InferenceSession
from engine.state import SessionState

BASIS = RequestBasis(
    settings=GenerationSettings(),
    strategy=Strategy.DRAFT,
    num_assistant_tokens=4,
    overflow=Overflow.DROP_OLDEST,
)
REPORT = GenerationReport(
    finish_reason="end", strategy="draft", main_name="m", draft_name=None, main_device="CPU",
    draft_device=None, params=GenerationParams(), token_count=3, prompt_tokens=9,
    elapsed_s=1.0, ttft_s=None, tpot_s=None, tokens_per_s=None, accepted=None, drafted=None,
    acceptance_rate=None, mean_acceptance_length=None, run_lengths=(), run_times_s=(),
    versions=(), runtime=RuntimeFigures(),
)  # fmt: skip


class SlowDisk(ConversationStore):
    """Hands out ids at once and keeps what is to be written until told that it is on disk."""

    def __init__(self) -> None:
        self.pending: dict[str, Future[None]] = {}
        self.kept: list[Message] = []
        """Answers as they were closed."""
        self._numbers = iter(range(1, 100))

    def open(self) -> Future[StoreStatus]:
        opened: Future[StoreStatus] = Future()
        opened.set_result(StoreStatus(read_only=False, in_memory=False))
        return opened

    def close(self, timeout_s: float = 10.0) -> bool:
        return True

    def create_chat(self, *args: Any, **kwargs: Any) -> Written:
        return self._hand_out("chat")

    def add_message(self, *args: Any, **kwargs: Any) -> Written:
        return self._hand_out("question")

    def begin_answer(self, parent_id: int) -> Written:
        return self._hand_out("answer")

    def append_delta(self, *args: Any, **kwargs: Any) -> Future[None]:
        return Future()

    def finish_answer(self, message_id: int, message: Message) -> Future[None]:
        self.kept.append(message)
        return Future()

    def _hand_out(self, what: str) -> Written:
        self.pending[what] = Future()
        return Written(next(self._numbers), self.pending[what])


class Engine:
    """What the controllers need of a session; answers come from the test."""

    def __init__(self) -> None:
        self.asked: list[GenerationRequest] = []
        self.stopped: list[int] = []
        self.refusal: EngineError | None = None

    def load(self, spec: LoadSpec) -> None:
        """Whatever is loaded stands ready at once."""

    def generate(self, request: GenerationRequest) -> int:
        if self.refusal is not None:
            raise self.refusal
        self.asked.append(request)
        return len(self.asked)

    def request_stop(self, generation_id: int) -> bool:
        self.stopped.append(generation_id)
        return True


@dataclass(slots=True, eq=False, kw_only=True)
class Talk:
    """A chat whose engine and disk do what the test tells them; the answer is row 1."""

    chat: ChatController
    journal: ChatJournal
    transcript: TranscriptModel
    engine: Engine
    disk: SlowDisk
    qtbot: QtBot
    ended: list[Any] = field(default_factory=list)
    """(Turn, Ending) of every exchange that ended."""

    def stream(self, text: str, generation_id: int = 1) -> None:
        """The engine streams a run."""
        span = TextSpan(characters=len(text), step=0, accepted=False)
        self.chat.on_event(
            TokensStreamed(
                generation_id=generation_id, text=text, spans=(span,), token_count=1, at_s=0.1
            )
        )

    def finish(self, text: str, *, reason: FinishReason = FinishReason.END) -> None:
        """The engine ends the first answer."""
        self.chat.on_event(
            GenerationFinished(generation_id=1, finish_reason=reason, text=text, report=REPORT)
        )

    def fail(self, code: ErrorCode, text: str = "", *facts: tuple[str, int]) -> None:
        """The engine gives the first answer up."""
        error = ErrorInfo(code=code, message="no", facts=facts)
        self.chat.on_event(GenerationFailed(generation_id=1, error=error, text=text, report=None))

    def stage(self) -> TurnStage:
        """How far the exchange got."""
        return self.chat.stage

    def record(self) -> None:
        """The question has come onto the disk, and that was told."""
        turn = self.chat.answering.turns[0]
        self.disk.pending["question"].set_result(None)
        self.qtbot.waitUntil(lambda: turn.is_recorded)

    def shown(self) -> str:
        """The text of the answer with what is shown in the next frame."""
        self.transcript.flush()
        return self.transcript.text(1)


@pytest.fixture
def disk() -> SlowDisk:
    return SlowDisk()


@pytest.fixture
def journal(qtbot: QtBot, disk: SlowDisk) -> Iterator[ChatJournal]:
    def make(_sink: Callable[[StoreNotice], None]) -> ConversationStore:
        return disk

    access = StoreAccess(make)
    journal = ChatJournal(access)
    access.open()
    qtbot.waitUntil(lambda: access.is_open)
    yield journal
    access.close()
    shiboken6.delete(journal)  # its timers end here, on their own thread


@pytest.fixture
def talk(qtbot: QtBot, disk: SlowDisk, journal: ChatJournal) -> Iterator[Talk]:
    """A new chat with models that are loaded."""
    engine, transcript = Engine(), TranscriptModel()
    session = cast("InferenceSession", engine)
    pair = ModelPair(
        main_name="Main", main_path=Path("main"), draft_name="Draft", draft_path=Path("draft")
    )
    loads = LoadController(session, LoadChoice(pair=pair), samples=lambda: False)
    requests = RequestBuilder(lambda: BASIS)
    chat = ChatController(
        session, loads, transcript, journal=journal, requests=requests, translate=untranslated
    )
    loads.setParent(chat)
    made = Talk(
        chat=chat, journal=journal, transcript=transcript, engine=engine, disk=disk, qtbot=qtbot
    )
    chat.answering.ended.connect(lambda *ended: made.ended.append(ended))
    loads.load()
    assert loads.asked_spec is not None
    loads.on_event(PipelineLoaded(pipeline=_pipeline(loads.asked_spec)))
    loads.on_event(StateChanged(previous=SessionState.LOADING, state=SessionState.READY))
    yield made
    shiboken6.delete(chat)
    shiboken6.delete(transcript)


def _pipeline(spec: LoadSpec) -> LoadedPipeline:
    return LoadedPipeline(
        spec=spec, main_name="Main", draft_name="Draft", actual_main_device="CPU",
        actual_draft_device="CPU", load_s=1.0, defaults=GenerationParams(), context_length=None,
        knows_thinking=False, versions=(),
    )  # fmt: skip
