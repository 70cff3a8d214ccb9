"""One registry of everything that can be done: the palette, the shortcuts and their list use it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class ActionGroup(StrEnum):
    """Where an action is listed, in order."""

    CHAT = "chat"
    VIEW = "view"
    PAGE = "page"
    STRATEGY = "strategy"
    DEVICE = "device"
    PRESET = "preset"
    CHATS = "chats"
    MODELS = "models"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that can be done by its name, and perhaps by its keys."""

    id: str
    text: Callable[[], str]
    """In the user's language, which may change while the program runs."""
    group: ActionGroup
    run: Callable[[], object]
    shortcut: str = ""
    """In Qt's portable form, such as `Ctrl+K`."""
    is_enabled: Callable[[], bool] = lambda: True


Provider = Callable[[], Iterable[Action]]


class ActionRegistry:
    """Guarantees: ids and shortcuts are unique."""

    def __init__(self) -> None:
        self._actions: dict[str, Action] = {}
        self._providers: list[Provider] = []

    def add(self, action: Action) -> None:
        """Add an action that is always there.

        Raises:
            ValueError: its id or its shortcut is taken.
        """
        if action.id in self._actions:
            raise ValueError(f"There is an action '{action.id}' already.")
        taken = {known.shortcut: known.id for known in self._actions.values() if known.shortcut}
        if action.shortcut in taken:
            raise ValueError(f"{action.shortcut} belongs to '{taken[action.shortcut]}'.")
        self._actions[action.id] = action

    def provide(self, provider: Provider) -> None:
        """Add a source of actions that come and go, such as chats; asked when they are shown."""
        self._providers.append(provider)

    def fixed(self) -> tuple[Action, ...]:
        """The actions that are always there, by group."""
        order = list(ActionGroup)
        return tuple(sorted(self._actions.values(), key=lambda item: order.index(item.group)))

    def all(self) -> tuple[Action, ...]:
        """Everything that can be done now."""
        provided = (action for provider in self._providers for action in provider())
        return tuple(action for action in (*self.fixed(), *provided) if action.is_enabled())
