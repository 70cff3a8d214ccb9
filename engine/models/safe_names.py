"""Which ids and relative paths may become names on a disk. One rule for every platform and for
every source, a server's listing as much as a manifest: rejects, never repairs. Pure.
"""

from __future__ import annotations

import re
import unicodedata

_ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}(/[A-Za-z0-9][A-Za-z0-9._-]{0,127})?")
_MAX_CHARACTERS = 240
_MAX_PART_BYTES = 200  # of 255, so that `.partial` and a temporary suffix still fit
_FORBIDDEN = re.compile(r'[<>:"|?*\\]')
_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])", re.IGNORECASE)
_SHORT_NAME = re.compile(r"~\d")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def is_safe_id(model_id: str) -> bool:
    """Whether an id can be a folder name on every platform, as `name` or `owner/name`."""
    return bool(_ID_PATTERN.fullmatch(model_id)) and is_safe_path(model_id)


def is_safe_path(path: str) -> bool:
    """Whether a relative path stays inside its folder and means one file on every platform."""
    return reason_against(path) is None


def reason_against(path: str) -> str | None:
    """Why a relative path is refused, as a code: `empty`, `too_long`, `invisible_character`,
    `forbidden_character`, `leaves_folder`, `trailing_dot_or_space` or `reserved`; None when safe.
    """
    if not path:
        return "empty"
    if len(path) > _MAX_CHARACTERS:
        return "too_long"
    if any(unicodedata.category(character) in _INVISIBLE for character in path):
        return "invisible_character"
    if _FORBIDDEN.search(path):
        return "forbidden_character"
    return next(filter(None, map(_reason_against_part, path.split("/"))), None)


def shown(path: str) -> str:
    """A refused name for people: escaped, since it may reorder the text around it, and short."""
    return path[:80].encode("ascii", "backslashreplace").decode("ascii")


def _reason_against_part(part: str) -> str | None:
    if part in ("", ".", ".."):
        return "leaves_folder"
    if part != part.rstrip(". "):
        return "trailing_dot_or_space"
    if _DEVICE.fullmatch(part.split(".", maxsplit=1)[0].rstrip(" ")) or _SHORT_NAME.search(part):
        return "reserved"
    return "too_long" if len(part.encode("utf-8")) > _MAX_PART_BYTES else None
