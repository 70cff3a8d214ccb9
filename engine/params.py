"""Parameters of one answer, each checked against its range.

What a pipeline can use of them is in `placement_rules`.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import ParameterError

MAX_NUM_ASSISTANT_TOKENS = 32
MAX_NEW_TOKENS_LIMIT = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationParams:
    """Parameters of one answer. None means: what the model's generation_config.json says,
    and where it says nothing, the runtime's default.

    Raises:
        ParameterError: a value is out of range; the message names the parameter and the range.
    """

    max_new_tokens: int | None = None
    temperature: float | None = None
    """0 is greedy."""
    top_p: float | None = None
    top_k: int | None = None
    """0 is no limit."""
    repetition_penalty: float | None = None
    seed: int | None = None
    stop_strings: tuple[str, ...] = ()
    num_assistant_tokens: int | None = None
    """Candidates per main iteration; None is the runtime's 5. It has no 'off': 0 means 5."""
    assistant_confidence_threshold: float | None = None
    """Draft until its confidence falls below; excludes num_assistant_tokens. CPU/GPU draft only."""
    auto_num_assistant_tokens: bool = False
    """The session chooses num_assistant_tokens from its own measurements, where there is a draft
    model whose length can be chosen; elsewhere num_assistant_tokens holds."""
    ignore_eos: bool = False
    """Go on to max_new_tokens; for measuring."""

    def __post_init__(self) -> None:
        _check("max_new_tokens", self.max_new_tokens, 1, MAX_NEW_TOKENS_LIMIT)
        _check("temperature", self.temperature, 0.0, 5.0)
        _check("top_p", self.top_p, 0.0, 1.0, low_open=True)
        _check("top_k", self.top_k, 0, 1_000_000)
        _check("repetition_penalty", self.repetition_penalty, 0.0, 10.0, low_open=True)
        _check("seed", self.seed, 0, 2**64 - 1)
        _check("num_assistant_tokens", self.num_assistant_tokens, 1, MAX_NUM_ASSISTANT_TOKENS)
        _check(
            "assistant_confidence_threshold",
            self.assistant_confidence_threshold,
            0.0,
            1.0,
            low_open=True,
        )
        if (
            self.num_assistant_tokens is not None
            and self.assistant_confidence_threshold is not None
        ):
            raise ParameterError(
                "num_assistant_tokens and assistant_confidence_threshold exclude each other.",
                parameter="assistant_confidence_threshold",
            )
        if self.auto_num_assistant_tokens and self.assistant_confidence_threshold is not None:
            raise ParameterError(
                "An automatic draft length and assistant_confidence_threshold exclude each other.",
                parameter="assistant_confidence_threshold",
            )
        if any(not text for text in self.stop_strings):
            raise ParameterError("A stop string is empty.", parameter="stop_strings")


def _check(
    name: str, value: float | None, low: float, high: float, *, low_open: bool = False
) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ParameterError(f"{name} must be a number, not {value!r}.", parameter=name)
    if value != value or value > high or value < low or (low_open and value == low):
        bracket = "(" if low_open else "["
        raise ParameterError(
            f"{name} is {value}; it must be in {bracket}{low}, {high}].",
            parameter=name,
            value=value,
            low=low,
            high=high,
        )
