"""Untrusted JSON, read with a path: whatever is not as expected is refused with its place."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NoReturn

from app.core.import_chats.refusal import Expected, ImportRefusedError, RefusalCode
from app.core.store.codec import clean_text

_MAX_SECONDS = 1e11
"""Times above this are milliseconds."""
_MILLISECONDS = 1000.0


def parse_json(data: bytes, where: str = "") -> Node:
    """Parse a whole file.

    Raises:
        ImportRefusedError: NOT_TEXT, NOT_JSON or TOO_DEEP.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefusedError(RefusalCode.NOT_TEXT, where=where, byte=error.start) from error
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise ImportRefusedError(
            RefusalCode.NOT_JSON, where=where, line=error.lineno, column=error.colno
        ) from error
    except RecursionError as error:
        raise ImportRefusedError(RefusalCode.TOO_DEEP, where=where) from error
    except ValueError as error:
        # Constants that are not JSON, and numbers of thousands of digits.
        raise ImportRefusedError(RefusalCode.NOT_JSON, where=where, line=0, column=0) from error
    return Node(value, f"{where}$")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


class Node:
    """A value with its path. Every method refuses with WRONG_STRUCTURE what it does not expect."""

    __slots__ = ("path", "value")

    def __init__(self, value: Any, path: str) -> None:
        self.value = value
        self.path = path

    def refuse(self, expected: Expected, **facts: str | int) -> NoReturn:
        """Refuse the file because of this value."""
        raise ImportRefusedError(
            RefusalCode.WRONG_STRUCTURE, where=self.path, expected=expected.value, **facts
        )

    def get(self, key: str) -> Node:
        """A member of an object; a missing one is null."""
        if not isinstance(self.value, dict):
            self.refuse(Expected.OBJECT)
        return Node(self.value.get(key), f"{self.path}.{clean_text(key)[:80]}")

    def has(self, key: str) -> bool:
        """Tell whether this is an object with that member."""
        return isinstance(self.value, dict) and key in self.value

    def items(self) -> Iterator[Node]:
        """The elements of a list."""
        if not isinstance(self.value, list):
            self.refuse(Expected.LIST)
        return (Node(item, f"{self.path}[{index}]") for index, item in enumerate(self.value))

    def members(self) -> Iterator[tuple[str, Node]]:
        """The members of an object."""
        if not isinstance(self.value, dict):
            self.refuse(Expected.OBJECT)
        return ((key, self.get(key)) for key in self.value)

    def is_null(self) -> bool:
        """Tell whether the value is null or missing."""
        return self.value is None

    def text(self, default: str | None = None) -> str:
        """A string; null is `default`, where one is given."""
        if self.value is None and default is not None:
            return default
        if not isinstance(self.value, str):
            self.refuse(Expected.TEXT)
        return clean_text(self.value)

    def integer(self, low: int, high: int) -> int:
        """A whole number within a range."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            self.refuse(Expected.INTEGER)
        if not low <= self.value <= high:
            self.refuse(Expected.INTEGER_BETWEEN, low=low, high=high)
        return self.value

    def flag(self, default: bool = False) -> bool:
        """True or false; null is `default`."""
        if self.value is None:
            return default
        if not isinstance(self.value, bool):
            self.refuse(Expected.FLAG)
        return self.value

    def seconds(self, default: float) -> float:
        """A time in seconds or milliseconds since the epoch, or as ISO text; null is `default`."""
        if self.value is None:
            return default
        number = self._iso_seconds() if isinstance(self.value, str) else self.number()
        if number > _MAX_SECONDS:
            number /= _MILLISECONDS
        if not 0 <= number <= _MAX_SECONDS:
            self.refuse(Expected.TIME)
        return number

    def _iso_seconds(self) -> float:
        try:
            moment = datetime.fromisoformat(self.value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            self.refuse(Expected.TIME)

    def timestamp(self) -> float:
        """A time in seconds since the epoch, taken as it is."""
        number = self.number()
        if not 0 <= number <= _MAX_SECONDS:
            self.refuse(Expected.TIME)
        return number

    def number(self) -> float:
        """A finite number."""
        if not isinstance(self.value, int | float) or isinstance(self.value, bool):
            self.refuse(Expected.NUMBER)
        try:
            number = float(self.value)
        except OverflowError:
            self.refuse(Expected.NUMBER)
        if not math.isfinite(number):
            self.refuse(Expected.NUMBER)
        return number
