"""Recorded answers replayed on one clock: what every lane shows at a moment. Pure."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from engine.lab.cells import Cell
from engine.lab.record import LabRecord, Measurement


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text of one origin."""

    text: str
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneMoment:
    """A lane at one moment."""

    runs: int
    tokens: int
    characters: int
    is_finished: bool
    tokens_per_s: float | None
    """Decode rate so far."""


class RaceLane:
    """One recorded answer.

    Args:
        measurement: an answer with its run lengths, times and pieces.
    """

    def __init__(self, cell: Cell, measurement: Measurement) -> None:
        self.cell = cell
        self.text = measurement.text
        self.times_s = measurement.run_times_s
        self.tokens = tuple(itertools.accumulate(measurement.run_lengths))
        self.pieces = tuple(_pieces(measurement))
        self._ends = tuple(itertools.accumulate(len(piece.text) for piece in self.pieces))
        self._characters = tuple(_characters(measurement))

    @property
    def duration_s(self) -> float:
        """When the last token came."""
        return self.times_s[-1] if self.times_s else 0.0

    @property
    def token_count(self) -> int:
        """All tokens."""
        return self.tokens[-1] if self.tokens else 0

    def at(self, moment_s: float) -> LaneMoment:
        """What is seen `moment_s` seconds after the question."""
        runs = bisect.bisect_right(self.times_s, moment_s)
        tokens = self.tokens[runs - 1] if runs else 0
        rate = None
        if runs > 1:
            span_s = self.times_s[runs - 1] - self.times_s[0]
            rate = (tokens - self.tokens[0]) / span_s if span_s > 0 else None
        finished = runs == len(self.times_s)
        return LaneMoment(
            runs=runs,
            tokens=tokens,
            characters=len(self.text) if finished else self._characters[runs - 1] if runs else 0,
            is_finished=finished,
            tokens_per_s=rate,
        )

    def pieces_between(self, start: int, end: int) -> list[Piece]:
        """The pieces of `text[start:end]`."""
        found = []
        index = bisect.bisect_right(self._ends, start)
        while index < len(self.pieces) and start < end:
            stop = min(self._ends[index], end)
            found.append(Piece(self.text[start:stop], self.pieces[index].accepted))
            start, index = stop, index + 1
        return found


def race_prompts(record: LabRecord) -> tuple[tuple[str, int], ...]:
    """Prompts at least two cells answered: (set, index), in the order of the plan."""
    cells: dict[tuple[str, int], set[str]] = {}
    for m in record.measurements:
        cells.setdefault((m.set_id, m.prompt_index), set()).add(m.cell_key)
    return tuple(
        (prompts.set_id, index)
        for prompts in record.header.plan.prompt_sets
        for index in range(len(prompts.prompts))
        if len(cells.get((prompts.set_id, index), ())) >= 2
    )


def race_lane(record: LabRecord, cell: Cell, *, set_id: str, prompt_index: int) -> RaceLane | None:
    """The answer of a cell to a prompt that took the median time; None where it has none."""
    answers = [
        m
        for m in record.measurements
        if (m.cell_key, m.set_id, m.prompt_index) == (cell.key, set_id, prompt_index)
        and m.run_times_s
    ]
    if not answers:
        return None
    answers.sort(key=lambda m: m.run_times_s[-1])
    return RaceLane(cell, answers[(len(answers) - 1) // 2])


def race_length_s(lanes: Sequence[RaceLane]) -> float:
    """When the slowest lane ends."""
    return max((lane.duration_s for lane in lanes), default=0.0)


def _pieces(measurement: Measurement) -> list[Piece]:
    """The whole text by origin; text no run claims is the main model's."""
    found, start = [], 0
    for accepted, own in measurement.pieces:
        for length, is_accepted in ((accepted, True), (own, False)):
            if length:
                found.append(Piece(measurement.text[start : start + length], is_accepted))
                start += length
    if start < len(measurement.text):
        found.append(Piece(measurement.text[start:], False))
    return found


def _characters(measurement: Measurement) -> list[int]:
    """Characters of the text after every run."""
    ends = list(itertools.accumulate(sum(piece) for piece in measurement.pieces))
    missing = len(measurement.run_lengths) - len(ends)
    return ends + [len(measurement.text)] * missing
