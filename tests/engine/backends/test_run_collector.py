"""Runs as the runtime delivers them become `Run` values; nothing escapes into the runtime."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from engine.backends.base import Run, Work
from engine.backends.run_streamer import RunCollector, make_streamer


class Letters:
    """Token 65 reads "A"; token 0 completes nothing until the next token comes."""

    def __init__(self) -> None:
        self._held = 0

    def add(self, tokens: Sequence[int]) -> str:
        text = ""
        for token in tokens:
            if token == 0:
                self._held += 1
            else:
                text += "?" * self._held + chr(token)
                self._held = 0
        return text

    def flush(self) -> str:
        held, self._held = self._held, 0
        return "!" * held


def make(**options: Any) -> tuple[RunCollector, list[Run]]:
    runs: list[Run] = []
    settings: dict[str, Any] = {
        "on_run": runs.append,
        "is_stopped": lambda: False,
        "has_candidates": True,
    }
    return RunCollector(Letters(), **{**settings, **options}), runs


def spans(run: Run) -> list[tuple[int, int, bool]]:
    return [(span.characters, span.step, span.accepted) for span in run.spans]


def test_all_but_the_last_token_of_later_runs_are_accepted_drafts() -> None:
    collector, runs = make()
    for tokens in ([65], [66, 67, 68], [69]):
        assert collector.take(tokens)
    collector.finish()
    assert [run.text for run in runs] == ["A", "BCD", "E"]
    assert [spans(run) for run in runs] == [
        [(1, 0, False)],
        [(2, 1, True), (1, 1, False)],
        [(1, 2, False)],
    ]
    assert [run.token_count for run in runs] == [1, 3, 1]
    assert collector.token_count == 5


def test_a_long_first_run_is_the_main_models_own() -> None:
    collector, runs = make()
    collector.take([65, 66])
    assert spans(runs[0]) == [(2, 0, False)]


def test_plain_decoding_has_no_accepted_drafts() -> None:
    collector, runs = make(has_candidates=False)
    collector.take([65])
    collector.take([66, 67])
    assert spans(runs[1]) == [(2, 1, False)]


def test_text_belongs_to_the_token_that_completes_it() -> None:
    collector, runs = make()
    collector.take([65])
    collector.take([0, 66])
    collector.take([0])
    collector.finish()
    assert [(run.text, spans(run)) for run in runs] == [
        ("A", [(1, 0, False)]),
        ("?B", [(2, 1, False)]),
        ("", []),
        ("!", [(1, 2, False)]),
    ]
    assert [run.token_count for run in runs] == [1, 2, 1, 0]


def test_what_the_prompt_has_written_goes_before_the_first_text() -> None:
    collector, runs = make()
    collector.opening = "<think>\n"
    collector.take([0])
    collector.take([65])
    collector.take([66])
    assert [(run.text, spans(run)) for run in runs] == [
        ("", []),
        ("<think>\n?A", [(10, 1, False)]),
        ("B", [(1, 2, False)]),
    ]
    assert collector.token_count == 3


def test_the_runtime_may_end_twice() -> None:
    collector, runs = make()
    collector.take([0])
    collector.finish()
    collector.finish()
    assert [run.text for run in runs] == ["", "!"]


def test_nothing_is_shown_after_a_stop() -> None:
    asked = [False, True, True]
    collector, runs = make(is_stopped=lambda: asked.pop(0))
    assert collector.take([65])
    assert not collector.take([66])
    assert not collector.take([67])
    collector.finish()
    assert collector.was_stopped
    assert [run.text for run in runs] == ["A"]


def test_end_tokens_cut_the_run() -> None:
    collector, runs = make(end_tokens={67})
    collector.take([65])
    assert not collector.take([66, 67, 68, 69])
    assert not collector.take([70])
    assert collector.found_end
    assert [run.token_count for run in runs] == [1, 2]


def test_a_stop_string_cuts_the_text_and_counts_the_run() -> None:
    collector, runs = make(stop_strings=("CD",))
    collector.take([65])
    assert not collector.take([66, 67, 68, 69])
    collector.finish()
    assert "".join(run.text for run in runs) == "AB"
    assert [run.token_count for run in runs] == [1, 4]


def test_after_close_nothing_comes_through() -> None:
    collector, runs = make()
    collector.close()
    assert not collector.take([65])
    collector.finish()
    assert runs == []


def made(works: Sequence[Work]) -> list[Run]:
    """What work that was left for later comes to."""
    return [run for work in works if (run := work()) is not None]


def test_work_left_for_later_makes_the_same_runs() -> None:
    works: list[Work] = []
    collector, runs = make(on_work=works.append)
    at_once, expected = make()
    for tokens in ([65], [66, 0, 68], [0]):
        assert collector.take(tokens)
        at_once.take(tokens)
    collector.finish()
    at_once.finish()
    collector.close()
    assert collector.token_count == 5
    assert runs == []
    later = made(works)
    assert [(run.text, run.token_ids) for run in later] == [
        (run.text, run.token_ids) for run in expected
    ]
    assert [spans(run) for run in later] == [spans(run) for run in expected]
    assert [run.at_s for run in later] == sorted(run.at_s for run in later)


@pytest.mark.parametrize("options", [{"stop_strings": ("B",)}, {"end_tokens": {66}}])
def test_what_may_end_the_answer_is_not_left_for_later(options: dict[str, Any]) -> None:
    works: list[Work] = []
    collector, runs = make(on_work=works.append, **options)
    assert collector.take([65])
    assert not collector.take([66])
    assert works == []
    assert [run.text for run in runs] == (["A", ""] if "stop_strings" in options else ["A", "B"])


def test_work_that_fails_ends_the_answer_and_nothing_follows_it() -> None:
    works: list[Work] = []
    collector, _ = make(on_work=works.append)
    collector.take([65])
    collector.take([-1])  # no such letter
    collector.take([66])
    assert [run.text for run in made(works)] == ["A"]
    assert isinstance(collector.error, ValueError)
    assert not collector.take([67])


@pytest.mark.openvino
def test_the_streamer_swallows_every_exception() -> None:
    from openvino_genai import StreamingStatus

    def fail(_run: Run) -> None:
        raise SystemExit

    collector, _ = make(on_run=fail)
    streamer = make_streamer(collector)
    assert streamer.write([65]) == StreamingStatus.CANCEL
    assert isinstance(collector.error, SystemExit)
    assert streamer.end() is None


@pytest.mark.openvino
def test_the_streamer_takes_single_tokens_and_lists() -> None:
    from openvino_genai import StreamingStatus

    collector, runs = make(end_tokens={67})
    streamer = make_streamer(collector)
    assert streamer.write(65) == StreamingStatus.RUNNING
    assert streamer.write([66]) == StreamingStatus.RUNNING
    assert streamer.write(67) == StreamingStatus.STOP
    assert [run.token_count for run in runs] == [1, 1, 1]
