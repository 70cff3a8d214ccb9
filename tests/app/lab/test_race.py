"""The race shows at every moment exactly what had been said by then."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.viewmodels.lab_race import RaceLane, race_lane, race_length_s, race_prompts
from app.views.lab.race_tab import RaceTab
from engine.lab.plan import plain_cell
from engine.lab.record import Measurement
from engine.placement import Strategy

from .conftest import Measure

ANSWER = Measurement(
    cell_key="none/CPU",
    set_id="story",
    prompt_index=0,
    round=0,
    run_lengths=(1, 3, 2),
    run_times_s=(0.1, 0.2, 0.4),
    finish_reason="length",
    text="One two three four five, six",
    pieces=((0, 3), (10, 5), (5, 5)),
)
LANE = RaceLane(plain_cell("CPU"), ANSWER)


def shown(lane: RaceLane, moment_s: float) -> str:
    pieces = lane.pieces_between(0, lane.at(moment_s).characters)
    return "".join(piece.text for piece in pieces)


def test_text_comes_when_its_run_came() -> None:
    assert shown(LANE, 0.05) == ""
    assert shown(LANE, 0.1) == "One"
    assert shown(LANE, 0.3) == ANSWER.text[:18]
    assert shown(LANE, 0.4) == ANSWER.text
    assert LANE.at(0.39).tokens == 4
    assert not LANE.at(0.39).is_finished
    assert LANE.at(0.4).is_finished
    assert LANE.at(0.4).tokens_per_s == pytest.approx(5 / 0.3)


def test_accepted_text_is_told_from_the_main_models_own() -> None:
    pieces = LANE.pieces_between(0, len(ANSWER.text))
    accepted = [piece.text for piece in pieces if piece.accepted]
    assert accepted == [" two three", " five"]


@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=8))
def test_any_way_through_time_gives_the_same_text(moments: list[float]) -> None:
    said, at = "", 0
    for moment_s in sorted(moments):
        end = LANE.at(moment_s).characters
        said += "".join(piece.text for piece in LANE.pieces_between(at, end))
        at = end
    assert said == ANSWER.text[:at]


def test_lanes_of_a_run_are_real_answers(measure: Measure) -> None:
    record = measure(repeats=3)
    assert race_prompts(record) == tuple(("story", index) for index in range(6))
    cells = record.header.measured_cells
    lanes = [race_lane(record, cell, set_id="story", prompt_index=2) for cell in cells]
    found = [lane for lane in lanes if lane is not None]
    assert len(found) == len(cells)
    fastest = min(found, key=lambda lane: lane.duration_s)
    slowest = max(found, key=lambda lane: lane.duration_s)
    assert race_length_s(found) == slowest.duration_s
    assert fastest.cell.group.strategy is Strategy.DRAFT
    assert race_lane(record, cells[0], set_id="story", prompt_index=99) is None


# The offscreen platform says so for every window.
@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_play_runs_to_the_end_and_marks_the_winner(qtbot: QtBot) -> None:
    tab = RaceTab()
    qtbot.addWidget(tab)
    slow = RaceLane(
        plain_cell("CPU"),
        Measurement(
            cell_key="x", set_id="story", prompt_index=0, round=0, run_lengths=(1, 1),
            run_times_s=(0.3, 0.6), finish_reason="length", text="ab", pieces=((0, 1), (0, 1)),
        ),
    )  # fmt: skip
    tab.show_prompts([("story/0", "A story")], "story/0")
    tab.show_lanes([("fast", LANE), ("slow", slow)])
    tab.show()
    tab.speed.choose("4.0")
    fast_view, slow_view = tab.lanes
    tab.play.click()
    assert tab.is_playing
    qtbot.waitUntil(lambda: not tab.is_playing, timeout=10_000)
    assert tab.moment_s == pytest.approx(0.6)
    assert fast_view.text.toPlainText() == ANSWER.text
    assert slow_view.text.toPlainText() == "ab"
    assert fast_view.property("won") == "true"
    assert slow_view.property("won") != "true"


def test_going_back_takes_text_away_and_pausing_holds_it(qtbot: QtBot) -> None:
    tab = RaceTab()
    qtbot.addWidget(tab)
    tab.show_lanes([("only", LANE)])
    tab.seek(0.4)
    tab.seek(0.2)
    assert tab.lanes[0].text.toPlainText() == ANSWER.text[:18]
    tab.start()
    tab.pause()
    held = tab.moment_s
    qtbot.wait(60)
    assert tab.moment_s == held
    tab.restart.click()
    assert tab.lanes[0].text.toPlainText() == ""


def test_a_race_shows_how_it_ended_until_it_is_played(qtbot: QtBot) -> None:
    tab = RaceTab()
    qtbot.addWidget(tab)
    tab.show_lanes([("only", LANE)])
    assert tab.moment_s == pytest.approx(LANE.duration_s)
    tab.start()
    assert tab.is_playing
    assert tab.moment_s < LANE.duration_s
    tab.pause()


@pytest.mark.parametrize(
    ("length_s", "speed"), [(0.001, "0.01"), (0.064, "0.01"), (1.0, "0.25"), (9.0, "1.0")]
)
def test_a_short_race_is_slowed_down_until_somebody_chooses(
    qtbot: QtBot, length_s: float, speed: str
) -> None:
    tab = RaceTab()
    qtbot.addWidget(tab)
    lane = RaceLane(LANE.cell, replace(ANSWER, run_times_s=(0.0, 0.0, length_s)))
    tab.show_lanes([("only", lane)])
    assert tab.speed.currentData() == speed
    tab.speed.choose("2.0")
    tab.speed.activated.emit(tab.speed.currentIndex())
    tab.show_lanes([("only", lane)])
    assert tab.speed.currentData() == "2.0"
