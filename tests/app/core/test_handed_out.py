"""Texts on the screen are found again by what was handed out."""

from __future__ import annotations

import pytest

from app.core.handed_out import HandedOut

CHINESE = {
    ("Bar", "Draft"): "草稿",
    ("Chip", "Remove: {text}"): "移除：{text}",
    ("Foot", "{count} tokens"): "{count} 个词元",
    ("Foot", "{rate} tok/s"): "{rate} tok/s",
    ("Disk", "{count} unfinished {count:file|files}"): "{count} 个未完成的文件",
    ("Pair", "{main} + {draft}"): "{main} + {draft}",
    ("List", "{title}: {snippet}"): "{title}：{snippet}",
    ("Door", "Close"): "关闭",
    ("Switch", "Off"): "关闭",
    ("Two", "{a} and {a}"): "{a} 与 {a}",
}


@pytest.fixture
def handed_out() -> HandedOut:
    made = HandedOut()
    for context, source in CHINESE:
        made.note(context, source, source)
    return made


def to_chinese(context: str, source: str) -> str | None:
    return CHINESE.get((context, source))


def to_english(_context: str, _source: str) -> None:
    return None


def test_a_text_first_said_in_chinese_finds_its_way_back_to_it() -> None:
    chinese = {
        ("Meter", "{used} of {context}"): "{used} / {context}",
        ("Card", "{count} {count:token|tokens} of context"): "上下文 {count} 个词元",
        ("Meter", "{used} {used:token|tokens}"): "{used} 个词元",
    }
    handed_out = HandedOut()
    for (context, source), text in chinese.items():
        is_first_said_in_english = context == "Meter"
        handed_out.note(context, source, source if is_first_said_in_english else text)
    english = handed_out.again("上下文 2048 个词元", to_english)
    assert english == "2048 tokens of context"
    assert handed_out.again(english, lambda *key: chinese.get(key)) == "上下文 2048 个词元"


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Draft", "草稿"),
        ("  Draft ", "  草稿 "),
        ("Remove: notes.txt", "移除：notes.txt"),
        ("Remove: Draft", "移除：草稿"),
        ("12 tokens · 30.5 tok/s", "12 个词元 · 30.5 tok/s"),
        ("12 tokens\nDraft", "12 个词元\n草稿"),
        ("↓  Draft", "↓  草稿"),
        ("Draft: 3 tokens", "草稿：3 个词元"),
        ("x and x", "x 与 x"),
        ("1 unfinished file", "1 个未完成的文件"),
        ("1\u202f200 unfinished files", "1\u202f200 个未完成的文件"),
    ],
)
def test_there_and_back(handed_out: HandedOut, english: str, chinese: str) -> None:
    assert handed_out.again(english, to_chinese) == chinese
    assert handed_out.again(chinese, to_english) == english


@pytest.mark.parametrize(
    "own", ["", " ", "My notes", "Qwen3-4B + Qwen3-0.6B", "note: to self", "x and y", "{brace"]
)
def test_what_is_not_of_the_window_stays(handed_out: HandedOut, own: str) -> None:
    assert handed_out.again(own, to_chinese) == own


def test_the_context_nearby_decides_between_sources(handed_out: HandedOut) -> None:
    handed_out.again("Close", to_chinese)
    handed_out.again("Off", to_chinese)
    assert handed_out.again("关闭", to_english, near={"Switch"}) == "Off"
    assert handed_out.again("关闭", to_english, near={"Door"}) == "Close"


def test_a_lone_brace_is_text() -> None:
    handed_out = HandedOut()
    handed_out.note("A", "{ is a brace", "{ is a brace")
    assert handed_out.again("{ is a brace", to_english) == "{ is a brace"
    assert handed_out.again("other", to_english) == "other"
