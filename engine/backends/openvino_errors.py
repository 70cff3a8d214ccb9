"""Turns what the runtime throws, always a plain RuntimeError with prose, into typed errors.

Preconditions are checked elsewhere and first; this is the last resort and matches strings.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import (
    DeviceError,
    EngineError,
    ErrorCode,
    GenerationError,
    LoadError,
    ModelError,
)


@dataclass(frozen=True, slots=True)
class _Rule:
    needles: tuple[str, ...]
    """All must occur, in lower case."""
    kind: type[EngineError]
    code: ErrorCode
    message: str


_RULES = (
    _Rule(
        ("tokenizers for draft and main models are different",),
        ModelError,
        ErrorCode.TOKENIZER_MISMATCH,
        "The draft model and the main model have different tokenizers.",
    ),
    _Rule(
        ("vocab sizes should be the same",),
        ModelError,
        ErrorCode.TOKENIZER_MISMATCH,
        "The draft model and the main model have vocabularies of different size.",
    ),
    _Rule(
        ("tokenizer::encode is not available",),
        ModelError,
        ErrorCode.MODEL_INCOMPLETE,
        "The model has no tokenizer.",
    ),
    _Rule(
        ("weights", "bin file"),
        ModelError,
        ErrorCode.MODEL_CORRUPT,
        "The weights of the model are missing or cut off.",
    ),
    _Rule(
        ("could not find a model in the directory",),
        ModelError,
        ErrorCode.MODEL_INCOMPLETE,
        "The folder holds no model.",
    ),
    _Rule(
        ("unable to read the model",),
        ModelError,
        ErrorCode.MODEL_CORRUPT,
        "The model file cannot be read.",
    ),
    _Rule(
        ("error parsing", "xml"),
        ModelError,
        ErrorCode.MODEL_CORRUPT,
        "The model file is damaged.",
    ),
    _Rule(
        ("incorrect number of", "net"),
        ModelError,
        ErrorCode.MODEL_CORRUPT,
        "The model file is damaged.",
    ),
    _Rule(
        ("no scaleddotproductattention operation",),
        ModelError,
        ErrorCode.MODEL_UNSUPPORTED,
        "The model is not a language model this program can run.",
    ),
    _Rule(
        ("embeddings model",),
        ModelError,
        ErrorCode.MODEL_UNSUPPORTED,
        "A draft model cannot be used with this kind of main model.",
    ),
    _Rule(
        ("device with", "name is not registered"),
        DeviceError,
        ErrorCode.DEVICE_NOT_AVAILABLE,
        "OpenVINO knows no device of that name.",
    ),
    _Rule(
        ("could not find an npu device",),
        DeviceError,
        ErrorCode.DEVICE_NOT_AVAILABLE,
        "There is no NPU, or its driver is not installed.",
    ),
    _Rule(
        ("compiler loading failed",),
        DeviceError,
        ErrorCode.DEVICE_NOT_AVAILABLE,
        "The NPU compiler is not installed.",
    ),
    _Rule(
        ("libopencl",),
        DeviceError,
        ErrorCode.DEVICE_NOT_AVAILABLE,
        "There is no GPU driver (OpenCL).",
    ),
    _Rule(
        ("no supported devices found",),
        DeviceError,
        ErrorCode.DEVICE_NOT_AVAILABLE,
        "There is no supported GPU.",
    ),
    _Rule(
        ("plugin", "is not registered"),
        DeviceError,
        ErrorCode.DEVICE_NOT_AVAILABLE,
        "OpenVINO has no plugin for that device.",
    ),
    _Rule(
        ("unsupported property",),
        DeviceError,
        ErrorCode.PLACEMENT_UNSUPPORTED,
        "The device does not know one of the properties it was given.",
    ),
    _Rule(
        ("pipeline supports npu only",),
        DeviceError,
        ErrorCode.PLACEMENT_UNSUPPORTED,
        "This draft model works only with both models on the NPU.",
    ),
    _Rule(
        ("cl_out_of_resources",),
        DeviceError,
        ErrorCode.OUT_OF_MEMORY,
        "The device has run out of memory.",
    ),
    _Rule(
        ("out of memory",),
        DeviceError,
        ErrorCode.OUT_OF_MEMORY,
        "There is not enough memory.",
    ),
    _Rule(("bad_alloc",), DeviceError, ErrorCode.OUT_OF_MEMORY, "There is not enough memory."),
    _Rule(
        ("exceeded max size of memory",),
        DeviceError,
        ErrorCode.OUT_OF_MEMORY,
        "The model does not fit into the memory of the device.",
    ),
    _Rule(
        ("chat template",),
        ModelError,
        ErrorCode.TEMPLATE_UNUSABLE,
        "The chat template of the model cannot be used.",
    ),
    _Rule(
        ("tokens", "on npu may only process prompts"),
        GenerationError,
        ErrorCode.PROMPT_TOO_LONG,
        "The prompt is longer than the NPU pipeline was built for.",
    ),
)


def load_error(error: Exception, **facts: str | int | float) -> EngineError:
    """The typed error for what a load threw; COMPILE_FAILED when nothing is known about it."""
    return _matched(error, facts) or LoadError(
        f"The pipeline could not be built: {first_line(error)}",
        code=ErrorCode.COMPILE_FAILED,
        hint=None,
        **facts,
    )


def generation_error(error: Exception, **facts: str | int | float) -> EngineError:
    """The typed error for what a generation threw; RUNTIME_FAILED when nothing is known."""
    return _matched(error, facts) or GenerationError(
        f"The runtime failed: {first_line(error)}",
        code=ErrorCode.RUNTIME_FAILED,
        hint=None,
        **facts,
    )


def _matched(error: Exception, facts: dict[str, str | int | float]) -> EngineError | None:
    if isinstance(error, EngineError):
        return error
    if isinstance(error, MemoryError):
        message = "There is not enough memory."
        return DeviceError(message, code=ErrorCode.OUT_OF_MEMORY, hint=None, **facts)
    text = str(error).lower()
    for rule in _RULES:
        if all(needle in text for needle in rule.needles):
            return rule.kind(rule.message, code=rule.code, hint=None, **facts)
    return None


def first_line(error: Exception) -> str:
    """The line of a runtime message that says something; its first lines are file names."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = [line for line in lines if not line.startswith(("Exception from", "Check '"))]
    return (said or lines or [type(error).__name__])[0][:300]
