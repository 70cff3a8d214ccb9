"""One window per data folder: a lock file says who runs; a second start raises the first window."""

from __future__ import annotations

import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

_LOCK_TRY_MS = 100
_CONNECT_MS = 200
_WRITE_MS = 1000
_OWNER_START_S = 2.0
"""How long a first instance may take from its lock to its socket."""
_RAISE = b"raise\n"


class SingleInstance(QObject):
    """Guarantees: of all programs on one data folder exactly one has the lock; a lock whose owner
    is dead does not count, whatever process has its number now.

    Hazard: keep it alive as long as the program runs.
    Signal `raise_requested`: another start asked for this window.
    """

    raise_requested = Signal()

    def __init__(self, data_dir: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock_path = data_dir / "slipstream.lock"
        self._lock = self._new_lock()
        self._data_dir = data_dir
        self._server: QLocalServer | None = None

    def acquire(self, *, owner_start_s: float = _OWNER_START_S) -> bool:
        """Become the one instance, or raise the window of the one there is and return False.

        Raises:
            OSError: the lock file cannot be written.
        """
        if self._take_lock():
            self._listen()
            return True
        deadline = time.monotonic() + owner_start_s
        while not self._ask_owner():
            # Nobody listens: the owner has just started, or its number was given to someone else.
            if time.monotonic() > deadline:
                return self._take_over()
            if self._take_lock():
                self._listen()
                return True
        return False

    def lock(self) -> bool:
        """Become the one instance without being heard yet: `listen` follows once Qt runs.

        Raises:
            OSError: the lock file cannot be written.
        """
        return self._take_lock()

    def listen(self) -> None:
        """Hear other starts; after `lock`."""
        if self._server is None:
            self._listen()

    def release(self) -> None:
        """Let another instance start."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    @cached_property
    def _name(self) -> str:
        """The same for every start on this folder, different for others; short for a socket."""
        import hashlib  # with `listen`, which waits for the first paint

        path = str(self._data_dir.resolve())
        digest = hashlib.sha256(path.encode(errors="surrogatepass"))
        return f"slipstream-{digest.hexdigest()[:24]}"

    def _new_lock(self) -> QLockFile:
        lock = QLockFile(str(self._lock_path))
        # Locks do not grow old: a chat may be open for weeks.
        lock.setStaleLockTime(0)
        return lock

    def _take_lock(self) -> bool:
        if self._lock.tryLock(_LOCK_TRY_MS):
            return True
        if self._lock.error() is QLockFile.LockError.LockFailedError:
            return False
        raise OSError(f"the lock file {self._lock_path} cannot be written")

    def _take_over(self) -> bool:
        """Remove a lock whose owner does not answer; the one who removes it need not get it."""
        self._lock_path.unlink(missing_ok=True)
        self._lock = self._new_lock()
        if not self._take_lock():
            return False
        self._listen()
        return True

    def _listen(self) -> None:
        from PySide6.QtNetwork import QLocalServer  # 15 ms that a first window need not wait for

        # A killed program leaves its socket behind; we have the lock, so it is nobody's.
        QLocalServer.removeServer(self._name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        self._server.listen(self._name)

    def _ask_owner(self) -> bool:
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_CONNECT_MS):
            return False
        socket.write(_RAISE)
        socket.waitForBytesWritten(_WRITE_MS)
        socket.disconnectFromServer()
        return True

    def _greet(self) -> None:
        assert self._server is not None
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.raise_requested.emit()
