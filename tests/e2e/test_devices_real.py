"""The devices in the real window over the real engine, an NPU and a GPU emulated: what plugins
report, what is set, what fails and how one gets back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from engine.backends.openvino_emulation import VARIABLE
from engine.compile_cache import cache_bytes
from engine.device_settings import DeviceSettings
from engine.errors import ErrorCode
from tests.e2e.lab_hand import Hand, Play, playing

pytestmark = [pytest.mark.openvino, pytest.mark.qt_log_ignore("propagateSizeHints")]


@pytest.fixture
def play(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    monkeypatch.setenv(VARIABLE, "NPU,GPU")
    with playing(qapp, tmp_path) as run:
        yield run


def pick(made: Any, data: str) -> None:
    made.control.choose(data)
    made.control.activated.emit(made.control.currentIndex())


async def choose(hand: Hand, *, main: str, draft: str) -> None:
    loads = hand.desktop.loads
    loads.choose(replace(loads.choice, main_device=main, draft_device=draft))
    await hand.wait(lambda: loads.is_ready)


async def edit_cpu(hand: Hand) -> Any:
    """Open the properties of the CPU from the devices page; the dialog."""
    desktop = hand.desktop
    await hand.wait(lambda: desktop.loads.is_ready and len(desktop.devices.devices) == 3)
    desktop.window.show_page("devices")
    page = desktop.devices.page.widget
    await hand.wait(lambda: page.cards)
    page.cards["CPU"].properties.click()
    dialog = desktop.devices.page.editor.dialog
    assert dialog is not None
    return dialog


def test_a_value_the_plugin_takes_and_the_model_does_not_is_told_and_reset(play: Play) -> None:
    async def scenario(hand: Hand) -> None:
        desktop = hand.desktop
        dialog = await edit_cpu(hand)
        precision = dialog.rows["KV_CACHE_PRECISION"]
        assert "u3" in precision.field.known.options
        pick(precision, "u3")
        dialog.apply.click()
        settings = desktop.loads.settings
        await hand.wait(lambda: settings.book.settings("CPU").is_suspended)
        await hand.wait(lambda: desktop.loads.is_ready)
        banner = desktop.window.page.banner
        await hand.wait(lambda: banner.is_shown)
        assert banner.title.text() == "Settings of CPU are not used"
        sentence = banner.sentence.text()
        assert "KV" in sentence or "could not" in sentence
        banner.button.click()
        assert settings.book.settings("CPU") == DeviceSettings()
        assert desktop.devices.pipeline is not None
        assert desktop.devices.pipeline.spec.changes == ()

    play(scenario, real=True)


def test_the_npu_keeps_to_its_budget_and_keeps_what_it_compiled(play: Play) -> None:
    async def scenario(hand: Hand) -> None:
        desktop = hand.desktop
        await hand.wait(lambda: desktop.loads.is_ready and len(desktop.devices.devices) == 3)
        settings = desktop.loads.settings
        budget = DeviceSettings(properties=(("MAX_PROMPT_LEN", 64), ("MIN_RESPONSE_LEN", 64)))
        settings.set("NPU", budget)
        await choose(hand, main="NPU", draft="NPU")
        pipeline = desktop.devices.pipeline
        assert pipeline is not None
        assert pipeline.context_length == 128
        folder = settings.book.cache_folder("NPU")
        assert folder is not None
        assert cache_bytes(folder) > 0, "compiled models are kept"
        composer = desktop.window.page.composer
        composer.edit.setPlainText("word " * 300)
        desktop.composing.measure()
        assert "Too long" in composer.context.accessibleName()
        failures: list[Any] = []
        desktop.chat.failed.connect(failures.append)
        composer.edit.setPlainText("word " * 300)
        composer.submitted.emit("word " * 300)
        await hand.wait(lambda: failures)
        assert failures[0].code is ErrorCode.PROMPT_TOO_LONG
        desktop.chat.new_chat()
        answers: list[Any] = []
        desktop.chat.answered.connect(answers.append)
        composer.submitted.emit("Hello")
        await hand.wait(lambda: answers)
        assert answers[0].token_count <= 128
        changed = {name: value for _, name, value in answers[0].changed_settings}
        assert changed == {"MAX_PROMPT_LEN": 64, "MIN_RESPONSE_LEN": 64}
        desktop.window.show_page("devices")
        page = desktop.devices.page.widget
        await hand.wait(lambda: page.cards and page.cards["NPU"].clear.isEnabled())
        page.cards["NPU"].clear.click()
        await hand.wait(lambda: cache_bytes(folder) == 0)
        await hand.wait(lambda: not page.cards["NPU"].clear.isEnabled())

    play(scenario, real=True)


def test_memory_and_batching_reach_the_engine(play: Play) -> None:
    async def scenario(hand: Hand) -> None:
        desktop = hand.desktop
        dialog = await edit_cpu(hand)
        cache: Any = dialog.rows["cache_size_gb"].control
        cache.setValue(1)
        pick(dialog.rows["enable_prefix_caching"], "off")
        dialog.apply.click()
        await hand.wait(lambda: desktop.loads.is_ready)
        pipeline = desktop.devices.pipeline
        assert pipeline is not None
        assert pipeline.spec.scheduler.cache_size_gb == 1
        assert not pipeline.spec.scheduler.enable_prefix_caching
        answers: list[Any] = []
        desktop.chat.answered.connect(answers.append)
        desktop.window.page.composer.submitted.emit("Tell me a story.")
        await hand.wait(lambda: answers)
        assert answers[0].token_count > 1
        await hand.wait(lambda: "2 changed" in _texts(desktop.devices.page.widget.cards["CPU"]))

    play(scenario, real=True)


def _texts(card: Any) -> set[str]:
    return {label.text() for label in card.findChildren(QLabel)}
