"""What must hold for the events of any session, whatever was asked of it."""

from __future__ import annotations

from engine.events import (
    EngineEvent,
    GenerationFailed,
    GenerationFinished,
    GenerationStarted,
    LoadFailed,
    PipelineLoaded,
    StateChanged,
    TokensStreamed,
)
from engine.state import SessionState, is_allowed


def check_invariants(events: list[EngineEvent], ids: list[int]) -> None:
    """Check the events of a closed session that was asked for the answers `ids`."""
    check_states(events)
    check_answers(events, ids)
    check_loads(events)


def check_states(events: list[EngineEvent]) -> None:
    state = SessionState.IDLE
    for event in events:
        if isinstance(event, StateChanged):
            assert event.previous is state
            assert is_allowed(event.previous, event.state)
            state = event.state


def check_answers(events: list[EngineEvent], ids: list[int]) -> None:
    ended: dict[int, str] = {}
    streamed: dict[int, str] = dict.fromkeys(ids, "")
    for event in events:
        match event:
            case GenerationStarted() | TokensStreamed():
                assert event.generation_id not in ended
                if isinstance(event, TokensStreamed):
                    streamed[event.generation_id] += event.text
            case GenerationFinished() | GenerationFailed():
                assert event.generation_id not in ended, "two ends"
                ended[event.generation_id] = event.text
    assert ended == streamed


def check_loads(events: list[EngineEvent]) -> None:
    """Every LOADING ends with exactly one outcome, told before the state changes."""
    outcomes: int | None = None
    for event in events:
        if isinstance(event, StateChanged) and event.state is SessionState.LOADING:
            outcomes = 0
        elif isinstance(event, PipelineLoaded | LoadFailed) and outcomes is not None:
            outcomes += 1
        elif isinstance(event, StateChanged) and event.previous is SessionState.LOADING:
            assert outcomes == 1
            outcomes = None
