"""Models and loaded backends for the tests of the real runtime."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.backends.openvino_backend import OpenVinoBackend
from engine.resources import asset_path
from tests.tiny_models.asking import load, make_spec
from tests.tiny_models.folder import write_model


@dataclass(frozen=True, slots=True)
class Pair:
    """Folders of a main and a draft model."""

    main: Path
    draft: Path


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A random main model and a draft that agrees with it at times."""
    folder = tmp_path_factory.mktemp("tiny")
    return Pair(write_model(folder / "main"), write_model(folder / "draft", noise=0.03))


@pytest.fixture(scope="session")
def embedded() -> Pair:
    """The pair that comes with the program."""
    return Pair(asset_path("models", "demo-main"), asset_path("models", "demo-draft"))


@pytest.fixture
def backend() -> Iterator[OpenVinoBackend]:
    """A backend with nothing loaded."""
    backend = OpenVinoBackend()
    yield backend
    backend.close()


@pytest.fixture
def drafting(backend: OpenVinoBackend, tiny: Pair) -> OpenVinoBackend:
    """A backend with the tiny pair."""
    load(backend, make_spec(tiny.main, tiny.draft))
    return backend


@pytest.fixture
def plain(backend: OpenVinoBackend, tiny: Pair) -> OpenVinoBackend:
    """A backend with the tiny main model alone."""
    load(backend, make_spec(tiny.main))
    return backend
