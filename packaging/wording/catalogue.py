"""Reads and writes a catalogue (.ts) of Qt Linguist; texts keep their translations."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from wording.extract import Text

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'


@dataclass(frozen=True, slots=True)
class Entry:
    """A translation, or the lack of one."""

    translation: str
    state: str = ""
    """Empty when finished; else Linguist's `unfinished`, `obsolete` or `vanished`."""


def read_catalogue(path: Path) -> dict[Text, Entry]:
    """The entries of a catalogue; none when there is no file."""
    if not path.exists():
        return {}
    entries: dict[Text, Entry] = {}
    for context in ET.parse(path).getroot().iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            entry = Entry(translation.text or "", translation.get("type", ""))
            entries[Text(name, message.findtext("source", ""))] = entry
    return entries


def merged(texts: Iterable[Text], known: Mapping[Text, Entry]) -> dict[Text, Entry]:
    """One entry for each text; what is new has no translation, what is gone is left out."""
    return {text: known.get(text, Entry("", "unfinished")) for text in texts}


def unfinished(entries: Mapping[Text, Entry]) -> list[Text]:
    """Texts without a finished translation."""
    return [text for text, entry in entries.items() if entry.state or not entry.translation]


def write_catalogue(path: Path, entries: Mapping[Text, Entry], *, language: str) -> None:
    """Write a catalogue, by context, in the order of the sources within each."""
    lines = [f'<TS version="2.1" language="{language}" sourcelanguage="en">']
    by_context = sorted(entries.items(), key=lambda item: item[0].context)
    for context, group in groupby(by_context, key=lambda item: item[0].context):
        lines += ["<context>", f"    <name>{_escaped(context)}</name>"]
        for text, entry in group:
            lines += _message(text, entry)
        lines.append("</context>")
    lines.append("</TS>")
    path.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _message(text: Text, entry: Entry) -> list[str]:
    state = f' type="{entry.state}"' if entry.state else ""
    return [
        "    <message>",
        f"        <source>{_escaped(text.source)}</source>",
        f"        <translation{state}>{_escaped(entry.translation)}</translation>",
        "    </message>",
    ]


def _escaped(text: str) -> str:
    return escape(text, {'"': "&quot;", "'": "&apos;"})
