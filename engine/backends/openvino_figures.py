"""Reads the runtime's own figures of an answer, to stand beside ours and never to replace them."""

from __future__ import annotations

import math
import statistics
from dataclasses import replace
from typing import Any

from engine.metrics.report import RuntimeFigures


def read_figures(result: Any) -> RuntimeFigures:
    """Figures from the runtime's result; None where it measured nothing."""
    plain = result.perf_metrics
    figures = RuntimeFigures(
        prompt_tokens=int(plain.get_num_input_tokens()),
        generated_tokens=int(plain.get_num_generated_tokens()),
        ttft_s=_seconds(plain.get_ttft()),
        tpot_s=_seconds(plain.get_tpot()),
        tokenization_s=_seconds(plain.get_tokenization_duration()),
        main_inference_s=_seconds(plain.get_inference_duration()),
    )
    # None without a draft, and for prompt lookup.
    pair = result.extended_perf_metrics
    if pair is None:
        return figures
    main, draft = pair.main_model_metrics, pair.draft_model_metrics
    steps_us = [float(value) for value in draft.raw_metrics.m_durations][1:]
    return replace(
        figures,
        # The draft's own prefill is one step.
        draft_steps=len(steps_us),
        draft_step_s=statistics.median(steps_us) / 1e6 if steps_us else None,
        accepted_tokens=int(pair.get_num_accepted_tokens()),
        main_inference_s=_seconds(main.get_inference_duration()),
        draft_inference_s=_seconds(draft.get_inference_duration()),
    )


def _seconds(milliseconds: Any) -> float | None:
    mean = float(milliseconds.mean)
    return mean / 1000.0 if math.isfinite(mean) and mean > 0 else None
