"""The versions in a thread of Jan: links between messages that lie in their metadata. Older threads
have none and are one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.core.import_chats.json_node import Node
from app.core.import_chats.refusal import Expected


@dataclass(frozen=True, slots=True)
class Link:
    """A message by its place in the file, below which one, and whether it is the shown version."""

    index: int
    parent: int | None
    shown: bool


def ordered(nodes: Sequence[Node], shown_root: str = "") -> Iterator[Link]:
    """All messages, parents before children. Raises ImportRefusedError for a circle."""
    if not any(_links(node) for node in nodes):
        for index in range(len(nodes)):
            yield Link(index, index - 1 if index else None, shown=True)
        return
    children = _children(nodes)
    waiting = list(reversed(_versions(nodes, children, None, shown_root)))
    count = 0
    while waiting:
        link = waiting.pop()
        count += 1
        yield link
        chosen = _active_child(nodes[link.index])
        waiting += reversed(_versions(nodes, children, link.index, chosen))
    if count != len(nodes):
        nodes[0].refuse(Expected.TREE)


def _children(nodes: Sequence[Node]) -> dict[int | None, list[int]]:
    """Who follows whom; a message that lost its link follows the one written before it."""
    places = {node.get("id").text(""): index for index, node in enumerate(nodes)}
    by_time = sorted(range(len(nodes)), key=lambda index: (_time(nodes[index]), index))
    before = dict(zip(by_time[1:], by_time, strict=False))
    found: dict[int | None, list[int]] = {}
    for index in by_time:
        node = nodes[index]
        metadata = node.get("metadata")
        parent = metadata.value.get("parentId", "") if isinstance(metadata.value, dict) else ""
        place = places.get(parent) if isinstance(parent, str) else None
        is_root = parent is None and node.get("role").text() != "assistant"
        if place is None and not is_root:
            place = before.get(index)
        found.setdefault(place, []).append(index)
    return found


def _versions(
    nodes: Sequence[Node], children: dict[int | None, list[int]], parent: int | None, chosen: str
) -> list[Link]:
    """The versions below a message; the chosen one is shown, or else the newest."""
    indexes = children.get(parent, [])
    shown = next((i for i in indexes if chosen and nodes[i].get("id").text("") == chosen), None)
    if shown is None and indexes:
        shown = indexes[-1]
    return [Link(index, parent, shown=index == shown) for index in indexes]


def _links(node: Node) -> bool:
    metadata = node.get("metadata")
    return metadata.has("parentId") or metadata.has("activeChildId")


def _active_child(node: Node) -> str:
    metadata = node.get("metadata")
    return metadata.get("activeChildId").text("") if metadata.has("activeChildId") else ""


def _time(node: Node) -> float:
    return node.get("created_at").seconds(0.0)
