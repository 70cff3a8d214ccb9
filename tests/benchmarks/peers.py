"""The same weights, prompts and cores in llama.cpp and in transformers: ratios of decode rates.

Installs both into `build/peers-venv` on first use. Greedy, plain and with the draft model, one
process per engine, asked in turn; says where their texts part.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import decoding
import machine
from measuring import Budget, spread, turned
from peers_parts import environment
from peers_parts.conversion import convert
from peers_parts.processes import OURS, Answer, Engine, commands

GGUF_TYPES = {"int8": "Q8_0", "fp16": "F16"}
CLOCK_HELP = "cpu: processor time with one thread each, for machines that are busy otherwise"
GOALS = {"llama.cpp": 1.2, "transformers": 2.0}
LIKE_FOR_LIKE = {"llama.cpp": ["int8", "fp16"], "transformers": ["fp16"]}
"""Precisions of ours that a peer has too: Q8_0 and F16 there, bf16 in transformers."""
Answers = dict[str, dict[int, list[Answer]]]


def compare(
    engines: Mapping[str, Engine],
    lengths: Sequence[int],
    *,
    rounds: int,
    max_new_tokens: int,
    budget: Budget,
) -> Answers:
    """Ask every engine every prompt at every length, in an order that changes with the round."""
    answers: Answers = {name: {length: [] for length in lengths} for name in engines}
    for engine in engines.values():
        for length in lengths:
            engine.ask(decoding.PROMPTS[0], length=length, max_new_tokens=8)
    for number in budget.rounds(rounds):
        for prompt in decoding.PROMPTS:
            for length in lengths:
                for name in turned(list(engines), number):
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
            "gain_of_draft": round(_rate(speculative) / _rate(plain), 3),
            "tokens_per_iteration": round(_tokens_per_iteration(speculative), 2),
        }
        if name != OURS:
            ours = answers[OURS]
            figures[name] |= {
                "ours_to_it_plain": _compared(ours[0], plain),
                "ours_to_it_speculative": _compared(ours[best[OURS]], speculative),
                "same_text": _agreement(ours[0], plain),
                "same_text_as_its_plain": _agreement(plain, speculative),
            }
    return figures


def _rate(answers: Sequence[Answer]) -> float:
    """Decoded tokens per second over all answers."""
    return sum(a.decoded for a in answers) / sum(a.decode_s for a in answers)


def _tokens_per_iteration(answers: Sequence[Answer]) -> float:
    return sum(a.decoded for a in answers) / sum(len(a.counts) - 1 for a in answers)


def _compared(ours: Sequence[Answer], its: Sequence[Answer]) -> dict[str, float]:
    """Our rate as a multiple of a peer's: median, least and most of the rounds."""
    size = len(decoding.PROMPTS)
    starts = range(0, len(ours), size)
    return spread([_rate(ours[at : at + size]) / _rate(its[at : at + size]) for at in starts])


def behind(precision: str, figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where a goal is missed, and what that is made of: the plain step, tokens per iteration, and
    what an iteration costs in plain steps (each as ours to the peer's).
    """
    found = []
    ours = figures[OURS]
    for peer, goal in GOALS.items():
        its = figures.get(peer)
        if its is None or precision not in LIKE_FOR_LIKE[peer]:
            continue
        for mode in ("plain", "speculative"):
            ratio = its[f"ours_to_it_{mode}"]["median"]
            if ratio >= goal:
                continue
            why = {"plain_rate": its["ours_to_it_plain"]["median"]}
            if mode == "speculative":
                tokens = ours["tokens_per_iteration"] / its["tokens_per_iteration"]
                cost = tokens / (ours["gain_of_draft"] / its["gain_of_draft"])
                why |= {
                    "tokens_per_iteration": round(tokens, 3),
                    "iteration_in_plain_steps": round(cost, 3),
                }
            found.append({"peer": peer, "mode": mode, "ratio": ratio, "goal": goal, "why": why})
    return found


def _agreement(answers: Sequence[Answer], others: Sequence[Answer]) -> dict[str, Any]:
    """Per prompt: tokens that are equal from the start, of how many."""
    count = len(decoding.PROMPTS)
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


def run_pair(
    parameters: float, precision: str, args: argparse.Namespace, budget: Budget
) -> dict[str, Any]:
    """Convert one pair for all engines and measure it."""
    main_path = decoding.main_folder(parameters, precision)
    draft_path = decoding.draft_folder(args.draft, parameters)
    main = convert(main_path, gguf_type=GGUF_TYPES[precision])
    draft = convert(draft_path, gguf_type="Q8_0")
    lengths = [0, *args.lengths]
    with ExitStack() as stack:
        engines = {}
        for name, command in commands(main, draft, threads=args.threads).items():
            engines[name] = Engine(command, clock=args.clock)
            stack.callback(engines[name].close)
            engines[name].wait_until_ready()
        tokens = args.max_new_tokens
        answers = compare(
            engines, lengths, rounds=args.rounds, max_new_tokens=tokens, budget=budget
        )
    figures = summarise(answers, lengths)
    return {
        "rounds": len(answers[OURS][0]) // len(decoding.PROMPTS),
        "weight_bytes": main.file_bytes,
        "engines": figures,
        "behind": behind(precision, figures),
    }


def prepare(args: argparse.Namespace) -> None:
    """Install what is compared with and convert all models, which needs no quiet machine."""
    environment.prepare()
    for parameters, precision in itertools.product(args.parameters, args.precisions):
        convert(decoding.main_folder(parameters, precision), gguf_type=GGUF_TYPES[precision])
        convert(decoding.draft_folder(args.draft, parameters), gguf_type="Q8_0")


def main() -> None:
    """Compare all pairs and print one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parameters", type=float, nargs="+", default=[1.0e9])
    parser.add_argument(
        "--precisions", nargs="+", choices=list(GGUF_TYPES), default=["int8", "fp16"]
    )
    parser.add_argument("--draft", choices=list(decoding.DRAFTS), default="embedded")
    parser.add_argument("--lengths", type=int, nargs="+", default=[3, 5])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--max-new-tokens", type=int, default=48)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall", help=CLOCK_HELP)
    parser.add_argument("--seconds", type=float, help="no further round that would not fit in")
    parser.add_argument("--prepare", action="store_true", help="install and convert only")
    args = parser.parse_args()
    args.threads = args.threads or machine.threads(args.clock)
    budget = Budget(args.seconds)
    prepare(args)
    if args.prepare:
        return
    figures: dict[str, Any] = {"bench": "peers", "draft": args.draft, "threads": args.threads}
    figures |= {"clock": args.clock, "goals": GOALS, "like_for_like": LIKE_FOR_LIKE}
    figures["llama_cpp"] = "installed" if environment.has_llama_cpp() else "could not be installed"
    figures |= {"peer_versions": environment.versions(), "pairs": {}}
    cases = list(itertools.product(args.parameters, args.precisions))
    for number, (parameters, precision) in enumerate(cases):
        name = f"{parameters / 1e9:g}B {precision}"
        part = budget.part(len(cases) - number)
        figures["pairs"][name] = run_pair(parameters, precision, args, part)
        for peer, found in figures["pairs"][name]["engines"].items():
            print(f"{name} {peer}: {found}", file=sys.stderr, flush=True)
        machine.progress(figures)
    machine.finish(figures)


if __name__ == "__main__":
    main()
