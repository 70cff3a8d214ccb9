"""Where a redirection may lead. Pure: a hub, or whoever answers in its place, is not trusted with
the file system, with this machine's other services, or with dropping encryption.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urljoin, urlsplit

from engine.errors import ErrorCode, TransferError

MAX_REDIRECTS = 8


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of a URL. Secrets are for one origin only.

    Raises:
        TransferError: UNSAFE_REDIRECT, reason `address`, when the URL cannot be read.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError as error:
        raise refused("address", url) from error
    return parts.scheme, parts.hostname or "", port


def redirect_target(first: str, current: str, location: str) -> str:
    """The URL a redirection leads to.

    Args:
        first: the URL asked for in the beginning.
        current: the URL that answered.
        location: the `Location` header, absolute or relative.

    Raises:
        TransferError: UNSAFE_REDIRECT; reason is `scheme`, `downgrade`, `private_address`,
            `address`.
    """
    try:
        target = urljoin(current, location)
        parts = urlsplit(target)
    except ValueError as error:
        raise refused("address", current) from error
    if parts.scheme not in ("http", "https"):
        raise refused("scheme", target)
    if parts.scheme == "http" and "https" in (urlsplit(current).scheme, urlsplit(first).scheme):
        raise refused("downgrade", target)
    if not parts.hostname or parts.username is not None:
        raise refused("address", target)
    if is_private_host(parts.hostname) and not is_private_host(urlsplit(first).hostname or ""):
        raise refused("private_address", target)
    return target


def is_private_host(host: str) -> bool:
    """Whether a host is named as this machine or a private network; names are not looked up."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.split("%", maxsplit=1)[0])
    except ValueError:
        try:  # 127.1, 0x7f.1, 2130706433: forms that connect all the same
            address = ipaddress.ip_address(socket.inet_aton(host))
        except OSError:
            return False
    return not address.is_global


def refused(reason: str, url: str) -> TransferError:
    """UNSAFE_REDIRECT with reason and host; never with the URL, which may be signed."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return TransferError(
        f"A redirection was refused ({reason}).",
        code=ErrorCode.UNSAFE_REDIRECT,
        reason=reason,
        host=host,
    )
