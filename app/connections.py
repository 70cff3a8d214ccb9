"""Connects widgets with controllers: signals in, signals out, no decisions."""

from __future__ import annotations

from dataclasses import replace

from app.controllers.chat_controller import ChatController
from app.controllers.load_controller import LoadController
from app.controllers.preferences_controller import PreferencesController
from app.core.load_choice import LoadChoice
from app.core.preferences import Preferences
from app.views.main_window import MainWindow


def connect_loads(
    window: MainWindow, loads: LoadController, preferences: PreferencesController
) -> None:
    """Placement and strategy: the top bar chooses, the chip follows, the choice is remembered."""
    bar = window.top_bar

    def choose(**changes: object) -> None:
        loads.choose(replace(loads.choice, **changes))  # type: ignore[arg-type]

    def show(choice: LoadChoice) -> None:
        bar.show_choice(choice)
        window.page.empty_state.show_pair(choice.pair)
        preferences.update(
            strategy=choice.strategy,
            main_device=choice.main_device,
            draft_device=choice.draft_device,
            num_assistant_tokens=choice.num_assistant_tokens,
            context_limit=choice.context_limit,
        )

    bar.main_device_chosen.connect(lambda name: choose(main_device=name))
    bar.draft_device_chosen.connect(lambda name: choose(draft_device=name))
    bar.strategy_chosen.connect(lambda strategy: choose(strategy=strategy, draft_rests=False))
    bar.num_assistant_tokens_chosen.connect(lambda count: choose(num_assistant_tokens=count))
    bar.chip.cancel_requested.connect(loads.cancel)
    bar.chip.load_requested.connect(loads.try_again)
    loads.choice_changed.connect(show)
    loads.devices_changed.connect(bar.show_devices)
    loads.state_changed.connect(bar.chip.set_state)
    loads.phase_changed.connect(bar.chip.set_phase)
    loads.loaded.connect(bar.chip.set_pipeline)
    bar.show_choice(loads.choice)
    window.page.empty_state.show_pair(loads.choice.pair)


def connect_chat(window: MainWindow, chat: ChatController) -> None:
    """Messages and answers; what is written is sent by `app.features.composing`."""
    page, composer = window.page, window.page.composer
    composer.stop_requested.connect(chat.stop)
    window.stop_requested.connect(chat.stop)
    window.sidebar.new_chat_requested.connect(chat.new_chat)
    window.sidebar.new_chat_requested.connect(composer.focus)
    page.empty_state.prompt_chosen.connect(chat.send)
    page.empty_state.prompt_chosen.connect(lambda _: composer.focus())
    chat.sent.connect(lambda: page.show_chat(True))
    chat.emptied.connect(lambda: page.show_chat(False))
    chat.stage_changed.connect(composer.set_stage)
    chat.figures_changed.connect(window.stats.show_figures)


def connect_preferences(
    window: MainWindow,
    preferences: PreferencesController,
) -> None:
    """Switches of the window."""
    bar = window.top_bar

    def show(current: Preferences) -> None:
        bar.show_switches(token_colours=current.token_colours, theme=current.theme)

    bar.token_colours_toggled.connect(lambda on: preferences.update(token_colours=on))
    bar.theme_chosen.connect(lambda theme: preferences.update(theme=theme))
    window.stats_preferred.connect(lambda on: preferences.update(stats_panel=on))
    preferences.changed.connect(show)
    show(preferences.current)
    window.show_stats(preferences.current.stats_panel)
