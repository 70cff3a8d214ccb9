"""Session states and the transitions allowed between them. Pure: no threads, no I/O."""

from __future__ import annotations

from enum import StrEnum


class SessionState(StrEnum):
    """Where an `InferenceSession` stands."""

    IDLE = "idle"
    LOADING = "loading"
    READY = "ready"
    GENERATING = "generating"
    STOPPING = "stopping"
    FAILED = "failed"


_ALLOWED: dict[SessionState, frozenset[SessionState]] = {
    SessionState.IDLE: frozenset({SessionState.LOADING}),
    SessionState.LOADING: frozenset({SessionState.READY, SessionState.FAILED, SessionState.IDLE}),
    SessionState.READY: frozenset(
        {SessionState.LOADING, SessionState.GENERATING, SessionState.IDLE, SessionState.FAILED}
    ),
    SessionState.GENERATING: frozenset(
        {SessionState.STOPPING, SessionState.READY, SessionState.FAILED}
    ),
    SessionState.STOPPING: frozenset({SessionState.READY, SessionState.FAILED}),
    SessionState.FAILED: frozenset({SessionState.LOADING, SessionState.IDLE}),
}


def is_allowed(previous: SessionState, state: SessionState) -> bool:
    """Tell whether a session may go from `previous` to `state`.

    READY -> FAILED is the engine process dying while nothing is asked of it.
    """
    return state in _ALLOWED[previous]
