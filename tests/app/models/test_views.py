"""The views show what they are given, and every control has a name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.palette import DARK, LIGHT
from app.viewmodels.download_rows import DownloadRow, row_after
from app.viewmodels.model_cards import InstalledCard, LibraryView
from app.views.models.discover_tab import DiscoverTab
from app.views.models.downloads_tab import DownloadsTab
from app.views.models.installed_tab import InstalledTab
from app.views.models.option_row import OptionRow
from app.views.models.pack_card import PackCard
from app.views.models.page import ModelsPage, Tab
from app.views.models.parts import ScrollColumn
from engine.errors import ErrorCode, ErrorInfo
from engine.events import DeviceInfo, DeviceKind
from engine.hub.events import (
    TransferFailed,
    TransferPhase,
    TransferProgressed,
    TransferState,
    TransferStateChanged,
    WaitReason,
)
from engine.models.catalog import load_catalog
from engine.models.inspection import inspect_model
from engine.models.machine import MachineFacts
from engine.models.pairing import OptionOrigin, pair_report
from engine.models.recommendation import recommend
from engine.models.registry import Registry
from engine.models.settings import ModelDefaults
from engine.placement import Strategy
from engine.resources import asset_path

GIB = 1 << 30
DEFAULTS = {
    "slipstream/demo-main": ModelDefaults(
        model_id="slipstream/demo-main", strategy=Strategy.PROMPT_LOOKUP, context_limit=1
    )
}


@pytest.fixture
def library() -> LibraryView:
    """The shipped pair, inspected."""
    registry = Registry(Path("nowhere"), embedded=asset_path("models"))
    cards = tuple(InstalledCard(model=m, found=inspect_model(m)) for m in registry.scan())
    return LibraryView(cards=cards, total_bytes=0, free_bytes=GIB, folder="nowhere")


@pytest.fixture
def page(qtbot: QtBot, library: LibraryView) -> ModelsPage:
    """The whole page with models, packs and one download."""
    from app.features.model_packs import pack_views

    catalog = load_catalog()
    page = ModelsPage(
        InstalledTab(is_in_use=lambda model: "main" in model.id, defaults_of=DEFAULTS.get),
        DiscoverTab(known=catalog.model, is_installed=library.has),
        DownloadsTab(),
    )
    qtbot.addWidget(page)
    page.apply_palette(LIGHT)
    page.installed.show_view(library)
    machine = MachineFacts(
        ram_available_bytes=12 * GIB,
        disk_free_bytes=100 * GIB,
        devices=(DeviceInfo(name="CPU", full_name="CPU", kind=DeviceKind.CPU),),
    )  # fmt: skip
    packs = pack_views(
        recommend(catalog, machine), library, is_wanted=lambda _: False, devices=machine.devices
    )
    page.discover.show_packs(packs)
    page.downloads.show_rows([_row()])
    return page


def _row(**changes: object) -> DownloadRow:
    row = DownloadRow(
        operation_id="one", model_id="a/b", name="b", state=TransferState.ACTIVE,
        bytes_done=500, bytes_total=1000,
    )  # fmt: skip
    return replace(row, **changes)  # type: ignore[arg-type]


def test_no_figure_stands_there_before_anybody_looked(
    page: ModelsPage, library: LibraryView
) -> None:
    tab = page.installed
    tab.show_view(LibraryView(folder="nowhere"))
    assert tab.disk.text() == "Looking for models\u2026"
    tab.show_view(library)
    assert tab.disk.text().endswith("free on this disk")


def test_every_control_has_a_name(page: ModelsPage) -> None:
    kinds = (QAbstractButton, QComboBox, QLineEdit, QSpinBox)
    controls = [w for kind in kinds for w in page.findChildren(kind) if not _is_inner(w)]
    assert len(controls) > 20
    nameless = [w for w in controls if not (w.accessibleName() or _text(w))]
    assert nameless == []


def _is_inner(widget: QWidget) -> bool:
    """Parts of Qt's own controls."""
    return widget.objectName().startswith("qt_") or isinstance(
        widget.parentWidget(), QComboBox | QSpinBox | QLineEdit
    )


