"""The draft lengths of one session: an `AutoLength` for every pipeline that was loaded.

It chooses and learns; loading another pipeline is left to whoever reads the decisions.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from engine.events import LoadedPipeline
from engine.metrics.definitions import DEFAULT_NUM_ASSISTANT_TOKENS
from engine.metrics.report import GenerationReport, LengthDecision, LengthReason
from engine.params import GenerationParams
from engine.placement import LoadSpec, Properties, SchedulerSettings, Strategy
from engine.placement_rules import auto_length_is_possible
from engine.tuning.auto_length import AutoLength

_PIPELINES_KEPT = 8
_LEAST_PLAIN_TOKENS = 24
_PLAIN_HALF_LIFE = 400.0
"""Tokens after which a measurement of plain decoding weighs half."""

_MainKey = tuple[str, str, Properties, SchedulerSettings]
_PairKey = tuple[LoadSpec, str, str | None]


class PlainPace:
    """Seconds per token of plain decoding, from several answers."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._tokens = 0.0

    @property
    def tpot_s(self) -> float | None:
        """None until enough was measured."""
        return self._seconds / self._tokens if self._tokens >= _LEAST_PLAIN_TOKENS else None

    def add(self, tpot_s: float, tokens: int) -> None:
        """Take an answer of `tokens` tokens after its first run."""
        keep = 0.5 ** (tokens / _PLAIN_HALF_LIFE)
        self._seconds = self._seconds * keep + tpot_s * tokens
        self._tokens = self._tokens * keep + tokens


class SessionLengths:
    """Answers with `auto_num_assistant_tokens` get their length here; every answer teaches.

    Guarantees: evidence outlives a reload of the same pipeline on the same devices. Hazard: not
    thread-safe, it belongs to the session's worker.
    """

    def __init__(self) -> None:
        self._pairs: OrderedDict[_PairKey, AutoLength] = OrderedDict()
        self._plain: dict[_MainKey, PlainPace] = {}
        self._latest: dict[_MainKey, AutoLength] = {}
        self._pipeline: LoadedPipeline | None = None

    def resolve(
        self, pipeline: LoadedPipeline, params: GenerationParams
    ) -> tuple[GenerationParams, LengthDecision | None]:
        """The parameters with the length to be used, and where it comes from.

        None: the length was set, or no length can be chosen here.
        """
        self._take(pipeline)
        if not params.auto_num_assistant_tokens:
            return params, None
        decision = self._decide(pipeline)
        if decision is None:
            return params, None
        if not auto_length_is_possible(pipeline.spec):
            # Plain decoding: the numbers say why, or do not concern this answer.
            is_reason = decision.reason is LengthReason.PLAIN_IS_FASTER
            return params, decision if is_reason else None
        return replace(params, num_assistant_tokens=decision.num_assistant_tokens), decision

    def observe(self, pipeline: LoadedPipeline, report: GenerationReport) -> LengthDecision | None:
        """Learn from an answer; what is decided for the next one, None as in `resolve`."""
        self._take(pipeline)
        if pipeline.spec.strategy is Strategy.NONE:
            self._observe_plain(pipeline, report)
        elif auto_length_is_possible(pipeline.spec) and _has_set_length(report.params):
            self._auto(pipeline).observe(_with_length(report, pipeline.spec))
        return self._decide(pipeline) if report.params.auto_num_assistant_tokens else None

    def _take(self, pipeline: LoadedPipeline) -> None:
        """Notice another pipeline: a draft that was set aside gets a fair trial."""
        if pipeline is self._pipeline:
            return
        self._pipeline = pipeline
        if auto_length_is_possible(pipeline.spec):
            auto = self._auto(pipeline)
            if auto.decide().reason is LengthReason.PLAIN_IS_FASTER:
                auto.begin_again()
            self._latest[_main_key(pipeline)] = auto

    def _decide(self, pipeline: LoadedPipeline) -> LengthDecision | None:
        """Of the pipeline itself, or for plain decoding of the draft that was set aside."""
        if auto_length_is_possible(pipeline.spec):
            return self._auto(pipeline).decide()
        if pipeline.spec.strategy is not Strategy.NONE:
            return None
        auto = self._latest.get(_main_key(pipeline))
        decision = auto.decide() if auto is not None else None
        return None if decision is None or decision.reason is LengthReason.CALIBRATING else decision

    def _auto(self, pipeline: LoadedPipeline) -> AutoLength:
        key = (pipeline.spec, pipeline.actual_main_device, pipeline.actual_draft_device)
        auto = self._pairs.get(key)
        if auto is None:
            pace = self._plain.get(_main_key(pipeline))
            auto = AutoLength(plain_tpot_s=pace.tpot_s if pace is not None else None)
            self._pairs[key] = auto
        self._pairs.move_to_end(key)
        while len(self._pairs) > _PIPELINES_KEPT:
            self._pairs.popitem(last=False)
        return auto

    def _observe_plain(self, pipeline: LoadedPipeline, report: GenerationReport) -> None:
        if report.tpot_s is None:
            return
        key = _main_key(pipeline)
        pace = self._plain.setdefault(key, PlainPace())
        pace.add(report.tpot_s, report.token_count - 1)
        auto = self._latest.get(key)
        if auto is not None and pace.tpot_s is not None:
            auto.observe_plain(pace.tpot_s)


def _main_key(pipeline: LoadedPipeline) -> _MainKey:
    spec = pipeline.spec
    return spec.main_path, pipeline.actual_main_device, spec.main_properties, spec.scheduler


def _has_set_length(params: GenerationParams) -> bool:
    """With a confidence threshold the runs do not tell how many candidates there were."""
    return params.assistant_confidence_threshold is None


def _with_length(report: GenerationReport, spec: LoadSpec) -> GenerationReport:
    if report.params.num_assistant_tokens is not None:
        return report
    length = spec.num_assistant_tokens or DEFAULT_NUM_ASSISTANT_TOKENS
    return replace(report, params=replace(report.params, num_assistant_tokens=length))
