"""The computer stays awake while the window has work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.features.wakefulness import Wakefulness
from engine.backends.fake_script import FakeAnswer, FakeOptions

Open = Callable[..., Any]
Scripted = Callable[..., FakeAnswer]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Noted:
    """Notes what it is asked for."""

    def __init__(self) -> None:
        self._is_held = False

    def is_held(self) -> bool:
        return self._is_held

    def hold(self, reason: str) -> bool:
        assert reason
        self._is_held = True
        return True

    def release(self) -> None:
        self._is_held = False


def watch(rig: Any) -> tuple[Wakefulness, Noted]:
    """The window's own watch, over a system that notes."""
    noted = Noted()
    watched: Wakefulness = rig.desktop.wakefulness
    watched._inhibitor = noted
    return watched, noted


def test_it_is_held_during_an_answer_only(open_window: Open, scripted: Scripted) -> None:
    rig = open_window(FakeOptions(answers=(scripted(hang_s=60.0),)))
    watched, noted = watch(rig)
    rig.wait_ready()
    watched.look()
    assert not noted.is_held()
    rig.type_and_send("hi")
    watched.look()
    assert noted.is_held()
    rig.desktop.preferences.update(stay_awake=False)
    watched.look()
    assert not noted.is_held()
    rig.desktop.preferences.update(stay_awake=True)
    watched.look()
    assert noted.is_held()
    watched.close()
    assert not noted.is_held()


def test_the_settings_say_where_it_cannot_be_done(open_window: Open) -> None:
    rig = open_window()
    rig.desktop.wakefulness._inhibitor = None
    rig.desktop.settings.open()
    dialog = rig.desktop.settings.dialog
    assert not dialog.fields["stay_awake"].control.isEnabled()
    dialog.close()
