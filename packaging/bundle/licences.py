"""Writes the licences of everything in the bundle into one text. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bundle.components import Component

FILE_NAME = "THIRD_PARTY_LICENSES.txt"
_RULE = "=" * 78

_INTRODUCTION = """\
Slipstream contains the software listed here, made by others. Slipstream itself is under the
Apache License 2.0; that text is in the file LICENSE beside this one.

Qt and Qt for Python (PySide6, shiboken6) are used under the GNU Lesser General Public License,
version 3. They are shared libraries in the folder PySide6 of the installation, and may be replaced
by changed versions that fit. Their source code is at https://download.qt.io/official_releases/ in
QtForPython and qt; what Qt itself contains of others is listed at
https://doc.qt.io/qt-6/licenses-used-in-qt.html.
"""


def licence_text(parts: Iterable[Component]) -> str:
    """The text: what there is, then each licence once, with all who use it."""
    known = list(parts)
    lines = [_INTRODUCTION]
    width = max(len(f"{part.name} {part.version}") for part in known)
    lines += [f"{part.name + ' ' + part.version:{width}}  {part.licence}" for part in known]
    users: dict[str, list[str]] = {}
    for part in known:
        for text in part.texts:
            users.setdefault(text, []).append(f"{part.name} {part.version}")
    for text, names in users.items():
        lines += ["", _RULE, *names, _RULE, "", text.rstrip()]
    return "\n".join(lines) + "\n"
