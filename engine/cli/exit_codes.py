"""What the process returns to its caller, by error."""

from __future__ import annotations

from enum import IntEnum

from engine.errors import ErrorCode


class ExitCode(IntEnum):
    """Exit codes of `python -m engine`; part of its interface."""

    OK = 0
    USAGE = 2
    MODEL = 3
    DEVICE = 4
    LOAD = 5
    GENERATION = 6
    ENGINE = 7
    STORAGE = 8
    HUB = 9
    INTERRUPTED = 130


MEANINGS = {
    ExitCode.OK: "done",
    ExitCode.USAGE: "a wrong argument, or a parameter this pipeline cannot use",
    ExitCode.MODEL: "the model is missing, incomplete, damaged or does not fit",
    ExitCode.DEVICE: "the device is missing, out of memory or refuses this placement",
    ExitCode.LOAD: "the pipeline could not be built",
    ExitCode.GENERATION: "the answer failed, or the prompt is too long",
    ExitCode.ENGINE: "the engine process died, hung or could not be started",
    ExitCode.STORAGE: "a file could not be read or written",
    ExitCode.HUB: "a hub could not be reached, refused, or sent something wrong",
    ExitCode.INTERRUPTED: "stopped by Ctrl+C",
}

_BY_ERROR = {
    ErrorCode.INVALID_PARAMETER: ExitCode.USAGE,
    ErrorCode.PARAMETER_UNSUPPORTED: ExitCode.USAGE,
    ErrorCode.MODEL_NOT_FOUND: ExitCode.MODEL,
    ErrorCode.MODEL_INCOMPLETE: ExitCode.MODEL,
    ErrorCode.MODEL_CORRUPT: ExitCode.MODEL,
    ErrorCode.MODEL_UNSUPPORTED: ExitCode.MODEL,
    ErrorCode.MODEL_IN_USE: ExitCode.MODEL,
    ErrorCode.MODEL_EXISTS: ExitCode.MODEL,
    ErrorCode.TOKENIZER_MISMATCH: ExitCode.MODEL,
    ErrorCode.TEMPLATE_UNUSABLE: ExitCode.MODEL,
    ErrorCode.UNSAFE_NAME: ExitCode.MODEL,
    ErrorCode.DEVICE_NOT_AVAILABLE: ExitCode.DEVICE,
    ErrorCode.OUT_OF_MEMORY: ExitCode.DEVICE,
    ErrorCode.PLACEMENT_UNSUPPORTED: ExitCode.DEVICE,
    ErrorCode.PLACEMENT_QUARANTINED: ExitCode.DEVICE,
    ErrorCode.COMPILE_FAILED: ExitCode.LOAD,
    ErrorCode.LOAD_TIMED_OUT: ExitCode.LOAD,
    ErrorCode.PROMPT_TOO_LONG: ExitCode.GENERATION,
    ErrorCode.RUNTIME_FAILED: ExitCode.GENERATION,
    ErrorCode.NOT_LOADED: ExitCode.GENERATION,
    ErrorCode.ENGINE_CRASHED: ExitCode.ENGINE,
    ErrorCode.ENGINE_UNRESPONSIVE: ExitCode.ENGINE,
    ErrorCode.ENGINE_PROTOCOL: ExitCode.ENGINE,
    ErrorCode.ENGINE_NOT_STARTED: ExitCode.ENGINE,
    ErrorCode.STORAGE_CORRUPT: ExitCode.STORAGE,
    ErrorCode.STORAGE_NEWER_SCHEMA: ExitCode.STORAGE,
    ErrorCode.STORAGE_NOT_WRITABLE: ExitCode.STORAGE,
    ErrorCode.DISK_FULL: ExitCode.STORAGE,
    ErrorCode.OFFLINE: ExitCode.HUB,
    ErrorCode.SIGN_IN_PAGE: ExitCode.HUB,
    ErrorCode.REPOSITORY_NOT_FOUND: ExitCode.HUB,
    ErrorCode.GATED: ExitCode.HUB,
    ErrorCode.CHECKSUM: ExitCode.HUB,
    ErrorCode.SERVER: ExitCode.HUB,
    ErrorCode.RATE_LIMITED: ExitCode.HUB,
    ErrorCode.UNSAFE_REDIRECT: ExitCode.HUB,
    ErrorCode.ALREADY_RUNNING: ExitCode.HUB,
    ErrorCode.CANCELLED: ExitCode.INTERRUPTED,
}


def exit_code_of(code: ErrorCode) -> ExitCode:
    """The exit code for an error; what nobody planned for counts as the engine's fault."""
    return _BY_ERROR.get(code, ExitCode.ENGINE)
