"""A store for temporary chats: everything works, nothing is written."""

from __future__ import annotations

from pathlib import Path

from app.core.conversation import Message
from app.core.conversation_store import ConversationStore
from engine.messages import Role


def test_everything_works_and_nothing_is_written(tmp_path: Path) -> None:
    store = ConversationStore(tmp_path / "none" / "chats.sqlite3", memory_only=True)
    assert store.open().result(10).in_memory
    chat = store.create_chat(title="secret")
    question = store.add_message(chat.id, None, Message(role=Role.USER, text="a secret"))
    store.begin_answer(question.id).saved.result(10)
    assert len(store.open_chat(chat.id).result(10).messages) == 2
    assert len(store.search("secret").result(10)) == 2
    assert store.close()
    assert list(tmp_path.iterdir()) == []
