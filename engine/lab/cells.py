"""A cell of the Lab: one placement, one strategy, one draft length. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from engine.placement import Placement, Strategy


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRef:
    """A model by the name it has in a record, and where it lies on this machine."""

    name: str
    path: str = ""
    """Empty in a record that was exported: paths tell too much about a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellGroup:
    """What one load serves: cells that differ in nothing but the draft length."""

    strategy: Strategy
    placement: Placement
    draft: str | None = None
    """Name of the draft model, None without one."""

    @property
    def key(self) -> str:
        """Unique among the groups of a plan and stable over runs: `draft/GPU+CPU/small`."""
        devices = self.placement.main_device
        if self.placement.draft_device is not None:
            devices += f"+{self.placement.draft_device}"
        return "/".join(part for part in (str(self.strategy), devices, self.draft) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One thing that is measured."""

    group: CellGroup
    num_assistant_tokens: int | None = None
    """None in plain decoding."""

    @property
    def key(self) -> str:
        """The group's key with the draft length behind it."""
        if self.num_assistant_tokens is None:
            return self.group.key
        return f"{self.group.key}/{self.num_assistant_tokens}"

    @property
    def is_plain(self) -> bool:
        """Whether this is decoding without candidates."""
        return self.group.strategy is Strategy.NONE
