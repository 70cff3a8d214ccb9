"""What a verification is told. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import ParameterError
from engine.lab.cells import Cell, CellGroup
from engine.lab.plan import LabPlan
from engine.lab.prompts import LabPrompt
from engine.placement import Placement, Strategy
from engine.verify.report import Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyPlan:
    """What is verified: a cell of a Lab plan against plain decoding on its main device.

    Raises:
        ParameterError: plain decoding cannot be verified against itself.
    """

    plan: LabPlan
    cell: Cell
    prompts: tuple[LabPrompt, ...]
    max_new_tokens: int = 48
    precisions: tuple[Precision, ...] = (Precision.F32, Precision.DEFAULT)
    samples: int = 1000
    """Per prompt and pipeline; 0 leaves sampling out."""
    sampling_prompts: int = 2
    temperature: float = 1.0
    seed: int = 1

    def __post_init__(self) -> None:
        if self.cell.is_plain or not self.prompts:
            raise ParameterError("There is nothing to verify.", parameter="strategy")

    @property
    def plain_group(self) -> CellGroup:
        """Plain decoding on the cell's main device."""
        return CellGroup(
            strategy=Strategy.NONE, placement=Placement(self.cell.group.placement.main_device)
        )

    @property
    def possible_precisions(self) -> tuple[Precision, ...]:
        """The NPU computes in f16, whatever it is told."""
        if not self.cell.group.placement.uses_npu:
            return self.precisions
        return (Precision.DEFAULT,)

    @property
    def answers(self) -> int:
        """Answers in all."""
        greedy = 2 * len(self.possible_precisions) * len(self.prompts)
        return greedy + 2 * self.samples * min(self.sampling_prompts, len(self.prompts))
