"""Model folders made on the spot, small enough to make hundreds of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.models.manifest import (
    ModelFile,
    ModelKind,
    ModelManifest,
    ModelRole,
    ModelSource,
    SourceType,
    write_manifest,
)

PLAIN_FILES = {
    "openvino_model.xml": b"<net/>",
    "openvino_model.bin": b"w" * 64,
    "openvino_tokenizer.xml": b"<net/>",
    "openvino_tokenizer.bin": b"t" * 32,
}


def install_folder(
    folder: Path, *, model_id: str, files: dict[str, bytes] | None = None
) -> ModelManifest:
    """Write files and a true manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = PLAIN_FILES if files is None else files
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    manifest = ModelManifest(
        id=model_id,
        name=model_id.rsplit("/", maxsplit=1)[-1],
        role=ModelRole.MAIN,
        kind=ModelKind.LLM,
        source=ModelSource(type=SourceType.LOCAL),
        files=tuple(
            ModelFile(path=name, size_bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
            for name, data in contents.items()
        ),
    )
    write_manifest(folder, manifest)
    return manifest


@pytest.fixture
def install() -> Callable[..., ModelManifest]:
    """`install(folder, model_id=..., files=...)` makes an installed model."""
    return install_folder
