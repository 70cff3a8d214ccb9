"""The one definition of every figure, as pure functions of run lengths and run times.

A run is the tokens validated in one main iteration; the first run is the prefill's token.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

DEFAULT_NUM_ASSISTANT_TOKENS = 5
"""What the runtime uses when it is told nothing (and when it is told 0)."""


def ttft_s(run_times_s: Sequence[float]) -> float | None:
    """Time to first token, in seconds: template, tokenization, prefill and the first step."""
    return run_times_s[0] if run_times_s else None


def tpot_s(
    *, first_at_s: float, last_at_s: float, token_count: int, first_run_length: int
) -> float | None:
    """Time per output token while decoding, in seconds.

    The first run is out of both parts, so prefill does not count; None when nothing followed it.
    """
    decoded = token_count - first_run_length
    return (last_at_s - first_at_s) / decoded if decoded > 0 else None


def tokens_per_s(tpot: float | None) -> float | None:
    """Decode rate in tokens per second; None when there is no TPOT or the clock saw no time."""
    return 1.0 / tpot if tpot else None


def accepted_in_run(run_length: int) -> int:
    """Accepted candidates of one run after the first; its last token is the main model's own."""
    return max(run_length - 1, 0)


def accepted(run_lengths: Sequence[int]) -> int:
    """Accepted candidates of an answer. An end token inside the last run may hide one."""
    return sum(accepted_in_run(length) for length in run_lengths[1:])


def drafted_in_run(candidates: int, *, remaining: int | None) -> int:
    """Candidates proposed for one run after the first.

    Args:
        candidates: draft length in force for this run.
        remaining: tokens still allowed before the run, None without a limit. The main model
            adds one token itself, so a draft never fills the last place.
    """
    return candidates if remaining is None else max(min(candidates, remaining - 1), 0)


def next_adaptive_length(candidates: int, *, seed: int, matched: int) -> int:
    """Draft length of the next run on the NPU paths.

    All matched: two more, at most twice the seed. Otherwise one fewer, at least one.
    """
    return min(candidates + 2, 2 * seed) if matched >= candidates else max(candidates - 1, 1)


def drafted(
    run_lengths: Iterable[int],
    *,
    num_assistant_tokens: int,
    max_new_tokens: int | None,
    adaptive: bool = False,
) -> int:
    """Candidates a draft model proposed in an answer, from run lengths alone.

    Not valid with a confidence threshold, nor for prompt lookup: there a run may have had any
    number of candidates, and none where nothing matched.
    """
    total, streamed, candidates = 0, 0, num_assistant_tokens
    for index, length in enumerate(run_lengths):
        if index > 0:
            remaining = None if max_new_tokens is None else max_new_tokens - streamed
            total += drafted_in_run(candidates, remaining=remaining)
            if adaptive:
                matched = accepted_in_run(length)
                candidates = next_adaptive_length(
                    candidates, seed=num_assistant_tokens, matched=matched
                )
        streamed += length
    return total


def acceptance_rate(accepted_tokens: int | None, drafted_tokens: int | None) -> float | None:
    """Accepted / drafted, 0..1; None without candidates."""
    if accepted_tokens is None or not drafted_tokens:
        return None
    return min(accepted_tokens / drafted_tokens, 1.0)


def mean_acceptance_length(
    *, token_count: int, first_run_length: int, run_count: int
) -> float | None:
    """Tokens per main iteration after the first run, the main model's own token included.

    1.0 means that the candidates gained nothing.
    """
    return (token_count - first_run_length) / (run_count - 1) if run_count > 1 else None


def speed_up(*, plain_tpot_s: float | None, speculative_tpot_s: float | None) -> float | None:
    """How many times faster decoding is than without candidates.

    Meaningful only for the same prompt and parameters, greedy, and equal text.
    """
    if not plain_tpot_s or not speculative_tpot_s:
        return None
    return plain_tpot_s / speculative_tpot_s


def acceptance_by_position(runs: Iterable[Sequence[int]], length: int) -> list[float]:
    """Share of iterations that accepted the candidate at position 1..length, given that all
    before it were accepted. Shorter where a position was never reached.

    Args:
        runs: run lengths of answers drafted with `length` candidates throughout. The first run
            is the prefill's and the last may be cut off: both are left out.
        length: num_assistant_tokens of those answers.
    """
    counts = [accepted_in_run(run) for answer in runs for run in answer[1:-1]]
    shares: list[float] = []
    for position in range(1, length + 1):
        reached = [count for count in counts if count >= position - 1]
        if not reached:
            break
        shares.append(sum(count >= position for count in reached) / len(reached))
    return shares


def expected_tokens(shares: Sequence[float], length: int) -> float:
    """Expected tokens of one main iteration with `length` candidates, the main model's included.

    Leviathan et al. 2023, "Fast Inference from Transformers via Speculative Decoding", equation 1,
    with acceptance by position in place of one constant.

    Args:
        shares: acceptance by position; a position beyond them counts as never accepted.
    """
    expected, reach = 1.0, 1.0
    for share in shares[:length]:
        reach *= share
        expected += reach
    return expected


def expected_speedup(shares: Sequence[float], length: int, cost_ratio: float) -> float:
    """Expected speed-up of `length` candidates over plain decoding (theorem 3.8 there).

    Expected tokens per iteration over its cost: `length` draft steps of `cost_ratio` main steps
    each, and one main step.
    """
    return expected_tokens(shares, length) / (length * cost_ratio + 1)
