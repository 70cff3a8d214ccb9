"""Folders that stand in for a draft model while it is loaded: its own files, linked, with an IR
that proposes its likeliest tokens. Never writes into a model's folder, never copies weights.
"""

from __future__ import annotations

import logging
import secrets
import shutil
import tempfile
from pathlib import Path

from engine.backends.greedy_graph import sharpened
from engine.errors import TransferError
from engine.hub.lock import FileLock
from engine.models.folder_kind import MODEL_IR

_log = logging.getLogger(__name__)

_PREFIX = "slipstream-draft-"
_LOCK = ".lock"


class GreedyDrafts:
    """Makes such folders and takes them away again.

    A draft samples its candidates with the temperature of the answer, and the main model accepts
    those that it samples itself. That happens most often to the likeliest one; what answers come
    out does not depend on what is proposed. The runtime has no setting for it and takes a folder.

    Guarantees: nothing remains after `clear`, except what the system holds on to (Windows, files
    in use): that goes with a later `clear`. What a process that was killed left behind goes with
    the next `sweep` of any process; folders in use are never touched.

    Args:
        root: where the folders are made; None is the system's place for temporary files. Files
            are linked, so hard links need it to be on the volume of the model.
    """

    def __init__(self, root: Path | None = None) -> None:
        self._given_root = root
        self._made: list[tuple[Path, FileLock]] = []

    @property
    def _root(self) -> Path:
        """Raises OSError on a system without a place for temporary files."""
        return self._given_root or Path(tempfile.gettempdir())

    def stand_in_for(self, folder: Path) -> Path:
        """A folder like this one whose model takes its likeliest token; `folder` itself when there
        can be none: the graph ends in an unknown way, or the system links no files here.
        """
        try:
            graph = sharpened(folder / MODEL_IR)
            if graph is None:
                return folder
            stand_in = self._root / (_PREFIX + secrets.token_hex(8))
            self._reserve(stand_in)
            stand_in.mkdir(mode=0o700)
            for path in folder.iterdir():
                if path.is_file() and path.name != MODEL_IR:
                    _link(path, stand_in / path.name)
            graph.write(stand_in / MODEL_IR, encoding="utf-8", xml_declaration=True)
        except (OSError, TransferError) as error:
            _log.info("the draft is used as it is: %s", error)
            self.clear()
            return folder
        return stand_in

    def _reserve(self, stand_in: Path) -> None:
        """Before there is a folder: others must never see one that nobody seems to use."""
        lock = FileLock(_lock_of(stand_in))
        lock.acquire()
        self._made.append((stand_in, lock))

    def clear(self) -> None:
        """Delete what was made. On Windows that needs the model to be dropped."""
        self._made = [(folder, lock) for folder, lock in self._made if not _delete(folder, lock)]

    def sweep(self) -> None:
        """Delete what processes left behind that are no more."""
        try:
            found = {path.name.removesuffix(_LOCK) for path in self._root.glob(_PREFIX + "*")}
            folders = [self._root / name for name in found]
        except OSError:
            return
        for folder in folders:
            lock = FileLock(_lock_of(folder))
            try:
                lock.acquire()
            except (OSError, TransferError):
                continue  # in use, or another user's
            if not _delete(folder, lock):
                lock.release()


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + _LOCK)


def _delete(folder: Path, lock: FileLock) -> bool:
    """Delete a folder and give its lock back; False when something of it remains."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        return False
    lock.release()
    return True


def _link(source: Path, target: Path) -> None:
    """Another name for a file.

    Raises:
        OSError: the system makes neither kind of link here.
    """
    source = source.resolve()
    try:
        target.symlink_to(source)
    except OSError:  # Windows leaves symbolic links to administrators and developers
        target.hardlink_to(source)
