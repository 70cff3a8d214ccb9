"""ModelScope through the same jobs: the important faults once more (D30), and its own answers."""

from __future__ import annotations

import errno
import os

import pytest

from engine.errors import ErrorCode, TransferError
from engine.hub.disk import DiskAccess
from engine.hub.download_queue import DownloadQueue
from engine.hub.hub_access import HubAccess
from engine.hub.sources import HubSource
from engine.models.manifest import ModelManifest, SourceType, read_manifest
from tests.hub.emulator.faults import FaultKind
from tests.hub.rig import (
    BIN,
    IMPATIENT,
    MB,
    REPOSITORY,
    SMALL,
    Rig,
    facts,
    model_files,
    same_content,
    wanted,
)

SOURCE = SourceType.MODELSCOPE


def model() -> ModelManifest:
    return wanted(source=SOURCE)


def hub(hubs: HubAccess) -> HubSource:
    return hubs.source(SOURCE)


def test_search(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    rig.emulator.add("somebody/else", model_files())
    found = rig.ask(lambda hubs: hub(hubs).search("tiny", owner="OpenVINO"))
    assert [(row.repository, row.downloads) for row in found] == [(REPOSITORY, 100)]
    assert rig.ask(lambda hubs: hub(hubs).search("nothing")) == ()


def test_description_and_card(rig: Rig) -> None:
    repository = rig.emulator.add(REPOSITORY, model_files())
    described = rig.ask(lambda hubs: hub(hubs).describe(REPOSITORY))
    assert described.source.revision == repository.commit
    assert {file.path for file in described.files} == set(model_files()) - {".gitattributes"}
    assert described.page_url == f"{rig.emulator.url}/models/{REPOSITORY}"
    card = rig.ask(lambda hubs: hub(hubs).model_card(REPOSITORY))
    assert (card.text, card.license) == ("# Tiny\nA tiny model.", "apache-2.0")


def test_download(rig: Rig) -> None:
    files = model_files()
    rig.emulator.add(REPOSITORY, files)
    folder = rig.install(model())
    assert same_content(folder, files)
    assert read_manifest(folder).source.type is SOURCE


def test_d30_d1_resets(rig: Rig) -> None:
    files = model_files(4 * MB)
    rig.emulator.add(REPOSITORY, files)
    for reset in range(1, 4):
        rig.emulator.fault(FaultKind.DROP, path=BIN, where="cdn", after=reset * MB, times=1)
    assert same_content(rig.install(model()), files)
    assert rig.emulator.sent(BIN) - 4 * MB <= 4 * MB


def test_d30_d4_silence(rig: Rig) -> None:
    rig.timeouts = IMPATIENT
    rig.emulator.fault(FaultKind.BLACKHOLE, where="ms_files")
    error = rig.fail(model())
    assert (error.code, facts(error)["reason"]) == (ErrorCode.OFFLINE, "silent")


@pytest.mark.parametrize("path", [BIN, SMALL])
def test_d30_d9_corruption(rig: Rig, path: str) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    rig.emulator.fault(FaultKind.CORRUPT, path=path)
    assert rig.fail(model()).code is ErrorCode.CHECKSUM
    rig.emulator.repair_faults()
    rig.emulator.fault(FaultKind.CORRUPT, path=path, times=1)
    assert same_content(rig.install(model()), model_files())


@pytest.mark.parametrize("where", ["ms_files", "ms_file", "cdn"])
def test_d30_d14_server_errors(rig: Rig, where: str) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    rig.emulator.fault(FaultKind.STATUS, where=where, code=502, times=3)
    assert same_content(rig.install(model()), model_files())


@pytest.mark.parametrize("where", ["ms_files", "ms_file", "ms_list", "cdn"])
def test_d30_d12_sign_in_page(rig: Rig, where: str) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    rig.emulator.fault(FaultKind.HTML, where=where)
    if where == "ms_list":
        with pytest.raises(TransferError) as caught:
            rig.ask(lambda hubs: hub(hubs).search("tiny"))
        assert caught.value.code is ErrorCode.SIGN_IN_PAGE
        return
    assert rig.fail(model()).code is ErrorCode.SIGN_IN_PAGE


def test_d30_d20_disk_full(rig: Rig) -> None:
    files = model_files(2 * MB)
    rig.emulator.add(REPOSITORY, files)
    left = MB

    def write(descriptor: int, data: bytes) -> int:
        nonlocal left
        if left <= 0:
            raise OSError(errno.ENOSPC, "full")
        left -= len(data)
        return os.write(descriptor, data)

    rig.disk = DiskAccess(write=write)
    assert rig.fail(model()).code is ErrorCode.DISK_FULL
    rig.disk = DiskAccess()
    sent = rig.emulator.sent(BIN)

    async def resume(queue: DownloadQueue) -> None:
        queue.resume(queue.entries[0].operation_id)
        await queue.wait_idle()

    rig.with_queue(resume)
    assert same_content(rig.models / REPOSITORY, files)
    assert rig.emulator.sent(BIN) - sent < MB + 64 * 1024


@pytest.mark.parametrize("name", ["../../evil.txt", "/abs/evil.txt", "a\\evil.txt", "CON", "x."])
def test_d30_d26_hostile_names(rig: Rig, name: str) -> None:
    rig.emulator.add(REPOSITORY, model_files() | {name: b"evil"})
    assert rig.fail(model()).code is ErrorCode.UNSAFE_NAME
    assert rig.emulator.sent() == 0


def test_d16_d17_refusals(rig: Rig) -> None:
    assert rig.fail(model()).code is ErrorCode.REPOSITORY_NOT_FOUND
    repository = rig.emulator.add(REPOSITORY, model_files())
    repository.gated, repository.allowed_tokens = True, {"ms_good"}
    assert facts(rig.fail(model()))["reason"] == "no_token"
    rig.keyring.set_password("slipstream", "modelscope", "ms_bad")
    assert facts(rig.fail(model()))["reason"] == "not_accepted"
    rig.keyring.set_password("slipstream", "modelscope", "ms_good")
    rig.install(model())
    with pytest.raises(TransferError) as caught:
        rig.ask(lambda hubs: hub(hubs).describe("../../x/y"))
    assert facts(caught.value.to_info())["reason"] == "name"


def test_d18_cookie_stays_with_the_hub(rig: Rig) -> None:
    rig.keyring.set_password("slipstream", "modelscope", "ms_good")
    rig.emulator.add(REPOSITORY, model_files())
    rig.install(model())
    assert {r.cookie for r in rig.emulator.requests("hub")} == {"m_session_id=ms_good"}
    assert {r.cookie for r in rig.emulator.requests("cdn")} == {None}
    assert {r.authorization for r in rig.emulator.requests()} == {None}


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{}", b'{"Success": true}', b'{"Success": true, "Data": {"Files": [{"Path": 1}]}}'],
)
def test_nonsense_is_an_error_not_a_crash(rig: Rig, body: bytes) -> None:
    rig.emulator.fault(FaultKind.BODY, where="ms_files", body=body)
    with pytest.raises(TransferError) as caught:
        rig.ask(lambda hubs: hub(hubs).describe(REPOSITORY))
    assert caught.value.code is ErrorCode.SERVER
