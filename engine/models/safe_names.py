"""Which ids and relative paths are safe as folder and file names on every platform. Pure."""

from __future__ import annotations

import re

_ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}(/[A-Za-z0-9][A-Za-z0-9._-]{0,127})?")
_FORBIDDEN_IN_PATH = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')


def is_safe_id(model_id: str) -> bool:
    """Whether an id can be a folder name on every platform, as `name` or `owner/name`."""
    return bool(_ID_PATTERN.fullmatch(model_id)) and is_safe_path(model_id)


def is_safe_path(path: str) -> bool:
    """Whether a relative path stays inside its folder on Windows and POSIX alike."""
    if not path or len(path) > 240 or _FORBIDDEN_IN_PATH.search(path):
        return False
    return all(_is_safe_part(part) for part in path.split("/"))


def _is_safe_part(part: str) -> bool:
    if part in ("", ".", "..") or part != part.rstrip(". "):
        return False
    stem = part.split(".", maxsplit=1)[0].upper()
    return not re.fullmatch(r"CON|PRN|AUX|NUL|(COM|LPT)[0-9¹²³]", stem)
