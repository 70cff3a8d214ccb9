"""What a verification found and what it proves. Values only, codes instead of sentences."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from engine.errors import ErrorInfo
from engine.lab.cells import CellGroup
from engine.verify.chi_square import ChiSquare

FORMAT: Final = 1


class Precision(StrEnum):
    """How the models compute."""

    F32 = "f32"
    """No activation in 8 bits either: rounding hardly ever changes a token. Not on an NPU."""
    DEFAULT = "default"
    """What chats use; batches of another shape may round the other way."""


class Statement(StrEnum):
    """What may be said after a verification."""

    GREEDY_EQUAL = "greedy_equal"
    """Facts: precision, prompts, tokens."""
    GREEDY_DIFFERS_BY_ROUNDING = "greedy_differs_by_rounding"
    """Every difference begins where the two tokens are nearly as likely. Facts: precision, prompts,
    different, largest_gap (logits)."""
    GREEDY_DIFFERS = "greedy_differs"
    """Facts: precision, prompts, different."""
    SAMPLING_AGREES = "sampling_agrees"
    """No difference was found; that proves none. Facts: samples, tests, p_value (lowest)."""
    SAMPLING_DIFFERS = "sampling_differs"
    """Facts: samples, p_value."""
    SAMPLING_SAYS_NOTHING = "sampling_says_nothing"
    """Too few values to tell anything. Facts: samples."""
    SAMPLING_NOT_OFFERED = "sampling_not_offered"
    """The runtime refuses it for this placement. Facts: reason."""
    NOT_CHECKED = "not_checked"
    """Facts: part, code of the error."""
    STOPPED = "stopped"


class Conclusion(StrEnum):
    """The whole in one word."""

    EQUAL = "equal"
    """Equal at f32; whatever else was looked at shows nothing against it."""
    DIFFERENT = "different"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """The first token in which two greedy answers to a prompt differ."""

    prompt_index: int
    position: int
    """Tokens that agree before it."""
    plain_token: int | None
    """None where plain decoding had ended."""
    strategy_token: int | None
    logit_gap: float | None = None
    """Logit of the plain token minus that of the other, computed afresh at f32 over the common
    text; near 0 means a coin's toss. None where it was not computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GreedyCheck:
    """Greedy answers with and without the strategy."""

    precision: Precision
    prompts: int
    tokens: int
    """Compared."""
    divergences: tuple[Divergence, ...]

    @property
    def is_equal(self) -> bool:
        """Whether every answer agreed to the last token."""
        return not self.divergences


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingCheck:
    """Frequencies of the first token, and of the first two, against plain sampling."""

    prompt_index: int
    temperature: float
    first_token: ChiSquare
    first_two_tokens: ChiSquare


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A statement with its numbers."""

    statement: Statement
    facts: tuple[tuple[str, str | int | float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """Everything that was checked."""

    format: int = FORMAT
    main: str
    group: CellGroup
    num_assistant_tokens: int | None
    greedy: tuple[GreedyCheck, ...]
    sampling: tuple[SamplingCheck, ...]
    errors: tuple[tuple[str, ErrorInfo], ...]
    """Parts that could not be checked."""
    remarks: tuple[Remark, ...]
    conclusion: Conclusion
    versions: tuple[tuple[str, str], ...] = ()
