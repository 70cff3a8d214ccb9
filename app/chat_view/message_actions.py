"""What can be done with a message, as values that the view shows: it does nothing by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAction:
    """One action of a message. With `children` it opens a menu and is not triggered itself."""

    id: str
    text: str
    """As shown, translated."""
    icon_name: str = ""
    """Of a bundled icon; an action without one stands in menus only."""
    shortcut: str | None = None
    """Portable text of a key sequence; it works on the message with the focus ring."""
    enabled: bool = True
    checked: bool | None = None
    """None: the action is no switch."""
    children: tuple[MessageAction, ...] = ()


ActionProvider = Callable[[int], Sequence[MessageAction]]
"""Gives the actions of a row; asked again whenever they are about to be shown."""


def find_by_shortcut(actions: Sequence[MessageAction], keys: str) -> MessageAction | None:
    """The enabled action that a key sequence stands for, in sub-menus too."""
    for action in actions:
        found = find_by_shortcut(action.children, keys)
        if found is not None:
            return found
        if action.enabled and not action.children and action.shortcut == keys:
            return action
    return None
