"""What the window can do, as actions: its buttons, pages, themes, placements, presets, chats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from app.controllers.turn import TurnStage
from app.core.actions import Action, ActionGroup
from app.core.preferences import FontSize, Theme
from app.core.presets import preset_name
from app.core.translation import QT_TRANSLATE_NOOP
from app.views.page_stack import CHAT_PAGE
from engine.events import DeviceInfo
from engine.models.location import models_folder
from engine.models.manifest import ModelRole
from engine.models.registry import Registry
from engine.placement import Strategy
from engine.resources import asset_path

if TYPE_CHECKING:
    from app.core.store.values import StoredChat
    from app.desktop import Desktop
    from app.features.models import ModelsFeature

_CONTEXT = "Actions"
_MOST_CHATS = 500
_STRATEGIES = {
    Strategy.DRAFT: QT_TRANSLATE_NOOP("Actions", "Use a draft model"),
    Strategy.PROMPT_LOOKUP: QT_TRANSLATE_NOOP("Actions", "Use prompt lookup"),
    Strategy.NONE: QT_TRANSLATE_NOOP("Actions", "Use no draft"),
}
_THEMES = {
    Theme.SYSTEM: QT_TRANSLATE_NOOP("Actions", "Theme: as the system"),
    Theme.LIGHT: QT_TRANSLATE_NOOP("Actions", "Theme: light"),
    Theme.DARK: QT_TRANSLATE_NOOP("Actions", "Theme: dark"),
}


def add_window_actions(desktop: Desktop, *, data: Path) -> None:
    """Register everything the parts of a window can do; `data` is the data folder."""
    WindowActions(desktop, data)


class WindowActions(QObject):
    """Lives as long as its window."""

    def __init__(self, desktop: Desktop, data: Path) -> None:
        super().__init__(desktop)
        self._data = data
        self._desktop = desktop
        self._commands = desktop.commands
        self._devices: tuple[DeviceInfo, ...] = ()
        self._chats: tuple[StoredChat, ...] = ()
        self._add_chat()
        self._add_view()
        self._add_program()
        providers = (
            self._chat_files,
            self._pages,
            self._placements,
            self._presets,
            self._open_chats,
            self._models,
        )
        for provider in providers:
            self._commands.provide(provider)
        desktop.loads.devices_changed.connect(self._on_devices)
        desktop.history.controller.listed.connect(self._on_listed)

    def _add(
        self,
        group: ActionGroup,
        source: str,
        run: Callable[[], object],
        *,
        shortcut: str = "",
        is_enabled: Callable[[], bool] = lambda: True,
    ) -> None:
        """Add an action whose id is made of its English text."""
        action = Action(
            id=source.lower().replace(" ", "_"),
            text=partial(QCoreApplication.translate, _CONTEXT, source),
            group=group,
            run=run,
            shortcut=shortcut,
            is_enabled=is_enabled,
        )
        self._commands.add(action)

    def _chat_files(self) -> Iterator[Action]:
        from app.features.chat_file_actions import ChatFileActions  # with the palette

        return ChatFileActions(self._desktop.history).provide()

    def _add_chat(self) -> None:
        add, window = partial(self._add, ActionGroup.CHAT), self._desktop.window
        composer = window.page.composer
        add(
            QT_TRANSLATE_NOOP("Actions", "New chat"),
            window.sidebar.new_chat.click,
            shortcut="Ctrl+N",
        )
        self._desktop.history.temporary.add_action()
        add(QT_TRANSLATE_NOOP("Actions", "Write a message"), self._write, shortcut="Ctrl+L")
        add(
            QT_TRANSLATE_NOOP("Actions", "Attach files"),
            self._attach,
            shortcut="Ctrl+O",
        )
        add(
            QT_TRANSLATE_NOOP("Actions", "Settings of the answers"),
            self._open_generation,
            shortcut="Ctrl+P",
        )
        add(
            QT_TRANSLATE_NOOP("Actions", "Stop the answer"),
            window.stop_requested.emit,
            shortcut="Esc",
            is_enabled=lambda: composer.is_busy,
        )  # fmt: skip
        self._desktop.history.add_actions()
        self._follow_stage(self._desktop.chat.stage)
        self._desktop.chat.stage_changed.connect(self._follow_stage)

    def _follow_stage(self, stage: TurnStage) -> None:
        """Esc stops an answer; without one it closes what is open over the chat."""
        self._commands.listen("stop_the_answer", stage is not TurnStage.NONE)

    def _add_view(self) -> None:
        add, bar = partial(self._add, ActionGroup.VIEW), self._desktop.window.top_bar
        add(
            QT_TRANSLATE_NOOP("Actions", "Show or hide the sidebar"),
            bar.sidebar_button.click,
            shortcut="Ctrl+B",
        )
        add(
            QT_TRANSLATE_NOOP("Actions", "Mark accepted draft tokens"),
            bar.colours_button.click,
            shortcut="Ctrl+T",
        )
        add(
            QT_TRANSLATE_NOOP("Actions", "Show or hide the statistics"),
            bar.stats_button.click,
            shortcut="Ctrl+I",
        )
        add(QT_TRANSLATE_NOOP("Actions", "Larger text"), partial(self._scale, 1), shortcut="Ctrl++")
        add(
            QT_TRANSLATE_NOOP("Actions", "Smaller text"),
            partial(self._scale, -1),
            shortcut="Ctrl+-",
        )
        add(
            QT_TRANSLATE_NOOP("Actions", "Text of medium size"),
            partial(self._scale, 0),
            shortcut="Ctrl+0",
        )
        for theme, source in _THEMES.items():
            add(source, partial(self._desktop.preferences.update, theme=theme))

    def _add_program(self) -> None:
        add, desktop = partial(self._add, ActionGroup.PROGRAM), self._desktop
        commands = self._commands
        add(QT_TRANSLATE_NOOP("Actions", "All commands"), commands.show_palette, shortcut="Ctrl+K")
        add(
            QT_TRANSLATE_NOOP("Actions", "Keyboard shortcuts"),
            commands.show_shortcuts,
            shortcut="F1",
        )
        add(QT_TRANSLATE_NOOP("Actions", "About Slipstream"), desktop.window.sidebar.about.click)
        add(QT_TRANSLATE_NOOP("Actions", "Quit"), desktop.quit, shortcut="Ctrl+Q")
        models = partial(self._add, ActionGroup.MODELS)
        models(
            QT_TRANSLATE_NOOP("Actions", "Choose the models"),
            desktop.models.choose_pair,
            shortcut="Ctrl+M",
        )

    def _write(self) -> None:
        self._desktop.window.show_page(CHAT_PAGE)
        self._desktop.window.page.composer.focus()

    def _attach(self) -> None:
        self._desktop.window.show_page(CHAT_PAGE)
        self._desktop.window.page.composer.attach_button.click()

    def _open_generation(self) -> None:
        self._desktop.window.show_page(CHAT_PAGE)
        self._desktop.generation_settings.open()

    def _scale(self, steps: int) -> None:
        """Change the size of the text by steps; 0 makes it medium."""
        sizes, preferences = list(FontSize), self._desktop.preferences
        place = sizes.index(preferences.current.font_size) + steps if steps else 1
        preferences.update(font_size=sizes[max(0, min(len(sizes) - 1, place))])

    def _pages(self) -> Iterator[Action]:
        window = self._desktop.window
        chat = QCoreApplication.translate(_CONTEXT, "Chat")
        entries = [(CHAT_PAGE, chat), *((item.key, item.label) for item in window.pages.entries)]
        for key, name in entries:
            show = partial(window.show_page, key)
            yield _listed(f"page_{key}", name, ActionGroup.PAGE, show)

    def _placements(self) -> Iterator[Action]:
        loads = self._desktop.loads
        for strategy, source in _STRATEGIES.items():
            if strategy is not loads.choice.effective_strategy:
                run = partial(self._choose, strategy=strategy, draft_rests=False)
                name = QCoreApplication.translate(_CONTEXT, source)
                yield _listed(f"strategy_{strategy}", name, ActionGroup.STRATEGY, run)
        main = QCoreApplication.translate(_CONTEXT, "Main model on {device}")
        draft = QCoreApplication.translate(_CONTEXT, "Draft model on {device}")
        for device in self._devices:
            for key, text in (("main_device", main), ("draft_device", draft)):
                run = partial(self._choose, **{key: device.name})
                name = text.format(device=f"{device.name} ({device.full_name})")
                yield _listed(f"{key}_{device.name}", name, ActionGroup.DEVICE, run)

    def _choose(self, **changes: object) -> None:
        loads = self._desktop.loads
        loads.choose(replace(loads.choice, **changes))  # type: ignore[arg-type]

    def _presets(self) -> Iterator[Action]:
        generation = self._desktop.generation
        for preset in generation.presets:
            name = preset_name(preset, QCoreApplication.translate)
            run = partial(generation.choose, preset.key)
            yield _listed(f"preset_{preset.key}", name, ActionGroup.PRESET, run)

    def _open_chats(self) -> Iterator[Action]:
        controller = self._desktop.history.controller
        for chat in self._chats[:_MOST_CHATS]:
            if chat.title:
                run = partial(self._open_chat, chat.id, controller.open_chat)
                yield _listed(f"chat_{chat.id}", chat.title, ActionGroup.CHATS, run)

    def _open_chat(self, chat_id: int, open_chat: Callable[[int], None]) -> None:
        self._desktop.window.show_page(CHAT_PAGE)
        open_chat(chat_id)

    def _models(self) -> Iterator[Action]:
        models = self._desktop.models
        text = QCoreApplication.translate(_CONTEXT, "Choose a pair with {model}")
        registry = Registry(models_folder(self._data), embedded=asset_path("models"))
        for model in registry.scan():
            if model.usable and model.role is not ModelRole.DRAFT:
                run = partial(self._pick, models, model.id)
                name = text.format(model=model.name)
                yield _listed(f"model_{model.id}", name, ActionGroup.MODELS, run)

    def _pick(self, models: ModelsFeature, model_id: str) -> None:
        models.picker.open(model_id)

    def _on_devices(self, devices: tuple[DeviceInfo, ...]) -> None:
        self._devices = devices

    def _on_listed(self, chats: tuple[StoredChat, ...], _: object) -> None:
        self._chats = chats


def _listed(key: str, name: str, group: ActionGroup, run: Callable[[], object]) -> Action:
    return Action(id=key, text=lambda: name, group=group, run=run)
