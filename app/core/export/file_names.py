"""File names for exported chats that every system takes."""

from __future__ import annotations

import re
import unicodedata

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
_MAX_BYTES = 120


def file_name(title: str, suffix: str, *, taken: frozenset[str] = frozenset()) -> str:
    """A name made of a chat's title that is not in `taken` (names compare without case).

    `suffix` comes with its dot. A title with nothing usable in it becomes "chat".
    """
    printable = "".join(
        " " if unicodedata.category(c)[0] in "CZ" else c
        for c in unicodedata.normalize("NFC", title)
    )
    stem = " ".join(_FORBIDDEN.sub(" ", printable).split())
    stem = stem.encode()[:_MAX_BYTES].decode(errors="ignore").strip(" .")
    if not stem:
        stem = "chat"
    if _RESERVED.match(stem.split(".")[0]):
        stem = f"_{stem}"
    used = {name.casefold() for name in taken}
    name, number = f"{stem}{suffix}", 2
    while name.casefold() in used:
        name = f"{stem} ({number}){suffix}"
        number += 1
    return name
