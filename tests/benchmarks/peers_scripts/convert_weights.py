"""Writes the exported weights as a GGUF file and as a folder for transformers.

Runs in the environment of the peers, as a process: WEIGHTS.npz CONFIG.json TARGET gguf|folder TYPE,
TYPE being Q8_0 or F16 for gguf. Prints nothing.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np

NAMES = {
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
_LAYER = re.compile(r"model\.layers\.(\d+)\.(.+)\.weight$")
Array = np.ndarray[Any, Any]


def write_gguf(weights: dict[str, Array], config: dict[str, Any], target: Path, kind: str) -> None:
    """Write a GGUF file; matrices as `kind`, norms in fp32. It holds no vocabulary."""
    import gguf

    quantisation = gguf.GGMLQuantizationType[kind]
    writer = gguf.GGUFWriter(target, "llama")
    _describe(writer, config, width=weights["model.layers.0.mlp.gate_proj.weight"].shape[0])
    for name, weight in weights.items():
        value = weight
        for part, heads in (("q_proj", "attention"), ("k_proj", "key_value")):
            if part in name:
                value = _interleaved(weight, config[f"num_{heads}_heads"])
        if value.ndim == 1:
            writer.add_tensor(_gguf_name(name), value.astype(np.float32))
        else:
            data = gguf.quants.quantize(value.astype(np.float32), quantisation)
            writer.add_tensor(_gguf_name(name), data, raw_dtype=quantisation)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: Any, config: dict[str, Any], *, width: int) -> None:
    heads = config["num_attention_heads"]
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(width)
    writer.add_head_count(heads)
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_dimension_count(config["hidden_size"] // heads)
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_tokenizer_model("no_vocab")


def _interleaved(weight: Array, heads: int) -> Array:
    """Rows of a query or key projection in the order in which GGUF rotates them: by pairs."""
    rows, columns = weight.shape
    halves = weight.reshape(heads, 2, rows // heads // 2, columns)
    return halves.swapaxes(1, 2).reshape(rows, columns)


def _gguf_name(name: str) -> str:
    found = _LAYER.match(name)
    if found:
        return f"blk.{found[1]}.{NAMES[found[2]]}.weight"
    return {"model.embed_tokens.weight": "token_embd.weight"}.get(name, "output_norm.weight")


def write_folder(weights: dict[str, Array], config: dict[str, Any], target: Path) -> None:
    """Write config.json and safetensors, as transformers reads them."""
    from safetensors.numpy import save_file

    target.mkdir(parents=True, exist_ok=True)
    width = weights["model.layers.0.mlp.gate_proj.weight"].shape[0]
    described = {**config, "intermediate_size": width, "dtype": "float16"}
    (target / "config.json").write_text(json.dumps(described, indent=2))
    plain = {name: np.ascontiguousarray(weight) for name, weight in weights.items()}
    save_file(plain, target / "model.safetensors", metadata={"format": "pt"})


def main() -> None:
    """Convert once."""
    source, config_path, target, form, kind = sys.argv[1:]
    with np.load(source) as arrays:
        weights = {name: arrays[name] for name in arrays.files}
    config = json.loads(Path(config_path).read_text())
    if form == "gguf":
        write_gguf(weights, config, Path(target), kind)
    else:
        write_folder(weights, config, Path(target))


if __name__ == "__main__":
    main()
