"""Runs the conversation: the only consumer of generation events. It knows no widget."""

from __future__ import annotations

import logging
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from app.controllers.answer_record import Entry
from app.controllers.chat_history import request_messages
from app.controllers.chat_journal import ChatJournal
from app.controllers.left_answers import LeftAnswers, end_state
from app.controllers.load_controller import LoadController
from app.controllers.turn import Turn, TurnStage
from app.core.answer_figures import footer_text
from app.core.conversation import Message, MessageState
from app.core.error_text import error_text
from app.core.live_figures import LiveFigures, figures_of
from app.core.request_builder import RequestBuilder
from app.core.translation import Translate
from app.viewmodels.transcript_model import TranscriptModel
from engine.errors import EngineError, ErrorInfo
from engine.events import (
    EngineEvent,
    GenerationFailed,
    GenerationFinished,
    StatsUpdated,
    TokensStreamed,
)
from engine.messages import GenerationRequest, Role
from engine.metrics.report import GenerationReport
from engine.session import InferenceSession

_LOG = logging.getLogger(__name__)
STATS_INTERVAL_MS = 200


class ChatController(QObject):
    """The state of the current exchange.

    Guarantees: events of any but the current generation change nothing that is shown; what was
    shown of an answer is what stays and is kept. One exchange at a time. Nothing is asked before
    the question is on disk. `leaving()` comes before another chat is shown, `sending()` before
    the model is asked anything.
    """

    stage_changed = Signal(object)  # TurnStage
    figures_changed = Signal(object)  # LiveFigures, at most five times a second
    answered = Signal(object)  # GenerationReport of a finished or stopped answer
    failed = Signal(object)  # ErrorInfo
    emptied = Signal()
    sending = Signal()
    sent = Signal()
    leaving = Signal()

    def __init__(
        self,
        session: InferenceSession,
        loads: LoadController,
        transcript: TranscriptModel,
        *,
        journal: ChatJournal,
        requests: RequestBuilder,
        translate: Translate,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._loads = loads
        self._transcript = transcript
        self._journal = journal
        self._requests = requests
        self._translate = translate
        self._turn: Turn | None = None
        self._left = LeftAnswers(journal, transcript)
        self._figures_timer = QTimer(self)
        self._figures_timer.setSingleShot(True)
        self._figures_timer.setInterval(STATS_INTERVAL_MS)
        self._figures_timer.timeout.connect(self._show_figures)
        loads.ready_changed.connect(self._on_ready)

    @property
    def stage(self) -> TurnStage:
        """How far the current exchange got."""
        return self._turn.stage if self._turn else TurnStage.NONE

    def send(self, text: str) -> bool:
        """Ask the model. Returns False when an exchange is in progress or the text is blank."""
        if self._turn is not None or not text.strip():
            return False
        self.sending.emit()
        message = Message(role=Role.USER, text=text.strip())
        self._transcript.append(message)
        self._journal.add_question(message)
        self._begin_turn()
        return True

    def try_again(self) -> bool:
        """Ask the last message again, below what was kept of the failed answer."""
        last = self._last_user_message()
        return last is not None and self.send(last.text)

    def edit_and_send(self, row: int, text: str) -> bool:
        """Ask another version of the user's message at `row`; the old branch is kept."""
        if self._turn is not None or not text.strip():
            return False
        self.sending.emit()
        message = Message(role=Role.USER, text=text.strip())
        self._transcript.replace_from(row, (message,))
        entry = self._journal.add_version(row, message.text)
        self._transcript.set_versions(row, entry.version - 1, entry.version_count)
        self._begin_turn()
        return True

    def regenerate(self, row: int) -> bool:
        """Make another version of the answer at `row`; the old one is kept."""
        if self._turn is not None or not 0 < row < len(self._transcript):
            return False
        self.sending.emit()
        replaced = self._journal.entries[row]
        self._transcript.remove_rows(row, len(self._transcript) - 1)
        self._journal.truncate(row)
        self._begin_turn(replaced=replaced)
        return True

    def continue_answer(self) -> bool:
        """Let the last answer go on where its text ends."""
        row = len(self._transcript) - 1
        if self._turn is not None or row < 1 or not self._transcript.text_length(row):
            return False
        self.sending.emit()
        begun = self._transcript.message(row)
        versions = self._transcript.versions(row)
        self._transcript.replace_from(row, (replace(begun, state=MessageState.STREAMING),))
        self._transcript.set_versions(row, versions.index, versions.count)
        turn = self._turn = Turn(row=row, begun=begun)
        turn.record = self._journal.resume_answer(row, lambda: self._on_recorded(turn))
        self._wait_or_ask(turn)
        return True

    def set_figures_rate(self, per_s: int) -> None:
        """Show live figures at most so often."""
        self._figures_timer.setInterval(round(1000 / per_s))

    def stop(self) -> None:
        """Stop the answer; one that still waits for a model is withdrawn."""
        turn = self._turn
        if turn is None:
            return
        if turn.generation_id is None:
            self._withdraw(turn)
        elif turn.stage is not TurnStage.STOPPING:
            self._session.request_stop(turn.generation_id)
            self._set_stage(TurnStage.STOPPING)

    def new_chat(self) -> None:
        """Start an empty conversation; an answer in progress is stopped, its text is kept."""
        self.leave()
        self._journal.start_new()
        self._transcript.clear()
        self.emptied.emit()

    def leave(self) -> None:
        """Let go of the chat that is shown: another one takes its place."""
        self.leaving.emit()
        turn, self._turn = self._turn, None
        self._figures_timer.stop()
        if turn is not None and turn.generation_id is not None:
            self._left.add(turn.generation_id, turn)
            self._session.request_stop(turn.generation_id)
        elif turn is not None:
            turn.keep("", MessageState.STOPPED, None)
        self.stage_changed.emit(TurnStage.NONE)
        self.figures_changed.emit(LiveFigures())

    def show_last_figures(self) -> None:
        """Show the figures of the last answer there is, after a chat was opened."""
        row = len(self._transcript) - 1
        report = self._transcript.report(row) if row >= 0 and self._turn is None else None
        if report is not None:
            self.figures_changed.emit(figures_of(report))

    def close(self) -> None:
        """Keep what was shown of an answer in progress: the program ends."""
        turn, self._turn = self._turn, None
        if turn is not None:
            self._transcript.flush()
            text = self._transcript.message(turn.row).text[len(turn.begun_text) :]
            turn.keep(text, MessageState.STOPPED, None)

    def on_event(self, event: EngineEvent) -> None:
        """Take an engine event on the GUI thread; stale generation ids are ignored."""
        turn = self._turn
        generation_id = getattr(event, "generation_id", None)
        self._left.on_event(event)
        if turn is None or generation_id is None or generation_id != turn.generation_id:
            return
        match event:
            case TokensStreamed():
                self._on_tokens(turn, event)
            case StatsUpdated():
                turn.series.observe_stats(event.stats)
                self._request_figures()
            case GenerationFinished():
                self._on_finished(turn, event)
            case GenerationFailed():
                self._on_failed(turn, event)

    def _begin_turn(self, *, replaced: Entry | None = None) -> None:
        answer = Message(role=Role.ASSISTANT, text="", state=MessageState.WAITING)
        turn = self._turn = Turn(row=self._transcript.append(answer))
        turn.record = self._journal.begin_answer(lambda: self._on_recorded(turn), replaced=replaced)
        entry = turn.record.entry
        self._transcript.set_versions(turn.row, entry.version - 1, entry.version_count)
        self._wait_or_ask(turn)

    def _wait_or_ask(self, turn: Turn) -> None:
        self._set_stage(TurnStage.WAITING)
        self._loads.load_if_needed()
        if self._loads.is_loading:
            self._transcript.set_notice(
                turn.row,
                self._translate("ChatController", "Waiting for the models to be loaded\u2026"),
            )
        self._ask_when_ready(turn)
        self.sent.emit()

    def _on_recorded(self, turn: Turn) -> None:
        turn.is_recorded = True
        self._ask_when_ready(turn)

    def _ask_when_ready(self, turn: Turn) -> None:
        may_ask = turn.is_recorded and turn.generation_id is None and self._loads.is_ready
        if turn is self._turn and may_ask:
            self._ask(turn)

    def _on_ready(self, ready: bool) -> None:
        turn = self._turn
        if ready and turn is not None and turn.generation_id is None:
            self._transcript.set_notice(turn.row, "")
            self._ask_when_ready(turn)

    def _ask(self, turn: Turn, request: GenerationRequest | None = None) -> None:
        try:
            turn.generation_id = self._session.generate(request or self._request())
        except EngineError as error:
            self._close_failed(turn, text="", report=None, error=error.to_info())
            return
        self._set_stage(TurnStage.ASKED)
        self.figures_changed.emit(turn.series.snapshot())

    def _request(self) -> GenerationRequest:
        messages = [self._transcript.message(row) for row in range(len(self._transcript))]
        prompt = self._requests.system_prompt
        return self._requests.build(request_messages(messages, system_prompt=prompt))

    def _on_tokens(self, turn: Turn, event: TokensStreamed) -> None:
        spans = turn.take(event.text, event.spans)
        self._transcript.append_text(turn.row, event.text, spans)
        turn.series.observe_run(event.token_count)
        if turn.stage is TurnStage.ASKED:
            self._set_stage(TurnStage.STREAMING)

    def _on_finished(self, turn: Turn, event: GenerationFinished) -> None:
        state = end_state(event)
        empty = not event.text and turn.begun is None
        note = self._translate("ChatController", "The answer is empty.") if empty else ""
        self._close(turn, text=event.text, state=state, report=event.report, note=note)
        self.answered.emit(event.report)

    def _on_failed(self, turn: Turn, event: GenerationFailed) -> None:
        shorter = None if event.text else self._requests.shorter(event.error)
        if shorter is not None:
            self._ask(turn, shorter)
            return
        self._close_failed(turn, text=event.text, report=event.report, error=event.error)

    def _close_failed(
        self, turn: Turn, *, text: str, report: GenerationReport | None, error: ErrorInfo
    ) -> None:
        state = MessageState.INTERRUPTED if turn.begun_text + text else MessageState.ERROR
        note = error_text(error, self._translate).sentence
        if error.is_cancellation:
            state = MessageState.STOPPED
            note = self._translate("ChatController", "Stopped before the answer was complete.")
        self._close(turn, text=text, state=state, report=report, note=note)
        _LOG.info("answer failed: %s", error.code)
        if not error.is_cancellation:
            self.failed.emit(error)

    def _withdraw(self, turn: Turn) -> None:
        note = self._translate("ChatController", "Withdrawn before it was sent to a model.")
        self._close(turn, text="", state=MessageState.STOPPED, report=None, note=note)

    def _close(
        self,
        turn: Turn,
        *,
        text: str,
        state: MessageState,
        report: GenerationReport | None,
        note: str,
    ) -> None:
        """Close an answer with the text that was shown."""
        self._figures_timer.stop()
        whole = turn.keep(text, state, report)
        self._transcript.finish(
            turn.row, text=whole.text, state=state, report=whole.report, note=note
        )
        if whole.report is not None:
            self._transcript.set_footer(turn.row, footer_text(whole.report, self._translate))
        self.figures_changed.emit(turn.series.snapshot(report))
        self._turn = None
        self.stage_changed.emit(TurnStage.NONE)

    def _set_stage(self, stage: TurnStage) -> None:
        if self._turn is not None:
            self._turn.stage = stage
        self.stage_changed.emit(stage)

    def _request_figures(self) -> None:
        if not self._figures_timer.isActive():
            self._figures_timer.start()

    def _show_figures(self) -> None:
        if self._turn is not None:
            self.figures_changed.emit(self._turn.series.snapshot())

    def _last_user_message(self) -> Message | None:
        for row in range(len(self._transcript) - 1, -1, -1):
            message = self._transcript.message(row)
            if message.role is Role.USER:
                return message
        return None
