"""One download as a row: the state of the queue joined with its latest progress. Values only."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.errors import ErrorInfo
from engine.hub.events import (
    TransferEvent,
    TransferFailed,
    TransferPhase,
    TransferProgressed,
    TransferState,
    TransferStateChanged,
    WaitReason,
)
from engine.hub.operation import QueueEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadRow:
    """What the page shows of a download."""

    operation_id: str
    model_id: str
    name: str
    state: TransferState
    bytes_done: int = 0
    bytes_total: int = 0
    phase: TransferPhase = TransferPhase.ASKING
    speed_bytes_per_s: float = 0.0
    remaining_s: float | None = None
    wait_reason: WaitReason | None = None
    retry_in_s: float | None = None
    error: ErrorInfo | None = None
    age_days: float = 0.0
    is_damaged: bool = False
    """Its record cannot be read: it can only be removed."""

    @classmethod
    def of(cls, entry: QueueEntry, known: DownloadRow | None) -> DownloadRow:
        """A row for an entry of the queue."""
        wanted = entry.wanted
        row = known or cls(
            operation_id=entry.operation_id,
            model_id=wanted.id if wanted else entry.operation_id,
            name=wanted.name if wanted else entry.operation_id,
            state=entry.state,
        )
        return replace(
            row,
            state=entry.state,
            bytes_done=max(row.bytes_done, entry.bytes_done),
            bytes_total=entry.bytes_total or row.bytes_total,
            error=entry.error,
            age_days=entry.age_days,
            is_damaged=wanted is None,
        )

    @property
    def is_unfinished(self) -> bool:
        """Whether something is left to do."""
        return self.state not in (TransferState.FINISHED, TransferState.REMOVED)


def row_after(row: DownloadRow, event: TransferEvent) -> DownloadRow:
    """The row after some news."""
    match event:
        case TransferStateChanged(state=state):
            error = row.error if state is TransferState.FAILED else None
            done = row.bytes_total if state is TransferState.FINISHED else row.bytes_done
            return replace(
                row, state=state, error=error, bytes_done=done, speed_bytes_per_s=0.0,
                remaining_s=None, wait_reason=None,
            )  # fmt: skip
        case TransferFailed(error=failure):
            return replace(row, error=failure)
        case TransferProgressed():
            return replace(
                row, phase=event.phase, bytes_total=event.bytes_total or row.bytes_total,
                # While the hub is asked nothing is counted yet; a bar never jumps back for that.
                bytes_done=event.bytes_done if event.bytes_total else row.bytes_done,
                speed_bytes_per_s=event.speed_bytes_per_s, remaining_s=event.remaining_s,
                wait_reason=event.wait_reason, retry_in_s=event.retry_in_s,
            )  # fmt: skip
        case _:
            return row
