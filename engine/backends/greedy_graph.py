"""Makes a language model's IR sure of itself: its logits become so far apart that sampling takes
the likeliest token. Works on the XML alone; no weight is read or added.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, ParseError, SubElement, parse

from engine.errors import ModelError
from engine.models.ir_reader import read_ir

DOUBLINGS = 6
"""Logits times 64. At a temperature of 1, a token 0.1 ahead of the next is 600 times as likely.
Doubling is exact in every float format, so the order of the tokens stays; much more would leave
the range of f16."""
_MAX_XML_BYTES = 64 * 1024 * 1024
_LAYER = "greedy_doubling_"

Place = tuple[str, str]
"""A layer's id and one of its ports."""


def sharpened(path: Path) -> ElementTree[Element] | None:
    """The IR at `path` with its logits multiplied; None when its end is not a plain product.

    The factor goes onto what the last matrix is multiplied with, which is small, and leaves the end
    of the graph as the runtime looks for it. A bias or a bounded logit would not follow the factor:
    such models are left alone.

    Raises:
        OSError: the file cannot be read.
    """
    if path.stat().st_size > _MAX_XML_BYTES:
        return None
    try:
        read_ir(path)  # refuses document types and entities, which the parser below would follow
        tree = parse(path)
    except (ModelError, ParseError):
        return None
    return tree if _double(tree.getroot()) else None


def _double(net: Element) -> bool:
    layers, edges = net.find("layers"), net.find("edges")
    if layers is None or edges is None:
        return False
    product = _last_product(layers, edges)
    port = product.find("input/port") if product is not None else None
    if product is None or port is None:
        return False
    edge = _edge_into(edges, (product.get("id", ""), port.get("id", "")))
    if edge is None:
        return False
    source = _source(edge)
    free = 1 + max(int(layer.get("id", "0")) for layer in layers)
    for number in range(DOUBLINGS):
        source = _add_doubling(layers, edges, str(free + number), source, like=port)
    edge.set("from-layer", source[0])
    edge.set("from-port", source[1])
    return True


def _last_product(layers: Element, edges: Element) -> Element | None:
    """The MatMul that the only result is made of, if nothing else reads it."""
    by_id = {layer.get("id"): layer for layer in layers}
    results = [layer for layer in layers if layer.get("type") == "Result"]
    if len(results) != 1 or any(layer.get("name", "").startswith(_LAYER) for layer in layers):
        return None
    readers = Counter(edge.get("from-layer") for edge in edges)
    layer = results[0]
    while layer.get("type") in ("Result", "Convert"):
        edge = _edge_into(edges, (layer.get("id", ""), "0"))
        if edge is None or readers[edge.get("from-layer")] != 1:
            return None
        layer = by_id[edge.get("from-layer")]
    return layer if layer.get("type") == "MatMul" else None


def _edge_into(edges: Element, place: Place) -> Element | None:
    return next((e for e in edges if (e.get("to-layer"), e.get("to-port")) == place), None)


def _source(edge: Element) -> Place:
    return edge.get("from-layer", ""), edge.get("from-port", "")


def _add_doubling(
    layers: Element, edges: Element, name: str, source: Place, *, like: Element
) -> Place:
    """A layer that adds `source` to itself; returns where its sum comes out."""
    layer = SubElement(layers, "layer", id=name, name=_LAYER + name, type="Add", version="opset1")
    SubElement(layer, "data", auto_broadcast="numpy")
    inputs, outputs = SubElement(layer, "input"), SubElement(layer, "output")
    for parent, number in ((inputs, "0"), (inputs, "1"), (outputs, "2")):
        port = SubElement(parent, "port", id=number, precision=like.get("precision", "FP32"))
        for size in like.iterfind("dim"):
            SubElement(port, "dim").text = size.text
    for number in ("0", "1"):
        ends = {"from-layer": source[0], "from-port": source[1]}
        SubElement(edges, "edge", {**ends, "to-layer": name, "to-port": number})
    return name, "2"
