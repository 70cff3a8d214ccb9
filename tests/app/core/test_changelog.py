"""The changelog as the window reads it: releases, and what is new since one of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.changelog import Release, news_since, parse_changelog, version_key
from engine.resources import asset_root

TEXT = """# Changelog

Introduction.

## [Unreleased]

- soon

## [0.10.0] - 2026-03-01

- ten

## [0.9.1]

- nine one

## [0.9.0] - 2026-01-01

- nine
"""


def test_releases_keep_their_order_and_text() -> None:
    assert parse_changelog(TEXT) == (
        Release("", "- soon"),
        Release("0.10.0", "- ten"),
        Release("0.9.1", "- nine one"),
        Release("0.9.0", "- nine"),
    )


@pytest.mark.parametrize(
    ("last", "current", "bodies"),
    [
        ("0.9.0", "0.10.0", ["- ten", "- nine one"]),
        ("0.9.1", "0.10.0", ["- ten"]),
        ("0.8", "0.9.1", ["- nine one", "- nine"]),
        ("0.10.0", "0.10.0", []),
        ("0.11.0", "0.10.0", []),
        ("", "0.10.0", []),
        # A version without a section of its own: what is not released yet belongs to it.
        ("0.10.0", "0.11.0", ["- soon"]),
    ],
)
def test_news_since(last: str, current: str, bodies: list[str]) -> None:
    news = news_since(parse_changelog(TEXT), last=last, current=current)
    assert [release.body for release in news] == bodies


@pytest.mark.parametrize(
    ("older", "newer"),
    [("0.9.0", "0.10.0"), ("1.0.0rc1", "1.0.0"), ("1.0", "1.0.1"), ("unknown", "0.1")],
)
def test_versions_are_ordered(older: str, newer: str) -> None:
    assert version_key(older) < version_key(newer)


def test_zeros_at_the_end_say_nothing() -> None:
    assert version_key("1.0") == version_key("1.0.0")


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    for release in parse_changelog(text):
        assert release.body == release.body.strip()


def test_the_changelog_of_the_project_is_read() -> None:
    path: Path = asset_root().parent / "CHANGELOG.md"
    releases = parse_changelog(path.read_text(encoding="utf-8"))
    assert releases
    assert any(release.body for release in releases)
