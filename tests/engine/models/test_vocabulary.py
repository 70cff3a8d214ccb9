"""Fingerprints: the same ids with the same meaning, and nothing else, compare equal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.errors import ModelError
from engine.models.ir_reader import read_ir
from engine.models.vocabulary import Fingerprint, fingerprint_of_ir, fingerprint_of_json
from tests.engine.models.folder_maker import IrWriter, string_table, vocabulary, write_tokenizers


def of_json(folder: Path, *, vocab: object, added: object = ()) -> Fingerprint:
    data = {"added_tokens": added, "model": {"vocab": vocab}}
    (folder / "tokenizer.json").write_text(json.dumps(data), encoding="utf-8")
    return fingerprint_of_json(folder / "tokenizer.json")


def of_ir(folder: Path) -> Fingerprint | None:
    ir = read_ir(folder / "openvino_tokenizer.xml", keep_graph=True)
    return fingerprint_of_ir(ir, folder / "openvino_tokenizer.bin")


def test_order_of_writing_does_not_count_and_ids_do(tmp_path: Path) -> None:
    one = of_json(tmp_path, vocab={"a": 0, "b": 1})
    assert of_json(tmp_path, vocab={"b": 1, "a": 0}) == one
    assert of_json(tmp_path, vocab={"a": 1, "b": 0}) != one
    assert of_json(tmp_path, vocab=[["a", -1.0], ["b", -2.0]]) == one


def test_tokens_do_not_run_into_each_other(tmp_path: Path) -> None:
    assert of_json(tmp_path, vocab={"ab": 0, "c": 1}) != of_json(tmp_path, vocab={"a": 0, "bc": 1})


def test_special_tokens_are_counted_once_wherever_they_are_listed(tmp_path: Path) -> None:
    added = [{"id": 2, "content": "<eos>"}]
    one = of_json(tmp_path, vocab={"a": 0, "b": 1}, added=added)
    assert of_json(tmp_path, vocab={"a": 0, "b": 1, "<eos>": 2}, added=added) == one
    other = of_json(tmp_path, vocab={"a": 0, "b": 1}, added=[{"id": 2, "content": "<end>"}])
    assert (other.vocabulary == one.vocabulary, other.special == one.special) == (True, False)
    assert one.token_count == 3


@pytest.mark.parametrize("vocab", [None, {"a": "0"}, [["a"], "b"], [[1, 2]], "text"])
def test_a_vocabulary_of_another_shape_is_damage(tmp_path: Path, vocab: object) -> None:
    with pytest.raises(ModelError):
        of_json(tmp_path, vocab=vocab)


def test_the_ir_gives_tokens_and_special_tokens(tmp_path: Path) -> None:
    for name, tokens in (
        ("a", vocabulary(9)),
        ("b", vocabulary(9)),
        ("c", vocabulary(9, word="x")),
    ):
        (tmp_path / name).mkdir()
        write_tokenizers(tmp_path / name, tokens)
    first, same, other = (of_ir(tmp_path / name) for name in "abc")
    assert first is not None
    assert other is not None
    assert first == same
    assert first.token_count == 12
    assert (first.vocabulary != other.vocabulary, first.special) == (True, other.special)


def test_a_sentencepiece_block_is_taken_whole(tmp_path: Path) -> None:
    digests = []
    for block in (b"model-proto-1", b"model-proto-2"):
        ir = IrWriter("tokenizer")
        layer = ir.layer("SentencepieceTokenizer")
        ir.edge(ir.constant("u8", (len(block),), block), layer, 0)
        ir.write(tmp_path, "openvino_tokenizer")
        digests.append(of_ir(tmp_path))
    assert digests[0] is not None
    assert digests[0].token_count == 0
    assert digests[0] != digests[1]


def test_a_tokenizer_without_vocabulary_has_no_fingerprint(tmp_path: Path) -> None:
    ir = IrWriter("tokenizer")
    ir.layer("BytesToChars")
    ir.write(tmp_path, "openvino_tokenizer")
    assert of_ir(tmp_path) is None


@pytest.mark.parametrize("field", [0, 1])
@pytest.mark.parametrize("value", [b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f"])
def test_a_token_outside_its_table_is_damage(tmp_path: Path, field: int, value: bytes) -> None:
    parts = list(string_table([b"one", b"two", b"three"]))
    parts[field] = parts[field][:4] + value + parts[field][8:]
    ir = IrWriter("tokenizer")
    layer = ir.layer("BPETokenizer")
    for port, (kind, data, width) in enumerate(
        (("i32", parts[0], 4), ("i32", parts[1], 4), ("u8", parts[2], 1))
    ):
        ir.edge(ir.constant(kind, (len(data) // width,), data), layer, port)
    ir.write(tmp_path, "openvino_tokenizer")
    with pytest.raises(ModelError) as caught:
        of_ir(tmp_path)
    assert dict(caught.value.facts)["reason"] == "damaged_vocabulary"
