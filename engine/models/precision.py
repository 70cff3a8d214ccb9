"""Precision and number of weights, from the constants of an IR. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from engine.models.ir_reader import IrSummary, ShapeClass

PER_CHANNEL = -1
"""Group size of weights with one scale per output channel."""
_LARGEST_GROUP = 512
_QUANTIZED = {
    "i4": ("int4", True), "u4": ("int4", False), "i8": ("int8", True), "u8": ("int8", False),
    "nf4": ("nf4", None), "f4e2m1": ("fp4", None), "u2": ("int2", False),
    "f8e4m3": ("fp8", None), "f8e5m2": ("fp8", None),
}  # fmt: skip
_FOUR_BIT = ("i4", "u4", "nf4", "f4e2m1")
_FOUR_BIT_SHARE = 0.2
_FLOATS = {"f16": "fp16", "bf16": "bf16", "f32": "fp32", "f64": "fp64"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightPrecision:
    """How the layers of a model are stored."""

    type: str
    """int4, int8, nf4, fp4, fp8, fp16, bf16, fp32 or fp64."""
    symmetric: bool | None = None
    """False: with zero points (an asymmetric int4 model aborts the NPU compiler). None: does
    not apply."""
    group_size: int | None = None
    """Weights per scale; PER_CHANNEL for one scale a channel; None for unquantized weights."""

    @property
    def label(self) -> str:
        """Short name such as `int4_asym_g64`, `int4_sym_cw` or `fp16`."""
        parts = [self.type]
        if self.symmetric is not None:
            parts.append("sym" if self.symmetric else "asym")
        if self.group_size is not None:
            parts.append("cw" if self.group_size == PER_CHANNEL else f"g{self.group_size}")
        return "_".join(parts)


def weight_precision(ir: IrSummary) -> WeightPrecision | None:
    """The precision of the layers; None when the IR has no weights."""
    weights = _weight_elements(ir.elements)
    if not weights:
        return None
    by_type: Counter[str] = Counter()
    for shape_class, count in weights.items():
        by_type[shape_class.element_type] += count
    element_type = _nominal_type(by_type)
    if element_type in _FLOATS:
        return WeightPrecision(type=_FLOATS[element_type])
    name, symmetric = _QUANTIZED[element_type]
    return WeightPrecision(
        type=name, symmetric=symmetric, group_size=_group_size(ir, element_type, weights)
    )


def parameter_count(ir: IrSummary) -> int:
    """Number of weights, without the scales and zero points of their compression."""
    return sum(_weight_elements(ir.elements).values())


def has_unsigned_int4(ir: IrSummary) -> bool:
    """Whether any weight is stored as unsigned 4 bit, which comes with zero points."""
    return any(shape.element_type == "u4" for shape in _weight_elements(ir.elements))


def _nominal_type(by_type: Counter[str]) -> str:
    """The type the layers are stored in. Embeddings often keep 8 bits, and in a small model with
    a large vocabulary they are most of the weights."""
    four_bit = Counter({kind: n for kind, n in by_type.items() if kind in _FOUR_BIT})
    if four_bit.total() >= _FOUR_BIT_SHARE * by_type.total():
        return four_bit.most_common(1)[0][0]
    return by_type.most_common(1)[0][0]


def _weight_elements(elements: Mapping[ShapeClass, int]) -> dict[ShapeClass, int]:
    quantized = {s: n for s, n in elements.items() if s.element_type in _QUANTIZED and _is_wide(s)}
    # With quantized weights, a float table whose last dimension is 1 holds scales.
    floats = {
        s: n
        for s, n in elements.items()
        if s.element_type in _FLOATS and s.rank > 0 and (not quantized or s.last_dim > 1)
    }
    return quantized | floats


def _is_wide(shape_class: ShapeClass) -> bool:
    """Zero points end in a dimension of 1."""
    return shape_class.rank > 1 and shape_class.last_dim > 1


def _group_size(ir: IrSummary, element_type: str, weights: Mapping[ShapeClass, int]) -> int:
    stated = ir.rt_info.get("nncf/weight_compression/group_size", "")
    shapes: Counter[tuple[int, int]] = Counter()
    for shape_class, count in weights.items():
        if shape_class.element_type == element_type:
            shapes[shape_class.rank, shape_class.last_dim] += count
    rank, last_dim = shapes.most_common(1)[0][0]
    if rank == 2:
        return PER_CHANNEL
    # Of rank 3, experts with one scale a channel look like groups; the export says which.
    if stated.isdecimal() and len(stated) < 9 and int(stated) == last_dim:
        return last_dim
    return PER_CHANNEL if last_dim > _LARGEST_GROUP or stated == "-1" else last_dim
