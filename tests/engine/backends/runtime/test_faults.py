"""Folders and devices that cannot be loaded: one typed error each, and the next load works."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.backends.openvino_backend import OpenVinoBackend
from engine.errors import EngineError, ErrorCode
from engine.placement import LoadSpec
from tests.engine.backends.runtime.conftest import Pair
from tests.tiny_models.asking import ask, load, make_spec
from tests.tiny_models.folder import write_model

pytestmark = pytest.mark.openvino


def remove_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def empty_folder(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def remove_tokenizer(folder: Path) -> None:
    (folder / "openvino_tokenizer.xml").unlink()


def cut_weights(folder: Path) -> None:
    path = folder / "openvino_model.bin"
    path.write_bytes(path.read_bytes()[:-1000])


def remove_weights(folder: Path) -> None:
    (folder / "openvino_model.bin").unlink()


def cut_model(folder: Path) -> None:
    path = folder / "openvino_model.xml"
    path.write_bytes(path.read_bytes()[:5000])


def scramble_model(folder: Path) -> None:
    (folder / "openvino_model.xml").write_bytes(b"\x00\xff" * 400)


def scramble_settings(folder: Path) -> None:
    (folder / "generation_config.json").write_text("{no json", encoding="utf-8")


def absurd_settings(folder: Path) -> None:
    (folder / "generation_config.json").write_text('{"max_new_tokens": -4}', encoding="utf-8")


DAMAGE: dict[Callable[[Path], None], set[ErrorCode]] = {
    remove_folder: {ErrorCode.MODEL_NOT_FOUND},
    empty_folder: {ErrorCode.MODEL_INCOMPLETE},
    remove_tokenizer: {ErrorCode.MODEL_INCOMPLETE},
    cut_weights: {ErrorCode.MODEL_INCOMPLETE, ErrorCode.MODEL_CORRUPT},
    remove_weights: {ErrorCode.MODEL_INCOMPLETE},
    cut_model: {ErrorCode.MODEL_CORRUPT, ErrorCode.MODEL_INCOMPLETE},
    scramble_model: {ErrorCode.MODEL_CORRUPT, ErrorCode.MODEL_INCOMPLETE},
    scramble_settings: {ErrorCode.MODEL_CORRUPT},
}


def refusal(backend: OpenVinoBackend, spec: LoadSpec) -> EngineError:
    with pytest.raises(EngineError) as caught:
        load(backend, spec)
    assert not backend.is_loaded
    return caught.value


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("role", ["main", "draft"])
def test_a_damaged_folder(
    backend: OpenVinoBackend,
    tiny: Pair,
    tmp_path: Path,
    damage: Callable[[Path], None],
    role: str,
) -> None:
    broken = Path(shutil.copytree(tiny.main, tmp_path / "broken"))
    damage(broken)
    spec = make_spec(broken) if role == "main" else make_spec(tiny.main, broken)
    error = refusal(backend, spec)
    assert error.code in DAMAGE[damage]
    assert dict(error.facts)["model"] == role
    load(backend, make_spec(tiny.main))
    assert ask(backend, "Hi", max_new_tokens=2, ignore_eos=True).token_count == 2


def test_settings_out_of_range(backend: OpenVinoBackend, tiny: Pair, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(tiny.main, tmp_path / "broken"))
    absurd_settings(broken)
    error = refusal(backend, make_spec(broken))
    assert error.code is ErrorCode.MODEL_CORRUPT
    assert dict(error.facts)["file"] == "generation_config.json"


@pytest.mark.parametrize("device", ["FOO", "GPU.7"])
def test_a_device_that_is_not_there(backend: OpenVinoBackend, tiny: Pair, device: str) -> None:
    error = refusal(backend, make_spec(tiny.main, main_device=device))
    assert error.code is ErrorCode.DEVICE_NOT_AVAILABLE
    assert dict(error.facts)["device"] == device


def test_a_draft_device_that_is_not_there(backend: OpenVinoBackend, tiny: Pair) -> None:
    error = refusal(backend, make_spec(tiny.main, tiny.draft, draft_device="FOO"))
    assert error.code is ErrorCode.DEVICE_NOT_AVAILABLE
    assert dict(error.facts)["draft_device"] == "FOO"


def test_a_numbered_npu_is_refused(backend: OpenVinoBackend, tiny: Pair) -> None:
    error = refusal(backend, make_spec(tiny.main, main_device="NPU.0"))
    assert error.code is ErrorCode.PLACEMENT_UNSUPPORTED


def test_a_property_the_device_does_not_know(backend: OpenVinoBackend, tiny: Pair) -> None:
    spec = LoadSpec(main_path=str(tiny.main), main_properties=(("MAX_PROMPT_LEN", 8),))
    assert refusal(backend, spec).code is ErrorCode.PLACEMENT_UNSUPPORTED


@pytest.mark.parametrize(
    "words", [("user", "assistant", "system"), tuple(f"w{i}" for i in range(10))]
)
def test_a_draft_with_another_tokenizer(
    backend: OpenVinoBackend, tiny: Pair, tmp_path: Path, words: tuple[str, ...]
) -> None:
    stranger = write_model(tmp_path / "stranger", words=words)
    error = refusal(backend, make_spec(tiny.main, stranger))
    assert error.code is ErrorCode.TOKENIZER_MISMATCH


def test_a_failed_load_drops_the_pipeline_there_was(
    drafting: OpenVinoBackend, tmp_path: Path
) -> None:
    refusal(drafting, make_spec(tmp_path / "nowhere"))
