"""Writes small IRs and model folders by hand, without the runtime: real XML, real offsets."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

BITS = {"f32": 32, "f16": 16, "i64": 64, "i32": 32, "u8": 8, "i8": 8, "u4": 4, "i4": 4, "nf4": 4}
Shape = tuple[int, ...]


class IrWriter:
    """Collects layers, edges and constant bytes, and writes them as an IR."""

    def __init__(self, name: str = "made") -> None:
        self._name = name
        self._layers: list[str] = []
        self._edges: list[str] = []
        self._data = bytearray()
        self.rt_info: dict[str, str] = {}

    def layer(self, kind: str, name: str = "", *, body: str = "", attributes: str = "") -> int:
        """Add a layer and return its id."""
        number = len(self._layers)
        self._layers.append(
            f'<layer id="{number}" name={quoteattr(name or f"{kind}_{number}")} type="{kind}" '
            f'version="opset1" {attributes}>{body}</layer>'
        )
        return number

    def constant(self, element_type: str, shape: Shape, data: bytes | None = None) -> int:
        """Add a constant; without data it is filled with zeros."""
        size = (math.prod(shape) * BITS[element_type] + 7) // 8
        blob = bytes(size) if data is None else data
        assert len(blob) == size
        text = ", ".join(str(dim) for dim in shape)
        place = f'offset="{len(self._data)}" size="{size}"'
        self._data += blob
        return self.layer(
            "Const", body=f'<data element_type="{element_type}" shape="{text}" {place}/>'
        )

    def parameter(self, name: str) -> int:
        """Add an input."""
        return self.layer("Parameter", name, body='<data shape="?,?" element_type="i64"/>')

    def output(self, name: str, last_dim: int) -> None:
        """Add a named output with a last dimension."""
        dims = "".join(f"<dim>{dim}</dim>" for dim in (-1, -1, last_dim))
        port = f'<output><port id="0" precision="FP32" names="{name}">{dims}</port></output>'
        source = self.layer("MatMul", body=port)
        result = self.layer("Result", name, attributes=f'output_names="{name}"')
        self.edge(source, result, 0)

    def edge(self, source: int, target: int, port: int) -> None:
        """Join two layers."""
        self._edges.append(
            f'<edge from-layer="{source}" from-port="0" to-layer="{target}" to-port="{port}"/>'
        )

    def write(self, folder: Path, stem: str) -> None:
        """Write `stem`.xml and `stem`.bin."""
        info = "".join(f"<{key} value={quoteattr(value)}/>" for key, value in self.rt_info.items())
        (folder / f"{stem}.xml").write_text(
            f'<?xml version="1.0"?>\n<net name="{self._name}" version="11"><layers>'
            + "".join(self._layers)
            + f"</layers><edges>{''.join(self._edges)}</edges><rt_info>{info}</rt_info></net>",
            encoding="utf-8",
        )
        (folder / f"{stem}.bin").write_bytes(bytes(self._data))


def add_weights(ir: IrWriter, precision: str, rows: int, columns: int) -> None:
    """One weight matrix in a precision such as `int4_asym_g64`, `int8_sym_cw` or `fp16`."""
    kinds = {"int4_sym": "i4", "int4_asym": "u4", "int8_sym": "i8", "int8_asym": "u8"}
    parts = precision.rsplit("_", maxsplit=1)
    if precision in ("fp16", "fp32"):
        ir.constant("f16" if precision == "fp16" else "f32", (rows, columns))
        return
    element_type = kinds.get(parts[0], "nf4")
    groups = () if parts[1] == "cw" else (columns // int(parts[1][1:]),)
    last = columns if not groups else int(parts[1][1:])
    ir.constant(element_type, (rows, *groups, last))
    ir.constant("f16", (rows, *groups, 1))
    if element_type.startswith("u"):
        ir.constant(element_type, (rows, *groups, 1))


def string_table(tokens: Sequence[bytes]) -> tuple[bytes, bytes, bytes]:
    """Begins, ends and characters as the tokenizer IR keeps them."""
    begins, ends, position = [], [], 0
    for token in tokens:
        begins.append(position)
        position += len(token)
        ends.append(position)
    count = len(tokens)
    return struct.pack(f"<{count}i", *begins), struct.pack(f"<{count}i", *ends), b"".join(tokens)


def vocabulary(count: int, *, word: str = "w") -> list[str]:
    """Ordinary tokens."""
    return [f"{word}{number}" for number in range(count)]


SPECIAL = ("<pad>", "<bos>", "<eos>")


def write_tokenizers(
    folder: Path,
    tokens: Sequence[str],
    *,
    special: Sequence[str] = SPECIAL,
    eos_id: int | None = None,
    template: str = "{{ messages }}",
    with_json: bool = False,
) -> None:
    """Tokenizer and detokenizer IR; special tokens come after the ordinary ones."""
    ids = list(range(len(tokens), len(tokens) + len(special)))
    ir = IrWriter("tokenizer")
    layer = ir.layer("BPETokenizer")
    ordinary = [token.encode() for token in (*tokens, *special)]
    port = 5
    for table in (ordinary, [token.encode() for token in special]):
        begins, ends, characters = string_table(table)
        for kind, data, width in (("i32", begins, 4), ("i32", ends, 4), ("u8", characters, 1)):
            ir.edge(ir.constant(kind, (len(data) // width,), data), layer, port)
            port += 1
    ir.edge(ir.constant("i32", (len(ids),), struct.pack(f"<{len(ids)}i", *ids)), layer, port)
    ir.rt_info = {
        "chat_template": template,
        "bos_token_id": str(ids[1]),
        "pad_token_id": str(ids[0]),
        "eos_token_id": str(ids[2] if eos_id is None else eos_id),
    }
    ir.write(folder, "openvino_tokenizer")
    detokenizer = IrWriter("detokenizer")
    detokenizer.layer("VocabDecoder")
    detokenizer.write(folder, "openvino_detokenizer")
    if with_json:
        write_tokenizer_json(folder, tokens, special)


def write_tokenizer_json(folder: Path, tokens: Sequence[str], special: Sequence[str]) -> None:
    """The same vocabulary as a tokenizer.json."""
    added = [
        {"id": len(tokens) + number, "content": token, "special": True}
        for number, token in enumerate(special)
    ]
    vocab = {token: number for number, token in enumerate(tokens)}
    data = {"added_tokens": added, "model": {"type": "BPE", "vocab": vocab}}
    (folder / "tokenizer.json").write_text(json.dumps(data), encoding="utf-8")


def write_json(folder: Path, name: str, value: object) -> None:
    """Any JSON file."""
    (folder / name).write_text(json.dumps(value), encoding="utf-8")


def write_language_ir(
    folder: Path,
    *,
    stem: str = "openvino_model",
    width: int = 64,
    precision: str = "int4_sym_g128",
    rows: int = 128,
    columns: int = 256,
    rt_info: dict[str, str] | None = None,
    stateful: bool = True,
) -> None:
    """A language model: inputs, a state, one weight matrix, logits."""
    ir = IrWriter()
    for name in ("input_ids", "attention_mask", "position_ids", "beam_idx"):
        ir.parameter(name)
    if stateful:
        ir.layer("ReadValue")
    add_weights(ir, precision, rows, columns)
    ir.output("logits", width)
    ir.rt_info = rt_info or {}
    ir.write(folder, stem)


def make_llm(
    folder: Path,
    *,
    tokens: Sequence[str] | None = None,
    width: int = 64,
    precision: str = "int4_sym_g128",
    rows: int = 1024,
    layers: int = 12,
    hidden_size: int = 256,
    family: str = "llama",
    eos_id: int | None = None,
    generation_eos: int | None = None,
    template: str = "{{ messages }}",
    special: Sequence[str] = SPECIAL,
    with_json: bool = False,
) -> Path:
    """A whole language model of about `rows` x 256 weights."""
    folder.mkdir(parents=True, exist_ok=True)
    write_language_ir(folder, width=width, precision=precision, rows=rows)
    write_tokenizers(
        folder,
        vocabulary(60) if tokens is None else tokens,
        special=special,
        eos_id=eos_id,
        template=template,
        with_json=with_json,
    )
    config = {
        "architectures": ["LlamaForCausalLM"], "model_type": family, "num_hidden_layers": layers,
        "hidden_size": hidden_size, "num_attention_heads": 4, "num_key_value_heads": 2,
        "max_position_embeddings": 4096, "vocab_size": width,
    }  # fmt: skip
    write_json(folder, "config.json", config)
    generation = {"eos_token_id": 62 if generation_eos is None else generation_eos}
    write_json(folder, "generation_config.json", generation)
    return folder


def make_head(folder: Path, *, kind: str, hidden_size: int = 256, width: int = 64) -> Path:
    """An `eagle3` or `dflash` head: no tokenizer of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    write_language_ir(
        folder, rows=64, precision="fp16", width=width // 2, rt_info={f"{kind}_mode": "True"}
    )
    write_json(
        folder, "config.json",
        {"model_type": "llama", "hidden_size": hidden_size, "vocab_size": width},
    )  # fmt: skip
    return folder


