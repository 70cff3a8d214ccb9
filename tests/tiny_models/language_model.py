"""A tiny Llama-like language model with random weights, built with openvino and numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import openvino as ov
from openvino import opset6, opset13
from openvino.op.util import Variable, VariableInfo

Node = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Sizes of the model. Attention heads share one key/value head."""

    vocabulary: int
    hidden: int = 64
    layers: int = 2
    heads: int = 2
    head_size: int = 32
    feed_forward: int = 128
    rope_base: float = 10000.0


class _Weights:
    """Random weights; with `noise`, near ones: a draft that agrees with its main model at times."""

    def __init__(self, *, seed: int, noise: float) -> None:
        self._weights = np.random.default_rng(seed)
        self._noise = np.random.default_rng(seed + 1)
        self._share = noise

    def make(self, *shape: int) -> Node:
        scale = 0.2
        values = self._weights.normal(0, scale, size=shape)
        values = values + self._share * scale * self._noise.normal(size=shape)
        return opset13.constant(values.astype(np.float32))


def build_language_model(shape: Shape, *, seed: int = 0, noise: float = 0.0) -> ov.Model:
    """A stateful model with the inputs and the state that the runtime expects.

    Args:
        shape: sizes; main and draft of a pair have the same vocabulary.
        seed: of the weights; equal seeds make equal models.
        noise: share of other weights mixed in.
    """
    return _Builder(shape, _Weights(seed=seed, noise=noise)).build()


