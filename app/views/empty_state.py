"""What a new chat shows: a greeting, what answers here, and messages to start with."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.core.load_choice import ModelPair
from app.views.labels import label

_WIDTH = 620


class EmptyState(QWidget):
    """Greeting and four example messages. Signals: `prompt_chosen(text)` when one is picked;
    `models_requested()` when something better than the demonstration is wanted.
    """

    prompt_chosen = Signal(str)
    models_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.greeting = label(self.tr("What shall we talk about?"), role="greeting")
        self.description = label("", role="lead", wrap=True)
        self.buttons = [QPushButton() for _ in range(4)]
        self.models = QPushButton(self.tr("Get the models recommended for this machine"))
        self.models.setProperty("role", "link")
        self.models.setCursor(Qt.CursorShape.PointingHandCursor)
        self.models.setAccessibleName(self.models.text())
        self.models.clicked.connect(self.models_requested)
        for widget in (self.greeting, self.description):
            widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._build()

    def set_text_scale(self, scale: float) -> None:
        """Follow the size of text."""
        self._column.setMaximumWidth(round(_WIDTH * max(1.0, scale)))

    def show_pair(self, pair: ModelPair) -> None:
        """Say what answers here, and offer messages it can answer."""
        self.description.setText(self._describe(pair))
        self.models.setVisible(pair.is_demonstration and not pair.is_scripted)
        prompts = self._demonstration_prompts() if pair.is_demonstration else self._prompts()
        for button, prompt in zip(self.buttons, prompts, strict=True):
            button.setText(prompt)
            button.setAccessibleName(self.tr("Send: {prompt}").format(prompt=prompt))

    def _build(self) -> None:
        column = self._column = QWidget()
        column.setMaximumWidth(_WIDTH)
        inner = QVBoxLayout(column)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(10)
        inner.addWidget(self.greeting)
        inner.addWidget(self.description)
        inner.addSpacing(18)
        grid = QGridLayout()
        grid.setSpacing(12)
        for index, button in enumerate(self.buttons):
            button.setProperty("role", "prompt")
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(lambda _=False, b=button: self.prompt_chosen.emit(b.text()))
            grid.addWidget(button, index // 2, index % 2)
        inner.addLayout(grid)
        inner.addWidget(self.models, 0, Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.addStretch(2)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(column, 1000)
        line.addStretch(1)
        layout.addLayout(line)
        layout.addStretch(3)

    def _describe(self, pair: ModelPair) -> str:
        if pair.is_scripted:
            return self.tr("Nothing real answers here: the text is invented to show the window.")
        if pair.is_demonstration:
            return self.tr(
                "A small demonstration pair answers here. It tells little stories and makes small "
                "talk, in English; it is not an assistant and knows no facts."
            )
        if pair.draft_name is None:
            return self.tr("{main} answers here.").format(main=pair.main_name)
        return self.tr("{main} answers here, with {draft} as its draft model.").format(
            main=pair.main_name, draft=pair.draft_name
        )

    def _demonstration_prompts(self) -> tuple[str, str, str, str]:
        return (
            self.tr("Tell me a story about a dog."),
            self.tr("Tell me a story about a girl and the sea."),
            self.tr("Who are you?"),
            self.tr("What is speculative decoding?"),
        )

    def _prompts(self) -> tuple[str, str, str, str]:
        return (
            self.tr("Explain speculative decoding."),
            self.tr("Write a short poem about rain."),
            self.tr("Write a Python prime sieve."),
            self.tr("Plan a quiet weekend by the sea."),
        )
