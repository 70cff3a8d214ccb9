"""From checks to statements: what is proven, what is not. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import ErrorInfo
from engine.verify.report import (
    Conclusion,
    GreedyCheck,
    Precision,
    Remark,
    SamplingCheck,
    Statement,
)

SIGNIFICANCE = 0.001
"""Chance of a false alarm over all sampling tests of a report together."""
ROUNDING_GAP = 0.5
"""Logits closer than this can change places by rounding of 8-bit activations or bf16."""


def judge_greedy(check: GreedyCheck) -> Remark:
    """What a greedy check says."""
    facts: tuple[tuple[str, str | int | float], ...] = (
        ("precision", str(check.precision)),
        ("prompts", check.prompts),
    )
    if check.is_equal:
        return Remark(statement=Statement.GREEDY_EQUAL, facts=(*facts, ("tokens", check.tokens)))
    facts = (*facts, ("different", len(check.divergences)))
    gaps = [abs(d.logit_gap) for d in check.divergences if d.logit_gap is not None]
    if len(gaps) == len(check.divergences) and max(gaps) <= ROUNDING_GAP:
        facts = (*facts, ("largest_gap", max(gaps)))
        return Remark(statement=Statement.GREEDY_DIFFERS_BY_ROUNDING, facts=facts)
    return Remark(statement=Statement.GREEDY_DIFFERS, facts=facts)


def judge_sampling(checks: Sequence[SamplingCheck]) -> Remark | None:
    """What all sampling checks together say; None without any."""
    if not checks:
        return None
    tests = [test for check in checks for test in (check.first_token, check.first_two_tokens)]
    telling = [test for test in tests if test.degrees > 0]
    samples = sum(check.first_token.samples[1] for check in checks)
    if not telling:
        return Remark(statement=Statement.SAMPLING_SAYS_NOTHING, facts=(("samples", samples),))
    lowest = min(test.p_value for test in telling)
    differs = lowest < SIGNIFICANCE / len(telling)
    return Remark(
        statement=Statement.SAMPLING_DIFFERS if differs else Statement.SAMPLING_AGREES,
        facts=(("samples", samples), ("tests", len(telling)), ("p_value", lowest)),
    )


def conclude(
    greedy: Sequence[GreedyCheck],
    remarks: Sequence[Remark],
    errors: Sequence[tuple[str, ErrorInfo]],
) -> Conclusion:
    """Equal only when the most exact check found it so and nothing speaks against it."""
    statements = {remark.statement for remark in remarks}
    at_f32 = [check for check in greedy if check.precision is Precision.F32]
    if Statement.SAMPLING_DIFFERS in statements or any(not c.is_equal for c in at_f32):
        return Conclusion.DIFFERENT
    if Statement.GREEDY_DIFFERS in statements and not at_f32:
        return Conclusion.DIFFERENT
    most_exact = at_f32 or list(greedy)
    is_equal = bool(most_exact) and all(check.is_equal for check in most_exact)
    if not is_equal or errors or Statement.STOPPED in statements:
        return Conclusion.UNDECIDED
    return Conclusion.EQUAL
