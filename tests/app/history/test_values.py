"""The pure parts: headings by day, titles, answers made in two parts, figures that are compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.core.chat_groups import DayGroup, GroupKind, day_group
from app.core.chat_title import MAX_CHARACTERS, clean_title, first_words
from app.core.continued_answer import joined_report, next_step, shifted
from app.core.figure_rows import COMPARED, better, compared_rows, figure_rows
from app.core.translation import untranslated
from engine.events import TextSpan
from engine.metrics.definitions import accepted, tpot_s
from engine.metrics.report import GenerationReport, RuntimeFigures
from engine.params import GenerationParams

NOON = datetime(2026, 3, 10, 12, 0).astimezone()


def report(
    *runs: int, at_s: tuple[float, ...], drafted: int, **changes: object
) -> GenerationReport:
    """A report as the engine would make it of these runs."""
    count = sum(runs)
    tpot = tpot_s(
        first_at_s=at_s[0], last_at_s=at_s[-1], token_count=count, first_run_length=runs[0]
    )
    made = GenerationReport(
        finish_reason="length",
        strategy="draft",
        main_name="m",
        draft_name="d",
        main_device="CPU",
        draft_device="CPU",
        params=GenerationParams(),
        token_count=count,
        prompt_tokens=9,
        elapsed_s=at_s[-1],
        ttft_s=at_s[0],
        tpot_s=tpot,
        tokens_per_s=1 / tpot if tpot else None,
        accepted=accepted(runs),
        drafted=drafted,
        acceptance_rate=accepted(runs) / drafted,
        mean_acceptance_length=(count - runs[0]) / (len(runs) - 1),
        run_lengths=runs,
        run_times_s=at_s,
        versions=(),
        runtime=RuntimeFigures(),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        (-1, GroupKind.TODAY),
        (0, GroupKind.TODAY),
        (1, GroupKind.YESTERDAY),
        (2, GroupKind.WEEK),
        (8, GroupKind.WEEK),
        (9, GroupKind.MONTH),
    ],
)
def test_headings_go_by_the_calendar_day(days: int, kind: GroupKind) -> None:
    assert day_group(NOON - timedelta(days=days), NOON).kind is kind


def test_a_minute_before_midnight_is_yesterday() -> None:
    early = NOON.replace(hour=0, minute=5)
    assert day_group(early - timedelta(minutes=10), early).kind is GroupKind.YESTERDAY


def test_months_are_told_apart_by_year() -> None:
    assert day_group(NOON.replace(year=2025), NOON) == DayGroup(GroupKind.MONTH, 2025, 3)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Hello", "Hello"),
        ("  two\n lines  ", "two lines"),
        (
            "one two three four five six seven eight nine",
            "one two three four five six seven eight…",
        ),
        ("**Bold** `code`", "Bold code"),
        ("", ""),
    ],
)
def test_first_words(text: str, title: str) -> None:
    assert first_words(text) == title


def test_text_without_spaces_is_cut_by_length() -> None:
    assert len(first_words("投机解码" * 40)) == MAX_CHARACTERS


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ('"Baking rye bread."', "Baking rye bread"),
        ("Title: Rye bread\nIt is about bread.", "Rye bread"),
        ("<think>Let me see.\nA title.</think>\n\n**Rye bread**", "Rye bread"),
        ("<think>It never ends", ""),
        ("标题：《烤面包》", "烤面包"),
        ("", ""),
    ],
)
def test_a_title_is_taken_out_of_an_answer(answer: str, title: str) -> None:
    assert clean_title(answer) == title


def test_a_long_title_is_cut_between_words() -> None:
    title = clean_title("word " * 40)
    assert len(title) <= MAX_CHARACTERS
    assert title.endswith("word…")


def test_two_parts_have_the_figures_of_all_their_runs() -> None:
    first = report(1, 4, 2, at_s=(0.5, 0.7, 0.9), drafted=8)
    second = report(1, 3, at_s=(0.2, 0.4), drafted=4, finish_reason="end")
    both = joined_report(first, second)
    assert both is not None
    assert both.token_count == 11
    assert both.run_lengths == (1, 4, 2, 1, 3)
    assert both.finish_reason == "end"
    assert both.ttft_s == 0.5
    assert both.elapsed_s == pytest.approx(1.3)
    assert both.run_times_s == pytest.approx((0.5, 0.7, 0.9, 1.1, 1.3))
    assert both.accepted == 3 + 1 + 2
    assert both.acceptance_rate == pytest.approx(6 / 12)
    # 0.4 s for 6 tokens and 0.2 s for 3: neither prefill counts.
    assert both.tpot_s == pytest.approx(0.6 / 9)
    assert both.mean_acceptance_length == pytest.approx((4 + 2 + 3) / 3)


def test_a_part_without_figures_leaves_those_of_the_other() -> None:
    only = report(1, 2, at_s=(0.1, 0.2), drafted=3)
    assert joined_report(None, only) is only
    assert joined_report(only, None) is only
    assert joined_report(None, None) is None


def test_steps_of_the_second_part_count_on() -> None:
    spans = (
        TextSpan(characters=3, step=0, accepted=False),
        TextSpan(characters=2, step=4, accepted=True),
    )
    assert next_step(spans, None) == 5
    assert next_step((), report(1, 2, at_s=(0.1, 0.2), drafted=3)) == 2
    assert next_step((), None) == 0
    assert [span.step for span in shifted(spans, 5)] == [5, 9]


def test_every_figure_has_a_definition() -> None:
    rows = figure_rows(report(1, 2, at_s=(0.1, 0.2), drafted=3), untranslated)
    assert all(row.name and row.value and row.definition for row in rows)
    assert set(COMPARED) <= {row.key for row in rows}
    assert set(compared_rows(None, untranslated)) == set(COMPARED)


def test_what_is_better_is_said_only_where_it_can_be() -> None:
    slow = report(1, 2, at_s=(0.2, 0.6), drafted=3)
    fast = report(1, 2, at_s=(0.1, 0.2), drafted=3)
    assert better("rate", slow, fast) == 1
    assert better("ttft", slow, fast) == 1
    assert better("elapsed", fast, slow) == 0
    assert better("rate", slow, slow) is None
    assert better("acceptance", slow, fast) is None, "a means, not an end"
    longer = report(1, 3, at_s=(0.1, 0.2), drafted=3)
    assert better("elapsed", slow, longer) is None, "another length takes another time"
