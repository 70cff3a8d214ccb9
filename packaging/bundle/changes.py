"""Turns CHANGELOG.md into the forms that packages want. Pure."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree import ElementTree

from app.core.changelog import Release, parse_changelog


def debian_changelog(text: str, *, version: str, maintainer: str, date_s: int) -> str:
    """The changes of this version in Debian's form; one entry is enough for a package of ours."""
    lines = [f"slipstream ({version}) stable; urgency=medium", ""]
    for item in _items(_current(text, version).body):
        lines += textwrap.wrap(item, 76, initial_indent="  * ", subsequent_indent="    ")
    date = format_datetime(datetime.fromtimestamp(date_s, UTC))
    return "\n".join([*lines, "", f" -- {maintainer}  {date}", ""])


def with_releases(metainfo: str, changelog: str, *, version: str, date_s: int) -> str:
    """The AppStream document with its releases filled in."""
    root = ElementTree.fromstring(metainfo, ElementTree.XMLParser(encoding="utf-8"))
    releases = root.find("releases")
    if releases is None:
        raise ValueError("the metainfo has no <releases/>")
    day = datetime.fromtimestamp(date_s, UTC).date().isoformat()
    entry = ElementTree.SubElement(releases, "release", version=version, date=day)
    description = ElementTree.SubElement(entry, "description")
    items = ElementTree.SubElement(description, "ul")
    for item in _items(_current(changelog, version).body):
        ElementTree.SubElement(items, "li").text = re.sub(r"`([^`]*)`", r"\1", item)
    ElementTree.indent(root)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return head + ElementTree.tostring(root, encoding="unicode") + "\n"


def _current(text: str, version: str) -> Release:
    """This version's changes, or those not released yet."""
    releases = parse_changelog(text)
    for wanted in (version, ""):
        for release in releases:
            if release.version == wanted:
                return release
    raise ValueError(f"CHANGELOG.md has neither [{version}] nor [Unreleased]")


def _items(body: str) -> Iterable[str]:
    """The list items of a section, each on one line."""
    found = re.findall(r"^- (.*(?:\n  .*)*)", body, re.MULTILINE)
    return [re.sub(r"\s+", " ", item) for item in found]
