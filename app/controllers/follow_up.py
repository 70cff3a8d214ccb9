"""Asks the next thing in a chat that is not shown: what waited there for its answer."""

from __future__ import annotations

from app.controllers.answering import Answering
from app.controllers.chat_history import followed_by
from app.controllers.chat_journal import ChatJournal
from app.controllers.turn import Turn
from app.core.conversation import Message
from engine.messages import Role


def follow_up(answering: Answering, journal: ChatJournal, turn: Turn, text: str) -> bool:
    """Write the question below the answer of `turn`, which has ended, and let it be answered.

    Returns whether that was done: not while another answer of that chat is made.
    """
    if answering.turn_of(turn.chat) is not None or turn.record is None:
        return False
    question = Message(role=Role.USER, text=text.strip())
    entry = journal.write_question(turn.chat, turn.record.entry, question)
    asked = followed_by(turn.asked, answer=turn.begun_text + turn.text, question=question.text)
    follower = Turn(chat=turn.chat, asked=asked, settings=turn.settings)
    follower.record = journal.write_answer(
        turn.chat, entry, lambda: answering.on_recorded(follower)
    )
    answering.begin(follower)
    return True
