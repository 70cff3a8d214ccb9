"""Texts that the tests of the view show, and short ways to what they look at."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QGuiApplication

from app.core.conversation import Message
from engine.messages import Role

Chat = Any
PARAGRAPHS = "\n\n".join(f"Paragraph {n} with some words in it." for n in range(60))
MARKDOWN = """## Title 标题

A **bold** word, *so* `code()` and [link](https://e.org/x).

1. one
2. two
   - inner

| a | b |
|---|--:|
| 1 | 2 |

```python
def f(x):
    return x  # 注释
```

> quoted

- [x] done

Last line.
"""


def history(count: int) -> list[Message]:
    """Questions and answers in turn."""
    roles = (Role.USER, Role.ASSISTANT)
    return [
        Message(role=roles[n % 2], text=f"{MARKDOWN if n % 2 else 'Question'}")
        for n in range(count)
    ]


def clipboard() -> str:
    """What was copied last."""
    return QGuiApplication.clipboard().text()


def bar_of(chat: Chat) -> Any:
    """The scroll bar of a chat."""
    return chat.view.verticalScrollBar()
