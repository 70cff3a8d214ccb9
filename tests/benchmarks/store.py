"""Figures of the conversation store (`python -m tests.benchmarks.store`), as JSON."""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from app.core.conversation import Message
from app.core.conversation_store import ConversationStore
from app.core.store.values import ChatTree, TreeMessage
from engine.events import TextSpan
from engine.messages import Role

PATIENCE_S = 600.0
MESSAGES = 20_000
LONG_CHAT = 10_000
MEGABYTE = 1_000_000
CHATS = 5_000


def wait(future: Future[Any]) -> Any:
    """The outcome of a call."""
    return future.result(PATIENCE_S)


def timed_ms(call: Callable[[], Future[Any]], repeats: int) -> list[float]:
    """How long each of some calls took, from asking to having."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        wait(call())
        times.append((time.perf_counter() - start) * 1000)
    return times


def cpu_ms(call: Callable[[], Future[Any]], repeats: int) -> float:
    """Processor time of one call, on average: what a busy machine does not change."""
    start = time.process_time()
    for _ in range(repeats):
        wait(call())
    return (time.process_time() - start) * 1000 / repeats


def summary(times: list[float]) -> dict[str, float]:
    """Median and 99th percentile."""
    return {"p50_ms": round(median(times), 3), "p99_ms": round(quantiles(times, n=100)[98], 3)}


def some_text(chance: random.Random, words: list[str], characters: int) -> str:
    """Text of real-looking words, half of them Chinese pairs."""
    count = characters // 5
    return " ".join(chance.choices(words, k=count))[:characters]


def make_words(chance: random.Random) -> list[str]:
    """A vocabulary: Latin words and Chinese words of two characters (none of them 语言)."""
    latin = [
        "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 9)))
        for _ in range(4000)
    ]
    han = [chr(code) for code in range(0x5000, 0x5400)]
    return latin + ["".join(chance.choices(han, k=2)) for _ in range(1000)]


def chain(texts: list[str], title: str) -> ChatTree:
    """A chat of alternating messages."""
    nodes = tuple(
        TreeMessage(
            message=Message(role=Role.ASSISTANT if index % 2 else Role.USER, text=text),
            parent=index - 1 if index else None,
            created_at=float(index),
        )
        for index, text in enumerate(texts)
    )
    return ChatTree(title=title, created_at=0.0, updated_at=1.0, messages=nodes)


def measure_commits(store: ConversationStore) -> dict[str, Any]:
    """Deltas of a stream, at the start of an answer and when it already has a megabyte."""
    chat = store.create_chat()
    asked = store.add_message(chat.id, None, Message(role=Role.USER, text="question"))
    begun = store.begin_answer(asked.id)
    spans = tuple(TextSpan(characters=4, step=step, accepted=step % 4 > 0) for step in range(20))
    short = timed_ms(lambda: store.append_delta(begun.id, "word" * 20, spans), 400)
    wait(store.append_delta(begun.id, "x" * MEGABYTE))
    long = timed_ms(lambda: store.append_delta(begun.id, "word" * 20, spans), 400)
    text = "x" * MEGABYTE
    finished = Message(role=Role.ASSISTANT, text=text)
    finish = timed_ms(lambda: store.finish_answer(begun.id, finished), 1)
    opened = timed_ms(lambda: store.open_chat(chat.id), 20)
    return {
        "delta_commit": summary(short),
        "delta_commit_after_1_mb": summary(long),
        "finish_1_mb_ms": round(finish[0], 1),
        "open_1_mb_ms": round(median(opened), 1),
    }


def measure_long_chat(store: ConversationStore, path: Path, texts: list[str]) -> dict[str, Any]:
    """A chat of ten thousand messages."""
    (chat_id,) = wait(store.import_chats([chain(texts[:LONG_CHAT], "long")]))
    wait(store.open_chat(chat_id))
    add = Message(role=Role.USER, text="one more")
    last = wait(store.open_chat(chat_id)).messages[-1].id

    def add_one() -> Future[None]:
        return store.add_message(chat_id, last, add).saved

    indexing = timed_ms(add_one, 50)
    wait_for_index(path)
    return {
        "add_message_while_indexing": summary(indexing),
        "add_message": summary(timed_ms(add_one, 50)),
        "open_10k_messages_ms": round(median(timed_ms(lambda: store.open_chat(chat_id), 10)), 1),
    }


def measure_search(store: ConversationStore) -> dict[str, Any]:
    """Queries that hit, miss, and are too short for the index."""
    queries = {
        "search_word_ms": "needle",
        "search_absent_word_ms": "zzzqqqxxx",
        "search_chinese_2_ms": "语言",
        "search_absent_chinese_2_ms": "龘靐",
        "search_chinese_4_ms": "语言模型",
        "search_common_ms": "ing",
    }
    figures: dict[str, Any] = {}
    for name, query in queries.items():
        hits = wait(store.search(query))
        figures[name] = round(max(timed_ms(partial(store.search, query), 10)), 1)
        figures[name.removesuffix("_ms") + "_cpu_ms"] = round(
            cpu_ms(partial(store.search, query), 10), 1
        )
        figures[name.removesuffix("_ms") + "_hits"] = len(hits)
    return figures


def wait_for_index(path: Path) -> float:
    """Seconds until nothing waits for the search index."""
    start = time.perf_counter()
    connection = sqlite3.connect(path)
    while connection.execute("SELECT count(*) FROM search_pending").fetchone() != (0,):
        time.sleep(0.05)
    connection.close()
    return time.perf_counter() - start


def measure(path: Path) -> dict[str, Any]:
    """All figures."""
    chance = random.Random(0)
    words = make_words(chance)
    store = ConversationStore(path)
    start = time.perf_counter()
    wait(store.open())
    figures: dict[str, Any] = {"open_new_ms": round((time.perf_counter() - start) * 1000, 1)}
    figures |= measure_commits(store)
    texts = [some_text(chance, words, 1200) for _ in range(MESSAGES)]
    texts[5000] += " needle in a haystack 语言模型"
    figures |= measure_long_chat(store, path, texts)
    rest = texts[LONG_CHAT:]
    wait(
        store.import_chats(
            [chain(rest[at : at + 50], f"chat {at}") for at in range(0, len(rest), 50)]
        )
    )
    figures["index_10k_s"] = round(wait_for_index(path), 1)
    figures |= measure_search(store)
    for number in range(CHATS):
        store.create_chat(title=f"chat {number}")
    wait(store.list_folders())
    figures["list_page_of_5k_ms"] = round(
        median(timed_ms(lambda: store.list_chats(limit=200), 20)), 2
    )
    start = time.perf_counter()
    assert store.close(PATIENCE_S)
    figures["close_with_backup_ms"] = round((time.perf_counter() - start) * 1000, 1)
    figures["database_mb"] = round(path.stat().st_size / 1e6, 1)
    figures["text_mb"] = round(sum(len(text.encode()) for text in texts) / 1e6, 1)
    store = ConversationStore(path)
    start = time.perf_counter()
    wait(store.open())
    figures["open_again_ms"] = round((time.perf_counter() - start) * 1000, 1)
    assert store.close(PATIENCE_S)
    figures["sqlite"] = sqlite3.sqlite_version
    return figures


def main() -> None:
    """Measure in a fresh folder (`--folder` chooses the disk)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=None)
    with tempfile.TemporaryDirectory(dir=parser.parse_args().folder) as folder:
        print(json.dumps(measure(Path(folder) / "chats.db")))


if __name__ == "__main__":
    main()
