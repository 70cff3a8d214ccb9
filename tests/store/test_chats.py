"""Chats and folders: making, listing, changing, deleting with undo, copying, importing."""

from __future__ import annotations

import os
import sqlite3
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.conversation import MessageState
from app.core.conversation_store import ConversationStore
from app.core.store.calls import StoreCalls
from app.core.store.values import (
    ChatTree,
    NoSuchItemError,
    StoreClosedError,
    TitleSource,
    TreeMessage,
)
from tests.store.bench import Bench, answer, fill, read_all, user, wait


def test_a_chat_comes_back_after_a_restart_as_it_was(bench: Bench) -> None:
    store = bench.open()
    folder = store.create_folder("Work")
    chat = store.create_chat(
        title="Plans",
        title_source=TitleSource.USER,
        folder_id=folder.id,
        system_prompt="Be brief.",
        settings={"temperature": 0.5, "preset": "语言"},
    )
    store.set_draft(chat.id, "not sent yet")
    wait(store.pin_chat(chat.id, True))
    bench.close(store)

    opened = wait(bench.open().open_chat(chat.id))

    assert opened.chat.title == "Plans"
    assert opened.chat.title_source is TitleSource.USER
    assert opened.chat.folder_id == folder.id
    assert opened.chat.pinned
    assert opened.system_prompt == "Be brief."
    assert opened.settings == {"temperature": 0.5, "preset": "语言"}
    assert opened.draft == "not sent yet"
    assert opened.messages == ()


def test_what_was_not_seen_is_remembered_as_long_as_its_chat(bench: Bench) -> None:
    store = bench.open()
    first, second, third = (store.create_chat() for _ in range(3))
    for chat, why in ((first, "unread"), (second, "unread"), (second, "failed"), (third, "x")):
        store.set_unseen(chat.id, why)
    store.set_unseen(third.id, "")
    deleted = wait(store.delete_chats([first.id]))
    assert wait(store.list_unseen()) == {second.id: "failed"}
    wait(store.undo(deleted))
    assert wait(store.list_unseen()) == {first.id: "unread", second.id: "failed"}
    wait(store.delete_chats([second.id]))
    bench.close(store)

    again = bench.open()
    assert wait(again.list_unseen()) == {first.id: "unread"}
    bench.close(again)
    with closing(sqlite3.connect(bench.path)) as connection:
        keys = connection.execute("SELECT key FROM store_fact WHERE key LIKE 'unseen%'")
        assert keys.fetchall() == [(f"unseen:{first.id}",)]


def test_ids_can_be_used_before_anything_is_written(store: ConversationStore) -> None:
    chat = store.create_chat()
    asked = store.add_message(chat.id, None, user("hi"))
    begun = store.begin_answer(asked.id)
    store.append_delta(begun.id, "hel")

    opened = wait(store.open_chat(chat.id))

    assert [found.message.text for found in opened.messages] == ["hi", "hel"]
    assert all(written.saved.done() for written in (chat, asked, begun))


def test_an_automatic_title_never_replaces_the_users(store: ConversationStore) -> None:
    chat = store.create_chat()

    assert wait(store.set_auto_title(chat.id, "First words"))
    assert wait(store.open_chat(chat.id)).chat.title == "First words"
    wait(store.rename_chat(chat.id, "Mine"))
    assert not wait(store.set_auto_title(chat.id, "Better"))
    assert wait(store.open_chat(chat.id)).chat.title == "Mine"


def test_the_list_is_paged_without_gaps_or_repeats(store: ConversationStore) -> None:
    ids = [store.create_chat(title=f"chat {number}").id for number in range(25)]
    wait(store.pin_chat(ids[3], True))
    store.add_message(ids[7], None, user("newest"))

    seen, after = [], None
    while True:
        page = wait(store.list_chats(after=after, limit=4))
        assert page.total == 25
        if not page.chats:
            break
        seen += [chat.id for chat in page.chats]
        after = page.chats[-1]

    rest = [chat_id for chat_id in reversed(ids) if chat_id not in (ids[3], ids[7])]
    assert seen == [ids[3], ids[7], *rest]


