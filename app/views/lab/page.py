"""The page of the Placement Lab: compare, race, history. Puts parts in place, decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout

from app.icons import icon
from app.palette import Palette
from app.views.announcement import announce
from app.views.lab.progress_card import ProgressCard
from app.views.lab.race_tab import RaceTab
from app.views.lab.results_view import ResultsView, VerdictCard
from app.views.lab.runs_tab import RunsTab
from app.views.lab.setup_card import SetupCard
from app.views.lab.sheet import lab_sheet
from app.views.labels import icon_button, label
from app.views.models.parts import BAR_WIDTH, ScrollColumn, button, row

_WIDTH = 1060


class LabTab(StrEnum):
    """The three tabs."""

    COMPARE = "compare"
    RACE = "race"
    RUNS = "runs"


class LabPage(QFrame):
    """`tab_shown(LabTab)`; `export_requested(suffix)` with .html, .json, .csv or .png."""

    tab_shown = Signal(object)
    export_requested = Signal(str)

    def __init__(self, sets: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self.setObjectName("labPage")
        self.setup = SetupCard(sets)
        self.progress = ProgressCard()
        self.finding = VerdictCard()
        self.results = ResultsView()
        self.race = RaceTab()
        self.runs = RunsTab()
        self.notice = QFrame()
        self.notice_text = label("", wrap=True)
        self.notice_close = icon_button(self.tr("Dismiss"))
        self.export = button(f" {self.tr('Export')}", name=self.tr("Export"))
        self.new_run = button(self.tr("New comparison"))
        self.tabs = {
            LabTab.COMPARE: button(self.tr("Compare"), role="tab"),
            LabTab.RACE: button(self.tr("Race"), role="tab"),
            LabTab.RUNS: button(self.tr("History"), role="tab"),
        }
        self._group = QButtonGroup(self)
        self._stack = QStackedWidget()
        self.column_area = ScrollColumn(name=self.tr("Compare placements"))
        self._build()
        self.notice_close.clicked.connect(self.notice.hide)

    @property
    def tab(self) -> LabTab:
        """The tab in front."""
        return tuple(LabTab)[self._stack.currentIndex()]

    def show_tab(self, tab: LabTab) -> None:
        """Bring a tab to the front."""
        self.tabs[tab].setChecked(True)
        self._stack.setCurrentIndex(tuple(LabTab).index(tab))
        self._show_tools()
        self.tab_shown.emit(tab)

    def show_progress(self, shown: bool) -> None:
        """Show or hide the card of the job under way; nothing is exported meanwhile."""
        self.progress.setVisible(shown)
        self._show_tools()

    def show_setup(self, shown: bool) -> None:
        """Show the choice of what is compared, or the results alone."""
        self.setup.setVisible(shown)
        self._show_tools()

    def show_results(self, shown: bool) -> None:
        """Show what was measured."""
        self.results.setVisible(shown)
        self._show_tools()

    def say(self, sentence: str, *, fault: bool = False) -> None:
        """Tell something that just happened."""
        self.notice_text.setText(sentence)
        self.notice.setProperty("role", "fault" if fault else "notice")
        self.notice.style().unpolish(self.notice)
        self.notice.style().polish(self.notice)
        self.notice.show()
        announce(self, sentence)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self.setStyleSheet(lab_sheet(palette))
        self.notice_close.setIcon(icon("x", palette.muted))
        self.export.setIcon(icon("download", palette.muted, size_px=15))
        for part in (self.setup, self.finding, self.results, self.race, self.runs):
            part.apply_palette(palette)

    def _show_tools(self) -> None:
        compares = self.tab is LabTab.COMPARE
        has_results = compares and not self.results.isHidden() and self.progress.isHidden()
        self.export.setVisible(has_results)
        self.new_run.setVisible(has_results and self.setup.isHidden())

    def _build(self) -> None:
        self._fill_export()
        self.notice.hide()
        self.finding.hide()
        self.results.hide()
        inner = QHBoxLayout(self.notice)
        inner.setContentsMargins(14, 8, 8, 8)
        inner.addWidget(self.notice_text, 1)
        inner.addWidget(self.notice_close)
        column = self.column_area.column
        for part in (self.setup, self.progress, self.finding, self.results):
            column.addWidget(part)
        column.addStretch(1)
        for area in (self.column_area, self.runs.area):
            holder = area.column.parentWidget()
            if holder is not None:
                holder.setMaximumWidth(_WIDTH)
        for page in (self.column_area, self.race, self.runs):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._head())
        around = row(self.notice)
        around.setContentsMargins(24, 0, 24 + BAR_WIDTH, 0)
        layout.addLayout(around)
        layout.addWidget(self._stack, 1)
        self.tabs[LabTab.COMPARE].setChecked(True)
        self._show_tools()

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(24, 16, 24 + BAR_WIDTH, 4)
        head.setSpacing(6)
        head.addWidget(label(self.tr("Compare placements"), role="pageTitle"))
        head.addSpacing(16)
        for tab, entry in self.tabs.items():
            entry.setCheckable(True)
            entry.clicked.connect(lambda _=False, tab=tab: self.show_tab(tab))
            self._group.addButton(entry)
            head.addWidget(entry)
        head.addStretch(1)
        head.addWidget(self.new_run)
        head.addWidget(self.export)
        return head

    def _fill_export(self) -> None:
        menu = QMenu(self.export)
        for suffix, text in (
            (".html", self.tr("Report for anybody (HTML)\u2026")),
            (".json", self.tr("Whole run (JSON)\u2026")),
            (".csv", self.tr("Figures (CSV)\u2026")),
            (".png", self.tr("Picture (PNG)\u2026")),
        ):
            action = menu.addAction(text)
            action.triggered.connect(lambda _=False, s=suffix: self.export_requested.emit(s))
        self.export.setMenu(menu)