def _text(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QAbstractButton) else ""


def test_drafts_are_kept_out_of_the_main_models(page: ModelsPage) -> None:
    cards = page.installed.cards
    assert not cards["slipstream/demo-main"].use.isHidden()
    assert cards["slipstream/demo-draft"].use.parent() is None
    names = [action.text() for action in cards["slipstream/demo-main"].menu.actions()]
    assert "Chat template" in names
    assert not any("Delete" in name for name in names), "a shipped model cannot be deleted"


@pytest.mark.parametrize(
    ("fact", "words"), [(("reason", "crashed"), "ended the engine"), (("limit_s", 30.0), "30 s")]
)
def test_a_marked_model_says_why_and_can_be_tried_again(
    page: ModelsPage, library: LibraryView, fact: tuple[str, str | float], words: str
) -> None:
    main = next(card for card in library.cards if card.is_main)
    assert page.installed.cards[main.model.id].retry.isHidden()
    error = ErrorInfo(code=ErrorCode.TEMPLATE_UNUSABLE, message="No.", facts=(fact,))
    page.installed.show_view(replace(library, cards=(replace(main, marked=error),)))
    card = page.installed.cards[main.model.id]
    assert any(words in text.text() for text in card.findChildren(QLabel))
    wanted: list[object] = []
    page.installed.retry_requested.connect(wanted.append)
    assert not card.retry.isHidden()
    card.retry.click()
    assert wanted == [main.model]


def test_the_recommended_pack_comes_first_with_its_size(page: ModelsPage) -> None:
    cards = list(page.discover.pack_cards.values())
    assert "GB" in cards[0].action.text()
    assert cards[0].action.property("role") == "primary"
    assert [c for c in cards if c.action.property("role") == "primary"] == cards[:1]


def test_an_emulated_device_is_called_so_on_every_pack(library: LibraryView) -> None:
    from app.features.model_packs import pack_views

    gpu = DeviceInfo(
        name="GPU", full_name="A card", kind=DeviceKind.INTEGRATED_GPU, emulated=True,
        memory_bytes=32 * GIB,
    )  # fmt: skip
    machine = MachineFacts(
        ram_available_bytes=60 * GIB,
        disk_free_bytes=400 * GIB, devices=(gpu,),
    )  # fmt: skip
    views = pack_views(
        recommend(load_catalog(), machine), library, is_wanted=lambda _: False, devices=(gpu,)
    )
    on_gpu = next(view for view in views if view.offer.placement.main_device == "GPU")
    card = PackCard(on_gpu, LIGHT)
    said = [text.text() for text in card.findChildren(QLabel)]
    assert any(line.startswith("Main on GPU (emulated)") for line in said)


def test_a_column_stays_where_it_is_when_a_scroll_bar_comes(qtbot: QtBot) -> None:
    area = ScrollColumn(name="Column")
    qtbot.addWidget(area)
    area.setStyleSheet("QScrollBar:vertical { width: 10px; }")
    inner = QWidget()
    area.column.addWidget(inner)
    area.resize(600, 300)
    area.show()
    before = inner.mapTo(area, QPoint()), inner.width()
    inner.setFixedHeight(2000)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    QApplication.processEvents()
    assert (inner.mapTo(area, QPoint()), inner.width()) == before


