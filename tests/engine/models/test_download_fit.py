"""Whether a repository fits is known from its listing."""

from __future__ import annotations

import pytest

from engine.events import DeviceInfo, DeviceKind
from engine.models.catalog import load_catalog
from engine.models.download_fit import plan_repository
from engine.models.fit import FitLabel
from engine.models.machine import MachineFacts

GB = 10**9


def machine(free: int) -> MachineFacts:
    return MachineFacts(
        ram_available_bytes=free,
        disk_free_bytes=500 * GB,
        devices=(DeviceInfo(name="CPU", full_name="CPU", kind=DeviceKind.CPU),),
    )


def listing(weights: int) -> dict[str, int]:
    return {"openvino_model.bin": weights, "openvino_tokenizer.bin": 9 * GB, "config.json": 999}


@pytest.mark.parametrize(
    ("weights", "label"),
    [(2 * GB, FitLabel.FITS), (11 * GB, FitLabel.MAY_BE_SLOW), (40 * GB, FitLabel.WILL_NOT_FIT)],
)
def test_the_weights_decide(weights: int, label: FitLabel) -> None:
    report = plan_repository(listing(weights), None, machine(16 * GB))
    assert (report.label, report.weight_bytes, report.estimated) == (label, weights, True)


def test_without_weights_nothing_is_known() -> None:
    assert plan_repository({"a.txt": 5}, None, machine(16 * GB)).label is FitLabel.UNKNOWN


def test_the_catalogue_knows_the_cache_and_the_context() -> None:
    catalog = load_catalog()
    small = catalog.model("OpenVINO/Phi-3-mini-4k-instruct-int4-ov")
    assert small is not None
    assert small.kv_bytes_per_token is not None
    report = plan_repository(listing(2 * GB), small, machine(16 * GB))
    assert report.context_tokens == 4096
    assert report.kv_bytes == 4096 * small.kv_bytes_per_token


def test_the_draft_of_a_pack_goes_with_its_main() -> None:
    catalog = load_catalog()
    for pack in catalog.packs:
        draft = catalog.draft_for(pack.main)
        if pack.draft is not None:
            assert draft is not None
    alone = catalog.draft_for("OpenVINO/whisper-base-int8-ov")
    assert alone is None
