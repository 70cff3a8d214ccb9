"""The history sent to the model: what is left out and in which order."""

from app.controllers.chat_history import followed_by, request_messages
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


def test_an_answer_in_several_messages_is_one_answer() -> None:
    messages = request_messages([user("a"), answer("I look."), answer("Found."), user("b")])
    assert [message.content for message in messages] == ["a", "I look.\n\nFound.", "b"]


def test_what_follows_has_the_whole_answer() -> None:
    asked = request_messages([user("a"), answer("A"), user("b"), answer("begun")])
    next_asked = followed_by(asked, answer="begun and ended", question="c")
    assert [message.content for message in next_asked] == ["a", "A", "b", "begun and ended", "c"]


def test_an_empty_answer_is_not_part_of_what_follows() -> None:
    asked = request_messages([user("a"), answer("A"), user("b")])
    next_asked = followed_by(asked, answer="", question="c")
    assert [message.content for message in next_asked] == ["a", "A", "c"]