def test_a_theme_changes_everything_and_loses_nothing(page: ModelsPage) -> None:
    before = (set(page.installed.cards), set(page.discover.pack_cards), set(page.downloads.cards))
    page.apply_palette(DARK)
    after = (set(page.installed.cards), set(page.discover.pack_cards), set(page.downloads.cards))
    assert after == before
    assert DARK.bg in page.styleSheet()


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_another_tab_puts_the_keyboard_into_no_field(page: ModelsPage, qtbot: QtBot) -> None:
    page.show()
    page.show_tab(Tab.DISCOVER)
    page.activateWindow()
    page.discover.words.setFocus()
    qtbot.waitUntil(page.discover.words.hasFocus)
    page.show_tab(Tab.DOWNLOADS)
    assert QApplication.focusWidget() is page


def test_tabs_and_their_count(page: ModelsPage) -> None:
    page.count_downloads(2)
    assert "2" in page.tabs[Tab.DOWNLOADS].text()
    page.tabs[Tab.DISCOVER].click()
    assert page.tab is Tab.DISCOVER
    page.say("Something happened.", fault=True)
    assert not page.notice.isHidden()
    assert page.notice_button.isHidden()


def test_a_download_tells_its_story(page: ModelsPage) -> None:
    card, row = page.downloads.cards["one"], _row()
    moving = TransferProgressed(
        operation_id="one", model_id="a/b", phase=TransferPhase.DOWNLOADING, bytes_done=600,
        bytes_total=1000, speed_bytes_per_s=2_000_000.0, remaining_s=65.0,
    )  # fmt: skip
    row = row_after(row, moving)
    card.show_row(row)
    assert "2.0\u202fMB/s" in card.numbers.text()
    assert "1\u202fmin" in card.numbers.text()
    assert card.go.isHidden()
    waiting = replace(
        moving, phase=TransferPhase.WAITING, wait_reason=WaitReason.RETRY, retry_in_s=7.0
    )
    row = row_after(row, waiting)
    card.show_row(row)
    assert "7 s" in card.state.text()
    assert "MB/s" not in card.numbers.text()


def test_a_failed_download_says_what_to_do(page: ModelsPage) -> None:
    error = ErrorInfo(
        code=ErrorCode.GATED, message="m",
        facts=(("reason", "no_token"), ("repository", "a/b"), ("url", "https://hub.example/a/b")),
    )  # fmt: skip
    row = row_after(_row(), TransferFailed(operation_id="one", model_id="a/b", error=error))
    failed = TransferStateChanged(operation_id="one", model_id="a/b", state=TransferState.FAILED)
    row = row_after(row, failed)
    page.downloads.show_row(row)
    card = page.downloads.cards["one"]
    assert "terms" in card.fault.text()
    assert not card.token.isHidden()
    assert not card.terms.isHidden()
    assert not card.go.isHidden()
    active = TransferStateChanged(operation_id="one", model_id="a/b", state=TransferState.ACTIVE)
    page.downloads.show_row(row_after(row, active))
    assert card.fault.isHidden()


def test_asking_the_hub_again_does_not_empty_the_bar() -> None:
    asking = TransferProgressed(
        operation_id="one", model_id="a/b", phase=TransferPhase.ASKING, bytes_done=0,
        bytes_total=0, speed_bytes_per_s=0.0, remaining_s=None,
    )  # fmt: skip
    assert row_after(_row(), asking).bytes_done == 500


def test_every_option_has_its_verdict_and_reason(qtbot: QtBot, library: LibraryView) -> None:
    main = library.cards[1].found
    drafts = [card.found for card in library.cards if card.found is not None]
    assert main is not None
    report = pair_report(main, drafts, catalog=load_catalog())
    rows = [OptionRow(option, LIGHT, in_use=False) for option in report.options]
    for row in rows:
        qtbot.addWidget(row)
    assert {row.option.origin for row in rows} == set(OptionOrigin)
    away = [row for row in rows if row.option.origin is OptionOrigin.CATALOG]
    assert not any(row.is_usable for row in away)
    lookup = next(row for row in rows if row.option.strategy is Strategy.PROMPT_LOOKUP)
    assert lookup.is_usable
    assert all(row.option.reasons for row in rows)
