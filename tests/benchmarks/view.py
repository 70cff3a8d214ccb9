"""What the chat view costs the GUI thread while an answer streams into a long chat (CPU time).

Prints one JSON object on its last line. `python dev.py bench view [--quick]`
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
from PySide6.QtWidgets import QApplication

from app.chat_view.highlighting import COMMON_LANGUAGES, preload
from app.chat_view.style import Style
from app.chat_view.view import ChatView
from app.collection import pause_collection, resume_collection
from app.core.conversation import Message, MessageState
from app.viewmodels.transcript_model import TranscriptModel
from engine.events import TextSpan
from engine.messages import Role

TOKENS_PER_UPDATE = 10
GIANT_STREAMED = 120_000
"""Characters of a giant block that are streamed."""
WORDS = re.findall(
    r"\S+",
    "draft main model token accept verify batch cache memory latency stream prompt answer window"
    " because however while under over more less with from into this 推测 解码 候选 词元",
)
CODE = '''def step(draft, main, context, k=4):
    """Propose k tokens and verify them."""
    proposal = []
    for index in range(k):
        token, p = draft.sample(context + proposal)
        proposal.append(token)  # one by one
    logits = main.forward(context, proposal)
    return [t for t, row in zip(proposal, logits) if row[t] >= 0.3]
'''
TABLE = """| Placement | tok/s | Rate |
|---|---:|---:|
| GPU + GPU | 142.3 | 0.81 |
| CPU | 14.7 | 0.8 |
"""

Token = tuple[str, bool]


def sentence(rng: random.Random, words: int = 14) -> str:
    """Words with some markup."""
    chosen = [rng.choice(WORDS) for _ in range(rng.randint(words // 2, words + 6))]
    if rng.random() < 0.4:
        chosen[0] = f"**{chosen[0]} {rng.choice(WORDS)}**"
    if rng.random() < 0.3:
        chosen[-1] = f"`{rng.choice(WORDS)}_{rng.choice(WORDS)}()`"
    if rng.random() < 0.1:
        chosen[len(chosen) // 2] = f"[{rng.choice(WORDS)}](https://example.org/{rng.randint(1, 9)})"
    return " ".join(chosen) + "."


def paragraph(rng: random.Random) -> str:
    """Some sentences."""
    return " ".join(sentence(rng) for _ in range(rng.randint(2, 5)))


def section(rng: random.Random) -> str:
    """A paragraph and perhaps something more."""
    parts = [paragraph(rng)]
    kind = rng.random()
    if kind < 0.2:
        parts.insert(0, "## " + " ".join(rng.choice(WORDS) for _ in range(4)))
    elif kind < 0.4:
        parts.append("\n".join(f"- {sentence(rng, 9)}" for _ in range(rng.randint(3, 6))))
    elif kind < 0.5:
        parts.append("\n".join(f"{n}. {sentence(rng, 9)}" for n in range(1, 5)))
    elif kind < 0.65:
        parts.append(f"```python\n{CODE}```")
    elif kind < 0.75:
        parts.append(TABLE.rstrip())
    elif kind < 0.82:
        parts.append("> " + sentence(rng))
    return "\n\n".join(parts)


def history(count: int) -> list[Message]:
    """A chat of questions and answers."""
    rng = random.Random(1)
    messages = []
    for index in range(count):
        role = Role.ASSISTANT if index % 2 else Role.USER
        sections = rng.randint(1, 5) if index % 2 else 0
        text = "\n\n".join(section(rng) for _ in range(sections)) or sentence(rng)
        messages.append(Message(role=role, text=text))
    return messages


def tokens_of(text: str) -> list[Token]:
    """Text in pieces of a few characters, most of them accepted drafts."""
    rng = random.Random(2)
    result: list[Token] = []
    position = 0
    while position < len(text):
        size = rng.choice((2, 3, 4, 5, 6))
        result.append((text[position : position + size], len(result) % 4 > 0))
        position += size
    return result


def answer(count: int) -> list[Token]:
    """An answer of a number of tokens."""
    rng = random.Random(7)
    text = ""
    while len(text) < count * 4:
        text += section(rng) + "\n\n"
    return tokens_of(text)[:count]


class Bench:
    """A visible chat view with a long chat."""

    def __init__(
        self, application: QApplication, messages: list[Message], *, colours: bool
    ) -> None:
        self._application = application
        self.model = TranscriptModel()
        self.view = ChatView(Style.light())
        self.view.resize(900, 800)
        self.view.set_model(self.model)
        self.view.set_token_colours(colours)
        self.view.show()
        self.settle()
        began = time.thread_time()
        self.model.replace(messages)
        self.settle()
        self.open_ms = (time.thread_time() - began) * 1e3
        self.documents = self.view.column.built_blocks

    def settle(self) -> None:
        """Run what is due, painting included."""
        for _ in range(3):
            self._application.processEvents()

    def open(self, messages: list[Message]) -> list[float]:
        """CPU milliseconds of each frame until a chat is wholly there."""
        frames = []
        began = time.thread_time()
        self.model.replace(messages)
        while True:
            self._application.processEvents()
            frames.append((time.thread_time() - began) * 1e3)
            if not self.view.column.has_more_to_cut:
                return frames
            began = time.thread_time()

    def stream(self, tokens: list[Token]) -> list[float]:
        """CPU milliseconds of each update of an answer."""
        row = self.model.append(Message(role=Role.ASSISTANT, text="", state=MessageState.STREAMING))
        self.settle()
        costs = []
        for start in range(0, len(tokens), TOKENS_PER_UPDATE):
            part = tokens[start : start + TOKENS_PER_UPDATE]
            spans = tuple(
                TextSpan(characters=len(text), step=start + i, accepted=accepted)
                for i, (text, accepted) in enumerate(part)
            )
            began = time.thread_time()
            self.model.append_text(row, "".join(text for text, _ in part), spans)
            self.model.flush()
            self.settle()
            costs.append((time.thread_time() - began) * 1e3)
        text = "".join(text for text, _ in tokens)
        self.model.finish(row, text=text, state=MessageState.DONE, report=None)
        self.settle()
        return costs

    def close(self) -> None:
        """Destroy the view."""
        self.view.close()
        self.view.deleteLater()
        self.settle()


def figures(costs: list[float]) -> dict[str, float]:
    """Median, percentile, maximum and growth of some costs."""
    ordered = sorted(costs)
    quarter = max(1, len(costs) // 4)
    first, last = statistics.median(costs[:quarter]), statistics.median(costs[-quarter:])
    return {
        "updates": len(costs),
        "median_ms": round(statistics.median(costs), 2),
        "p99_ms": round(ordered[int(len(ordered) * 0.99)], 2),
        "max_ms": round(ordered[-1], 2),
        "last_over_first_quarter": round(last / first, 2),
    }


def long_fence(lines: int) -> list[Token]:
    """One block of code."""
    body = (CODE + "\n") * (lines // 9)
    return tokens_of(f"Here it is:\n\n```python\n{body}```\n\nDone.\n")


def long_list(items: int) -> list[Token]:
    """One list."""
    rng = random.Random(3)
    return tokens_of("\n".join(f"{n}. {sentence(rng, 9)}" for n in range(1, items + 1)) + "\n")


def long_table(rows: int) -> list[Token]:
    """One table."""
    rng = random.Random(4)
    body = "".join(f"| {rng.choice(WORDS)} | {rng.random():.3f} | {n} |\n" for n in range(rows))
    return tokens_of("| name | value | number |\n|---|---:|---|\n" + body)


def measure(application: QApplication, *, quick: bool, colours: bool) -> dict[str, object]:
    """All figures with token colours on or off."""
    scale = 4 if quick else 1
    messages = history(1000)
    cases: dict[str, Callable[[], list[Token]]] = {
        "answer_4k": lambda: answer(4000 // scale),
        "answer_16k": lambda: answer(16000 // scale),
        "fence_600_lines": lambda: long_fence(600 // scale),
        "list_300_items": lambda: long_list(300 // scale),
        "table_300_rows": lambda: long_table(300 // scale),
    }
    result: dict[str, object] = {}
    opened = []
    for name, make in cases.items():
        bench = Bench(application, messages, colours=colours)
        opened.append(round(bench.open_ms, 1))
        result["documents_after_open"] = bench.documents
        result[name] = figures(bench.stream(make()))
        bench.close()
    result["open_1000_ms"] = statistics.median(opened)
    result["open_1000_all_ms"] = opened
    return result


def open_large(application: QApplication) -> dict[str, object]:
    """Processor time to open a long chat and long messages, and to stream into giant blocks."""
    bench = Bench(application, [], colours=False)
    section_count = 5000
    rng = random.Random(9)
    long_text = "\n\n".join(section(rng) for _ in range(section_count))[:1_000_000]
    cases = {
        "message_of_1_mb": [Message(role=Role.ASSISTANT, text=long_text)],
        "chat_of_10k": history(1000) * 10,
    }
    for name, text in giants().items():
        cases[name] = [Message(role=Role.ASSISTANT, text=text)]
    result: dict[str, object] = {}
    for name, messages in cases.items():
        frames = bench.open(messages)
        result[f"open_{name}_ms"] = round(sum(frames), 1)
        result[f"open_{name}_longest_frame_ms"] = round(max(frames), 1)
    for name, text in giants().items():
        bench.open([])
        result[f"stream_{name}"] = figures(bench.stream(tokens_of(text[:GIANT_STREAMED])))
    bench.close()
    return result


def giants() -> dict[str, str]:
    """Single blocks of 1 MB."""
    return {
        "fence_of_1_mb": f"```python\n{(CODE * 3000)[:1_000_000]}\n```\n",
        "paragraph_of_30k_lines": "".join(f"line {n} of one paragraph\n" for n in range(30_000)),
    }


def open_and_weigh(application: QApplication) -> float:
    """Memory of a process (MB) that has done nothing but open a chat of 1000 messages."""
    bench = Bench(application, history(1000), colours=False)
    memory = psutil.Process().memory_info().rss / 2**20
    bench.close()
    return round(memory, 1)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a quarter of the work")
    options = parser.parse_args()
    pause_collection()  # as the program does at its start
    application = QApplication([])
    application.setStyle("Fusion")
    for language in COMMON_LANGUAGES:  # the view does this while it is idle
        preload(language)
    resume_collection()
    result: dict[str, object] = {"bench": "view", "quick": options.quick}
    result["memory_with_1000_mb"] = open_and_weigh(application)
    for colours in (False, True):
        name = "colours_on" if colours else "colours_off"
        result[name] = measure(application, quick=options.quick, colours=colours)
    result["large"] = open_large(application)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
