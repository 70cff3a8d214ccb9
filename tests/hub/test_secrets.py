"""Tokens: where they are kept, and everywhere they must not be (D18, S6, S7)."""

from __future__ import annotations

import asyncio
import logging
import pickle
from pathlib import Path

import pytest

from engine.errors import ParameterError
from engine.hub.credentials import Credentials, Secret, TokenStorage
from engine.hub.hub_access import HubAccess, HubEndpoints
from engine.models.manifest import SourceType
from tests.hub.emulator.faults import FaultKind
from tests.hub.emulator.server import Emulator
from tests.hub.rig import BIN, REPOSITORY, MemoryKeyring, Rig, model_files, wanted

MARKER = "hf_MARKERtoken0123456789"


class BrokenKeyring:
    """Raises what real back ends raise."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def get_password(self, service_name: str, username: str) -> str | None:
        raise self._error

    def set_password(self, service_name: str, username: str, password: str) -> None:
        raise self._error

    def delete_password(self, service_name: str, username: str) -> None:
        raise self._error


class ForgetfulKeyring(MemoryKeyring):
    """Takes everything and keeps nothing, as the null back end does."""

    def set_password(self, service_name: str, username: str, password: str) -> None:
        return


def test_token_is_kept_in_the_keyring() -> None:
    keyring = MemoryKeyring()

    async def store() -> TokenStorage:
        return await Credentials(keyring).store(SourceType.HUGGINGFACE, f"  {MARKER}\n")

    async def read() -> tuple[Secret | None, Secret | None]:
        credentials = Credentials(keyring)
        return (
            await credentials.token(SourceType.HUGGINGFACE),
            await credentials.token(SourceType.MODELSCOPE),
        )

    async def forget() -> None:
        await Credentials(keyring).forget(SourceType.HUGGINGFACE)

    assert asyncio.run(store()) is TokenStorage.KEYRING
    found, other = asyncio.run(read())
    assert found is not None
    assert (found.reveal(), other) == (MARKER, None)
    asyncio.run(forget())
    assert asyncio.run(read()) == (None, None)
    assert keyring.passwords == {}


def keyring_errors() -> list[Exception]:
    from keyring.errors import InitError, KeyringLocked, NoKeyringError, PasswordSetError

    return [
        NoKeyringError("none"),
        KeyringLocked("locked"),
        InitError("broken"),
        PasswordSetError("refused"),
        OSError("no bus"),
        RuntimeError("dead"),
    ]


@pytest.mark.parametrize("error", keyring_errors(), ids=lambda error: type(error).__name__)
def test_s6_without_a_keyring_the_token_lives_as_long_as_the_program(error: Exception) -> None:
    async def work() -> None:
        credentials = Credentials(BrokenKeyring(error))
        assert await credentials.token(SourceType.HUGGINGFACE) is None
        stored = await credentials.store(SourceType.HUGGINGFACE, MARKER)
        assert stored is TokenStorage.SESSION
        found = await credentials.token(SourceType.HUGGINGFACE)
        assert found is not None
        assert found.reveal() == MARKER
        await credentials.forget(SourceType.HUGGINGFACE)
        assert await credentials.token(SourceType.HUGGINGFACE) is None
        assert await Credentials(BrokenKeyring(error)).token(SourceType.HUGGINGFACE) is None

    asyncio.run(work())


def test_s6_a_keyring_that_keeps_nothing_is_noticed() -> None:
    async def work() -> None:
        credentials = Credentials(ForgetfulKeyring())
        stored = await credentials.store(SourceType.HUGGINGFACE, MARKER)
        assert stored is TokenStorage.SESSION
        assert await credentials.token(SourceType.HUGGINGFACE) is not None

    asyncio.run(work())


@pytest.mark.parametrize("text", ["", "  ", "two words", "line\nbreak", "ümlaut", "x" * 600])
def test_what_is_no_token_is_refused(text: str) -> None:
    async def work() -> None:
        credentials = Credentials(MemoryKeyring())
        with pytest.raises(ParameterError) as caught:
            await credentials.store(SourceType.HUGGINGFACE, text)
        assert not text.strip() or text.strip() not in str(caught.value.to_info())

    asyncio.run(work())


def test_secret_shows_itself_only_when_asked() -> None:
    secret = Secret(MARKER)
    assert MARKER not in f"{secret} {secret!r} {[secret]}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_d18_no_token_and_no_cookie_at_another_origin(rig: Rig) -> None:
    rig.emulator.tokens[MARKER] = "marker"
    rig.keyring.set_password("slipstream", "huggingface", MARKER)
    rig.emulator.add(REPOSITORY, model_files())
    rig.emulator.fault(FaultKind.DROP, path=BIN, where="cdn", after=500_000, times=1)
    rig.install()
    hub, cdn = rig.emulator.requests("hub"), rig.emulator.requests("cdn")
    assert len(cdn) == 2
    assert {request.authorization for request in hub} == {f"Bearer {MARKER}"}
    assert {request.authorization for request in cdn} == {None}
    assert {request.cookie for request in hub + cdn} == {None}


def test_d18_a_way_back_to_the_hub_does_not_bring_the_token_back(rig: Rig) -> None:
    rig.emulator.tokens[MARKER] = "marker"
    rig.keyring.set_password("slipstream", "huggingface", MARKER)
    rig.emulator.add(REPOSITORY, model_files())
    back = f"{rig.emulator.url}/{REPOSITORY}/resolve/main/{BIN}?from=cdn"
    rig.emulator.fault(FaultKind.REDIRECT, where="cdn", location=back, times=1)
    rig.install()
    returned = [r for r in rig.emulator.requests("hub") if r.query == "from=cdn"]
    assert [request.authorization for request in returned] == [None]


def test_token_never_goes_to_a_mirror(rig: Rig) -> None:
    rig.keyring.set_password("slipstream", "huggingface", MARKER)
    rig.keyring.set_password("slipstream", "mirror", MARKER)
    with Emulator() as mirror:
        mirror.add(REPOSITORY, model_files())
        rig.install(wanted(source=SourceType.MIRROR, endpoint=mirror.url))
        rig.ask(lambda hubs: hubs.verify_mirror(mirror.url))
        search = rig.ask(
            lambda hubs: hubs.source(SourceType.MIRROR, endpoint=mirror.url).search("tiny")
        )
        assert search
        assert len(mirror.requests()) > 8
        assert {request.authorization for request in mirror.requests()} == {None}
        assert {request.cookie for request in mirror.requests()} == {None}


def test_s7_marker_token_is_in_no_log_url_or_file(
    rig: Rig, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    rig.emulator.signature = "MARKERsignature"
    rig.emulator.tokens[MARKER] = "marker"
    repository = rig.emulator.add(REPOSITORY, model_files())
    repository.gated, repository.allowed_tokens = True, {MARKER}
    rig.keyring.set_password("slipstream", "huggingface", MARKER)

    async def questions(hubs: HubAccess) -> None:
        source = hubs.source(SourceType.HUGGINGFACE)
        await source.search("tiny")
        await source.model_card(REPOSITORY)

    rig.ask(questions)
    for fault in (FaultKind.STATUS, FaultKind.DROP, FaultKind.HTML, FaultKind.CORRUPT):
        rig.emulator.fault(fault, where="cdn", after=1000)
        rig.download()
        rig.emulator.repair_faults()
    unfinished = [path for path in rig.models.rglob("*") if path.is_file()]
    assert unfinished
    assert holds_no_marker(rig, caplog, tmp_path)
    rig.install()
    assert holds_no_marker(rig, caplog, tmp_path)
    assert any(request.authorization == f"Bearer {MARKER}" for request in rig.emulator.requests())


def holds_no_marker(rig: Rig, caplog: pytest.LogCaptureFixture, folder: Path) -> bool:
    texts = [record.getMessage() + str(record.__dict__) for record in caplog.records]
    texts += [repr(event) for event in rig.events]
    texts += [f"{r.path}?{r.query}" for r in rig.emulator.requests("hub")]
    signatures = [text for text in texts if "MARKERsignature" in text]
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    leaked = [text for text in texts if MARKER in text]
    in_files = [data for data in files if MARKER.encode() in data or b"MARKERsignature" in data]
    return not (signatures or leaked or in_files)


def test_official_endpoints_are_encrypted() -> None:
    endpoints = HubEndpoints()
    assert endpoints.huggingface.startswith("https://")
    assert endpoints.modelscope.startswith("https://")
