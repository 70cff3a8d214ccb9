"""Encrypted hubs: whose certificates are trusted, proxies, and redirections that are refused."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.errors import ErrorCode, TransferError
from engine.hub.hub_access import HubEndpoints
from engine.hub.redirects import origin, redirect_target
from tests.hub.certificates import Authority, make_authority
from tests.hub.emulator.faults import FaultKind
from tests.hub.emulator.server import Emulator
from tests.hub.proxy import OpeningProxy
from tests.hub.rig import BIN, REPOSITORY, Rig, facts, model_files, same_content

CDN_HOST = "cdn-lfs.huggingface.co"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Signs for the real hub's names and for this machine."""
    folder = tmp_path_factory.mktemp("certificates")
    return make_authority(folder, "127.0.0.1", "huggingface.co", CDN_HOST)


@pytest.fixture
def encrypted(authority: Authority, tmp_path: Path) -> Iterator[Rig]:
    """A rig whose emulator speaks TLS only."""
    models = tmp_path / "models"
    models.mkdir()
    with Emulator(tls=authority.server_context) as emulator:
        emulator.add(REPOSITORY, model_files())
        yield Rig(emulator=emulator, models=models)


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate_file))


def test_d35_unknown_certificate_is_refused_at_once(encrypted: Rig) -> None:
    error = encrypted.fail()
    assert (error.code, facts(error)["reason"]) == (ErrorCode.OFFLINE, "tls")
    assert encrypted.emulator.requests() == []


@pytest.mark.usefixtures("trusted")
def test_d35_own_authority(encrypted: Rig) -> None:
    assert same_content(encrypted.install(), model_files())


@pytest.mark.usefixtures("trusted")
def test_d35_opening_proxy_in_front_of_the_real_addresses(
    rig: Rig, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    rig.emulator.cdn_url = f"https://{CDN_HOST}"
    rig.endpoints = HubEndpoints()  # https://huggingface.co
    ports = {"huggingface.co": rig.emulator.hub_port, CDN_HOST: rig.emulator.cdn_port}
    with OpeningProxy(authority.server_context, ports) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert same_content(rig.install(), model_files())
        assert set(proxy.hosts) == {"CONNECT huggingface.co", f"CONNECT {CDN_HOST}"}


def test_d35_proxy_that_is_not_there(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.endpoints = HubEndpoints()
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    error = rig.fail()
    assert error.code is ErrorCode.OFFLINE
    assert facts(error)["reason"] in ("proxy", "refused")


def plain_http(rig: Rig) -> str:
    return rig.emulator.cdn_url.replace("https:", "http:") + f"/{REPOSITORY}/{BIN}"


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (plain_http, "downgrade"),
        (lambda rig: "file:///etc/passwd", "scheme"),
        (lambda rig: "ftp://127.0.0.1/x", "scheme"),
        (lambda rig: "https://user@127.0.0.1/x", "address"),
        (lambda rig: "https://[::1/x", "address"),
        (lambda rig: f"/{REPOSITORY}/resolve/main/{BIN}", "loop"),
    ],
)
def test_d28_redirections_that_are_refused(
    encrypted: Rig, location: Callable[[Rig], str], expected: str
) -> None:
    target = location(encrypted)
    encrypted.emulator.fault(FaultKind.REDIRECT, path=BIN, where="resolve", location=target)
    error = encrypted.fail()
    assert error.code is ErrorCode.UNSAFE_REDIRECT
    assert facts(error)["reason"] == expected
    assert encrypted.emulator.sent(BIN) == 0
    asked = [request for request in encrypted.emulator.requests() if request.file == BIN]
    assert len(asked) == (9 if expected == "loop" else 1)


@pytest.mark.usefixtures("trusted")
def test_d28_metadata_redirections_are_refused_too(encrypted: Rig) -> None:
    target = encrypted.emulator.url.replace("https:", "http:") + "/api/models"
    encrypted.emulator.fault(FaultKind.REDIRECT, where="info", location=target)
    error = encrypted.fail()
    assert (error.code, facts(error)["reason"]) == (ErrorCode.UNSAFE_REDIRECT, "downgrade")


HUB = "https://huggingface.co/a/b/resolve/main/x.bin"


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://cdn-lfs.hf.co/x?sig=1", "https://cdn-lfs.hf.co/x?sig=1"),
        ("/api/resolve-cache/x", "https://huggingface.co/api/resolve-cache/x"),
        ("//cdn.hf.co/x", "https://cdn.hf.co/x"),
        ("https://8.8.8.8/x", "https://8.8.8.8/x"),
    ],
)
def test_d28_usual_redirections_pass(location: str, expected: str) -> None:
    assert redirect_target(HUB, HUB, location) == expected


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0.0.0.0",
        "localhost",
        "x.localhost",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.3.4",
        "169.254.169.254",
        "100.64.0.1",
        "[::1]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
    ],
)
def test_d28_a_public_hub_may_not_point_into_the_private_network(host: str) -> None:
    with pytest.raises(TransferError) as caught:
        redirect_target(HUB, HUB, f"https://{host}/x")
    assert dict(caught.value.facts)["reason"] == "private_address"
    lan = "https://192.168.1.9/a/b"
    assert redirect_target(lan, lan, f"https://{host}/x").endswith("/x")


@pytest.mark.parametrize(
    ("first", "current", "location"),
    [
        (HUB, "https://cdn.hf.co/x", "http://huggingface.co/x"),
        (HUB, HUB, "javascript:alert(1)"),
        (HUB, HUB, "data:text/plain,x"),
        (HUB, HUB, "\\\\host\\share"),
        (HUB, HUB, "https:///x"),
    ],
)
def test_d28_more_that_is_refused_or_stays_at_home(first: str, current: str, location: str) -> None:
    try:
        target = redirect_target(first, current, location)
    except TransferError as error:
        caught = error
    else:
        assert origin(target) == origin(first)
        return
    assert caught.code is ErrorCode.UNSAFE_REDIRECT


def test_a_client_that_says_nothing_does_not_hold_the_emulator(authority: Authority) -> None:
    with Emulator(tls=authority.server_context) as emulator:
        silent = socket.create_connection(("127.0.0.1", emulator.hub_port))
        time.sleep(0.2)  # until the emulator waits for the greeting
    silent.close()
