"""The dialogs about models: defaults of a main model, the choice of a pair."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.palette import LIGHT
from app.viewmodels.model_cards import InstalledCard
from app.views.models.defaults_dialog import DefaultsDialog
from app.views.models.pair_dialog import PairDialog
from engine.events import DeviceInfo, DeviceKind
from engine.models.fit import plan_pair
from engine.models.inspection import Inspection, inspect_folder, inspect_model
from engine.models.machine import MachineFacts
from engine.models.manifest import ModelKind
from engine.models.pairing import DraftOption, OptionOrigin, PairReport, pair_report
from engine.models.reasons import ReasonCode, block
from engine.models.registry import Registry
from engine.models.settings import ModelDefaults
from engine.placement import LEAST_CONTEXT_LIMIT, Placement, Strategy
from engine.resources import asset_path
from tests.engine.models.folder_maker import make_head

MAIN = "slipstream/demo-main"
CPU = DeviceInfo(name="CPU", full_name="CPU", kind=DeviceKind.CPU)
GPU = DeviceInfo(name="GPU", full_name="GPU", kind=DeviceKind.INTEGRATED_GPU)
ALL = ModelDefaults(
    model_id=MAIN,
    strategy=Strategy.PROMPT_LOOKUP,
    main_device="GPU",
    draft_device="CPU",
    num_assistant_tokens=7,
    temperature=0.4,
    top_p=0.9,
    top_k=40,
    repetition_penalty=1.15,
    max_new_tokens=99,
    context_limit=1024,
)
# The offscreen platform says so for every dialog.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture(scope="module")
def cards() -> tuple[InstalledCard, ...]:
    registry = Registry(Path("nowhere"), embedded=asset_path("models"))
    return tuple(InstalledCard(model=m, found=inspect_model(m)) for m in registry.scan())


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def defaults_dialog(parent: QWidget, defaults: ModelDefaults) -> DefaultsDialog:
    return DefaultsDialog(
        parent, name="Demo", devices=["CPU", "GPU"], defaults=defaults, context_length=2048
    )


def press(dialog: QWidget, text: str) -> None:
    """Press the button with this text."""
    (found,) = (b for b in dialog.findChildren(QPushButton) if b.text() == text)
    found.click()


@pytest.mark.parametrize(
    "defaults", [ALL, ModelDefaults(model_id=MAIN), replace(ALL, strategy=Strategy.NONE)]
)
def test_defaults_are_kept_as_they_were_shown(parent: QWidget, defaults: ModelDefaults) -> None:
    dialog = defaults_dialog(parent, defaults)
    kept: list[object] = []
    dialog.chosen.connect(kept.append)
    press(dialog, "Keep")
    assert kept == [defaults]


def test_every_field_of_the_defaults_has_a_name(parent: QWidget) -> None:
    dialog = defaults_dialog(parent, ALL)
    kinds = (QAbstractButton, QComboBox, QAbstractSpinBox)
    controls = [w for kind in kinds for w in dialog.findChildren(kind)]
    own = [w for w in controls if not w.objectName().startswith("qt_")]
    assert len(own) >= 10
    assert [w for w in own if not w.accessibleName()] == []


def test_the_fields_of_the_defaults_are_of_one_height_and_emulation_is_said(
    parent: QWidget,
) -> None:
    dialog = DefaultsDialog(
        parent, name="Demo", devices=["CPU", "GPU"], defaults=ALL, emulated=["GPU"]
    )
    dialog.show()
    fields = [dialog.strategy, dialog.main_device, dialog.draft_tokens, dialog.temperature]
    fields += [dialog.top_p, dialog.top_k, dialog.repetition_penalty, dialog.token_limit]
    assert len({field.height() for field in fields}) == 1
    assert dialog.main_device.currentText() == "GPU (emulated)"
    assert dialog.draft_device.currentText() == "CPU"
    assert dialog.defaults == ALL


def test_no_limit_of_the_context_is_said_with_the_length_of_the_model(parent: QWidget) -> None:
    dialog = defaults_dialog(parent, replace(ALL, context_limit=None))
    assert dialog.context_limit.text() == "All 2\u202f048 of the model"
    assert dialog.context_limit.maximum() == 2048
    dialog.context_limit.setValue(3)
    assert dialog.defaults.context_limit == LEAST_CONTEXT_LIMIT
    dialog.context_limit.setValue(0)
    assert dialog.defaults.context_limit is None


def test_a_plan_is_asked_for_when_something_changes_it(
    parent: QWidget, cards: tuple[InstalledCard, ...]
) -> None:
    dialog = defaults_dialog(parent, ALL)
    asked: list[ModelDefaults] = []
    dialog.plan_requested.connect(asked.append)
    dialog.show()
    dialog.context_limit.setValue(512)
    dialog.main_device.choose("CPU")
    assert [(d.context_limit, d.main_device) for d in asked] == [
        (1024, "GPU"), (512, "GPU"), (512, "CPU"),
    ]  # fmt: skip
    gib = 1 << 30
    machine = MachineFacts(
        ram_available_bytes=4 * gib,
        disk_free_bytes=gib, devices=(CPU,),
    )  # fmt: skip
    report = plan_pair(
        main_of(cards), None, placement=Placement("CPU"), machine=machine, context_tokens=512
    )
    dialog.show_plan(report)
    assert "512 tokens" in dialog.plan.text()
    assert dialog.fit.text() == "Fits this machine"
    dialog.reject()


def main_of(cards: tuple[InstalledCard, ...]) -> Inspection:
    (found,) = (card.found for card in cards if card.model.id == MAIN and card.found)
    return found


def pair_dialog(
    parent: QWidget, cards: tuple[InstalledCard, ...], defaults: ModelDefaults | None
) -> PairDialog:
    dialog = PairDialog(
        parent,
        LIGHT,
        devices=(CPU, GPU),
        placement=Placement("CPU", "CPU"),
        defaults_of={MAIN: defaults}.get,
    )
    dialog.show_mains([c for c in cards if c.is_main], chosen=MAIN, in_use=("", None))
    dialog.show_report(report_of(cards))
    dialog.show()
    return dialog


def report_of(cards: tuple[InstalledCard, ...]) -> PairReport:
    return pair_report(main_of(cards), [card.found for card in cards if card.found])


def press_enter(dialog: PairDialog) -> None:
    """Press Enter with the list of main models in focus."""
    dialog.mains.setFocus()
    QTest.keyClick(dialog.mains, Qt.Key.Key_Return)


def uses(dialog: PairDialog) -> list[tuple[str, DraftOption | None]]:
    """What is asked to be used from now on."""
    told: list[tuple[str, DraftOption | None]] = []
    dialog.use_requested.connect(lambda main, option: told.append((main, option)))
    return told


def test_the_defaults_are_preselected_and_taken_with_enter(
    parent: QWidget, cards: tuple[InstalledCard, ...]
) -> None:
    dialog = pair_dialog(parent, cards, ALL)
    assert dialog.placement == Placement("GPU", "CPU")
    told = uses(dialog)
    press_enter(dialog)
    ((main_id, option),) = told
    assert main_id == MAIN
    assert option is not None
    assert option.origin is OptionOrigin.PROMPT_LOOKUP
    dialog.close()


def test_a_default_without_a_draft_is_taken_with_enter(
    parent: QWidget, cards: tuple[InstalledCard, ...]
) -> None:
    dialog = pair_dialog(parent, cards, replace(ALL, strategy=Strategy.NONE))
    told = uses(dialog)
    press_enter(dialog)
    assert told == [(MAIN, None)]
    assert dialog.plain.property("role") == "primary"
    dialog.close()


def test_devices_chosen_in_the_dialog_stay_for_other_mains(
    parent: QWidget, cards: tuple[InstalledCard, ...]
) -> None:
    dialog = pair_dialog(parent, cards, None)
    dialog.main_device.choose("GPU")
    dialog.main_device.activated.emit(dialog.main_device.currentIndex())
    dialog.show_mains([c for c in cards if c.is_main], chosen=MAIN, in_use=("", None))
    assert dialog.placement == Placement("GPU", "CPU")
    dialog.close()


def test_emulated_devices_are_called_so(parent: QWidget, cards: tuple[InstalledCard, ...]) -> None:
    emulated = replace(GPU, emulated=True)
    dialog = PairDialog(
        parent, LIGHT, devices=[CPU, emulated], placement=Placement("GPU", "CPU"),
        defaults_of=lambda _: None,
    )  # fmt: skip
    assert dialog.main_device.short_text() == "GPU (emulated)"
    assert dialog.draft_device.short_text() == "CPU"
    assert dialog.placement == Placement("GPU", "CPU")


def test_a_main_that_cannot_be_loaded_cannot_be_used_alone(
    parent: QWidget, cards: tuple[InstalledCard, ...]
) -> None:
    dialog = pair_dialog(parent, cards, None)
    assert dialog.plain.isEnabled()
    reason = block(ReasonCode.MAIN_NOT_RUN_HERE)
    dialog.show_report(replace(report_of(cards), alone=(reason,)))
    assert not dialog.plain.isEnabled()
    assert "images" in dialog.plain.toolTip()
    dialog.close()


def test_a_head_is_offered_and_said_to_be_untested(
    parent: QWidget, cards: tuple[InstalledCard, ...], tmp_path: Path
) -> None:
    main = main_of(cards)
    deep = replace(main, config=replace(main.config, layers=12))
    head = make_head(
        tmp_path / "head",
        kind="eagle3",
        hidden_size=deep.config.hidden_size or 0,
        width=deep.config.vocabulary_size or 0,
    )
    dialog = pair_dialog(parent, cards, None)
    dialog.show_report(pair_report(deep, [inspect_folder(head)]))
    (row,) = [row for row in dialog.rows if row.option.kind is ModelKind.EAGLE3]
    said = [line.text() for line in row.findChildren(QLabel)]
    assert any("Untested: drafting with a head of this kind" in text for text in said)
    assert row.is_usable
    dialog.close()
