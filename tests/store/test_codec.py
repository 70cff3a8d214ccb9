"""Spans and reports go through bytes and JSON exactly; damage is noticed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.store.codec import (
    clean_text,
    pack_spans,
    report_from_plain,
    report_to_plain,
    unpack_spans,
)
from engine.events import TextSpan
from engine.metrics.report import LengthDecision, LengthReason
from engine.params import GenerationParams
from tests.store.bench import make_report

_SPANS = st.lists(
    st.builds(
        TextSpan,
        characters=st.integers(0, 2**32 - 1),
        step=st.integers(0, 2**31 - 1),
        accepted=st.booleans(),
    )
)


@given(spans=_SPANS)
def test_spans_survive_packing(spans: list[TextSpan]) -> None:
    assert unpack_spans(pack_spans(spans)) == tuple(spans)


def test_spans_of_a_long_answer_pack_tightly() -> None:
    spans = [TextSpan(characters=3 + n % 4, step=n // 4, accepted=n % 4 > 0) for n in range(10_000)]
    packed = pack_spans(spans)
    assert packed is not None
    assert len(packed) < 2 * len(spans)


@given(damaged=st.binary())
def test_other_bytes_are_refused(damaged: bytes) -> None:
    with pytest.raises(ValueError, match="packed spans"):
        unpack_spans(damaged)


def test_a_report_survives_json() -> None:
    report = make_report()
    assert report_from_plain(json.loads(json.dumps(report_to_plain(report)))) == report


DECISION = LengthDecision(
    num_assistant_tokens=4,
    reason=LengthReason.BEST_EXPECTED,
    acceptance_rate=0.71,
    acceptance_by_position=(0.8, 0.7),
    draft_cost_ratio=0.11,
    main_step_s=0.05,
    expected_tokens_per_s=38.0,
    expected_speed_up=1.9,
    plain_is_measured=False,
    iterations=120,
    curve=((1, 1.4), (2, 1.9)),
)


def test_where_a_draft_length_came_from_survives_json() -> None:
    params = GenerationParams(num_assistant_tokens=4, auto_num_assistant_tokens=True)
    report = make_report(length_decision=DECISION, params=params)
    assert report_from_plain(json.loads(json.dumps(report_to_plain(report)))) == report


@pytest.mark.parametrize(
    "changes", [{"reason": "of a newer version"}, {"curve": "?"}, {"iterations": None}]
)
def test_a_decision_that_cannot_be_read_takes_no_figure_with_it(changes: dict[str, Any]) -> None:
    plain = report_to_plain(make_report(length_decision=DECISION))
    plain["length_decision"] |= changes
    assert report_from_plain(plain) == make_report()


def test_a_report_of_a_newer_version_is_read_as_far_as_known() -> None:
    plain = report_to_plain(make_report()) | {"joules": 3.5}
    assert report_from_plain(plain) == make_report()


@pytest.mark.parametrize(
    "change",
    [
        {"token_count": "many"},
        {"token_count": True},
        {"run_lengths": [1, "x"]},
        {"versions": [["openvino"]]},
        {"params": {"temperature": 99.0}},
        {"params": []},
        {"runtime": None},
    ],
)
def test_a_wrong_report_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        report_from_plain(report_to_plain(make_report()) | change)


def test_a_report_with_a_missing_field_is_refused() -> None:
    plain = report_to_plain(make_report())
    del plain["strategy"]
    with pytest.raises(ValueError, match="strategy"):
        report_from_plain(plain)
    with pytest.raises(ValueError, match="object"):
        report_from_plain([plain])


@given(text=st.text(st.characters(exclude_categories=[])))
def test_cleaned_text_can_be_written_and_keeps_its_length(text: str) -> None:
    assert len(clean_text(text).encode().decode()) == len(text)
