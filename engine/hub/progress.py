"""What one download is doing, gathered from its files into one progress event."""

from __future__ import annotations

from engine.hub.clock import Clock
from engine.hub.events import TransferPhase, TransferProgressed, WaitReason
from engine.hub.speed import ProgressMeter


class JobProgress:
    """Written by the job and its files, read by whoever shows it. One event loop only."""

    def __init__(self, clock: Clock, *, stalled_s: float) -> None:
        self.meter = ProgressMeter(clock)
        self.phase = TransferPhase.ASKING
        self._clock = clock
        self._stalled_s = stalled_s
        self._running: set[str] = set()
        self._checking: set[str] = set()
        self._waiting: dict[str, tuple[WaitReason, float]] = {}

    def begin(self, path: str) -> None:
        """A file is being fetched from now on."""
        self._running.add(path)

    def end(self, path: str) -> None:
        """A file is done, or given up."""
        self._running.discard(path)
        self.go_on(path)

    def check(self, path: str) -> None:
        """What an earlier run left of a file is hashed."""
        self._checking.add(path)

    def wait(self, path: str, reason: WaitReason, *, until_s: float) -> None:
        """A file waits until a moment of the clock."""
        self._waiting[path] = (reason, until_s)

    def go_on(self, path: str) -> None:
        """A file stopped waiting or being checked."""
        self._checking.discard(path)
        self._waiting.pop(path, None)

    def event(self, *, operation_id: str, model_id: str) -> TransferProgressed:
        """The state of things now."""
        reason, until_s = self._reason_to_wait()
        meter = self.meter
        return TransferProgressed(
            operation_id=operation_id,
            model_id=model_id,
            phase=TransferPhase.WAITING if reason else self._phase_now(),
            bytes_done=meter.bytes_done,
            bytes_total=meter.bytes_total,
            speed_bytes_per_s=0.0 if reason else meter.speed_bytes_per_s,
            remaining_s=None if reason else meter.remaining_s,
            wait_reason=reason,
            retry_in_s=None if until_s is None else max(0.0, until_s - self._clock.monotonic_s()),
        )

    def _phase_now(self) -> TransferPhase:
        checking = bool(self._checking) and self._checking == self._running
        return TransferPhase.CHECKING if checking else self.phase

    def _reason_to_wait(self) -> tuple[WaitReason | None, float | None]:
        # With nothing running it is the question to the hub that waits.
        if self._waiting and len(self._waiting) >= len(self._running):
            return min(self._waiting.values(), key=lambda wait: wait[1])
        downloading = self.phase is TransferPhase.DOWNLOADING and self._running
        if downloading and not self._checking and self.meter.idle_s >= self._stalled_s:
            return WaitReason.NO_DATA, None
        return None, None
