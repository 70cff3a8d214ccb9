"""The real huggingface_hub client against the emulator: answers, limits and errors by name."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace

import pytest

from engine.errors import ErrorCode, TransferError
from engine.hub.hub_access import HubAccess, HubEndpoints
from engine.hub.settings import NetworkTimeouts
from engine.hub.sources import DigestAlgorithm, HubSource
from engine.models.manifest import SourceType
from tests.hub.emulator.faults import FaultKind
from tests.hub.rig import BIN, REPOSITORY, SMALL, Rig, model_files, until

OTHER = "OpenVINO/tiny-draft-int8-ov"


def hub(hubs: HubAccess) -> HubSource:
    return hubs.source(SourceType.HUGGINGFACE)


def failure(rig: Rig, repository: str = REPOSITORY, revision: str | None = None) -> TransferError:
    with pytest.raises(TransferError) as caught:
        rig.ask(lambda hubs: hub(hubs).describe(repository, revision=revision))
    return caught.value


def reason(error: TransferError) -> str | int | float:
    return dict(error.facts)["reason"]


def test_search_by_words_and_owner_most_downloaded_first(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files()).downloads = 5
    rig.emulator.add(OTHER, model_files()).downloads = 50
    rig.emulator.add("somebody/tiny-thing", model_files()).gated = True
    found = rig.ask(lambda hubs: hub(hubs).search("tiny", owner="OpenVINO"))
    assert [row.repository for row in found] == [OTHER, REPOSITORY]
    assert (found[0].downloads, found[0].owner) == (50, "OpenVINO")
    everyone = rig.ask(lambda hubs: hub(hubs).search("thing"))
    assert [(row.repository, row.gated) for row in everyone] == [("somebody/tiny-thing", True)]
    assert everyone[0].last_modified == "2026-01-01T00:00:00+00:00"
    assert rig.ask(lambda hubs: hub(hubs).search("nothing like it")) == ()


def test_search_follows_pages_up_to_the_limit(rig: Rig) -> None:
    for number in range(7):
        rig.emulator.add(f"OpenVINO/model-{number}", {})
    rig.emulator.page_size = 3
    found = rig.ask(lambda hubs: hub(hubs).search("", limit=5))
    assert len({row.repository for row in found}) == 5


def test_description_lists_sizes_digests_and_licence(rig: Rig) -> None:
    repository = rig.emulator.add(REPOSITORY, model_files())
    model = rig.ask(lambda hubs: hub(hubs).describe(REPOSITORY))
    files = {file.path: file for file in model.files}
    assert files[BIN].algorithm is DigestAlgorithm.SHA256
    assert files[SMALL].algorithm is DigestAlgorithm.GIT_BLOB
    assert files[SMALL].digest == repository.files[SMALL].blob_id
    assert model.left_out == (".gitattributes",)
    assert model.license == "apache-2.0"
    assert model.source.revision == repository.commit
    assert model.page_url == f"{rig.emulator.url}/{REPOSITORY}"
    assert len(rig.emulator.requests()) == 1


def test_card_without_front_matter(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    card = rig.ask(lambda hubs: hub(hubs).model_card(REPOSITORY))
    assert card.text == "# Tiny\nA tiny model."
    assert card.license == "apache-2.0"
    rig.emulator.add(OTHER, {SMALL: b"{}"})
    assert rig.ask(lambda hubs: hub(hubs).model_card(OTHER)).text == ""


@pytest.mark.parametrize("where", ["info", "list", "resolve"])
def test_d4_silent_hub_ends_in_time(rig: Rig, where: str) -> None:
    rig.timeouts = replace(rig.timeouts, read_s=30.0, metadata_s=0.3)
    rig.emulator.add(REPOSITORY, model_files())
    rig.emulator.fault(FaultKind.BLACKHOLE, where=where)
    questions = {
        "info": lambda hubs: hub(hubs).describe(REPOSITORY),
        "list": lambda hubs: hub(hubs).search("tiny"),
        "resolve": lambda hubs: hub(hubs).model_card(REPOSITORY),
    }
    with pytest.raises(TransferError) as caught:
        rig.ask(questions[where])
    assert (caught.value.code, reason(caught.value)) == (ErrorCode.OFFLINE, "silent")


def test_d4_the_limit_is_15_seconds_for_all_pages_together(rig: Rig) -> None:
    assert NetworkTimeouts().metadata_s == 15.0
    rig.timeouts = replace(rig.timeouts, metadata_s=0.6)
    rig.emulator.page_size = 1
    for number in range(40):
        rig.emulator.add(f"OpenVINO/model-{number}", {})
    rig.emulator.fault(FaultKind.DELAY, where="list", seconds=0.2)  # each is quick enough alone
    with pytest.raises(TransferError) as caught:
        rig.ask(lambda hubs: hub(hubs).search("", limit=40))
    assert (caught.value.code, reason(caught.value)) == (ErrorCode.OFFLINE, "silent")
    assert 2 <= len(rig.emulator.requests()) <= 5


def test_d4_questions_can_be_cancelled(rig: Rig) -> None:
    rig.timeouts = replace(rig.timeouts, metadata_s=300.0, read_s=300.0)  # longer than the test may
    rig.emulator.fault(FaultKind.BLACKHOLE, where="list")

    async def cancel(hubs: HubAccess) -> None:
        question = asyncio.create_task(hub(hubs).search("tiny"))
        await until(lambda: bool(rig.emulator.requests()))
        question.cancel()
        with pytest.raises(asyncio.CancelledError):
            await question

    rig.ask(cancel)


def test_d5_refused_connection(rig: Rig) -> None:
    rig.endpoints = HubEndpoints(huggingface="http://127.0.0.1:9")
    error = failure(rig)
    assert (error.code, reason(error)) == (ErrorCode.OFFLINE, "refused")
    assert dict(error.facts)["host"] == "127.0.0.1"


def test_d5_unknown_host(rig: Rig) -> None:
    rig.endpoints = HubEndpoints(huggingface="https://hub.invalid")
    error = failure(rig)
    assert (error.code, reason(error)) == (ErrorCode.OFFLINE, "dns")


def test_d5_download_without_network_keeps_the_order(rig: Rig) -> None:
    rig.endpoints = HubEndpoints(huggingface="http://127.0.0.1:9")
    error = rig.fail()
    assert error.code is ErrorCode.OFFLINE
    rig.endpoints = None
    rig.emulator.add(REPOSITORY, model_files())

    async def retry_all(hubs: object) -> None:
        async with rig.queue() as queue:
            assert len(queue.entries) == 1
            queue.resume(queue.entries[0].operation_id)
            await queue.wait_idle()

    rig.ask(retry_all)
    assert rig.installed_ids() == [REPOSITORY]


@pytest.mark.parametrize("where", ["info", "list"])
def test_d12_sign_in_page_instead_of_the_interface(rig: Rig, where: str) -> None:
    rig.emulator.fault(FaultKind.HTML, where=where)
    with pytest.raises(TransferError) as caught:
        rig.ask(
            lambda hubs: (
                hub(hubs).describe(REPOSITORY) if where == "info" else hub(hubs).search("tiny")
            )
        )
    assert caught.value.code is ErrorCode.SIGN_IN_PAGE


@pytest.mark.parametrize(
    ("token", "expected"),
    [(None, "no_token"), ("hf_other", "not_accepted"), ("hf_expired", "wrong_token")],
)
def test_d16_gated_model_three_ways(rig: Rig, token: str | None, expected: str) -> None:
    repository = rig.emulator.add(REPOSITORY, model_files())
    repository.gated, repository.allowed_tokens = True, {"hf_good"}
    if token:
        rig.keyring.set_password("slipstream", "huggingface", token)
    error = rig.fail()
    assert error.code is ErrorCode.GATED
    told = dict(error.facts)
    assert told["reason"] == expected
    assert told["url"] == f"{rig.emulator.url}/{REPOSITORY}"
    assert rig.emulator.sent() == 0


def test_d16_gated_model_with_the_right_token(rig: Rig) -> None:
    repository = rig.emulator.add(REPOSITORY, model_files())
    repository.gated, repository.allowed_tokens = True, {"hf_good"}
    assert rig.ask(lambda hubs: hub(hubs).describe(REPOSITORY)).summary.gated
    rig.keyring.set_password("slipstream", "huggingface", "hf_good")
    rig.install()


@pytest.mark.parametrize("token", [None, "hf_other"])
def test_d17_absent_and_private_look_alike(rig: Rig, token: str | None) -> None:
    if token:
        rig.keyring.set_password("slipstream", "huggingface", token)
    rig.emulator.add(OTHER, model_files()).private = True
    for repository in (REPOSITORY, OTHER):
        error = failure(rig, repository)
        assert error.code is ErrorCode.REPOSITORY_NOT_FOUND
        assert reason(error) == "absent_or_private"
        assert dict(error.facts)["repository"] == repository


def test_d17_unknown_revision(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    error = failure(rig, revision="no-such-branch")
    assert (error.code, reason(error)) == (ErrorCode.REPOSITORY_NOT_FOUND, "revision")


def test_d17_removed_repository(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files()).disabled = True
    error = failure(rig)
    assert (error.code, reason(error)) == (ErrorCode.REPOSITORY_NOT_FOUND, "removed")


@pytest.mark.parametrize("name", ["../../api/whoami-v2", "a/b/c", "", "sp ace/x", "-x/y"])
def test_d17_names_no_hub_has(rig: Rig, name: str) -> None:
    error = failure(rig, name)
    assert (error.code, reason(error)) == (ErrorCode.REPOSITORY_NOT_FOUND, "name")
    assert rig.emulator.requests() == []


@pytest.mark.parametrize(("code", "expected"), [(429, "rate_limited"), (503, "rate_limited")])
def test_refusals_are_told_at_once_not_waited_for(rig: Rig, code: int, expected: str) -> None:
    later = {"Retry-After": "600"}
    rig.emulator.fault(FaultKind.STATUS, where="list", code=code, headers=later)
    with pytest.raises(TransferError) as caught:
        rig.ask(lambda hubs: hub(hubs).search("tiny"))
    assert caught.value.code == expected
    assert dict(caught.value.facts)["retry_after_s"] == 600
    assert len(rig.emulator.requests()) == 1


@pytest.mark.parametrize("code", [400, 403, 418, 500])
def test_other_statuses_are_server_errors(rig: Rig, code: int) -> None:
    rig.emulator.fault(FaultKind.STATUS, where="info", code=code)
    error = failure(rig)
    assert (error.code, dict(error.facts)["status"]) == (ErrorCode.SERVER, code)


def test_d18_next_page_elsewhere_does_not_get_the_token(rig: Rig) -> None:
    rig.keyring.set_password("slipstream", "huggingface", "hf_good")
    rig.emulator.page_size = 1
    for number in range(3):
        rig.emulator.add(f"OpenVINO/model-{number}", {})
    rig.emulator.next_page_origin = rig.emulator.cdn_url
    with pytest.raises(TransferError):
        rig.ask(lambda hubs: hub(hubs).search("", limit=3))
    assert [r.authorization for r in rig.emulator.requests("hub")] == ["Bearer hf_good"]
    assert [r.authorization for r in rig.emulator.requests("cdn")] == [None]


def test_no_token_of_this_machine_is_used(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_good")
    rig.emulator.add(REPOSITORY, model_files())
    rig.ask(lambda hubs: hub(hubs).describe(REPOSITORY))
    rig.install()
    assert {request.authorization for request in rig.emulator.requests()} == {None}


def test_the_official_hub_is_asked_by_the_real_client(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    rig.ask(lambda hubs: hub(hubs).describe(REPOSITORY))
    session = sys.modules["huggingface_hub"].utils.get_session()
    assert type(session._transport).__module__ == "engine.hub.hf_bridge"
    assert HubEndpoints().huggingface == "https://huggingface.co"
