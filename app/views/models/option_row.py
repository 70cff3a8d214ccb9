"""One way to speculate for a main model: verdict, reasons, and the button that follows from it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal

from app.core.formatting import size
from app.core.model_text import kind_text, parameters_text, reasons_text, verdict_text
from app.palette import Palette
from app.views.labels import ElidedLabel, label
from app.views.models.parts import VERDICT_BADGES, Card, badge, button, joined, row
from engine.models.manifest import ModelKind
from engine.models.pairing import DraftOption, OptionOrigin
from engine.models.reasons import Verdict

translate = QCoreApplication.translate


class OptionRow(Card):
    """Signals: `use_requested()`; `get_requested()` for a draft that is not here yet."""

    use_requested = Signal()
    get_requested = Signal()

    def __init__(self, option: DraftOption, palette: Palette, *, in_use: bool) -> None:
        del palette
        super().__init__(name=option.name or "", role="chosen" if in_use else "card")
        self.option = option
        self.column.setContentsMargins(14, 10, 12, 10)
        self.column.setSpacing(4)
        title = self._title()
        self.setAccessibleName(title)
        name = ElidedLabel(role="strong")
        name.show_text(title)
        verdict = badge(verdict_text(option.verdict, translate), VERDICT_BADGES[option.verdict])
        head = self._head = row(name, verdict)
        head.setStretchFactor(name, 1)
        if option.recommended:
            head.insertWidget(1, badge(self.tr("Recommended"), "accent"))
        if in_use:
            head.insertWidget(1, badge(self.tr("In use"), "accent"))
        self.action = button("")
        self._set_action(title, in_use=in_use)
        head.addWidget(self.action)
        self.column.addLayout(head)
        if option.parameters or option.size_bytes:
            is_head = option.kind not in (None, ModelKind.LLM)
            facts = joined(
                kind_text(option.kind, translate) if is_head and option.kind else None,
                parameters_text(option.parameters) if option.parameters else None,
                size(option.size_bytes) if option.size_bytes else None,
            )
            self.column.addWidget(label(facts, role="caption"))
        reasons = reasons_text(option.reasons, translate)
        if reasons:
            self.column.addWidget(label(reasons, role="muted", wrap=True))

    @property
    def is_usable(self) -> bool:
        """Whether it can be used as it is."""
        return self.option.verdict is not Verdict.IMPOSSIBLE and not self._is_away

    def mark_default(self) -> None:
        """Say that the defaults of the main model would take this one."""
        self._head.insertWidget(1, badge(self.tr("Default"), "accent"))

    @property
    def _is_away(self) -> bool:
        return self.option.origin is OptionOrigin.CATALOG

    def _title(self) -> str:
        match self.option.origin:
            case OptionOrigin.PROMPT_LOOKUP:
                return self.tr("Prompt lookup: no second model")
            case OptionOrigin.OWN:
                return self.tr("{model} as its own draft").format(model=self.option.name)
            case _:
                return self.option.name or self.option.model_id or ""

    def _set_action(self, title: str, *, in_use: bool) -> None:
        if self._is_away:
            text, signal = self.tr("Get this draft"), self.get_requested
        elif self.option.origin is OptionOrigin.PROMPT_LOOKUP:
            text, signal = self.tr("Use prompt lookup"), self.use_requested
        else:
            text, signal = self.tr("Use this pair"), self.use_requested
        self.action.setText(text)
        self.action.setAccessibleName(self.tr("{action}: {draft}").format(action=text, draft=title))
        self.action.setEnabled(self.option.verdict is not Verdict.IMPOSSIBLE)
        self.action.clicked.connect(signal)
        if self.option.recommended and self.action.isEnabled() and not in_use:
            self.action.setProperty("role", "primary")
