"""What downloads tell the outside: frozen values on the event loop's thread, no display text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.errors import ErrorInfo
from engine.events import EngineEvent


class TransferState(StrEnum):
    """Where a download stands in the queue."""

    QUEUED = "queued"
    ACTIVE = "active"
    PAUSED = "paused"
    """By the user, or found unfinished at the start; waits for `resume`."""
    FAILED = "failed"
    """With an error; everything that arrived is kept and `resume` tries again."""
    FINISHED = "finished"
    REMOVED = "removed"


class TransferPhase(StrEnum):
    """What an active download is doing."""

    ASKING = "asking"
    """The hub is asked for the list of files."""
    CHECKING = "checking"
    """Bytes of an earlier run are hashed again."""
    DOWNLOADING = "downloading"
    WAITING = "waiting"
    """No bytes at the moment; see `WaitReason`."""
    PUBLISHING = "publishing"


class WaitReason(StrEnum):
    """Why an active download gets no bytes."""

    NO_DATA = "no_data"
    """Connected, but the server sends nothing."""
    RETRY = "retry"
    """The connection broke; the next try comes in `retry_in_s`."""
    SERVER_ASKED = "server_asked"
    """The server asked to wait for `retry_in_s`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferEvent(EngineEvent):
    """Root of the events of downloads."""

    operation_id: str
    """Stays the same over a restart of the program."""
    model_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferStateChanged(TransferEvent):
    state: TransferState


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferProgressed(TransferEvent):
    """Latest wins; at most four a second."""

    phase: TransferPhase
    bytes_done: int
    bytes_total: int
    speed_bytes_per_s: float
    """Smoothed."""
    remaining_s: float | None
    """None while it cannot be told."""
    wait_reason: WaitReason | None = None
    retry_in_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFinished(TransferEvent):
    """Every byte was verified and the model is installed at `path`."""

    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFailed(TransferEvent):
    """Nothing is lost: what arrived is kept."""

    error: ErrorInfo
