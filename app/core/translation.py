"""Marks texts for translation without Qt: core keeps English sources and is handed a translator."""

from __future__ import annotations

from collections.abc import Callable

Translate = Callable[[str, str], str]
"""Takes (context, English source) and returns the text in the user's language."""


def QT_TRANSLATE_NOOP(context: str, source: str) -> str:  # noqa: N802  the name lupdate looks for
    """Mark `source` for extraction and return it unchanged."""
    del context
    return source


def untranslated(context: str, source: str) -> str:
    """Return the English source: the translator of logs and tests."""
    del context
    return source
