"""C11: search finds what is there, whatever the query looks like, and its cost does not grow."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.conversation_store import ConversationStore
from app.core.store.values import ChatTree, TreeMessage
from engine.messages import Role
from tests.store.bench import Bench, answer, on_thread, user, wait, wait_for_index

TEXTS = {
    "plain": "The quick brown fox jumps over the lazy dog",
    "chinese": "今天我们讨论语言模型的推理速度",
    "emoji": "ship it 🚀🚀 now 👩‍💻",
    "quotes": 'she said "hello" and it\'s fine',
    "operators": 'use "* NEAR( AND OR NOT ^ col:val - + {x}',
    "like": "100% sure_thing and back\\slash",
    "cyrillic": "Привет, как дела? ДА",
    "accents": "Crème brûlée à la carte",
    "lines": "first line\nsecond line\n\tindented end",
}
QUERIES = [
    ("quick", {"plain"}),
    ("QUICK fox", {"plain"}),
    ("dog quick", {"plain"}),
    ("lazy cat", set()),
    ("语言", {"chinese"}),
    ("语言模型", {"chinese"}),
    ("速", {"chinese"}),
    ("言语", set()),
    ("语言 推理", {"chinese"}),
    ("语言模型 速度", {"chinese"}),
    ("🚀", {"emoji"}),
    ("🚀🚀", {"emoji"}),
    ("👩‍💻", {"emoji"}),
    ('"hello"', {"quotes"}),
    ("it's", {"quotes"}),
    ('"', {"quotes", "operators"}),
    ('"* NEAR(', {"operators"}),
    ("NEAR(", {"operators"}),
    ("{x}", {"operators"}),
    ("col:val", {"operators"}),
    ("^ -", {"operators"}),
    ("NOT", {"operators"}),
    ("100%", {"like"}),
    ("0%", {"like"}),
    ("%", {"like"}),
    ("_", {"like"}),
    ("e_t", {"like"}),
    ("\\", {"like"}),
    ("привет", {"cyrillic"}),
    ("ПРИВЕТ", {"cyrillic"}),
    ("да", {"cyrillic"}),
    ("Да", {"cyrillic"}),
    ("CRÈME", {"accents"}),
    ("creme", set()),
    ("à", {"accents"}),
    ("line second", {"lines"}),
    ("x", {"plain", "operators"}),
    ("", set()),
    ("   ", set()),
    ("\0", set()),
    ("\ud800", set()),
    ("a" * 5000, set()),
]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ConversationStore, Bench]]:
    bench = Bench(tmp_path_factory.mktemp("search") / "chats.db")
    store = bench.open()
    for name, text in TEXTS.items():
        chat = store.create_chat(title=f"T-{name}")
        store.add_message(chat.id, None, user(text))
    wait_for_index(store)
    yield store, bench
    bench.close_all()


@pytest.mark.parametrize(("query", "expected"), QUERIES)
def test_c11_a_query_finds_what_contains_it(
    stored: tuple[ConversationStore, Bench], query: str, expected: set[str]
) -> None:
    hits = [hit for hit in wait(stored[0].search(query)) if hit.message_id is not None]
    assert {hit.chat_title.removeprefix("T-") for hit in hits} == expected
    for hit in hits:
        text = TEXTS[hit.chat_title.removeprefix("T-")]
        found = text[hit.offset : hit.offset + hit.length]
        assert found.casefold() in {word.casefold() for word in query.split()}
        assert all(
            hit.snippet[start : start + length].casefold()
            in {word.casefold() for word in query.split()}
            for start, length in hit.matches
        )
        assert hit.matches


@given(query=st.text(st.characters(exclude_categories=[]), max_size=30))
def test_c11_no_query_is_an_error(stored: tuple[ConversationStore, Bench], query: str) -> None:
    for hit in wait(stored[0].search(query)):
        assert hit.message_id is None or hit.role is Role.USER
        assert not re.search(r"[\r\n\t]", hit.snippet)


@given(data=st.data())
def test_c11_every_piece_of_a_text_finds_it(
    stored: tuple[ConversationStore, Bench], data: st.DataObject
) -> None:
    name, text = data.draw(st.sampled_from(sorted(TEXTS.items())))
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : start + data.draw(st.integers(1, 12))].strip()
    if piece:
        assert f"T-{name}" in {hit.chat_title for hit in wait(stored[0].search(piece))}


def test_titles_are_found_and_come_first(store: ConversationStore) -> None:
    chat = store.create_chat(title="Brown bears")
    store.add_message(store.create_chat().id, None, user("a brown fox"))
    hits = wait(store.search("brown"))
    assert [hit.message_id is None for hit in hits] == [True, False]
    assert (hits[0].chat_id, hits[0].matches) == (chat.id, ((0, 5),))
    assert len(wait(store.search("brown", 1))) == 1
    assert wait(store.search("brown", 0)) == ()


def test_other_versions_and_streaming_ends_are_found_deleted_ones_not(
    store: ConversationStore,
) -> None:
    chat = store.create_chat()
    asked = store.add_message(chat.id, None, user("apple"))
    store.edit_message(asked.id, "apple pie")
    gone = store.add_message(chat.id, asked.id, answer("apple juice"))
    wait(store.delete_messages([gone.id]))
    assert [hit.snippet for hit in wait(store.search("apple"))] == ["apple pie", "apple"]
    begun = store.begin_answer(asked.id)
    wait(store.finish_answer(begun.id, answer("apple tree")))
    assert len(wait(store.search("apple"))) == 3


def test_a_changed_text_is_found_by_its_new_words_only(store: ConversationStore) -> None:
    chat = store.create_chat()
    asked = store.add_message(chat.id, None, user("before"))
    wait_for_index(store)
    wait(store.finish_answer(asked.id, user("afterwards")))
    assert wait(store.search("before")) == ()
    assert len(wait(store.search("afterwards"))) == 1
    wait_for_index(store)
    assert wait(store.search("before")) == ()
    assert len(wait(store.search("afterwards"))) == 1


def opcodes(store: ConversationStore, query: str) -> int:
    """How many steps SQLite takes for a search, in hundreds."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    def watch(run: object) -> None:
        reader: sqlite3.Connection = store._worker._database.reader
        reader.set_progress_handler(count if run else None, 100)

    on_thread(store, lambda _: watch(True))
    wait(store.search(query))
    on_thread(store, lambda _: watch(False))
    return steps


def test_c11_the_cost_of_an_indexed_search_does_not_grow_with_the_texts(
    store: ConversationStore,
) -> None:
    def add(count: int) -> None:
        nodes = tuple(
            TreeMessage(message=user(f"number-{number}-in the row"), parent=None, created_at=1.0)
            for number in range(count)
        )
        wait(store.import_chats([ChatTree(title="", created_at=1, updated_at=1, messages=nodes)]))
        wait_for_index(store)

    add(500)
    few = opcodes(store, "number-77-")
    add(4500)
    many = opcodes(store, "number-77-")
    scanned = opcodes(store, "77")

    assert many <= 3 * few + 20
    assert scanned > many
