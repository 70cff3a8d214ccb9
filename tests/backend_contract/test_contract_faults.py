"""Errors of backends that look at files: typed, and the backend stays usable."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.errors import EngineError, ErrorCode
from engine.events import LoadPhase
from engine.placement import LoadSpec, Placement, Strategy

if TYPE_CHECKING:
    from tests.backend_contract.conftest import Subject

ON_FILES = pytest.mark.parametrize("subject", ["openvino", "openvino in a process"], indirect=True)


def ignore_phase(_: LoadPhase) -> None:
    """Phases are of no interest."""


def bad_specs(subject: Subject, empty: Path) -> list[tuple[LoadSpec, set[ErrorCode]]]:
    good = subject.spec(Strategy.NONE)
    return [
        (replace(good, main_path="/no/such/folder"), {ErrorCode.MODEL_NOT_FOUND}),
        (
            replace(good, main_path=str(empty)),
            {ErrorCode.MODEL_NOT_FOUND, ErrorCode.MODEL_INCOMPLETE},
        ),
        (replace(good, placement=Placement("FOO")), {ErrorCode.DEVICE_NOT_AVAILABLE}),
    ]


@pytest.mark.openvino
@ON_FILES
def test_a_bad_spec_is_refused_with_its_code(subject: Subject, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for spec, codes in bad_specs(subject, empty):
        with pytest.raises(EngineError) as caught:
            subject.backend.load(spec, on_phase=ignore_phase)
        assert caught.value.code in codes, caught.value
        assert not subject.backend.is_loaded
    subject.backend.load(subject.spec(Strategy.NONE), on_phase=ignore_phase)
    assert subject.backend.is_loaded
