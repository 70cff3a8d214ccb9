"""Writes tiny models as the folders a real model comes in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import openvino as ov

from tests.tiny_models.language_model import Shape, build_language_model
from tests.tiny_models.tokenizer import SPECIAL, WORDS, build_tokenizer, vocabulary

CHAT_TEMPLATE = (
    "{% for m in messages %}{{'<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{'<|im_start|>assistant\n'}}"
    "{% if enable_thinking is defined and enable_thinking is false %}"
    "{{'<think>\n\n</think>\n\n'}}{% endif %}{% endif %}"
)
END_TOKEN = SPECIAL.index("<|im_end|>")


def write_model(
    folder: Path,
    *,
    seed: int = 0,
    noise: float = 0.0,
    words: Sequence[str] = WORDS,
    context_length: int = 512,
    generation: dict[str, object] | None = None,
) -> Path:
    """Write a model that loads, answers nonsense and is the same every time; returns `folder`.

    Args:
        folder: made if need be.
        seed, noise: see `build_language_model`.
        words: the tokenizer's words; other words make another tokenizer.
        context_length: what config.json says.
        generation: further keys of generation_config.json.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokens = vocabulary(words)
    shape = Shape(vocabulary=len(tokens))
    _save(build_language_model(shape, seed=seed, noise=noise), folder / "openvino_model.xml")
    tokenizer, detokenizer = build_tokenizer(tokens)
    _save(tokenizer, folder / "openvino_tokenizer.xml")
    _save(detokenizer, folder / "openvino_detokenizer.xml")
    _write_json(folder / "tokenizer_config.json", _tokenizer_config())
    _write_json(folder / "config.json", _config(shape, context_length))
    settings = {"do_sample": False, "eos_token_id": [END_TOKEN], "pad_token_id": 0}
    _write_json(folder / "generation_config.json", {**settings, **(generation or {})})
    return folder


def _save(model: ov.Model, path: Path) -> None:
    ov.save_model(model, path, compress_to_fp16=False)


def _write_json(path: Path, value: dict[str, object]) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


def _tokenizer_config() -> dict[str, object]:
    special = {
        str(token_id): {"content": text, "special": True} for token_id, text in enumerate(SPECIAL)
    }
    return {
        "eos_token": SPECIAL[END_TOKEN],
        "pad_token": SPECIAL[0],
        "added_tokens_decoder": special,
        "chat_template": CHAT_TEMPLATE,
    }


def _config(shape: Shape, context_length: int) -> dict[str, object]:
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": 1,
        "head_dim": shape.head_size,
        "max_position_embeddings": context_length,
        "eos_token_id": END_TOKEN,
        "pad_token_id": 0,
    }
