"""The strip of run lengths under an answer: its bars, what they say, and the way to their text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage

from app.chat_view import style as measures
from app.chat_view.step_columns import step_columns
from app.chat_view.step_strip import BAR_STEP, KEPT_STRIPS, StepStrip
from app.chat_view.style import Style
from app.core.conversation import Message, MessageState
from app.palette import DARK, LIGHT, Palette
from app.views.run_strip import RunStrip
from engine.events import TextSpan
from engine.messages import Role
from engine.metrics.report import GenerationReport

Chat = Any
QtBot = Any  # its mouse and key methods have no types
LEFT = Qt.MouseButton.LeftButton
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
Report = Callable[..., GenerationReport]


@given(lengths=st.lists(st.integers(1, 9), max_size=300), most=st.integers(1, 200))
def test_columns_hold_every_step_once(lengths: list[int], most: int) -> None:
    columns = step_columns(lengths, most)
    assert len(columns) <= most
    steps = [step for column in columns for step in range(column.first, column.last + 1)]
    assert steps == list(range(len(lengths)))
    assert sum(column.tokens for column in columns) == sum(lengths)
    assert len({column.steps for column in columns[:-1]}) <= 1


def add_answer(chat: Chat, report: GenerationReport) -> int:
    """An answer with one letter for each token of its runs."""
    letters = iter("abcdefghijklmnopqrstuvwxyz" * 800)
    spans = tuple(
        TextSpan(characters=1, step=step, accepted=index < length - 1)
        for step, length in enumerate(report.run_lengths)
        for index in range(length)
    )
    text = "".join(next(letters) for _ in spans)
    return int(
        chat.model.append(Message(role=Role.ASSISTANT, text=text, spans=spans, report=report))
    )


def bar_point(chat: Chat, row: int, index: int) -> QPointF:
    item = chat.view.column.items[row]
    corner = chat.view.message_rect(row).topLeft()
    return QPointF(
        corner.x() + index * BAR_STEP + 1.5,
        corner.y() + item.strip_top + measures.STRIP_HEIGHT / 2,
    )


def marked(chat: Chat, row: int) -> list[str]:
    """The text that is marked for a step."""
    block = chat.view.column.built(row, 0)
    style = chat.view.column.style
    shades = chat.view._painter.marks.shades(row, block, style)
    assert all(shade.colour == style.colours.step for shade in shades)
    return [block.text(shade.start, shade.end) for shade in shades]


def test_a_click_on_a_bar_marks_the_text_of_its_step(
    chat: Chat, qtbot: QtBot, report: Report
) -> None:
    chat.ask("Hi")
    row = add_answer(chat, report())
    point = bar_point(chat, row, 1).toPoint()
    qtbot.mouseClick(chat.view.viewport(), LEFT, pos=point)
    assert "".join(marked(chat, row)) == "bcde"
    assert chat.view.steps.chosen.index == 1
    qtbot.mouseClick(chat.view.viewport(), LEFT, pos=bar_point(chat, row, 2).toPoint())
    assert "".join(marked(chat, row)) == "fgh"
    qtbot.keyClick(chat.view, Qt.Key.Key_Escape)
    assert marked(chat, row) == []
    assert chat.view.steps.chosen is None


def test_pointing_at_a_bar_tells_the_step_and_its_times(chat: Chat, report: Report) -> None:
    row = add_answer(chat, report())
    tips = [chat.view.details.tool_tip(bar_point(chat, row, index)) for index in range(3)]
    assert tips == [
        "Prefill: the first token\nTook 100.0 ms, ready after 0.10 s",
        "Step 1: 4 tokens, 3 of them accepted\nTook 150.0 ms, ready after 0.25 s",
        "Step 2: 3 tokens, 2 of them accepted\nTook 150.0 ms, ready after 0.40 s",
    ]
    assert chat.view.details.tool_tip(bar_point(chat, row, 3)) == ""
    shape = chat.view.steps.bar_at(bar_point(chat, row, 0) + QPointF(0, 40))
    assert shape is None


def test_the_keyboard_goes_from_bar_to_bar(chat: Chat, qtbot: QtBot, report: Report) -> None:
    chat.ask("Hi")
    row = add_answer(chat, report())
    chat.view.focus_message(row)
    for key, text in (
        (Qt.Key.Key_S, "a"),
        (Qt.Key.Key_Right, "bcde"),
        (Qt.Key.Key_End, "fgh"),
        (Qt.Key.Key_Left, "bcde"),
        (Qt.Key.Key_Home, "a"),
        (Qt.Key.Key_Left, "a"),
    ):
        qtbot.keyClick(chat.view, key)
        assert "".join(marked(chat, row)) == text
    qtbot.keyClick(chat.view, Qt.Key.Key_Up)
    assert chat.view.focused_row == 0
    assert not chat.view.steps.is_walking
    assert marked(chat, row) == []
    assert not chat.view.walk_steps(0)


def test_s_alone_goes_through_the_lowest_answer_in_sight(
    chat: Chat, qtbot: QtBot, report: Report
) -> None:
    first, second = add_answer(chat, report()), add_answer(chat, report())
    chat.ask("Thanks")
    qtbot.keyClick(chat.view, Qt.Key.Key_S)
    assert chat.view.steps.is_walking
    assert chat.view.focused_row == second
    qtbot.keyClick(chat.view, Qt.Key.Key_Escape)
    chat.view.focus_message(first)
    qtbot.keyClick(chat.view, Qt.Key.Key_S)
    assert chat.view.focused_row == first


def test_the_menu_of_an_answer_leads_to_its_steps(chat: Chat, report: Report) -> None:
    question, row = chat.ask("Hi"), add_answer(chat, report())

    def entries(of: int) -> dict[str, Any]:
        menu = chat.view.details.menu(chat.point_of(of, 0, 0))
        return {action.text(): action for action in menu.actions()}

    assert "Go through the steps" not in entries(question)
    entries(row)["Go through the steps"].trigger()
    assert chat.view.steps.is_walking
    assert chat.view.focused_row == row


@pytest.mark.parametrize(
    "changes",
    [{"strategy": "none"}, {"run_lengths": (1,), "run_times_s": (0.1,)}],
    ids=["plain decoding", "one step"],
)
def test_no_strip_without_verify_steps(
    chat: Chat, report: Report, changes: dict[str, object]
) -> None:
    row = add_answer(chat, report(**changes))
    assert not chat.view.column.items[row].strip_height
    assert not chat.view.steps.can_walk(row)


def test_the_strip_comes_with_the_end_of_the_answer(chat: Chat, report: Report) -> None:
    row = chat.begin()
    chat.stream(row, ["abcdefgh"])
    before = chat.view.column.items[row].height
    assert not chat.view.steps.can_walk(row)
    chat.model.finish(row, text="abcdefgh", state=MessageState.DONE, report=report())
    room = measures.STRIP_HEIGHT + measures.STRIP_GAP
    assert chat.view.column.items[row].height == before + room
    assert chat.view.steps.can_walk(row)


def test_thousands_of_steps_fit(chat: Chat, qtbot: QtBot, report: Report) -> None:
    lengths = (1, *([2, 4] * 2500))
    times = tuple(0.01 * step for step in range(len(lengths)))
    row = add_answer(chat, report(run_lengths=lengths, run_times_s=times))
    item = chat.view.column.items[row]
    columns = len(chat.view._painter.strips.of(item).columns)
    assert item.width // BAR_STEP // 2 < columns <= item.width // BAR_STEP
    chat.view.scroll_to_bottom()
    tip = chat.view.details.tool_tip(bar_point(chat, row, 1))
    assert tip.startswith("Steps 27 to 53: 80 tokens, 3.0 in each on average\n")
    qtbot.mouseClick(chat.view.viewport(), LEFT, pos=bar_point(chat, row, 1).toPoint())
    ranges = chat.view._painter.marks._focus[row]
    assert sum(mark.end - mark.start for mark in ranges) == 80


def test_strips_of_a_long_chat_cost_nothing(
    chat: Chat, report: Report, monkeypatch: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    made: list[int] = []
    original = StepStrip.__init__

    def counted(self: StepStrip, *args: Any) -> None:
        made.append(1)
        original(self, *args)

    monkeypatch.setattr(StepStrip, "__init__", counted)
    spans = tuple(TextSpan(characters=1, step=n, accepted=False) for n in range(3))
    chat.model.replace(
        [
            Message(role=Role.ASSISTANT, text="abc", spans=spans, report=report())
            for _ in range(1000)
        ]
    )
    settle()
    assert 0 < len(made) < 30
    before = len(made)
    chat.view.viewport().update()
    settle()
    assert len(made) <= before + KEPT_STRIPS


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_both_strips_have_the_same_colours(qtbot: QtBot, report: Report, palette: Palette) -> None:
    """The one under the answer and the one beside the chat say the same thing."""
    colours = Style(palette).colours
    strip = RunStrip()
    qtbot.addWidget(strip)
    strip.apply_palette(palette)
    strip.resize(200, 44)
    strip.set_runs((2, 2), first_step=1)
    image = strip.grab().toImage()
    assert image.pixelColor(2, 36) == colours.strip_own
    assert image.pixelColor(2, 8) == colours.strip_accepted
    qtbot.mouseClick(strip, LEFT, pos=QPoint(2, 20))
    assert strip.grab().toImage().pixelColor(2, 36) == colours.accent


def test_the_chosen_bar_stands_out(chat: Chat, report: Report, settle: Callable[[], None]) -> None:
    row = add_answer(chat, report())
    settle()

    def colour(index: int) -> str:
        image: QImage = chat.view.viewport().grab().toImage()
        point = bar_point(chat, row, index).toPoint()
        return str(image.pixelColor(point.x(), point.y() + 5).name())

    plain = chat.view.column.style.colours.strip_own.name()
    assert colour(1) == plain
    chat.view.steps.begin(row)
    chat.view.steps.move(1)
    assert colour(1) == chat.view.column.style.colours.accent.name()
    assert colour(2) == plain


def test_a_screen_reader_is_told_of_the_runs(chat: Chat, report: Report) -> None:
    row = add_answer(chat, report())
    interface = QAccessible.queryAccessibleInterface(chat.view)
    message: QAccessibleInterface = interface.child(row)
    assert message.text(QAccessible.Text.Description) == (
        "2 verify steps of 3.5 tokens on average, 4 at most. S goes through them."
    )
