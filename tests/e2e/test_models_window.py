"""The way of a pair through the real window: search, one click, load, answer, delete.

The real client asks an emulated hub, the real engine process loads what was fetched.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton

from app.desktop import Desktop
from app.features.model_page import ModelPageLink
from app.paths import AppPaths
from app.views.models.page import ModelsPage, Tab
from engine.hub.events import TransferState
from engine.placement import Strategy
from tests.e2e.model_hub import DRAFT, GATED, MAIN, PACK, STRANGER, hub_environment, serving
from tests.e2e.window_hand import WindowHand, windows
from tests.hub.emulator.faults import FaultKind
from tests.hub.emulator.server import Emulator

# The offscreen platform says so for every dialog.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Scenario = Callable[["Hand"], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand(WindowHand):
    """Somebody at the models."""

    hub: Emulator

    @property
    def link(self) -> ModelPageLink:
        return self.desktop.models.page

    @property
    def page(self) -> ModelsPage:
        return self.link.widget

    def type(self, field: QLineEdit, text: str) -> None:
        field.clear()
        QTest.keyClicks(field, text)

    async def open_models(self, tab: Tab) -> None:
        self.desktop.window.show_page("models")
        self.click(self.page.tabs[tab])

    async def answer_question(self, action: str) -> None:
        """Press a button of the question that is open."""

        def buttons() -> list[QPushButton]:
            dialogs = [d for d in self.page.findChildren(QDialog) if d.isVisible()]
            return [b for d in dialogs for b in d.findChildren(QPushButton) if b.text() == action]

        self.click((await self.wait(buttons))[0])

    def notice(self) -> str:
        return "" if self.page.notice.isHidden() else self.page.notice_text.text()

    def states(self) -> dict[str, TransferState]:
        return {row.model_id: row.state for row in self.desktop.models.services.downloads.rows}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    with serving() as emulator:
        for name, value in hub_environment(emulator).items():
            monkeypatch.setenv(name, value)
        yield emulator


@pytest.fixture
def play(hub: Emulator, qapp: QApplication, tmp_path: Path) -> Iterator[Callable[[Scenario], None]]:
    """Opens the real window over a real engine process and lets a scenario use it."""
    with windows(qapp, tmp_path / "data") as run_window:

        def run(scenario: Scenario) -> None:
            async def use(desktop: Desktop, _: AppPaths) -> None:
                await scenario(Hand(desktop=desktop, hub=hub))

            run_window(use)

        yield run


@pytest.mark.openvino
def test_the_first_chat_leads_to_the_models_for_this_machine(
    play: Callable[[Scenario], None],
) -> None:
    async def scenario(hand: Hand) -> None:
        window = hand.desktop.window
        hand.click(window.page.empty_state.models)
        cards = await hand.wait(lambda: list(hand.page.discover.pack_cards.values()))
        assert hand.page.tabs[Tab.DISCOVER].isChecked()
        assert cards[0].action.property("role") == "primary"
        assert cards[0].action.isVisible()

    play(scenario)


@pytest.mark.openvino
def test_a_main_is_fetched_together_with_its_draft(play: Callable[[Scenario], None]) -> None:
    async def scenario(hand: Hand) -> None:
        await hand.open_models(Tab.DISCOVER)
        hand.type(hand.page.discover.words, MAIN)
        hand.click(hand.page.discover.search)
        details = await hand.wait(lambda: hand.link.details.dialog)
        await hand.wait(details.get_both.isVisible)
        hand.click(details.get_both)
        await hand.wait(lambda: "can be used now" in hand.notice())
        assert set(hand.states()) == {MAIN, DRAFT}

    play(scenario)


@pytest.mark.openvino
def test_a_pair_is_found_fetched_used_and_deleted(play: Callable[[Scenario], None]) -> None:
    async def scenario(hand: Hand) -> None:
        await hand.wait(lambda: hand.desktop.loads.is_ready)
        await search_and_look(hand)
        await fetch_and_load(hand)
        await ask(hand)
        await delete_is_refused_while_loaded(hand)
        await choose_the_shipped_pair(hand)
        await delete_both(hand)

    play(scenario)


async def search_and_look(hand: Hand) -> None:
    await hand.open_models(Tab.DISCOVER)
    discover = hand.page.discover
    hand.type(discover.words, "phi")
    hand.click(discover.search)
    await hand.wait(lambda: set(discover.result_rows) == {MAIN, DRAFT})
    hand.click(discover.result_rows[MAIN].open)
    details = await hand.wait(lambda: hand.link.details.dialog)
    await hand.wait(details.get.isEnabled)
    assert "apache-2.0" in details.facts.text()
    assert "not an assistant" in details.card.toPlainText()
    assert details.files.rowCount() > 10
    assert "Memory: needs" in details.needs.text()
    hand.click(details.close_button)


async def fetch_and_load(hand: Hand) -> None:
    loads = hand.desktop.loads
    hand.click(hand.page.discover.pack_cards[PACK].action)
    await hand.wait(lambda: "can be used now" in hand.notice())
    assert set(hand.states().values()) == {TransferState.FINISHED}
    hand.click(hand.page.notice_button)
    await hand.wait(lambda: loads.is_ready and loads.choice.pair.main_name in MAIN)
    assert loads.choice.effective_strategy is Strategy.DRAFT
    assert hand.desktop.window.pages.current == "chat"


async def ask(hand: Hand) -> None:
    transcript = hand.desktop.transcript
    assert hand.desktop.chat.send("Tell me a story about a dog.")
    await hand.wait(lambda: len(transcript) == 2)
    report = await hand.wait(lambda: transcript.message(1).report)
    assert report.token_count > 10
    assert report.acceptance_rate is not None
    assert report.acceptance_rate > 0


async def delete_is_refused_while_loaded(hand: Hand) -> None:
    await hand.open_models(Tab.INSTALLED)
    cards = hand.page.installed.cards
    await hand.wait(lambda: MAIN in cards)
    cards[MAIN].remove_requested.emit()
    assert "is loaded" in hand.notice()


async def choose_the_shipped_pair(hand: Hand) -> None:
    loads = hand.desktop.loads
    hand.desktop.window.show_page("chat")
    hand.click(hand.desktop.window.top_bar.pair)
    dialog = await hand.wait(lambda: hand.desktop.models.picker.dialog)
    await hand.wait(lambda: dialog.mains.count() == 2)
    dialog.mains.setCurrentRow(1)
    await hand.wait(lambda: dialog.rows and dialog.main_id == "slipstream/demo-main")
    best = dialog.rows[0]
    assert best.option.model_id == "slipstream/demo-draft"
    hand.click(best.action)
    await hand.wait(lambda: loads.is_ready and loads.choice.pair.is_demonstration)


async def delete_both(hand: Hand) -> None:
    await hand.open_models(Tab.INSTALLED)
    cards = hand.page.installed.cards
    for name in (MAIN, DRAFT):
        cards[name].remove_requested.emit()
        await hand.answer_question("Delete")
        await hand.wait(lambda name=name: f"{name} was deleted" in hand.notice())  # type: ignore[misc]
        assert "are free again" in hand.notice()
        await hand.wait(lambda name=name: name not in cards)  # type: ignore[misc]
    models = hand.desktop.models.services.library.registry.root
    assert not list(models.rglob("*.bin"))


def test_a_download_is_paused_resumed_and_offered_after_a_restart(
    play: Callable[[Scenario], None],
) -> None:
    async def begin(hand: Hand) -> None:
        hand.hub.fault(FaultKind.SLOW, path="openvino_model.bin", where="cdn", bytes_per_s=2e6)
        await hand.open_models(Tab.DISCOVER)
        await hand.wait(lambda: PACK in hand.page.discover.pack_cards)
        hand.click(hand.page.discover.pack_cards[PACK].action)
        downloads = hand.desktop.models.services.downloads
        await hand.wait(lambda: any(row.bytes_done > 1_500_000 for row in downloads.rows))
        cards = hand.page.downloads.cards
        first = next(card for card in cards.values() if MAIN in card.title.text())
        hand.click(first.pause)
        await hand.wait(lambda: hand.states().get(MAIN) is TransferState.PAUSED)

    async def go_on(hand: Hand) -> None:
        banner = hand.desktop.window.page.banner
        await hand.wait(lambda: banner.is_shown)
        assert "unfinished" in banner.title.text()
        hand.click(banner.button)
        card = (await hand.wait(lambda: list(hand.page.downloads.cards.values())))[0]
        assert card.bar.value() > 0
        hand.hub.repair_faults()
        before = hand.hub.sent("openvino_model.bin")
        hand.click(card.go)
        await hand.wait(lambda: hand.states().get(MAIN) is TransferState.FINISHED)
        size = hand.hub.repositories[MAIN].files["openvino_model.bin"].size
        assert hand.hub.sent("openvino_model.bin") - before < size

    play(begin)
    play(go_on)


def test_a_stranger_is_asked_about_once_and_a_gate_has_its_way_in(
    play: Callable[[Scenario], None],
) -> None:
    async def scenario(hand: Hand) -> None:
        await hand.open_models(Tab.DISCOVER)
        discover = hand.page.discover
        hand.type(discover.words, f"https://huggingface.co/{STRANGER}")
        hand.click(discover.search)
        details = await hand.wait(lambda: hand.link.details.dialog)
        await hand.wait(details.get.isEnabled)
        hand.click(details.get)
        await hand.answer_question("Download it")
        await hand.wait(lambda: hand.states().get(STRANGER) is TransferState.FINISHED)
        assert STRANGER in hand.desktop.models.services.hubs.settings.agreed

        hand.click(hand.page.tabs[Tab.DISCOVER])
        hand.type(discover.words, GATED)
        hand.click(discover.search)
        details = await hand.wait(lambda: hand.link.details.dialog)
        await hand.wait(lambda: not details.token.isHidden())
        assert details.page_link.isVisible()
        hand.type(details.token, "hf_good")
        hand.click(details.keep)
        await hand.wait(details.token.isHidden)
        hand.click(details.get)
        await hand.wait(lambda: hand.states().get(GATED) is TransferState.FINISHED)

    play(scenario)
