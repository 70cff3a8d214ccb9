"""Prompt sets of the Placement Lab. What a prompt is about decides how often a draft is right.

Six prompts a set: the fewest with which a paired test over prompts can find a difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.errors import ParameterError
from engine.messages import ChatMessage, Role

OWN_PROMPTS = "own"
LAST_CHAT = "last_chat"


@dataclass(frozen=True, slots=True)
class LabPrompt:
    """One question, with the chat before it.

    Raises:
        ParameterError: it is empty or does not end with a user's message.
    """

    messages: tuple[ChatMessage, ...]

    def __post_init__(self) -> None:
        last = self.messages[-1] if self.messages else None
        if last is None or last.role is not Role.USER or not last.content.strip():
            raise ParameterError("A prompt must end with a question.", parameter="prompt")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSet:
    """Prompts of one kind, measured and shown together."""

    set_id: str
    """A key of `BUILT_IN_SETS`, `OWN_PROMPTS`, `LAST_CHAT` or any other name."""
    prompts: tuple[LabPrompt, ...]

    def first(self, count: int) -> PromptSet:
        """The same set with at most `count` prompts."""
        return PromptSet(set_id=self.set_id, prompts=self.prompts[:count])


def prompt_set(set_id: str, texts: Iterable[str]) -> PromptSet:
    """A set of single questions; blank ones are left out."""
    return PromptSet(
        set_id=set_id,
        prompts=tuple(LabPrompt((ChatMessage(Role.USER, text),)) for text in texts if text.strip()),
    )


def prompts_of_chat(messages: tuple[ChatMessage, ...]) -> PromptSet:
    """Every question of a chat, each with what came before it, as the set `LAST_CHAT`."""
    return PromptSet(
        set_id=LAST_CHAT,
        prompts=tuple(
            LabPrompt(messages[: index + 1])
            for index, message in enumerate(messages)
            if message.role is Role.USER and message.content.strip()
        ),
    )


_STORY = (
    "Tell me a story about a dog who finds a key.",
    "Tell me a story about a little girl and the sea.",
    "Write a short tale about two brothers who build a boat.",
    "Tell me a bedtime story about an owl that cannot sleep.",
    "Write a story about a lighthouse keeper and a lost letter.",
    "Tell me a story about a rainy day at grandmother's house.",
)
_CODE = (
    "Write a Python function that returns the n-th Fibonacci number, with type hints.",
    "Write a Python class for a stack with push, pop and peek, and a short test.",
    "Write a JavaScript function that removes duplicates from an array and keeps the order.",
    "Write an SQL query that lists the ten customers with the highest total of orders.",
    "Write a C function that reverses a string in place and explain each line.",
    "Write a shell script that renames all .jpeg files of a folder to .jpg.",
)
_PASSAGES = (
    "The tide is the rise and fall of the sea. It is caused by the pull of the moon and, less, of "
    "the sun. Most coasts see two high tides and two low tides a day. When sun and moon pull in "
    "one line the tide is strong; when they pull at right angles it is weak.",
    "A library lends books for three weeks. A loan can be extended twice unless somebody else has "
    "asked for the book. Who returns a book late pays ten cents a day, and never more than the "
    "price of the book. Children pay nothing.",
    "Bread rises because yeast turns sugar into gas. The dough must be kneaded so that it can hold "
    "the gas. It rests twice: once after kneading and once after it has been shaped. The oven must "
    "be hot from the beginning, or the crust stays soft.",
    "The train leaves the capital at eight, stops at the river bridge at nine and reaches the "
    "mountains by noon. In winter it runs on weekends only. Tickets bought on the train cost two "
    "coins more. Dogs travel free when they fit on a lap.",
    "Solar cells turn light into electricity. They give most at noon on a clear day and nothing at "
    "night, so a house needs a battery or the grid. Dust lowers their yield a little, heat lowers "
    "it more. Most cells last for more than twenty-five years.",
    "The old mill was built in 1790 beside the stream. It ground corn for four villages until a "
    "steam mill opened in the town. Later it was a school, then a barn. Since last year it is a "
    "museum where children may grind flour by hand.",
)
_QUESTION = (
    "Why is the sky blue?",
    "What is speculative decoding?",
    "How does a refrigerator keep food cold?",
    "What is the difference between weather and climate?",
    "Why do we have leap years?",
    "How do vaccines work?",
)
_CHINESE = (
    "请讲一个关于小狗和钥匙的短故事。",
    "为什么天空是蓝色的？",
    "请用三句话介绍一下春节。",
    "怎样煮一碗好吃的西红柿鸡蛋面？",
    "请解释什么是推测解码。",
    "请写一封感谢老师的短信。",
)

BUILT_IN_SETS: dict[str, PromptSet] = {
    found.set_id: found
    for found in (
        prompt_set("story", _STORY),
        prompt_set("code", _CODE),
        prompt_set("summarise", (f"Summarise this in two sentences: {text}" for text in _PASSAGES)),
        prompt_set("question", _QUESTION),
        prompt_set("chinese", _CHINESE),
    )
}
