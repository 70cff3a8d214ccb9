"""Values that carry figures of one answer.

Every figure is defined in `definitions`; None means not measured.
"""

from __future__ import annotations

from dataclasses import dataclass

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
