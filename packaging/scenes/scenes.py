"""The scenes of the pictures: what is done once, and how each page and dialog is reached."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from app.controllers.turn import TurnStage
from app.desktop import Desktop
from app.viewmodels.lab_setup import LabSetup
from app.views.models.page import Tab

QUESTIONS = ("Who are you?", "Tell me a story about a dog.")
Scene = Callable[[Desktop], Awaitable[None]]


async def prepare(desktop: Desktop, *, with_lab: bool) -> None:
    """Have a chat, and compare placements when their pictures are wanted."""
    await _until(lambda: desktop.loads.is_ready and desktop.lab.devices)
    for question in QUESTIONS:
        before = len(desktop.transcript)
        desktop.chat.send(question)
        await _until(partial(_is_answered, desktop, before))
    if with_lab:
        link = desktop.lab.page
        link.change_setup(_small(link.setup))
        desktop.window.show_page("lab")
        link.widget.setup.compare.click()
        await _until(lambda: link.results.results is not None and not link.controller.is_busy)
        await _until(lambda: desktop.loads.is_ready)


def _small(setup: LabSetup) -> LabSetup:
    """A comparison of a minute, with enough prompts for a clear verdict."""
    return replace(setup, prompts_per_set=12, lengths=(3, 5), settle_s=0.0)


def _is_answered(desktop: Desktop, before: int) -> bool:
    return len(desktop.transcript) == before + 2 and desktop.chat.stage is TurnStage.NONE


async def _until(condition: Callable[[], object]) -> None:
    while True:
        if condition():
            return
        await asyncio.sleep(0.02)


async def _chat(desktop: Desktop) -> None:
    desktop.window.show_page("chat")


async def _new_chat(desktop: Desktop) -> None:
    desktop.window.sidebar.new_chat.click()


async def _lab_setup(desktop: Desktop) -> None:
    desktop.window.show_page("lab")
    desktop.lab.page.widget.show_results(False)
    desktop.lab.page.widget.show_setup(True)


async def _lab_results(desktop: Desktop) -> None:
    desktop.window.show_page("lab")
    desktop.lab.page.widget.show_setup(False)
    desktop.lab.page.widget.show_results(True)


def _models(tab: Tab) -> Scene:
    async def scene(desktop: Desktop) -> None:
        desktop.window.show_page("models")
        page = desktop.models.page.widget
        page.show_tab(tab)
        await _until(lambda: page.installed.cards)
        await asyncio.sleep(0.5)

    return scene


async def _devices(desktop: Desktop) -> None:
    desktop.window.show_page("devices")
    await asyncio.sleep(0.5)


async def _settings(desktop: Desktop) -> None:
    await _chat(desktop)
    desktop.settings.open()


async def _commands(desktop: Desktop) -> None:
    await _chat(desktop)
    desktop.commands.show_palette()


async def _keys(desktop: Desktop) -> None:
    await _chat(desktop)
    desktop.commands.show_shortcuts()


async def _about(desktop: Desktop) -> None:
    await _chat(desktop)
    desktop.show_about()


async def _generation(desktop: Desktop) -> None:
    await _chat(desktop)
    desktop.generation_settings.open()


async def _pair(desktop: Desktop) -> None:
    await _chat(desktop)
    desktop.models.choose_pair()
    await asyncio.sleep(0.8)


SCENES: dict[str, Scene] = {
    "chat": _chat,
    "generation": _generation,
    "commands": _commands,
    "keys": _keys,
    "settings": _settings,
    "about": _about,
    "pair": _pair,
    "models-installed": _models(Tab.INSTALLED),
    "models-discover": _models(Tab.DISCOVER),
    "models-downloads": _models(Tab.DOWNLOADS),
    "lab-results": _lab_results,
    "lab-setup": _lab_setup,
    "devices": _devices,
}
LAST_SCENES: dict[str, Scene] = {"new-chat": _new_chat}
"""Taken when all others are: they end the chat with its live figures."""
