"""Inspection: every kind is told apart, figures are read right, and damage has a name (D32)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import ErrorCode, ModelError
from engine.models.chat_template import Thinking
from engine.models.folder_kind import kind_by_names
from engine.models.inspection import inspect_folder, inspect_model, require_loadable
from engine.models.manifest import ModelKind, ModelRole
from engine.models.reasons import Verdict, verdict_of
from engine.models.registry import Registry
from engine.resources import asset_path
from tests.engine.models.folder_maker import (
    IrWriter,
    add_weights,
    make_diffusion,
    make_embedding,
    make_head,
    make_llm,
    make_mtp_head,
    make_vlm,
    make_whisper,
    write_json,
)

Maker = Callable[[Path], Path]


def problem_of(folder: Path) -> tuple[ErrorCode, str, str]:
    found = inspect_folder(folder)
    with pytest.raises(ModelError) as caught:
        require_loadable(found)
    facts = dict(caught.value.facts)
    return caught.value.code, str(facts["reason"]), str(facts["file"])


@pytest.mark.parametrize(
    ("maker", "kind", "role"),
    [
        (make_llm, ModelKind.LLM, ModelRole.MAIN),
        (lambda f: make_head(f, kind="eagle3"), ModelKind.EAGLE3, ModelRole.HEAD),
        (lambda f: make_head(f, kind="dflash"), ModelKind.DFLASH, ModelRole.HEAD),
        (make_mtp_head, ModelKind.MTP, ModelRole.HEAD),
        (make_vlm, ModelKind.VLM, ModelRole.MAIN),
        (make_whisper, ModelKind.WHISPER, ModelRole.OTHER),
        (make_embedding, ModelKind.EMBEDDING, ModelRole.OTHER),
        (lambda f: make_embedding(f, rerank=True), ModelKind.RERANK, ModelRole.OTHER),
        (make_diffusion, ModelKind.DIFFUSION, ModelRole.OTHER),
    ],
    ids=["llm", "eagle3", "dflash", "mtp", "vlm", "whisper", "embedding", "rerank", "diffusion"],
)
def test_every_kind_is_recognised(
    tmp_path: Path, maker: Maker, kind: ModelKind, role: ModelRole
) -> None:
    found = inspect_folder(maker(tmp_path / "folder"))
    assert (found.kind, found.role, found.problems) == (kind, role, ())


def test_a_draft_is_known_by_its_name(tmp_path: Path) -> None:
    found = inspect_folder(make_llm(tmp_path / "Some-8B-FastDraft-150M-int8"))
    assert found.role is ModelRole.DRAFT


@pytest.mark.parametrize(
    ("precision", "npu"),
    [
        ("int4_sym_g128", Verdict.GOOD),
        ("int4_sym_cw", Verdict.GOOD),
        ("int4_sym_g64", Verdict.IMPOSSIBLE),
        ("int4_asym_g128", Verdict.IMPOSSIBLE),
        ("int4_asym_cw", Verdict.IMPOSSIBLE),
        ("int8_sym_cw", Verdict.REMARK),
        ("int8_asym_cw", Verdict.IMPOSSIBLE),
        ("nf4_cw", Verdict.GOOD),
        ("fp16", Verdict.GOOD),
        ("fp32", Verdict.REMARK),
    ],
)
def test_precision_and_number_of_weights_are_read_from_the_ir(
    tmp_path: Path, precision: str, npu: Verdict
) -> None:
    found = inspect_folder(make_llm(tmp_path / "m", precision=precision, rows=512))
    assert found.precision is not None
    assert (found.precision.label, found.parameters, verdict_of(found.npu)) == (
        precision,
        512 * 256,
        npu,
    )


def test_embeddings_of_8_bit_do_not_hide_layers_of_4(tmp_path: Path) -> None:
    folder = make_llm(tmp_path / "m")
    ir = IrWriter()
    ir.layer("ReadValue")
    add_weights(ir, "int8_asym_cw", 2000, 256)
    add_weights(ir, "int4_sym_g128", 700, 256)
    ir.output("logits", 64)
    ir.write(folder, "openvino_model")
    found = inspect_folder(folder)
    assert found.precision is not None
    assert (found.precision.label, found.parameters) == ("int4_sym_g128", 2700 * 256)
    assert verdict_of(found.npu) is Verdict.GOOD


def test_an_empty_constant_is_written_as_one_byte_and_is_no_damage(tmp_path: Path) -> None:
    folder = make_llm(tmp_path / "m")
    xml = folder / "openvino_model.xml"
    empty = (
        '<layer id="99" name="e" type="Const" version="opset1">'
        '<data element_type="i64" shape="0" offset="0" size="1"/></layer></layers>'
    )
    xml.write_text(xml.read_text().replace("</layers>", empty))
    assert inspect_folder(folder).loadable


def test_figures_of_the_configuration(tmp_path: Path) -> None:
    found = inspect_folder(make_llm(tmp_path / "m", width=96, family="qwen3"))
    assert (found.family, found.context_length, found.logits_width) == ("qwen3", 4096, 96)
    assert found.config.kv_bytes_per_token == 2 * 12 * 2 * 64 * 2
    assert found.config.eos_ids == (62,)
    assert found.size_bytes > found.weight_bytes > 512 * 128


def test_figures_of_the_embedded_main_are_those_of_its_manifest(tmp_path: Path) -> None:
    model = Registry(tmp_path, embedded=asset_path("models")).find("slipstream/demo-main")
    found = inspect_model(model)
    assert model.manifest is not None
    assert found.parameters == model.manifest.parameters
    assert found.context_length == model.manifest.context_length
    assert found.role is ModelRole.MAIN
    assert found.tokenizer.token_count == found.logits_width == 4096
    assert found.license == model.manifest.license


@pytest.mark.parametrize(
    ("template", "thinking", "tools"),
    [
        ("{{ messages }}", Thinking.NONE, False),
        ("{% if enable_thinking is false %}<think></think>{% endif %}", Thinking.SWITCHABLE, False),
        ("{{ content.split('</think>')[-1] }}{% if tools %}x{% endif %}", Thinking.ALWAYS, True),
        ("{{ messages.tools }} my_tools", Thinking.NONE, False),
    ],
)
def test_abilities_of_the_template(
    tmp_path: Path, template: str, thinking: Thinking, tools: bool
) -> None:
    found = inspect_folder(make_llm(tmp_path / "m", template=template)).template
    assert found is not None
    assert (found.text, found.thinking, found.tools) == (template, thinking, tools)
    assert found.source == "openvino_tokenizer.xml"


def test_the_template_of_the_configuration_is_second(tmp_path: Path) -> None:
    folder = make_llm(tmp_path / "m", template="")
    (folder / "chat_template.jinja").write_text("jinja", encoding="utf-8")
    named = [{"name": "tool_use", "template": "no"}, {"name": "default", "template": "yes"}]
    write_json(folder, "tokenizer_config.json", {"chat_template": named})
    found = inspect_folder(folder).template
    assert found is not None
    assert (found.source, found.text) == ("tokenizer_config.json", "yes")
    (folder / "tokenizer_config.json").unlink()
    found = inspect_folder(folder).template
    assert found is not None
    assert found.text == "jinja"


def test_a_template_beyond_all_measure_is_refused(tmp_path: Path) -> None:
    folder = make_llm(tmp_path / "m", template="x" * (256 * 1024 + 1))
    assert problem_of(folder) == (
        ErrorCode.TEMPLATE_UNUSABLE,
        "too_large",
        "openvino_tokenizer.xml",
    )


def test_the_licence_comes_from_the_card(tmp_path: Path) -> None:
    folder = make_llm(tmp_path / "m")
    card = "---\nlanguage: en\nlicense: apache-2.0\n---\n# Card\nlicense: mit\n"
    (folder / "README.md").write_text(card, encoding="utf-8")
    assert inspect_folder(folder).license == "apache-2.0"
    (folder / "README.md").write_text("license: mit\n", encoding="utf-8")
    assert inspect_folder(folder).license is None


def cut(name: str, share: float = 0.5) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[: int(len(data) * share)])

    return damage


def text(name: str, content: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / name).write_text(content, encoding="utf-8")

    return damage


def gone(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def swap(name: str, old: str, new: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        content = (folder / name).read_text(encoding="utf-8")
        assert old in content
        (folder / name).write_text(content.replace(old, new, 1), encoding="utf-8")

    return damage


def break_vocabulary(folder: Path) -> None:
    data = bytearray((folder / "openvino_tokenizer.bin").read_bytes())
    data[2] = 0x7F
    (folder / "openvino_tokenizer.bin").write_bytes(bytes(data))


INCOMPLETE, CORRUPT = ErrorCode.MODEL_INCOMPLETE, ErrorCode.MODEL_CORRUPT
MODEL_XML, MODEL_BIN = "openvino_model.xml", "openvino_model.bin"


@pytest.mark.parametrize(
    ("damage", "code", "reason", "file"),
    [
        (gone("openvino_detokenizer.xml"), INCOMPLETE, "missing_file", "openvino_detokenizer.xml"),
        (gone("openvino_tokenizer.bin"), INCOMPLETE, "missing_file", "openvino_tokenizer.bin"),
        (gone(MODEL_BIN), INCOMPLETE, "missing_file", MODEL_BIN),
        (gone(MODEL_XML), INCOMPLETE, "missing_file", MODEL_XML),
        (cut(MODEL_BIN, 0.9), INCOMPLETE, "truncated", MODEL_BIN),
        (cut(MODEL_BIN, 0), INCOMPLETE, "truncated", MODEL_BIN),
        (cut(MODEL_XML), CORRUPT, "bad_xml", MODEL_XML),
        (text(MODEL_XML, ""), CORRUPT, "bad_xml", MODEL_XML),
        (text(MODEL_XML, "<html>sign in</html>"), CORRUPT, "not_an_ir", MODEL_XML),
        (swap(MODEL_XML, 'offset="0"', 'offset="-8"'), CORRUPT, "bad_constant", MODEL_XML),
        (
            swap(MODEL_XML, 'offset="0"', f'offset="{"9" * 5000}"'),
            CORRUPT,
            "bad_constant",
            MODEL_XML,
        ),
        (swap(MODEL_XML, 'offset="0"', 'offset="9999999"'), INCOMPLETE, "truncated", MODEL_BIN),
        (swap(MODEL_XML, 'shape="1024', 'shape="4000000000'), CORRUPT, "bad_constant", MODEL_XML),
        (
            swap(MODEL_XML, 'type="ReadValue"', 'type="Identity"'),
            ErrorCode.MODEL_UNSUPPORTED,
            "not_stateful",
            MODEL_XML,
        ),
        (cut("openvino_tokenizer.bin"), INCOMPLETE, "truncated", "openvino_tokenizer.bin"),
        (break_vocabulary, CORRUPT, "damaged_vocabulary", "openvino_tokenizer.bin"),
        (text("config.json", "{broken"), CORRUPT, "bad_json", "config.json"),
        (text("config.json", "[" * 100_000), CORRUPT, "bad_json", "config.json"),
        (
            text("generation_config.json", "[[]]"),
            CORRUPT,
            "not_an_object",
            "generation_config.json",
        ),
        (text("tokenizer.json", "{}"), CORRUPT, "bad_vocabulary", "tokenizer.json"),
        (text("tokenizer_config.json", "nil"), CORRUPT, "bad_json", "tokenizer_config.json"),
    ],
)
def test_d32_damage_is_named_before_a_load(
    tmp_path: Path, damage: Callable[[Path], None], code: ErrorCode, reason: str, file: str
) -> None:
    folder = make_llm(tmp_path / "m")
    assert inspect_folder(folder).loadable
    damage(folder)
    assert problem_of(folder) == (code, reason, file)


@pytest.mark.parametrize(
    ("files", "code", "reason"),
    [
        ([], INCOMPLETE, "no_files"),
        (["model.gguf"], ErrorCode.MODEL_UNSUPPORTED, "gguf"),
        (["config.json.bak", "model.safetensors"], ErrorCode.MODEL_UNSUPPORTED, "not_converted"),
        (["notes.txt"], INCOMPLETE, "missing_file"),
    ],
)
def test_d32_a_folder_without_a_model_says_what_it_is(
    tmp_path: Path, files: list[str], code: ErrorCode, reason: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in files:
        (folder / name).write_bytes(b"x")
    assert problem_of(folder)[:2] == (code, reason)


@pytest.mark.parametrize("name", ["absent", "//no-such-host/share/model", "a\0b"])
def test_d32_a_missing_or_unreachable_folder_is_a_typed_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError) as caught:
        inspect_folder(tmp_path / name)
    assert caught.value.code is ErrorCode.MODEL_NOT_FOUND


def test_an_incomplete_vlm_and_pipeline_name_the_part(tmp_path: Path) -> None:
    (make_vlm(tmp_path / "v") / "openvino_text_embeddings_model.xml").unlink()
    assert problem_of(tmp_path / "v")[1:] == ("missing_file", "openvino_text_embeddings_model.xml")
    (make_diffusion(tmp_path / "d") / "unet" / "openvino_model.bin").unlink()
    assert problem_of(tmp_path / "d")[1:] == ("missing_file", "unet/openvino_model.bin")


def test_wrong_types_in_a_configuration_count_as_unknown(tmp_path: Path) -> None:
    folder = make_llm(tmp_path / "m")
    odd = {"num_hidden_layers": True, "hidden_size": -3, "vocab_size": "x", "model_type": 5}
    (folder / "config.json").write_text(json.dumps({**odd, "architectures": {"a": 1}}))
    write_json(folder, "generation_config.json", {"eos_token_id": "x"})
    config = inspect_folder(folder).config
    assert (config.layers, config.hidden_size, config.vocabulary_size) == (None, None, None)
    assert (config.family, config.eos_ids) == (None, ())


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["openvino_model.xml", "openvino_model.bin", "config.json"], ModelKind.LLM),
        (["openvino_language_model.xml", "openvino_text_embeddings_model.xml"], ModelKind.VLM),
        (["openvino_encoder_model.xml", "openvino_decoder_model.xml"], ModelKind.WHISPER),
        (["model_index.json", "unet/openvino_model.xml"], ModelKind.DIFFUSION),
        (["openvino_mtp_model.xml"], ModelKind.MTP),
        (["part/openvino_model.xml", "README.md"], ModelKind.UNKNOWN),
    ],
)
def test_names_of_files_tell_what_a_repository_will_be(names: list[str], kind: ModelKind) -> None:
    assert kind_by_names(names) is kind
