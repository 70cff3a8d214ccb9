"""Exports as other programs really write them, with more in them than talk."""

from __future__ import annotations

import json
import zipfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from app.core.import_chats.reading import Imported, ImportSource, read_chats
from app.core.import_chats.refusal import Expected, ImportRefusedError, RefusalCode
from app.core.store.values import ChatTree
from engine.messages import Role
from tests.app_core.real_variants import (
    CHATGPT_WITH_TOOLS,
    JAN_BRANCHED,
    LM_STUDIO_WITH_TOOLS,
    jan_message,
)


def shown(chat: ChatTree) -> list[tuple[Role, str]]:
    return [(message.role, message.text) for message in chat.shown_branch()]


def read(path: Path, content: Any) -> Imported:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return read_chats(path)


def jan_thread(folder: Path, messages: list[dict[str, Any]], **thread: Any) -> Path:
    folder.mkdir(parents=True)
    whole = {"id": "jan_2", "object": "thread", "title": "Water", "assistants": ["jan"]} | thread
    (folder / "thread.json").write_text(json.dumps(whole))
    (folder / "messages.jsonl").write_text("\n".join(json.dumps(one) for one in messages))
    return folder


def test_chatgpt_thoughts_tools_voice_and_sources(tmp_path: Path) -> None:
    imported = read(tmp_path / "conversations.json", CHATGPT_WITH_TOOLS)
    (chat,) = imported.chats
    assert chat.created_at == 1750000000.0
    assert shown(chat) == [
        (Role.USER, "How many primes are below 100?"),
        (
            Role.ASSISTANT,
            "<think>\nCounting\n\nI could run a sieve.\n\nYes.\n</think>\n\n"
            "There are 25 of them, said Euclid.",
        ),
        (Role.ASSISTANT, "The last is 97."),
    ]
    assert imported.omitted == 3, "the sound, the call and its result"


@pytest.mark.parametrize("name", ["conversations.json", "conversations-000.json"])
def test_chatgpt_is_read_from_the_archive_or_the_unpacked_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    read(folder / name, CHATGPT_WITH_TOOLS)
    (folder / "shared_conversations.json").write_text("[]")
    (folder / "user.json").write_text("{}")
    archive = tmp_path / "export.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(folder.iterdir()):
            packed.write(path, path.name)
        packed.writestr("conversations-999.json", "[]")
    for source in (folder, archive):
        imported = read_chats(source)
        assert imported.source is ImportSource.CHATGPT
        assert [chat.title for chat in imported.chats] == ["Numbers"]


def test_lm_studio_tools_and_versions_of_questions(tmp_path: Path) -> None:
    imported = read(tmp_path / "1.conversation.json", LM_STUDIO_WITH_TOOLS)
    (chat,) = imported.chats
    assert shown(chat) == [
        (Role.USER, "What time is it?"),
        (Role.ASSISTANT, "I will look.\n\nNoon."),
    ]
    assert [node.message.text for node in chat.messages] == [
        "?",
        "What time is it?",
        "I will look.\n\nNoon.",
    ]
    assert imported.omitted == 3


def test_jan_branches_are_kept_and_lost_answers_found_again(tmp_path: Path) -> None:
    imported = read_chats(jan_thread(tmp_path / "jan_2", JAN_BRANCHED))
    (chat,) = imported.chats
    assert shown(chat) == [
        (Role.USER, "Name a river."),
        (Role.ASSISTANT, "The Rhine."),
        (Role.USER, "And a lake?"),
        (Role.ASSISTANT, "Lake Constance."),
        (Role.ASSISTANT, "Or the Chiemsee."),
    ]
    assert [node.message.text for node in chat.messages if not node.shown] == ["The Elbe."]


def test_jan_shows_the_root_that_was_chosen(tmp_path: Path) -> None:
    messages = [
        jan_message("u1", "user", "First", 1, parentId=None),
        jan_message("u2", "user", "Second", 2, parentId=None),
    ]
    folder = jan_thread(tmp_path / "a", messages, metadata={"activeRootId": "u1"})
    assert shown(read_chats(folder).chats[0]) == [(Role.USER, "First")]
    folder = jan_thread(tmp_path / "b", messages)
    assert shown(read_chats(folder).chats[0]) == [(Role.USER, "Second")]


def test_jan_files_sent_along_are_kept_as_text(tmp_path: Path) -> None:
    message = jan_message(
        "u1", "user", "Sum it up.", 1, inline_file_contents=[{"name": "a.txt", "content": "Long."}]
    )
    imported = read_chats(jan_thread(tmp_path / "jan_2", [message]))
    assert shown(imported.chats[0]) == [(Role.USER, "Sum it up.\n\na.txt\n\nLong.")]


def test_jan_messages_in_a_circle_are_refused(tmp_path: Path) -> None:
    messages = deepcopy(JAN_BRANCHED)
    messages[0]["metadata"]["parentId"] = "a3"
    with pytest.raises(ImportRefusedError) as refused:
        read_chats(jan_thread(tmp_path / "jan_2", messages))
    assert refused.value.code is RefusalCode.WRONG_STRUCTURE
    assert dict(refused.value.facts) == {"expected": Expected.TREE}


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("conversations.json", json.dumps(CHATGPT_WITH_TOOLS))
    data = bytearray(path.read_bytes())
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):  # the flag of encryption, in both headers
        data[data.index(mark) + (6 if mark[2] == 3 else 8)] |= 1
    path.write_bytes(data)
    with pytest.raises(ImportRefusedError) as refused:
        read_chats(path)
    assert refused.value.code is RefusalCode.DAMAGED_ARCHIVE


def test_a_wrong_time_says_what_was_expected(tmp_path: Path) -> None:
    content = deepcopy(CHATGPT_WITH_TOOLS)
    content[0]["create_time"] = "yesterday"
    with pytest.raises(ImportRefusedError) as refused:
        read(tmp_path / "conversations.json", content)
    assert refused.value.where == "$[0].create_time"
    assert dict(refused.value.facts) == {"expected": Expected.TIME}
