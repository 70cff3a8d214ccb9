"""Import, verify, remove and move through the controller of the page."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from app.core.hub_text import hub_error_text
from app.core.translation import untranslated
from engine.errors import ErrorCode, ErrorInfo
from engine.models.location import models_folder
from engine.models.reasons import Verdict
from engine.models.registry import TRASH_PREFIX
from engine.models.unusable import UNUSABLE_NAME, UnusableModels
from engine.resources import asset_path

Play = Callable[[Callable[[Any], Coroutine[Any, Any, None]]], None]


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    """A copy of the shipped draft without its manifest."""
    folder = tmp_path / "mine"
    shutil.copytree(asset_path("models", "demo-draft"), folder)
    (folder / "manifest.json").unlink()
    return folder


def test_the_shipped_pair_is_shown_with_its_devices(with_library: Play) -> None:
    async def scenario(bench: Any) -> None:
        view = await bench.library.look()
        main = view.card("slipstream/demo-main")
        assert (main.is_main, main.is_draft, main.is_usable) == (True, False, True)
        assert view.card("slipstream/demo-draft").is_draft
        devices = {name: verdict for name, verdict, _ in main.devices}
        assert devices["CPU"] is Verdict.GOOD
        assert view.total_bytes == 0
        assert view.free_bytes > 0
        assert not view.has("absent/model")

    with_library(scenario)


def test_a_folder_is_imported_verified_and_removed(with_library: Play, own_folder: Path) -> None:
    async def scenario(bench: Any) -> None:
        library = bench.library
        library.bring_in(own_folder, in_place=False)
        model = (await bench.wait(lambda: bench.news("imported")))[0]
        await bench.wait(lambda: library.view.has(model.id))
        assert library.view.total_bytes == model.size_bytes

        library.verify(model)
        report = (await bench.wait(lambda: bench.news("verified")))[0]
        assert report.ok
        await bench.wait(lambda: not library.is_busy(model.id))
        progress = [p for p in bench.news("progressed") if p.key == model.id]
        assert progress[-1].done == progress[-1].total == model.manifest.size_bytes

        bench.loaded.append(model.path)
        library.remove(model)
        error = (await bench.wait(lambda: bench.news("failed")))[0]
        assert error.code is ErrorCode.MODEL_IN_USE
        assert model.path.is_dir()

        bench.loaded.clear()
        library.remove(model)
        freed = (await bench.wait(lambda: bench.news("removed")))[0]
        assert freed >= model.size_bytes
        await bench.wait(lambda: not library.view.has(model.id))

    with_library(scenario)


def test_the_first_look_deletes_what_a_crash_left(with_library: Play) -> None:
    async def scenario(bench: Any) -> None:
        left = bench.library.registry.root / f"{TRASH_PREFIX}half-deleted"
        left.mkdir(parents=True)
        (left / "openvino_model.bin").write_bytes(b"weights")
        await bench.library.look()
        assert not left.exists()

    with_library(scenario)


def test_a_damaged_model_is_named(with_library: Play, own_folder: Path) -> None:
    async def scenario(bench: Any) -> None:
        bench.library.bring_in(own_folder, in_place=True)
        model = (await bench.wait(lambda: bench.news("imported")))[0]
        weights = own_folder / "openvino_model.bin"
        content = weights.read_bytes()
        weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        bench.library.verify(model)
        report = (await bench.wait(lambda: bench.news("verified")))[0]
        assert [bad.path for bad in report.bad_files] == ["openvino_model.bin"]
        view = await bench.library.look()
        assert not view.card(model.id).is_usable

    with_library(scenario)


def test_a_bad_folder_is_refused_with_its_reason(with_library: Play, tmp_path: Path) -> None:
    async def scenario(bench: Any) -> None:
        (tmp_path / "empty").mkdir()
        bench.library.bring_in(tmp_path / "gone", in_place=False)
        error = (await bench.wait(lambda: bench.news("failed")))[0]
        assert error.code is ErrorCode.MODEL_NOT_FOUND
        assert bench.news("ended") == ["import"]

    with_library(scenario)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ((), "“chosen” is empty"),
        (("qwen-q4.gguf",), "“qwen-q4.gguf” is in the GGUF format"),
        (("config.json", "model.safetensors"), "“model.safetensors” is not converted"),
        (("notes.txt",), "“openvino_model.xml” is missing"),
    ],
)
def test_a_folder_without_a_model_is_refused_with_what_it_is(
    with_library: Play, tmp_path: Path, files: tuple[str, ...], said: str
) -> None:
    folder = tmp_path / "chosen"
    folder.mkdir()
    for name in files:
        (folder / name).write_text("{}")

    async def scenario(bench: Any) -> None:
        bench.library.bring_in(folder, in_place=False)
        error = (await bench.wait(lambda: bench.news("failed")))[0]
        assert said in hub_error_text(error, untranslated)

    with_library(scenario)


def test_weights_that_are_cut_short_are_refused_with_both_sizes(
    with_library: Play, own_folder: Path
) -> None:
    weights = own_folder / "openvino_model.bin"
    weights.write_bytes(weights.read_bytes()[:1000])

    async def scenario(bench: Any) -> None:
        bench.library.bring_in(own_folder, in_place=False)
        error = (await bench.wait(lambda: bench.news("failed")))[0]
        said = hub_error_text(error, untranslated)
        assert said.startswith("“openvino_model.bin” is cut short: 1.0\u202fkB of")

    with_library(scenario)


def test_a_model_that_ended_the_engine_is_shown_as_such_until_it_is_tried_again(
    with_library: Play,
) -> None:
    async def scenario(bench: Any) -> None:
        library = bench.library
        main = (await library.look()).card("slipstream/demo-main")
        assert main.marked is None
        error = ErrorInfo(
            code=ErrorCode.TEMPLATE_UNUSABLE, message="It crashed.", facts=(("reason", "crashed"),)
        )
        UnusableModels(bench.data / UNUSABLE_NAME).mark(main.model.path, error)
        view = await library.look()
        assert view.card("slipstream/demo-main").marked == error
        assert view.card("slipstream/demo-draft").marked is None
        library.forgive(main.model)
        await bench.wait(lambda: bench.news("forgiven"))
        assert library.view.card("slipstream/demo-main").marked is None

    with_library(scenario)


def test_moved_models_are_found_again_and_the_place_is_kept(
    with_library: Play, own_folder: Path, tmp_path: Path
) -> None:
    async def scenario(bench: Any) -> None:
        library = bench.library
        library.bring_in(own_folder, in_place=False)
        model = (await bench.wait(lambda: bench.news("imported")))[0]
        await bench.wait(lambda: library.view.has(model.id))
        old, target = library.registry.root, tmp_path / "other disk"
        library.moved.connect(lambda *folders: bench.told.append(("folders", folders)))
        library.move(target)
        await bench.wait(lambda: bench.news("folders"))
        assert bench.news("folders") == [(old, target)]
        assert library.registry.root == target
        assert models_folder(bench.data) == target
        view = await library.look()
        assert view.has(model.id)
        assert str(view.card(model.id).model.path).startswith(str(target))

    with_library(scenario)


def test_cancelling_an_import_leaves_nothing(with_library: Play, own_folder: Path) -> None:
    async def scenario(bench: Any) -> None:
        bench.library.bring_in(own_folder, in_place=False)
        bench.library.cancel("import")
        await bench.wait(lambda: bench.news("ended"))
        view = await bench.library.look()
        assert {card.model.embedded for card in view.cards} == {True}
        assert bench.news("failed") == []

    with_library(scenario)
