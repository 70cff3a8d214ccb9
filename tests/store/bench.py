"""What the store tests share: stores on one file, their notices, a clock to turn, texts to fill."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from app.core.conversation import Message, MessageState
from app.core.conversation_store import ConversationStore, StoreTiming
from app.core.store.values import NoticeCode, StoreNotice
from engine.messages import Role
from engine.metrics.report import GenerationReport, RuntimeFigures
from engine.params import GenerationParams

_Result = TypeVar("_Result")
_PATIENCE_S = 30.0


def wait(future: Future[_Result]) -> _Result:
    """The outcome of a call to the store."""
    return future.result(_PATIENCE_S)


@dataclass
class Bench:
    """Opens stores on one file and remembers what they told. Its clock moves only when asked."""

    path: Path
    notices: list[StoreNotice] = field(default_factory=list)
    now: float = 1_800_000_000.0
    opened: list[ConversationStore] = field(default_factory=list)

    def clock(self) -> float:
        self.now += 0.001
        return self.now

    def open(self, *, retry_s: float = 0.02, quiet_s: float = 600.0) -> ConversationStore:
        store = ConversationStore(
            self.path,
            clock=self.clock,
            on_notice=self.notices.append,
            timing=StoreTiming(retry_s=retry_s, quiet_s=quiet_s),
        )
        self.opened.append(store)
        wait(store.open())
        return store

    def close(self, store: ConversationStore) -> None:
        assert store.close(_PATIENCE_S)

    def close_all(self) -> None:
        for store in self.opened:
            self.close(store)

    def codes(self) -> list[NoticeCode]:
        return [notice.code for notice in self.notices]

    def notice(self, code: NoticeCode) -> StoreNotice:
        return next(notice for notice in self.notices if notice.code is code)


def user(text: str) -> Message:
    return Message(role=Role.USER, text=text)


def answer(text: str, **more: Any) -> Message:
    return Message(role=Role.ASSISTANT, text=text, **more)


def fill(store: ConversationStore, *, chats: int = 4, turns: int = 5) -> dict[int, str]:
    """Write chats whose texts tell where they belong; returns message id -> text."""
    texts: dict[int, str] = {}
    for chat in range(chats):
        chat_id = store.create_chat(title=f"chat {chat}").id
        parent: int | None = None
        for turn in range(turns):
            question, reply = f"question {chat}/{turn} ", f"reply {chat}/{turn} " * 60
            asked = store.add_message(chat_id, parent, user(question * 3))
            done = store.add_message(chat_id, asked.id, answer(reply))
            texts[asked.id], texts[done.id] = question * 3, reply
            parent = done.id
    wait(store.list_folders())
    return texts


def read_all(store: ConversationStore) -> dict[int, str]:
    """Every shown message of every chat."""
    page = wait(store.list_chats(limit=10_000))
    opened = [wait(store.open_chat(chat.id)) for chat in page.chats]
    return {found.id: found.message.text for chat in opened for found in chat.messages}


def states(store: ConversationStore, chat_id: int) -> list[MessageState]:
    return [found.message.state for found in wait(store.open_chat(chat_id)).messages]


def make_report(**more: Any) -> GenerationReport:
    """A report as an answer of this program carries it."""
    values: dict[str, Any] = {
        "finish_reason": "end",
        "strategy": "draft",
        "main_name": "main-8b",
        "draft_name": "draft-0.6b",
        "main_device": "GPU.0",
        "draft_device": "CPU",
        "params": GenerationParams(temperature=0.7, stop_strings=("END",)),
        "token_count": 11,
        "prompt_tokens": 42,
        "elapsed_s": 1.25,
        "ttft_s": 0.125,
        "tpot_s": 0.1,
        "tokens_per_s": 10.0,
        "accepted": 6,
        "drafted": 8,
        "acceptance_rate": 0.75,
        "mean_acceptance_length": 3.3,
        "run_lengths": (1, 5, 5),
        "run_times_s": (0.125, 0.6, 1.25),
        "versions": (("openvino", "2026.4.1"),),
        "runtime": RuntimeFigures(prompt_tokens=42, generated_tokens=11),
    }
    return GenerationReport(**(values | more))


def on_thread(store: ConversationStore, run: Callable[[sqlite3.Connection], _Result]) -> _Result:
    """Run something with the writing connection on the store's thread, outside a transaction."""
    worker = store._worker

    def job(reader: sqlite3.Connection) -> _Result:
        writer = worker._database.writer
        assert writer is not None
        return run(writer)

    return wait(worker.submit(job, writes=False))


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something the store does in its own time."""
    deadline = time.monotonic() + _PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.005)


def wait_for_index(store: ConversationStore) -> None:
    """Wait until every message is in the search index."""

    def waiting(writer: sqlite3.Connection) -> bool:
        return bool(writer.execute("SELECT count(*) FROM search_pending").fetchone()[0])

    wait_until(lambda: not on_thread(store, waiting), "index complete")
