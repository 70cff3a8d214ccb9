"""Whether a repository fits this machine, by the sizes of its files before they are here. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from engine.models.catalog import CatalogModel
from engine.models.fit import FitReport, ModelLoad, guess_kv, plan_memory, planned_tokens
from engine.models.machine import MachineFacts

_BYTES_PER_WEIGHT = 0.6
"""Of int4 with its scales; only the guess of the cache depends on it."""


def plan_repository(
    sizes: Mapping[str, int], known: CatalogModel | None, machine: MachineFacts
) -> FitReport:
    """Plan a repository as a main model on the CPU, always an estimate.

    Args:
        sizes: bytes by file name.
        known: its entry in the catalogue, which tells how its cache is built.
    """
    weights = sum(
        size for path, size in sizes.items() if path.endswith(".bin") and "tokenizer" not in path
    )
    kv = known.kv_bytes_per_token if known is not None else None
    load = ModelLoad(
        weight_bytes=weights or None,
        kv_bytes_per_token=kv or guess_kv(round(weights / _BYTES_PER_WEIGHT)),
        device=machine.device("CPU"),
        kv_is_guess=kv is None,
    )
    context = known.context_length if known is not None else None
    return plan_memory((load,), machine, context_tokens=planned_tokens(context), estimated=True)
