"""What hubs and downloads say to people: errors by reason, each with its next step; waiting."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.error_text import error_text
from app.core.formatting import DASH, size
from app.core.model_fault_text import model_fault_text
from app.core.translation import QT_TRANSLATE_NOOP, Translate
from engine.errors import ErrorCode, ErrorInfo
from engine.hub.events import TransferPhase, TransferState, WaitReason

_CONTEXT = "HubText"

_BY_REASON: Mapping[tuple[ErrorCode, str], str] = {
    (ErrorCode.GATED, "no_token"): QT_TRANSLATE_NOOP(
        "HubText",
        "{repository} is given out after its terms were accepted. Accept them on its page, then "
        "enter your access token here.",
    ),
    (ErrorCode.GATED, "not_accepted"): QT_TRANSLATE_NOOP(
        "HubText",
        "Your account has not been given access to {repository} yet. Accept the terms on its page "
        "and try again.",
    ),
    (ErrorCode.GATED, "wrong_token"): QT_TRANSLATE_NOOP(
        "HubText", "The server does not accept the access token. Enter a valid one."
    ),
    (ErrorCode.REPOSITORY_NOT_FOUND, "absent_or_private"): QT_TRANSLATE_NOOP(
        "HubText", "{repository} does not exist there, or is private. Check the name."
    ),
    (ErrorCode.REPOSITORY_NOT_FOUND, "revision"): QT_TRANSLATE_NOOP(
        "HubText", "{repository} has no such revision."
    ),
    (ErrorCode.REPOSITORY_NOT_FOUND, "removed"): QT_TRANSLATE_NOOP(
        "HubText", "{repository} was closed by its hub."
    ),
    (ErrorCode.REPOSITORY_NOT_FOUND, "file"): QT_TRANSLATE_NOOP(
        "HubText", "{repository} does not hold this file any more."
    ),
    (ErrorCode.REPOSITORY_NOT_FOUND, "name"): QT_TRANSLATE_NOOP(
        "HubText", "This is no name of a model; names look like owner/model."
    ),
    (ErrorCode.REPOSITORY_NOT_FOUND, "no_hub"): QT_TRANSLATE_NOOP(
        "HubText", "This model did not come from a hub, so nothing can be fetched again."
    ),
    (ErrorCode.OFFLINE, "silent"): QT_TRANSLATE_NOOP(
        "HubText", "{host} does not answer. Try again later, or choose another source."
    ),
    (ErrorCode.OFFLINE, "dns"): QT_TRANSLATE_NOOP(
        "HubText", "{host} cannot be found. Check the connection, or choose another source."
    ),
    (ErrorCode.OFFLINE, "refused"): QT_TRANSLATE_NOOP(
        "HubText", "{host} refuses the connection. Check the address, or choose another source."
    ),
    (ErrorCode.OFFLINE, "tls"): QT_TRANSLATE_NOOP(
        "HubText", "The certificate of {host} is not trusted here. Check clock and proxy."
    ),
    (ErrorCode.OFFLINE, "proxy"): QT_TRANSLATE_NOOP(
        "HubText", "The proxy of this machine does not let the request through."
    ),
    (ErrorCode.OFFLINE, "address"): QT_TRANSLATE_NOOP("HubText", "This address cannot be used."),
    (ErrorCode.OFFLINE, "broken"): QT_TRANSLATE_NOOP(
        "HubText", "The connection to {host} broke. What arrived is kept; try again."
    ),
    (ErrorCode.CHECKSUM, "changed"): QT_TRANSLATE_NOOP(
        "HubText", "The hub has another {file} now. Download the model again."
    ),
    (ErrorCode.SERVER, "no_models"): QT_TRANSLATE_NOOP(
        "HubText", "It answers, but lists no models: this is no mirror."
    ),
    (ErrorCode.MODEL_UNSUPPORTED, "no_files"): QT_TRANSLATE_NOOP(
        "HubText", "{repository} holds no OpenVINO model files."
    ),
    (ErrorCode.INVALID_PARAMETER, "no_encryption"): QT_TRANSLATE_NOOP(
        "HubText", "A mirror needs an address that begins with https."
    ),
    (ErrorCode.INVALID_PARAMETER, "address"): QT_TRANSLATE_NOOP(
        "HubText", "This is not the address of a mirror."
    ),
}

_BY_CODE: Mapping[ErrorCode, str] = {
    ErrorCode.SIGN_IN_PAGE: QT_TRANSLATE_NOOP(
        "HubText",
        "A web page came back instead of data from {host}: this network wants you to sign in. Open "
        "a browser first, then try again.",
    ),
    ErrorCode.SERVER: QT_TRANSLATE_NOOP(
        "HubText", "The server has a problem of its own (status {status}). Try again later."
    ),
    ErrorCode.DISK_FULL: QT_TRANSLATE_NOOP(
        "HubText", "Not enough room on the disk: {needed_bytes} needed, {free_bytes} free."
    ),
    ErrorCode.CHECKSUM: QT_TRANSLATE_NOOP(
        "HubText", "{file} arrived damaged again and again and was not installed."
    ),
    ErrorCode.UNSAFE_NAME: QT_TRANSLATE_NOOP(
        "HubText", "The repository holds the unsafe file name \u201c{file}\u201d; it is refused."
    ),
}

_PHASES: Mapping[TransferPhase, str] = {
    TransferPhase.ASKING: QT_TRANSLATE_NOOP("HubText", "Asking for the list of files"),
    TransferPhase.CHECKING: QT_TRANSLATE_NOOP("HubText", "Checking what is there already"),
    TransferPhase.DOWNLOADING: QT_TRANSLATE_NOOP("HubText", "Downloading"),
    TransferPhase.WAITING: QT_TRANSLATE_NOOP("HubText", "Waiting"),
    TransferPhase.PUBLISHING: QT_TRANSLATE_NOOP("HubText", "Installing"),
}
_WAITS: Mapping[WaitReason, str] = {
    WaitReason.NO_DATA: QT_TRANSLATE_NOOP("HubText", "Waiting: the server sends nothing"),
    WaitReason.RETRY: QT_TRANSLATE_NOOP(
        "HubText", "Waiting: the connection broke, next try in {seconds} s"
    ),
    WaitReason.SERVER_ASKED: QT_TRANSLATE_NOOP(
        "HubText", "Waiting: the server asked for {seconds} s"
    ),
}
_STATES: Mapping[TransferState, str] = {
    TransferState.QUEUED: QT_TRANSLATE_NOOP("HubText", "Queued"),
    TransferState.ACTIVE: QT_TRANSLATE_NOOP("HubText", "Downloading"),
    TransferState.PAUSED: QT_TRANSLATE_NOOP("HubText", "Paused"),
    TransferState.FAILED: QT_TRANSLATE_NOOP("HubText", "Failed"),
    TransferState.FINISHED: QT_TRANSLATE_NOOP("HubText", "Installed"),
    TransferState.REMOVED: QT_TRANSLATE_NOOP("HubText", "Removed"),
}


def hub_error_text(error: ErrorInfo, translate: Translate) -> str:
    """One sentence with its next step; other errors get their usual sentence."""
    facts = dict(error.facts)
    sentence = _BY_REASON.get((error.code, str(facts.get("reason", ""))))
    if sentence is None and _names_are_there(error.code, facts):
        sentence = _BY_CODE[error.code]
    if sentence is None:
        return model_fault_text(error, translate) or error_text(error, translate).sentence
    shown = _Facts({key: _fact(key, value) for key, value in facts.items()})
    return translate(_CONTEXT, sentence).format_map(shown)


def asks_for_token(error: ErrorInfo) -> bool:
    """Whether a token would help."""
    reason = dict(error.facts).get("reason")
    return error.code is ErrorCode.GATED and reason in ("no_token", "wrong_token")


def page_of(error: ErrorInfo) -> str | None:
    """The page where the terms are, when the error names it."""
    return next((str(value) for key, value in error.facts if key == "url"), None)


def state_text(state: TransferState, translate: Translate) -> str:
    """The state of a download."""
    return translate(_CONTEXT, _STATES[state])


def phase_text(
    phase: TransferPhase,
    translate: Translate,
    *,
    wait: WaitReason | None = None,
    retry_in_s: float | None = None,
) -> str:
    """What an active download is doing, and why it waits."""
    if wait is None:
        return translate(_CONTEXT, _PHASES[phase])
    seconds = DASH if retry_in_s is None else str(max(1, round(retry_in_s)))
    return translate(_CONTEXT, _WAITS[wait]).format(seconds=seconds)


def _names_are_there(code: ErrorCode, facts: Mapping[str, object]) -> bool:
    needed = {
        ErrorCode.DISK_FULL: "needed_bytes", ErrorCode.SERVER: "status",
        ErrorCode.CHECKSUM: "file", ErrorCode.UNSAFE_NAME: "file", ErrorCode.SIGN_IN_PAGE: "host",
    }  # fmt: skip
    return code in _BY_CODE and needed[code] in facts


def _fact(key: str, value: str | int | float) -> str:
    if key.endswith("_bytes") and isinstance(value, int):
        return size(value)
    return str(value)


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return DASH
