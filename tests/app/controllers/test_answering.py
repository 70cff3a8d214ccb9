"""The engine is asked at once; nothing of an answer is shown before its question is on disk."""

from __future__ import annotations

from typing import Any

import pytest

from app.controllers import chat_journal
from app.controllers.open_chat import OpenChat
from app.controllers.turn import Turn, TurnStage
from app.core.conversation import Message, MessageState
from engine.errors import EngineProcessError, ErrorCode, StorageError
from engine.events import FinishReason, StatsUpdated
from engine.messages import ChatMessage, Role
from engine.metrics.report import LiveStats
from tests.app.controllers.conftest import Talk


def test_the_engine_is_asked_before_the_question_is_shown(talk: Talk) -> None:
    asked_before: list[int] = []
    talk.transcript.rowsInserted.connect(lambda *_: asked_before.append(len(talk.engine.asked)))
    talk.chat.send("Why?")
    assert asked_before == [1, 1], "the question, then the empty answer"
    assert [message.content for message in talk.engine.asked[0].messages] == ["Why?"]
    assert talk.stage() is TurnStage.ASKED
    assert talk.transcript.state_of(1) is MessageState.WAITING


def test_recorded_before_the_first_token(talk: Talk) -> None:
    talk.chat.send("Why?")
    talk.record()
    talk.stream("So")
    assert talk.shown() == "So"
    assert talk.stage() is TurnStage.STREAMING


def test_recorded_after_the_first_token(talk: Talk) -> None:
    figures: list[object] = []
    talk.chat.send("Why?")
    talk.chat.figures_changed.connect(figures.append)
    talk.stream("So")
    stats = LiveStats(token_count=1, elapsed_s=0.1)
    talk.chat.on_event(StatsUpdated(generation_id=1, stats=stats))
    assert talk.shown() == ""
    assert talk.transcript.state_of(1) is MessageState.WAITING
    assert talk.stage() is TurnStage.ASKED
    talk.record()
    talk.stream(" it")
    assert talk.shown() == "So it"
    assert talk.stage() is TurnStage.STREAMING
    talk.qtbot.waitUntil(lambda: bool(figures))


def test_recorded_after_the_end(talk: Talk) -> None:
    talk.chat.send("Why?")
    talk.stream("So")
    talk.finish("So")
    assert talk.shown() == ""
    assert talk.ended == []
    assert talk.stage() is TurnStage.ASKED
    talk.record()
    assert talk.shown() == "So"
    assert talk.transcript.state_of(1) is MessageState.DONE
    assert [message.text for message in talk.disk.kept] == ["So"]
    assert len(talk.ended) == 1
    assert talk.stage() is TurnStage.NONE


def test_a_disk_that_takes_too_long_is_not_waited_for(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_journal, "SAVE_GRACE_MS", 0)
    talk.chat.send("Why?")
    talk.stream("So")
    talk.qtbot.waitUntil(lambda: talk.shown() == "So")
    assert not talk.disk.pending["question"].done()


def test_a_question_that_cannot_be_saved_is_answered_all_the_same(talk: Talk) -> None:
    talk.chat.send("Why?")
    talk.stream("So")
    broken = StorageError("no", code=ErrorCode.STORAGE_NOT_WRITABLE)
    talk.disk.pending["question"].set_exception(broken)
    talk.qtbot.waitUntil(lambda: talk.shown() == "So")


def test_stopped_meanwhile(talk: Talk) -> None:
    talk.chat.send("Why?")
    talk.stream("So")
    talk.chat.stop()
    assert talk.engine.stopped == [1]
    assert talk.stage() is TurnStage.STOPPING
    talk.finish("So", reason=FinishReason.STOPPED)
    assert talk.ended == []
    talk.record()
    assert talk.shown() == "So"
    assert talk.transcript.state_of(1) is MessageState.STOPPED
    assert len(talk.ended) == 1


def test_crashed_meanwhile(talk: Talk) -> None:
    failures: list[Any] = []
    talk.chat.failed.connect(failures.append)
    talk.chat.send("Why?")
    talk.stream("So")
    talk.fail(ErrorCode.ENGINE_CRASHED, "So")
    assert failures == []
    talk.record()
    assert [error.code for error in failures] == [ErrorCode.ENGINE_CRASHED]
    assert talk.shown() == "So"
    assert talk.transcript.state_of(1) is MessageState.INTERRUPTED
    assert len(talk.ended) == 1


