"""Give a small trained pair the cost of a real one without changing its function.

Every MLP gets random gate and up rows whose products meet a down projection worth zero, so that
the weights read per token grow and the logits stay. Works on the OpenVINO IR; downloads nothing.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
from openvino import opset13 as op

PRECISIONS = ("fp16", "int8", "int4")
INT4_GROUP = 128
ADDED = "added"
"""Last part of the name of the node that yields added weights, as `layers.0.mlp.up_proj.added`."""
_MLP = re.compile(r"layers\.(\d+)\.mlp/aten::mul/Multiply$")
_DEQUANTISED = re.compile(r"\.weight_compressed/fq_weights_\d+$")
_WEIGHT_SCALE = 0.02


@dataclass(frozen=True, slots=True)
class Inflated:
    """What was made: folder, parameter count, bytes of weights read per token."""

    path: Path
    parameters: int
    weight_bytes: int
    precision: str


def inflate(
    source: Path, target: Path, *, parameters: int, precision: str = "int8", seed: int = 0
) -> Inflated:
    """Write a copy of the model in `source` widened to about `parameters` parameters.

    Args:
        source: folder of an int8 Llama-like IR as optimum-intel and nncf export it.
        target: folder to write; replaced when it exists.
        parameters: wanted number of weights, embeddings included.
        precision: "int8" (original weights kept bit for bit), "fp16" (all weights
            dequantised, as the graph itself does it) or "int4" (added part only, groups
            of 128, symmetric; the original part stays int8).
        seed: of the random rows.

    Raises:
        ValueError: the graph has no MLP of the known shape, or the target is below the source.
    """
    if precision not in PRECISIONS:
        raise ValueError(f"precision {precision!r} is not one of {', '.join(PRECISIONS)}")
    core = ov.Core()
    model = core.read_model(source / "openvino_model.xml")
    mlps = list(_mlps(model))
    if not mlps:
        raise ValueError(f"no MLP of a known shape in {source}")
    base = _count_parameters(model)
    hidden = mlps[0].hidden
    extra = (parameters - base) // (3 * hidden * len(mlps)) // INT4_GROUP * INT4_GROUP
    if extra <= 0:
        raise ValueError(f"the model already has {base} parameters")
    rng = np.random.default_rng(seed)
    for mlp in mlps:
        _widen(mlp, extra, precision, rng)
    if precision == "fp16":
        _dequantise(model)
    model.validate_nodes_and_infer_types()
    _write(model, source, target)
    total = base + extra * 3 * hidden * len(mlps)
    size = (target / "openvino_model.bin").stat().st_size
    note = {"parameters": total, "precision": precision, "inflated_from": base}
    (target / "inflated.json").write_text(json.dumps(note))
    return Inflated(path=target, parameters=total, weight_bytes=size, precision=precision)


@dataclass(frozen=True, slots=True)
class _Mlp:
    product: Any
    """act(gate(x)) * up(x)"""
    down: Any
    """MatMul back to the hidden size"""
    source: Any
    """Output that both gate and up read"""
    hidden: int
    name: str
    """Of the layer's MLP; the added constants are called after it"""


def _mlps(model: ov.Model) -> Iterator[_Mlp]:
    for node in model.get_ordered_ops():
        found = _MLP.search(node.get_friendly_name())
        if node.get_type_name() != "Multiply" or not found:
            continue
        down = next(iter(node.output(0).get_target_inputs())).get_node()
        up = node.input_value(1).get_node()
        hidden = down.get_output_partial_shape(0)[2].get_length()
        name = f"self.model.layers.{found[1]}.mlp"
        yield _Mlp(product=node, down=down, source=up.input_value(0), hidden=hidden, name=name)


def _widen(mlp: _Mlp, extra: int, precision: str, rng: np.random.Generator) -> None:
    make = {"fp16": _fp16, "int8": _int8, "int4": _int4}[precision]
    weights = {
        "gate_proj": make(extra, mlp.hidden, rng),
        "up_proj": make(extra, mlp.hidden, rng),
        "down_proj": make(mlp.hidden, extra, rng, zero=True),
    }
    for part, node in weights.items():
        node.set_friendly_name(f"{mlp.name}.{part}.{ADDED}")
    gate = op.matmul(mlp.source, weights["gate_proj"], False, True)
    up = op.matmul(mlp.source, weights["up_proj"], False, True)
    product = op.multiply(op.swish(gate), up)
    added = op.matmul(product, weights["down_proj"], False, True)
    targets = list(mlp.down.output(0).get_target_inputs())
    total = op.add(mlp.down, added)
    for target in targets:
        target.replace_source_output(total.output(0))


