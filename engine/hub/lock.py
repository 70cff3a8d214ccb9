"""A lock between processes, held while a file is open: the system drops it when a process dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.errors import ErrorCode, TransferError
from engine.hub.disk import open_regular


class FileLock:
    """Exclusive, never waits. The file exists only while the lock is held.

    Guarantees: of any number of processes and of holders in one process exactly one gets it.
    Hazard: not for network folders without file locks.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            TransferError: ALREADY_RUNNING when someone else holds it.
            OSError: the lock file cannot be made.
        """
        while True:
            descriptor = open_regular(self._path)
            if not _try_lock(descriptor):
                os.close(descriptor)
                raise TransferError(
                    "This model is already being downloaded.",
                    code=ErrorCode.ALREADY_RUNNING,
                    folder=self._path.stem,
                )
            if _is_same_file(descriptor, self._path):
                self._descriptor = descriptor
                return
            os.close(descriptor)  # its last holder deleted the file meanwhile

    def release(self) -> None:
        """Give the lock back; does nothing when it is not held."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        if sys.platform != "win32":
            self._path.unlink(missing_ok=True)
        os.close(descriptor)
        if sys.platform == "win32":  # Windows deletes no open file
            _unlink_if_free(self._path)


def is_locked(path: Path) -> bool:
    """Whether some process holds the lock right now."""
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        lock.acquire()
    except TransferError:
        return True
    lock.release()
    return False


def _is_same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _unlink_if_free(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except PermissionError:  # another process took it in between
        return


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