@pytest.mark.parametrize("way", ["streaming", "finished", "failed"])
def test_closed_meanwhile(talk: Talk, way: str) -> None:
    talk.chat.send("Why?")
    talk.stream("So")
    talk.stream(" it")
    expected = MessageState.STOPPED
    if way == "finished":
        talk.finish("So it")
        expected = MessageState.DONE
    elif way == "failed":
        talk.fail(ErrorCode.ENGINE_CRASHED, "So it")
        expected = MessageState.INTERRUPTED
    talk.chat.close()
    (kept,) = talk.disk.kept
    assert (kept.text, kept.state) == ("So it", expected)
    assert sum(span.characters for span in kept.spans) == len("So it")
    assert talk.ended == [], "nobody is told any more"


def test_dropped_meanwhile(talk: Talk) -> None:
    talk.chat.send("Why?")
    talk.stream("So")
    (turn,) = talk.chat.answering.turns
    talk.chat.answering.drop(turn)
    (kept,) = talk.disk.kept
    assert (kept.text, kept.state) == ("So", MessageState.STOPPED)
    assert talk.engine.stopped == [1]
    talk.stream(" it")
    talk.chat.answering.on_recorded(turn)
    assert talk.shown() == "So"
    assert len(talk.ended) == 1


def test_left_and_taken_up_meanwhile(talk: Talk) -> None:
    talk.chat.send("Why?")
    talk.stream("So")
    talk.chat.leave()
    talk.transcript.replace([Message(role=Role.USER, text="Why?")])
    talk.chat.take_up()
    assert talk.stage() is TurnStage.ASKED
    assert talk.shown() == ""
    talk.record()
    assert talk.shown() == "So"
    talk.chat.leave()
    talk.transcript.replace([Message(role=Role.USER, text="Why?")])
    talk.stream(" it")
    assert len(talk.transcript) == 1, "another chat is shown"
    talk.chat.take_up()
    assert talk.shown() == "So it"


def test_one_that_was_too_long_is_asked_again_once_it_is_recorded(talk: Talk) -> None:
    talk.transcript.replace(
        [Message(role=Role.USER, text="One?"), Message(role=Role.ASSISTANT, text="One.")]
    )
    talk.chat.send("Two?")
    assert len(talk.engine.asked[0].messages) == 3
    talk.fail(ErrorCode.PROMPT_TOO_LONG)
    assert len(talk.engine.asked) == 1
    talk.record()
    assert [message.content for message in talk.engine.asked[1].messages] == ["Two?"]
    assert talk.ended == []
    talk.stream("Two.", generation_id=2)
    talk.transcript.flush()
    assert talk.transcript.text(3) == "Two."


def test_the_next_chat_is_asked_once_this_one_has_ended(talk: Talk) -> None:
    talk.chat.send("Why?")
    other = Turn(chat=OpenChat(talk.journal.main_access), asked=(ChatMessage(Role.USER, "And I?"),))
    talk.chat.answering.begin(other)
    talk.finish("So")
    assert other.is_waiting
    assert talk.chat.answering.is_behind(other)
    talk.record()
    assert [request.messages[-1].content for request in talk.engine.asked] == ["Why?", "And I?"]
    assert other.stage is TurnStage.ASKED


def test_an_engine_that_takes_nothing_is_told_of_below_the_question(talk: Talk) -> None:
    talk.engine.refusal = EngineProcessError("closed", code=ErrorCode.ENGINE_NOT_STARTED)
    order: list[str] = []
    talk.chat.answering.began.connect(lambda _: order.append("began"))
    talk.chat.answering.ended.connect(lambda *_: order.append("ended"))
    talk.chat.send("Why?")
    assert order == ["began", "ended"]
    assert talk.transcript.text(0) == "Why?"
    assert talk.transcript.state_of(1) is MessageState.ERROR
    assert [message.state for message in talk.disk.kept] == [MessageState.ERROR]
    assert talk.stage() is TurnStage.NONE
