"""Texts with places: numbers get gaps, and counted things their singular and plural."""

from __future__ import annotations

import pytest

from app.core.filling import filled, filled_from

FILES = "{count} {count:file|files}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0 files"),
        (1, "1 file"),
        (2, "2 files"),
        (1001, "1\u202f001 files"),
        ("1", "1 file"),
        ("1\u202f001", "1\u202f001 files"),
        ("\u2248\u202f1", "\u2248\u202f1 files"),
        ("1.0", "1.0 files"),
        ("\u2013", "\u2013 files"),
        (1.0, "1.0 file"),
    ],
)
def test_the_form_goes_with_the_number(value: object, expected: str) -> None:
    assert filled(FILES, count=value) == expected


def test_a_verb_may_have_forms_and_a_language_none() -> None:
    text = "{count} {count:chat was|chats were} added to {place}."
    assert filled(text, count=1, place="a|b {c}") == "1 chat was added to a|b {c}."
    assert filled(text, count=3, place="x") == "3 chats were added to x."
    assert filled("已添加 {count} 个对话。", count=1, place="x") == "已添加 1 个对话。"


def test_other_formats_stay_what_they_are() -> None:
    assert filled("{value:.2f} of {name}", value=1.5, name=True) == "1.50 of True"
    with pytest.raises(KeyError):
        filled(FILES)


def test_a_mapping_may_know_what_to_say_without_a_value() -> None:
    class Dash(dict[str, object]):
        def __missing__(self, key: str) -> str:
            return "\u2013"

    assert filled_from(FILES, Dash()) == "\u2013 files"
