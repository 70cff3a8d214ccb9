"""Values that carry figures of one answer.

Every figure is defined in `definitions`; None means not measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.params import GenerationParams


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveStats:
    """Figures of an answer in progress. Times in s, rates in tokens per second, shares 0..1."""

    token_count: int
    elapsed_s: float
    ttft_s: float | None = None
    tpot_s: float | None = None
    tokens_per_s: float | None = None
    """Decode rate over the answer so far (1 / TPOT)."""
    recent_tokens_per_s: float | None = None
    """Decode rate over the last second; for the spark line."""
    accepted: int | None = None
    """None without candidates (plain decoding)."""
    drafted: int | None = None
    acceptance_rate: float | None = None
    recent_acceptance_rate: float | None = None
    mean_acceptance_length: float | None = None
    last_run_length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeFigures:
    """The runtime's own figures, kept beside ours and never mixed with them.

    Source: openvino_genai PerfMetrics and SDPerModelsPerfMetrics. They differ from ours on
    purpose: the runtime's accepted count leaves out the last iteration.
    """

    prompt_tokens: int | None = None
    generated_tokens: int | None = None
    ttft_s: float | None = None
    tpot_s: float | None = None
    draft_steps: int | None = None
    accepted_tokens: int | None = None
    main_inference_s: float | None = None
    draft_inference_s: float | None = None
    tokenization_s: float | None = None
    draft_step_s: float | None = None
    """Median of the draft model's steps after its prefill."""


class LengthReason(StrEnum):
    """Why a draft length was chosen automatically."""

    CALIBRATING = "calibrating"
    """One of the first answers, to learn the costs."""
    BEST_EXPECTED = "best_expected"
    PLAIN_IS_FASTER = "plain_is_faster"
    """No length pays. Plain decoding needs another pipeline: `num_assistant_tokens` is the best
    that this one can do until it is loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthDecision:
    """A draft length with its numbers: "4 tokens: 71 % accepted, draft step 0.11 of a main step,
    expected 1.9x". Figures are None before anything was measured."""

    num_assistant_tokens: int
    reason: LengthReason
    acceptance_rate: float | None
    """Expected accepted / drafted at this length."""
    acceptance_by_position: tuple[float, ...]
    draft_cost_ratio: float | None
    """One candidate, drafted and verified, in main steps."""
    main_step_s: float | None
    expected_tokens_per_s: float | None
    expected_speed_up: float | None
    """Against plain decoding."""
    plain_is_measured: bool
    """Whether plain decoding was measured; if not, a main step without candidates stands for it."""
    iterations: int
    """Evidence behind it."""
    curve: tuple[tuple[int, float], ...]
    """(length, expected speed-up) for every length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationReport:
    """Everything measured about one finished, stopped or interrupted answer."""

    finish_reason: str
    """A `FinishReason` value, or "interrupted"."""
    strategy: str
    main_name: str
    draft_name: str | None
    main_device: str
    draft_device: str | None
    params: GenerationParams
    token_count: int
    prompt_tokens: int | None
    elapsed_s: float
    ttft_s: float | None
    tpot_s: float | None
    tokens_per_s: float | None
    accepted: int | None
    drafted: int | None
    acceptance_rate: float | None
    mean_acceptance_length: float | None
    run_lengths: tuple[int, ...]
    """Tokens per main iteration; the first is the prefill's single token."""
    run_times_s: tuple[float, ...]
    """When each run arrived, seconds since the engine was asked."""
    versions: tuple[tuple[str, str], ...]
    runtime: RuntimeFigures
    changed_settings: tuple[tuple[str, str, str | int | float | bool], ...] = ()
    """What was set on the devices: (device, name, value). Empty for what the runtime does
    unasked."""
    length_decision: LengthDecision | None = None
    """What the draft length came from, where it was chosen automatically."""
