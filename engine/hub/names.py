"""Which file names of a repository may be written, and which files are fetched at all. One check
for all platforms: a name that is unsafe on Windows is refused on Linux too. Rejects, never repairs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from engine.errors import ErrorCode, TransferError

_MAX_CHARACTERS = 240
_MAX_PART_BYTES = 200  # of 255, so that `.partial` and a temporary suffix still fit
_FORBIDDEN = re.compile(r'[<>:"|?*\\]')
_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])", re.IGNORECASE)
_SHORT_NAME = re.compile(r"~\d")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_WANTED = re.compile(r"[^/]+\.(xml|json|txt|model|jinja|md)", re.IGNORECASE)
_LEGAL = re.compile(r"(LICEN[CS]E|NOTICE|COPYING)[^/.]*(\.(txt|md))?", re.IGNORECASE)
_OURS = frozenset({"manifest.json", "job.json"})


def safe_rel(path: str) -> PurePosixPath:
    """Turn a name given by a server into a relative path inside its folder, on Windows and POSIX.

    Raises:
        TransferError: UNSAFE_NAME; facts: file, reason.
    """
    reason = _reason_against(path)
    if reason is not None:
        raise unsafe_name(path, reason)
    return PurePosixPath(path)


def check_listing(paths: Iterable[str]) -> None:
    """Refuse a whole listing when one name is unsafe or two mean the same file somewhere.

    Raises:
        TransferError: UNSAFE_NAME; facts: file, reason.
    """
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in paths:
        relative = safe_rel(path)
        if files.setdefault(_key(path), path) != path:
            raise unsafe_name(path, "twin")
        for parent in relative.parents[:-1]:
            if folders.setdefault(_key(str(parent)), str(parent)) != str(parent):
                raise unsafe_name(path, "twin")
    for key, path in files.items():
        if key in folders:
            raise unsafe_name(path, "twin")


def wanted_files(paths: Iterable[str]) -> frozenset[str]:
    """The files worth fetching: an allow-list, so no code and no pickles ever arrive.

    A `.bin` counts only beside an `.xml` of the same name, which is what an OpenVINO model is;
    others of that suffix are mostly pickles.
    """
    listing = frozenset(paths)
    return frozenset(path for path in listing if _is_wanted(path, listing))


def job_folder_name(model_id: str) -> str:
    """One folder name for a model id `name` or `owner/name`; different ids, different names."""
    if "+" in model_id:
        raise unsafe_name(model_id, "forbidden_character")
    return str(safe_rel(model_id)).replace("/", "+")


def unsafe_name(path: str, reason: str) -> TransferError:
    """The error for a name; the name is shown escaped, since it may reorder the text around it."""
    shown = path[:80].encode("ascii", "backslashreplace").decode("ascii")
    return TransferError(
        f"The repository holds an unsafe file name: {shown!r} ({reason}).",
        code=ErrorCode.UNSAFE_NAME,
        file=shown,
        reason=reason,
    )


def _is_wanted(path: str, listing: frozenset[str]) -> bool:
    relative = PurePosixPath(path)
    if path.casefold() in _OURS:
        return False
    if relative.suffix.lower() == ".bin":
        return str(relative.with_suffix(".xml")) in listing
    return bool(_WANTED.fullmatch(relative.name) or _LEGAL.fullmatch(relative.name))


def _reason_against(path: str) -> str | None:
    if not path:
        return "empty"
    if len(path) > _MAX_CHARACTERS:
        return "too_long"
    if any(unicodedata.category(character) in _INVISIBLE for character in path):
        return "invisible_character"
    if _FORBIDDEN.search(path):
        return "forbidden_character"
    return next(filter(None, map(_reason_against_part, path.split("/"))), None)


def _reason_against_part(part: str) -> str | None:
    if part in ("", ".", ".."):
        return "leaves_folder"
    if part != part.rstrip(". "):
        return "trailing_dot_or_space"
    if _DEVICE.fullmatch(part.split(".", maxsplit=1)[0].rstrip(" ")) or _SHORT_NAME.search(part):
        return "reserved"
    return "too_long" if len(part.encode("utf-8")) > _MAX_PART_BYTES else None


def _key(path: str) -> str:
    # NFKC before and after: case folding can undo a normal form.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())
