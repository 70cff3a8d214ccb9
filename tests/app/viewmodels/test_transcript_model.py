"""The transcript model: buffering, states, spans, and the cost of accumulating text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.core.conversation import Message, MessageState
from app.viewmodels.token_pump import (
    CORE_SHARE,
    LONGEST_FRAME_MS,
    SHORTEST_FRAME_MS,
    Clocks,
    TokenPump,
)
from app.viewmodels.transcript_model import TranscriptModel, TranscriptRole
from engine.events import TextSpan
from engine.messages import Role
from engine.metrics.report import GenerationReport, RuntimeFigures
from engine.params import GenerationParams

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
    qtbot.wait(2 * SHORTEST_FRAME_MS)
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
    qtbot.wait(3 * SHORTEST_FRAME_MS)
    assert calls == [1]
    assert not pump.pending
    pump.request()
    pump.stop()
    qtbot.wait(2 * SHORTEST_FRAME_MS)
    assert calls == [1]


class Meter:
    """Clocks that are set by hand."""

    def __init__(self) -> None:
        self.wall_s = self.thread_s = 0.0

    def pump(self, flush: Callable[[], None]) -> TokenPump:
        return TokenPump(
            flush, clocks=Clocks(wall_s=lambda: self.wall_s, thread_s=lambda: self.thread_s)
        )

    def frames(self, pump: TokenPump, qtbot: QtBot, *, count: int, cost_s: float) -> None:
        """Let frames pass of which each costs some processor time."""
        for _ in range(count):
            pump.request()
            qtbot.waitUntil(lambda: not pump.pending)
            self.thread_s += cost_s
            self.wall_s += pump.interval_ms / 1e3


@pytest.mark.parametrize(
    ("cost_s", "interval_ms"),
    [
        (0.0001, SHORTEST_FRAME_MS),
        (0.001, SHORTEST_FRAME_MS),
        (0.002, round(2 / CORE_SHARE)),
        (0.003, round(3 / CORE_SHARE)),
        (0.02, LONGEST_FRAME_MS),
    ],
)
def test_frames_become_longer_the_more_they_cost(
    qtbot: QtBot, cost_s: float, interval_ms: int
) -> None:
    meter = Meter()
    pump = meter.pump(lambda: None)
    meter.frames(pump, qtbot, count=20, cost_s=cost_s)
    assert abs(pump.interval_ms - interval_ms) <= 1
    meter.frames(pump, qtbot, count=30, cost_s=0.0)
    assert pump.interval_ms == SHORTEST_FRAME_MS


def test_a_rest_is_not_taken_for_a_costly_frame(qtbot: QtBot) -> None:
    meter = Meter()
    pump = meter.pump(lambda: None)
    meter.frames(pump, qtbot, count=3, cost_s=0.0001)
    meter.wall_s += 10
    meter.thread_s += 3
    meter.frames(pump, qtbot, count=1, cost_s=0.0001)
    assert pump.interval_ms == SHORTEST_FRAME_MS


def test_what_arrives_after_a_rest_is_flushed_at_once(qtbot: QtBot) -> None:
    meter = Meter()
    calls: list[float] = []
    pump = meter.pump(lambda: calls.append(1))
    pump.request()
    assert pump.remaining_ms == 0
    qtbot.waitUntil(lambda: len(calls) == 1)
    pump.request()
    assert pump.remaining_ms > 0
    pump.stop()
    meter.wall_s += 1
    pump.request()
    assert pump.remaining_ms == 0


def text_rows(model: TranscriptModel) -> list[str]:
    return [model.message(row).text for row in range(len(model))]


def test_rows_are_removed_and_replaced_as_an_item_model_must(model: TranscriptModel) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.replace([Message(role=Role.USER, text=str(number)) for number in range(5)])
    model.set_footer(4, "figures")
    model.remove_rows(1, 2)
    assert text_rows(model) == ["0", "3", "4"]
    assert model.footer(2) == "figures"
    model.replace_from(1, [Message(role=Role.USER, text=text) for text in "ab"])
    assert text_rows(model) == ["0", "a", "b"]
    model.replace_from(3, [])
    assert text_rows(model) == ["0", "a", "b"]
    tester.deleteLater()


def test_rows_that_do_not_exist_are_refused(model: TranscriptModel) -> None:
    model.append(WAITING)
    for first, last in ((0, 1), (-1, 0), (1, 1)):
        with pytest.raises(IndexError):
            model.remove_rows(first, last)
    with pytest.raises(IndexError):
        model.replace_from(2, [])
    with pytest.raises(ValueError, match="version 2 of 2"):
        model.set_versions(0, 2, 2)


def test_buffered_text_reaches_its_row_before_rows_go(model: TranscriptModel) -> None:
    model.replace([WAITING, WAITING])
    model.append_text(0, "kept")
    model.append_text(1, "gone")
    model.remove_rows(1, 1)
    assert text_rows(model) == ["kept"]


@pytest.fixture
def report() -> GenerationReport:
    return GenerationReport(
        finish_reason="end",
        strategy="draft",
        main_name="main",
        draft_name="draft",
        main_device="CPU",
        draft_device="CPU",
        params=GenerationParams(),
        token_count=3,
        prompt_tokens=None,
        elapsed_s=1.0,
        ttft_s=None,
        tpot_s=None,
        tokens_per_s=None,
        accepted=None,
        drafted=None,
        acceptance_rate=None,
        mean_acceptance_length=None,
        run_lengths=(1, 2),
        run_times_s=(0.1, 0.2),
        versions=(),
        runtime=RuntimeFigures(),
    )


def test_figures_come_from_the_report(model: TranscriptModel, report: GenerationReport) -> None:
    model.replace([Message(role=Role.ASSISTANT, text="x", report=report), WAITING])
    asked: list[int] = []

    def describe(shown: GenerationReport) -> str:
        asked.append(shown.token_count)
        return f"{shown.token_count} tokens"

    model.describe_reports(describe)
    assert [model.footer(row) for row in (0, 0, 1)] == [f"{report.token_count} tokens"] * 2 + [""]
    assert len(asked) == 1
    model.set_footer(0, "own")
    assert model.footer(0) == "own"
