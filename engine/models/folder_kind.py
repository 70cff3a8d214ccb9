"""Which kind of model a folder holds, from its file names, its IR and its configuration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from engine.models.ir_reader import IrSummary
from engine.models.manifest import ModelKind, ModelRole
from engine.models.model_config import ModelConfig

MODEL_IR = "openvino_model.xml"
LANGUAGE_IR = "openvino_language_model.xml"
EMBEDDINGS_IR = "openvino_text_embeddings_model.xml"
MTP_IR = "openvino_mtp_model.xml"
ENCODER_IR = "openvino_encoder_model.xml"
DECODER_IR = "openvino_decoder_model.xml"
TOKENIZER_IR = "openvino_tokenizer.xml"
DETOKENIZER_IR = "openvino_detokenizer.xml"
PIPELINE_INDEX = "model_index.json"

_TOKENIZERS = (TOKENIZER_IR, DETOKENIZER_IR)
REQUIRED_IRS: Mapping[ModelKind, tuple[str, ...]] = {
    ModelKind.LLM: (MODEL_IR, *_TOKENIZERS),
    ModelKind.VLM: (LANGUAGE_IR, EMBEDDINGS_IR, *_TOKENIZERS),
    ModelKind.WHISPER: (ENCODER_IR, DECODER_IR, *_TOKENIZERS),
    ModelKind.EMBEDDING: (MODEL_IR, TOKENIZER_IR),
    ModelKind.RERANK: (MODEL_IR, TOKENIZER_IR),
    ModelKind.EAGLE3: (MODEL_IR,),
    ModelKind.DFLASH: (MODEL_IR,),
    ModelKind.MTP: (MTP_IR,),
}
"""Files without which a kind cannot be loaded or fails at its first use."""
_SMALLEST_MAIN_PARAMETERS = 300_000_000


def kind_of(files: Set[str], ir: IrSummary | None, config: ModelConfig) -> ModelKind:
    """The kind of a folder. `ir` is its `openvino_model.xml`, when that could be read."""
    if PIPELINE_INDEX in files:
        return ModelKind.DIFFUSION
    if LANGUAGE_IR in files:
        return ModelKind.VLM
    if ENCODER_IR in files and DECODER_IR in files:
        speech = config.family is None or "whisper" in config.family
        return ModelKind.WHISPER if speech else ModelKind.UNKNOWN
    if MODEL_IR in files:
        return _kind_of_single(ir, config)
    return ModelKind.MTP if MTP_IR in files else ModelKind.UNKNOWN


def kind_by_names(paths: Iterable[str]) -> ModelKind:
    """What a repository will be once it is here, as far as its file names tell: a language model
    unless they say otherwise, UNKNOWN without any model."""
    files = frozenset(path for path in paths if "/" not in path)
    kind = kind_of(files, None, ModelConfig())
    return ModelKind.LLM if kind is ModelKind.UNKNOWN and MODEL_IR in files else kind


def role_of(kind: ModelKind, *, name: str, parameters: int | None, has_template: bool) -> ModelRole:
    """What a folder without a manifest is most likely meant for."""
    if kind in (ModelKind.EAGLE3, ModelKind.DFLASH, ModelKind.MTP):
        return ModelRole.HEAD
    if kind is ModelKind.VLM:
        return ModelRole.MAIN
    if kind is not ModelKind.LLM:
        return ModelRole.OTHER
    is_tiny = parameters is not None and parameters < _SMALLEST_MAIN_PARAMETERS
    says_draft = any(word in name.casefold() for word in ("draft", "pruned"))
    return ModelRole.DRAFT if says_draft or (is_tiny and not has_template) else ModelRole.MAIN


def _kind_of_single(ir: IrSummary | None, config: ModelConfig) -> ModelKind:
    architectures = " ".join(config.architectures).casefold()
    if "eagle3" in architectures or _flag(ir, "eagle3_mode"):
        return ModelKind.EAGLE3
    if "dflash" in architectures or _flag(ir, "dflash_mode"):
        return ModelKind.DFLASH
    if "sequenceclassification" in architectures:
        return ModelKind.RERANK
    if ir is None:
        return ModelKind.LLM if "causallm" in architectures else ModelKind.UNKNOWN
    if "logits" in ir.outputs or ir.logits_width is not None:
        writes = "ReadValue" in ir.operations or "causallm" in architectures
        takes_cache = writes or any("past_key" in name for name in ir.inputs)
        return ModelKind.LLM if takes_cache else ModelKind.RERANK
    hidden = {"last_hidden_state", "token_embeddings", "sentence_embedding"}
    return ModelKind.EMBEDDING if hidden & set(ir.outputs) else ModelKind.UNKNOWN


def _flag(ir: IrSummary | None, name: str) -> bool:
    return ir is not None and ir.rt_info.get(name, "").casefold() in ("true", "1", "yes")
