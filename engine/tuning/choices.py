"""What was found best for a pair on this machine, kept until the runtime or a device changes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.codec import from_plain, to_plain
from engine.errors import EngineError, ErrorCode, StorageError
from engine.lab.record import LabRecord
from engine.models.json_file import read_json_object, write_json_atomically
from engine.placement import Placement, Strategy
from engine.tuning.tuner import TuneOutcome, TuneResult

FORMAT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PairChoice:
    """The default of a main model, measured here."""

    main: str
    """Model id or folder name of the main model."""
    strategy: Strategy
    placement: Placement
    draft: str | None = None
    num_assistant_tokens: int | None = None
    set_id: str = ""
    """Prompt set it holds for; empty for all."""
    speed_up: float | None = None
    speed_up_low: float | None = None
    speed_up_high: float | None = None
    run_id: str | None = None
    """The Lab run it comes from."""
    environment: tuple[tuple[str, str], ...] = ()
    """Versions and drivers it was measured with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    format: int
    choices: tuple[PairChoice, ...]


class ChoiceFile:
    """`choices.json`. Guarantees: a damaged file counts as empty and is replaced by the next save.

    Args:
        path: made when first needed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> tuple[PairChoice, ...]:
        """Every choice.

        Raises:
            StorageError: STORAGE_NEWER_SCHEMA, written by a newer program and left alone.
        """
        try:
            plain = read_json_object(self._path)
            if isinstance(version := plain.get("format"), int) and version > FORMAT:
                raise StorageError(
                    "The tuned defaults were written by a newer version.",
                    code=ErrorCode.STORAGE_NEWER_SCHEMA,
                    found=version,
                    known=FORMAT,
                )
            return from_plain(_File, plain).choices
        except StorageError:
            raise
        except (ValueError, EngineError):
            return ()

    def find(
        self, main: str, *, environment: tuple[tuple[str, str], ...], set_id: str = ""
    ) -> PairChoice | None:
        """The choice for a main model, None when there is none or it is out of date."""
        for choice in self.all():
            if (choice.main, choice.set_id, choice.environment) == (main, set_id, environment):
                return choice
        return None

    def save(self, choice: PairChoice) -> None:
        """Keep a choice in place of the earlier one for its model and prompt set.

        Raises:
            StorageError: it cannot be written.
        """
        others = [
            entry
            for entry in self.all()
            if (entry.main, entry.set_id) != (choice.main, choice.set_id)
        ]
        self._write((*others, choice))

    def forget(self, main: str) -> None:
        """Drop every choice for a main model."""
        self._write(tuple(entry for entry in self.all() if entry.main != main))

    def _write(self, choices: tuple[PairChoice, ...]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        plain = to_plain(_File(format=FORMAT, choices=choices))
        write_json_atomically(self._path, plain)


def choice_from(result: TuneResult) -> PairChoice:
    """The winner of a tuning run as a choice.

    Raises:
        ValueError: nothing beat plain decoding; that is not to be saved.
    """
    if result.outcome is not TuneOutcome.BETTER or result.winner is None:
        raise ValueError("nothing beat plain decoding")
    record, group, gain = result.record, result.winner.group, result.speed_up
    return PairChoice(
        main=record.header.plan.main.name,
        strategy=group.strategy,
        placement=group.placement,
        draft=group.draft,
        num_assistant_tokens=result.winner.num_assistant_tokens,
        speed_up=gain.value if gain else None,
        speed_up_low=gain.low if gain else None,
        speed_up_high=gain.high if gain else None,
        run_id=record.header.run_id,
        environment=environment_of(record),
    )


def environment_of(record: LabRecord) -> tuple[tuple[str, str], ...]:
    """Versions and drivers of a record: what a measured choice depends on."""
    drivers = [
        (f"driver:{device.name}", device.driver_version or "")
        for device in record.header.machine.devices
    ]
    return tuple(sorted([*record.versions, *drivers]))
