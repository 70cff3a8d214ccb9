"""One exchange in progress: where its answer is shown and how far it got. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.core.live_figures import FigureSeries


class TurnStage(StrEnum):
    """How far the current exchange got, as the composer and the chip show it."""

    NONE = "none"
    WAITING = "waiting"
    """For a model that is being loaded."""
    ASKED = "asked"
    """Handed to the engine; nothing has arrived."""
    STREAMING = "streaming"
    STOPPING = "stopping"


@dataclass(slots=True)
class Turn:
    """The answer that is being made."""

    row: int
    stage: TurnStage = TurnStage.WAITING
    generation_id: int | None = None
    series: FigureSeries = field(default_factory=FigureSeries)
