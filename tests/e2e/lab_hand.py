"""Somebody at the Lab in the real window, over engines of known cost or real ones."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import qasync
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.arguments import Arguments
from app.async_generators import closing_generators
from app.bootstrap import lay_foundation
from app.crash import CrashGuard
from app.desktop import Desktop, dress
from app.features.lab_page import LabPageLink
from app.paths import resolve_paths
from app.viewmodels.lab_setup import LabSetup
from app.views.lab.page import LabPage
from engine.backends.base import InferenceBackend
from engine.backends.fake_backend import FakeBackend
from engine.backends.fake_script import FakeOptions, FakeTiming
from engine.errors import DeviceError, EngineError, ErrorCode
from engine.placement import LoadSpec
from tests.synthetic.pair import PairCosts, SyntheticBackend

LIMIT_S = 120.0
MEASURED = ("none/CPU", "draft/CPU+CPU/demo-draft", "draft/CPU+GPU/demo-draft")
Scenario = Callable[["Hand"], Awaitable[None]]
Play = Callable[..., None]
TINY = LabSetup(set_ids=("story",), lengths=(2, 4), repeats=1, max_new_tokens=24, settle_s=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Somebody in front of the window."""

    desktop: Desktop
    data: Path

    @property
    def link(self) -> LabPageLink:
        return self.desktop.lab.page

    @property
    def page(self) -> LabPage:
        return self.link.widget

    def click(self, widget: QWidget) -> None:
        assert widget.isEnabled(), widget.accessibleName()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    async def wait(self, condition: Callable[[], object]) -> None:
        while True:
            if condition():
                return
            await asyncio.sleep(0.01)

    async def open_lab(self, setup: LabSetup = TINY) -> None:
        await self.wait(lambda: self.desktop.loads.is_ready and self.desktop.lab.devices)
        self.desktop.window.show_page("lab")
        self.link.change_setup(setup)

    async def compare(self) -> None:
        self.click(self.page.setup.compare)
        await self.wait(lambda: self.link.results.results is not None)
        await self.wait(lambda: not self.link.controller.is_busy)

    def has_said(self, sentence: str) -> bool:
        return self.notice() == sentence

    def notice(self) -> str:
        return "" if self.page.notice.isHidden() else self.page.notice_text.text()


def fail_on_npu(spec: LoadSpec, _is_loading: bool) -> EngineError | None:
    if spec.placement.main_device != "NPU":
        return None
    return DeviceError("gone", code=ErrorCode.DEVICE_NOT_AVAILABLE, device="NPU")


def synthetic(acceptance: float = 0.8) -> Callable[[], InferenceBackend]:
    """Engines of known costs; the NPU is broken."""
    seeds = iter(range(10_000))
    costs = PairCosts(acceptance=acceptance)
    return lambda: SyntheticBackend(lambda _: costs, seed=next(seeds), fail=fail_on_npu)


def slow() -> InferenceBackend:
    return FakeBackend(FakeOptions(timing=FakeTiming(run_s=0.02)))


@contextmanager
def playing(qapp: QApplication, tmp_path: Path) -> Iterator[Play]:
    """Opens the real window, scripted unless `real`, and lets a scenario use it."""
    dress(qapp)
    loop = qasync.QEventLoop(qapp, already_running=False)

    def run(
        scenario: Scenario,
        *,
        make_backend: Callable[[], InferenceBackend] | None = None,
        real: bool = False,
    ) -> None:
        paths = resolve_paths(tmp_path / "data", {})
        paths.create()
        arguments = Arguments(size=(1280, 800), show_error_windows=False, demo=not real)
        foundation = lay_foundation(arguments, paths, CrashGuard(paths.logs))
        desktop = Desktop(foundation, qapp)
        if make_backend is not None:
            desktop.lab.make_backend = make_backend
        desktop.open()

        async def whole() -> None:
            try:
                async with asyncio.timeout(LIMIT_S):
                    await scenario(Hand(desktop=desktop, data=paths.data))
            finally:
                await desktop.end_tasks()

        try:
            with closing_generators(loop):
                loop.run_until_complete(whole())
        finally:
            desktop.close()
            foundation.bridge.close()
            assert foundation.session.close(timeout_s=8.0)
            desktop.window.deleteLater()

    yield run
    loop.close()
    asyncio.set_event_loop(None)
    # Here, not in whatever thread the collector happens to run: windows have timers.
    gc.collect()