def test_folders_hold_chats_and_let_them_go(store: ConversationStore) -> None:
    work, home = store.create_folder("work"), store.create_folder("Home")
    inside = store.create_chat(folder_id=work.id)
    outside = store.create_chat()
    wait(store.move_chat(outside.id, home.id))
    wait(store.rename_folder(home.id, "Zuhause"))

    assert [(f.name, f.chat_count) for f in wait(store.list_folders())] == [
        ("work", 1),
        ("Zuhause", 1),
    ]
    page = wait(store.list_chats(folder_id=work.id))
    assert ([chat.id for chat in page.chats], page.total) == ([inside.id], 1)

    wait(store.delete_folder(work.id))
    assert wait(store.open_chat(inside.id)).chat.folder_id is None
    with pytest.raises(NoSuchItemError):
        wait(store.rename_folder(work.id, "gone"))


def test_deleted_chats_come_back_by_undo(store: ConversationStore) -> None:
    texts = fill(store, chats=3)
    ids = [chat.id for chat in wait(store.list_chats()).chats]

    deletion = wait(store.delete_chats(ids[:2]))
    assert wait(store.list_chats()).total == 1
    assert wait(store.search("reply")) != ()
    with pytest.raises(NoSuchItemError):
        wait(store.open_chat(ids[0]))

    wait(store.undo(deletion))
    assert read_all(store) == texts


def test_undo_after_purging_changes_nothing(store: ConversationStore) -> None:
    fill(store, chats=2)
    ids = [chat.id for chat in wait(store.list_chats()).chats]
    deletion = wait(store.delete_chats(ids))
    assert wait(store.purge_deleted()) == 2

    with pytest.raises(NoSuchItemError):
        wait(store.undo(deletion))
    assert wait(store.list_chats()).total == 0


def test_undo_does_not_outlive_the_program(bench: Bench) -> None:
    store = bench.open()
    fill(store, chats=1)
    (chat,) = wait(store.list_chats()).chats
    deletion = wait(store.delete_chats([chat.id]))
    bench.close(store)

    again = bench.open()
    with pytest.raises(NoSuchItemError):
        wait(again.undo(deletion))


def test_a_branch_becomes_a_chat_of_its_own(store: ConversationStore) -> None:
    folder = store.create_folder("Work")
    chat = store.create_chat(title="Plans", folder_id=folder.id, system_prompt="Be brief.")
    first = store.add_message(chat.id, None, user("one"))
    reply = store.add_message(chat.id, first.id, answer("two"))
    store.add_message(chat.id, reply.id, user("three"))

    copy = store.duplicate_chat(chat.id, upto_message_id=reply.id, title="Plans B")
    opened = wait(store.open_chat(copy.id))

    assert [found.message.text for found in opened.messages] == ["one", "two"]
    assert (opened.chat.title, opened.chat.folder_id) == ("Plans B", folder.id)
    assert opened.system_prompt == "Be brief."
    assert {found.id for found in opened.messages}.isdisjoint({first.id, reply.id})


def test_a_branch_that_is_not_shown_cannot_be_copied(store: ConversationStore) -> None:
    chat = store.create_chat()
    old = store.add_message(chat.id, None, user("old"))
    store.edit_message(old.id, "new")

    with pytest.raises(NoSuchItemError):
        wait(store.duplicate_chat(chat.id, upto_message_id=old.id).saved)
    assert wait(store.list_chats()).total == 1


def test_an_answer_copied_while_it_streams_is_closed_in_the_copy(
    store: ConversationStore,
) -> None:
    chat = store.create_chat()
    asked = store.add_message(chat.id, None, user("?"))
    begun = store.begin_answer(asked.id)
    store.append_delta(begun.id, "so far")

    copy = wait(store.open_chat(store.duplicate_chat(chat.id).id)).messages[-1].message

    assert (copy.text, copy.state) == ("so far", MessageState.INTERRUPTED)


