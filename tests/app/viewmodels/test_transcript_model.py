"""The transcript model: buffering, states, spans, and the cost of accumulating text."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.core.conversation import Message, MessageState
from app.viewmodels.token_pump import FRAME_MS, SLOW_FRAME_MS, TokenPump
from app.viewmodels.transcript_model import TranscriptModel, TranscriptRole
from engine.events import TextSpan
from engine.messages import Role

WAITING = Message(role=Role.ASSISTANT, text="", state=MessageState.WAITING)


def span(characters: int, *, accepted: bool = True) -> TextSpan:
    return TextSpan(characters=characters, step=1, accepted=accepted)


@pytest.fixture
def model(qtbot: QtBot) -> TranscriptModel:
    return TranscriptModel()


def test_it_is_a_proper_item_model(model: TranscriptModel) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    row = model.append(WAITING)
    model.append_text(row, "text", (span(4),))
    model.flush()
    model.replace([WAITING, WAITING])
    model.append(WAITING)
    model.clear()
    assert model.rowCount() == 0
    tester.deleteLater()


def test_text_is_buffered_until_the_frame(model: TranscriptModel, qtbot: QtBot) -> None:
    row = model.append(WAITING)
    flushed: list[int] = []
    model.text_flushed.connect(flushed.append)
    for part in ("one ", "two ", "three"):
        model.append_text(row, part, (span(len(part)),))
    assert model.message(row).text == ""
    qtbot.waitUntil(lambda: flushed == [row])
    message = model.message(row)
    assert message.text == "one two three"
    assert message.state is MessageState.STREAMING
    assert [s.characters for s in message.spans] == [4, 4, 5]


def test_empty_text_asks_for_no_frame(model: TranscriptModel) -> None:
    row = model.append(WAITING)
    model.append_text(row, "")
    model.flush()
    assert model.state_of(row) is MessageState.WAITING


def test_unknown_rows_are_refused(model: TranscriptModel) -> None:
    with pytest.raises(IndexError):
        model.append_text(0, "x")


def test_finishing_flushes_and_closes(model: TranscriptModel, qtbot: QtBot) -> None:
    row = model.append(WAITING)
    model.append_text(row, "text")
    with qtbot.waitSignal(model.message_changed):
        model.finish(
            row, text="text", state=MessageState.STOPPED, report=None, note="You stopped it."
        )
    assert model.message(row) == Message(
        role=Role.ASSISTANT, text="text", state=MessageState.STOPPED
    )
    assert model.notice(row) == "You stopped it."


def test_the_final_text_wins(model: TranscriptModel) -> None:
    row = model.append(WAITING)
    model.append_text(row, "what was lost")
    model.finish(row, text="what counts", state=MessageState.DONE, report=None)
    assert model.message(row).text == "what counts"


def test_text_from_an_offset(model: TranscriptModel) -> None:
    row = model.append(WAITING)
    for part in ("ab", "cd", "ef"):
        model.append_text(row, part)
        model.flush()
    assert [model.text_from(row, n) for n in range(7)] == [
        "abcdef", "bcdef", "cdef", "def", "ef", "f", "",
    ]  # fmt: skip
    assert model.message(row).text == "abcdef"
    assert model.text_from(row, 4) == "ef"
    assert model.text_length(row) == 6


def test_taking_new_text_does_not_touch_the_old(model: TranscriptModel) -> None:
    row = model.append(WAITING)
    taken = 0
    for _ in range(2000):
        model.append_text(row, "word ")
        model.flush()
        text = model.text_from(row, taken)
        taken += len(text)
        assert text == "word "
    assert taken == 10_000


def test_data_roles(model: TranscriptModel) -> None:
    row = model.append(Message(role=Role.USER, text="hi"))
    model.set_footer(row, "figures")
    model.set_notice(row, "notice")
    index = model.index(row)
    assert index.data() == "hi"
    assert index.data(TranscriptRole.ROLE) == "user"
    assert index.data(TranscriptRole.STATE) == "done"
    assert index.data(TranscriptRole.FOOTER) == "figures"
    assert index.data(TranscriptRole.NOTICE) == "notice"
    assert index.data(Qt.ItemDataRole.DecorationRole) is None
    assert model.data(model.index(9)) is None


def test_replacing_drops_what_was_buffered(model: TranscriptModel, qtbot: QtBot) -> None:
    row = model.append(WAITING)
    model.append_text(row, "lost")
    model.replace([WAITING])
    qtbot.wait(2 * FRAME_MS)
    assert model.message(0).text == ""


def test_an_empty_model_is_still_a_model(model: TranscriptModel) -> None:
    assert bool(model)
    assert model.rowCount() == 0


def test_the_pump_coalesces_and_rests(qtbot: QtBot) -> None:
    calls: list[int] = []
    pump = TokenPump(lambda: calls.append(1))
    for _ in range(100):
        pump.request()
    was_pending = pump.pending
    assert was_pending
    qtbot.waitUntil(lambda: calls == [1])
    qtbot.wait(3 * FRAME_MS)
    assert calls == [1]
    assert not pump.pending
    pump.request()
    pump.stop()
    qtbot.wait(2 * FRAME_MS)
    assert calls == [1]


def test_the_pump_slows_down_after_a_slow_flush(qtbot: QtBot) -> None:
    pauses = [20, 0]
    pump = TokenPump(lambda: qtbot.wait(pauses.pop(0)))
    pump.request()
    qtbot.waitUntil(lambda: pump.interval_ms == SLOW_FRAME_MS)
    pump.request()
    qtbot.waitUntil(lambda: not pump.pending and pump.interval_ms == FRAME_MS)
