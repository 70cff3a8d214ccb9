"""Runs the chat that is shown: what the user asks for in it, and what comes of its answer.

It knows no widget; the answers themselves are made by `Answering`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.controllers.answering import Answering
from app.controllers.chat_history import request_messages
from app.controllers.chat_journal import ChatJournal
from app.controllers.figures_feed import FiguresFeed
from app.controllers.follow_up import follow_up
from app.controllers.load_controller import LoadController
from app.controllers.open_chat import Entry
from app.controllers.turn import Ending, Turn, TurnStage
from app.core.conversation import Message, MessageState
from app.core.generation_settings import GenerationSettings
from app.core.request_builder import RequestBuilder
from app.core.translation import Translate
from app.viewmodels.transcript_model import TranscriptModel
from engine.events import EngineEvent, TextSpan
from engine.messages import Role
from engine.session import InferenceSession


class ChatController(QObject):
    """The exchange of the shown chat.

    Guarantees: what was shown of an answer is what stays and is kept. One exchange at a time in
    one chat; it goes on when another chat is shown, and is shown again when the user comes back.
    `leaving()` comes before another chat is shown, `sending()` before the model is asked anything;
    it is asked before anything else is done for a message: every answer begins so much sooner.
    """

    stage_changed = Signal(object)  # TurnStage
    figures_changed = Signal(object)  # LiveFigures, at most five times a second
    answered = Signal(object)  # GenerationReport of a finished or stopped answer
    failed = Signal(object)  # ErrorInfo
    failed_elsewhere = Signal(object, object)  # OpenChat that is not shown, ErrorInfo
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
        self._loads = loads
        self._transcript = transcript
        self._journal = journal
        self._requests = requests
        self._translate = translate
        self._turn: Turn | None = None
        self.answering = Answering(session, loads, requests, translate=translate, parent=self)
        self._figures = FiguresFeed(self)
        self._figures.changed.connect(self.figures_changed)
        self._connect()

    def _connect(self) -> None:
        answering = self.answering
        answering.streamed.connect(self._on_streamed)
        answering.moved.connect(self._on_moved)
        answering.measured.connect(self._on_measured)
        answering.ended.connect(self._on_ended)
        self._loads.ready_changed.connect(lambda _: self._say_why_it_waits())

    @property
    def stage(self) -> TurnStage:
        """How far the exchange of the shown chat got."""
        return self._turn.stage if self._turn else TurnStage.NONE

    @property
    def next_settings(self) -> GenerationSettings:
        """Of the chat that is asked next: one that waits for it, or else the shown one."""
        waiting = (turn.settings for turn in self.answering.turns if turn.is_waiting)
        return next(waiting, None) or self._requests.settings

    def send(self, text: str) -> bool:
        """Ask the model. Returns False when an exchange is in progress or the text is blank."""
        if self._turn is not None or not text.strip():
            return False
        self.sending.emit()
        message = Message(role=Role.USER, text=text.strip())
        turn = self._ask(len(self._transcript), message)
        self._transcript.append(message)
        self._journal.add_question(message)
        self._begin_turn(turn)
        return True

    def send_after(self, turn: Turn, text: str) -> bool:
        """Ask the next thing in the chat of an exchange that has ended, shown or not."""
        if turn.chat.is_same(self._journal.chat):
            return self.send(text)
        return follow_up(self.answering, self._journal, turn, text)

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
        turn = self._ask(row, message)
        self._transcript.replace_from(row, (message,))
        entry = self._journal.add_version(row, message.text)
        self._transcript.set_versions(row, entry.version - 1, entry.version_count)
        self._begin_turn(turn)
        return True

    def regenerate(self, row: int) -> bool:
        """Make another version of the answer at `row`; the old one is kept."""
        if self._turn is not None or not 0 < row < len(self._transcript):
            return False
        self.sending.emit()
        replaced = self._journal.entries[row]
        turn = self._ask(row)
        self._transcript.remove_rows(row, len(self._transcript) - 1)
        self._journal.truncate(row)
        self._begin_turn(turn, replaced=replaced)
        return True

    def continue_answer(self) -> bool:
        """Let the last answer go on where its text ends."""
        row = len(self._transcript) - 1
        if self._turn is not None or row < 1 or not self._transcript.text_length(row):
            return False
        self.sending.emit()
        begun = self._transcript.message(row)
        turn = self._ask(row, begun, begun=begun)
        versions = self._transcript.versions(row)
        self._transcript.replace_from(row, (replace(begun, state=MessageState.STREAMING),))
        self._transcript.set_versions(row, versions.index, versions.count)
        turn.row = row
        turn.record = self._journal.resume_answer(row, lambda: self.answering.on_recorded(turn))
        self._begin(turn)
        return True

    def set_figures_rate(self, per_s: int) -> None:
        """Show live figures at most so often."""
        self._figures.set_rate(per_s)

    def stop(self) -> None:
        """Stop the answer of the shown chat; one that still waits is withdrawn."""
        if self._turn is not None:
            self.answering.stop(self._turn)

    def stop_in(self, chat_ids: Iterable[int]) -> None:
        """End the answers of saved chats at once, shown or not: these chats are to go."""
        wanted = frozenset(chat_ids)
        for turn in self.answering.turns:
            if turn.chat.id in wanted and turn.chat.access is self._journal.main_access:
                self.answering.drop(turn)

    def new_chat(self) -> None:
        """Start an empty conversation; an answer in progress goes on in its own."""
        self.leave()
        self._journal.start_new()
        self._transcript.clear()
        self.emptied.emit()

    def leave(self) -> None:
        """Let go of the chat that is shown: another one takes its place."""
        if self._turn is not None and self._journal.is_temporary:
            self.answering.drop(self._turn)  # the chat is gone as soon as it is left
        self.leaving.emit()
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.row, turn.settings = None, self._requests.settings
        self.stage_changed.emit(TurnStage.NONE)
        self._figures.clear()

    def take_up(self) -> None:
        """Show how the answer of the chat stands that was just put into the transcript."""
        turn = self._turn = self.answering.turn_of(self._journal.chat)
        if turn is None:
            self._show_last_figures()
            return
        entry = turn.record.entry if turn.record is not None else None
        if entry is not None and entry.id is not None:
            turn.row = self._journal.row_of(entry.id)
        if turn.row is not None and entry is not None:
            self._transcript.replace_from(turn.row, (turn.so_far(),))
            self._transcript.set_versions(turn.row, entry.version - 1, entry.version_count)
        turn.settings = None
        self._say_why_it_waits()
        self.stage_changed.emit(turn.stage)
        self._figures.follow(turn.series)

    def close(self) -> None:
        """Keep what was shown of the answers in progress: the program ends."""
        self._turn = None
        self.answering.close()

    def on_event(self, event: EngineEvent) -> None:
        """Take an engine event on the GUI thread."""
        self.answering.on_event(event)

    def _ask(self, row: int, *more: Message, begun: Message | None = None) -> Turn:
        """Hand over what is said above `row`, and `more`; nothing of that is shown yet."""
        said = [self._said(number) for number in range(row)]
        asked = request_messages([*said, *more])
        turn = Turn(chat=self._journal.chat, asked=asked, begun=begun)
        self.answering.ask(turn)
        return turn

    def _said(self, row: int) -> Message:
        """A message without its spans: a long chat has a great many."""
        return Message(role=self._transcript.role_of(row), text=self._transcript.text(row))

    def _begin_turn(self, turn: Turn, *, replaced: Entry | None = None) -> None:
        answer = Message(role=Role.ASSISTANT, text="", state=MessageState.WAITING)
        row = turn.row = self._transcript.append(answer)
        self._turn = turn
        record = turn.record = self._journal.begin_answer(
            lambda: self.answering.on_recorded(turn), replaced=replaced
        )
        self._transcript.set_versions(row, record.entry.version - 1, record.entry.version_count)
        self._begin(turn)

    def _begin(self, turn: Turn) -> None:
        self._turn = turn
        if turn.is_waiting:
            self.stage_changed.emit(turn.stage)
        self.answering.begin(turn)
        self._say_why_it_waits()
        self.sent.emit()

    def _say_why_it_waits(self) -> None:
        turn = self._turn
        if turn is None or turn.row is None or not turn.is_waiting:
            return
        if self._loads.is_loading:
            why = self._translate("ChatController", "Waiting for the models to be loaded\u2026")
        elif self.answering.is_behind(turn):
            why = self._translate("ChatController", "Waiting for the answer in another chat\u2026")
        else:
            why = ""
        if why != self._transcript.notice(turn.row):
            self._transcript.set_notice(turn.row, why)

    def _on_streamed(self, turn: Turn, text: str, spans: tuple[TextSpan, ...]) -> None:
        if turn is self._turn and turn.row is not None:
            self._transcript.append_text(turn.row, text, spans)

    def _on_moved(self, turn: Turn) -> None:
        if turn is not self._turn:
            self._say_why_it_waits()
            return
        row = turn.row
        if row is not None and turn.stage is TurnStage.ASKED and self._transcript.notice(row):
            self._transcript.set_notice(row, "")
        self.stage_changed.emit(turn.stage)
        if turn.stage is TurnStage.ASKED:
            self._figures.follow(turn.series)

    def _on_measured(self, turn: Turn) -> None:
        if turn is self._turn:
            self._figures.request()

    def _on_ended(self, turn: Turn, ending: Ending) -> None:
        if turn is not self._turn:
            self._say_why_it_waits()
            if ending.error is not None:
                self.failed_elsewhere.emit(turn.chat, ending.error)
            return
        self._turn = None
        if turn.row is not None:
            self._show_end(turn.row, ending)
        self._figures.end(ending.whole.report if ending.report is not None else None)
        self.stage_changed.emit(TurnStage.NONE)
        if ending.error is not None:
            self.failed.emit(ending.error)
        elif ending.report is not None:
            self.answered.emit(ending.report)

    def _show_end(self, row: int, ending: Ending) -> None:
        whole = ending.whole
        self._transcript.finish(
            row, text=whole.text, state=whole.state, report=whole.report, note=ending.note
        )

    def _show_last_figures(self) -> None:
        row = len(self._transcript) - 1
        report = self._transcript.report(row) if row >= 0 else None
        if report is not None:
            self._figures.show_report(report)

    def _last_user_message(self) -> Message | None:
        for row in range(len(self._transcript) - 1, -1, -1):
            message = self._transcript.message(row)
            if message.role is Role.USER:
                return message
        return None
