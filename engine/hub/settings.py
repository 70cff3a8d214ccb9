"""Limits of hub access and transfers, all in one place so that tests can shorten them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkTimeouts:
    """Longest waits, in seconds."""

    connect_s: float = 10.0
    read_s: float = 20.0
    """Without a single byte."""
    metadata_s: float = 15.0
    """For a whole question to a hub, all its requests together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSettings:
    """How a download behaves."""

    files_at_once: int = 3
    tries: int = 6
    """In a row without a single new byte; after that the download fails and keeps what it has."""
    backoff_s: float = 0.5
    """Before the second try; doubled each time, with jitter."""
    backoff_limit_s: float = 30.0
    longest_wait_s: float = 3600.0
    """A server that asks to wait longer ends the download instead."""
    block_bytes: int = 256 * 1024
    sync_bytes: int = 64 * 1024 * 1024
    """Written bytes after which a file is made safe against power loss."""
    disk_margin_bytes: int = 1024 * 1024 * 1024
    disk_margin_ratio: float = 0.05
    """Free space to leave, whichever of the two is larger; the ratio is of the bytes to come."""
    progress_s: float = 0.25
    """Between two progress events."""
    stalled_s: float = 2.0
    """Without bytes for this long counts as waiting."""
