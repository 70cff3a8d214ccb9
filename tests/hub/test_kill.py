"""Processes that are killed, stopped or doubled in the middle of a download."""

from __future__ import annotations

import errno
import hashlib
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import ErrorCode, ModelError, StorageError, TransferError
from engine.hub.hub_access import HubEndpoints
from engine.hub.job_folder import list_unfinished
from engine.hub.lock import FileLock, is_locked
from engine.hub.publish import finish_interrupted, publish
from engine.models.json_file import write_json_atomically
from engine.models.manifest import (
    ModelFile,
    ModelManifest,
    SourceType,
    manifest_to_json,
    read_manifest,
    write_manifest,
)
from engine.models.registry import Registry
from tests.hub.emulator.faults import FaultKind
from tests.hub.rig import BIN, MB, REPOSITORY, Rig, model_files, same_content, wanted
from tests.nursery import Child, Nursery

JOB = "OpenVINO+tiny-int4-ov"
INSTALLED = sorted([*model_files(2000), "manifest.json"])


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    """Starts downloads."""
    with Nursery("tests.hub.child", "engine.hub.huggingface", "huggingface_hub.hf_api") as made:
        yield made


def start(nursery: Nursery, rig: Rig, source: SourceType, *, read_s: float = 20.0) -> Child:
    return nursery.start(rig.emulator.url, rig.models, source, read_s)


def wait_for_bytes(rig: Rig, download: Child, count: int) -> None:
    while rig.emulator.sent(BIN) < count and download.is_alive():
        time.sleep(0.002)


