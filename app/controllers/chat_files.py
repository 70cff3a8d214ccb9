"""Writes chats into files and reads them back, on a thread of its own. Knows no widget."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QBuffer, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument

from app.core.export.all_formats import ExportFormat
from app.core.export.file_names import file_name
from app.core.export.html import to_html
from app.core.export.json_export import json_parts
from app.core.export.labels import ExportLabels, ExportOptions
from app.core.export.markdown import to_markdown
from app.core.import_chats.reading import Imported, read_chats
from app.core.store.values import ChatTree
from engine.atomic_file import write_atomically

if TYPE_CHECKING:
    from app.core.conversation_store import ConversationStore

_Result = TypeVar("_Result")
_PDF_DPI = 96


class Aside:
    """Runs long work on threads; `close` waits for what is under way."""

    def __init__(self) -> None:
        self._threads: set[threading.Thread] = set()

    def run(self, work: Callable[[], _Result]) -> Future[_Result]:
        """Start some work; the future is settled on its thread."""
        future: Future[_Result] = Future()

        def body() -> None:
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 (the future carries it on)
                future.set_exception(error)

        thread = threading.Thread(target=body, name="chat-files", daemon=True)
        self._threads = {one for one in self._threads if one.is_alive()} | {thread}
        thread.start()
        return future

    def close(self, timeout_s: float = 10.0) -> None:
        """Wait for what is under way."""
        for thread in self._threads:
            thread.join(timeout_s)


def export_chats(
    store: ConversationStore,
    chat_ids: Sequence[int],
    target: Path,
    *,
    kind: ExportFormat,
    labels: ExportLabels,
    options: ExportOptions,
) -> int:
    """Write chats; returns how many. Blocks: not for the GUI thread.

    Args:
        target: a file for one chat and for JSON, otherwise a folder that takes a file for each.

    Raises:
        OSError: something cannot be written.
        LookupError: a chat is gone.
    """
    if kind is ExportFormat.JSON:
        trees = (store.read_tree(chat_id).result() for chat_id in chat_ids)
        write_atomically(target, "".join(json_parts(trees, exported_at=time.time())))
        return len(chat_ids)
    taken: set[str] = set()
    for chat_id in chat_ids:
        tree = store.read_tree(chat_id).result()
        path = target
        if len(chat_ids) > 1:
            name = file_name(tree.title or labels.untitled, kind.suffix, taken=frozenset(taken))
            taken.add(name)
            path = target / name
        write_chat(tree, path, kind=kind, labels=labels, options=options)
    return len(chat_ids)


def write_chat(
    tree: ChatTree,
    path: Path,
    *,
    kind: ExportFormat,
    labels: ExportLabels,
    options: ExportOptions,
) -> None:
    """Write one chat. Raises OSError."""
    match kind:
        case ExportFormat.MARKDOWN:
            write_atomically(path, to_markdown(tree, labels, options))
        case ExportFormat.HTML:
            write_atomically(path, to_html(tree, labels, options))
        case ExportFormat.PDF:
            write_atomically(path, _pdf(tree, labels, options))
        case ExportFormat.JSON:
            write_atomically(path, "".join(json_parts((tree,), exported_at=time.time())))


def _pdf(tree: ChatTree, labels: ExportLabels, options: ExportOptions) -> bytes:
    """Qt lays out the HTML; pages are A4. In memory: a writer of Qt keeps a full disk to itself."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_PDF_DPI)
    writer.setTitle(tree.title or labels.untitled)
    writer.setCreator("Slipstream")
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(),  # a printed document brings margins of two centimetres
        )
    )
    document = QTextDocument()
    document.setHtml(to_html(tree, labels, replace(options, for_paper=True)))
    document.print_(writer)
    del writer
    return bytes(buffer.data().data())


def import_file(store: ConversationStore, path: Path) -> tuple[Imported, tuple[int, ...]]:
    """Read a file or folder and add all its chats. Blocks: not for the GUI thread.

    Raises:
        ImportRefusedError: nothing was added then.
    """
    imported = read_chats(path)
    return imported, store.import_chats(imported.chats).result()
