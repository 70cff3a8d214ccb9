"""Frozen dataclasses <-> plain JSON values, by their type hints. Knows no message, does no I/O.

Decoding is strict: a wrong type, a missing or an unknown field is a ValueError, never a guess.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union

T = TypeVar("T")
Decoder = Callable[[Any], Any]


def to_plain(value: object) -> Any:
    """Turn a value into what `json.dumps` takes: dicts, lists, strings, numbers, None."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name in _field_names(type(value))}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    return value


def from_plain(kind: type[T], plain: object) -> T:
    """Rebuild a value of the dataclass `kind`.

    Raises:
        ValueError: `plain` does not describe one.
    """
    try:
        decode: Decoder = _decoder(typing.cast("Any", kind))
        result: T = decode(plain)
        return result
    except (TypeError, OverflowError, RecursionError) as error:
        raise ValueError(f"not a {kind.__name__}: {error}") from error


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@cache
def _decoder(hint: Any) -> Decoder:
    """Build the decoder of a type hint once; it is called for every value after that."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return _union(arguments)
    if origin is tuple:
        return _tuple(arguments)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _dataclass(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum(hint)
    if hint in (str, int, float, bool, type(None)):
        return _scalar(hint)
    raise TypeError(f"no way to decode {hint!r}")


def _scalar(kind: type) -> Decoder:
    def decode(plain: Any) -> Any:
        # JSON writes 1.0 as a float, but a clock or a library may well give an int for one.
        if kind is float and type(plain) is int:
            return float(plain)
        if type(plain) is not kind:
            raise ValueError(f"{plain!r:.80} is not a {kind.__name__}")
        return plain

    return decode


def _enum(kind: type[Enum]) -> Decoder:
    members = {member.value: member for member in kind}

    def decode(plain: Any) -> Any:
        if type(plain) is not str or plain not in members:
            raise ValueError(f"{plain!r:.80} is not a {kind.__name__}")
        return members[plain]

    return decode


def _union(arguments: tuple[Any, ...]) -> Decoder:
    # Exact scalar types first: an int must stay an int where int | float is allowed.
    scalars = {a for a in arguments if a in (str, int, float, bool, type(None))}
    others = [_decoder(a) for a in arguments if a not in scalars]
    loose = [_decoder(a) for a in arguments if a in scalars]

    def decode(plain: Any) -> Any:
        if type(plain) in scalars:
            return plain
        for option in (*others, *loose):
            try:
                return option(plain)
            except ValueError:
                continue
        raise ValueError(f"{plain!r:.80} fits none of {arguments}")

    return decode


def _tuple(arguments: tuple[Any, ...]) -> Decoder:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        item = _decoder(arguments[0])
        return lambda plain: tuple([item(part) for part in _list(plain)])
    items = [_decoder(argument) for argument in arguments]
    return lambda plain: tuple([item(part) for item, part in zip(items, _list(plain), strict=True)])


def _list(plain: Any) -> list[Any]:
    if type(plain) is not list:
        raise ValueError(f"{plain!r:.80} is not a list")
    return plain


def _dataclass(kind: type) -> Decoder:
    hints = typing.get_type_hints(kind)
    fields = {name: _decoder(hints[name]) for name in _field_names(kind)}
    needed = {
        field.name
        for field in dataclasses.fields(kind)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }

    def decode(plain: Any) -> Any:
        if type(plain) is not dict:
            raise ValueError(f"{plain!r:.80} is not an object")
        if not (needed <= plain.keys() <= fields.keys()):
            raise ValueError(f"fields of {kind.__name__} expected, not {sorted(plain)!r:.200}")
        return kind(**{name: fields[name](part) for name, part in plain.items()})

    return decode
