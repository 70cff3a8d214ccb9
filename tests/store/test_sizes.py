"""C12: big messages, long chats and many chats cost no more than they must. Counted, not timed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest

from app.core.conversation_store import ConversationStore
from app.core.store.values import ChatTree, OpenedChat, TreeMessage
from engine.events import TextSpan
from tests.store.bench import Bench, answer, on_thread, user, wait


def long_tree(count: int) -> ChatTree:
    nodes = tuple(
        TreeMessage(
            message=answer(f"answer {number}", spans=(SPAN,)) if number % 2 else user("ask"),
            parent=number - 1 if number else None,
            created_at=float(number),
        )
        for number in range(count)
    )
    return ChatTree(title="long", created_at=0.0, updated_at=1.0, messages=nodes)


SPAN = TextSpan(characters=3, step=0, accepted=True)


def statements(store: ConversationStore, call: Callable[[], Future[OpenedChat]]) -> int:
    """How many SQL statements one reading call takes."""
    seen: list[str] = []

    def watch(on: bool) -> None:
        reader: sqlite3.Connection = store._worker._database.reader
        reader.set_trace_callback(seen.append if on else None)

    on_thread(store, lambda _: watch(True))
    wait(call())
    on_thread(store, lambda _: watch(False))
    return len(seen)


def log_bytes(path: Path) -> int:
    return path.with_name("chats.db-wal").stat().st_size


def test_c12_a_delta_costs_the_same_at_any_length_of_the_answer(bench: Bench) -> None:
    store = bench.open()
    on_thread(store, lambda writer: writer.execute("PRAGMA wal_autocheckpoint = 0"))
    asked = store.add_message(store.create_chat().id, None, user("?"))
    begun = store.begin_answer(asked.id)

    def cost(text: str) -> int:
        before = log_bytes(bench.path)
        wait(store.append_delta(begun.id, text))
        return log_bytes(bench.path) - before

    first = [cost("word " * 4) for _ in range(20)]
    wait(store.append_delta(begun.id, "x" * 1_000_000))
    later = [cost("word " * 4) for _ in range(20)]
    assert sum(later) <= 1.5 * sum(first)
    assert max(later) < 40_000


def test_c12_a_message_of_a_megabyte_comes_back_whole(bench: Bench) -> None:
    store = bench.open()
    text = "".join(f"{number} 语言 " for number in range(90_000))
    assert len(text.encode()) > 1_000_000
    chat = store.create_chat()
    asked = store.add_message(chat.id, None, user(text))
    begun = store.begin_answer(asked.id)
    wait(store.finish_answer(begun.id, answer(text)))
    messages = wait(store.open_chat(chat.id)).messages
    assert [found.message.text == text for found in messages] == [True, True]
    assert len(wait(store.search("89999"))) == 2


@pytest.mark.parametrize("count", [100, 10_000])
def test_c12_a_long_chat_opens_with_a_fixed_number_of_statements(bench: Bench, count: int) -> None:
    store = bench.open()
    (chat_id,) = wait(store.import_chats([long_tree(count)]))
    assert len(wait(store.open_chat(chat_id)).messages) == count
    assert statements(store, lambda: store.open_chat(chat_id, detailed_tail=20)) <= 30


def test_c12_a_long_chat_can_be_deleted_and_purged(bench: Bench) -> None:
    store = bench.open()
    (chat_id,) = wait(store.import_chats([long_tree(10_000)]))
    wait(store.delete_chats([chat_id]))
    assert wait(store.purge_deleted()) == 1
    rows = on_thread(
        store, lambda writer: writer.execute("SELECT count(*) FROM message").fetchone()
    )
    assert rows == (0,)


def test_c12_five_thousand_chats_are_listed_by_the_page(bench: Bench) -> None:
    store = bench.open()
    trees = [
        ChatTree(title=f"chat {number}", created_at=0.0, updated_at=float(number))
        for number in range(5_000)
    ]
    wait(store.import_chats(trees))
    page = wait(store.list_chats(limit=100))
    assert (page.total, len(page.chats)) == (5_000, 100)
    following = wait(store.list_chats(after=page.chats[-1], limit=100))
    assert following.chats[0].title == "chat 4899"

    def plan(writer: sqlite3.Connection) -> str:
        rows = writer.execute(
            "EXPLAIN QUERY PLAN SELECT id FROM chat WHERE deleted_at IS NULL"
            " AND (pinned, updated_at, id) < (0, 5.0, 5)"
            " ORDER BY pinned DESC, updated_at DESC, id DESC LIMIT 5"
        )
        return " ".join(str(row) for row in rows.fetchall())

    assert "chat_order" in on_thread(store, plan)
    assert "TEMP B-TREE" not in on_thread(store, plan)
