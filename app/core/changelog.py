"""Reads CHANGELOG.md: which releases there are, and what is new since one of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_HEADING = re.compile(r"^## \[([^\]]+)\].*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Release:
    """One section of the changelog."""

    version: str
    """As it stands in the heading; empty for what is not released yet."""
    body: str
    """Markdown below the heading."""


def parse_changelog(text: str) -> tuple[Release, ...]:
    """The releases in the order of the file, newest first; anything else is left out."""
    headings = list(_HEADING.finditer(text))
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    releases = []
    for heading, end in zip(headings, ends, strict=False):
        name = heading[1].strip()
        version = "" if name.lower() == "unreleased" else name
        releases.append(Release(version, text[heading.end() : end].strip()))
    return tuple(releases)


def news_since(releases: Sequence[Release], *, last: str, current: str) -> tuple[Release, ...]:
    """What a user of `last` has not seen in `current`, newest first.

    Empty when `last` is empty (a first start), the same, or newer. What is not released yet
    counts as part of a version that has no section of its own.
    """
    if not last or version_key(last) >= version_key(current):
        return ()
    has_own_section = any(release.version == current for release in releases)
    news = []
    for release in releases:
        if release.version == "":
            if not has_own_section and release.body:
                news.append(Release(current, release.body))
        elif version_key(last) < version_key(release.version) <= version_key(current):
            news.append(release)
    return tuple(news)


def version_key(version: str) -> tuple[tuple[int, ...], bool]:
    """Orders versions: by their numbers, and a pre-release before its release."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    if found is None:
        return (), False
    numbers = [int(part) for part in found[0].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers), found.end() == len(version)
