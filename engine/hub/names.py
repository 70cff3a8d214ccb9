"""Which file names of a repository may be written, and which files are fetched at all. What a safe
name is says `engine.models.safe_names`, for all platforms alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from engine.errors import ErrorCode, TransferError
from engine.models.safe_names import reason_against, shown

_WANTED = re.compile(r"[^/]+\.(xml|json|txt|model|jinja|md)", re.IGNORECASE)
_LEGAL = re.compile(r"(LICEN[CS]E|NOTICE|COPYING)[^/.]*(\.(txt|md))?", re.IGNORECASE)
_OURS = frozenset({"manifest.json", "job.json"})


def safe_rel(path: str) -> PurePosixPath:
    """Turn a name given by a server into a relative path inside its folder, on Windows and POSIX.

    Raises:
        TransferError: UNSAFE_NAME; facts: file, reason.
    """
    reason = reason_against(path)
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
    """The error for a name."""
    return TransferError(
        f"The repository holds an unsafe file name: {shown(path)!r} ({reason}).",
        code=ErrorCode.UNSAFE_NAME,
        file=shown(path),
        reason=reason,
    )


def _is_wanted(path: str, listing: frozenset[str]) -> bool:
    relative = PurePosixPath(path)
    if path.casefold() in _OURS:
        return False
    if relative.suffix.lower() == ".bin":
        return str(relative.with_suffix(".xml")) in listing
    return bool(_WANTED.fullmatch(relative.name) or _LEGAL.fullmatch(relative.name))


def _key(path: str) -> str:
    # NFKC before and after: case folding can undo a normal form.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())
