"""The card of one installed model: what it is, which devices it suits, what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QMenu, QProgressBar, QToolButton, QWidget

from app.controllers.model_work import WorkProgress
from app.core.error_text import error_text
from app.core.filling import filled
from app.core.formatting import size
from app.core.model_fault_text import model_fault_text
from app.core.model_text import (
    kind_text,
    parameters_text,
    percent,
    reason_text,
    reasons_text,
    role_text,
    source_text,
    strategy_text,
)
from app.icons import icon
from app.palette import Palette
from app.viewmodels.model_cards import InstalledCard, Work
from app.views.labels import ElidedLabel, icon_button, label
from app.views.models.parts import VERDICT_BADGES, Card, badge, button, joined, row
from engine.errors import ErrorInfo
from engine.models.manifest import ModelKind, ModelSource
from engine.models.settings import ModelDefaults
from engine.placement import Strategy

translate = QCoreApplication.translate
_REVISION_SHOWN = 7


class InstalledCardView(Card):
    """One card. Its signals carry nothing: whoever made it knows which model it shows."""

    use_requested = Signal()
    verify_requested = Signal()
    folder_requested = Signal()
    template_requested = Signal()
    defaults_requested = Signal()
    remove_requested = Signal()
    cancel_requested = Signal()
    retry_requested = Signal()

    def __init__(
        self,
        card: InstalledCard,
        palette: Palette,
        *,
        in_use: bool,
        defaults: ModelDefaults | None = None,
    ) -> None:
        super().__init__(name=card.model.name, role="chosen" if in_use else "card")
        self.model_id = card.model.id
        self._card = card
        self._in_use = in_use
        self._defaults = defaults
        self.use = button(
            self.tr("Use\u2026"), name=self.tr("Use {model}").format(model=card.model.name)
        )
        self.more = icon_button(self.tr("More for {model}").format(model=card.model.name))
        self.menu = self._make_menu(palette)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress"))
        self.work = label("", role="caption")
        self.stop = button(self.tr("Cancel"), role="link")
        self.retry = button(
            self.tr("Try again"), name=self.tr("Try {model} again").format(model=card.model.name)
        )
        self.retry.setParent(self)
        self.retry.setVisible(card.marked is not None)
        self._build(palette)
        self.use.clicked.connect(self.use_requested)
        self.stop.clicked.connect(self.cancel_requested)
        self.retry.clicked.connect(self.retry_requested)
        self.show_progress(None)

    def show_progress(self, progress: WorkProgress | None) -> None:
        """Show what is being done, or that nothing is."""
        for widget in (self.progress, self.work, self.stop):
            widget.setVisible(progress is not None)
        self.more.setEnabled(progress is None)
        if progress is None:
            return
        self.progress.setRange(0, 100 if progress.total > 1 else 0)
        self.progress.setValue(percent(progress.done, progress.total))
        self.work.setText(self._work_text(progress))
        self.stop.setVisible(progress.work is not Work.REMOVING)

    def _build(self, palette: Palette) -> None:
        sign = label("")
        name = "boxes" if self._card.is_draft else "box"
        sign.setPixmap(icon(name, palette.muted).pixmap(18, 18))
        title = ElidedLabel(role="name")
        title.show_text(self._card.model.name)
        head = row(sign, title, *self._badges())
        head.setStretchFactor(title, 1)
        if self._card.is_main:
            head.addWidget(self.use)
        head.addWidget(self.more)
        self.column.addLayout(head)
        self.column.addWidget(label(self._facts(), role="muted", wrap=True))
        if self._defaults is not None:
            text = self.tr("Defaults: {values}").format(values=self._chosen(self._defaults))
            self.column.addWidget(label(text, role="muted", wrap=True))
        self.column.addLayout(row(*self._devices(), 1, spacing=6))
        if self._card.unused is not None:
            self.column.addWidget(label(reason_text(self._card.unused, translate), role="muted"))
        problem = self._problem()
        if problem:
            self.column.addWidget(badge(problem, "error"))
        if self._card.marked is not None:
            self.column.addLayout(row(self._mark(self._card.marked), 1, self.retry))
        self.column.addWidget(self.progress)
        self.column.addLayout(row(self.work, 1, self.stop))

    def _mark(self, error: ErrorInfo) -> QWidget:
        facts = dict(error.facts)
        why = self.tr("Not loaded again: its chat template ended the engine.")
        if "limit_s" in facts:
            why = self.tr("Not loaded again: its chat template took longer than {limit} s.")
        limit = f"{float(facts.get('limit_s', 0)):g}"
        return badge(filled(why, limit=limit), "error")

    def _badges(self) -> list[QWidget]:
        model = self._card.model
        found: list[QWidget] = []
        if self._in_use:
            found.append(badge(self.tr("In use"), "accent"))
        if self._card.is_draft:
            hint = self.tr("Proposes tokens for a main model; not offered as a main model")
            found.append(badge(role_text(model.role, translate), "accent", hint=hint))
        if model.embedded:
            found.append(badge(self.tr("Comes with the program")))
        elif model.in_place:
            found.append(badge(self.tr("Used in place"), hint=str(model.path)))
        return found

    def _source(self, source: ModelSource) -> str:
        revision = (source.revision or "")[:_REVISION_SHOWN]
        return " ".join(filter(None, (source_text(source.type, translate), revision)))

    def _chosen(self, defaults: ModelDefaults) -> str:
        strategy, limit = defaults.strategy, defaults.context_limit
        drafts = strategy in (None, Strategy.DRAFT)
        devices = (defaults.main_device, defaults.draft_device if drafts else None)
        at_most = self.tr("at most {count} {count:token|tokens} of context")
        return joined(
            strategy_text(strategy, translate) if strategy is not None else None,
            " + ".join(device for device in devices if device),
            filled(at_most, count=limit) if limit is not None else None,
            filled(self.tr("temperature {value}"), value=f"{defaults.temperature:g}"),
            _number(self.tr("top p {value}"), defaults.top_p),
            _number(self.tr("top k {value}"), defaults.top_k),
            _number(self.tr("repetition penalty {value}"), defaults.repetition_penalty),
        )

    def _facts(self) -> str:
        model, found, manifest = self._card.model, self._card.found, self._card.model.manifest
        context = found.context_length if found else manifest.context_length if manifest else None
        parameters = found.parameters if found else manifest.parameters if manifest else None
        precision = found.precision.label if found and found.precision else None
        if precision is None and manifest is not None:
            precision = manifest.precision
        return joined(
            kind_text(model.kind, translate),
            found.family if found else None,
            parameters_text(parameters) if parameters else None,
            precision,
            size(model.size_bytes),
            filled(self.tr("{tokens} {tokens:token|tokens} of context"), tokens=context)
            if context
            else None,
            manifest.license if manifest else None,
            self._source(manifest.source) if manifest and not model.embedded else None,
        )

    def _devices(self) -> list[QWidget]:
        if self._card.model.kind is ModelKind.UNKNOWN:
            return []
        marks = {"ok": "\u2713", "warn": "?", "error": "\u2715"}
        chips: list[QWidget] = []
        for device, verdict, reasons in self._card.devices:
            kind = VERDICT_BADGES[verdict]
            hint = reasons_text(reasons, translate) or self.tr("Suits this model")
            chips.append(badge(f"{device} {marks[kind]}", kind, hint=hint))
        return chips

    def _problem(self) -> str:
        found = self._card.found
        problem = self._card.model.problem or (
            found.problems[0] if found and found.problems else None
        )
        if problem is None:
            return ""
        fault = model_fault_text(problem, translate)
        if fault is not None:
            return fault
        text = error_text(problem, translate)
        file = next((str(value) for key, value in problem.facts if key == "file"), "")
        return joined(text.title, text.sentence, file)

    def _work_text(self, progress: WorkProgress) -> str:
        done = percent(progress.done, progress.total)
        match progress.work:
            case Work.VERIFYING:
                return self.tr("Verifying: {percent} %").format(percent=done)
            case Work.REPAIRING:
                return self.tr("Fetching damaged files again")
            case _:
                return self.tr("Deleting")

    def _make_menu(self, palette: Palette) -> QMenu:
        menu = QMenu(self.more)
        entries = [(self.tr("Verify files"), "shield-check", self.verify_requested)]
        entries.append((self.tr("Open folder"), "folder-open", self.folder_requested))
        if self._card.found is not None and self._card.found.template is not None:
            entries.append((self.tr("Chat template"), "braces", self.template_requested))
        if self._card.is_main:
            entries.append(
                (self.tr("Defaults\u2026"), "sliders-horizontal", self.defaults_requested)
            )
        if not self._card.model.embedded:
            entries.append((self.tr("Delete\u2026"), "trash-2", self.remove_requested))
        for text, name, signal in entries:
            menu.addAction(icon(name, palette.muted), text).triggered.connect(signal)
        self.more.setIcon(icon("ellipsis", palette.muted))
        self.more.setMenu(menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return menu


def _number(text: str, value: float | None) -> str | None:
    return None if value is None else filled(text, value=f"{value:g}")
