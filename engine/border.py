"""The worker's border: what a backend raises becomes a value here, the exception is dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from engine.backends.base import BackendDeath
from engine.errors import EngineError, ErrorCode, ErrorInfo
from engine.restart_policy import death_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed call of a backend."""

    info: ErrorInfo
    death: BackendDeath | None = None
    """How the engine process ended; None when it lives."""


def attempt(call: Callable[[], T]) -> T | Failure:
    """Run `call`; return its result, or the failure it ended with. Never raises."""
    try:
        return call()
    except EngineError as error:
        return Failure(error.to_info(), death_of(error))
    except Exception as error:  # noqa: BLE001 - a border: the worker outlives any backend
        return Failure(as_engine_error(error).to_info())


def as_engine_error(failure: Exception) -> EngineError:
    """Wrap an exception that no backend should raise; its traceback goes along."""
    error = EngineError(f"Unexpected {type(failure).__name__}: {failure}", code=ErrorCode.INTERNAL)
    error.__cause__ = failure
    return error
