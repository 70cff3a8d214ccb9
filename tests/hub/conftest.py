"""The emulated hubs and a rig to download from them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.emulator.server import Emulator
from tests.hub.rig import Rig

_PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE")


@pytest.fixture(autouse=True)
def plain_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no certificates of whoever runs the tests."""
    for name in _PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """Both hubs, empty."""
    with Emulator() as running:
        yield running


@pytest.fixture
def rig(emulator: Emulator, tmp_path: Path) -> Rig:
    """A queue into an empty models folder."""
    models = tmp_path / "models"
    models.mkdir()
    return Rig(emulator=emulator, models=models)
