"""Turns what a hub or the network says into one typed error each, with facts for its sentence."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx2

from engine.errors import ErrorCode, TransferError

_DISABLED = "Access to this resource is disabled."
_INVALID_TOKEN = "Invalid credentials"
_RATE_LIMIT = re.compile(r'"\w+"\s*;\s*r\s*=\s*(\d+)\s*;\s*t\s*=\s*(\d+)')


def status_error(
    status: int, headers: Mapping[str, str], *, repository: str, page_url: str, had_token: bool
) -> TransferError:
    """The error for an answer of a hub with a status of 400 and above.

    Args:
        headers: of the answer; looked up in lower case.
        repository: `owner/name` that was asked for, may be empty.
        page_url: where a person can see the model and accept its terms.
        had_token: whether the request carried a token.
    """
    code = headers.get("x-error-code", "")
    message = headers.get("x-error-message", "")
    if status in (429, 503) and (status == 429 or "retry-after" in headers):
        return rate_limited(headers)
    if code == "GatedRepo" or (status in (401, 403) and _INVALID_TOKEN in message):
        reason = _gate_reason(status, message, had_token=had_token)
        return gated(repository, reason=reason, page_url=page_url)
    if message == _DISABLED:
        return not_found(repository, reason="removed")
    if code == "RevisionNotFound":
        return not_found(repository, reason="revision")
    if code == "EntryNotFound":
        return not_found(repository, reason="file")
    if status in (401, 404, 410):
        return not_found(repository, reason="absent_or_private")
    return server_error(status)


def gated(repository: str, *, reason: str, page_url: str) -> TransferError:
    """GATED; reason is `no_token`, `not_accepted` or `wrong_token`."""
    return TransferError(
        f"Access to {repository} was refused ({reason}).",
        code=ErrorCode.GATED,
        repository=repository,
        reason=reason,
        url=page_url,
    )


def not_found(repository: str, *, reason: str) -> TransferError:
    """REPOSITORY_NOT_FOUND; reason `absent_or_private`, `revision`, `removed`, `file` or `name`."""
    return TransferError(
        f"{repository or 'The repository'} was not found ({reason}).",
        code=ErrorCode.REPOSITORY_NOT_FOUND,
        repository=repository,
        reason=reason,
    )


def rate_limited(headers: Mapping[str, str]) -> TransferError:
    """RATE_LIMITED with `retry_after_s` when the server named a time."""
    seconds = retry_after_s(headers)
    facts: dict[str, Any] = {} if seconds is None else {"retry_after_s": round(seconds)}
    return TransferError("The server asks to wait.", code=ErrorCode.RATE_LIMITED, **facts)


def server_error(status: int, *, reason: str = "status") -> TransferError:
    """SERVER with the status; reason `link_expired` for a signed link that ran out."""
    return TransferError(
        f"The server answered with status {status}.",
        code=ErrorCode.SERVER,
        status=status,
        reason=reason,
    )


def unexpected_answer(what: str) -> TransferError:
    """SERVER for an answer that is no error but makes no sense."""
    return TransferError(
        f"The server's answer makes no sense: {what}.", code=ErrorCode.SERVER, reason=what
    )


def sign_in_page(url: str) -> TransferError:
    """SIGN_IN_PAGE: something between here and the hub answers with a web page."""
    host = urlsplit(url).hostname or ""
    return TransferError(
        f"A web page came back instead of data from {host}.", code=ErrorCode.SIGN_IN_PAGE, host=host
    )


def silent(url: str) -> TransferError:
    """OFFLINE, reason `silent`: connected or not, no answer came in time."""
    return _offline(url, "silent")


def network_error(error: httpx2.TransportError | httpx2.InvalidURL, url: str) -> TransferError:
    """OFFLINE; reason is `silent`, `dns`, `refused`, `tls`, `proxy`, `address` or `broken`."""
    return _offline(url, _network_reason(error))


def is_html(headers: Mapping[str, str]) -> bool:
    """Whether an answer is a web page; no file of a model is one."""
    return headers.get("content-type", "").split(";")[0].strip().lower() in (
        "text/html",
        "application/xhtml+xml",
    )


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds a server asks to wait, from `Retry-After` in both forms or `RateLimit`."""
    value = headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    if value:
        return _seconds_until(value)
    match = _RATE_LIMIT.search(headers.get("ratelimit", ""))
    return float(match[2]) if match and match[1] == "0" else None


def _seconds_until(http_date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(http_date)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _gate_reason(status: int, message: str, *, had_token: bool) -> str:
    if not had_token:
        return "no_token"
    return "wrong_token" if status == 401 or _INVALID_TOKEN in message else "not_accepted"


def _offline(url: str, reason: str) -> TransferError:
    host = urlsplit(url).hostname or ""
    return TransferError(
        f"{host or 'The server'} cannot be reached ({reason}).",
        code=ErrorCode.OFFLINE,
        host=host,
        reason=reason,
    )


def _network_reason(error: BaseException) -> str:
    if isinstance(error, httpx2.TimeoutException):
        return "silent"
    if isinstance(error, httpx2.ProxyError):
        return "proxy"
    if isinstance(error, (httpx2.InvalidURL, httpx2.UnsupportedProtocol)):
        return "address"
    causes = tuple(_causes(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return "tls"
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "dns"
    return "refused" if isinstance(error, httpx2.ConnectError) else "broken"


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        if isinstance(seen, BaseExceptionGroup):
            for inner in seen.exceptions:
                yield from _causes(inner)
        seen = seen.__cause__ or seen.__context__
