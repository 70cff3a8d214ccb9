"""One bad file of an installed model is found and replaced; the others are left alone (D33)."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from engine.errors import ErrorCode, TransferError
from engine.hub.disk import DiskAccess
from engine.hub.hub_access import HubAccess
from engine.hub.repair import Repair
from engine.models.manifest import ModelManifest, SourceType, read_manifest, write_manifest
from tests.hub.emulator.faults import FaultKind
from tests.hub.rig import BIN, MB, REPOSITORY, SMALL, Rig, model_files, same_content, wanted


def tamper(path: Path) -> None:
    """Change 64 bytes and nothing that a listing of the folder shows."""
    status = path.stat()
    with path.open("rb+") as stream:
        stream.seek(100)
        stream.write(bytes(64))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def bad_files(folder: Path) -> list[str]:
    """What a comparison with the manifest finds."""
    return [
        file.path
        for file in read_manifest(folder).files
        if not (folder / file.path).exists()
        or hashlib.sha256((folder / file.path).read_bytes()).hexdigest() != file.sha256
    ]


def repair(rig: Rig, folder: Path) -> None:
    async def run(hubs: HubAccess) -> None:
        work = Repair(
            folder, models_folder=rig.models, hubs=hubs, settings=rig.settings, disk=rig.disk
        )
        await work.run(bad_files(folder))
        assert work.progress.meter.bytes_done == work.progress.meter.bytes_total

    rig.ask(run)


@pytest.mark.parametrize("source", [SourceType.HUGGINGFACE, SourceType.MODELSCOPE])
def test_d33_only_the_tampered_file_is_fetched(rig: Rig, source: SourceType) -> None:
    files = model_files()
    rig.emulator.add(REPOSITORY, files)
    folder = rig.install(wanted(source=source))
    manifest = read_manifest(folder)
    before = rig.emulator.sent()
    tamper(folder / BIN)
    assert bad_files(folder) == [BIN]
    repair(rig, folder)
    assert same_content(folder, files)
    assert read_manifest(folder) == manifest
    assert rig.emulator.sent() - before == MB
    assert rig.leftovers() == []


def test_d33_missing_small_file_comes_back(rig: Rig) -> None:
    files = model_files()
    rig.emulator.add(REPOSITORY, files)
    folder = rig.install()
    (folder / SMALL).unlink()
    repair(rig, folder)
    assert same_content(folder, files)


def test_d33_broken_off_repair_changes_nothing_and_goes_on(rig: Rig) -> None:
    files = model_files()
    rig.emulator.add(REPOSITORY, files)
    folder = rig.install()
    tamper(folder / BIN)
    tampered = (folder / BIN).read_bytes()
    rig.emulator.fault(FaultKind.TRUNCATE, path=BIN, where="cdn", after=MB // 2, times=1)
    rig.emulator.fault(FaultKind.STATUS, path=BIN, where="cdn", code=500)
    with pytest.raises(TransferError):
        repair(rig, folder)
    assert (folder / BIN).read_bytes() == tampered
    rig.emulator.repair_faults()
    sent = rig.emulator.sent(BIN)
    repair(rig, folder)
    assert same_content(folder, files)
    assert rig.emulator.sent(BIN) - sent == MB // 2


def test_d33_hub_that_has_another_content_now(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    folder = rig.install(wanted(source=SourceType.MODELSCOPE))
    tamper(folder / BIN)
    rig.emulator.repositories[REPOSITORY].files[BIN].data = model_files(seed=9)[BIN]
    with pytest.raises(TransferError) as caught:
        repair(rig, folder)
    assert (caught.value.code, dict(caught.value.facts)["reason"]) == (
        ErrorCode.CHECKSUM,
        "changed",
    )
    assert bad_files(folder) == [BIN]


def test_d33_hub_that_lost_the_file(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    folder = rig.install(wanted(source=SourceType.MODELSCOPE))
    (folder / SMALL).unlink()
    del rig.emulator.repositories[REPOSITORY].files[SMALL]
    with pytest.raises(TransferError) as caught:
        repair(rig, folder)
    assert dict(caught.value.facts)["reason"] == "file"


def test_d33_no_space(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    folder = rig.install()
    tamper(folder / BIN)
    rig.disk = DiskAccess(free_bytes=lambda path: MB)
    with pytest.raises(TransferError) as caught:
        repair(rig, folder)
    assert caught.value.code is ErrorCode.DISK_FULL


def test_d33_models_that_came_from_no_hub(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    folder = rig.install()
    write_manifest(folder, local(read_manifest(folder)))
    with pytest.raises(TransferError) as caught:
        repair(rig, folder)
    assert dict(caught.value.facts)["reason"] == "no_hub"


def local(manifest: ModelManifest) -> ModelManifest:
    from dataclasses import replace

    return replace(manifest, source=replace(manifest.source, type=SourceType.LOCAL))
