"""Logits of a main model over given tokens, computed afresh at f32 on the CPU. A process of its own
(`--logits`): one JSON line in, one out, until the input ends.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.backends.openvino_pipeline import make_history
from engine.backends.openvino_runtime import load_genai, load_openvino
from engine.codec import from_plain
from engine.lab.prompts import LabPrompt
from engine.messages import GenerationRequest

_EXACT = {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0}


def serve(in_fd: int, out_fd: int) -> None:
    """Answer `{"main_path", "prompt", "before", "tokens"}` with `{"logits": [...]}`, or with
    `{"error": "..."}` when the model cannot be read.
    """
    with os.fdopen(in_fd, "rb") as requests, os.fdopen(out_fd, "wb") as replies:
        for line in requests:
            replies.write(json.dumps(_answer(line)).encode("ascii") + b"\n")
            replies.flush()


def _answer(line: bytes) -> dict[str, Any]:
    try:
        plain = json.loads(line)
        prompt = from_plain(LabPrompt, plain["prompt"])
        ids = prompt_ids(Path(plain["main_path"]), prompt) + [int(t) for t in plain["before"]]
        logits = last_logits(Path(plain["main_path"]), ids)
        return {"logits": [float(logits[token]) for token in plain["tokens"]]}
    except (RuntimeError, ValueError, KeyError, IndexError) as error:
        return {"error": str(error)}


def prompt_ids(main_path: Path, prompt: LabPrompt) -> list[int]:
    """Ids of a prompt as the pipeline makes them: template, then tokenizer.

    Raises:
        RuntimeError: the folder has no usable tokenizer.
    """
    tokenizer = _tokenizer(main_path)
    history = make_history(GenerationRequest(messages=prompt.messages))
    text = tokenizer.apply_chat_template(history, add_generation_prompt=True)
    data = tokenizer.encode(text, add_special_tokens=False).input_ids.data
    return [int(token) for token in data.flatten()]


def last_logits(main_path: Path, ids: Sequence[int]) -> Any:
    """Logits (numpy, by token id) of the token after `ids`, in one pass without a cache.

    Raises:
        RuntimeError: the model cannot be read or compiled.
    """
    import numpy as np

    request = _compiled(main_path).create_infer_request()
    count = len(ids)
    inputs = {
        "input_ids": np.array([ids], np.int64),
        "attention_mask": np.ones((1, count), np.int64),
        "position_ids": np.arange(count, dtype=np.int64)[None],
        "beam_idx": np.zeros(1, np.int32),
    }
    names = {name for port in request.model_inputs for name in port.names}
    result = request.infer({name: value for name, value in inputs.items() if name in names})
    return result["logits"][0, -1]


@lru_cache(maxsize=1)
def _compiled(main_path: Path) -> Any:
    return load_openvino().Core().compile_model(main_path / "openvino_model.xml", "CPU", _EXACT)


@lru_cache(maxsize=1)
def _tokenizer(main_path: Path) -> Any:
    return load_genai().Tokenizer(str(main_path))