# A matrix worth zero still has bytes of its own in each layer: equal constants would be stored
# once, be shared by all layers, and stay in the cache.


def _fp16(rows: int, columns: int, rng: np.random.Generator, *, zero: bool = False) -> Any:
    if zero:
        signs = rng.integers(0, 2, (rows, columns), np.uint16)
        weights = (signs << np.uint16(15)).view(np.float16)
    else:
        noise = rng.standard_normal((rows, columns), np.float32)
        weights = (noise * _WEIGHT_SCALE).astype(np.float16)
    return op.convert(op.constant(weights), "f32")


def _int8(rows: int, columns: int, rng: np.random.Generator, *, zero: bool = False) -> Any:
    weights = rng.integers(-127, 128, (rows, columns), np.int8)
    step = 0.0 if zero else _WEIGHT_SCALE / 64
    scale = op.constant(np.full((rows, 1), step, np.float16))
    return op.convert(op.multiply(op.convert(op.constant(weights), "f16"), scale), "f32")


def _int4(rows: int, columns: int, rng: np.random.Generator, *, zero: bool = False) -> Any:
    groups = columns // INT4_GROUP
    packed = rng.integers(0, 256, rows * columns // 2, np.uint8)
    # A tensor over `packed` would not keep it alive; one of its own does.
    tensor = ov.Tensor(ov.Type.i4, ov.Shape([rows, groups, INT4_GROUP]))
    tensor.data.reshape(-1)[:] = packed.view(tensor.data.dtype)
    weights = op.constant(tensor)
    step = 0.0 if zero else _WEIGHT_SCALE / 4
    scale = op.constant(np.full((rows, groups, 1), step, np.float16))
    grouped = op.multiply(op.convert(weights, "f16"), scale)
    flat = op.reshape(grouped, op.constant(np.array([rows, columns], np.int64)), False)
    return op.convert(flat, "f32")


def _dequantise(model: ov.Model) -> None:
    for node in model.get_ordered_ops():
        if not _DEQUANTISED.search(node.get_friendly_name()):
            continue
        convert = node.input_value(0).get_node()
        weights = convert.input_value(0).get_node().get_data()
        scale = node.input_value(1).get_node().get_data()
        constant = op.constant((weights * scale.astype(np.float32)).astype(np.float16))
        constant.set_friendly_name(_DEQUANTISED.sub(".weight", node.get_friendly_name()))
        for target in list(node.output(0).get_target_inputs()):
            target.replace_source_output(constant.output(0))


def _count_parameters(model: ov.Model) -> int:
    return sum(
        int(np.prod(node.get_output_shape(0)))
        for node in model.get_ordered_ops()
        if node.get_type_name() == "Constant"
        and node.get_friendly_name().endswith("weight_compressed")
    )


def _write(model: ov.Model, source: Path, target: Path) -> None:
    if target.exists():
        shutil.rmtree(target)
    target.mkdir(parents=True)
    for path in source.iterdir():
        if path.is_file() and not path.name.startswith(("openvino_model.", "manifest.")):
            shutil.copyfile(path, target / path.name)
    ov.save_model(model, target / "openvino_model.xml", compress_to_fp16=False)


def main() -> None:
    """Command line: inflate one folder and print what was made as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--parameters", type=float, required=True, help="e.g. 1e9")
    parser.add_argument("--precision", choices=PRECISIONS, default="int8")
    args = parser.parse_args()
    made = inflate(
        args.source, args.target, parameters=int(args.parameters), precision=args.precision
    )
    print(
        json.dumps(
            {
                "path": str(made.path),
                "parameters": made.parameters,
                "weight_bytes": made.weight_bytes,
                "precision": made.precision,
            }
        )
    )


if __name__ == "__main__":
    main()