def test_imported_chats_share_folders_by_name(store: ConversationStore) -> None:
    store.create_folder("Work")
    trees = [
        ChatTree(title=title, created_at=1.0, updated_at=2.0, folder=folder)
        for title, folder in (("a", "Work"), ("b", "Play"), ("c", "Play"), ("d", None))
    ]

    ids = wait(store.import_chats(trees))

    assert [(f.name, f.chat_count) for f in wait(store.list_folders())] == [
        ("Play", 2),
        ("Work", 1),
    ]
    assert [wait(store.read_tree(chat_id)) for chat_id in ids] == trees


def test_an_import_that_fails_leaves_nothing(store: ConversationStore) -> None:
    good = ChatTree(title="good", created_at=1.0, updated_at=1.0)
    bad = ChatTree(title="bad", created_at=1.0, updated_at=1.0, settings={"x": float("nan")})

    with pytest.raises(ValueError, match="JSON"):
        wait(store.import_chats([good, bad]))
    assert wait(store.list_chats()).total == 0


@given(texts=st.lists(st.text(), min_size=1, max_size=6), title=st.text(), draft=st.text())
def test_any_text_survives_the_store(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], title: str, draft: str
) -> None:
    bench = Bench(tmp_path_factory.mktemp("any") / "chats.db")
    store = bench.open()
    chat = store.create_chat(title=title, system_prompt=draft)
    parent = None
    for text in texts:
        parent = store.add_message(chat.id, parent, user(text)).id
    store.set_draft(chat.id, draft)

    opened = wait(store.open_chat(chat.id))
    bench.close_all()

    assert [found.message.text for found in opened.messages] == texts
    assert (opened.chat.title, opened.draft, opened.system_prompt) == (title, draft, draft)


def test_half_a_character_is_replaced_not_refused(store: ConversationStore) -> None:
    chat = store.create_chat(title="\ud800")
    store.add_message(chat.id, None, user("a\udfffb"))

    opened = wait(store.open_chat(chat.id))

    assert opened.chat.title == "\ufffd"
    assert opened.messages[0].message.text == "a\ufffdb"


def test_a_tree_refuses_a_parent_that_comes_later() -> None:
    nodes = (TreeMessage(message=user("x"), parent=0, created_at=1.0),)
    with pytest.raises(ValueError, match="message 0"):
        ChatTree(title="", created_at=1.0, updated_at=1.0, messages=nodes)


def test_calls_before_opening_and_after_closing_are_refused(tmp_path: Path) -> None:
    store = ConversationStore(tmp_path / "chats.db")
    with pytest.raises(StoreClosedError):
        store.create_chat()
    wait(store.open())
    assert store.close()
    with pytest.raises(StoreClosedError):
        store.create_chat()
    assert isinstance(store, StoreCalls)


def test_missing_chats_and_messages_are_named(store: ConversationStore) -> None:
    chat = store.create_chat()
    elsewhere = store.add_message(store.create_chat().id, None, user("x"))
    futures: list[Future[Any]] = [
        store.rename_chat(99, "x"),
        store.add_message(99, None, user("x")).saved,
        store.add_message(chat.id, 99, user("x")).saved,
        store.add_message(chat.id, elsewhere.id, user("x")).saved,
        store.begin_answer(99).saved,
        store.edit_message(99, "x").saved,
        store.siblings(99),
    ]
    for future in futures:
        with pytest.raises(NoSuchItemError):
            wait(future)
    assert wait(store.open_chat(chat.id)).messages == ()


if os.name == "posix":

    def test_s8_files_are_private_whatever_the_umask(bench: Bench) -> None:
        before = os.umask(0)
        try:
            store = bench.open()
            fill(store)
            wal = bench.path.with_name("chats.db-wal")
            assert wal.stat().st_mode & 0o777 == 0o600
            bench.close(store)
        finally:
            os.umask(before)
        folders = [bench.path.parent, bench.path.parent / "backups"]
        files = [path for folder in folders for path in folder.iterdir() if path.is_file()]
        assert len(files) >= 3
        assert {oct(path.stat().st_mode & 0o777) for path in folders} == {"0o700"}
        assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}
