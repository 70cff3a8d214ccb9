"""How long a Lab run will still take, from what it has measured so far. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable


class RemainingTime:
    """Averages of answers per cell and of loads per group; unknown ones take the overall mean."""

    def __init__(self, *, settle_s: float) -> None:
        self._settle_s = settle_s
        self._answers: dict[str, list[float]] = defaultdict(list)
        self._loads: dict[str, list[float]] = defaultdict(list)

    def note_answer(self, cell_key: str, seconds: float) -> None:
        """Take one measured answer."""
        self._answers[cell_key].append(seconds)

    def note_load(self, group_key: str, seconds: float) -> None:
        """Take one load, its warm-up included."""
        self._loads[group_key].append(seconds)

    def estimate_s(self, *, answers: Iterable[str], loads: Iterable[str]) -> float | None:
        """Seconds left for answers of these cells and loads of these groups (with repetition)."""
        if not self._answers:
            return None
        load_keys = list(loads)
        total = sum(_mean(self._answers, key) for key in answers)
        total += sum(_mean(self._loads, key) for key in load_keys)
        return total + self._settle_s * len(load_keys)


def _mean(known: dict[str, list[float]], key: str) -> float:
    values = known.get(key) or [value for entries in known.values() for value in entries]
    return sum(values) / len(values) if values else 0.0
