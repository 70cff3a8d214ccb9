"""C1, C2: what was acknowledged is there after a kill; a torn log loses only its end."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from app.core.conversation import MessageState
from app.core.conversation_store import ConversationStore
from app.core.store.connection import is_sound
from app.core.store.values import NoticeCode
from tests.nursery import Nursery
from tests.store.bench import Bench, answer, user, wait
from tests.store.crash_writer import delta

KILLS = 100
CUTS = 300


def kill_after(writers: Nursery, path: Path, lines: int) -> list[list[str]]:
    """Let a writer work on `path`, kill it after so many lines; returns all it said."""
    writer = writers.start(path)
    said = [writer.readline() for _ in range(lines)]
    return [line.split() for line in (*said, *writer.kill())]


def check_acknowledged(path: Path, said: list[list[str]]) -> int:
    """Compare the file with what the writer said; returns how many deltas it had acknowledged."""
    deltas = {int(words[1]): int(words[2]) for words in said if words[0] == "D"}
    finished = {int(words[1]) for words in said if words[0] == "E"}
    begun = {int(words[1]) for words in said if words[0] == "B"}
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT id, state, text FROM message").fetchall()
        assert connection.execute("SELECT count(*) FROM fragment").fetchone() == (0,)
    found = {row[0]: row[1:] for row in rows}
    for message_id in begun:
        state, text = found[message_id]
        saved = deltas.get(message_id, -1) + 1
        expected = "".join(delta(message_id, number) for number in range(saved))
        # One more may have been saved and not yet told of; never half of one.
        assert text in (expected, expected + delta(message_id, saved))
        if message_id in finished:
            assert state == MessageState.DONE
        else:
            assert state in (MessageState.INTERRUPTED, MessageState.DONE)
    return sum(deltas.values())


def test_c1_kill_while_streaming_loses_nothing_acknowledged(bench: Bench) -> None:
    chance = random.Random(1)
    acknowledged = interrupted = 0
    path = bench.path
    with Nursery("tests.store.crash_writer") as writers:
        for number in range(KILLS):
            if number % 25 == 0:
                path = bench.path.parent / str(number) / "chats.db"
            said = kill_after(writers, path, chance.randrange(1, 60))
            opened = Bench(path)
            opened.close(opened.open())
            acknowledged += check_acknowledged(path, said)
            interrupted += opened.codes().count(NoticeCode.ANSWERS_INTERRUPTED)
            assert set(opened.codes()) <= {NoticeCode.ANSWERS_INTERRUPTED}

    assert acknowledged > KILLS
    assert interrupted > KILLS // 2


def write_deltas(store: ConversationStore, count: int) -> None:
    chat = store.create_chat()
    asked = store.add_message(chat.id, None, user("question"))
    begun = store.begin_answer(asked.id)
    for number in range(count):
        wait(store.append_delta(begun.id, f"{number} "))


def copy_without_end(bench: Bench, folder: Path, end: bytes) -> Path:
    """Copy the files of a running store with another log, as a power cut might leave them."""
    folder.mkdir()
    path = folder / "chats.db"
    shutil.copyfile(bench.path, path)
    path.with_name("chats.db-wal").write_bytes(end)
    return path


def text_so_far(path: Path) -> str | None:
    with closing(sqlite3.connect(path)) as connection:
        assert is_sound(connection)
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            return None
        rows = connection.execute("SELECT text FROM fragment ORDER BY id").fetchall()
    return "".join(text for (text,) in rows)


def test_c2_a_torn_log_leaves_an_exact_beginning(bench: Bench) -> None:
    chance = random.Random(2)
    count = 60
    write_deltas(bench.open(), count)
    log = bench.path.with_name("chats.db-wal").read_bytes()
    whole = "".join(f"{number} " for number in range(count))
    kept = set()
    for number in range(CUTS):
        cut = chance.randrange(len(log) + 1)
        garbage = chance.randbytes(min(len(log) - cut, chance.choice((0, 100, 5000))))
        path = copy_without_end(bench, bench.path.parent / str(number), log[:cut] + garbage)
        text = text_so_far(path)
        assert text is None or whole.startswith(text)
        kept.add(text)
        shutil.rmtree(path.parent)

    assert len(kept) > 20, "the cuts must fall all over the log"


def test_c2_the_store_opens_on_a_torn_log(bench: Bench) -> None:
    store = bench.open()
    chat = store.create_chat()
    store.add_message(chat.id, None, answer("kept"))
    write_deltas(store, 30)
    log = bench.path.with_name("chats.db-wal").read_bytes()
    path = copy_without_end(bench, bench.path.parent / "torn", log[: len(log) * 9 // 10])

    torn = Bench(path)
    opened = wait(torn.open().open_chat(chat.id))
    torn.close_all()

    assert [found.message.text for found in opened.messages] == ["kept"]
    assert torn.codes() == [NoticeCode.ANSWERS_INTERRUPTED]
