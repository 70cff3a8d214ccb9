"""C13: what was deleted is gone from the file, the log and the index."""

from __future__ import annotations

from pathlib import Path

from app.core.conversation_store import ConversationStore
from tests.store.bench import Bench, answer, fill, on_thread, user, wait, wait_for_index, wait_until

SECRET = "Zyxwvuts-Qponmlkj-77"


def everything_on_disk(path: Path) -> bytes:
    files = [path, path.with_name(path.name + "-wal")]
    return b"".join(file.read_bytes() for file in files if file.exists())


def test_c13_a_deleted_chat_is_gone_from_file_log_and_index(bench: Bench) -> None:
    store = bench.open()
    fill(store, chats=2)
    chat = store.create_chat(title=SECRET, system_prompt=SECRET)
    asked = store.add_message(chat.id, None, user(f"{SECRET} question"))
    begun = store.begin_answer(asked.id)
    store.append_delta(begun.id, SECRET)
    store.finish_answer(begun.id, answer(f"{SECRET} answer"))
    store.set_draft(chat.id, SECRET)
    wait_for_index(store)
    assert SECRET.encode() in everything_on_disk(bench.path)
    assert trigrams(store, SECRET) > 0

    wait(store.delete_chats([chat.id]))
    wait(store.purge_deleted())
    assert wait(store.search(SECRET)) == ()
    assert trigrams(store, SECRET) == 0
    (bench.path.parent / "backups").mkdir(exist_ok=True)
    bench.close(store)

    assert SECRET.encode() not in everything_on_disk(bench.path)
    log = bench.path.with_name("chats.db-wal")
    assert not log.exists() or log.stat().st_size == 0
    assert len(wait(bench.open().search("question", 100))) == 10


def trigrams(store: ConversationStore, text: str) -> int:
    """In how many rows of the index the text is."""
    query = "SELECT count(*) FROM message_fts WHERE message_fts MATCH ?"
    return on_thread(store, lambda writer: int(writer.execute(query, (f'"{text}"',)).fetchone()[0]))


def test_c13_the_index_is_compacted_when_it_is_quiet(bench: Bench) -> None:
    store = bench.open(quiet_s=0.0)
    chat = store.create_chat()
    wait(store.add_message(chat.id, None, user("qqzzxx")).saved)
    wait_for_index(store)
    fill(store, chats=1)
    wait_for_index(store)

    def blocks_with_it() -> bool:
        rows = on_thread(
            store, lambda writer: writer.execute("SELECT block FROM message_fts_data").fetchall()
        )
        return any(b"qqz" in block or b"zxx" in block for (block,) in rows)

    assert blocks_with_it()
    store.delete_chats([chat.id])
    wait(store.purge_deleted())
    wait_until(lambda: not blocks_with_it(), "compacted")
