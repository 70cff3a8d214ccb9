"""Folders that stand in for a draft: made of links, right where the graph ends, never left."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, parse

import pytest

from engine.backends.greedy_draft import GreedyDrafts
from engine.backends.greedy_graph import DOUBLINGS, sharpened
from engine.resources import asset_path

IR = "openvino_model.xml"
HOLD = """
import sys
from pathlib import Path
from engine.backends.greedy_draft import GreedyDrafts
drafts = GreedyDrafts(Path(sys.argv[1]))
print(drafts.stand_in_for(Path(sys.argv[2])), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A draft model of the user, in a folder with a name that is not ASCII."""
    return Path(shutil.copytree(asset_path("models", "demo-draft"), tmp_path / "草稿 Entwürfe"))


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def refuse(*_paths: object, **_options: object) -> None:
    raise OSError(errno.EXDEV, "Invalid cross-device link")


def contents(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of last change of every file."""
    return {p.name: (p.stat().st_size, p.stat().st_mtime_ns) for p in folder.iterdir()}


def test_a_stand_in_is_made_of_links_and_goes_again(model: Path, scratch: Path) -> None:
    before = contents(model)
    model.chmod(0o555)
    drafts = GreedyDrafts(scratch)
    stand_in = drafts.stand_in_for(model)
    assert stand_in.parent == scratch
    assert {path.name for path in stand_in.iterdir()} == set(before)
    for name in before.keys() - {IR}:
        assert (stand_in / name).samefile(model / name)
    assert (stand_in / IR).read_bytes() != (model / IR).read_bytes()
    drafts.clear()
    assert list(scratch.iterdir()) == []
    model.chmod(0o755)
    assert contents(model) == before


def test_without_symbolic_links_hard_ones_do_and_free_their_space(
    model: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "symlink", refuse)
    drafts = GreedyDrafts(scratch)
    stand_in = drafts.stand_in_for(model)
    weights = model / "openvino_model.bin"
    assert not (stand_in / weights.name).is_symlink()
    assert weights.stat().st_nlink == 2
    drafts.clear()
    assert weights.stat().st_nlink == 1
    assert list(scratch.iterdir()) == []


def test_on_another_volume_the_draft_is_used_as_it_is(
    model: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "symlink", refuse)
    monkeypatch.setattr(os, "link", refuse)
    assert GreedyDrafts(scratch).stand_in_for(model) == model
    assert list(scratch.iterdir()) == []


def test_where_nothing_can_be_written_the_draft_is_used_as_it_is(
    model: Path, scratch: Path
) -> None:
    assert GreedyDrafts(scratch / "missing").stand_in_for(model) == model
    assert GreedyDrafts(scratch).stand_in_for(scratch) == scratch, "a folder without a model"


def test_without_a_place_for_temporary_files_the_draft_is_used_as_it_is(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_all() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", refuse_all)
    drafts = GreedyDrafts()
    drafts.sweep()
    assert drafts.stand_in_for(model) == model


def test_what_the_system_holds_on_to_goes_with_a_later_clear(
    model: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = GreedyDrafts(scratch)
    stand_in = drafts.stand_in_for(model)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda *_paths, **_options: None)
        drafts.clear()
        assert stand_in.exists()
    GreedyDrafts(scratch).sweep()
    assert stand_in.exists(), "others see that it is still in use"
    drafts.clear()
    assert list(scratch.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_sweep(model: Path, scratch: Path) -> None:
    foreign = scratch / "another folder"
    foreign.mkdir()
    command = [sys.executable, "-c", HOLD, str(scratch), str(model)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        stand_in = Path(process.stdout.readline().strip())
        GreedyDrafts(scratch).sweep()
        assert (stand_in / IR).is_file(), "it is in use"
        process.kill()
        process.wait()
    assert stand_in.exists()
    GreedyDrafts(scratch).sweep()
    assert list(scratch.iterdir()) == [foreign]


def test_the_doublings_lie_before_the_last_product(model: Path) -> None:
    graph = sharpened(model / IR)
    assert graph is not None
    net = graph.getroot()
    product = last_product(net)
    added = [layer for layer in net.iterfind("layers/layer") if layer.get("type") == "Add"]
    known = parse(model / IR).getroot()
    assert len(added) == DOUBLINGS + len(known.findall("layers/layer[@type='Add']"))
    source, factor = product, 1
    while source.get("type") in ("MatMul", "Add"):
        edges = net.findall(f"edges/edge[@to-layer='{source.get('id')}']")
        sources = {edge.get("from-layer") for edge in edges}
        if source.get("type") == "Add":
            assert len(edges) == 2
            assert len(sources) == 1, "it is added to itself"
            factor *= 2
        else:
            sources = {e.get("from-layer") for e in edges if e.get("to-port") == "0"}
        source = layer_of(net, sources.pop() or "")
    assert factor == 2**DOUBLINGS
    assert source.get("name") == "__module.model.norm/aten::mul/Multiply_1"


def layer_of(net: Element, name: str) -> Element:
    layer = net.find(f"layers/layer[@id='{name}']")
    assert layer is not None
    return layer


def last_product(net: Element) -> Element:
    result = net.find("layers/layer[@type='Result']")
    assert result is not None
    edge = net.find(f"edges/edge[@to-layer='{result.get('id')}']")
    assert edge is not None
    return layer_of(net, edge.get("from-layer") or "")


def bound(net: Element) -> None:
    """The logits come from something else than a product."""
    last_product(net).set("type", "Tanh")


def observe(net: Element) -> None:
    """Something else reads the logits, too."""
    edges = net.find("edges")
    assert edges is not None
    product = last_product(net)
    ends = {"from-layer": product.get("id") or "", "from-port": "2"}
    SubElement(edges, "edge", {**ends, "to-layer": "0", "to-port": "7"})


def end_twice(net: Element) -> None:
    """There is a second result, as heads have."""
    layers = net.find("layers")
    assert layers is not None
    SubElement(layers, "layer", id="99999", name="hidden", type="Result", version="opset1")


def lose_edges(net: Element) -> None:
    edges = net.find("edges")
    assert edges is not None
    net.remove(edges)


@pytest.mark.parametrize("change", [bound, observe, end_twice, lose_edges])
def test_another_end_of_the_graph_is_left_alone(
    model: Path, scratch: Path, change: Callable[[Element], None]
) -> None:
    assert sharpened(model / IR) is not None
    tree = parse(model / IR)
    change(tree.getroot())
    tree.write(model / IR)
    assert GreedyDrafts(scratch).stand_in_for(model) == model
    assert list(scratch.iterdir()) == []


def test_a_stand_in_is_not_sharpened_again(model: Path, scratch: Path) -> None:
    drafts = GreedyDrafts(scratch)
    assert sharpened(drafts.stand_in_for(model) / IR) is None
    drafts.clear()


def test_document_types_are_refused(model: Path, scratch: Path) -> None:
    text = (model / IR).read_text(encoding="utf-8")
    hostile = '<?xml version="1.0"?><!DOCTYPE net [<!ENTITY a "aaaa">]>'
    (model / IR).write_text(text.replace('<?xml version="1.0"?>', hostile), encoding="utf-8")
    assert GreedyDrafts(scratch).stand_in_for(model) == model
