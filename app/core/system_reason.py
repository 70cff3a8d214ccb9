"""What the system says about a file, in the user's language. No Qt: a translator comes in.
Words that are not known here stay as the system wrote them."""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping

from app.core.filling import filled
from app.core.translation import QT_TRANSLATE_NOOP, Translate

_CONTEXT = "SystemReason"
_NOT_FOUND = QT_TRANSLATE_NOOP("SystemReason", "the file or folder was not found")
_NOT_PERMITTED = QT_TRANSLATE_NOOP("SystemReason", "permission was denied")
_DISK_FULL = QT_TRANSLATE_NOOP("SystemReason", "the disk is full")
_IS_FOLDER = QT_TRANSLATE_NOOP("SystemReason", "it is a folder, not a file")
_NO_FOLDER = QT_TRANSLATE_NOOP("SystemReason", "a part of the path is not a folder")
_BUSY = QT_TRANSLATE_NOOP("SystemReason", "another program is using it")
_READ_ONLY = QT_TRANSLATE_NOOP("SystemReason", "it is write-protected")
_NAME_TOO_LONG = QT_TRANSLATE_NOOP("SystemReason", "the name is too long")
_FAULT = QT_TRANSLATE_NOOP("SystemReason", "the disk reports a fault")
_NOT_OPENED = QT_TRANSLATE_NOOP("SystemReason", "the file cannot be opened")
_NO_DATABASE = QT_TRANSLATE_NOOP("SystemReason", "the file is damaged")

_OF_NAMES: Mapping[str, str] = {
    "ENOENT": _NOT_FOUND,
    "EACCES": _NOT_PERMITTED,
    "EPERM": _NOT_PERMITTED,
    "ENOSPC": _DISK_FULL,
    "EDQUOT": _DISK_FULL,
    "EISDIR": _IS_FOLDER,
    "ENOTDIR": _NO_FOLDER,
    "EBUSY": _BUSY,
    "ETXTBSY": _BUSY,
    "EROFS": _READ_ONLY,
    "ENAMETOOLONG": _NAME_TOO_LONG,
    "EIO": _FAULT,
}
_OF_WINDOWS: Mapping[int, str] = {
    2: _NOT_FOUND,
    3: _NOT_FOUND,
    5: _NOT_PERMITTED,
    19: _READ_ONLY,
    32: _BUSY,
    33: _BUSY,
    39: _DISK_FULL,
    112: _DISK_FULL,
    206: _NAME_TOO_LONG,
    1117: _FAULT,
}
_OF_SQLITE: Mapping[str, str] = {
    "database or disk is full": _DISK_FULL,
    "attempt to write a readonly database": _READ_ONLY,
    "database is locked": _BUSY,
    "unable to open database file": _NOT_OPENED,
    "disk I/O error": _FAULT,
    "database disk image is malformed": _NO_DATABASE,
    "file is not a database": _NO_DATABASE,
}
_WRITTEN = re.compile(
    r"\[(Errno|WinError) (\d+)\] [^\n]*?(?:: (['\"])(?P<path>[^\n]*?)\3)?(?: ->|$)"
)


def system_reason(reason: object, translate: Translate) -> str:
    """A reason as part of a sentence, followed by the path where one is named.

    Args:
        reason: an `OSError`, or what `str` made of one or of an error of SQLite.
    """
    text = str(reason)
    if (known := _OF_SQLITE.get(text)) is not None:
        return translate(_CONTEXT, known)
    found = _WRITTEN.match(text)
    if found is None:
        return text
    number = int(found[2])
    name = errno.errorcode.get(number, "")
    source = _OF_NAMES.get(name) if found[1] == "Errno" else _OF_WINDOWS.get(number)
    if source is None:
        return text
    words = translate(_CONTEXT, source)
    if not found["path"]:
        return words
    path = found["path"].replace("\\\\", "\\")  # as Python writes a path
    return filled(translate(_CONTEXT, "{reason} ({path})"), reason=words, path=path)
