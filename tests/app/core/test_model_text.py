"""Every reason, label and hub error has its words, with the values of its facts in them."""

from __future__ import annotations

import pytest

from app.core.hub_text import (
    asks_for_token,
    hub_error_text,
    page_of,
    phase_text,
    state_text,
)
from app.core.model_reasons import REASON_SENTENCES
from app.core.model_text import (
    FITS,
    KINDS,
    ROLES,
    SOURCES,
    VERDICTS,
    need_text,
    parameters_text,
    percent,
    reason_text,
    remaining_text,
)
from app.core.translation import untranslated
from engine.errors import ErrorCode, ErrorInfo
from engine.hub.events import TransferPhase, TransferState, WaitReason
from engine.models.fit import FitLabel, Need, Pool
from engine.models.manifest import ModelKind, ModelRole, SourceType
from engine.models.reasons import ReasonCode, Verdict, block


@pytest.mark.parametrize(
    ("table", "members"),
    [
        (REASON_SENTENCES, ReasonCode),
        (KINDS, ModelKind),
        (ROLES, ModelRole),
        (SOURCES, SourceType),
        (VERDICTS, Verdict),
        (FITS, FitLabel),
    ],
)
def test_every_member_has_words(table: dict[str, str], members: type[ReasonCode]) -> None:
    assert set(table) == set(members)
    assert all(text.strip() for text in table.values())


def test_a_reason_names_its_numbers() -> None:
    reason = block(ReasonCode.DRAFT_LOGITS_LARGER, main=32000, draft=151936)
    text = reason_text(reason, untranslated)
    assert "151\u202f936" in text
    assert "32\u202f000" in text


def test_parameters_in_a_reason_are_short() -> None:
    reason = block(
        ReasonCode.DRAFT_LARGE, draft_parameters=4_000_000_000, largest_useful=1_400_000_000
    )
    assert "4B; at most 1.4B" in reason_text(reason, untranslated)


def test_a_missing_fact_is_a_dash() -> None:
    assert "\u2013" in reason_text(block(ReasonCode.NPU_GROUP_SIZE), untranslated)


@pytest.mark.parametrize(
    ("parameters", "text"),
    [(None, "\u2013"), (951_000, "951K"), (120_000_000, "120M"), (8_199_999_999, "8.2B"),
     (14_000_000_000, "14B"), (999_700_000, "1B")],
)  # fmt: skip
def test_parameters(parameters: int | None, text: str) -> None:
    assert parameters_text(parameters) == text


@pytest.mark.parametrize(("done", "share"), [(0, 0), (999, 99), (1000, 100), (1200, 100)])
def test_a_hundred_percent_means_all_of_it(done: int, share: int) -> None:
    assert percent(done, 1000) == share


def test_nothing_of_nothing_is_no_fault() -> None:
    assert percent(0, 0) == 0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "\u2013"), (0.2, "1\u202fs"), (59, "59\u202fs"), (600, "10\u202fmin"),
     (7260, "2\u202fh 1\u202fmin")],
)  # fmt: skip
def test_remaining_time(seconds: float | None, text: str) -> None:
    assert remaining_text(seconds) == text


def test_a_need_has_both_numbers() -> None:
    need = Need(
        pool=Pool.DISK, device=None, needed_bytes=5_000_000_000, available_bytes=2_000_000_000,
        label=FitLabel.WILL_NOT_FIT,
    )  # fmt: skip
    assert need_text(need, untranslated) == "Disk: needs 5.0\u202fGB, 2.0\u202fGB free"


def _error(code: ErrorCode, **facts: str | int) -> ErrorInfo:
    return ErrorInfo(code=code, message="m", facts=tuple(facts.items()))


def test_each_reason_of_a_gate_has_its_own_next_step() -> None:
    texts = {
        hub_error_text(_error(ErrorCode.GATED, reason=reason, repository="a/b"), untranslated)
        for reason in ("no_token", "not_accepted", "wrong_token")
    }
    assert len(texts) == 3
    gated = _error(ErrorCode.GATED, reason="no_token", url="https://hub.example/a/b")
    assert asks_for_token(gated)
    assert page_of(gated) == "https://hub.example/a/b"
    assert not asks_for_token(_error(ErrorCode.GATED, reason="not_accepted"))


def test_a_full_disk_is_told_in_bytes_people_read() -> None:
    error = _error(ErrorCode.DISK_FULL, needed_bytes=5_000_000_000, free_bytes=1_000_000)
    text = hub_error_text(error, untranslated)
    assert "5.0\u202fGB" in text
    assert "1.0\u202fMB" in text


@pytest.mark.parametrize("code", ErrorCode)
def test_no_error_is_without_a_sentence(code: ErrorCode) -> None:
    assert len(hub_error_text(_error(code), untranslated)) > 8


def test_waiting_says_why() -> None:
    text = phase_text(
        TransferPhase.WAITING, untranslated, wait=WaitReason.SERVER_ASKED, retry_in_s=29.6
    )
    assert "30 s" in text
    assert {phase_text(phase, untranslated) for phase in TransferPhase}.isdisjoint({""})
    assert all(state_text(state, untranslated) for state in TransferState)
