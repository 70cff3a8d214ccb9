"""Answers and network failures become one error each; retries end."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ErrorCode, TransferError
from engine.hub.hub_errors import (
    network_error,
    not_found,
    retry_after_s,
    server_error,
    sign_in_page,
    silent,
    status_error,
)
from engine.hub.retries import Retries
from engine.hub.settings import TransferSettings
from engine.hub.sources import read_card

ROOT = Path(__file__).resolve().parents[2]
URL = "https://hub.example/x?Signature=secret"


def told(status: int, headers: Mapping[str, str], *, had_token: bool = False) -> tuple[str, object]:
    error = status_error(
        status, headers, repository="a/b", page_url="https://hub.example/a/b", had_token=had_token
    )
    facts = dict(error.facts)
    return str(error.code), facts.get("reason")


@pytest.mark.parametrize(
    ("status", "headers", "had_token", "expected"),
    [
        (401, {"x-error-code": "GatedRepo"}, False, ("gated", "no_token")),
        (403, {"x-error-code": "GatedRepo"}, True, ("gated", "not_accepted")),
        (401, {"x-error-code": "GatedRepo"}, True, ("gated", "wrong_token")),
        (
            401,
            {"x-error-message": "Invalid credentials in Authorization header"},
            True,
            ("gated", "wrong_token"),
        ),
        (
            401,
            {"x-error-code": "RepoNotFound"},
            False,
            ("repository_not_found", "absent_or_private"),
        ),
        (401, {}, True, ("repository_not_found", "absent_or_private")),
        (404, {}, False, ("repository_not_found", "absent_or_private")),
        (404, {"x-error-code": "RevisionNotFound"}, False, ("repository_not_found", "revision")),
        (404, {"x-error-code": "EntryNotFound"}, False, ("repository_not_found", "file")),
        (
            403,
            {"x-error-message": "Access to this resource is disabled."},
            False,
            ("repository_not_found", "removed"),
        ),
        (403, {}, True, ("server", "status")),
        (429, {}, False, ("rate_limited", None)),
        (503, {"retry-after": "5"}, False, ("rate_limited", None)),
        (503, {}, False, ("server", "status")),
        (500, {}, False, ("server", "status")),
    ],
)
def test_statuses(
    status: int, headers: dict[str, str], had_token: bool, expected: tuple[str, object]
) -> None:
    assert told(status, headers, had_token=had_token) == expected


def test_retry_after_in_every_form() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    past = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    assert retry_after_s({"retry-after": "7"}) == 7
    assert 60 < (retry_after_s({"retry-after": soon}) or 0) <= 90
    assert retry_after_s({"retry-after": past}) == 0
    assert retry_after_s({"retry-after": "soon"}) is None
    assert retry_after_s({"ratelimit": '"api";r=0;t=55'}) == 55
    assert retry_after_s({"ratelimit": '"api";r=9;t=55'}) is None
    assert retry_after_s({}) is None


@given(st.text(max_size=30))
def test_retry_after_never_raises(value: str) -> None:
    seconds = retry_after_s({"retry-after": value, "ratelimit": value})
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (httpx2.ReadTimeout("x"), "silent"),
        (httpx2.ConnectTimeout("x"), "silent"),
        (httpx2.ConnectError("x"), "refused"),
        (httpx2.ProxyError("x"), "proxy"),
        (httpx2.ReadError("x"), "broken"),
        (httpx2.RemoteProtocolError("x"), "broken"),
        (httpx2.UnsupportedProtocol("x"), "address"),
        (httpx2.InvalidURL("x"), "address"),
    ],
)
def test_network_failures(failure: httpx2.TransportError, reason: str) -> None:
    error = network_error(failure, URL)
    assert error.code is ErrorCode.OFFLINE
    assert dict(error.facts) == {"host": "hub.example", "reason": reason}


def test_no_error_repeats_a_signed_link() -> None:
    for error in (network_error(httpx2.ReadError(URL), URL), sign_in_page(URL), silent(URL)):
        assert "Signature" not in f"{error} {error.facts}"


@pytest.mark.parametrize(
    "error",
    [
        not_found("a/b", reason="file"),
        server_error(400),
        network_error(httpx2.InvalidURL("x"), URL),
        TransferError("unsafe", code=ErrorCode.UNSAFE_NAME),
    ],
)
def test_what_cannot_get_better_is_not_tried_again(error: TransferError) -> None:
    with pytest.raises(TransferError) as caught:
        Retries(TransferSettings(), random.Random(1)).wait_s(error)
    assert caught.value is error


def test_waits_double_with_jitter_up_to_a_limit() -> None:
    settings = TransferSettings(tries=20)
    retries = Retries(settings, random.Random(1))
    waits = [retries.wait_s(server_error(500)) for _ in range(15)]
    for number, wait in enumerate(waits):
        full = min(settings.backoff_limit_s, settings.backoff_s * 2**number)
        assert full / 2 <= wait <= full
    assert len(set(waits[-5:])) == 5


@given(st.lists(st.integers(0, 50), max_size=200))
def test_tries_without_progress_are_limited(reached: list[int]) -> None:
    retries = Retries(TransferSettings(tries=4), random.Random(1))
    best, since = 0, 0
    for position in reached:
        since = 1 if position > best else since + 1
        best = max(best, position)
        if since >= 4:
            with pytest.raises(TransferError):
                retries.wait_s(server_error(502), reached=position)
            return
        retries.wait_s(server_error(502), reached=position)


def test_cards() -> None:
    card = read_card("---\nlicense: 'mit'\ntags:\n- a\n---\n\n# Title\n")
    assert (card.license, card.text) == ("mit", "# Title")
    assert read_card("# Only text").text == "# Only text"
    assert read_card("---\nno end").text == "---\nno end"
    assert read_card("").text == ""


def test_nothing_of_the_network_is_loaded_before_a_hub_is_asked() -> None:
    code = (
        "import sys, engine.hub.download_queue, engine.hub.publish, engine.hub.repair\n"
        "import engine.hub.credentials, engine.hub.references\n"
        "from engine.hub.hub_access import HubAccess\n"
        "from engine.hub.credentials import Credentials\n"
        "HubAccess(Credentials())\n"
        "loaded = {'httpx2', 'huggingface_hub', 'keyring', 'anyio'} & set(sys.modules)\n"
        "sys.exit(', '.join(loaded) or None)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
