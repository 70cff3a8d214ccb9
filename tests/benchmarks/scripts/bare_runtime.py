"""The least a program can do with the runtime: the yardstick of the overhead benchmark.

Run as a process: MAIN DRAFT PROMPT TOKENS. Each line of input makes one answer, and one JSON line.
"""

from __future__ import annotations

import json
import sys
import time

sys.modules.update({"openvino_telemetry": None})  # type: ignore[dict-item]

import openvino_genai as genai  # noqa: E402


class Counter(genai.StreamerBase):  # type: ignore[misc]
    """Notes when the first and the last tokens came, and how many there were."""

    def __init__(self) -> None:
        super().__init__()
        self.first_s = self.last_s = 0.0
        self.first_run = self.tokens = 0

    def write(self, tokens: int | list[int]) -> genai.StreamingStatus:
        self.last_s = time.perf_counter()
        count = 1 if isinstance(tokens, int) else len(tokens)
        if not self.tokens:
            self.first_s, self.first_run = self.last_s, count
        self.tokens += count
        return genai.StreamingStatus.RUNNING

    def end(self) -> None:
        pass


def main() -> None:
    """Load once, then answer as often as asked."""
    main_path, draft_path, prompt, tokens = sys.argv[1:]
    pipeline = genai.LLMPipeline(main_path, "CPU", draft_model=genai.draft_model(draft_path, "CPU"))
    config = genai.GenerationConfig(f"{main_path}/generation_config.json")
    config.max_new_tokens, config.ignore_eos, config.num_assistant_tokens = int(tokens), True, 5
    history = genai.ChatHistory([{"role": "user", "content": prompt}])
    for _line in sys.stdin:
        counter = Counter()
        started_s = time.perf_counter()
        pipeline.generate(history, config, counter)
        decode_s = counter.last_s - counter.first_s
        sample = {
            "tokens": counter.tokens,
            "ttft_s": counter.first_s - started_s,
            "tokens_per_s": (counter.tokens - counter.first_run) / decode_s,
        }
        print(json.dumps(sample), flush=True)


if __name__ == "__main__":
    main()
