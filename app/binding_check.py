"""Does the Qt binding leave reference counts alone? PySide6 6.12.0 on Python 3.11 does not.

There every call without a result drops one reference to None and every emitted signal one to
True, until the interpreter aborts. Better to say so at start-up than to die in a conversation.
"""

from __future__ import annotations

import sys

import PySide6
from PySide6.QtCore import QObject, Signal

_ROUNDS = 50
# Unrelated work, such as another thread, may move the counts a little.
_TOLERATED_DRIFT = _ROUNDS // 5


class BindingError(RuntimeError):
    """The installed PySide6 and this Python do not work together."""


class _Probe(QObject):
    fired = Signal(object)


def reference_drift() -> int:
    """References to None or True lost or gained over 50 calls and 50 signals; about 0 is right."""
    probe = _Probe()
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(_ROUNDS):
        probe.setObjectName("probe")
        probe.fired.emit(1)
    after = sys.getrefcount(None), sys.getrefcount(True)
    return max(abs(now - then) for now, then in zip(after, before, strict=True))


def verify_binding() -> None:
    """Return when the binding is sound; takes a fraction of a millisecond.

    Raises:
        BindingError: it is not; the message names the versions and what to install.
    """
    drift = reference_drift()
    if drift > _TOLERATED_DRIFT:
        raise BindingError(
            f"PySide6 {PySide6.__version__} corrupts reference counts on Python "
            f"{sys.version.split()[0]} ({drift} in {_ROUNDS} calls). "
            "Install PySide6-Essentials>=6.11.3,<6.12."
        )
