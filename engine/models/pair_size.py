"""How large a draft pays for a main, by rule of thumb. The measured answer is the comparison's."""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.reasons import Reason, ReasonCode, remark

_BILLION = 1_000_000_000
# (main below, largest draft as a share of the main): about 1 of 7, 3 of 14, 7 of 32 billion.
_SHARES = ((10 * _BILLION, 0.17), (20 * _BILLION, 0.22))
_LARGEST_SHARE = 0.25


def largest_useful_draft(main_parameters: int) -> int:
    """Parameters above which a draft costs about as much as it saves."""
    share = next((s for limit, s in _SHARES if main_parameters < limit), _LARGEST_SHARE)
    return int(main_parameters * share)


def size_reasons(main_parameters: int | None, draft_parameters: int | None) -> Iterator[Reason]:
    """A remark when the draft is large for this main; nothing when a size is unknown."""
    if main_parameters is None or draft_parameters is None:
        return
    facts = {"main_parameters": main_parameters, "draft_parameters": draft_parameters}
    if draft_parameters >= main_parameters:
        yield remark(ReasonCode.DRAFT_NOT_SMALLER, **facts)
    elif draft_parameters > largest_useful_draft(main_parameters):
        largest = largest_useful_draft(main_parameters)
        yield remark(ReasonCode.DRAFT_LARGE, largest_useful=largest, **facts)
