"""transformers as a peer: greedy decoding, plain or assisted by the draft model, in bf16.

Runs in the environment of the peers, as a process: FOLDER MAIN DRAFT THREADS.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import torch
from peers_scripts.conversation import Clock, end_token, serve
from transformers import AutoModelForCausalLM, GenerationConfig
from transformers.generation.streamers import BaseStreamer


class Listener(BaseStreamer):  # type: ignore[misc]
    """Tells the clock the tokens of each iteration; the first call brings the prompt."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._is_prompt = True

    def put(self, value: Any) -> None:
        if not self._is_prompt:
            self._clock.add(value.reshape(-1).tolist())
        self._is_prompt = False

    def end(self) -> None:
        pass


class Peer:
    """A main and a draft model."""

    def __init__(self, main: str, draft: str, end: int) -> None:
        load = AutoModelForCausalLM.from_pretrained
        self._main, self._draft = (
            load(path, dtype=torch.bfloat16).eval() for path in (main, draft)
        )
        self._end = end

    def answer(self, ids: list[int], length: int, wanted: int, clock: Clock) -> None:
        """Answer once, from an empty cache."""
        config = GenerationConfig(
            max_new_tokens=wanted, do_sample=False, eos_token_id=self._end, pad_token_id=0
        )
        options: dict[str, Any] = {}
        if length:
            options["assistant_model"] = self._draft
            own = self._draft.generation_config
            own.num_assistant_tokens = length
            own.num_assistant_tokens_schedule = "constant"
            own.assistant_confidence_threshold = 0.0
        inputs = torch.tensor([ids])
        with torch.inference_mode():
            self._main.generate(
                inputs,
                attention_mask=torch.ones_like(inputs),
                generation_config=config,
                streamer=Listener(clock),
                **options,
            )


def main() -> None:
    """Load both models and serve."""
    folder, main_path, draft_path, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    serve(Path(folder), Peer(main_path, draft_path, end_token(Path(folder))).answer)


if __name__ == "__main__":
    main()
