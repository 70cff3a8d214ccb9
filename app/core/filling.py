"""Fills the named places of a text. `{count:file|files}` becomes the form that goes with the number
of `count`, so that English has its singular; a language with one form leaves such a place out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter
from typing import Any

from app.core.formatting import THIN_SPACE, count

FORMS = "|"
"""Between the form for one and the form for any other number."""
_GAPS = re.compile(f"[{THIN_SPACE},]")


def filled(text: str, /, **values: object) -> str:
    """`text` with its places filled; whole numbers get gaps between thousands.

    Raises:
        KeyError: a place has no value.
    """
    return filled_from(text, values)


def filled_from(text: str, values: Mapping[str, object]) -> str:
    """The same with values of a mapping, which may know what to say for those it lacks."""
    return _FILLER.vformat(text, (), values)


def form_for(value: object, forms: str) -> str:
    """Of `one|other` the form that goes with a number, or with a number written as text."""
    one, _, other = forms.partition(FORMS)
    if isinstance(value, str):
        digits = _GAPS.sub("", value)
        return one if digits == "1" else other
    return one if value == 1 else other


class _Filler(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        if FORMS in format_spec:
            return form_for(value, format_spec)
        if type(value) is int and not format_spec:
            return count(value)
        return str(super().format_field(value, format_spec))


_FILLER = _Filler()
