"""The way from the GUI thread to the conversation store: calls go out, answers come back as calls
on the GUI thread. Nothing here waits, but `close`."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from engine.errors import EngineError, ErrorCode, ErrorInfo, StorageError

if TYPE_CHECKING:
    from app.core.conversation_store import ConversationStore
    from app.core.store.values import StoreNotice

_LOG = logging.getLogger(__name__)
_Result = TypeVar("_Result")

NoticeSink = Callable[["StoreNotice"], None]
MakeStore = Callable[[NoticeSink], "ConversationStore"]
Failed = Callable[[BaseException], None]


class StoreAccess(QObject):
    """One store.

    Guarantees: calls made before the store is open are kept and made in order once it is;
    `done` and `failed` run on the GUI thread, in the order the store finished; after `close`
    none of them runs. A failure nobody asked for is told by `failed`.
    """

    opened = Signal(object)  # StoreStatus
    noticed = Signal(object)  # StoreNotice
    failed = Signal(object)  # ErrorInfo
    _wake = Signal()

    def __init__(self, make: MakeStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._store: ConversationStore | None = None
        self._is_open = False
        self._is_closed = False
        self._broken: BaseException | None = None
        self._waiting: list[tuple[Callable[[ConversationStore], None], Failed]] = []
        self._finished: deque[Callable[[], None]] = deque()
        self._lock = threading.Lock()
        self._wake.connect(self._drain, Qt.ConnectionType.QueuedConnection)

    @property
    def is_open(self) -> bool:
        """Whether calls are made at once."""
        return self._is_open

    def open(self) -> None:
        """Start opening the store, unless that was done."""
        if self._store is not None or self._is_closed:
            return
        self._store = self._make(lambda notice: self._post(lambda: self.noticed.emit(notice)))
        self._watch(self._store.open(), self._on_open, self._on_broken)

    def with_store(self, run: Callable[[ConversationStore], None], otherwise: Failed) -> None:
        """Hand the store to `run`: now, or when it is open; `otherwise` when it never will be."""
        if self._is_closed:
            return
        if self._broken is not None:
            otherwise(self._broken)
        elif self._is_open and self._store is not None:
            run(self._store)
        else:
            self._waiting.append((run, otherwise))
            self.open()

    def call(
        self,
        ask: Callable[[ConversationStore], Future[_Result]],
        done: Callable[[_Result], Any] | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Make one call; `done` takes its result on the GUI thread, `failed` its error."""
        otherwise = failed or self.report
        take = done or _ignore
        self.with_store(lambda store: self._watch(ask(store), take, otherwise), otherwise)

    def watch(
        self,
        future: Future[_Result],
        done: Callable[[_Result], Any] | None = None,
        failed: Failed | None = None,
    ) -> None:
        """As `call`, for a future there is already."""
        self._watch(future, done or _ignore, failed or self.report)

    def report(self, error: BaseException) -> None:
        """Tell the user that something was not saved or not read."""
        from app.core.store.values import NoSuchItemError, StoreClosedError

        if isinstance(error, NoSuchItemError | StoreClosedError | CancelledError):
            # It was deleted meanwhile, or everything ends: nothing to do about it.
            _LOG.info("store: %s", type(error).__name__)
            return
        _LOG.info("store: %r", error)
        if not isinstance(error, EngineError):
            error = StorageError(str(error), code=ErrorCode.INTERNAL)
        info: ErrorInfo = error.to_info()
        self.failed.emit(info)

    def close(self, timeout_s: float = 10.0) -> bool:
        """Finish what was asked for and close. Tells whether that was done in time."""
        with self._lock:
            self._is_closed = True
            self._finished.clear()
        self._waiting.clear()
        return self._store is None or self._store.close(timeout_s)

    def _watch(
        self, future: Future[_Result], done: Callable[[_Result], Any], failed: Failed
    ) -> None:
        def settle(ended: Future[_Result]) -> None:
            error = CancelledError() if ended.cancelled() else ended.exception()
            if error is not None:
                self._post(lambda: failed(error))
            else:
                self._post(lambda: done(ended.result()))

        future.add_done_callback(settle)

    def _post(self, run: Callable[[], Any]) -> None:
        with self._lock:  # also keeps the signal from an object that `close` gave up
            if self._is_closed:
                return
            self._finished.append(run)
            if len(self._finished) == 1:
                self._wake.emit()

    @Slot()
    def _drain(self) -> None:
        with self._lock:
            batch = list(self._finished)
            self._finished.clear()
        for index, run in enumerate(batch):
            if self._is_closed:
                return
            try:
                run()
            except BaseException:
                self._put_back(batch[index + 1 :])
                raise

    def _put_back(self, rest: list[Callable[[], None]]) -> None:
        """Queue again what a raising call kept from being made."""
        with self._lock:
            was_empty = not self._finished
            self._finished.extendleft(reversed(rest))
            if rest and was_empty and not self._is_closed:
                self._wake.emit()

    def _on_open(self, status: object) -> None:
        self._is_open = True
        self.opened.emit(status)
        waiting, self._waiting = self._waiting, []
        assert self._store is not None
        for run, _ in waiting:
            run(self._store)

    def _on_broken(self, error: BaseException) -> None:
        self._broken = error
        self.report(error)
        waiting, self._waiting = self._waiting, []
        for _, otherwise in waiting:
            otherwise(error)


def _ignore(_result: object) -> None:
    """Nothing follows."""
