"""Downloads over a bad network: every fault ends in the right bytes or in one named error."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import ErrorCode
from engine.hub.events import TransferPhase, WaitReason
from engine.models.manifest import read_manifest
from tests.hub.emulator.faults import FaultKind
from tests.hub.rig import BIN, MB, REPOSITORY, SMALL, FastClock, Rig, facts, model_files, same_content


def test_a_download_arrives_whole_with_a_manifest_of_sha256(rig: Rig) -> None:
    files = model_files()
    repository = rig.emulator.add(REPOSITORY, files)
    folder = rig.install()
    assert folder == rig.models / "OpenVINO" / "tiny-int4-ov"
    assert same_content(folder, files)
    manifest = read_manifest(folder)
    assert manifest.source.revision == repository.commit
    assert manifest.license == "apache-2.0"
    assert {file.path for file in manifest.files} == set(files) - {".gitattributes"}
    assert rig.leftovers() == []
    assert rig.emulator.sent() == sum(file.size_bytes for file in manifest.files)
    assert rig.progress[-1].bytes_done == rig.progress[-1].bytes_total == manifest.size_bytes
