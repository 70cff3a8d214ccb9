"""How near plain decoding comes to the memory bandwidth of this machine.

Every weight is read once per token, so bandwidth / bytes of weights bounds tokens per second.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import machine
import numpy as np
import speculation

from engine.placement import LoadSpec

ARRAY_BYTES = 256 * 2**20


def read_bytes_per_s(threads: int, rounds: int = 5) -> float:
    """Best rate at which `threads` threads read arrays far larger than the caches."""
    arrays = [np.ones(ARRAY_BYTES // 4, np.float32) for _ in range(threads)]
    return _best(threads, rounds, ARRAY_BYTES, lambda i: arrays[i].max())


def triad_bytes_per_s(threads: int, rounds: int = 5) -> float:
    """STREAM-like triad a = b + s * c in place, counted as numpy performs it (McCalpin 1995):
    one multiply (read, write) and one add (two reads, write).
    """
    count = ARRAY_BYTES // 8
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
            start = time.perf_counter()
            list(pool.map(work, range(threads)))
            rates.append(threads * size_bytes / (time.perf_counter() - start))
    return max(rates)


def decode(parameters: float, precision: str, *, rounds: int = 3) -> tuple[float, int]:
    """Return (plain tokens/s, bytes of weights) of the inflated main model."""
    folder = speculation.main_folder(parameters, precision)
    backend = speculation._load(LoadSpec(main_path=str(folder)))
    rates = []
    for _ in range(rounds):
        series = speculation.Series()
        series.add(*speculation._answer(backend, speculation.PROMPTS[0], None, 48))
        rates.append(series.tokens_per_s)
    backend.close()
    return statistics.median(rates), (folder / "openvino_model.bin").stat().st_size


def main() -> None:
    """Measure bandwidth and plain decoding and print one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parameters", type=float, default=1.0e9)
    parser.add_argument("--precisions", nargs="+", default=["int8", "fp16"])
    args = parser.parse_args()
    threads = os.cpu_count() or 1
    read, triad = read_bytes_per_s(threads), triad_bytes_per_s(threads)
    bandwidth = max(read, triad)
    results: dict[str, Any] = {}
    for precision in args.precisions:
        rate, weight_bytes = decode(args.parameters, precision)
        share = rate * weight_bytes / bandwidth
        results[precision] = {
            "tokens_per_s": round(rate, 2),
            "weight_bytes": weight_bytes,
            "bound_tokens_per_s": round(bandwidth / weight_bytes, 2),
            "share_of_bound": round(share, 3),
        }
        print(f"{precision}: {rate:.1f} tokens/s, {share:.0%} of the bound", flush=True)
    machine.finish(
        {
            "bench": "roofline",
            "read_bytes_per_s": round(read),
            "triad_bytes_per_s": round(triad),
            "decode": results,
        }
    )


if __name__ == "__main__":
    main()
