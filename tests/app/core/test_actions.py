"""The registry of actions, and finding them by a few letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.actions import Action, ActionGroup, ActionRegistry
from app.core.fuzzy import fuzzy_match


def action(name: str, **more: object) -> Action:
    fields = {"group": ActionGroup.VIEW, "run": lambda: None, "text": lambda: name} | more
    return Action(id=name, **fields)  # type: ignore[arg-type]


def best(query: str, *names: str) -> str:
    found = {name: fuzzy_match(query, name) for name in names}
    return max((m.score, n) for n, m in found.items() if m is not None)[1]


def test_ids_and_shortcuts_are_unique() -> None:
    registry = ActionRegistry()
    registry.add(action("a", shortcut="Ctrl+K"))
    registry.add(action("no keys"))
    registry.add(action("no keys either"))
    with pytest.raises(ValueError, match="already"):
        registry.add(action("a"))
    with pytest.raises(ValueError, match="belongs to 'a'"):
        registry.add(action("b", shortcut="Ctrl+K"))


def test_groups_come_in_order_and_what_cannot_be_done_is_left_out() -> None:
    registry = ActionRegistry()
    registry.add(action("view"))
    registry.add(action("chat", group=ActionGroup.CHAT))
    registry.add(action("off", is_enabled=lambda: False))
    registry.provide(lambda: [action("chat 7", group=ActionGroup.CHATS)])
    assert [item.id for item in registry.fixed()] == ["chat", "view", "off"]
    assert [item.id for item in registry.all()] == ["chat", "view", "chat 7"]


@pytest.mark.parametrize(
    ("query", "names", "first"),
    [
        ("nc", ("Sync now", "New chat", "Balance"), "New chat"),
        ("dark", ("Theme: Dark", "Do a risky thing"), "Theme: Dark"),
        ("theme dark", ("Theme: Light", "Theme: Dark", "Dark"), "Theme: Dark"),
        ("设置", ("打开设置", "设定位置", "新建对话"), "打开设置"),
        ("npu", ("Main model on NPU", "No preset in use"), "Main model on NPU"),
    ],
)
def test_the_likeliest_name_comes_first(query: str, names: tuple[str, ...], first: str) -> None:
    assert best(query, *names) == first


@pytest.mark.parametrize(
    ("query", "text"), [("xz", "New chat"), ("chat z", "New chat"), ("tahc", "chat")]
)
def test_a_missing_letter_is_no_match(query: str, text: str) -> None:
    assert fuzzy_match(query, text) is None


@given(st.text(max_size=20), st.text(max_size=40))
def test_what_was_found_is_really_there(query: str, text: str) -> None:
    match = fuzzy_match(query, text)
    if match is not None:
        assert all(0 <= place < len(text) for place in match.positions)
        assert list(match.positions) == sorted(set(match.positions))


@given(st.text(min_size=1, max_size=30).filter(str.strip))
def test_a_name_finds_itself(text: str) -> None:
    assert fuzzy_match(text, text) is not None