def make_vlm(folder: Path, *, mtp: bool = False, hidden_size: int = 256) -> Path:
    """A model for pictures and text, with or without an MTP head beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_language_ir(folder, stem="openvino_language_model")
    for stem in ("openvino_text_embeddings_model", "openvino_vision_embeddings_model"):
        ir = IrWriter()
        add_weights(ir, "int8_sym_cw", 64, 256)
        ir.output("inputs_embeds", hidden_size)
        ir.write(folder, stem)
    write_tokenizers(folder, vocabulary(60))
    text = {"num_hidden_layers": 24, "hidden_size": hidden_size, "vocab_size": 64}
    write_json(folder, "config.json", {"model_type": "qwen3_5", "text_config": text})
    if mtp:
        write_language_ir(folder, stem="openvino_mtp_model", rows=32)
    return folder


def make_mtp_head(folder: Path, *, hidden_size: int = 256) -> Path:
    """A folder with nothing but an MTP head."""
    folder.mkdir(parents=True, exist_ok=True)
    write_language_ir(folder, stem="openvino_mtp_model", rows=32)
    write_json(folder, "config.json", {"model_type": "qwen3_5", "hidden_size": hidden_size})
    return folder


def make_whisper(folder: Path) -> Path:
    """A speech model."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem in ("openvino_encoder_model", "openvino_decoder_model"):
        write_language_ir(folder, stem=stem, precision="int8_sym_cw")
    write_tokenizers(folder, vocabulary(60))
    write_json(folder, "config.json", {"model_type": "whisper"})
    return folder


def make_embedding(folder: Path, *, rerank: bool = False) -> Path:
    """A model for vectors, or one that judges pairs of texts."""
    folder.mkdir(parents=True, exist_ok=True)
    ir = IrWriter()
    add_weights(ir, "fp16", 64, 64)
    ir.output("logits" if rerank else "last_hidden_state", 1 if rerank else 64)
    ir.write(folder, "openvino_model")
    write_tokenizers(folder, vocabulary(60))
    name = "BertForSequenceClassification" if rerank else "BertModel"
    write_json(folder, "config.json", {"model_type": "bert", "architectures": [name]})
    return folder


def make_diffusion(folder: Path) -> Path:
    """An image pipeline: parts in folders of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("unet", "vae_decoder", "text_encoder"):
        (folder / part).mkdir()
        ir = IrWriter()
        add_weights(ir, "fp16", 64, 64)
        ir.output("sample", 4)
        ir.write(folder / part, "openvino_model")
    write_json(folder, "model_index.json", {"_class_name": "Pipeline"})
    return folder
