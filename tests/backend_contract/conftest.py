"""The backends the contract suite runs on, each closed after its test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.backends.base import InferenceBackend
from engine.backends.fake_backend import FakeBackend
from engine.backends.fake_script import FakeOptions, FakeTiming
from engine.backends.process_backend import ProcessBackend
from engine.child_process import engine_command
from engine.placement import LoadSpec, Placement, Strategy
from engine.resources import asset_path

SLOW_ENOUGH = FakeOptions(timing=FakeTiming(run_s=0.002))
"""Slow enough that a stop arrives in the middle of an answer."""


@dataclass(frozen=True)
class Subject:
    """A backend under test and what it can load."""

    name: str
    backend: InferenceBackend

    def spec(self, strategy: Strategy = Strategy.DRAFT) -> LoadSpec:
        has_draft = strategy is Strategy.DRAFT
        return LoadSpec(
            main_path=str(asset_path("models/demo-main")),
            draft_path=str(asset_path("models/demo-draft")) if has_draft else None,
            strategy=strategy,
            placement=Placement("CPU", "CPU" if has_draft else None),
        )


def make_fake(_: Path) -> InferenceBackend:
    return FakeBackend(SLOW_ENOUGH)


def make_fake_process(log_dir: Path) -> InferenceBackend:
    options = '{"timing":{"run_s":0.002}}'
    command = [*engine_command(), "--backend", "fake", "--fake-options", options]
    return ProcessBackend(log_dir=log_dir, command=command)


def make_openvino(_: Path) -> InferenceBackend:
    from engine.backends.openvino_backend import OpenVinoBackend

    return OpenVinoBackend()


def make_openvino_process(log_dir: Path) -> InferenceBackend:
    return ProcessBackend(log_dir=log_dir)


MAKERS: dict[str, Callable[[Path], InferenceBackend]] = {
    "fake": make_fake,
    "fake in a process": make_fake_process,
    "openvino": make_openvino,
    "openvino in a process": make_openvino_process,
}
MARKED = [
    pytest.param(name, marks=pytest.mark.openvino if name.startswith("openvino") else ())
    for name in MAKERS
]


@pytest.fixture(params=MARKED)
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Subject]:
    backend = MAKERS[request.param](tmp_path / "logs")
    yield Subject(request.param, backend)
    backend.close()