class _Builder:
    def __init__(self, shape: Shape, weights: _Weights) -> None:
        self._shape = shape
        self._weights = weights
        self._sinks: list[Node] = []
        self._ids = _parameter("input_ids", [-1, -1], "i64")
        self._mask = _parameter("attention_mask", [-1, -1], "i64")
        self._positions = _parameter("position_ids", [-1, -1], "i64")
        self._beams = _parameter("beam_idx", [-1], "i32")
        self._batch = opset13.gather(opset13.shape_of(self._ids), _ints([0]), _ints(0))

    def build(self) -> ov.Model:
        shape = self._shape
        table = self._weights.make(shape.vocabulary, shape.hidden)
        x = opset13.gather(table, opset13.convert(self._ids, "i32"), _ints(0))
        cosine, sine = self._rotary()
        mask = self._causal_mask()
        for layer in range(shape.layers):
            x = opset13.add(x, self._attention(layer, self._norm(x), mask, cosine, sine))
            x = opset13.add(x, self._feed_forward(self._norm(x)))
        logits = self._linear(self._norm(x), shape.vocabulary, shape.hidden)
        logits.output(0).set_names({"logits"})
        result = opset13.result(logits)
        result.set_friendly_name("logits")
        inputs = [self._ids, self._mask, self._positions, self._beams]
        return ov.Model([result], self._sinks, inputs, "tiny_language_model")

    def _rotary(self) -> tuple[Node, Node]:
        size = self._shape.head_size
        steps = np.arange(0, size, 2, dtype=np.float32) / size
        inverse = (1.0 / self._shape.rope_base**steps).reshape(1, size // 2, 1)
        target = opset13.concat([self._batch, _ints([1]), _ints([1])], 0)
        # As a positional argument broadcast_spec would be taken for something else.
        spread = opset13.broadcast(
            opset13.constant(inverse.astype(np.float32)), target, broadcast_spec="BIDIRECTIONAL"
        )
        positions = opset13.convert(opset13.unsqueeze(self._positions, _ints(1)), "f32")
        angles = opset13.transpose(
            opset13.matmul(spread, positions, False, False), _ints([0, 2, 1])
        )
        both = opset13.concat([angles, angles], -1)
        return (
            opset13.unsqueeze(opset13.cos(both), _ints(1)),
            opset13.unsqueeze(opset13.sin(both), _ints(1)),
        )

    def _causal_mask(self) -> Node:
        queries = opset13.gather(opset13.shape_of(self._ids), _ints(1), _ints(0))
        keys = opset13.gather(opset13.shape_of(self._mask), _ints(1), _ints(0))
        row = opset13.add(
            opset13.range(_ints(0), queries, _ints(1), "i64"), opset13.subtract(keys, queries)
        )
        column = opset13.unsqueeze(opset13.range(_ints(0), keys, _ints(1), "i64"), _ints(0))
        causal = opset13.less_equal(column, opset13.unsqueeze(row, _ints(1)))
        present = opset13.convert(
            opset13.unsqueeze(opset13.unsqueeze(self._mask, _ints(1)), _ints(1)), "boolean"
        )
        seen = opset13.logical_and(
            opset13.unsqueeze(opset13.unsqueeze(causal, _ints(0)), _ints(0)), present
        )
        return opset13.select(seen, _float(0.0), _float(-65504.0))

    def _attention(self, layer: int, x: Node, mask: Node, cosine: Node, sine: Node) -> Node:
        shape = self._shape
        width = shape.heads * shape.head_size
        query = self._rotate(self._split(self._linear(x, width, shape.hidden)), cosine, sine)
        key = self._split(self._linear(x, shape.head_size, shape.hidden), heads=1)
        value = self._split(self._linear(x, shape.head_size, shape.hidden), heads=1)
        key = self._remember(layer, "key", self._rotate(key, cosine, sine))
        value = self._remember(layer, "value", value)
        output = opset13.scaled_dot_product_attention(
            query,
            self._repeat(key),
            self._repeat(value),
            mask,
            _float(shape.head_size**-0.5),
            causal=False,
        )
        joined = opset13.reshape(
            opset13.transpose(output, _ints([0, 2, 1, 3])), _ints([0, 0, width]), True
        )
        return self._linear(joined, shape.hidden, width)

    def _feed_forward(self, x: Node) -> Node:
        hidden, inner = self._shape.hidden, self._shape.feed_forward
        gate = opset13.swish(self._linear(x, inner, hidden))
        return self._linear(opset13.multiply(gate, self._linear(x, inner, hidden)), hidden, inner)

    def _linear(self, x: Node, out_size: int, in_size: int) -> Node:
        return opset13.matmul(x, self._weights.make(out_size, in_size), False, True)

    def _norm(self, x: Node) -> Node:
        square = opset13.reduce_mean(opset13.power(x, _float(2.0)), _ints([-1]), True)
        root = opset13.sqrt(opset13.add(square, _float(1e-6)))
        scale = opset13.constant(np.ones((1, 1, self._shape.hidden), np.float32))
        return opset13.multiply(scale, opset13.multiply(x, opset13.divide(_float(1.0), root)))

    def _split(self, x: Node, *, heads: int | None = None) -> Node:
        sizes = _ints([0, 0, heads or self._shape.heads, self._shape.head_size])
        return opset13.transpose(opset13.reshape(x, sizes, True), _ints([0, 2, 1, 3]))

    def _rotate(self, x: Node, cosine: Node, sine: Node) -> Node:
        half, end = self._shape.head_size // 2, np.iinfo(np.int64).max
        first = opset13.slice(x, _ints([0]), _ints([half]), _ints([1]), _ints([3]))
        second = opset13.slice(x, _ints([half]), _ints([end]), _ints([1]), _ints([3]))
        turned = opset13.concat([opset13.multiply(second, _float(-1.0)), first], -1)
        return opset13.add(opset13.multiply(x, cosine), opset13.multiply(turned, sine))

    def _remember(self, layer: int, name: str, current: Node) -> Node:
        """Append to the KV cache. The runtime finds the state by the form of its name."""
        size = self._shape.head_size
        info = VariableInfo()
        info.data_shape = ov.PartialShape([-1, 1, -1, size])
        info.data_type = ov.Type.f32
        info.variable_id = f"past_key_values.{layer}.{name}present.{layer}.{name}"
        variable = Variable(info)
        empty = opset13.broadcast(
            _float(0.0), opset13.concat([self._batch, _ints([1]), _ints([0]), _ints([size])], 0)
        )
        past = opset13.gather(opset6.read_value(empty, variable), self._beams, _ints(0))
        whole = opset13.concat([past, current], 2)
        self._sinks.append(opset6.assign(whole, variable))
        return whole

    def _repeat(self, x: Node) -> Node:
        """One key/value head for every query head."""
        sizes = opset13.shape_of(x)
        batch = opset13.gather(sizes, _ints([0]), _ints(0))
        length = opset13.gather(sizes, _ints([2]), _ints(0))
        heads, size = _ints([self._shape.heads]), _ints([self._shape.head_size])
        spread = opset13.broadcast(
            opset13.unsqueeze(x, _ints(2)),
            opset13.concat([batch, _ints([1]), heads, length, size], 0),
            broadcast_spec="BIDIRECTIONAL",
        )
        return opset13.reshape(spread, opset13.concat([batch, heads, length, size], 0), False)


def _parameter(name: str, sizes: list[int], kind: str) -> Node:
    node = opset13.parameter(ov.PartialShape(sizes), getattr(ov.Type, kind))
    node.output(0).set_names({name})
    node.set_friendly_name(name)
    return node


def _ints(value: int | list[int]) -> Node:
    return opset13.constant(np.array(value, dtype=np.int64))


def _float(value: float) -> Node:
    return opset13.constant(np.float32(value))
