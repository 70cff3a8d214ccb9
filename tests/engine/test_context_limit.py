"""A limit of the context reaches what an NPU is compiled for, and nothing else."""

from __future__ import annotations

import pytest

from engine.context_limit import limit_context
from engine.errors import ParameterError
from engine.placement import LoadSpec, Placement, Properties, Strategy
from engine.placement_rules import npu_context_length, npu_prompt_limit


def spec(main: str, draft: str | None = None, **more: object) -> LoadSpec:
    drafts = draft is not None
    return LoadSpec(
        main_path="m",
        draft_path="d" if drafts else None,
        strategy=Strategy.DRAFT if drafts else Strategy.NONE,
        placement=Placement(main, draft),
        **more,  # type: ignore[arg-type]
    )


def test_an_npu_is_compiled_for_the_limit() -> None:
    limited = limit_context(spec("NPU", context_limit=4096))
    assert npu_context_length(limited.main_properties) == 4096
    assert npu_prompt_limit(limited.main_properties) == 4096 - 128


def test_the_answer_keeps_the_room_that_is_set_for_it() -> None:
    properties: Properties = (("MIN_RESPONSE_LEN", 512), ("MAX_PROMPT_LEN", 9999), ("X", 1))
    limited = limit_context(spec("NPU", context_limit=2048, main_properties=properties))
    assert dict(limited.main_properties) == {
        "MIN_RESPONSE_LEN": 512, "X": 1, "MAX_PROMPT_LEN": 1536,
    }  # fmt: skip


def test_a_draft_with_properties_of_its_own_is_compiled_for_it_too() -> None:
    both = limit_context(spec("NPU", "NPU", context_limit=2048, draft_properties=()))
    assert both.draft_properties == both.main_properties == (("MAX_PROMPT_LEN", 1920),)
    assert limit_context(spec("NPU", "NPU", context_limit=2048)).draft_properties is None
    alone = limit_context(spec("CPU", "NPU", context_limit=2048, draft_properties=()))
    assert (alone.main_properties, alone.draft_properties) == ((), (("MAX_PROMPT_LEN", 1920),))


@pytest.mark.parametrize(
    "plain", [spec("CPU", context_limit=512), spec("GPU", "CPU", context_limit=512), spec("NPU")]
)
def test_elsewhere_and_without_a_limit_nothing_changes(plain: LoadSpec) -> None:
    assert limit_context(plain) is plain


def test_a_limit_below_one_token_is_refused() -> None:
    with pytest.raises(ParameterError):
        spec("CPU", context_limit=0)
