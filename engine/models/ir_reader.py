"""Reads what an OpenVINO IR says about itself, streaming, without building it and without weights.

The file is foreign: document types and entities are refused, sizes and depths are limited, and
nothing but `ModelError` comes out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sized
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from engine.errors import ErrorCode, ModelError

MAX_XML_BYTES = 256 * 1024 * 1024
_CHUNK_BYTES = 1024 * 1024
_MAX_TOKEN_BYTES = 8 * 1024 * 1024
_MAX_DEPTH = 64
_MAX_ITEMS = 200_000
_MAX_RANK = 16
_BITS = {
    "boolean": 8, "u1": 1, "u2": 2, "u4": 4, "i4": 4, "nf4": 4, "f4e2m1": 4, "u8": 8, "i8": 8,
    "f8e4m3": 8, "f8e5m2": 8, "f8e8m0": 8, "u16": 16, "i16": 16, "f16": 16, "bf16": 16, "u32": 32,
    "i32": 32, "f32": 32, "u64": 64, "i64": 64, "f64": 64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Constant:
    """One constant: where its bytes lie in the .bin."""

    element_type: str
    shape: tuple[int, ...]
    offset: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ShapeClass:
    """Constants of one type are counted by rank and last dimension: enough to tell weights,
    scales and zero points apart, and small however many layers there are."""

    element_type: str
    rank: int
    last_dim: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IrSummary:
    """What the XML of an IR says. With `keep_graph` also its constants and edges."""

    operations: Mapping[str, int]
    """Count per operation type."""
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    elements: Mapping[ShapeClass, int]
    """Count of constant elements per shape class."""
    data_bytes: int
    """The .bin must hold at least this many bytes."""
    logits_width: int | None
    """Last dimension of the output `logits`; None when absent or dynamic."""
    rt_info: Mapping[str, str]
    """Model-wide runtime information; nested keys are joined with `/`."""
    constants: Mapping[str, Constant] = field(default_factory=dict)
    operation_of: Mapping[str, str] = field(default_factory=dict)
    """Layer id to operation type; only with `keep_graph`."""
    sources_of: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    """Layer id to the layer ids feeding its input ports; only with `keep_graph`."""


def read_ir(xml_path: Path, *, keep_graph: bool = False) -> IrSummary:
    """Summarise the XML file of an IR.

    Raises:
        ModelError: MODEL_NOT_FOUND or MODEL_CORRUPT; facts: file, reason (missing, unreadable,
            too_large, bad_xml, not_an_ir, hostile_xml, bad_constant).
    """
    parser = _IrParser(xml_path.name, keep_graph=keep_graph)
    try:
        with xml_path.open("rb") as stream:
            if xml_path.stat().st_size > MAX_XML_BYTES:
                raise _damaged(xml_path.name, "too_large")
            while chunk := stream.read(_CHUNK_BYTES):
                parser.feed(chunk)
        return parser.finish()
    except FileNotFoundError as error:
        raise ModelError(
            f"The file {xml_path.name} is missing.",
            code=ErrorCode.MODEL_NOT_FOUND,
            file=xml_path.name,
            reason="missing",
        ) from error
    except OSError as error:
        raise _damaged(xml_path.name, "unreadable") from error


class _IrParser:
    """Collects an `IrSummary` from expat's events."""

    def __init__(self, file_name: str, *, keep_graph: bool) -> None:
        self._file = file_name
        self._keep_graph = keep_graph
        self._path: list[str] = []
        self._layers: list[tuple[str, str, str]] = []  # (id, type, name) of the open layers
        self._rt_keys: list[str] = []
        self._operations: Counter[str] = Counter()
        self._elements: Counter[ShapeClass] = Counter()
        self._inputs: list[str] = []
        self._outputs: list[str] = []
        self._data_bytes = 0
        self._dims: list[str] | None = None
        self._logits_width: int | None = None
        self._rt_info: dict[str, str] = {}
        self._constants: dict[str, Constant] = {}
        self._operation_of: dict[str, str] = {}
        self._sources_of: dict[str, dict[int, str]] = {}
        self._fed_bytes = 0
        self._expat = expat.ParserCreate()
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.StartDoctypeDeclHandler = self._refuse
        self._expat.EntityDeclHandler = self._refuse

    def feed(self, chunk: bytes) -> None:
        self._parse(chunk, final=False)
        self._fed_bytes += len(chunk)
        # One endless tag would make the parser start over with every chunk.
        if self._fed_bytes - max(self._expat.CurrentByteIndex, 0) > _MAX_TOKEN_BYTES:
            raise _damaged(self._file, "hostile_xml")

    def finish(self) -> IrSummary:
        self._parse(b"", final=True)
        if not self._operations:
            raise _damaged(self._file, "not_an_ir")
        return IrSummary(
            operations=dict(self._operations),
            inputs=tuple(self._inputs),
            outputs=tuple(self._outputs),
            elements=dict(self._elements),
            data_bytes=self._data_bytes,
            logits_width=self._logits_width,
            rt_info=self._rt_info,
            constants=self._constants,
            operation_of=self._operation_of,
            sources_of=self._sources_of,
        )

    def _parse(self, chunk: bytes, *, final: bool) -> None:
        try:
            self._expat.Parse(chunk, final)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise _damaged(self._file, "bad_xml") from error

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        path = self._path
        path.append(tag)
        if len(path) == 1 and tag != "net":
            raise _damaged(self._file, "not_an_ir")
        if len(path) > _MAX_DEPTH:
            raise _damaged(self._file, "hostile_xml")
        if len(path) > 2 and path[1] == "rt_info":
            self._start_rt_info(tag, attributes)
        elif tag == "layer":
            self._start_layer(attributes)
        elif tag == "data":
            self._start_data(attributes)
        elif tag == "port":
            self._start_port(attributes)
        elif tag == "dim" and self._dims is not None:
            self._dims.append(" ")
        elif tag == "edge" and self._keep_graph and len(path) == 3:
            self._start_edge(attributes)

    def _end(self, tag: str) -> None:
        path = self._path
        if len(path) > 2 and path[1] == "rt_info":
            self._rt_keys.pop()
        elif tag == "layer":
            self._layers.pop()
        elif tag == "port" and self._dims is not None:
            self._end_logits_port(self._dims)
        path.pop()

    def _start_rt_info(self, tag: str, attributes: dict[str, str]) -> None:
        name = attributes.get("name", "") if tag == "info" else tag
        self._rt_keys.append(name)
        value = attributes.get("value")
        if value is not None and len(self._rt_info) < _MAX_ITEMS:
            self._rt_info["/".join(self._rt_keys)] = value

    def _start_layer(self, attributes: dict[str, str]) -> None:
        operation, name = attributes.get("type", ""), attributes.get("name", "")
        layer_id = attributes.get("id", "")
        self._layers.append((layer_id, operation, name))
        self._operations[operation] += 1
        if len(self._layers) > 1:  # a layer of a loop body: counted, not part of the signature
            return
        if operation == "Parameter":
            self._inputs.append(name)
        elif operation == "Result":
            self._outputs.extend(attributes.get("output_names", name).split(","))
        if self._keep_graph:
            self._check_count(self._operation_of)
            self._operation_of[layer_id] = operation

    def _start_data(self, attributes: dict[str, str]) -> None:
        if not self._layers or self._layers[-1][1] != "Const":
            return
        constant = _constant(attributes, self._file)
        self._data_bytes = max(self._data_bytes, constant.offset + constant.size_bytes)
        last_dim = constant.shape[-1] if constant.shape else 1
        shape_class = ShapeClass(constant.element_type, len(constant.shape), last_dim)
        self._check_count(self._elements)
        self._elements[shape_class] += math.prod(constant.shape)
        if self._keep_graph and len(self._layers) == 1:
            self._constants[self._layers[-1][0]] = constant

    def _start_port(self, attributes: dict[str, str]) -> None:
        if len(self._layers) != 1 or self._logits_width is not None:
            return
        names = attributes.get("names", "").split(",")
        is_result = self._layers[-1][1] == "Result" and "logits" in self._outputs[-1:]
        if "logits" in names or is_result:
            self._dims = []
            self._expat.CharacterDataHandler = self._dims.append

    def _end_logits_port(self, parts: list[str]) -> None:
        self._expat.CharacterDataHandler = None
        self._dims = None
        dims = "".join(parts).split()
        if dims and dims[-1].isdecimal() and len(dims[-1]) < 12:
            self._logits_width = int(dims[-1])

    def _start_edge(self, attributes: dict[str, str]) -> None:
        port = attributes.get("to-port", "")
        if not port.isdecimal() or len(port) > 9:
            raise _damaged(self._file, "bad_xml")
        self._check_count(self._sources_of)
        sources = self._sources_of.setdefault(attributes.get("to-layer", ""), {})
        self._check_count(sources)
        sources[int(port)] = attributes.get("from-layer", "")

    def _check_count(self, items: Sized) -> None:
        if len(items) >= _MAX_ITEMS:
            raise _damaged(self._file, "hostile_xml")

    def _refuse(self, *_: object) -> None:
        raise _damaged(self._file, "hostile_xml")


def _constant(attributes: dict[str, str], file_name: str) -> Constant:
    """Read the place of a constant and check that its size is the one its shape asks for."""
    element_type = attributes.get("element_type", "")
    try:
        dims = [int(part) for part in attributes.get("shape", "").split(",") if part.strip()]
        offset, size_bytes = int(attributes["offset"]), int(attributes["size"])
    except (KeyError, ValueError) as error:
        raise _damaged(file_name, "bad_constant") from error
    shape = tuple(dims)
    if offset < 0 or size_bytes < 0 or len(shape) > _MAX_RANK or any(dim < 0 for dim in shape):
        raise _damaged(file_name, "bad_constant")
    bits = _BITS.get(element_type)
    if bits is not None:
        expected = (math.prod(shape) * bits + 7) // 8
        # The runtime writes one byte for an empty constant.
        if size_bytes != expected and (expected, size_bytes) != (0, 1):
            raise _damaged(file_name, "bad_constant")
        size_bytes = expected
    return Constant(element_type, shape, offset, size_bytes)


def _damaged(file_name: str, reason: str) -> ModelError:
    return ModelError(
        f"The file {file_name} cannot be used: {reason}.", file=file_name, reason=reason
    )
