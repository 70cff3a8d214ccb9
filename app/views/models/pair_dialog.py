"""Choosing a pair: the main models, and for one of them every draft with a verdict and reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.core.filling import filled
from app.core.formatting import count, size
from app.core.model_text import parameters_text, reasons_text
from app.palette import Palette
from app.viewmodels.model_cards import InstalledCard
from app.views.caption_combo import CaptionCombo
from app.views.labels import ElidedLabel, label
from app.views.models.option_row import OptionRow
from app.views.models.parts import Pile, ScrollColumn, button, joined, row
from engine.events import DeviceInfo
from engine.models.pairing import DraftOption, PairReport
from engine.models.reasons import Verdict, verdict_of
from engine.models.settings import ModelDefaults
from engine.placement import Placement, Strategy

_ID = Qt.ItemDataRole.UserRole


class PairDialog(QDialog):
    """Signals: `check_requested(str, Placement)` with the id of a main, whose report is then
    awaited; `use_requested(str, object)` with it and a DraftOption, None for plain decoding;
    `get_requested(str)` with the id of a draft to fetch; `more_requested()` for other models.
    """

    check_requested = Signal(str, object)
    use_requested = Signal(str, object)
    get_requested = Signal(str)
    more_requested = Signal()

    def __init__(
        self,
        parent: QWidget,
        palette: Palette,
        *,
        devices: Sequence[DeviceInfo],
        placement: Placement,
        defaults_of: Callable[[str], ModelDefaults | None],
    ) -> None:
        super().__init__(parent)
        self.setObjectName("modelsDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Choose the models"))
        self._palette = palette
        self._placement = placement
        self._defaults_of = defaults_of
        self._in_use: tuple[str, str | None] = ("", None)
        self._asked = ""
        self.mains = QListWidget()
        self.mains.setAccessibleName(self.tr("Main models"))
        self.mains.setFixedWidth(250)
        self.main_device = CaptionCombo(self.tr("Main"), name=self.tr("Device of the main model"))
        self.draft_device = CaptionCombo(
            self.tr("Draft"), name=self.tr("Device of the draft model")
        )
        for combo in (self.main_device, self.draft_device):
            for device in devices:
                name = device.name
                if device.emulated:
                    name = self.tr("{device} (emulated)").format(device=name)
                combo.add_choice(device.name, short=name, long=joined(name, device.full_name))
        self._show_placement(placement)
        self.heading = ElidedLabel(role="section")
        self.summary = label("", role="muted", wrap=True)
        self.wanted = label("", role="caption", wrap=True)
        self.options = Pile(spacing=8)
        self.rows: list[OptionRow] = []
        self.plain = button(self.tr("Use it without a draft"))
        self.more = button(self.tr("Get more models\u2026"), role="link")
        self.close_button = button(self.tr("Close"))
        self._build()
        self.mains.currentItemChanged.connect(self._on_main)
        for combo in (self.main_device, self.draft_device):
            combo.activated.connect(self._on_device)
        self.plain.clicked.connect(lambda: self.use_requested.emit(self._asked, None))
        self.more.clicked.connect(self.more_requested)
        self.close_button.clicked.connect(self.reject)

    @property
    def placement(self) -> Placement:
        """The devices the pair is wanted on."""
        return Placement(
            main_device=str(self.main_device.currentData()),
            draft_device=str(self.draft_device.currentData()),
        )

    @property
    def main_id(self) -> str:
        """The main model that is looked at."""
        return self._asked

    def show_mains(
        self, cards: Sequence[InstalledCard], *, chosen: str, in_use: tuple[str, str | None]
    ) -> None:
        """Offer these main models; the report of `chosen` is asked for."""
        self._in_use = in_use
        self.mains.clear()
        for card in cards:
            parameters = card.found.parameters if card.found else None
            about = joined(parameters_text(parameters), size(card.model.size_bytes))
            item = QListWidgetItem(f"{card.model.name}\n{about}")
            item.setData(_ID, card.model.id)
            item.setToolTip(card.model.id)
            item.setSizeHint(QSize(0, 46))
            self.mains.addItem(item)
            if card.model.id == chosen:
                self.mains.setCurrentItem(item)
        if self.mains.currentItem() is None and self.mains.count():
            self.mains.setCurrentRow(0)

    def show_report(self, report: PairReport) -> None:
        """Show every way to speculate for the main that was asked about."""
        if report.main.id != self._asked:
            return
        self.heading.show_text(report.main.name)
        fitting = sum(option.verdict is not Verdict.IMPOSSIBLE for option in report.options)
        text = self.tr(
            "{fitting} of {count} {count:way|ways} to draft {fitting:works|work} on these devices"
        )
        self.summary.setText(filled(text, fitting=fitting, count=len(report.options)))
        self.wanted.setText(self._wanted(report))
        self.wanted.setVisible(bool(self.wanted.text()))
        can_stand_alone = verdict_of(report.alone) is not Verdict.IMPOSSIBLE
        self.plain.setEnabled(can_stand_alone)
        why_not = reasons_text(report.alone, QCoreApplication.translate)
        self.plain.setToolTip("" if can_stand_alone else why_not)
        self.rows = [self._row(option) for option in report.options]
        self.options.show_all(self.rows)
        self._mark_default()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self.focusWidget() is self.mains:
            best = self._preferred()
            if best is not None:
                best.click()
                return
        super().keyPressEvent(event)

    def _row(self, option: DraftOption) -> OptionRow:
        in_use = self._in_use == (self._asked, option.model_id) and option.path is not None
        entry = OptionRow(option, self._palette, in_use=in_use)
        main_id = self._asked
        entry.use_requested.connect(lambda: self.use_requested.emit(main_id, option))
        entry.get_requested.connect(lambda: self.get_requested.emit(option.model_id or ""))
        return entry

    def _wanted(self, report: PairReport) -> str:
        wanted = report.wanted
        if report.has_fitting_draft:
            return ""
        return filled(
            self.tr(
                "No installed draft fits. What fits: family {family}, a vocabulary of {tokens} "
                "{tokens:token|tokens}, at most {size} parameters."
            ),
            family=wanted.family or "?",
            tokens=count(wanted.token_count),
            size=parameters_text(wanted.largest_parameters),
        )

    def _on_main(self, item: QListWidgetItem | None) -> None:
        """Another main: the devices of its defaults, unless it is in use on those of now."""
        if item is None:
            return
        main_id = str(item.data(_ID))
        defaults = self._defaults_of(main_id)
        if defaults is None or main_id == self._in_use[0]:
            self._show_placement(self._placement)
        else:
            self._show_placement(Placement(defaults.main_device, defaults.draft_device))
        self._check(item)

    def _on_device(self) -> None:
        self._placement = self.placement
        self._check(self.mains.currentItem())

    def _show_placement(self, placement: Placement) -> None:
        self.main_device.choose(placement.main_device)
        self.draft_device.choose(placement.draft_device or placement.main_device)

    def _mark_default(self) -> None:
        """Say which way to draft the defaults of this main would take."""
        defaults = self._defaults_of(self._asked)
        strategy = defaults.strategy if defaults is not None else None
        self.plain.setProperty("role", "primary" if strategy is Strategy.NONE else None)
        self.plain.style().unpolish(self.plain)
        self.plain.style().polish(self.plain)
        row = next((r for r in self.rows if r.is_usable and r.option.strategy is strategy), None)
        if row is not None:
            row.mark_default()

    def _preferred(self) -> QPushButton | None:
        """The button of the default of this main, else of the best way to draft."""
        defaults = self._defaults_of(self._asked)
        strategy = defaults.strategy if defaults is not None else None
        if strategy is Strategy.NONE:
            return self.plain
        usable = [entry for entry in self.rows if entry.is_usable]
        best = next((r for r in usable if r.option.strategy is strategy), None)
        return (best or usable[0]).action if usable else None

    def _check(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        self._asked = str(item.data(_ID))
        self.heading.show_text(item.text().partition("\n")[0])
        self.summary.setText(self.tr("Comparing\u2026"))
        self.wanted.hide()
        self.rows = []
        self.options.show_all([])
        self.check_requested.emit(self._asked, self.placement)

    def _build(self) -> None:
        left = QVBoxLayout()
        left.addWidget(label(self.tr("Main model"), role="section"))
        left.addWidget(self.mains, 1)
        left.addWidget(self.more)
        scroll = ScrollColumn(name=self.tr("Ways to draft"), margin=0)
        scroll.column.addWidget(self.options)
        scroll.column.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(6)
        head = row(self.heading, self.main_device, self.draft_device)
        head.setStretchFactor(self.heading, 1)
        right.addLayout(head)
        right.addWidget(self.summary)
        right.addWidget(self.wanted)
        right.addWidget(scroll, 1)
        right.addLayout(row(self.plain, 1, self.close_button))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(18)
        layout.addLayout(left)
        layout.addLayout(right, 1)
        self.resize(900, 600)
