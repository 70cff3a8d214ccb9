"""A visible chat view, its model, and ways to stream text into it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.chat_view.message_stack import Placed
from app.chat_view.style import Style
from app.chat_view.view import ChatView
from app.core.conversation import Message, MessageState
from app.viewmodels.transcript_model import TranscriptModel
from engine.events import TextSpan
from engine.messages import Role
from engine.metrics.report import GenerationReport, RuntimeFigures
from engine.params import GenerationParams


@dataclass
class Chat:
    """A view with its model."""

    view: ChatView
    model: TranscriptModel

    def ask(self, text: str) -> int:
        """Add a user message."""
        return self.model.append(Message(role=Role.USER, text=text))

    def answer(self, text: str, spans: tuple[TextSpan, ...] = ()) -> int:
        """Add a finished answer."""
        return self.model.append(Message(role=Role.ASSISTANT, text=text, spans=spans))

    def begin(self) -> int:
        """Add an answer that waits."""
        return self.model.append(Message(role=Role.ASSISTANT, text="", state=MessageState.WAITING))

    def stream(self, row: int, parts: Sequence[str]) -> None:
        """Let text arrive, one frame for each part."""
        for part in parts:
            self.model.append_text(row, part)
            self.model.flush()

    def finish(self, row: int) -> None:
        """End an answer with the text it has."""
        text = self.model.message(row).text
        self.model.finish(row, text=text, state=MessageState.DONE, report=None)

    def rendered(self, row: int) -> list[str]:
        """Drawn text of the blocks of a message."""
        item = self.view.column.parsed(row)
        return [self.view.column.built(row, index).text() for index in range(len(item.blocks))]

    def placed(self) -> list[Placed]:
        """Blocks in the viewport."""
        scroll = self.view.verticalScrollBar().value()
        return list(self.view.column.visible(scroll, scroll + self.view.viewport().height()))

    def point_of(self, row: int, index: int, position: int) -> QPointF:
        """The middle of a character in viewport pixels."""
        block = self.view.column.built(row, index)
        document = block.document
        assert document is not None
        text_block = document.findBlock(position)
        inside = position - text_block.position()
        line = text_block.layout().lineForTextPosition(inside)
        left = line.cursorToX(inside)[0]  # type: ignore[index]
        right = line.cursorToX(inside + 1)[0]  # type: ignore[index]
        top = document.documentLayout().blockBoundingRect(text_block).top()
        y = top + line.y() + line.height() / 2
        item = self.view.column.items[row]
        corner = self.view.message_rect(row).topLeft()
        base = QPointF(corner.x() + item.left_of(block), corner.y() + block.top)
        return base + block.origin + QPointF((left + right) / 2, y)


@pytest.fixture
def chat(qtbot: QtBot) -> Chat:
    """A view of 900 x 700 pixels without messages."""
    view = ChatView(Style.light())
    model = TranscriptModel(view)
    view.set_model(model)
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.show()
    qtbot.waitExposed(view)
    view.setFocus()
    return Chat(view, model)


@pytest.fixture
def settle() -> Callable[[], None]:
    """Run everything that is due, painting included."""

    def run() -> None:
        for _ in range(4):
            QApplication.processEvents()

    return run


@pytest.fixture
def report() -> Callable[..., GenerationReport]:
    """A report with some runs; keywords replace fields."""

    def make(**changes: object) -> GenerationReport:
        plain = GenerationReport(
            finish_reason="end",
            strategy="draft",
            main_name="main",
            draft_name="draft",
            main_device="CPU",
            draft_device="CPU",
            params=GenerationParams(num_assistant_tokens=5),
            token_count=8,
            prompt_tokens=12,
            elapsed_s=1.0,
            ttft_s=0.1,
            tpot_s=None,
            tokens_per_s=None,
            accepted=None,
            drafted=None,
            acceptance_rate=None,
            mean_acceptance_length=None,
            run_lengths=(1, 4, 3),
            run_times_s=(0.1, 0.25, 0.4),
            versions=(),
            runtime=RuntimeFigures(),
        )
        return replace(plain, **changes)  # type: ignore[arg-type]

    return make
