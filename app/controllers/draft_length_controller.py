"""Follows the engine's decisions about the draft length: sets a draft aside that does not pay."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.controllers.generation_controller import GenerationController
from app.controllers.load_controller import LoadController
from engine.events import EngineEvent, LengthDecided
from engine.metrics.report import LengthDecision, LengthReason
from engine.placement import Strategy


class DraftLengthController(QObject):
    """What is decided for the next answer, while the draft length is automatic.

    Guarantees: the strategy the user chose stays chosen; a draft that is set aside comes back when
    plain decoding turns out slower, when the user asks, and in another chat.
    """

    decided = Signal(object)  # LengthDecision of the next answer, or None
    set_aside = Signal(object)  # LengthDecision: the models are loaded without the draft
    taken_back = Signal(object)  # LengthDecision: they are loaded with it again

    def __init__(
        self, loads: LoadController, generation: GenerationController, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._loads = loads
        self._generation = generation
        self._decision: LengthDecision | None = None
        generation.changed.connect(lambda _: self._on_settings())
        loads.loaded.connect(lambda _: self._on_loaded())

    @property
    def decision(self) -> LengthDecision | None:
        """Of the next answer; None before there is one."""
        return self._decision

    def on_event(self, event: EngineEvent) -> None:
        """Take an engine event on the GUI thread."""
        # A decision about models that are no longer wanted does not count.
        if isinstance(event, LengthDecided) and not self._loads.is_loading:
            self._show(event.decision)
            if self._generation.current.auto_draft_length:
                self._follow(event.decision)

    def use_draft(self) -> None:
        """Try the draft again."""
        self._loads.choose(replace(self._loads.choice, draft_rests=False))

    def _follow(self, decision: LengthDecision) -> None:
        choice = self._loads.choice
        is_plain = decision.reason is LengthReason.PLAIN_IS_FASTER
        if is_plain and choice.effective_strategy is Strategy.DRAFT:
            self._loads.choose(replace(choice, draft_rests=True))
            self.set_aside.emit(decision)
        elif choice.draft_rests and not is_plain:
            self.use_draft()
            self.taken_back.emit(decision)

    def _on_settings(self) -> None:
        if not self._generation.current.auto_draft_length:
            self.use_draft()

    def _on_loaded(self) -> None:
        """What was decided for another pipeline tells nothing about this one."""
        if not self._loads.choice.draft_rests:
            self._show(None)

    def _show(self, decision: LengthDecision | None) -> None:
        if decision != self._decision:
            self._decision = decision
            self.decided.emit(decision)
