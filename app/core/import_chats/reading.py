"""Reads chats from a file or folder of any known program. Whole or not at all; touches no store."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.core.import_chats.chatgpt import is_chatgpt, read_chatgpt
from app.core.import_chats.chatgpt_text import Omitted
from app.core.import_chats.jan import (
    is_jan_message,
    is_jan_thread,
    message_lines,
    read_jan,
)
from app.core.import_chats.json_node import Node, parse_json
from app.core.import_chats.lm_studio import is_lm_studio, read_lm_studio
from app.core.import_chats.own_json import is_own, read_own
from app.core.import_chats.refusal import ImportRefusedError, RefusalCode
from app.core.store.values import ChatTree

MAX_BYTES = 512 * 1024 * 1024
"""Of all files read in one import."""
MAX_MESSAGES = 1_000_000
_THREAD, _MESSAGES = "thread.json", "messages.jsonl"
_CONVERSATION = ".conversation.json"


class ImportSource(StrEnum):
    """Whose chats they were."""

    SLIPSTREAM = "slipstream"
    CHATGPT = "chatgpt"
    LM_STUDIO = "lm_studio"
    JAN = "jan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file held."""

    source: ImportSource
    chats: tuple[ChatTree, ...]
    omitted: int
    """Messages and parts without text (images, tool calls) that were left out."""


def read_chats(path: Path, *, max_bytes: int = MAX_BYTES) -> Imported:
    """Read a file (.json, .jsonl, .zip of ChatGPT) or a folder (of any of these programs).

    Takes seconds for hundreds of megabytes: not for the GUI thread.

    Raises:
        ImportRefusedError: with the code and the place; nothing is returned then.
    """
    reader = _Reader(max_bytes)
    try:
        imported = reader.read_folder(path) if path.is_dir() else reader.read_file(path)
    except FileNotFoundError as error:
        raise ImportRefusedError(RefusalCode.MISSING, where=path.name) from error
    except PermissionError as error:
        raise ImportRefusedError(RefusalCode.NOT_PERMITTED, where=path.name) from error
    except OSError as error:
        raise ImportRefusedError(
            RefusalCode.UNREADABLE, where=path.name, reason=str(error)
        ) from error
    return _checked(imported)


def _checked(imported: Imported) -> Imported:
    messages = sum(len(chat.messages) for chat in imported.chats)
    if messages > MAX_MESSAGES:
        raise ImportRefusedError(RefusalCode.TOO_MANY_MESSAGES, limit=MAX_MESSAGES)
    if not imported.chats:
        raise ImportRefusedError(RefusalCode.NOTHING_FOUND)
    return imported


