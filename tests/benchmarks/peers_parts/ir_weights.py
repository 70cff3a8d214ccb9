"""Reads the weights of a Llama-like IR back into arrays under their usual checkpoint names.

Knows what `inflate` added: its rows and columns are joined to the matrices they widen.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
from inflate import ADDED

_MATRIX = re.compile(r"self\.(model\..+\.)weight(_compressed)?$")
_ADDED = re.compile(rf"self\.(model\..+\.){ADDED}$")
_COLUMNS = "down_proj."
Array = np.ndarray[Any, Any]


def export(folder: Path, target: Path) -> int:
    """Write every weight of the model in `folder` as fp16 into one .npz; returns their number.

    Raises:
        ValueError: the graph is not of the known kind, or a weight was not found in it.
    """
    model = ov.Core().read_model(folder / "openvino_model.xml")
    weights = _matrices(model) | _norms(model)
    count = sum(weight.size for weight in weights.values() if weight.ndim > 1)
    _check(folder, count)
    target.parent.mkdir(parents=True, exist_ok=True)
    np.savez(target, allow_pickle=False, **weights)
    return count


def _check(folder: Path, count: int) -> None:
    note = folder / "inflated.json"
    if note.exists() and count != json.loads(note.read_text())["parameters"]:
        raise ValueError(f"only {count} weights were found in {folder}; inflate it anew")


def _matrices(model: ov.Model) -> dict[str, Array]:
    weights: dict[str, Array] = {}
    added: dict[str, Array] = {}
    for node in model.get_ordered_ops():
        if node.get_type_name() not in ("MatMul", "Gather"):
            continue
        found = _weight(node, 1 if node.get_type_name() == "MatMul" else 0)
        if found is not None:
            name, is_added, value = found
            (added if is_added else weights)[name] = value
    for name, value in added.items():
        axis = 1 if name.endswith(f"{_COLUMNS}weight") else 0
        weights[name] = np.concatenate([weights[name], value], axis)
    return weights


def _weight(node: Any, port: int) -> tuple[str, bool, Array] | None:
    """Name, whether it was added, and value of the weight at an input; None when it is none."""
    names = list(_names(node.input_value(port).get_node()))
    for pattern in (_ADDED, _MATRIX):
        for name in names:
            found = pattern.match(name)
            if found:
                value = _value(node.input_value(port).get_node()).astype(np.float16)
                return f"{found[1]}weight", pattern is _ADDED, value
    return None


def _names(node: Any) -> Any:
    yield node.get_friendly_name()
    if node.get_type_name() in ("Convert", "Multiply", "Reshape"):
        yield from _names(node.input_value(0).get_node())


def _value(node: Any) -> Array:
    """What a branch of constants amounts to, in fp32."""
    kind = node.get_type_name()
    if kind == "Constant":
        return np.asarray(node.get_data(), np.float32)
    first = _value(node.input_value(0).get_node())
    if kind == "Convert":
        return first
    if kind == "Multiply":
        return first * _value(node.input_value(1).get_node())
    raise ValueError(f"{kind} is not known among weights")


def _norms(model: ov.Model) -> dict[str, Array]:
    """Scales of the norms, found by the matrix that reads what they scale."""
    places = {"q_proj.weight": "input_layernorm", "gate_proj.weight": "post_attention_layernorm"}
    norms: dict[str, Array] = {}
    for node in model.get_ordered_ops():
        found = _weight_name(node)
        if found is None:
            continue
        for ending, norm in places.items():
            if found.endswith(ending):
                prefix = found.split(".self_attn.")[0].split(".mlp.")[0]
                norms[f"{prefix}.{norm}.weight"] = _norm(node)
        if "embed_tokens" in found:
            norms["model.norm.weight"] = _norm(node)
    return norms


def _weight_name(node: Any) -> str | None:
    if node.get_type_name() != "MatMul":
        return None
    for name in _names(node.input_value(1).get_node()):
        found = _MATRIX.match(name)
        if found:
            return f"{found[1]}weight"
    return None


def _norm(matmul: Any) -> Array:
    scaled = matmul.input_value(0).get_node()
    for port in range(2):
        branch = scaled.input_value(port).get_node()
        if scaled.get_type_name() == "Multiply" and branch.get_type_name() in (
            "Convert",
            "Constant",
        ):
            return _value(branch).reshape(-1).astype(np.float16)
    raise ValueError(f"no norm before {matmul.get_friendly_name()}")
