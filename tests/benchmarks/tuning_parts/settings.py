"""The settings that the tuning benchmark tries, the most promising first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from decoding import Properties

from engine.placement import SchedulerSettings

RUNTIME = "runtime default"


@dataclass(frozen=True, slots=True)
class Setting:
    """Properties of both models; `draft` None: the same as the main model's."""

    main: Properties = field(default_factory=dict)
    draft: Properties | None = None
    draft_model: str | None = None
    """One of `decoding.DRAFTS`; None: the one that the benchmark was asked for."""
    scheduler: SchedulerSettings | None = None


def _group(size: int) -> Properties:
    return {"DYNAMIC_QUANTIZATION_GROUP_SIZE": size}


_PRECISION = "INFERENCE_PRECISION_HINT"
_THREADS = "INFERENCE_NUM_THREADS"
SETTINGS: Mapping[str, Setting] = {
    RUNTIME: Setting(),
    "group size 64": Setting(_group(64)),
    "group size 128": Setting(_group(128)),
    "draft in int4": Setting(draft_model="1/15 int4"),
    "draft in int4, group size 64": Setting(_group(64), draft_model="1/15 int4"),
    "draft in int4, group size 128": Setting(_group(128), draft_model="1/15 int4"),
    "draft in fp16": Setting(draft_model="1/15 fp16"),
    "group size 64, main only": Setting(_group(64), {}),
    "group size 64, draft only": Setting({}, _group(64)),
    "group size 0": Setting(_group(0)),
    "group size 0, draft only": Setting({}, _group(0)),
    "group size 32": Setting(_group(32)),
    "draft on 1 thread": Setting({}, {_THREADS: 1}),
    "1 thread": Setting({_THREADS: 1}),
    "no pinning": Setting({"ENABLE_CPU_PINNING": False}),
    "hyper-threading": Setting({"ENABLE_HYPER_THREADING": True}),
    "no prefix caching": Setting(scheduler=SchedulerSettings(enable_prefix_caching=False)),
    "KV cache of 1 GB": Setting(scheduler=SchedulerSettings(cache_size_gb=1)),
    "prompt in pieces of 256": Setting(scheduler=SchedulerSettings(max_num_batched_tokens=256)),
    "no split fuse": Setting(scheduler=SchedulerSettings(dynamic_split_fuse=False)),
    "KV u8": Setting({"KV_CACHE_PRECISION": "u8"}),
    "KV f16": Setting({"KV_CACHE_PRECISION": "f16"}),
    "f32": Setting({_PRECISION: "f32"}),
    "draft in f32": Setting({}, {_PRECISION: "f32"}),
    "throughput": Setting({"PERFORMANCE_HINT": "THROUGHPUT"}),
    "latency": Setting({"PERFORMANCE_HINT": "LATENCY"}),
}
"""A further setting is one more line here."""
ABOUT_THREADS = ("no pinning", "hyper-threading", "1 thread", "draft on 1 thread", "throughput")
SHORT = ("draft in int4", "draft in fp16", "draft on 1 thread", "no prefix caching")
"""For main models whose weights are not quantised."""