class _Reader:
    """One import: keeps to the size limit and counts what was left out."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._left_bytes = max_bytes
        self._omitted = Omitted()

    def read_file(self, path: Path) -> Imported:
        if zipfile.is_zipfile(path):
            return self._made(ImportSource.CHATGPT, self._read_zip(path))
        if path.suffix == ".jsonl":
            return self._made(ImportSource.JAN, [self._read_thread(path.parent, path)])
        return self._read_json(path)

    def read_folder(self, folder: Path) -> Imported:
        threads = [folder] if (folder / _MESSAGES).is_file() else _with_messages(folder)
        if threads:
            chats = [self._read_thread(thread, thread / _MESSAGES) for thread in threads]
            return self._made(ImportSource.JAN, chats)
        unpacked = [path for path in sorted(folder.glob("*.json")) if _is_chatgpt_name(path.name)]
        if unpacked:
            return self._made(ImportSource.CHATGPT, self._read_unpacked(unpacked))
        conversations = sorted(folder.rglob(f"*{_CONVERSATION}"))
        return self._made(
            ImportSource.LM_STUDIO,
            [self._read_conversation(path, folder) for path in conversations],
        )

    def _made(self, source: ImportSource, chats: list[ChatTree]) -> Imported:
        with_messages = tuple(chat for chat in chats if chat.messages)
        return Imported(source=source, chats=with_messages, omitted=self._omitted.count)

    def _read_json(self, path: Path) -> Imported:
        root = parse_json(self._bytes_of(path))
        if is_own(root):
            chats = read_own(root)
            return Imported(source=ImportSource.SLIPSTREAM, chats=chats, omitted=0)
        if is_chatgpt(root):
            return self._made(ImportSource.CHATGPT, list(read_chatgpt(root, self._omitted)))
        if is_lm_studio(root):
            return self._made(ImportSource.LM_STUDIO, [read_lm_studio(root, self._omitted)])
        if is_jan_thread(root):
            beside = path.with_name(_MESSAGES)
            lines = message_lines(self._bytes_of(beside), _MESSAGES) if beside.is_file() else ()
            return self._made(ImportSource.JAN, [read_jan(root, lines, self._omitted)])
        raise ImportRefusedError(RefusalCode.UNKNOWN_FORMAT, where=path.name)

    def _read_thread(self, folder: Path, messages: Path) -> ChatTree:
        thread: Node | None = None
        if (folder / _THREAD).is_file():
            thread = parse_json(self._bytes_of(folder / _THREAD), where=f"{folder.name}/{_THREAD} ")
        where = f"{folder.name}/{messages.name}"
        lines = list(message_lines(self._bytes_of(messages), where))
        if lines and not is_jan_message(lines[0]):
            raise ImportRefusedError(RefusalCode.UNKNOWN_FORMAT, where=where)
        return read_jan(thread, lines, self._omitted)

    def _read_conversation(self, path: Path, top: Path) -> ChatTree:
        root = parse_json(self._bytes_of(path), where=f"{path.relative_to(top)} ")
        if not is_lm_studio(root):
            raise ImportRefusedError(RefusalCode.UNKNOWN_FORMAT, where=str(path.relative_to(top)))
        folder = None if path.parent == top else path.parent.name
        return read_lm_studio(root, self._omitted, folder=folder)

    def _read_unpacked(self, paths: list[Path]) -> list[ChatTree]:
        chats: list[ChatTree] = []
        for path in paths:
            chats += self._read_conversations(self._bytes_of(path), path.name)
        return chats

    def _read_conversations(self, data: bytes, name: str) -> tuple[ChatTree, ...]:
        root = parse_json(data, where=f"{name} ")
        if root.value == []:
            return ()  # the last of several files may be empty
        if not is_chatgpt(root):
            raise ImportRefusedError(RefusalCode.UNKNOWN_FORMAT, where=name)
        return read_chatgpt(root, self._omitted)

    def _read_zip(self, path: Path) -> list[ChatTree]:
        chats: list[ChatTree] = []
        try:
            with zipfile.ZipFile(path) as archive:
                for entry in archive.infolist():
                    name = Path(entry.filename).name
                    if _is_chatgpt_name(name):
                        chats += self._read_conversations(self._bytes_in(archive, entry), name)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
            raise ImportRefusedError(RefusalCode.DAMAGED_ARCHIVE, where=path.name) from error
        return chats

    def _bytes_in(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        with archive.open(entry) as stream:
            # The size in the directory may lie: what counts is what comes out.
            data = stream.read(self._left_bytes + 1)
        self._take(len(data))
        return data

    def _bytes_of(self, path: Path) -> bytes:
        with path.open("rb") as stream:
            data = stream.read(self._left_bytes + 1)
        self._take(len(data))
        return data

    def _take(self, size: int) -> None:
        if size > self._left_bytes:
            raise ImportRefusedError(
                RefusalCode.TOO_LARGE, size_bytes=size, limit_bytes=self._max_bytes
            )
        self._left_bytes -= size


def _is_chatgpt_name(name: str) -> bool:
    """`conversations.json`, or of large exports `conversations-000.json` and so on."""
    return re.fullmatch(r"conversations([-_ ]?\d+)?\.json", name) is not None


def _with_messages(folder: Path) -> list[Path]:
    return sorted(path.parent for path in _children(folder) if path.is_file())


def _children(folder: Path) -> Iterator[Path]:
    return (child / _MESSAGES for child in folder.iterdir() if child.is_dir())
