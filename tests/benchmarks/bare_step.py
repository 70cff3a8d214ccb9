"""One step of a model in the bare runtime: no scheduler, no sampling, no text. For profiles."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import numpy as np
from decoding import Properties

PAST_TOKENS = 32
"""What stands in the KV cache before a step is timed."""
_TOKEN = 7


class BareModel:
    """A compiled model with a KV cache of one sequence.

    Args:
        folder: of the IR.
        properties: of the CPU plugin.
        profiled: whether the plugin times each node, which costs a little itself.
    """

    def __init__(self, folder: Path, properties: Properties, *, profiled: bool = False) -> None:
        import openvino as ov

        core = ov.Core()
        model = core.read_model(folder / "openvino_model.xml")
        options = {"PERFORMANCE_HINT": "LATENCY", "PERF_COUNT": profiled, **properties}
        self._request = core.compile_model(model, "CPU", options).create_infer_request()
        self._past = 0

    def step_s(self, tokens: int, *, repeats: int = 8) -> float:
        """Median seconds of a step over `tokens` tokens at once."""
        self._request.reset_state()
        self._past = 0
        self._infer(PAST_TOKENS)
        return statistics.median(self._infer(tokens) for _ in range(repeats))

    def by_type_s(self) -> dict[str, float]:
        """Seconds that the nodes of each type took in the last step, the longest first.

        Empty unless profiled.
        """
        found: dict[str, float] = {}
        for node in self._request.get_profiling_info():
            took_s = node.real_time.total_seconds()
            found[node.node_type] = found.get(node.node_type, 0.0) + took_s
        longest_first = sorted(found.items(), key=lambda item: -item[1])
        return {name: took_s for name, took_s in longest_first if took_s > 0}

    def _infer(self, tokens: int) -> float:
        total = self._past + tokens
        inputs = {
            "input_ids": np.full((1, tokens), _TOKEN, np.int64),
            "attention_mask": np.ones((1, total), np.int64),
            "position_ids": np.arange(self._past, total, dtype=np.int64)[None],
            "beam_idx": np.zeros(1, np.int32),
        }
        started_s = time.perf_counter()
        self._request.infer(inputs)
        self._past = total
        return time.perf_counter() - started_s
