"""An exported chat is there whole, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.controllers.chat_files import write_chat
from app.core.conversation import Message
from app.core.export.all_formats import ExportFormat
from app.core.export.labels import ExportLabels, ExportOptions
from app.core.store.values import ChatTree, TreeMessage
from engine.messages import Role

LABELS = ExportLabels(
    user="You",
    assistant="Model",
    system="System",
    untitled="-",
    image="image",
    attached="Attached: {name}",
)
QUESTION = Message(role=Role.USER, text="Apples?")
TREE = ChatTree(
    title="Fruit",
    created_at=0.0,
    updated_at=0.0,
    messages=(TreeMessage(message=QUESTION, parent=None, created_at=0.0),),
)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("kind", list(ExportFormat))
def test_on_a_full_disk_nothing_is_left_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: ExportFormat
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_chat(TREE, tmp_path / "chat", kind=kind, labels=LABELS, options=ExportOptions())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("qapp")
def test_a_pdf_is_whole(tmp_path: Path) -> None:
    file, kind = tmp_path / "chat.pdf", ExportFormat.PDF
    write_chat(TREE, file, kind=kind, labels=LABELS, options=ExportOptions())
    content = file.read_bytes()
    assert content.startswith(b"%PDF")
    assert content.rstrip().endswith(b"%%EOF")
