"""Prompt sets of the Placement Lab. What a prompt is about decides how often a draft is right.

Twelve prompts a set. The first six are the fewest with which a paired test over prompts finds
anything; twelve find a gain of 1.3 even where it varies much, see `engine.lab.statistics`.
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
    "Tell me a story about a small boat that was afraid of the waves.",
    "Write a short tale about a baker who lost his spoon.",
    "Tell me a story about two friends and a kite.",
    "Tell me a bedtime story about a bear who wanted to see the snow.",
    "Write a story about a boy who plants a strange seed.",
    "Tell me a story about a cat that lived in a train station.",
)
_CODE = (
    "Write a Python function that returns the n-th Fibonacci number, with type hints.",
    "Write a Python class for a stack with push, pop and peek, and a short test.",
    "Write a JavaScript function that removes duplicates from an array and keeps the order.",
    "Write an SQL query that lists the ten customers with the highest total of orders.",
    "Write a C function that reverses a string in place and explain each line.",
    "Write a shell script that renames all .jpeg files of a folder to .jpg.",
    "Write a Python function that checks whether a string is a palindrome, with doctests.",
    "Write a Java class for a bank account that refuses to go below zero.",
    "Write an HTML page with a form for name and e-mail address, and the CSS for it.",
    "Write a Python script that counts the words of a text file and prints the ten commonest.",
    "Write a Rust function that returns the largest number of a slice, or nothing if it is empty.",
    "Write a regular expression for dates such as 2026-11-21 and explain its parts.",
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
    "Bees visit flowers to collect nectar and pollen. On the way they carry pollen from one flower "
    "to the next, and so fruit can grow. A hive has one queen and thousands of workers. In winter "
    "they sit close together and keep each other warm.",
    "The bicycle lane in Mill Street opens on Monday. Cars may then drive in one direction only, "
    "from the station to the market. Deliveries are allowed until ten in the morning. After half a "
    "year the council will count bicycles and decide whether the lane stays.",
    "Tea is made from the leaves of one plant. Green tea is heated soon after picking, so it keeps "
    "its colour. Black tea is rolled and left in the air first. How hot the water is and how long "
    "the leaves stay in it decide whether the tea is bitter.",
    "The swimming pool is open from April to September. Before noon it belongs to schools, in the "
    "afternoon to everybody. A day costs four coins, a season forty. Who forgets to take shoes off "
    "at the entrance has to wipe the floor.",
    "A glacier is a river of ice. Snow that falls on the mountain is pressed to ice by the snow "
    "above it and slowly flows into the valley. It carries stones with it, which scratch the rock. "
    "When more ice melts than snow falls, the glacier becomes shorter.",
    "The choir meets on Tuesdays at seven in the old school. Nobody has to read notes. In spring "
    "it sings in the church, in autumn at the harvest market. New voices are welcome, deep ones "
    "above all. The first month costs nothing.",
)
_QUESTION = (
    "Why is the sky blue?",
    "What is speculative decoding?",
    "How does a refrigerator keep food cold?",
    "What is the difference between weather and climate?",
    "Why do we have leap years?",
    "How do vaccines work?",
    "Why does bread rise?",
    "What is the difference between a virus and a bacterium?",
    "How does a bicycle stay upright?",
    "Why is the sea salty?",
    "What does a central bank do?",
    "How do birds find their way when they migrate?",
)
_CHINESE = (
    "请讲一个关于小狗和钥匙的短故事。",
    "为什么天空是蓝色的？",
    "请用三句话介绍一下春节。",
    "怎样煮一碗好吃的西红柿鸡蛋面？",
    "请解释什么是推测解码。",
    "请写一封感谢老师的短信。",
    "请讲一个关于月亮和兔子的故事。",
    "为什么海水是咸的？",
    "请用三句话介绍一下长城。",
    "怎样照顾一盆刚买回来的绿萝？",
    "请解释天气和气候有什么不同。",
    "请写一段邀请朋友来家里吃饭的话。",
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
