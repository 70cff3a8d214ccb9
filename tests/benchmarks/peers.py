"""The same weights, prompts and cores in llama.cpp and in transformers: ratios of decode rates.

Installs both into `build/peers-venv` on first use. Greedy, plain and with the draft model, one
process per engine, asked in turn; says where their texts part.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import machine
import speculation
from peers_parts import environment
from peers_parts.conversion import convert
from peers_parts.processes import OURS, Answer, Engine, commands

GGUF_TYPES = {"int8": "Q8_0", "fp16": "F16"}
CLOCK_HELP = "cpu: processor time with one thread each, for machines that are busy otherwise"
GOALS = {"llama.cpp": 1.2, "transformers": 2.0}
Answers = dict[str, dict[int, list[Answer]]]


def compare(
    engines: Mapping[str, Engine], lengths: Sequence[int], *, rounds: int, max_new_tokens: int
) -> Answers:
    """Ask every engine every prompt at every length, in an order that changes with the round."""
    answers: Answers = {name: {length: [] for length in lengths} for name in engines}
    names = list(engines)
    for name in names:
        for length in lengths:
            engines[name].ask(speculation.PROMPTS[0], length=length, max_new_tokens=8)
    for number in range(rounds):
        for prompt in speculation.PROMPTS:
            for length in lengths:
                shift = number % len(names)
                for name in names[shift:] + names[:shift]:
                    answer = engines[name].ask(prompt, length=length, max_new_tokens=max_new_tokens)
                    answers[name][length].append(answer)
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return answers


def summarise(answers: Answers, lengths: Sequence[int]) -> dict[str, Any]:
    """Rates, our rate as a multiple of each peer's, and agreement of texts."""
    drafted = [length for length in lengths if length]
    best = {
        name: max(drafted, key=lambda length: _rate(own[length])) for name, own in answers.items()
    }
    figures: dict[str, Any] = {}
    for name, own in answers.items():
        plain, speculative = own[0], own[best[name]]
        figures[name] = {
            "plain_tokens_per_s": round(_rate(plain), 2),
            "speculative_tokens_per_s": round(_rate(speculative), 2),
            "num_assistant_tokens": best[name],
            "gain_of_draft": round(_ratio(speculative, plain), 3),
            "tokens_per_iteration": round(
                statistics.mean(answer.tokens_per_iteration for answer in speculative), 2
            ),
        }
        if name != OURS:
            ours = answers[OURS]
            figures[name] |= {
                "ours_to_it_plain": round(_ratio(ours[0], plain), 3),
                "ours_to_it_speculative": round(_ratio(ours[best[OURS]], speculative), 3),
                "same_text": _agreement(ours[0], plain),
                "same_text_as_its_plain": _agreement(plain, speculative),
            }
    return figures


def _rate(answers: Sequence[Answer]) -> float:
    return statistics.median(answer.tokens_per_s for answer in answers)


def _ratio(answers: Sequence[Answer], base: Sequence[Answer]) -> float:
    pairs = zip(answers, base, strict=True)
    return statistics.median(one.tokens_per_s / other.tokens_per_s for one, other in pairs)


def _agreement(answers: Sequence[Answer], others: Sequence[Answer]) -> dict[str, Any]:
    """Per prompt: tokens that are equal from the start, of how many."""
    count = len(speculation.PROMPTS)
    pairs = list(zip(answers[:count], others[:count], strict=True))
    return {
        "same_prompt_length": all(one.prompt_tokens == other.prompt_tokens for one, other in pairs),
        "equal_tokens": [_common(one.tokens, other.tokens) for one, other in pairs],
        "tokens": [max(len(one.tokens), len(other.tokens)) for one, other in pairs],
    }


def _common(tokens: Sequence[int], others: Sequence[int]) -> int:
    pairs = zip(tokens, others, strict=False)
    return next(
        (at for at, (one, other) in enumerate(pairs) if one != other), min(len(tokens), len(others))
    )


def run_pair(parameters: float, precision: str, args: argparse.Namespace) -> dict[str, Any]:
    """Convert one pair for all engines and measure it."""
    main_path = speculation.main_folder(parameters, precision)
    draft_path = speculation.draft_folder(args.draft, parameters)
    main = convert(main_path, gguf_type=GGUF_TYPES[precision])
    draft = convert(draft_path, gguf_type="Q8_0")
    lengths = [0, *args.lengths]
    threads = args.threads if args.clock == "wall" else 1
    with ExitStack() as stack:
        engines = {}
        for name, command in commands(main, draft, threads=threads).items():
            engines[name] = Engine(command, clock=args.clock)
            stack.callback(engines[name].close)
            engines[name].wait_until_ready()
        answers = compare(engines, lengths, rounds=args.rounds, max_new_tokens=args.max_new_tokens)
    return {"weight_bytes": main.file_bytes, "engines": summarise(answers, lengths)}


def main() -> None:
    """Compare all pairs and print one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parameters", type=float, nargs="+", default=[0.3e9, 1.0e9])
    parser.add_argument(
        "--precisions", nargs="+", choices=list(GGUF_TYPES), default=["int8", "fp16"]
    )
    parser.add_argument("--draft", choices=list(speculation.DRAFTS), default="embedded")
    parser.add_argument("--lengths", type=int, nargs="+", default=[3, 5])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--max-new-tokens", type=int, default=48)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall", help=CLOCK_HELP)
    args = parser.parse_args()
    environment.prepare()
    pairs = {}
    for parameters in args.parameters:
        for precision in args.precisions:
            name = f"{parameters / 1e9:g}B {precision}"
            pairs[name] = run_pair(parameters, precision, args)
            for peer, figures in pairs[name]["engines"].items():
                print(f"{name} {peer}: {figures}", file=sys.stderr, flush=True)
    machine.finish(
        {
            "bench": "peers",
            "draft": args.draft,
            "threads": args.threads if args.clock == "wall" else 1,
            "clock": args.clock,
            "pairs": pairs,
            "llama_cpp": "installed" if environment.has_llama_cpp() else "could not be installed",
            "peer_versions": environment.versions(),
            "goals": GOALS,
        }
    )


if __name__ == "__main__":
    main()
