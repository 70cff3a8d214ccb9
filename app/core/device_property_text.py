"""What the properties of a device are called and do, for experts; and why a value is refused. No
Qt: a translator is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.translation import QT_TRANSLATE_NOOP, Translate
from engine.device_properties import Refusal, RefusalCode

_CONTEXT = "DeviceProperties"


@dataclass(frozen=True, slots=True)
class PropertyWords:
    """A property in words; the runtime's own name is shown beside them."""

    title: str
    explanation: str


_KNOWN: Mapping[str, PropertyWords] = {
    "MAX_PROMPT_LEN": PropertyWords(
        QT_TRANSLATE_NOOP("DeviceProperties", "Longest prompt"),
        QT_TRANSLATE_NOOP(
            "DeviceProperties",
            "Tokens the NPU can read at once: system prompt, chat and message. More takes memory "
            "and makes compiling slower.",
        ),
    ),
    "MIN_RESPONSE_LEN": PropertyWords(
        QT_TRANSLATE_NOOP("DeviceProperties", "Room for the answer"),
        QT_TRANSLATE_NOOP(
            "DeviceProperties", "Tokens that are always left for an answer, beside the prompt."
        ),
    ),
    "PREFILL_HINT": PropertyWords(
        QT_TRANSLATE_NOOP("DeviceProperties", "Reading the prompt"),
        QT_TRANSLATE_NOOP(
            "DeviceProperties",
            "DYNAMIC reads short prompts faster; STATIC always reads the longest one.",
        ),
    ),
    "GENERATE_HINT": PropertyWords(
        QT_TRANSLATE_NOOP("DeviceProperties", "Compiling for answers"),
        QT_TRANSLATE_NOOP(
            "DeviceProperties",
            "FAST_COMPILE starts sooner; BEST_PERF compiles longer and answers faster.",
        ),
    ),
    "INFERENCE_PRECISION_HINT": PropertyWords(
        QT_TRANSLATE_NOOP("DeviceProperties", "Precision of computing"),
        QT_TRANSLATE_NOOP(
            "DeviceProperties",
            "f32 is exact and slow; bf16 and f16 are fast and round a little.",
        ),
    ),
    "KV_CACHE_PRECISION": PropertyWords(
        QT_TRANSLATE_NOOP("DeviceProperties", "Precision of the KV cache"),
        QT_TRANSLATE_NOOP(
            "DeviceProperties",
            "How exactly the chat so far is remembered. u8 takes half the memory of f16, u4 a "
            "quarter, and rounds more.",
        ),
    ),
    "INFERENCE_NUM_THREADS": PropertyWords(
        QT_TRANSLATE_NOOP("DeviceProperties", "Threads"),
        QT_TRANSLATE_NOOP(
            "DeviceProperties", "Processor threads that compute; 0 leaves it to the runtime."
        ),
    ),
    "PERFORMANCE_HINT": PropertyWords(
        QT_TRANSLATE_NOOP("DeviceProperties", "Performance hint"),
        QT_TRANSLATE_NOOP(
            "DeviceProperties", "LATENCY suits a chat; THROUGHPUT suits many requests at once."
        ),
    ),
    "DYNAMIC_QUANTIZATION_GROUP_SIZE": PropertyWords(
        QT_TRANSLATE_NOOP("DeviceProperties", "Group of dynamic quantization"),
        QT_TRANSLATE_NOOP(
            "DeviceProperties",
            "Values quantized together while computing; larger is faster and less exact, 0 turns "
            "it off.",
        ),
    ),
    "SCHEDULING_CORE_TYPE": PropertyWords(
        QT_TRANSLATE_NOOP("DeviceProperties", "Cores"),
        QT_TRANSLATE_NOOP(
            "DeviceProperties", "Which cores of the processor compute, where it has several kinds."
        ),
    ),
    "ENABLE_HYPER_THREADING": PropertyWords(
        QT_TRANSLATE_NOOP("DeviceProperties", "Hyper-threading"),
        QT_TRANSLATE_NOOP("DeviceProperties", "Whether both threads of a core compute."),
    ),
    "ENABLE_CPU_PINNING": PropertyWords(
        QT_TRANSLATE_NOOP("DeviceProperties", "Threads stay on their core"),
        QT_TRANSLATE_NOOP("DeviceProperties", "Steadier speed; other programs wait more."),
    ),
    "cache_size_gb": PropertyWords(
        QT_TRANSLATE_NOOP("DeviceProperties", "Size of the KV cache (GiB)"),
        QT_TRANSLATE_NOOP(
            "DeviceProperties", "Memory taken at once for main and draft model; 0 grows as needed."
        ),
    ),
    "enable_prefix_caching": PropertyWords(
        QT_TRANSLATE_NOOP("DeviceProperties", "Prefix caching"),
        QT_TRANSLATE_NOOP(
            "DeviceProperties",
            "What was read once is not read again in the next turn, so long chats go on sooner.",
        ),
    ),
    "max_num_batched_tokens": PropertyWords(
        QT_TRANSLATE_NOOP("DeviceProperties", "Tokens read at a time"),
        QT_TRANSLATE_NOOP(
            "DeviceProperties",
            "Long prompts are read in pieces of this length: less memory, slower to start.",
        ),
    ),
    "dynamic_split_fuse": PropertyWords(
        QT_TRANSLATE_NOOP("DeviceProperties", "Prompts may be read in pieces"),
        QT_TRANSLATE_NOOP(
            "DeviceProperties", "If not, a prompt longer than a piece is not read at all."
        ),
    ),
    "keeps_compiled": PropertyWords(
        QT_TRANSLATE_NOOP("DeviceProperties", "Keep compiled models"),
        QT_TRANSLATE_NOOP(
            "DeviceProperties",
            "A model is compiled once and read from disk afterwards, so later starts are quick.",
        ),
    ),
}
KNOWN_NAMES = tuple(_KNOWN)
"""In the order they are shown."""

_REFUSALS: Mapping[RefusalCode, str] = {
    RefusalCode.UNKNOWN: QT_TRANSLATE_NOOP("DeviceProperties", "The device does not know {name}."),
    RefusalCode.READ_ONLY: QT_TRANSLATE_NOOP("DeviceProperties", "{name} cannot be set."),
    RefusalCode.WRONG_KIND: QT_TRANSLATE_NOOP(
        "DeviceProperties", "{name} takes another kind of value."
    ),
    RefusalCode.NOT_OFFERED: QT_TRANSLATE_NOOP(
        "DeviceProperties", "For {name} the device takes: {options}."
    ),
    RefusalCode.OUT_OF_RANGE: QT_TRANSLATE_NOOP(
        "DeviceProperties", "For {name} the device takes {minimum} to {maximum}."
    ),
}


def property_words(name: str, translate: Translate) -> PropertyWords:
    """Title and explanation; what is not known keeps the runtime's name and says nothing."""
    known = _KNOWN.get(name)
    if known is None:
        return PropertyWords(name, "")
    return PropertyWords(translate(_CONTEXT, known.title), translate(_CONTEXT, known.explanation))


def refusal_text(refusal: Refusal, translate: Translate) -> str:
    """Why a value cannot be set."""
    source = translate(_CONTEXT, _REFUSALS[refusal.code])
    return source.format(name=refusal.name, **dict(refusal.facts))
