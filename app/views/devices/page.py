"""The page of the devices: what there is, what is missing, what crashed. It decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.icons import icon
from app.palette import LIGHT, Palette
from app.views.lab.sheet import lab_sheet
from app.views.labels import label
from app.views.models.parts import Card, Pile, ScrollColumn, badge, button, centred, row


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceEntry:
    """A device, or a family of them that is not there, in words."""

    icon: str
    title: str
    badges: tuple[tuple[str, str], ...]
    """(text, kind of badge)."""
    lines: tuple[str, ...]
    device: str = ""
    """Name of a device that is there."""
    changes: str = ""
    """What is set on it, in one line; empty for nothing."""
    is_settable: bool = False
    """Whether its plugin reported anything that can be set."""
    cache: str = ""
    """What is known of its compiled models; empty where none are kept."""
    can_clear: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderEntry:
    """A model on a device that ended the engine."""

    key: str
    title: str
    detail: str


class DeviceCard(Card):
    """One device. `properties_requested()`, `reset_requested()`, `clear_requested()`."""

    properties_requested = Signal()
    reset_requested = Signal()
    clear_requested = Signal()

    def __init__(self, entry: DeviceEntry) -> None:
        super().__init__(name=entry.title)
        self._icon = entry.icon
        self.properties = button(
            self.tr("Properties\u2026"),
            name=self.tr("Properties of {name}").format(name=entry.title),
        )
        self.reset = button(
            self.tr("Reset"), name=self.tr("Reset {name}").format(name=entry.title), role="link"
        )
        self.clear = button(
            self.tr("Clear"),
            name=self.tr("Clear the compiled models of {name}").format(name=entry.title),
            role="link",
        )
        self.properties.clicked.connect(self.properties_requested)
        self.reset.clicked.connect(self.reset_requested)
        self.clear.clicked.connect(self.clear_requested)
        self._mark = QLabel()
        texts = QVBoxLayout()
        texts.setSpacing(3)
        marks = [badge(text, kind) for text, kind in entry.badges]
        head = row(label(entry.title, role="name"), *marks, 1, spacing=8)
        if entry.is_settable:
            head.addWidget(self.properties)
        texts.addLayout(head)
        for line in entry.lines:
            texts.addWidget(_readable(line))
        self._add_line(texts, entry.changes, self.reset, is_active=True)
        self._add_line(texts, entry.cache, self.clear, is_active=entry.can_clear)
        columns = QHBoxLayout()
        columns.setSpacing(14)
        columns.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        columns.addLayout(texts, 1)
        self.column.addLayout(columns)

    def _add_line(
        self, texts: QVBoxLayout, text: str, what: QPushButton, *, is_active: bool
    ) -> None:
        if text:
            line = row(_readable(text), what)
            line.setStretch(0, 1)
            texts.addLayout(line)
            what.setEnabled(is_active)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        pixmap = icon(self._icon, palette.accent, size_px=22).pixmap(
            QSize(22, 22), self.devicePixelRatioF()
        )
        self._mark.setPixmap(pixmap)


def _readable(text: str) -> QLabel:
    said = label(text, role="muted", wrap=True)
    said.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return said


class DevicesPage(QFrame):
    """`refresh_requested()`, `again_requested(key)`; with the name of a device
    `properties_requested(str)`, `reset_requested(str)` and `clear_requested(str)`.
    """

    refresh_requested = Signal()
    again_requested = Signal(str)
    properties_requested = Signal(str)
    reset_requested = Signal(str)
    clear_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("devicesPage")
        self._palette = LIGHT
        self._cards: list[DeviceCard] = []
        self.cards: dict[str, DeviceCard] = {}
        self.look = button(self.tr("Look again"))
        self.note = label("", wrap=True)
        self.again: dict[str, QWidget] = {}
        self._present, self._missing, self._ladder = Pile(), Pile(), Pile()
        self._missing_title = label(self.tr("Not found"), role="section")
        self._ladder_title = label(self.tr("Placements that crashed"), role="section")
        self._build()
        self.look.clicked.connect(self.refresh_requested)

    def show_devices(
        self, present: Iterable[DeviceEntry], missing: Sequence[DeviceEntry], *, note: str
    ) -> None:
        """Show what there is and what is not; `note` tells of a list that failed."""
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.cards = {entry.device: self._make_card(entry) for entry in present}
        found = list(self.cards.values())
        absent = [DeviceCard(entry) for entry in missing]
        self._cards = [*found, *absent]
        for card in self._cards:
            card.apply_palette(self._palette)
        self._present.show_all(found)
        self._missing.show_all(absent)
        self._missing_title.setVisible(bool(absent))

    def _make_card(self, entry: DeviceEntry) -> DeviceCard:
        card, device = DeviceCard(entry), entry.device
        card.properties_requested.connect(lambda: self.properties_requested.emit(device))
        card.reset_requested.connect(lambda: self.reset_requested.emit(device))
        card.clear_requested.connect(lambda: self.clear_requested.emit(device))
        return card

    def show_ladder(self, entries: Sequence[LadderEntry]) -> None:
        """Show what is known against placements; nothing at all when that is nothing."""
        self.again = {}
        cards = []
        for entry in entries:
            card = Card(name=entry.title)
            again = button(
                self.tr("Try again"), name=self.tr("Try {title} again").format(title=entry.title)
            )
            again.clicked.connect(lambda _=False, key=entry.key: self.again_requested.emit(key))
            self.again[entry.key] = again
            card.column.addLayout(row(label(entry.title, role="name"), 1, again))
            card.column.addWidget(label(entry.detail, role="muted", wrap=True))
            cards.append(card)
        self._ladder.show_all(cards)
        self._ladder_title.setVisible(bool(cards))

    @property
    def palette_now(self) -> Palette:
        """The colours of the page."""
        return self._palette

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self.setStyleSheet(lab_sheet(palette))
        for card in self._cards:
            card.apply_palette(palette)

    def _build(self) -> None:
        head = row(label(self.tr("Devices"), role="pageTitle"), 1, self.look)
        area = ScrollColumn(name=self.tr("Devices"))
        self.note.hide()
        for title in (self._missing_title, self._ladder_title):
            title.setContentsMargins(0, 12, 0, 0)
        self._missing_title.hide()
        self._ladder_title.hide()
        for part in (self.note, self._present, self._missing_title, self._missing):
            area.column.addWidget(part)
        area.column.addWidget(self._ladder_title)
        area.column.addWidget(self._ladder)
        area.column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 16, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(centred(head))
        layout.addWidget(area, 1)
