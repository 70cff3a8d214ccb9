"""What the user picked for the next load, and the LoadSpec that follows from it. No Qt, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from engine.metrics.definitions import DEFAULT_NUM_ASSISTANT_TOKENS
from engine.placement import LoadSpec, Placement, Strategy


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPair:
    """A main model and, perhaps, the draft that goes with it."""

    main_name: str
    main_path: Path
    draft_name: str | None = None
    draft_path: Path | None = None
    is_demonstration: bool = False
    """The small pair that comes with the program."""
    is_scripted: bool = False
    """No model at all: invented text, to show the window."""

    def moved(self, old: Path, new: Path) -> ModelPair:
        """The same pair after the folder `old` went to `new`; models elsewhere stay."""
        draft = self.draft_path
        return replace(
            self,
            main_path=_moved(self.main_path, old, new),
            draft_path=None if draft is None else _moved(draft, old, new),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadChoice:
    """Pair, strategy and placement. The draft's part is kept while another strategy is chosen."""

    pair: ModelPair
    strategy: Strategy = Strategy.DRAFT
    main_device: str = "CPU"
    draft_device: str = "CPU"
    num_assistant_tokens: int = DEFAULT_NUM_ASSISTANT_TOKENS
    context_limit: int | None = None
    """Most tokens of prompt and answer; None is what the model can."""
    draft_rests: bool = False
    """The draft is set aside for now: with it decoding is slower, as was measured."""

    @property
    def effective_strategy(self) -> Strategy:
        """The strategy that is possible: without a draft model `draft` is plain decoding."""
        has_draft = self.pair.draft_path is not None and not self.draft_rests
        if self.strategy is Strategy.DRAFT and not has_draft:
            return Strategy.NONE
        return self.strategy

    @property
    def allows_auto_length(self) -> bool:
        """Whether the engine can choose the draft length: there is a draft, and no NPU."""
        on_npu = "NPU" in (self.main_device, self.draft_device)
        return self.strategy is Strategy.DRAFT and not on_npu

    def after(self, before: LoadChoice) -> LoadChoice:
        """This choice, with the draft in use again where it was set aside for other models, on
        other devices."""
        if not (self.draft_rests and before.draft_rests):
            return self
        same = replace(before, num_assistant_tokens=self.num_assistant_tokens) == self
        return self if same else replace(self, draft_rests=False)

    def on_cpu(self) -> LoadChoice:
        """The same pair with both models on the CPU."""
        return replace(self, main_device="CPU", draft_device="CPU")

    def to_spec(self, *, sampling: bool, uses_threshold: bool = False) -> LoadSpec:
        """Build what the engine loads.

        Args:
            sampling: whether answers with a temperature above 0 will be asked for. On the CPU
                that needs no other pipeline, so that it loads nothing anew there.
            uses_threshold: whether an assistant_confidence_threshold will be asked for. On the
                CPU the draft is built for it, so that turning it on or off loads anew.
        """
        strategy = self.effective_strategy
        drafts = strategy is Strategy.DRAFT
        placement = Placement(
            main_device=self.main_device, draft_device=self.draft_device if drafts else None
        )
        return LoadSpec(
            main_path=str(self.pair.main_path),
            draft_path=str(self.pair.draft_path) if drafts else None,
            strategy=strategy,
            placement=placement,
            sampling=sampling and drafts and not placement.is_cpu_only,
            greedy_draft=drafts and placement.is_cpu_only and not uses_threshold,
            num_assistant_tokens=self.num_assistant_tokens if placement.uses_npu else None,
            context_limit=self.context_limit,
        )


def _moved(path: Path, old: Path, new: Path) -> Path:
    return new / path.relative_to(old) if path.is_relative_to(old) else path
