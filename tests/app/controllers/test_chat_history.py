"""The history sent to the model: what is left out and in which order."""

from app.controllers.chat_history import request_messages
from app.core.conversation import Message
from engine.messages import ChatMessage, Role


def user(text: str) -> Message:
    return Message(role=Role.USER, text=text)


def answer(text: str) -> Message:
    return Message(role=Role.ASSISTANT, text=text)


def test_roles_alternate_and_the_question_comes_last() -> None:
    messages = request_messages(
        [user("a"), answer("A"), user("b"), answer("")], system_prompt="be kind"
    )
    assert messages == (
        ChatMessage(Role.SYSTEM, "be kind"),
        ChatMessage(Role.USER, "a"),
        ChatMessage(Role.ASSISTANT, "A"),
        ChatMessage(Role.USER, "b"),
    )


def test_an_exchange_without_an_answer_is_left_out() -> None:
    messages = request_messages(
        [user("lost"), answer(""), user("b"), answer("B"), user("c")], system_prompt="  "
    )
    assert [message.content for message in messages] == ["b", "B", "c"]