@pytest.mark.parametrize("source", [SourceType.HUGGINGFACE, SourceType.MODELSCOPE])
def test_d6_and_d30_twenty_kills_cost_less_than_a_third(
    rig: Rig, nursery: Nursery, source: SourceType
) -> None:
    size = 24 * MB
    kills = 20 if source is SourceType.HUGGINGFACE else 6
    files = model_files(size)
    rig.emulator.add(REPOSITORY, files)
    rig.emulator.fault(FaultKind.SLOW, path=BIN, where="cdn", bytes_per_s=8 * MB)
    rng = random.Random(20)
    killed = 0
    for number in range(kills):
        goal = min(size - MB, rig.emulator.sent(BIN) + rng.randrange(MB // 8, size // kills))
        download = start(nursery, rig, source)
        wait_for_bytes(rig, download, goal)
        download.kill()
        killed += download.wait() != 0
        assert rig.installed_ids() == [], number
    assert killed == kills
    rig.emulator.repair_faults()
    assert start(nursery, rig, source).rest() == ["ready\n", "done\n"]
    assert same_content(rig.models / REPOSITORY, files)
    assert rig.leftovers() == []
    ratio = rig.emulator.sent(BIN) / size
    print(f"bytes sent / size after {kills} kills: {ratio:.3f}")
    assert ratio <= 1.3


def test_d23_second_process_is_told_and_bytes_come_once(rig: Rig, nursery: Nursery) -> None:
    files = model_files(4 * MB)
    rig.emulator.add(REPOSITORY, files)
    rig.emulator.fault(FaultKind.STALL, path=BIN, where="cdn", after=2 * MB, seconds=0.4, times=1)
    first = start(nursery, rig, SourceType.HUGGINGFACE)
    wait_for_bytes(rig, first, MB)
    assert is_locked(rig.models / ".incoming" / f"{JOB}.lock")
    (job,) = list_unfinished(rig.models)
    assert job.running
    with pytest.raises(TransferError) as caught:
        rig.download()
    assert caught.value.code is ErrorCode.ALREADY_RUNNING
    assert first.wait() == 0
    assert same_content(rig.models / REPOSITORY, files)
    assert rig.emulator.sent(BIN) == 4 * MB
    assert rig.leftovers() == []


def test_d23_lock_is_for_one_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "job.lock"
    for _ in range(3):
        with FileLock(path):
            assert is_locked(path)
            with pytest.raises(TransferError):
                FileLock(path).acquire()
        assert not is_locked(path)
        assert not path.exists()


def test_d34_stopped_and_continued_process_goes_on(rig: Rig, nursery: Nursery) -> None:
    files = model_files(4 * MB)
    rig.emulator.add(REPOSITORY, files)
    rig.emulator.fault(FaultKind.SLOW, path=BIN, where="cdn", bytes_per_s=8 * MB)
    download = start(nursery, rig, SourceType.HUGGINGFACE, read_s=1.0)
    wait_for_bytes(rig, download, MB)
    download.process.suspend()
    time.sleep(2.0)  # twice the read timeout
    rig.emulator.repair_faults()
    download.process.resume()
    assert download.rest() == ["ready\n", "done\n"]
    assert same_content(rig.models / REPOSITORY, files)


def prepare_publishing(models: Path) -> tuple[Path, Path, ModelManifest]:
    """A job folder whose files are all there, and a model that it will replace."""
    shutil.rmtree(models, ignore_errors=True)
    job, target = models / ".incoming" / JOB, models / REPOSITORY
    job.mkdir(parents=True)
    files = model_files(2000)
    for name, data in files.items():
        (job / name).write_bytes(data)
    (job / "job.json").write_bytes(b"{}")
    entries = tuple(
        ModelFile(path=name, size_bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
        for name, data in files.items()
    )
    manifest = replace(wanted(), name="new", files=entries)
    write_json_atomically(models / "plan.json", manifest_to_json(manifest))
    return job, target, manifest


@pytest.mark.parametrize("replacing", [False, True])
def test_d24_and_d31_killed_at_every_step_of_publishing(tmp_path: Path, replacing: bool) -> None:
    with Nursery("tests.hub.publishing_child") as nursery:
        publish_and_die(nursery, tmp_path / "models", replacing=replacing)


def publish_and_die(nursery: Nursery, models: Path, *, replacing: bool) -> None:
    outcomes = []
    for step in range(1, 60):
        job, target, manifest = prepare_publishing(models)
        if replacing:
            shutil.copytree(job, target)
            (target / "job.json").unlink()
            write_manifest(target, replace(manifest, name="old"))
        code = nursery.start(job, target, step).wait()
        assert all(model.usable for model in Registry(models).scan()), step
        finish_interrupted(models)
        Registry(models).sweep()
        outcomes.append(target.exists() and read_manifest(target) == manifest)
        if not outcomes[-1]:
            assert (job / "job.json").exists()
            assert target.exists() == replacing
            publish(job, target, manifest)
        assert read_manifest(target) == manifest
        assert sorted(path.name for path in target.iterdir()) == INSTALLED
        assert list((models / ".incoming").iterdir()) == []
        assert list(models.glob(".trash*")) == []
        if code == 0:
            break
        assert code == 9
    assert outcomes[-1]
    assert outcomes == sorted(outcomes)
    assert outcomes.count(False) >= 2
    assert outcomes.count(True) >= 3


def test_publishing_that_fails_gives_the_replaced_model_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, target, manifest = prepare_publishing(tmp_path / "models")
    shutil.copytree(job, target)
    write_manifest(target, replace(manifest, name="old"))
    real = Path.rename

    def rename(self: Path, to: Path) -> Path:
        if self == job:
            raise OSError(errno.EIO, "no")
        return real(self, to)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(StorageError):
        publish(job, target, manifest)
    assert read_manifest(target).name == "old"
    assert not list(target.parents[1].glob(".trash-*"))


def test_d25_half_a_model_without_network_is_listed_and_never_installed(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files(2 * MB))
    rig.emulator.fault(FaultKind.TRUNCATE, path=BIN, where="cdn", after=MB, times=1)
    rig.emulator.fault(FaultKind.STATUS, where="cdn", path=BIN, code=503)
    rig.fail()
    rig.endpoints = HubEndpoints(huggingface="http://127.0.0.1:9")
    assert rig.fail().code is ErrorCode.OFFLINE
    assert Registry(rig.models).scan() == ()
    assert finish_interrupted(rig.models) == ()
    (job,) = list_unfinished(rig.models)
    assert MB <= job.bytes_done < 2 * MB


def test_d25_installed_model_that_lost_a_file_is_incomplete(rig: Rig) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    (rig.install() / BIN).unlink()
    (model,) = Registry(rig.models).scan()
    assert model.problem is not None
    assert model.problem.code is ErrorCode.MODEL_INCOMPLETE


def test_publishing_refuses_a_folder_that_misses_something(tmp_path: Path) -> None:
    job, target, manifest = prepare_publishing(tmp_path / "models")
    (job / BIN).write_bytes(b"short")
    with pytest.raises(ModelError) as caught:
        publish(job, target, manifest)
    assert caught.value.code is ErrorCode.MODEL_INCOMPLETE
    assert not target.exists()
    assert not (job / "manifest.json").exists()
