"""What a `FakeBackend` does: scripted or invented answers, timing, failures. Values only."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.device_properties import PIPELINE_NPU_PROPERTIES, DeviceProperty, PropertyKind
from engine.errors import ErrorInfo
from engine.events import DeviceInfo, DeviceKind, FinishReason
from engine.messages import GenerationRequest
from engine.metrics.definitions import DEFAULT_NUM_ASSISTANT_TOKENS
from engine.placement import Strategy

DEFAULT_MAX_NEW_TOKENS = 120

_SUBJECTS = ("The old dog", "A small bird", "The quiet child", "Her brother", "The fox")
_VERBS = ("found", "followed", "painted", "carried", "remembered", "looked for", "sang to")
_OBJECTS = ("a red boat", "the last apple", "a warm stone", "the moon", "his new friend")
_ENDINGS = ("in the garden", "by the river", "before dinner", "all night long", "at home")

_PROPERTIES = (
    DeviceProperty(
        name="INFERENCE_PRECISION_HINT",
        kind=PropertyKind.CHOICE,
        value="bf16",
        options=("f32", "bf16"),
    ),
    DeviceProperty(
        name="INFERENCE_NUM_THREADS", kind=PropertyKind.INTEGER, value=0, minimum=0, maximum=8
    ),
    DeviceProperty(name="ENABLE_CPU_PINNING", kind=PropertyKind.SWITCH, value=True),
    DeviceProperty(
        name="DEVICE_ARCHITECTURE", kind=PropertyKind.TEXT, value="demonstration", is_read_only=True
    ),
)
_HIT_RATE = {Strategy.DRAFT: 0.7, Strategy.PROMPT_LOOKUP: 0.25, Strategy.NONE: 0.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeTiming:
    """How long things take, in seconds."""

    load_phase_s: float = 0.0
    prefill_s: float = 0.0
    run_s: float = 0.0
    unload_s: float = 0.0
    devices_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeAnswer:
    """One scripted answer."""

    runs: tuple[tuple[int, str], ...] = ()
    """(token_count, text) per main iteration."""
    finish_reason: FinishReason = FinishReason.END
    error: ErrorInfo | None = None
    """Raised after the runs."""
    ignores_stop: bool = False
    """Go on in spite of a stop; only `cancel` ends it."""
    hang_s: float = 0.0
    """Do nothing for so long after the runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeOptions:
    """Everything a `FakeBackend` can be told. Lists are used up in order, one entry per call."""

    seed: int = 0
    timing: FakeTiming = field(default_factory=FakeTiming)
    answers: tuple[FakeAnswer, ...] = ()
    """Then invented text."""
    load_errors: tuple[ErrorInfo | None, ...] = ()
    """None is a load that succeeds; so is every load after the last entry."""
    device_error: ErrorInfo | None = None
    dies_of_properties: bool = False
    """End the process when asked what can be set on the devices; only in a child."""
    devices: tuple[DeviceInfo, ...] = (
        DeviceInfo(
            name="CPU",
            full_name="Demonstration processor",
            kind=DeviceKind.CPU,
            properties=_PROPERTIES,
        ),
        DeviceInfo(
            name="GPU",
            full_name="Demonstration graphics",
            kind=DeviceKind.INTEGRATED_GPU,
            properties=_PROPERTIES[:1],
        ),
        DeviceInfo(
            name="NPU",
            full_name="Demonstration NPU",
            kind=DeviceKind.NPU,
            properties=PIPELINE_NPU_PROPERTIES,
        ),
    )


def invent_answer(
    request: GenerationRequest, *, seed: int, strategy: Strategy, num_assistant_tokens: int | None
) -> FakeAnswer:
    """Make up an answer: the text depends on `seed` and the last message, never on the strategy."""
    limit = request.params.max_new_tokens or DEFAULT_MAX_NEW_TOKENS
    prompt = request.messages[-1].content if request.messages else ""
    words = list(_take(_words(random.Random(f"{seed}/{request.params.seed}/{prompt}")), limit))
    width = request.params.num_assistant_tokens or num_assistant_tokens
    lengths = _run_lengths(
        random.Random(f"{seed}/{strategy}/{prompt}"),
        total=len(words),
        hit_rate=_HIT_RATE[strategy],
        width=width or DEFAULT_NUM_ASSISTANT_TOKENS,
    )
    runs, start = [], 0
    for length in lengths:
        runs.append((length, "".join(words[start : start + length])))
        start += length
    reason = FinishReason.LENGTH if len(words) == limit else FinishReason.END
    return FakeAnswer(runs=tuple(runs), finish_reason=reason)


def _take(words: Iterator[str], limit: int) -> Iterator[str]:
    for count, word in enumerate(words, start=1):
        yield word
        if count == limit:
            return


def _words(rng: random.Random) -> Iterator[str]:
    """Yield sentences word by word; the space belongs to the word that follows it."""
    separator = ""
    for sentence in range(rng.randint(6, 14)):
        parts = (_SUBJECTS, _VERBS, _OBJECTS, _ENDINGS)
        words = " ".join(rng.choice(part) for part in parts).split(" ")
        words[-1] += "."
        for word in words:
            yield separator + word
            separator = " "
        separator = "\n\n" if sentence % 4 == 3 else " "


def _run_lengths(rng: random.Random, *, total: int, hit_rate: float, width: int) -> Iterator[int]:
    """Yield run lengths that sum to `total`: one token for the prefill, then 1..width+1."""
    left = total
    while left:
        length = 1
        while left < total and length <= width and length < left and rng.random() < hit_rate:
            length += 1
        yield length
        left -= length
