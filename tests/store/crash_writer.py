"""The child of the crash tests: streams answers and tells what was saved, until it is killed.

Lines: `B id` begun, `D id n` delta n saved, `E id` finished.
"""

from __future__ import annotations

import sys
from pathlib import Path

from app.core.conversation import Message
from app.core.conversation_store import ConversationStore
from engine.messages import Role


def delta(message_id: int, number: int) -> str:
    """The text of one delta: whole or torn can be told from it."""
    return "".join(f"{message_id}:{number}:{part} " for part in range(8))


def tell(line: str) -> None:
    """One line to the parent, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(path: str) -> None:
    """Stream until killed."""
    store = ConversationStore(Path(path))
    store.open().result()
    chat = store.create_chat()
    while True:
        asked = store.add_message(chat.id, None, Message(role=Role.USER, text="question"))
        answer = store.begin_answer(asked.id)
        answer.saved.result()
        tell(f"B {answer.id}")
        for number in range(40):
            store.append_delta(answer.id, delta(answer.id, number)).result()
            tell(f"D {answer.id} {number}")
        whole = "".join(delta(answer.id, number) for number in range(40))
        store.finish_answer(answer.id, Message(role=Role.ASSISTANT, text=whole)).result()
        tell(f"E {answer.id}")
