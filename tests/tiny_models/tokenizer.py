"""A tiny tokenizer and detokenizer: special tokens, all bytes and a few words."""

from __future__ import annotations

from collections.abc import Sequence

import openvino as ov
from openvino import opset13
from openvino_tokenizers import build_rwkv_tokenizer
from openvino_tokenizers.tokenizer_pipeline import UTF8ReplaceMode, UTF8ValidateStep

SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
WORDS = ("user", "assistant", "system", "<think>", "</think>", " the", " dog", "中文", "🙂", "é")


def vocabulary(words: Sequence[str] = WORDS) -> list[str | bytes]:
    """Tokens in the order of their ids."""
    return [*SPECIAL, *words, *(bytes([value]) for value in range(256))]


def build_tokenizer(tokens: Sequence[str | bytes]) -> tuple[ov.Model, ov.Model]:
    """Tokenizer and detokenizer; ids are positions in `tokens`."""
    lines = [
        f"{token_id} {token!r} {len(token if isinstance(token, bytes) else token.encode())}"
        for token_id, token in enumerate(tokens)
        if token_id > 0
    ]
    tokenizer, detokenizer = build_rwkv_tokenizer(lines)
    _validate_utf8(detokenizer)
    return _with_attention_mask(tokenizer), detokenizer


def _with_attention_mask(tokenizer: ov.Model) -> ov.Model:
    """The runtime looks for this output, though there is no padding here."""
    ids = tokenizer.outputs[0].get_node().input_value(0)
    zero = opset13.constant(0, ids.get_element_type())
    mask = opset13.convert(opset13.not_equal(ids, zero), "i64")
    mask.output(0).set_names({"attention_mask"})
    results = [tokenizer.get_results()[0], opset13.result(mask)]
    whole = ov.Model(results, tokenizer.get_parameters(), "tokenizer")
    whole.outputs[0].set_names({"input_ids"})
    return whole


def _validate_utf8(detokenizer: ov.Model) -> None:
    """A random model says broken bytes, which the runtime cannot turn into a Python string."""
    pack = detokenizer.outputs[0].get_node().input_value(0).get_node()
    step = UTF8ValidateStep(UTF8ReplaceMode.REPLACE)
    valid = step.get_ov_subgraph([pack.input_value(index) for index in range(3)])
    for index, output in enumerate(valid):
        pack.input(index).replace_source_output(output)
