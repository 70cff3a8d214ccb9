"""C3, C10: a full disk or a folder that cannot be written never stops the chat."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import pytest

from app.core.conversation import MessageState
from app.core.conversation_store import ConversationStore
from app.core.store.values import NoticeCode, Written
from engine.errors import StorageError
from tests.store.bench import Bench, answer, fill, on_thread, read_all, user, wait, wait_until


def fill_disk(store: ConversationStore) -> None:
    """Let the database grow by a few pages only: SQLite then reports a full disk."""

    def limit(writer: sqlite3.Connection) -> None:
        pages = writer.execute("PRAGMA page_count").fetchone()[0]
        writer.execute(f"PRAGMA max_page_count = {pages + 4}")

    on_thread(store, limit)


def free_disk(store: ConversationStore) -> None:
    on_thread(store, lambda writer: writer.execute("PRAGMA max_page_count = 1000000"))


def begin(store: ConversationStore) -> tuple[int, Written]:
    chat = store.create_chat()
    asked = store.add_message(chat.id, None, user("question"))
    begun = store.begin_answer(asked.id)
    wait(begun.saved)
    return chat.id, begun


def test_c3_disk_full_while_streaming_saves_everything_when_there_is_space(bench: Bench) -> None:
    store = bench.open()
    chat_id, begun = begin(store)
    fill_disk(store)
    pieces = [f"{number}:" + "x" * 2000 for number in range(40)]
    futures = [store.append_delta(begun.id, piece) for piece in pieces]
    late = store.create_chat(title="begun while full")
    asked = store.add_message(late.id, None, user("asked while full"))

    saved = wait(store.open_chat(chat_id)).messages[-1].message.text
    acknowledged = [piece for piece, future in zip(pieces, futures, strict=True) if future.done()]
    assert "".join(pieces).startswith(saved)
    assert saved == "".join(acknowledged), "what was told to be saved, and only that, is there"
    assert 0 < len(acknowledged) < len(pieces)
    assert not asked.saved.done()
    assert bench.codes().count(NoticeCode.SAVING_PAUSED_DISK_FULL) == 1

    free_disk(store)
    for future in (*futures, late.saved, asked.saved):
        wait(future)
    assert bench.codes()[-1] is NoticeCode.SAVING_RESUMED
    assert wait(store.open_chat(chat_id)).messages[-1].message.text == "".join(pieces)
    assert wait(store.open_chat(late.id)).messages[0].message.text == "asked while full"


def test_c3_a_wrong_call_among_the_waiting_ones_harms_no_other(bench: Bench) -> None:
    store = bench.open()
    _, begun = begin(store)
    fill_disk(store)
    big = store.append_delta(begun.id, "x" * 40_000)
    wrong = store.rename_chat(99, "nobody")
    right = store.append_delta(begun.id, "y")
    free_disk(store)

    wait(big)
    with pytest.raises(LookupError):
        wait(wrong)
    wait(right)


def test_c3_closing_on_a_full_disk_tells_what_is_lost(bench: Bench) -> None:
    store = bench.open()
    chat_id, begun = begin(store)
    wait(store.append_delta(begun.id, "saved"))
    fill_disk(store)
    lost = store.append_delta(begun.id, "x" * 40_000)
    bench.close(store)

    with pytest.raises(StorageError):
        wait(lost)
    assert bench.notice(NoticeCode.UNSAVED_AT_CLOSE).fact("lost") == 1
    message = wait(bench.open().open_chat(chat_id)).messages[-1].message
    assert (message.text, message.state) == ("saved", MessageState.INTERRUPTED)


if sys.platform != "win32":

    def test_c3_a_disk_that_refuses_writes_is_tried_again(bench: Bench) -> None:
        import resource

        store = bench.open()
        chat_id, begun = begin(store)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        log = bench.path.with_name("chats.db-wal")
        resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 30_000, hard))
        try:
            futures = [store.append_delta(begun.id, "x" * 2000) for _ in range(20)]
            wait_until(lambda: bench.notices != [], "refused")
            assert wait(store.open_chat(chat_id)).messages[-1].message.text.strip("x") == ""
            assert not futures[-1].done()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        for future in futures:
            wait(future)
        assert bench.codes() == [
            NoticeCode.SAVING_PAUSED_NOT_WRITABLE,
            NoticeCode.SAVING_RESUMED,
        ]
        assert wait(store.open_chat(chat_id)).messages[-1].message.text == "x" * 40_000


def test_c3_indexing_on_a_full_disk_does_not_stop_the_chat(bench: Bench) -> None:
    store = bench.open()
    chat_id, begun = begin(store)
    wait(store.finish_answer(begun.id, answer("short")))
    fill_disk(store)
    wait(store.set_draft(chat_id, "d"))
    assert [hit.snippet for hit in wait(store.search("short"))] == ["short"]
    free_disk(store)
    fill(store, chats=1)
    assert len(wait(store.search("reply"))) == 5


def test_c10_backup_that_cannot_be_written_is_told_and_no_more(bench: Bench) -> None:
    bench.path.parent.mkdir()
    in_the_way = bench.path.parent / "backups"
    in_the_way.write_text("a file where the folder should be")
    store = bench.open(quiet_s=0.0)
    wait_until(lambda: NoticeCode.BACKUP_FAILED in bench.codes(), "backup tried")
    texts = fill(store)
    bench.close(store)

    assert bench.notice(NoticeCode.BACKUP_FAILED).fact("folder") == str(in_the_way)
    assert read_all(bench.open()) == texts


def test_without_a_usable_folder_the_session_is_kept_in_memory(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    bench = Bench(in_the_way / "chats.db")
    store = bench.open()
    texts = fill(store)

    assert read_all(store) == texts
    assert len(wait(store.search("question"))) == 20
    assert bench.codes() == [NoticeCode.NOT_SAVING]
    bench.close_all()
