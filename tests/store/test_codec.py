"""Spans and reports go through bytes and JSON exactly; damage is noticed."""

from __future__ import annotations

import json

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
