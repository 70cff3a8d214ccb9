"""Every migration by its name, C6 (killed at each statement) and C7 (a newer file)."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.core.conversation import MessageState
from app.core.store.connection import connect_writer, is_sound, transaction
from app.core.store.migrations import LATEST_VERSION, MIGRATIONS, Migration, migrate, read_version
from app.core.store.values import NoticeCode
from engine.errors import ErrorCode, StorageError
from tests.nursery import Nursery
from tests.store.bench import Bench, fill, read_all, states, user, wait, wait_for_index
from tests.store.migration_killer import DIED

TEXTS = {1: "first question", 2: "first answer", 3: "语言模型"}


def make_version(path: Path, version: int) -> None:
    """A file as that version of the program left it, with a chat in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(connect_writer(path)) as connection:
        migrate(connection, 1.0, migrations=MIGRATIONS[:version])
        if version >= 1:
            connection.execute("INSERT INTO chat(title, created_at, updated_at) VALUES ('c', 1, 1)")
            for message_id, text in TEXTS.items():
                connection.execute(
                    "INSERT INTO message(chat_id, parent_id, role, state, created_at, text_crc,"
                    " text) VALUES (1, ?, 'user', 'done', 1, 0, ?)",
                    (message_id - 1 or None, text),
                )


def tables(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT name FROM sqlite_master").fetchall()}


def test_every_migration_has_a_test() -> None:
    missing = [step.name for step in MIGRATIONS if f"test_migration_{step.name}" not in globals()]
    assert missing == []
    assert len({step.name for step in MIGRATIONS}) == LATEST_VERSION


def test_migration_create_chats_and_messages(tmp_path: Path) -> None:
    with closing(connect_writer(tmp_path / "chats.db")) as connection:
        ran = migrate(connection, 5.0, migrations=MIGRATIONS[:1])
        assert ran == ("create_chats_and_messages",)
        assert {"folder", "chat", "message", "fragment", "generation"} <= tables(connection)
        assert read_version(connection) == 1
        applied = connection.execute("SELECT name, applied_at FROM applied_migration").fetchall()
        assert applied == [("create_chats_and_messages", 5.0)]
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(
                "INSERT INTO message(id, chat_id, parent_id, role, state, created_at, text_crc,"
                " text) VALUES (1, 1, 1, 'user', 'done', 0, 0, 'its own parent')"
            )


def test_migration_queue_messages_for_search(bench: Bench) -> None:
    make_version(bench.path, 1)
    store = bench.open()
    wait_for_index(store)

    assert [hit.message_id for hit in wait(store.search("first"))] == [2, 1]
    assert [hit.message_id for hit in wait(store.search("语言模"))] == [3]
    assert states(store, 1) == [MessageState.DONE] * 3


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half(x)")
        connection.execute("INSERT INTO nowhere VALUES (1)")

    with closing(connect_writer(tmp_path / "chats.db")) as connection:
        migrate(connection, 1.0)
        before = tables(connection)
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, 1.0, migrations=(*MIGRATIONS, Migration("fails", fail)))
        assert tables(connection) == before
        assert read_version(connection) == LATEST_VERSION


@pytest.mark.parametrize("version", range(LATEST_VERSION))
def test_c6_migration_killed_at_each_statement_is_old_or_new(tmp_path: Path, version: int) -> None:
    make_version(tmp_path / "template" / "chats.db", version)
    results: list[tuple[int, int]] = []
    with Nursery("tests.store.migration_killer") as nursery:
        while not results or results[-1][0] == DIED:
            results.append(killed_at(nursery, tmp_path, version, len(results) + 1))
    died = [found for code, found in results if code == DIED]
    assert len(died) > 20
    assert set(died) == {version, LATEST_VERSION}
    assert died == sorted(died)


def fresh_copy(folder: Path, name: str) -> Path:
    target = folder / name
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder / "template", target)
    return target / "chats.db"


def killed_at(nursery: Nursery, folder: Path, version: int, n: int) -> tuple[int, int]:
    """Die at the n-th statement; checks what is left and returns (exit code, version found)."""
    path = fresh_copy(folder, str(n))
    code = nursery.start(path, n).wait()
    with closing(sqlite3.connect(path)) as connection:
        found = read_version(connection)
        assert is_sound(connection)
        assert ("search_pending" in tables(connection)) == (found >= 2)
    if found > version > 0:
        backups = list((path.parent / "backups").glob(f"before-migration-*-v{version}.db"))
        assert len(backups) == 1
        with closing(sqlite3.connect(backups[0])) as connection:
            assert read_version(connection) == version
    bench = Bench(path)
    store = bench.open()
    assert read_all(store) == (TEXTS if version else {})
    bench.close_all()
    return code, found


def test_c7_a_newer_file_is_read_and_left_alone(bench: Bench) -> None:
    store = bench.open()
    texts = fill(store)
    bench.close(store)
    with closing(connect_writer(bench.path)) as connection, transaction(connection):
        connection.execute(f"PRAGMA user_version = {LATEST_VERSION + 1}")
    before = bench.path.read_bytes()

    store = bench.open()
    assert read_all(store) == texts
    assert wait(store.search("reply")) != ()
    for future in (store.create_chat().saved, store.rename_chat(1, "x")):
        with pytest.raises(StorageError) as refusal:
            wait(future)
        assert refusal.value.code is ErrorCode.STORAGE_NEWER_SCHEMA
    with pytest.raises(StorageError):
        wait(store.add_message(1, None, user("x")).saved)
    bench.close(store)

    assert bench.path.read_bytes() == before
    notice = bench.notice(NoticeCode.NEWER_SCHEMA)
    assert (notice.fact("found"), notice.fact("known")) == (LATEST_VERSION + 1, LATEST_VERSION)
