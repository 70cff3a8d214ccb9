"""An emulated hub that serves copies of the pair that ships, under ids of the catalogue."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.hub.emulator.server import Emulator

PACK = "cpu-small"
MAIN = "OpenVINO/Phi-4-mini-instruct-int4-ov"
DRAFT = "OpenVINO/Phi-4-mini-FastDraft-120M-int8-ov"
STRANGER = "someone/little-model-ov"
GATED = "OpenVINO/behind-a-gate-ov"
_SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "models"


def shipped_files(name: str) -> dict[str, bytes]:
    """The files of a shipped model as a hub would hold them."""
    folder = _SHIPPED / name
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != "manifest.json"}


@contextmanager
def serving() -> Iterator[Emulator]:
    """The hub, with the pair, the model of a stranger, and one behind a gate."""
    with Emulator() as emulator:
        emulator.add(MAIN, shipped_files("demo-main"))
        emulator.add(DRAFT, shipped_files("demo-draft"))
        emulator.add(STRANGER, shipped_files("demo-draft"))
        gated = emulator.add(GATED, shipped_files("demo-draft"))
        gated.gated = True
        gated.allowed_tokens = {"hf_good"}
        yield emulator


def hub_environment(emulator: Emulator) -> dict[str, str]:
    """What sends the program there, with no keyring of whoever runs the tests."""
    environment = {
        "SLIPSTREAM_HF_ENDPOINT": emulator.url,
        "SLIPSTREAM_MODELSCOPE_ENDPOINT": emulator.url,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "HF_ENDPOINT": "",
    }
    proxies = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    return {**environment, **dict.fromkeys(proxies, "")}


def full_environment(emulator: Emulator) -> dict[str, str]:
    """The same for a child process."""
    plain = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    return {**plain, **hub_environment(emulator)}
