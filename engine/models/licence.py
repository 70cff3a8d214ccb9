"""The licence a model folder states in its card. Says what is written there, judges nothing."""

from __future__ import annotations

import re
from pathlib import Path

_CARD_LIMIT_BYTES = 16 * 1024
_FIELD = re.compile(r"^license:[ \t]*['\"]?([A-Za-z0-9][\w.+-]{0,63})['\"]?[ \t]*$", re.MULTILINE)


def licence_of(folder: Path) -> str | None:
    """The `license` field at the head of `README.md`, else None."""
    try:
        with (folder / "README.md").open("rb") as stream:
            text = stream.read(_CARD_LIMIT_BYTES).decode("utf-8", "replace")
    except OSError:  # no card is the usual case
        return None
    if not text.startswith("---"):
        return None
    head = text[3:].partition("\n---")[0]
    found = _FIELD.search(head.replace("\r\n", "\n"))
    return found.group(1) if found else None
