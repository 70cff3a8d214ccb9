"""Every error code has a title, a sentence and a way on."""

import re
from dataclasses import replace

import pytest

from app.core.error_entries import ACTION_LABELS, ERROR_ENTRIES, ErrorAction
from app.core.error_text import error_text
from app.core.translation import untranslated
from engine.errors import ErrorCode, ErrorInfo


@pytest.mark.parametrize("code", list(ErrorCode))
def test_every_code_has_a_title_a_sentence_and_an_action(code: ErrorCode) -> None:
    text = error_text(ErrorInfo(code=code, message="facts"), untranslated)
    assert text.title
    assert not text.title.endswith(".")
    assert re.fullmatch(r"[A-Z“][^{}]*\.", text.sentence)
    assert text.action_label == ACTION_LABELS[text.action]


def test_every_action_has_a_label() -> None:
    assert set(ACTION_LABELS) == set(ErrorAction)


def test_no_two_codes_share_a_sentence() -> None:
    sentences = [entry.sentence for entry in ERROR_ENTRIES.values()]
    assert len(set(sentences)) == len(sentences)


def test_facts_fill_the_sentence() -> None:
    info = ErrorInfo(
        code=ErrorCode.PARAMETER_UNSUPPORTED, message="x", facts=(("parameter", "top_k"),)
    )
    assert "“top_k”" in error_text(info, untranslated).sentence


def test_a_missing_fact_is_a_dash() -> None:
    info = ErrorInfo(code=ErrorCode.INVALID_PARAMETER, message="x")
    assert "“–”" in error_text(info, untranslated).sentence


def test_the_translator_is_asked_for_everything() -> None:
    info = ErrorInfo(code=ErrorCode.OUT_OF_MEMORY, message="x")
    text = error_text(info, lambda context, source: f"{context}/{source}")
    assert all(
        part.startswith("ErrorText/") for part in (text.title, text.sentence, text.action_label)
    )


def test_a_refused_pair_says_what_the_pair_checker_says() -> None:
    info = ErrorInfo(
        code=ErrorCode.MODEL_UNSUPPORTED,
        message="refused",
        facts=(("draft", 200), ("main", 100), ("reason", "draft_logits_larger")),
    )
    assert "more output tokens (200) than the main (100)" in error_text(info, untranslated).sentence
    plain = replace(info, facts=(("reason", "gguf"),))
    assert error_text(plain, untranslated).sentence.startswith("This kind of model")
