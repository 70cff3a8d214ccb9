"""Devices and placements that crashed, in the real window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.views.devices.page import DeviceCard
from engine.events import PipelineLoaded
from engine.placement import Placement
from engine.placement_history import PlacementHistory, placement_keys
from engine.state import SessionState
from tests.e2e.lab_hand import Hand, Play, playing

# The offscreen platform says so for every dialog.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def play(qapp: QApplication, tmp_path: Path) -> Iterator[Play]:
    with playing(qapp, tmp_path) as run:
        yield run


def test_devices_are_listed_and_a_crashed_placement_gets_another_chance(play: Play) -> None:
    async def scenario(hand: Hand) -> None:
        desktop = hand.desktop
        await hand.wait(lambda: desktop.loads.is_ready and desktop.devices.devices)
        ladder = desktop.devices.ladder = PlacementHistory(hand.data / "placement.json")
        spec = desktop.loads.choice.to_spec(sampling=False)
        crashed = replace(spec, placement=Placement("NPU", "CPU"))
        (key,) = placement_keys(crashed, desktop.devices.devices)
        ladder.strike([key])
        ladder.strike([key])
        desktop.window.show_page("devices")
        page = desktop.devices.page.widget
        await hand.wait(lambda: page.again)
        names = [card.accessibleName() for card in page.findChildren(DeviceCard)]
        assert names == ["Demonstration processor", "Demonstration graphics", "Demonstration NPU"]
        (again,) = page.again.values()
        assert "demo" in again.accessibleName()
        hand.click(again)
        await hand.wait(lambda: not page.again)
        assert ladder.status(key) is None
        hand.click(page.look)
        assert not page.look.isEnabled()
        await hand.wait(page.look.isEnabled)

    play(scenario)


def test_the_cpu_that_took_over_is_told_and_can_be_undone(play: Play) -> None:
    async def scenario(hand: Hand) -> None:
        desktop = hand.desktop
        await hand.wait(lambda: desktop.loads.is_ready and desktop.devices.pipeline)
        ladder = desktop.devices.ladder = PlacementHistory(hand.data / "placement.json")
        wanted = Placement("NPU", "CPU")
        spec = desktop.loads.choice.to_spec(sampling=False)
        keys = placement_keys(replace(spec, placement=wanted), desktop.devices.devices)
        ladder.strike(keys)
        ladder.strike(keys)
        pipeline = desktop.devices.pipeline
        assert pipeline is not None
        desktop.loads.on_event(PipelineLoaded(pipeline=replace(pipeline, fallback_from=wanted)))
        banner = desktop.window.page.banner
        assert banner.title.text() == "The CPU took over"
        assert "Main NPU, draft CPU" in banner.sentence.text()
        hand.click(banner.button)
        await hand.wait(lambda: desktop.loads.state is SessionState.LOADING)
        await hand.wait(lambda: desktop.loads.is_ready)
        assert not ladder.entries()
        assert desktop.devices.pipeline is not None
        assert desktop.devices.pipeline.fallback_from is None

    play(scenario)


def test_a_pipeline_the_cpu_took_over_is_ready_for_a_message(play: Play) -> None:
    async def scenario(hand: Hand) -> None:
        loads = hand.desktop.loads
        await hand.wait(lambda: loads.is_ready and hand.desktop.devices.pipeline)
        pipeline = hand.desktop.devices.pipeline
        assert pipeline is not None
        loads.choose(replace(loads.choice, main_device="NPU"))
        assert not loads.is_ready
        asked = loads.choice.to_spec(sampling=False)
        stranger = replace(pipeline, fallback_from=Placement("GPU", "CPU"))
        loads.on_event(PipelineLoaded(pipeline=stranger))
        assert loads.is_loading, "another placement was asked for"
        loads.on_event(PipelineLoaded(pipeline=replace(pipeline, fallback_from=asked.placement)))
        await hand.wait(lambda: loads.is_ready)

    play(scenario)
