"""A pair pack on this machine: main and draft together, with what it takes and one button."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QPushButton

from app.core.formatting import size
from app.core.model_text import fit_lines, fit_text, need_text, parameters_text
from app.icons import icon
from app.palette import Palette
from app.views.labels import ElidedLabel, label
from app.views.models.parts import FIT_BADGES, Card, badge, button, joined, row
from engine.models.catalog import CatalogModel
from engine.models.fit import FitLabel
from engine.models.recommendation import PackOffer

translate = QCoreApplication.translate


class PackState(StrEnum):
    """How far the models of a pack are."""

    MISSING = "missing"
    PARTLY = "partly"
    """One of the two is installed."""
    COMING = "coming"
    INSTALLED = "installed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackView:
    """A pack and what this machine has of it."""

    offer: PackOffer
    state: PackState
    missing_bytes: int
    recommended: bool = False
    emulated: tuple[str, ...] = ()
    """Devices that are only emulated."""


class PackCard(Card):
    """Signals: `get_requested()`, `use_requested()`, `details_requested(str)` with a model id."""

    get_requested = Signal()
    use_requested = Signal()
    details_requested = Signal(str)

    def __init__(self, view: PackView, palette: Palette) -> None:
        offer = view.offer
        title = joined(offer.main.name, offer.draft.name if offer.draft else None, sign="  +  ")
        super().__init__(name=title, role="chosen" if view.recommended else "card")
        self.pack_id = offer.pack.id
        self._view = view
        self.action = button("", role="primary" if view.recommended else "")
        self._build(title, palette)
        self._set_action(title)

    def _build(self, title: str, palette: Palette) -> None:
        offer = self._view.offer
        sign = label("")
        name = {"cpu": "cpu", "gpu": "monitor", "npu": "microchip"}[offer.pack.device_class.value]
        sign.setPixmap(icon(name, palette.muted).pixmap(18, 18))
        heading = ElidedLabel(role="name")
        heading.show_text(title)
        fit = badge(fit_text(offer.label, translate), FIT_BADGES[offer.label])
        fit.setToolTip("\n".join(fit_lines(offer.fit, translate)))
        head = row(sign, heading, fit, self.action)
        head.setStretchFactor(heading, 1)
        if self._view.recommended:
            self.column.addLayout(row(badge(self.tr("Recommended for this machine"), "accent"), 1))
        self.column.addLayout(head)
        self.column.addWidget(label(self._model_line(offer.main, main=True), role="muted"))
        if offer.draft is not None:
            self.column.addWidget(label(self._model_line(offer.draft, main=False), role="muted"))
        else:
            self.column.addWidget(
                label(self.tr("No draft model is known; prompt lookup works"), role="muted")
            )
        needs = [need_text(need, translate) for need in (*offer.fit.needs, offer.disk)]
        self.column.addWidget(label(joined(*needs), role="caption", wrap=True))
        links = [self._details(model) for model in (offer.main, offer.draft) if model is not None]
        self.column.addLayout(row(*links, 1, spacing=4))

    def _model_line(self, model: CatalogModel, *, main: bool) -> str:
        offer = self._view.offer
        device = offer.placement.main_device if main else offer.placement.draft_device
        if device in self._view.emulated:
            device = self.tr("{device} (emulated)").format(device=device)
        place = (self.tr("Main on {device}") if main else self.tr("Draft on {device}")).format(
            device=device
        )
        about = size(model.size_bytes)
        if model.estimated and model.size_bytes is not None:
            about = self.tr("about {size}").format(size=about)
        return joined(
            place, parameters_text(model.parameters), model.precision, about, model.license
        )

    def _details(self, model: CatalogModel) -> QPushButton:
        link = button(self.tr("Card of {model}").format(model=model.name), role="link")
        link.clicked.connect(lambda: self.details_requested.emit(model.id))
        return link

    def _set_action(self, title: str) -> None:
        view, offer = self._view, self._view.offer
        both = offer.draft is not None
        amount = size(view.missing_bytes) if view.missing_bytes else ""
        match view.state:
            case PackState.INSTALLED:
                text = self.tr("Use this pair") if both else self.tr("Use this model")
            case PackState.COMING:
                text = self.tr("Downloading\u2026")
            case PackState.PARTLY:
                text = self.tr("Get the missing one ({size})").format(size=amount)
            case _:
                text = (self.tr("Get both ({size})") if both else self.tr("Get ({size})")).format(
                    size=amount
                )
        self.action.setText(text)
        self.action.setAccessibleName(self.tr("{action}: {pack}").format(action=text, pack=title))
        is_installed = view.state is PackState.INSTALLED
        no_room = offer.disk.label is FitLabel.WILL_NOT_FIT and not is_installed
        self.action.setEnabled(view.state is not PackState.COMING and not no_room)
        if no_room:
            self.action.setToolTip(need_text(offer.disk, translate))
        self.action.clicked.connect(self.use_requested if is_installed else self.get_requested)
