"""C4, C5: damaged files are set aside and rebuilt; a damaged search index is made anew."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.core.conversation_store import ConversationStore
from app.core.store.upkeep import Upkeep
from app.core.store.values import NoticeCode
from tests.store.bench import (
    Bench,
    answer,
    fill,
    on_thread,
    read_all,
    user,
    wait,
    wait_for_index,
    wait_until,
)

PAGE = 4096
WEEK = 8 * 86400.0


def zero_header(path: Path) -> None:
    path.write_bytes(bytes(100) + path.read_bytes()[100:])


def zero_first_page(path: Path) -> None:
    path.write_bytes(bytes(PAGE) + path.read_bytes()[PAGE:])


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def remove(path: Path) -> None:
    path.unlink()


def overwrite(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(path.stat().st_size))


def replace_by_text(path: Path) -> None:
    path.write_text("this is no database\n" * 1000)


def damage_page(path: Path, number: int, content: bytes) -> None:
    with path.open("r+b") as stream:
        stream.seek(number * PAGE)
        stream.write(content)


def prepare(bench: Bench, *, chats: int = 4, turns: int = 5) -> dict[int, str]:
    """A closed store with its backup of today, and one message that is younger than that."""
    store = bench.open()
    texts = fill(store, chats=chats, turns=turns)
    bench.close(store)
    return texts


def backup_files(bench: Bench) -> list[Path]:
    return sorted((bench.path.parent / "backups").glob("*.db"))


WHOLE_FILE = [zero_header, zero_first_page, halve, empty, remove, overwrite, replace_by_text]


@pytest.mark.parametrize("damage", WHOLE_FILE)
def test_c4_a_lost_file_comes_back_from_the_backup(
    bench: Bench, damage: Callable[[Path], None]
) -> None:
    texts = prepare(bench)
    damage(bench.path)
    remains = bench.path.read_bytes() if bench.path.exists() else None

    store = bench.open()

    assert read_all(store) == texts
    notice = bench.notice(NoticeCode.DAMAGE_REPAIRED)
    assert notice.fact("messages") == len(texts)
    assert notice.fact("lost") == notice.fact("altered") == 0
    assert notice.fact("backup") == backup_files(bench)[0].name
    if remains is not None:
        aside = bench.path.parent / str(notice.fact("moved_to")) / "chats.db"
        assert aside.read_bytes() == remains, "the damaged file is kept as it was"
    chat = store.create_chat()
    wait(store.add_message(chat.id, None, user("goes on")).saved)


@pytest.mark.parametrize("damage", [zero_header, halve, overwrite, replace_by_text])
def test_c4_without_a_backup_the_program_still_starts(
    bench: Bench, damage: Callable[[Path], None]
) -> None:
    prepare(bench)
    for path in backup_files(bench):
        path.unlink()
    damage(bench.path)

    store = bench.open()

    assert bench.notice(NoticeCode.DAMAGE_REPAIRED).fact("backup") == ""
    chat = store.create_chat()
    wait(store.add_message(chat.id, None, user("goes on")).saved)
    assert list(bench.path.parent.glob("corrupt-*/chats.db")) != []


@pytest.mark.parametrize("with_backup", [True, False])
def test_c4_random_page_damage_loses_little_and_alters_nothing(
    tmp_path: Path, with_backup: bool
) -> None:
    chance = random.Random(4)
    template = Bench(tmp_path / "template" / "chats.db")
    texts = prepare(template, chats=10, turns=20)
    sound = template.path.read_bytes()
    (saved,) = [path for path in backup_files(template) if path.name.startswith("daily")]
    repaired = kept = 0
    for number in range(40):
        bench = Bench(tmp_path / str(number) / "chats.db", now=template.now + WEEK)
        bench.path.parent.mkdir()
        bench.path.write_bytes(sound)
        if with_backup:
            (bench.path.parent / "backups").mkdir()
            (bench.path.parent / "backups" / saved.name).write_bytes(saved.read_bytes())
        page = chance.randrange(1, len(sound) // PAGE)
        damage_page(bench.path, page, chance.choice((bytes(PAGE), chance.randbytes(PAGE))))

        store = bench.open()
        found = read_all(store)
        bench.close_all()

        repaired += NoticeCode.DAMAGE_REPAIRED in bench.codes()
        kept += len(found)
        assert found.items() <= texts.items(), "no text may come back altered"
        if with_backup:
            assert found == texts
    assert repaired > 10
    assert kept >= 0.9 * 40 * len(texts)


def test_c4_what_was_written_after_the_backup_is_salvaged(bench: Bench) -> None:
    texts = prepare(bench, chats=6, turns=10)
    store = bench.open()
    chat = store.create_chat(title="after the backup")
    younger = store.add_message(chat.id, None, user("younger than the backup"))
    bench.close(store)
    with closing(sqlite3.connect(bench.path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'generation'")
        page = root.fetchone()[0]
    damage_page(bench.path, page - 1, b"\xff" * PAGE)
    bench.now += WEEK

    store = bench.open()

    assert read_all(store) == texts | {younger.id: "younger than the backup"}
    assert bench.notice(NoticeCode.DAMAGE_REPAIRED).fact("lost") == 0


def test_c4_what_was_deleted_after_the_backup_stays_deleted(bench: Bench) -> None:
    prepare(bench)
    store = bench.open()
    gone, *kept = [chat.id for chat in wait(store.list_chats()).chats]
    store.delete_chats([gone])
    wait(store.purge_deleted())
    bench.close(store)
    with closing(sqlite3.connect(bench.path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'generation'")
        page = root.fetchone()[0]
    damage_page(bench.path, page - 1, b"\xff" * PAGE)
    bench.now += WEEK

    store = bench.open()

    assert NoticeCode.DAMAGE_REPAIRED in bench.codes()
    assert [chat.id for chat in wait(store.list_chats()).chats] == kept


def test_c4_damage_that_shows_while_running_is_repaired_on_the_spot(bench: Bench) -> None:
    texts = prepare(bench, chats=6, turns=10)
    with closing(sqlite3.connect(bench.path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'message'")
        page = root.fetchone()[0]
    store = bench.open()
    assert NoticeCode.DAMAGE_REPAIRED not in bench.codes()
    bench.close(store)
    damage_page(bench.path, page - 1, b"\xff" * PAGE)

    store = bench.open()
    assert read_all(store) == texts
    chat = store.create_chat()
    wait(store.add_message(chat.id, None, user("goes on")).saved)
    assert bench.codes().count(NoticeCode.DAMAGE_REPAIRED) == 1


def test_c4_altered_text_is_noticed_by_its_checksum(bench: Bench) -> None:
    texts = prepare(bench)
    with closing(sqlite3.connect(bench.path)) as connection:
        connection.execute("DROP TRIGGER index_text_changed")
        connection.execute("UPDATE message SET text = 'forged' WHERE id = 3")
        connection.commit()
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'generation'")
        page = root.fetchone()[0]
    damage_page(bench.path, page - 1, b"\xff" * PAGE)
    bench.now += WEEK

    assert read_all(bench.open()) == texts
    assert bench.notice(NoticeCode.DAMAGE_REPAIRED).fact("altered") == 1


@pytest.mark.parametrize("step", ["built", "moved"])
def test_c4_a_crash_in_the_repair_only_delays_it(bench: Bench, step: str) -> None:
    texts = prepare(bench)
    rebuilt = bench.path.with_name("chats.db.rebuilt")
    rebuilt.write_bytes(bench.path.read_bytes())
    bench.path.with_name("chats.db.rebuilding").write_bytes(b"half")
    if step == "moved":
        bench.path.unlink()
    else:
        overwrite(bench.path)

    assert read_all(bench.open()) == texts
    assert not rebuilt.exists()
    assert not bench.path.with_name("chats.db.rebuilding").exists()
    assert len(list(bench.path.parent.glob("corrupt-*"))) == (step == "built")


def drop_part_of_index(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM message_fts_data WHERE id > 10")


def empty_index(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM message_fts_data")


def garble_structure(connection: sqlite3.Connection) -> None:
    block = random.Random(1).randbytes(60)
    connection.execute("UPDATE message_fts_data SET block = ? WHERE id = 10", (block,))


def drop_configuration(connection: sqlite3.Connection) -> None:
    connection.execute("DROP TABLE message_fts_config")


def drop_data(connection: sqlite3.Connection) -> None:
    connection.execute("DROP TABLE message_fts_data")


def drop_view(connection: sqlite3.Connection) -> None:
    connection.execute("DROP VIEW searchable")


def garble_blocks(connection: sqlite3.Connection) -> None:
    rows = connection.execute("SELECT id, length(block) FROM message_fts_data").fetchall()
    chance = random.Random(len(rows))
    for row_id, length in rows:
        connection.execute(
            "UPDATE message_fts_data SET block = ? WHERE id = ?", (chance.randbytes(length), row_id)
        )


def huge_structure(connection: sqlite3.Connection) -> None:
    # Lengths that no memory holds: SQLite 3.40 raises MemoryError here, not an error of its own.
    block = random.Random(84).randbytes(41)
    connection.execute("UPDATE message_fts_data SET block = ? WHERE id = 10", (block,))


INDEX_DAMAGE = [
    drop_part_of_index,
    empty_index,
    garble_structure,
    drop_configuration,
    drop_data,
    drop_view,
    garble_blocks,
    huge_structure,
]


def damage_index(bench: Bench, damage: Callable[[sqlite3.Connection], None]) -> None:
    with closing(sqlite3.connect(bench.path)) as connection:
        damage(connection)
        connection.commit()


@pytest.mark.parametrize("damage", INDEX_DAMAGE)
def test_c5_a_damaged_index_never_blocks_writing(
    bench: Bench, damage: Callable[[sqlite3.Connection], None]
) -> None:
    store = bench.open()
    texts = fill(store)
    wait_for_index(store)
    bench.close(store)
    damage_index(bench, damage)

    store = bench.open()
    chat = store.create_chat()
    asked = store.add_message(chat.id, None, user("written all the same"))
    begun = store.begin_answer(asked.id)
    wait(store.append_delta(begun.id, "streamed"))
    wait(store.finish_answer(begun.id, answer("streamed all the same")))
    wait(store.finish_answer(1, user("a changed question")))
    first = next(chat for chat in wait(store.list_chats()).chats if chat.title == "chat 3")
    store.delete_chats([first.id])
    wait(store.purge_deleted())

    assert {found.message_id for found in wait(store.search("all the same"))} == {
        asked.id,
        begun.id,
    }
    assert NoticeCode.DAMAGE_REPAIRED not in bench.codes()
    assert len(read_all(store)) == len(texts) - 10 + 2


@pytest.mark.parametrize("damage", INDEX_DAMAGE)
def test_c5_the_index_is_rebuilt_in_the_background(
    bench: Bench, damage: Callable[[sqlite3.Connection], None]
) -> None:
    store = bench.open()
    fill(store)
    wait_for_index(store)
    bench.close(store)
    damage_index(bench, damage)
    bench.now += WEEK

    store = bench.open(quiet_s=0.0)
    wait_until(lambda: NoticeCode.SEARCH_INDEX_REBUILT in bench.codes(), "index rebuilt")
    wait_for_index(store)

    assert len(wait(store.search("reply 2/3"))) == 1
    assert len(wait(store.search("question", 100))) == 20
    assert bench.codes().count(NoticeCode.SEARCH_INDEX_REBUILT) == 1


def test_c5_search_works_while_the_index_is_incomplete(store: ConversationStore) -> None:
    fill(store)

    def half(writer: sqlite3.Connection) -> None:
        writer.execute("INSERT OR IGNORE INTO search_pending SELECT id FROM message WHERE id > 9")

    wait_for_index(store)
    found = len(wait(store.search("question", 100)))
    on_thread(store, half)
    assert len(wait(store.search("question", 100))) == found == 20


@pytest.mark.expected_logs("upkeep of the conversation store failed")
def test_housekeeping_that_fails_does_not_end_the_saving(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = threading.Event()

    def fail(*_: object) -> None:
        failed.set()
        raise RuntimeError("a fault of the program")

    monkeypatch.setattr(Upkeep, "step", fail)
    store = bench.open()
    assert failed.wait(30.0)
    for title in ("one", "two"):
        wait(store.create_chat(title=title).saved)
    assert [chat.title for chat in wait(store.list_chats()).chats] == ["two", "one"]


def test_an_index_that_keeps_breaking_is_given_up(bench: Bench) -> None:
    store = bench.open()
    fill(store)
    for _ in range(3):
        wait_for_index(store)
        on_thread(store, drop_data)
        wait(store.search("question"))
        wait(store.search("question"))

    assert bench.codes() == [
        NoticeCode.SEARCH_INDEX_REBUILT,
        NoticeCode.SEARCH_INDEX_REBUILT,
        NoticeCode.SEARCH_INDEX_UNAVAILABLE,
    ]
    assert len(wait(store.search("question", 100))) == 20
