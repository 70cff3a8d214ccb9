"""Turns a transcript into what a model is asked: complete exchanges, then the new message. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.conversation import Message
from engine.messages import ChatMessage, Role


def request_messages(
    transcript: Sequence[Message], *, system_prompt: str = ""
) -> tuple[ChatMessage, ...]:
    """Build the messages of a request.

    Args:
        transcript: messages up to and including the user message to be answered.
        system_prompt: put in front unless blank.

    An exchange whose answer stayed empty is left out: templates want the roles to alternate.
    When the last answer is streaming it is to be continued, and ends the request.
    """
    messages: list[ChatMessage] = []
    question: Message | None = None
    for message in transcript:
        if message.role is Role.USER:
            question = message
        elif message.role is Role.ASSISTANT and message.text and question is not None:
            messages.append(ChatMessage(Role.USER, question.text))
            messages.append(ChatMessage(Role.ASSISTANT, message.text))
            question = None
        elif message.role is Role.ASSISTANT and message.text and messages:
            # Of another program: an answer in several messages, with calls of tools between.
            whole = f"{messages[-1].content}\n\n{message.text}"
            messages[-1] = ChatMessage(Role.ASSISTANT, whole)
    if question is not None:
        messages.append(ChatMessage(Role.USER, question.text))
    return with_system_prompt(messages, system_prompt)


def with_system_prompt(messages: Sequence[ChatMessage], prompt: str) -> tuple[ChatMessage, ...]:
    """The messages with a system prompt in front, unless that is blank."""
    system = (ChatMessage(Role.SYSTEM, prompt),) if prompt.strip() else ()
    return (*system, *messages)


def followed_by(
    asked: Sequence[ChatMessage], *, answer: str, question: str
) -> tuple[ChatMessage, ...]:
    """What is asked next, once `asked` has its whole answer; an empty one is left out."""
    kept = list(asked)
    if kept and kept[-1].role is Role.ASSISTANT:
        kept.pop()  # the part of the answer that had been made before
    if not answer:
        kept.pop()
    else:
        kept.append(ChatMessage(Role.ASSISTANT, answer))
    return (*kept, ChatMessage(Role.USER, question))
