"""The line of figures under an answer."""

from collections.abc import Callable

from app.core.answer_figures import figure_texts, footer_text
from app.core.translation import untranslated
from engine.metrics.report import GenerationReport, LiveStats

MakeReport = Callable[..., GenerationReport]


def test_footer_says_every_measured_figure(make_report: MakeReport) -> None:
    text = footer_text(make_report(), untranslated)
    assert text.split("  ·  ") == [
        "1\u202f234 tokens",
        "142 tok/s",
        "TTFT 210\u202fms",
        "accepted 800 of 1\u202f000 (80\u202f%)",
        "mean acceptance length 3.41",
    ]


def test_footer_leaves_out_what_was_not_measured(make_report: MakeReport) -> None:
    report = make_report(
        token_count=1, tokens_per_s=None, ttft_s=None, drafted=None, finish_reason="stopped"
    )
    assert footer_text(report, untranslated) == "1 token  ·  stopped"


def test_footer_says_when_the_limit_cut_the_answer(make_report: MakeReport) -> None:
    assert "cut at the token limit" in footer_text(
        make_report(finish_reason="length"), untranslated
    )


def test_plain_decoding_shows_no_acceptance() -> None:
    texts = figure_texts(LiveStats(token_count=3, elapsed_s=1.0, mean_acceptance_length=1.0))
    assert (texts.acceptance_rate, texts.accepted_of_drafted, texts.mean_acceptance_length) == (
        "–",
        "–",
        "–",
    )
    assert texts.tokens == "3"
