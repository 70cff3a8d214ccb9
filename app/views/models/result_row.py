"""One repository a search found."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.core.formatting import count, size
from app.icons import icon
from app.palette import Palette
from app.views.labels import ElidedLabel, label
from app.views.models.parts import Card, badge, button, joined, row
from engine.hub.sources import ModelSummary
from engine.models.catalog import CatalogModel
from engine.models.manifest import ModelRole


class ResultRow(Card):
    """`open_requested()` for its card and files."""

    open_requested = Signal()

    def __init__(
        self,
        summary: ModelSummary,
        palette: Palette,
        *,
        known: CatalogModel | None,
        installed: bool,
    ) -> None:
        super().__init__(name=summary.repository)
        self.repository = summary.repository
        self.column.setContentsMargins(14, 9, 10, 9)
        sign = label("")
        sign.setPixmap(icon("box", palette.muted).pixmap(18, 18))
        title = ElidedLabel(role="strong")
        title.show_text(summary.repository)
        self.open = button(
            self.tr("Details"), name=self.tr("Details of {model}").format(model=summary.repository)
        )
        head = row(sign, title)
        head.setStretchFactor(title, 1)
        if installed:
            head.addWidget(badge(self.tr("Installed"), "ok"))
        if known is not None and known.role in (ModelRole.DRAFT, ModelRole.HEAD):
            head.addWidget(badge(self.tr("Draft"), "accent"))
        if summary.gated:
            head.addWidget(badge(self.tr("Terms to accept"), "warn"))
        head.addWidget(self.open)
        self.column.addLayout(head)
        facts = joined(
            size(known.size_bytes) if known is not None and known.size_bytes else None,
            self.tr("Downloads: {count}").format(count=count(summary.downloads))
            if summary.downloads is not None
            else None,
            self.tr("Likes: {count}").format(count=count(summary.likes)) if summary.likes else None,
            summary.last_modified[:10] if summary.last_modified else None,
            next(
                (t.removeprefix("license:") for t in summary.tags if t.startswith("license:")), None
            ),
        )
        self.column.addWidget(label(facts, role="caption"))
        self.open.clicked.connect(self.open_requested)
