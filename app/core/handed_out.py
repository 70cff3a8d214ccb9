"""Remembers which texts were shown for which sources, to say them again in another language.

Widgets keep what they show, not where it came from; this finds the way back. No Qt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from string import Formatter

from app.core.filling import FORMS, form_for

Lookup = Callable[[str, str], str | None]
"""Takes (context, English source) and returns the text of the language now, None if unknown."""
_SEPARATORS = re.compile(r"(\n|  \u00b7  | \u00b7 |  )")
_DEEPEST = 3


class HandedOut:
    """What the translators gave to the window since it was opened."""

    def __init__(self) -> None:
        self._sources: dict[str, dict[tuple[str, str], None]] = {}
        self._templates: list[_Template] | None = None

    def note(self, context: str, source: str, shown: str) -> None:
        """Remember that `shown` was given for a source."""
        known = self._sources.get(shown)
        if known is None:
            known = self._sources[shown] = {}
            self._templates = None
        known[context, source] = None

    def again(self, shown: str, lookup: Lookup, *, near: Collection[str] = ()) -> str:
        """`shown` in the language of `lookup`; unchanged where it is not one of these texts.

        Args:
            near: contexts that are likelier than others, such as the classes around a widget.
        """
        return self._again(shown, lookup, near, depth=0)

    def _again(self, shown: str, lookup: Lookup, near: Collection[str], *, depth: int) -> str:
        core = shown.strip(" ")
        if not core or depth > _DEEPEST:
            return shown
        new = (
            self._whole(shown, lookup, near)
            or self._whole(core, lookup, near)
            or self._filled(core, lookup, near, depth)
            or self._parts(core, lookup, near, depth)
        )
        return shown if new is None else shown.replace(core, new.strip(" "), 1)

    def _whole(self, shown: str, lookup: Lookup, near: Collection[str]) -> str | None:
        known = self._sources.get(shown, {})
        candidates = sorted(known, key=lambda pair: pair[0] not in near)
        for context, source in candidates:
            text = lookup(context, source)
            if text is not None:
                self.note(context, source, text)
                return text
        if not candidates:
            return None
        context, source = candidates[0]
        self.note(context, source, source)  # for the way back
        return source

    def _filled(self, shown: str, lookup: Lookup, near: Collection[str], depth: int) -> str | None:
        """A text whose places were filled: the values are kept, or said again themselves."""
        for template in self._all_templates():
            match = template.pattern.fullmatch(shown)
            if match is None:
                continue
            new = self._whole(template.text, lookup, near)
            values = {
                name: self._again(value, lookup, near, depth=depth + 1)
                for name, value in match.groupdict().items()
            }
            if new is not None and (template.has_words or values != match.groupdict()):
                return _fill(new, values)
        return None

    def _parts(self, shown: str, lookup: Lookup, near: Collection[str], depth: int) -> str | None:
        parts = _SEPARATORS.split(shown)
        if len(parts) == 1:
            return None
        return "".join(self._again(part, lookup, near, depth=depth + 1) for part in parts)

    def _all_templates(self) -> list[_Template]:
        """The texts with places, the one with most words first."""
        if self._templates is None:
            found = (_Template(text) for text in self._sources if "{" in text)
            self._templates = sorted(found, key=lambda item: -item.words)
        return self._templates


class _Template:
    """A text with named places, as a pattern."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._pieces = list(_pieces(text))
        self.words = sum(len(literal.strip()) for literal, _ in self._pieces)

    @property
    def has_words(self) -> bool:
        """Whether it says more than its places and punctuation do."""
        return any(any(map(str.isalpha, literal)) for literal, _ in self._pieces)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        seen: set[str] = set()
        parts = []
        for literal, place in self._pieces:
            parts.append(re.escape(literal))
            if place is None:
                continue
            if place.forms:
                forms = "|".join(map(re.escape, place.forms.split(FORMS)))
                parts.append(f"(?:{forms})")
            elif place.name in seen:
                parts.append(f"(?P={place.name})")
            else:
                parts.append(f"(?P<{place.name}>.+?)")
                seen.add(place.name)
        return re.compile("".join(parts), re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    forms: str
    """`one|other` where a form goes with the number of that name, else empty."""


def _pieces(text: str) -> Iterator[tuple[str, _Place | None]]:
    """Literal text and the place behind it."""
    try:
        for literal, name, spec, _ in Formatter().parse(text):
            forms = spec if spec and FORMS in spec else ""
            yield literal, _Place(name, forms) if name and name.isidentifier() else None
    except ValueError:  # a lone brace is text
        yield text, None


def _fill(text: str, values: dict[str, str]) -> str:
    return "".join(literal + _said(place, values) for literal, place in _pieces(text))


def _said(place: _Place | None, values: dict[str, str]) -> str:
    if place is None:
        return ""
    value = values.get(place.name, "")
    return form_for(value, place.forms) if place.forms else value
