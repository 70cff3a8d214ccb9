"""Tokens of model hubs: in the keyring of the system when there is one, else in memory until the
program ends. Never in a file of ours, a log, a URL or an exception.
"""

from __future__ import annotations

import asyncio
import re
import sys
from enum import StrEnum
from typing import Protocol

from engine.errors import ErrorCode, ParameterError
from engine.models.manifest import SourceType

_SERVICE = "slipstream"
_TOKEN = re.compile(r"[\x21-\x7e]{1,512}")


class Secret:
    """A token that shows itself only when asked by name."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The token itself: for a request header and for nothing else."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(...)"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not stored")


class TokenStorage(StrEnum):
    """Where a token was put."""

    KEYRING = "keyring"
    SESSION = "session"
    """There is no usable keyring: gone when the program ends."""


class Keyring(Protocol):
    """The part of the `keyring` package that is used."""

    def get_password(self, service_name: str, username: str) -> str | None: ...
    def set_password(self, service_name: str, username: str, password: str) -> None: ...
    def delete_password(self, service_name: str, username: str) -> None: ...


class Credentials:
    """The tokens, one per hub.

    Guarantees: no keyring is touched before a token is asked for; a missing, locked or broken
    keyring is no error. Hazard: the system may ask the user to unlock, so every call may be slow.
    """

    def __init__(self, keyring: Keyring | None = None) -> None:
        self._keyring = keyring
        self._session: dict[SourceType, Secret | None] = {}
        self._lock = asyncio.Lock()

    async def token(self, source: SourceType) -> Secret | None:
        """The token for a hub, or None."""
        async with self._lock:
            if source not in self._session:
                value = await asyncio.to_thread(self._read, source)
                self._session[source] = Secret(value) if value else None
            return self._session[source]

    async def store(self, source: SourceType, token: str) -> TokenStorage:
        """Keep a token.

        Raises:
            ParameterError: it is empty or has characters no token has.
        """
        value = token.strip()
        if not _TOKEN.fullmatch(value):
            raise ParameterError(
                "This is not a token.", code=ErrorCode.INVALID_PARAMETER, parameter="token"
            )
        async with self._lock:
            self._session[source] = Secret(value)
            stored = await asyncio.to_thread(self._write, source, value)
        return TokenStorage.KEYRING if stored else TokenStorage.SESSION

    async def forget(self, source: SourceType) -> None:
        """Delete a token everywhere."""
        async with self._lock:
            self._session[source] = None
            await asyncio.to_thread(self._delete, source)

    def _read(self, source: SourceType) -> str | None:
        try:
            return self._open().get_password(_SERVICE, str(source))
        except _keyring_errors():
            return None

    def _write(self, source: SourceType, value: str) -> bool:
        try:
            self._open().set_password(_SERVICE, str(source), value)
            return self._open().get_password(_SERVICE, str(source)) == value
        except _keyring_errors():
            return False

    def _delete(self, source: SourceType) -> None:
        try:
            self._open().delete_password(_SERVICE, str(source))
        except _keyring_errors():
            return

    def _open(self) -> Keyring:
        if self._keyring is None:
            import keyring

            self._keyring = keyring.get_keyring()
        return self._keyring


def _keyring_errors() -> tuple[type[Exception], ...]:
    """What back ends raise: keyring's own errors, and those of a Linux desktop bus below it."""
    from keyring.errors import KeyringError

    kinds: list[type[Exception]] = [KeyringError, OSError, RuntimeError, ImportError]
    if sys.platform == "linux":
        try:
            from jeepney import DBusErrorResponse
            from secretstorage.exceptions import SecretStorageException
        except ImportError:
            return tuple(kinds)
        kinds += [DBusErrorResponse, SecretStorageException]
    return tuple(kinds)
