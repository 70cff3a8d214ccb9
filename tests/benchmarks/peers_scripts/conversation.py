"""What the peers' processes share: the prompt as token ids, and one answer per line of input."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

Answer = Callable[["list[int]", int, int, "Clock"], None]
"""Called with prompt ids, draft length (0: plain), tokens wanted, and the clock to tell tokens."""


class Clock:
    """Notes when which tokens were known."""

    def __init__(self) -> None:
        self.tokens: list[int] = []
        # Processor time tells more than the clock on the wall where other things run too.
        self._now_s = time.process_time if "BENCH_CPU_CLOCK" in os.environ else time.perf_counter
        self._started_s = self._now_s()
        self._times_s: list[float] = []
        self._counts: list[int] = []

    def add(self, tokens: list[int]) -> None:
        """Take the tokens of one iteration."""
        if tokens:
            self._times_s.append(self._now_s())
            self._counts.append(len(tokens))
            self.tokens += tokens

    def sample(self) -> dict[str, object]:
        """Tokens, time to the first, and the moments of all iterations."""
        return {
            "tokens": self.tokens,
            "times_s": [at_s - self._started_s for at_s in self._times_s],
            "counts": self._counts,
        }


def serve(folder: Path, answer: Answer) -> None:
    """Say that the model stands, then answer a JSON request per line until the input ends.

    Args:
        folder: of the main model as the application has it, for tokenizer and template.
        answer: makes one answer; greedy, ends at the end token or when it has enough.
    """
    from transformers import PreTrainedTokenizerFast

    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    tokenizer.chat_template = (folder / "chat_template.jinja").read_text()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        text = tokenizer.apply_chat_template(
            [{"role": "user", "content": request["prompt"]}],
            tokenize=False,
            add_generation_prompt=True,
        )
        ids = tokenizer.encode(text, add_special_tokens=False)
        clock = Clock()
        answer(ids, request["length"], request["max_new_tokens"], clock)
        print(json.dumps({"prompt_ids": ids, **clock.sample()}), flush=True)


def end_token(folder: Path) -> int:
    """The token that ends an answer."""
    return int(json.loads((folder / "config.json").read_text())["eos_token_id"])
