"""A missed goal is told, with what it is made of."""

from __future__ import annotations

from typing import Any

from peers import behind


def _figures(*, plain: float, speculative: float) -> dict[str, Any]:
    ours = {"tokens_per_iteration": 3.0, "gain_of_draft": 2.0}
    its = {
        "tokens_per_iteration": 3.0,
        "gain_of_draft": 2.5,
        "ours_to_it_plain": {"median": plain},
        "ours_to_it_speculative": {"median": speculative},
    }
    return {"ours": ours, "llama.cpp": its}


def test_nothing_is_told_where_the_goal_is_reached() -> None:
    assert behind("int8", _figures(plain=1.3, speculative=1.25)) == []


def test_a_missed_goal_is_split_into_its_parts() -> None:
    (miss,) = behind("int8", _figures(plain=1.3, speculative=1.04))

    assert (miss["peer"], miss["mode"], miss["ratio"]) == ("llama.cpp", "speculative", 1.04)
    assert miss["why"] == {
        "plain_rate": 1.3,
        "tokens_per_iteration": 1.0,
        "iteration_in_plain_steps": 1.25,
    }


def test_a_precision_that_the_peer_has_not_is_no_miss() -> None:
    figures = _figures(plain=1.0, speculative=1.0)
    figures["transformers"] = figures["llama.cpp"]

    assert {miss["peer"] for miss in behind("int8", figures)} == {"llama.cpp"}
    assert {miss["peer"] for miss in behind("fp16", figures)} == {"llama.cpp", "transformers"}
