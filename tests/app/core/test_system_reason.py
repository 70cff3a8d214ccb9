"""Reasons of the system: the usual ones are said in the user's language, the others as they are."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.core.import_chats.refusal import ImportRefusedError, RefusalCode
from app.core.store.values import NoticeCode, make_notice
from app.core.store_text import notice_text, refusal_text
from app.core.system_reason import system_reason


def shouted(context: str, source: str) -> str:
    assert context in ("SystemReason", "StoreText")
    return source.upper() if "{" not in source else source


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOENT, "THE FILE OR FOLDER WAS NOT FOUND"),
        (errno.EACCES, "PERMISSION WAS DENIED"),
        (errno.ENOSPC, "THE DISK IS FULL"),
        (errno.EISDIR, "IT IS A FOLDER, NOT A FILE"),
        (errno.EBUSY, "ANOTHER PROGRAM IS USING IT"),
        (errno.EROFS, "IT IS WRITE-PROTECTED"),
    ],
)
def test_errors_of_files(number: int, words: str) -> None:
    error = OSError(number, os.strerror(number))
    assert system_reason(error, shouted) == words
    named = OSError(number, os.strerror(number), "/a/it's b")
    assert system_reason(named, shouted) == system_reason(str(named), shouted)
    assert system_reason(named, shouted) == f"{words} (/a/it's b)"


def test_two_paths_and_those_of_windows() -> None:
    moved = OSError(errno.ENOSPC, "No space left on device", "/a", None, "/b")
    assert system_reason(moved, shouted) == "THE DISK IS FULL (/a)"
    text = r"[WinError 32] The process cannot access the file: 'C:\\chats\\a.db'"
    assert system_reason(text, shouted) == r"ANOTHER PROGRAM IS USING IT (C:\chats\a.db)"


def test_errors_of_the_database(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.Error) as caught:
        sqlite3.connect(tmp_path / "no" / "chats.db")
    assert system_reason(caught.value, shouted) == "THE FILE CANNOT BE OPENED"
    (tmp_path / "chats.db").write_bytes(b"no database at all" * 100)
    with (
        closing(sqlite3.connect(tmp_path / "chats.db")) as connection,
        pytest.raises(sqlite3.Error) as caught,
    ):
        connection.execute("select * from sqlite_master")
    assert system_reason(caught.value, shouted) == "THE FILE IS DAMAGED"


@pytest.mark.parametrize("text", ["", "odd", "[Errno 99999] Something new: '/a'", "[Errno x] y"])
def test_other_words_stay(text: str) -> None:
    assert system_reason(text, shouted) == text


def test_notices_and_refusals_say_the_reason_in_the_language_of_the_window() -> None:
    reason = str(OSError(errno.EROFS, "Read-only file system", "/chats"))
    _, sentence = notice_text(make_notice(NoticeCode.NOT_SAVING, reason=reason), shouted)
    assert sentence.endswith("Reason: IT IS WRITE-PROTECTED (/chats)")
    refused = ImportRefusedError(RefusalCode.UNREADABLE, where="a.json", reason=reason)
    assert refusal_text(refused, shouted).endswith("Reason: IT IS WRITE-PROTECTED (/chats)")
