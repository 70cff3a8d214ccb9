"""The pages say what the report says, and what was not measured."""

from __future__ import annotations

from typing import Any

import pytest
from reporting.pages import full_report, quiet_line
from reporting.summary import defaults_page, readme_table


def _point(length: int, measured: float) -> dict[str, Any]:
    return {
        "num_assistant_tokens": length,
        "measured": measured,
        "low": measured - 0.1,
        "high": measured + 0.1,
        "predicted": 2.0,
        "tokens_per_iteration": 3.0,
        "verification_cost": 1.2,
        "main_share": 0.8,
        "draft_share": 0.1,
        "same_text": 1.0,
    }


def _speculation(*gains: float, small_pages: bool = False) -> dict[str, Any]:
    pair = {
        "draft": [_point(length, value) for length, value in enumerate(gains, 2)],
        "prompt_lookup": {"median": 1.1, "low": 1.0, "high": 1.2},
        "sampled": {
            "temperature": 0.7,
            "num_assistant_tokens": 3,
            "draft_as_it_is": {"median": 1.5, "low": 1.4, "high": 1.6, "tokens_per_iteration": 2.0},
            "greedy_draft": {"median": 1.9, "low": 1.8, "high": 2.0, "tokens_per_iteration": 2.5},
        },
        "best": max(gains),
        "best_num_assistant_tokens": 2 + gains.index(max(gains)),
        "goal": 2.5,
    }
    return {"bench": "speculation", "small_pages": small_pages, "pairs": {"int8 + 1/15": pair}}


@pytest.fixture
def report() -> dict[str, Any]:
    machine = {
        "date": "2026-01-02",
        "cpu": "A processor",
        "cores": 2,
        "threads": 2,
        "memory_bytes": 8 * 2**30,
        "system": "Linux",
        "python": "3.11.7",
        "versions": {"openvino-genai": "2026.4.1"},
    }
    results = {
        "speculation": _speculation(2.31, 2.62, 2.5),
        "speculation with small pages": _speculation(2.71, small_pages=True),
        "startup": {"with_engine_median_s": 0.4321, "machine_before": {"quiet": True}},
    }
    return {"machine": machine, "parameters": 1.0e9, "results": results}


def test_sampled_answers_have_their_rows(report: dict[str, Any]) -> None:
    page = full_report(report)
    assert "3, temperature 0.7, draft as it is | 1.50x (1.40 to 1.60) |  | 2.00" in page
    assert "3, temperature 0.7, greedy draft | 1.90x" in page


def test_the_readme_has_the_best_length_of_every_pair(report: dict[str, Any]) -> None:
    table = readme_table(report)

    row = "| decode rate with a draft over plain, 1 B main int8 + 1/15 | "
    assert f"{row}2.62x (2.52 to 2.72) at 3 tokens | 2.5x |" in table
    assert "int8 + 1/15, small pages | 2.71x" in table
    assert "2026-01-02, A processor, 2 cores, 2 threads, 8 GiB" in table
    assert "python3 dev.py bench" in table


def test_what_was_not_measured_is_said(report: dict[str, Any]) -> None:
    rows = readme_table(report).splitlines()

    assert [row for row in rows if "first paint" in row] == [
        "| process start to first paint, median of 10, s | 0.43 | 0.5 |"
    ]
    assert ["not measured" in row for row in rows if "time to first token" in row] == [True]


def test_the_curve_stands_beside_the_formula(report: dict[str, Any]) -> None:
    page = full_report(report)

    assert "| int8 + 1/15 | 4 | 2.50x (2.40 to 2.60) | 2.00x | 3.00 | 1.20 | 80% / 10% |" in page
    assert "## Other runtimes\n\nNot measured." in page


def test_defaults_name_the_figure_that_chose_them(report: dict[str, Any]) -> None:
    page = defaults_page(report)

    assert "of a best 2.62x at 3" in page
    assert "| threads | the runtime's: all cores | not measured |" in page


def test_a_busy_machine_is_named(report: dict[str, Any]) -> None:
    assert quiet_line(report).startswith("Nothing else ran")

    report["results"]["startup"]["machine_before"] = {"quiet": False, "busy_share": 0.4}

    assert quiet_line(report).endswith("startup 40%.")
