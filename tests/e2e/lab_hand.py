"""Somebody at the Lab in the real window, over engines of known cost or real ones."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.desktop import Desktop
from app.features.lab_page import LabPageLink
from app.paths import AppPaths
from app.viewmodels.lab_setup import LabSetup
from app.views.lab.page import LabPage
from engine.backends.base import InferenceBackend
from engine.backends.fake_backend import FakeBackend
from engine.backends.fake_script import FakeOptions, FakeTiming
from engine.errors import DeviceError, EngineError, ErrorCode
from engine.placement import LoadSpec
from tests.e2e.window_hand import WindowHand, windows
from tests.synthetic.pair import PairCosts, SyntheticBackend

MEASURED = ("none/CPU", "draft/CPU+CPU/demo-draft", "draft/CPU+GPU/demo-draft")
Scenario = Callable[["Hand"], Awaitable[None]]
Play = Callable[..., None]
TINY = LabSetup(set_ids=("story",), lengths=(2, 4), repeats=1, max_new_tokens=24, settle_s=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand(WindowHand):
    """Somebody at the Lab."""

    data: Path
    config: Path

    @property
    def link(self) -> LabPageLink:
        return self.desktop.lab.page

    @property
    def page(self) -> LabPage:
        return self.link.widget

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
    with windows(qapp, tmp_path / "data") as run_window:

        def run(
            scenario: Scenario,
            *,
            make_backend: Callable[[], InferenceBackend] | None = None,
            real: bool = False,
        ) -> None:
            def before(desktop: Desktop) -> None:
                if make_backend is not None:
                    desktop.lab.make_backend = make_backend

            async def use(desktop: Desktop, paths: AppPaths) -> None:
                await scenario(Hand(desktop=desktop, data=paths.data, config=paths.config))

            run_window(use, demo=not real, before=before)

        yield run
