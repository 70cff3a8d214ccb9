"""llama.cpp as a peer: greedy decoding, plain or with a draft model, by its C interface.

Runs in the environment of the peers, as a process: FOLDER MAIN.gguf DRAFT.gguf THREADS.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from peers_scripts.conversation import Clock, end_token, serve

CONTEXT = 1024
BATCH = 512


class Model:
    """One model with a context of its own: takes tokens, says which come next."""

    def __init__(self, path: str, threads: int) -> None:
        self._model = llama_cpp.llama_model_load_from_file(
            path.encode(), llama_cpp.llama_model_default_params()
        )
        params = llama_cpp.llama_context_default_params()
        params.n_ctx, params.n_batch, params.n_ubatch = CONTEXT, BATCH, BATCH
        params.n_threads = params.n_threads_batch = threads
        params.no_perf = True
        self._context = llama_cpp.llama_init_from_model(self._model, params)
        if not self._context:
            raise SystemExit(f"{path} could not be loaded")
        vocabulary = llama_cpp.llama_model_get_vocab(self._model)
        self._width = llama_cpp.llama_vocab_n_tokens(vocabulary)
        self._batch = llama_cpp.llama_batch_init(BATCH, 0, 1)
        self.tokens: list[int] = []
        """What the cache holds."""

    def keep(self, count: int) -> None:
        """Forget all but the first `count` tokens."""
        if count < len(self.tokens):
            memory = llama_cpp.llama_get_memory(self._context)
            llama_cpp.llama_memory_seq_rm(memory, 0, count, -1)
            del self.tokens[count:]

    def next_tokens(self, tokens: list[int], wanted: int) -> list[int]:
        """Append tokens; return the likeliest one after each of the last `wanted` of them."""
        batch: Any = self._batch
        batch.n_tokens = len(tokens)
        for index, token in enumerate(tokens):
            batch.token[index] = token
            batch.pos[index] = len(self.tokens) + index
            batch.seq_id[index][0] = 0
            batch.n_seq_id[index] = 1
            batch.logits[index] = index >= len(tokens) - wanted
        if llama_cpp.llama_decode(self._context, batch) != 0:
            raise SystemExit("llama_decode failed")
        self.tokens += tokens
        return [self._best(len(tokens) - wanted + index) for index in range(wanted)]

    def _best(self, index: int) -> int:
        logits = llama_cpp.llama_get_logits_ith(self._context, index)
        pointer = ctypes.cast(logits, ctypes.POINTER(ctypes.c_float))
        return int(np.ctypeslib.as_array(pointer, (self._width,)).argmax())


class Peer:
    """A main and a draft model."""

    def __init__(self, main: Model, draft: Model, end: int) -> None:
        self._main = main
        self._draft = draft
        self._end = end

    def answer(self, ids: list[int], length: int, wanted: int, clock: Clock) -> None:
        """Answer once, from an empty cache."""
        self._main.keep(0)
        self._draft.keep(0)
        found = self._main.next_tokens(ids, 1)
        if length:
            self._draft.next_tokens(ids, 1)
        while True:
            clock.add(self._cut(found, wanted - len(clock.tokens)))
            if len(clock.tokens) >= wanted or clock.tokens[-1] == self._end:
                return
            drafted = self._propose([*ids, *clock.tokens], length) if length else []
            found = self._verify(clock.tokens[-1], drafted)

    def _propose(self, text: list[int], length: int) -> list[int]:
        drafted: list[int] = []
        new = text[len(self._draft.tokens) :]
        for _ in range(length):
            new = self._draft.next_tokens(new, 1)
            drafted += new
        return drafted

    def _verify(self, last: int, drafted: list[int]) -> list[int]:
        """Tokens that follow `last`: the drafted ones that hold, and the main model's own."""
        start = len(self._main.tokens)
        best = self._main.next_tokens([last, *drafted], len(drafted) + 1)
        held = 0
        while held < len(drafted) and drafted[held] == best[held]:
            held += 1
        self._main.keep(start + 1 + held)
        self._draft.keep(start + 1 + held)
        return best[: held + 1]

    def _cut(self, tokens: list[int], room: int) -> list[int]:
        if self._end in tokens:
            tokens = tokens[: tokens.index(self._end) + 1]
        return tokens[:room]


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _silent(_level: int, _text: bytes, _data: object) -> None:
    """Drop the library's messages."""


def main() -> None:
    """Load both models and serve."""
    folder, main_path, draft_path, threads = sys.argv[1:]
    llama_cpp.llama_log_set(_silent, ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()
    models = [Model(path, int(threads)) for path in (main_path, draft_path)]
    peer = Peer(models[0], models[1], end_token(Path(folder)))
    serve(Path(folder), peer.answer)


if __name__ == "__main__":
    main()
