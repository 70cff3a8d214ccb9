"""The page of the devices and the editor of their properties, by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.controllers.device_settings import DeviceSettingsController
from app.core.device_property_text import KNOWN_NAMES, property_words, refusal_text
from app.core.device_text import cache_text, changes_text, computes_in, npu_lines
from app.core.translation import untranslated
from app.features.device_properties import (
    DevicePropertiesEditor,
    fields_of,
    settings_from,
    values_of,
)
from app.palette import DARK, LIGHT
from app.views.devices.page import DeviceEntry, DevicesPage
from app.views.devices.properties_dialog import PropertiesDialog
from app.views.devices.property_row import PropertyField, PropertyRow
from engine.device_properties import (
    PIPELINE_NPU_PROPERTIES,
    DeviceProperty,
    PropertyKind,
    Refusal,
    RefusalCode,
)
from engine.device_settings import DeviceSettings
from engine.events import DeviceInfo, DeviceKind
from engine.placement import SchedulerSettings

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
PRECISION = DeviceProperty(
    name="INFERENCE_PRECISION_HINT",
    kind=PropertyKind.CHOICE,
    value="bf16",
    options=("f32", "bf16"),
)
THREADS = DeviceProperty(
    name="INFERENCE_NUM_THREADS", kind=PropertyKind.INTEGER, value=0, minimum=0, maximum=8
)
PINNING = DeviceProperty(name="ENABLE_CPU_PINNING", kind=PropertyKind.SWITCH, value=True)
RATE = DeviceProperty(name="SOME_RATE", kind=PropertyKind.NUMBER, value=1.0)
FACT = DeviceProperty(
    name="DEVICE_ARCHITECTURE", kind=PropertyKind.TEXT, value="x", is_read_only=True
)
CPU = DeviceInfo(
    name="CPU",
    full_name="Processor",
    kind=DeviceKind.CPU,
    capabilities=("BF16", "EXPORT_IMPORT"),
    properties=(FACT, RATE, PINNING, THREADS, PRECISION),
)
NPU = DeviceInfo(
    name="NPU", full_name="Part", kind=DeviceKind.NPU, properties=PIPELINE_NPU_PROPERTIES
)


@pytest.fixture
def edit(
    qtbot: QtBot,
) -> Iterator[Callable[[DeviceInfo], tuple[PropertiesDialog, DeviceSettingsController]]]:
    pages = []

    def open_dialog(device: DeviceInfo) -> tuple[PropertiesDialog, DeviceSettingsController]:
        settings = DeviceSettingsController(None)
        settings.see((CPU, NPU))
        page = DevicesPage()
        pages.append(page)
        qtbot.addWidget(page)
        editor = DevicePropertiesEditor(settings, page)
        editor.open(device, window=page, palette=LIGHT)
        assert editor.dialog is not None
        return editor.dialog, settings

    yield open_dialog
    pages.clear()


def pick(made: PropertyRow, data: str) -> None:
    """As a user does: `activated` follows."""
    combo: Any = made.control
    combo.choose(data)
    combo.activated.emit(combo.currentIndex())


def test_fields_come_from_what_was_reported_the_known_ones_first() -> None:
    fields = fields_of(CPU)
    names = [field.known.name for field in fields]
    assert names[:3] == [PRECISION.name, THREADS.name, PINNING.name]
    assert {field.section for field in fields if field.known in (RATE, FACT)} == {"other", "facts"}
    assert {"cache_size_gb", "enable_prefix_caching"} <= set(names)
    npu = [field.known.name for field in fields_of(NPU)]
    assert npu[:2] == ["MAX_PROMPT_LEN", "MIN_RESPONSE_LEN"]
    assert "cache_size_gb" not in npu, "an NPU has no continuous batching"


def test_values_go_through_the_dialog_and_come_back_the_same() -> None:
    settings = DeviceSettings(
        properties=(("INFERENCE_PRECISION_HINT", "f32"), ("INFERENCE_NUM_THREADS", 0)),
        scheduler=SchedulerSettings(cache_size_gb=2, enable_prefix_caching=False),
        keeps_compiled=True,
    )
    assert settings_from(values_of(settings)) == settings
    assert settings_from({}) == DeviceSettings()


def test_what_is_chosen_is_set(edit: Any) -> None:
    dialog, settings = edit(CPU)
    assert not dialog.apply.isEnabled()
    pick(dialog.rows[PRECISION.name], "f32")
    pick(dialog.rows[PINNING.name], "off")
    threads = dialog.rows[THREADS.name].control
    threads.setFocus()
    QTest.keyClick(threads, Qt.Key.Key_Up)
    assert dialog.values() == {PRECISION.name: "f32", PINNING.name: False, THREADS.name: 1}
    QTest.mouseClick(dialog.apply, Qt.MouseButton.LeftButton)
    assert settings.book.settings("CPU").properties == (
        (PRECISION.name, "f32"),
        (THREADS.name, 1),
        (PINNING.name, False),
    )


def test_a_row_and_all_rows_go_back_to_the_default(edit: Any) -> None:
    dialog, _ = edit(CPU)
    first, second = dialog.rows[PRECISION.name], dialog.rows["cache_size_gb"]
    pick(first, "f32")
    second.control.setValue(3)
    assert first.reset.isVisibleTo(dialog)
    first.reset.click()
    assert dialog.values() == {"cache_size_gb": 3}
    assert not first.reset.isVisibleTo(dialog)
    dialog.reset_all.click()
    assert dialog.values() == {}
    assert not dialog.apply.isEnabled()


def test_what_the_device_does_not_take_is_refused_with_the_reason(edit: Any) -> None:
    dialog, settings = edit(CPU)
    dialog.applied.emit({THREADS.name: 99, "NOTHING": 1})
    assert "0 to 8" in dialog.fault.text()
    assert "does not know NOTHING" in dialog.fault.text()
    assert settings.book.settings("CPU") == DeviceSettings()
    pick(dialog.rows[PRECISION.name], "f32")
    assert not dialog.fault.text()


def test_a_search_finds_titles_words_and_the_runtimes_names(edit: Any) -> None:
    dialog, _ = edit(CPU)

    def found(query: str) -> set[str]:
        dialog.search.setText(query)
        return {name for name, made in dialog.rows.items() if made.isVisibleTo(dialog)}

    assert found("kv cache") == {"cache_size_gb"}
    assert found("precision_hint") == {PRECISION.name}
    assert found("nothing like it") == set()
    assert len(found("")) == len(dialog.rows)


def test_every_control_has_a_name_and_a_default_that_says_its_value(edit: Any) -> None:
    dialog, _ = edit(CPU)
    for made in dialog.rows.values():
        assert made.control.accessibleName() == made.field.title
    assert dialog.rows[PRECISION.name].control.short_text() == "Default (bf16)"
    assert dialog.rows[PINNING.name].control.short_text() == "Default (on)"
    assert dialog.rows[THREADS.name].control.text() == "Default (0)"
    fact = dialog.rows[FACT.name].control
    assert isinstance(fact, QLabel)
    assert fact.text() == "x"


def test_from_the_default_a_step_goes_to_the_number_beside_it(qtbot: QtBot) -> None:
    known = PIPELINE_NPU_PROPERTIES[0]
    made = PropertyRow(PropertyField(known=known, title="t", explanation="", section="npu"))
    qtbot.addWidget(made)
    spin: Any = made.control
    spin.stepBy(1)
    assert made.value() == 1025
    spin.stepBy(-1)
    assert made.value() == 1024
    made.show_value(None)
    spin.stepBy(-1)
    assert made.value() == 1023


def test_cards_tell_what_is_set_and_what_is_kept(qtbot: QtBot) -> None:
    page = DevicesPage()
    qtbot.addWidget(page)
    entry = DeviceEntry(
        icon="cpu",
        title="Processor",
        badges=(("2 changed", "accent"),),
        lines=("a",),
        device="CPU",
        changes="Set: A = 1",
        is_settable=True,
        cache="Compiled models are kept: 1 MB.",
        can_clear=True,
    )
    bare = DeviceEntry(icon="cpu", title="Part", badges=(), lines=(), device="NPU")
    page.show_devices([entry, bare], [], note="")
    page.apply_palette(DARK)
    told: list[tuple[str, str]] = []
    for name in ("properties_requested", "reset_requested", "clear_requested"):
        getattr(page, name).connect(lambda device, name=name: told.append((name, device)))
    card = page.cards["CPU"]
    for button in (card.properties, card.reset, card.clear):
        button.click()
    assert told == [
        ("properties_requested", "CPU"),
        ("reset_requested", "CPU"),
        ("clear_requested", "CPU"),
    ]
    texts = {label.text() for label in card.findChildren(QLabel)}
    assert {"2 changed", "Set: A = 1", "Compiled models are kept: 1 MB."} <= texts
    other = page.cards["NPU"]
    assert not any(b.isVisibleTo(page) for b in (other.properties, other.reset, other.clear))


def test_sentences_of_a_device() -> None:
    changed = DeviceSettings(properties=(("MAX_PROMPT_LEN", 256), ("MIN_RESPONSE_LEN", 64)))
    budget, chat = npu_lines(NPU, changed, untranslated)
    assert "256" in budget
    assert "320" in budget
    assert "read again" in chat
    assert "1\u202f152" in npu_lines(NPU, DeviceSettings(is_suspended=True), untranslated)[0]
    assert npu_lines(CPU, changed, untranslated) == ()
    assert changes_text(DeviceSettings(), untranslated) == ""
    assert "MAX_PROMPT_LEN = 256" in changes_text(changed, untranslated)
    assert cache_text(CPU, DeviceSettings(), size_bytes=0, translate=untranslated) == ""
    assert "none yet" in cache_text(NPU, DeviceSettings(), size_bytes=0, translate=untranslated)
    off = DeviceSettings(keeps_compiled=False)
    assert "not kept" in cache_text(NPU, off, size_bytes=5, translate=untranslated)
    assert computes_in(CPU) == "BF16"


def test_every_known_property_and_every_refusal_has_words() -> None:
    for name in KNOWN_NAMES:
        words = property_words(name, untranslated)
        assert words.title != name
        assert words.explanation
    assert property_words("SOMETHING", untranslated).title == "SOMETHING"
    facts = (("options", "a"), ("minimum", "0"), ("maximum", "1"))
    for code in RefusalCode:
        assert "X" in refusal_text(Refusal(name="X", code=code, facts=facts), untranslated)
