"""The English sentences of every ErrorCode, marked for translation. A table, no logic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.translation import QT_TRANSLATE_NOOP
from engine.errors import ErrorCode


class ErrorAction(StrEnum):
    """What the button beside an error does."""

    DISMISS = "dismiss"
    TRY_AGAIN = "try_again"
    USE_CPU = "use_cpu"
    WITHOUT_DRAFT = "without_draft"
    NEW_CHAT = "new_chat"


@dataclass(frozen=True, slots=True)
class ErrorEntry:
    """The English text of one code."""

    title: str
    sentence: str
    """May name facts of the error in braces; facts that are missing become a dash."""
    action: ErrorAction


ACTION_LABELS: Mapping[ErrorAction, str] = {
    ErrorAction.DISMISS: QT_TRANSLATE_NOOP("ErrorText", "Dismiss"),
    ErrorAction.TRY_AGAIN: QT_TRANSLATE_NOOP("ErrorText", "Try again"),
    ErrorAction.USE_CPU: QT_TRANSLATE_NOOP("ErrorText", "Use the CPU"),
    ErrorAction.WITHOUT_DRAFT: QT_TRANSLATE_NOOP("ErrorText", "Go on without a draft"),
    ErrorAction.NEW_CHAT: QT_TRANSLATE_NOOP("ErrorText", "New chat"),
}

_MODEL_ENTRIES: Mapping[ErrorCode, ErrorEntry] = {
    ErrorCode.MODEL_NOT_FOUND: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Model not found"),
        QT_TRANSLATE_NOOP("ErrorText", "The folder of the model is not there any more."),
        ErrorAction.TRY_AGAIN,
    ),
    ErrorCode.MODEL_INCOMPLETE: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Model incomplete"),
        QT_TRANSLATE_NOOP("ErrorText", "Some files of the model are missing or cut short."),
        ErrorAction.TRY_AGAIN,
    ),
    ErrorCode.MODEL_CORRUPT: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Model damaged"),
        QT_TRANSLATE_NOOP("ErrorText", "The files of the model are damaged and cannot be read."),
        ErrorAction.TRY_AGAIN,
    ),
    ErrorCode.MODEL_UNSUPPORTED: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Model not supported"),
        QT_TRANSLATE_NOOP("ErrorText", "This kind of model cannot be used for chat here."),
        ErrorAction.DISMISS,
    ),
    ErrorCode.MODEL_IN_USE: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Model in use"),
        QT_TRANSLATE_NOOP("ErrorText", "The model is loaded; load another one first."),
        ErrorAction.DISMISS,
    ),
    ErrorCode.MODEL_EXISTS: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Model already there"),
        QT_TRANSLATE_NOOP("ErrorText", "A model of this name is already installed."),
        ErrorAction.DISMISS,
    ),
    ErrorCode.TOKENIZER_MISMATCH: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Draft does not fit"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "The draft model splits text differently from the main model."
        ),
        ErrorAction.WITHOUT_DRAFT,
    ),
    ErrorCode.TEMPLATE_UNUSABLE: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Chat template unusable"),
        QT_TRANSLATE_NOOP("ErrorText", "The chat template of this model cannot be applied."),
        ErrorAction.DISMISS,
    ),
}

_LOAD_ENTRIES: Mapping[ErrorCode, ErrorEntry] = {
    ErrorCode.DEVICE_NOT_AVAILABLE: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Device not available"),
        QT_TRANSLATE_NOOP("ErrorText", "The chosen device is not available on this computer."),
        ErrorAction.USE_CPU,
    ),
    ErrorCode.OUT_OF_MEMORY: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Not enough memory"),
        QT_TRANSLATE_NOOP("ErrorText", "The models do not fit into the memory of the device."),
        ErrorAction.WITHOUT_DRAFT,
    ),
    ErrorCode.PLACEMENT_UNSUPPORTED: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Placement not supported"),
        QT_TRANSLATE_NOOP("ErrorText", "This pair cannot run on these two devices."),
        ErrorAction.USE_CPU,
    ),
    ErrorCode.COMPILE_FAILED: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Could not prepare the model"),
        QT_TRANSLATE_NOOP("ErrorText", "The device could not compile the model."),
        ErrorAction.USE_CPU,
    ),
    ErrorCode.LOAD_TIMED_OUT: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Loading took too long"),
        QT_TRANSLATE_NOOP("ErrorText", "The model was not ready in time, so loading was ended."),
        ErrorAction.TRY_AGAIN,
    ),
    ErrorCode.PLACEMENT_QUARANTINED: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Placement crashed before"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "These devices ended the engine last time, so they are not tried again."
        ),
        ErrorAction.USE_CPU,
    ),
}

_ANSWER_ENTRIES: Mapping[ErrorCode, ErrorEntry] = {
    ErrorCode.INVALID_PARAMETER: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Setting out of range"),
        QT_TRANSLATE_NOOP("ErrorText", "The value of \u201c{parameter}\u201d is out of range."),
        ErrorAction.DISMISS,
    ),
    ErrorCode.PARAMETER_UNSUPPORTED: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Setting not used here"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "The loaded models cannot use the setting \u201c{parameter}\u201d."
        ),
        ErrorAction.DISMISS,
    ),
    ErrorCode.PROMPT_TOO_LONG: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Chat too long"),
        QT_TRANSLATE_NOOP("ErrorText", "This chat no longer fits into the context of the model."),
        ErrorAction.NEW_CHAT,
    ),
    ErrorCode.NOT_LOADED: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "No model loaded"),
        QT_TRANSLATE_NOOP("ErrorText", "There is no model loaded that could answer."),
        ErrorAction.TRY_AGAIN,
    ),
    ErrorCode.RUNTIME_FAILED: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "The answer failed"),
        QT_TRANSLATE_NOOP("ErrorText", "The runtime reported an error while it answered."),
        ErrorAction.TRY_AGAIN,
    ),
}

_ENGINE_ENTRIES: Mapping[ErrorCode, ErrorEntry] = {
    ErrorCode.ENGINE_CRASHED: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "The engine stopped"),
        QT_TRANSLATE_NOOP("ErrorText", "The engine ended unexpectedly; your text is kept."),
        ErrorAction.TRY_AGAIN,
    ),
    ErrorCode.ENGINE_UNRESPONSIVE: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "The engine did not respond"),
        QT_TRANSLATE_NOOP("ErrorText", "The engine no longer responded and was ended."),
        ErrorAction.TRY_AGAIN,
    ),
    ErrorCode.ENGINE_PROTOCOL: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "The engine was not understood"),
        QT_TRANSLATE_NOOP("ErrorText", "The engine sent something unreadable and was ended."),
        ErrorAction.TRY_AGAIN,
    ),
    ErrorCode.ENGINE_NOT_STARTED: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "The engine did not start"),
        QT_TRANSLATE_NOOP("ErrorText", "The engine process could not be started."),
        ErrorAction.TRY_AGAIN,
    ),
    ErrorCode.ALREADY_RUNNING: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Already running"),
        QT_TRANSLATE_NOOP("ErrorText", "This is already being done."),
        ErrorAction.DISMISS,
    ),
    ErrorCode.CANCELLED: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Cancelled"),
        QT_TRANSLATE_NOOP("ErrorText", "It was cancelled."),
        ErrorAction.DISMISS,
    ),
    ErrorCode.INTERNAL: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Something went wrong"),
        QT_TRANSLATE_NOOP("ErrorText", "An unexpected fault happened; the log has the details."),
        ErrorAction.TRY_AGAIN,
    ),
}

_TRANSFER_ENTRIES: Mapping[ErrorCode, ErrorEntry] = {
    ErrorCode.OFFLINE: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "No connection"),
        QT_TRANSLATE_NOOP("ErrorText", "The server cannot be reached; what was loaded is kept."),
        ErrorAction.TRY_AGAIN,
    ),
    ErrorCode.SIGN_IN_PAGE: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Network asks to sign in"),
        QT_TRANSLATE_NOOP("ErrorText", "This network shows a sign-in page; open a browser first."),
        ErrorAction.TRY_AGAIN,
    ),
    ErrorCode.REPOSITORY_NOT_FOUND: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Model not on the server"),
        QT_TRANSLATE_NOOP("ErrorText", "The server knows no model of this name."),
        ErrorAction.DISMISS,
    ),
    ErrorCode.GATED: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Access needed"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "The authors ask you to accept their terms on the model's page first."
        ),
        ErrorAction.TRY_AGAIN,
    ),
    ErrorCode.DISK_FULL: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Disk full"),
        QT_TRANSLATE_NOOP("ErrorText", "There is not enough free space on the disk."),
        ErrorAction.TRY_AGAIN,
    ),
    ErrorCode.CHECKSUM: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Download damaged"),
        QT_TRANSLATE_NOOP("ErrorText", "A file arrived damaged and was not installed."),
        ErrorAction.TRY_AGAIN,
    ),
    ErrorCode.UNSAFE_NAME: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Unsafe file name"),
        QT_TRANSLATE_NOOP("ErrorText", "The model holds a file name that is not safe to write."),
        ErrorAction.DISMISS,
    ),
    ErrorCode.SERVER: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Server error"),
        QT_TRANSLATE_NOOP("ErrorText", "The server could not handle the request."),
        ErrorAction.TRY_AGAIN,
    ),
    ErrorCode.RATE_LIMITED: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Server asks to wait"),
        QT_TRANSLATE_NOOP(
            "ErrorText",
            "Too many requests; try again in {retry_after_s} {retry_after_s:second|seconds}.",
        ),
        ErrorAction.TRY_AGAIN,
    ),
    ErrorCode.UNSAFE_REDIRECT: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Unsafe redirection"),
        QT_TRANSLATE_NOOP("ErrorText", "The server points to an address that is not safe to use."),
        ErrorAction.DISMISS,
    ),
}

_STORAGE_ENTRIES: Mapping[ErrorCode, ErrorEntry] = {
    ErrorCode.STORAGE_CORRUPT: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "File damaged"),
        QT_TRANSLATE_NOOP("ErrorText", "A file of yours could not be read; it was set aside."),
        ErrorAction.DISMISS,
    ),
    ErrorCode.STORAGE_NEWER_SCHEMA: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "File of a newer version"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "A newer version wrote this file, so it is left as it is and not changed."
        ),
        ErrorAction.DISMISS,
    ),
    ErrorCode.STORAGE_NOT_WRITABLE: ErrorEntry(
        QT_TRANSLATE_NOOP("ErrorText", "Cannot save"),
        QT_TRANSLATE_NOOP("ErrorText", "The data folder cannot be written to."),
        ErrorAction.TRY_AGAIN,
    ),
}

ERROR_ENTRIES: Mapping[ErrorCode, ErrorEntry] = {
    **_MODEL_ENTRIES,
    **_LOAD_ENTRIES,
    **_ANSWER_ENTRIES,
    **_ENGINE_ENTRIES,
    **_TRANSFER_ENTRIES,
    **_STORAGE_ENTRIES,
}
