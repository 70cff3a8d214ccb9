"""A file that is still arriving: appended, hashed on the way, renamed when its digest is right.
Blocking; meant for threads, one call at a time.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from engine.hub.disk import DiskAccess, open_regular
from engine.hub.sources import DigestAlgorithm

PARTIAL_SUFFIX = ".partial"
_READ_BYTES = 1024 * 1024


def bytes_on_disk(path: Path, size_bytes: int) -> int:
    """Bytes an earlier run left of a file, finished or not; at most its size."""
    return min(size_bytes, max(_size(path), _size(path.with_name(path.name + PARTIAL_SUFFIX))))


class PartialFile:
    """`<path>.partial`, which becomes `<path>`.

    Guarantees: `length` counts bytes that are written and hashed; the final name appears only
    through `finish`. Hazard: not for two threads at once.
    """

    def __init__(
        self, path: Path, *, size_bytes: int, algorithm: DigestAlgorithm, disk: DiskAccess
    ) -> None:
        self.path = path
        self.partial_path = path.with_name(path.name + PARTIAL_SUFFIX)
        self.size_bytes = size_bytes
        self.length = 0
        self._algorithm = algorithm
        self._disk = disk
        self._descriptor = -1
        self._unsynced = 0
        self._start_hashing()

    @property
    def sha256(self) -> str:
        """Of the bytes so far, whatever digest the hub uses."""
        return self._sha256.hexdigest()

    @property
    def digest(self) -> str:
        """Of the bytes so far, in the hub's algorithm."""
        return self.sha256 if self._git_blob is None else self._git_blob.hexdigest()

    def open(self) -> int:
        """Open or make the file; returns the bytes an earlier run left, not yet hashed.

        A finished file counts as such bytes too: it is hashed again before it is believed.

        Raises:
            TransferError: UNSAFE_NAME when something else than a plain file is there.
            OSError: the disk refuses.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.exists() or self.path.is_symlink():
            os.close(open_regular(self.path))
            self.path.replace(self.partial_path)
        self._descriptor = open_regular(self.partial_path)
        found = os.fstat(self._descriptor).st_size
        if found > self.size_bytes:
            self.restart()
            return 0
        return found

    def hash_next(self) -> int:
        """Hash the next bytes an earlier run left; returns how many, 0 at the end."""
        block = os.read(self._descriptor, _READ_BYTES)
        self._hash(block)
        return len(block)

    def append(self, block: bytes, *, sync_bytes: int) -> None:
        """Write and hash a block; after `sync_bytes` make everything safe against power loss.

        Raises:
            OSError: the disk refuses; close the file then, the next `open` finds what was written.
        """
        view = memoryview(block)
        while view:
            view = view[self._disk.write(self._descriptor, bytes(view)) :]
        self._hash(block)
        self._unsynced += len(block)
        if self._unsynced >= sync_bytes:
            os.fsync(self._descriptor)
            self._unsynced = 0

    def restart(self) -> None:
        """Throw everything away and begin again."""
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        self._start_hashing()

    def finish(self) -> None:
        """Give the file its final name, durably. The caller has compared the digest."""
        os.fsync(self._descriptor)
        self.close()
        self.partial_path.replace(self.path)

    def close(self) -> None:
        """Close the file, keeping what it has; does nothing the second time."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def _start_hashing(self) -> None:
        self.length = 0
        self._sha256 = hashlib.sha256()
        self._git_blob = None
        if self._algorithm is DigestAlgorithm.GIT_BLOB:
            self._git_blob = hashlib.sha1(usedforsecurity=False)
            self._git_blob.update(b"blob %d\0" % self.size_bytes)

    def _hash(self, block: bytes) -> None:
        self._sha256.update(block)
        if self._git_blob is not None:
            self._git_blob.update(block)
        self.length += len(block)


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
