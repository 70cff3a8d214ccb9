"""How near plain decoding comes to the memory bandwidth of this machine, and where the rest goes.

Every weight is read once per token, so bandwidth / bytes of weights bounds tokens per second. The
rest is split by a profile of the step and by steps of models of several sizes.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import decoding
import machine
import numpy as np
from bare_step import BareModel
from decoding import Properties
from measuring import Budget, spread, turned

from engine.resources import asset_path

ARRAY_BYTES = 256 * 2**20
GOAL_SHARE = 0.8
BATCHES = (1, 2, 3, 4, 6, 9)
"""Tokens verified in one step: a draft length and one."""
_GROUP = "DYNAMIC_QUANTIZATION_GROUP_SIZE"
CASES: dict[str, tuple[str, Properties]] = {
    "int8": ("int8", {}),
    "int8, group size 64": ("int8", {_GROUP: 64}),
    "int8, group size 128": ("int8", {_GROUP: 128}),
    "int8, group size 0": ("int8", {_GROUP: 0}),
    "fp16": ("fp16", {}),
    "int4": ("int4", {}),
    "int4, group size 128": ("int4", {_GROUP: 128}),
}
SMALLER = 0.3e9
_FLOAT_BYTES = 8


def read_bytes_per_s(threads: int, rounds: int = 5) -> float:
    """Best rate at which `threads` threads read arrays far larger than the caches."""
    arrays = [np.ones(ARRAY_BYTES // 4, np.float32) for _ in range(threads)]
    return _best(threads, rounds, ARRAY_BYTES, lambda i: arrays[i].max())


def triad_bytes_per_s(threads: int, rounds: int = 5) -> float:
    """STREAM-like triad a = b + s * c in place, counted as numpy performs it (McCalpin 1995):
    one multiply (read, write) and one add (two reads, write).
    """
    count = ARRAY_BYTES // _FLOAT_BYTES
    sets = [[np.ones(count) for _ in range(3)] for _ in range(threads)]

    def triad(index: int) -> None:
        a, b, c = sets[index]
        np.multiply(c, 3.0, out=a)
        np.add(a, b, out=a)

    return _best(threads, rounds, 5 * ARRAY_BYTES, triad)


def _best(threads: int, rounds: int, size_bytes: int, work: Callable[[int], object]) -> float:
    rates = []
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
        for _ in range(rounds):
            started_s = time.perf_counter()
            list(pool.map(work, range(threads)))
            rates.append(threads * size_bytes / (time.perf_counter() - started_s))
    return max(rates)


def decode_rates(
    models: dict[str, tuple[Path, Properties]], *, rounds: int, tokens: int
) -> dict[str, list[float]]:
    """Tokens per second of plain decoding, round by round, the models interleaved."""
    with ExitStack() as stack:
        backends = {}
        for name, (folder, properties) in models.items():
            backends[name] = decoding.load(decoding.plain_spec(folder, properties))
            stack.callback(backends[name].close)
        rates: dict[str, list[float]] = {name: [] for name in models}
        for number in range(rounds):
            for name in turned(list(models), number):
                answer = decoding.ask(backends[name], decoding.PROMPTS[0], None, tokens)
                rates[name].append(decoding.rate([answer]))
        return rates


def step_model(rates: dict[int, float], bandwidth: float) -> dict[str, float]:
    """Seconds of a step = what every step costs + bytes / rate, fitted to models of some sizes.

    Args:
        rates: tokens per second by bytes of weights.
        bandwidth: bytes per second that this machine can read.
    """
    sizes = np.array(list(rates), float)
    steps_s = 1 / np.array(list(rates.values()))
    slope, fixed_s = np.polyfit(sizes, steps_s, 1)
    largest = float(sizes.max())
    return {
        "fixed_ms": round(float(fixed_s) * 1e3, 3),
        "weights_gb_per_s": round(1 / float(slope) / 1e9, 2),
        "weights_to_bandwidth": round(1 / float(slope) / bandwidth, 3),
        "fixed_share_of_largest": round(float(fixed_s) / float(fixed_s + slope * largest), 4),
    }


def profile(folder: Path, properties: Properties) -> dict[str, Any]:
    """Steps of the bare runtime: by number of tokens, and one step by type of node."""
    bare = BareModel(folder, properties)
    pages = machine.huge_page_share()
    steps_s = {tokens: bare.step_s(tokens) for tokens in BATCHES}
    del bare
    profiled = BareModel(folder, properties, profiled=True)
    profiled.step_s(1)
    by_type_s = profiled.by_type_s()
    whole_s = sum(by_type_s.values())
    return {
        "huge_page_share": pages,
        "bare_step_ms": round(steps_s[1] * 1e3, 2),
        "verification_cost": {
            tokens: round(step_s / steps_s[1], 3) for tokens, step_s in steps_s.items()
        },
        "share_by_type": {
            name: round(took_s / whole_s, 4) for name, took_s in list(by_type_s.items())[:6]
        },
    }


def measure_case(
    name: str, parameters: float, bandwidth: float, *, rounds: int, tokens: int
) -> dict[str, Any]:
    """Plain decoding of one precision and setting against the bound."""
    precision, properties = CASES[name]
    folder = decoding.main_folder(parameters, precision)
    size = decoding.weight_bytes(folder)
    (rates,) = decode_rates({name: (folder, properties)}, rounds=rounds, tokens=tokens).values()
    rate = statistics.median(rates)
    found = profile(folder, properties)
    return {
        "tokens_per_s": spread(rates, digits=2),
        "weight_bytes": size,
        "bound_tokens_per_s": round(bandwidth / size, 2),
        "share_of_bound": round(rate * size / bandwidth, 3),
        "step_ms": round(1e3 / rate, 2),
        "outside_the_model_ms": round(1e3 / rate - found["bare_step_ms"], 2),
        **found,
    }


def sizes_at(parameters: float, *, rounds: int, tokens: int) -> dict[int, float]:
    """Rates of int8 models of three sizes, by bytes of weights."""
    folders = [
        asset_path("models", "demo-main"),
        decoding.main_folder(SMALLER, "int8"),
        decoding.main_folder(parameters, "int8"),
    ]
    models: dict[str, tuple[Path, Properties]] = {str(folder): (folder, {}) for folder in folders}
    rates = decode_rates(models, rounds=rounds, tokens=tokens)
    return {
        decoding.weight_bytes(Path(name)): statistics.median(found) for name, found in rates.items()
    }


def main() -> None:
    """Measure bandwidth and plain decoding and print one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parameters", type=float, default=1.0e9)
    parser.add_argument("--cases", nargs="+", choices=list(CASES), default=list(CASES))
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--max-new-tokens", type=int, default=48)
    parser.add_argument("--seconds", type=float, help="no further case that would not fit in")
    parser.add_argument("--small-pages", action="store_true", help=machine.SMALL_PAGES_HELP)
    args = parser.parse_args()
    machine.start_like_engine(small_pages=args.small_pages)
    budget = Budget(args.seconds)
    threads = machine.threads()
    read, triad = read_bytes_per_s(threads), triad_bytes_per_s(threads)
    bandwidth = max(read, triad)
    figures: dict[str, Any] = {"bench": "roofline", "threads": threads, "goal_share": GOAL_SHARE}
    figures["small_pages"] = args.small_pages
    figures |= {"read_bytes_per_s": round(read), "triad_bytes_per_s": round(triad)}
    amount = {"rounds": args.rounds, "tokens": args.max_new_tokens}
    if "int8" in args.cases:
        figures["step_model_int8"] = step_model(sizes_at(args.parameters, **amount), bandwidth)
    figures["decode"] = {}
    for number in budget.rounds(len(args.cases)):
        name = args.cases[number]
        found = measure_case(name, args.parameters, bandwidth, **amount)
        figures["decode"][name] = found
        share = found["share_of_bound"]
        print(f"{name}: {share:.0%} of the bound", file=sys.stderr, flush=True)
        machine.progress(figures)
    machine.finish(figures)


if __name__ == "__main__":
    main()
