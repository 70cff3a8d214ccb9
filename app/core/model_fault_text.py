"""Why a folder is no model that can be loaded, each with its next step. No Qt: a translator is
handed in.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.core.filling import filled_from
from app.core.formatting import size
from app.core.translation import QT_TRANSLATE_NOOP, Translate
from engine.errors import ErrorCode, ErrorInfo

_CONTEXT = "ModelFault"

_SENTENCES: Mapping[tuple[ErrorCode, str], str] = {
    (ErrorCode.MODEL_UNSUPPORTED, "gguf"): QT_TRANSLATE_NOOP(
        "ModelFault",
        "“{file}” is in the GGUF format of llama.cpp. Here models of OpenVINO are needed: look for "
        "the same model under “Discover”, where names end in “-ov”.",
    ),
    (ErrorCode.MODEL_UNSUPPORTED, "not_converted"): QT_TRANSLATE_NOOP(
        "ModelFault",
        "“{file}” is not converted to OpenVINO. Look for the same model under “Discover”, where "
        "names end in “-ov”.",
    ),
    (ErrorCode.MODEL_UNSUPPORTED, "unknown_model"): QT_TRANSLATE_NOOP(
        "ModelFault", "“{file}” is a model of a kind that is not known here."
    ),
    (ErrorCode.MODEL_UNSUPPORTED, "not_stateful"): QT_TRANSLATE_NOOP(
        "ModelFault",
        "“{file}” was exported without its KV cache inside and cannot be used for chats. Export it "
        "again as a stateful model, or get it under “Discover”.",
    ),
    (ErrorCode.MODEL_INCOMPLETE, "no_files"): QT_TRANSLATE_NOOP(
        "ModelFault", "There is no model here: “{file}” is empty."
    ),
    (ErrorCode.MODEL_INCOMPLETE, "missing_file"): QT_TRANSLATE_NOOP(
        "ModelFault", "“{file}” is missing: without it this is no whole model."
    ),
    (ErrorCode.MODEL_INCOMPLETE, "truncated"): QT_TRANSLATE_NOOP(
        "ModelFault",
        "“{file}” is cut short: {size_bytes} of {expected_bytes} are there. Fetch or copy it "
        "again.",
    ),
}


def model_fault_text(error: ErrorInfo, translate: Translate) -> str | None:
    """What is wrong with the files of a model, in one sentence; None for any other error."""
    facts = dict(error.facts)
    sentence = _SENTENCES.get((error.code, str(facts.get("reason", ""))))
    if sentence is None or "file" not in facts:
        return None
    shown = {key: _fact(key, value) for key, value in facts.items()}
    if sentence.count("_bytes") and "expected_bytes" not in facts:
        return None
    return filled_from(translate(_CONTEXT, sentence), shown)


def _fact(key: str, value: str | int | float) -> str:
    if key.endswith("_bytes") and isinstance(value, int):
        return size(value)
    return str(value)
