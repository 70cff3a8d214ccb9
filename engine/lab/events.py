"""Frozen messages of a Lab run, in the order in which things happen. No display text."""

from __future__ import annotations

from dataclasses import dataclass

from engine.lab.record import CellFailure, GroupLoad, LabHeader, LabRecord, Measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class LabEvent:
    """Root of all events of the Lab."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabStarted(LabEvent):
    """First event; also of a run that goes on after a break."""

    header: LabHeader


@dataclass(frozen=True, slots=True, kw_only=True)
class LabLoading(LabEvent):
    """A pipeline is being built."""

    group_key: str
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LabLoaded(LabEvent):
    load: GroupLoad


@dataclass(frozen=True, slots=True, kw_only=True)
class LabAnswerStarted(LabEvent):
    cell_key: str
    set_id: str
    prompt_index: int
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LabRunStreamed(LabEvent):
    """One run of the answer that is being measured, as it comes."""

    cell_key: str
    token_count: int
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LabMeasured(LabEvent):
    measurement: Measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class LabCellFailed(LabEvent):
    failure: CellFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class LabProgressed(LabEvent):
    done: int
    total: int
    """Answers; cells that failed are taken out of it."""
    remaining_s: float | None
    """None until something was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabFinished(LabEvent):
    """Last event, whatever happened."""

    record: LabRecord
    was_stopped: bool
