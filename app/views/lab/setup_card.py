"""What is to be compared: prompts, the grid, draft lengths, repeats, and the three buttons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.palette import Palette
from app.viewmodels.lab_setup import LENGTHS, MOST_PROMPTS, LabSetup
from app.viewmodels.lab_shapes import GridShape
from app.views.caption_combo import CaptionCombo
from app.views.caption_spin import CaptionSpin
from app.views.lab.grid import PlacementGrid
from app.views.labels import label
from app.views.models.parts import Card, button, row
from engine.lab.prompts import LAST_CHAT, OWN_PROMPTS

_OWN_HEIGHT = 84


class SetupCard(Card):
    """`setup_changed(LabSetup)`; `compare_requested()`, `tune_requested()`, `verify_requested()`.

    It shows what it is given; what follows from a change comes back through `show_*`.
    """

    setup_changed = Signal(object)
    compare_requested = Signal()
    tune_requested = Signal()
    verify_requested = Signal(int)  # prompts

    def __init__(self, sets: Iterable[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(name=self.tr("What is compared"))
        self.setParent(parent)
        self._setup = LabSetup()
        self.pair = label("", role="name")
        self.about = label("", role="muted", wrap=True)
        self.set_chips = {key: self._chip(name) for key, name in sets}
        self.length_chips = {length: self._chip(str(length)) for length in LENGTHS}
        self.own = QPlainTextEdit()
        self.grid = PlacementGrid(name=self.tr("Placements"), ticks=True)
        self.prompts = CaptionSpin(self.tr("Prompts per set"), name=self.tr("Prompts per set"))
        self.repeats = CaptionSpin(self.tr("Rounds"), name=self.tr("Rounds over all placements"))
        self.tokens = CaptionSpin(self.tr("Tokens"), name=self.tr("Tokens per answer"))
        self.cost = label("", role="muted", wrap=True)
        self.compare = button(self.tr("Compare"), role="primary")
        self.tune = button(self.tr("Auto-tune"))
        self.verify = button(self.tr("Verify"))
        self.thoroughness = CaptionCombo("", name=self.tr("How thoroughly to verify"))
        self._build()
        self._connect()

    @property
    def setup(self) -> LabSetup:
        """What is chosen."""
        return self._setup

    def show_pair(self, pair: str, about: str) -> None:
        """Name the models that are measured."""
        self.pair.setText(pair)
        self.about.setText(about)

    def show_setup(self, setup: LabSetup) -> None:
        """Show a choice."""
        self._setup = setup
        for key, chip in self.set_chips.items():
            chip.setChecked(key in setup.set_ids)
        for length, chip in self.length_chips.items():
            chip.setChecked(length in setup.lengths)
        for spin, value in (
            (self.prompts, setup.prompts_per_set),
            (self.repeats, setup.repeats),
            (self.tokens, setup.max_new_tokens),
        ):
            spin.blockSignals(True)
            spin.setValue(value)
            spin.blockSignals(False)
        self.own.setVisible(OWN_PROMPTS in setup.set_ids)
        self.set_chips[LAST_CHAT].setEnabled(setup.chat is not None)

    def show_grid(self, shape: GridShape) -> None:
        """Show the grid that follows from the choice."""
        self.grid.show_shape(shape)

    def show_cost(self, text: str, *, can_run: bool, can_verify: bool, why_not: str) -> None:
        """Say what a run takes, and whether there is anything to run."""
        self.cost.setText(text)
        self.compare.setEnabled(can_run)
        self.tune.setEnabled(can_run)
        self.verify.setEnabled(can_verify)
        self.thoroughness.setEnabled(can_verify)
        hint = self.tr("Compares answers with and without the draft, token by token.")
        self.verify.setToolTip(hint if can_verify else why_not)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self.grid.apply_palette(palette)

    def _change(self, **changes: object) -> None:
        self._setup = replace(self._setup, **changes)  # type: ignore[arg-type]
        self.setup_changed.emit(self._setup)

    def _connect(self) -> None:
        for chip in self.set_chips.values():
            chip.clicked.connect(self._on_sets)
        for chip in self.length_chips.values():
            chip.clicked.connect(self._on_lengths)
        self.own.textChanged.connect(
            lambda: self._change(own_prompts=tuple(self.own.toPlainText().splitlines()))
        )
        self.prompts.valueChanged.connect(lambda value: self._change(prompts_per_set=value))
        self.repeats.valueChanged.connect(lambda value: self._change(repeats=value))
        self.tokens.valueChanged.connect(lambda value: self._change(max_new_tokens=value))
        self.grid.tile_clicked.connect(self._on_tile)
        self.compare.clicked.connect(self.compare_requested)
        self.tune.clicked.connect(self.tune_requested)
        self.verify.clicked.connect(
            lambda: self.verify_requested.emit(int(self.thoroughness.currentData()))
        )

    def _on_sets(self) -> None:
        chosen = tuple(key for key, chip in self.set_chips.items() if chip.isChecked())
        self.own.setVisible(OWN_PROMPTS in chosen)
        self._change(set_ids=chosen)

    def _on_lengths(self) -> None:
        chosen = tuple(n for n, chip in self.length_chips.items() if chip.isChecked())
        self._change(lengths=chosen)

    def _on_tile(self, key: str, wanted: bool) -> None:
        self._setup = self._setup.toggled(key, wanted=wanted)
        self.setup_changed.emit(self._setup)

    def _chip(self, text: str) -> QPushButton:
        chip = button(text, role="chip")
        chip.setCheckable(True)
        return chip

    def _build(self) -> None:
        self.prompts.setRange(1, MOST_PROMPTS)
        self.repeats.setRange(1, 20)
        self.tokens.setRange(8, 1024)
        self.tokens.setSingleStep(16)
        self.own.setPlaceholderText(self.tr("One prompt per line"))
        self.own.setAccessibleName(self.tr("Own prompts, one per line"))
        self.own.setFixedHeight(_OWN_HEIGHT)
        self.own.setTabChangesFocus(True)
        for count, short, long in (
            ("40", self.tr("quickly"), self.tr("Quickly: 40 prompts, 400 samples")),
            ("200", self.tr("thoroughly"), self.tr("Thoroughly: 200 prompts, 2000 samples")),
        ):
            self.thoroughness.add_choice(count, short=short, long=long)
        self.tune.setToolTip(
            self.tr("Looks for the best strategy and length at a third of the cost.")
        )
        self.column.setSpacing(10)
        heading = QVBoxLayout()
        heading.setSpacing(1)
        heading.addWidget(self.pair)
        heading.addWidget(self.about)
        self.column.addLayout(heading)
        self.column.addLayout(row(*self.set_chips.values(), 1, spacing=6))
        self.column.addWidget(self.own)
        self.column.addWidget(self.grid)
        lengths = label(self.tr("Draft length"), role="muted")
        self.column.addLayout(row(lengths, *self.length_chips.values(), 1, spacing=6))
        self.column.addLayout(row(self.prompts, self.repeats, self.tokens, 1))
        self.column.addWidget(self.cost)
        self.column.addLayout(row(self.compare, self.tune, 1, self.verify, self.thoroughness))
