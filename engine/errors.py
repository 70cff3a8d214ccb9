"""The typed error tree of the engine.

Errors carry codes and numbers; text for people is made in `app`.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class ErrorCode(StrEnum):
    """Every way the engine can say no. `app.core.error_text` has a sentence for each."""

    MODEL_NOT_FOUND = "model_not_found"
    MODEL_INCOMPLETE = "model_incomplete"
    MODEL_CORRUPT = "model_corrupt"
    MODEL_UNSUPPORTED = "model_unsupported"
    MODEL_IN_USE = "model_in_use"
    MODEL_EXISTS = "model_exists"
    TOKENIZER_MISMATCH = "tokenizer_mismatch"
    TEMPLATE_UNUSABLE = "template_unusable"
    DEVICE_NOT_AVAILABLE = "device_not_available"
    OUT_OF_MEMORY = "out_of_memory"
    PLACEMENT_UNSUPPORTED = "placement_unsupported"
    COMPILE_FAILED = "compile_failed"
    LOAD_TIMED_OUT = "load_timed_out"
    INVALID_PARAMETER = "invalid_parameter"
    PARAMETER_UNSUPPORTED = "parameter_unsupported"
    PROMPT_TOO_LONG = "prompt_too_long"
    NOT_LOADED = "not_loaded"
    RUNTIME_FAILED = "runtime_failed"
    ENGINE_CRASHED = "engine_crashed"
    ENGINE_UNRESPONSIVE = "engine_unresponsive"
    ENGINE_PROTOCOL = "engine_protocol"
    ENGINE_NOT_STARTED = "engine_not_started"
    PLACEMENT_QUARANTINED = "placement_quarantined"
    OFFLINE = "offline"
    SIGN_IN_PAGE = "sign_in_page"
    REPOSITORY_NOT_FOUND = "repository_not_found"
    GATED = "gated"
    DISK_FULL = "disk_full"
    CHECKSUM = "checksum"
    UNSAFE_NAME = "unsafe_name"
    SERVER = "server"
    RATE_LIMITED = "rate_limited"
    UNSAFE_REDIRECT = "unsafe_redirect"
    ALREADY_RUNNING = "already_running"
    STORAGE_CORRUPT = "storage_corrupt"
    STORAGE_NEWER_SCHEMA = "storage_newer_schema"
    STORAGE_NOT_WRITABLE = "storage_not_writable"
    CANCELLED = "cancelled"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorInfo:
    """An error as a plain value: safe to keep, to queue and to send over a pipe.

    An exception object is never kept: it holds every local of its frames alive, which here
    means the pipeline and its memory.
    """

    code: ErrorCode
    message: str
    """One English sentence with the facts, for logs and the headless front end."""
    hint: str | None = None
    """What to do about it, or None."""
    facts: tuple[tuple[str, str | int | float], ...] = ()
    """Named values for the translated sentence, e.g. `(("device", "GPU.1"),)`."""
    details: str = ""
    """Traceback or runtime text; never shown unasked."""

    @property
    def is_cancellation(self) -> bool:
        """Cancelled work shows nothing to the user."""
        return self.code is ErrorCode.CANCELLED


class EngineError(Exception):
    """Root of everything the engine raises on purpose.

    Args:
        message: one English sentence.
        code: which kind; subclasses give a default.
        hint: what to do about it.
        facts: named values a translated sentence needs.
    """

    default_code = ErrorCode.INTERNAL

    def __init__(
        self,
        message: str,
        *,
        code: ErrorCode | None = None,
        hint: str | None = None,
        **facts: str | int | float,
    ) -> None:
        super().__init__(message)
        self.code = code or self.default_code
        self.hint = hint
        self.facts = tuple(sorted(facts.items()))

    def to_info(self) -> ErrorInfo:
        """Turn this error into a value; the traceback goes along as text."""
        return ErrorInfo(
            code=self.code,
            message=str(self),
            hint=self.hint,
            facts=self.facts,
            details="".join(traceback.format_exception(self)),
        )

    @classmethod
    def from_info(cls, info: ErrorInfo) -> Self:
        """Rebuild an error that crossed a process border."""
        error = cls(info.message, code=info.code, hint=info.hint)
        error.facts = info.facts
        if info.details:
            error.add_note(info.details)
        return error


class ModelError(EngineError):
    """The model folder is missing, incomplete, damaged or does not fit."""

    default_code = ErrorCode.MODEL_CORRUPT


class DeviceError(EngineError):
    """The device is missing, out of memory or refuses this placement."""

    default_code = ErrorCode.DEVICE_NOT_AVAILABLE


class LoadError(EngineError):
    """The pipeline could not be built."""

    default_code = ErrorCode.COMPILE_FAILED


class ParameterError(EngineError, ValueError):
    """A parameter is out of range, or the loaded pipeline would ignore it."""

    default_code = ErrorCode.INVALID_PARAMETER


class GenerationError(EngineError):
    """The runtime failed during an answer."""

    default_code = ErrorCode.RUNTIME_FAILED


class EngineProcessError(EngineError):
    """The engine child died, hung or spoke nonsense."""

    default_code = ErrorCode.ENGINE_CRASHED


class TransferError(EngineError):
    """A download could not go on."""

    default_code = ErrorCode.SERVER


class StorageError(EngineError):
    """A file of the user's data could not be read or written."""

    default_code = ErrorCode.STORAGE_CORRUPT


class Cancelled(EngineError):
    """The user changed their mind; shows nothing, by design."""

    default_code = ErrorCode.CANCELLED


_CLASS_BY_CODE: dict[ErrorCode, type[EngineError]] = {
    ErrorCode.MODEL_NOT_FOUND: ModelError,
    ErrorCode.MODEL_INCOMPLETE: ModelError,
    ErrorCode.MODEL_CORRUPT: ModelError,
    ErrorCode.MODEL_UNSUPPORTED: ModelError,
    ErrorCode.TOKENIZER_MISMATCH: ModelError,
    ErrorCode.TEMPLATE_UNUSABLE: ModelError,
    ErrorCode.DEVICE_NOT_AVAILABLE: DeviceError,
    ErrorCode.OUT_OF_MEMORY: DeviceError,
    ErrorCode.PLACEMENT_UNSUPPORTED: DeviceError,
    ErrorCode.COMPILE_FAILED: LoadError,
    ErrorCode.LOAD_TIMED_OUT: LoadError,
    ErrorCode.INVALID_PARAMETER: ParameterError,
    ErrorCode.PARAMETER_UNSUPPORTED: ParameterError,
    ErrorCode.PROMPT_TOO_LONG: GenerationError,
    ErrorCode.NOT_LOADED: GenerationError,
    ErrorCode.RUNTIME_FAILED: GenerationError,
    ErrorCode.ENGINE_CRASHED: EngineProcessError,
    ErrorCode.ENGINE_UNRESPONSIVE: EngineProcessError,
    ErrorCode.ENGINE_PROTOCOL: EngineProcessError,
    ErrorCode.ENGINE_NOT_STARTED: EngineProcessError,
    ErrorCode.CANCELLED: Cancelled,
}


def error_from_info(info: ErrorInfo) -> EngineError:
    """Rebuild the error an `ErrorInfo` describes, in the class its code belongs to."""
    return _CLASS_BY_CODE.get(info.code, EngineError).from_info(info)
