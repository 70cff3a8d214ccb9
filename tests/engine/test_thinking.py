"""Marks of thinking: what a prompt opens, and answers without their thinking."""

from __future__ import annotations

import pytest

from engine.thinking import KNOWN_MARKS, ThinkingMarks, opened_by_prompt, without_thinking


@pytest.mark.parametrize("marks", KNOWN_MARKS, ids=lambda marks: marks.start)
def test_an_opened_prompt_is_known(marks: ThinkingMarks) -> None:
    opening = opened_by_prompt(f"<|user|>Hi<|assistant|>{marks.start}\n")
    assert opening == f"{marks.start}\n"
    assert opened_by_prompt(f"<|assistant|>{marks.start}\n\n{marks.end}\n\n") == ""


def test_other_prompts_open_nothing() -> None:
    assert opened_by_prompt("") == ""
    assert opened_by_prompt("What does <think> do?<|assistant|>") == ""


@pytest.mark.parametrize(
    ("answer", "rest"),
    [
        ("<think>\nHm.\n</think>\n\nYes.", "\n\nYes."),
        ("Hm.\n</think>\n\nYes.", "\n\nYes."),
        ("<think>\nHm", ""),
        ("The mark </think> ends it.", "The mark </think> ends it."),
    ],
)
def test_answers_without_thinking(answer: str, rest: str) -> None:
    assert without_thinking(answer) == rest
