"""Turns a transcript into what a model is asked: complete exchanges, then the new message. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.conversation import Message
from engine.messages import ChatMessage, Role


def request_messages(
    transcript: Sequence[Message], *, system_prompt: str
) -> tuple[ChatMessage, ...]:
    """Build the messages of a request.

    Args:
        transcript: messages up to and including the user message to be answered.
        system_prompt: put in front unless blank.

    An exchange whose answer stayed empty is left out: templates want the roles to alternate.
    When the last answer is streaming it is to be continued, and ends the request.
    """
    messages = [ChatMessage(Role.SYSTEM, system_prompt)] if system_prompt.strip() else []
    question: Message | None = None
    for message in transcript:
        if message.role is Role.USER:
            question = message
        elif message.role is Role.ASSISTANT and message.text and question is not None:
            messages.append(ChatMessage(Role.USER, question.text))
            messages.append(ChatMessage(Role.ASSISTANT, message.text))
            question = None
    if question is not None:
        messages.append(ChatMessage(Role.USER, question.text))
    return tuple(messages)
