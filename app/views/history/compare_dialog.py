"""Two versions of an answer side by side, with their figures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.chat_view.style import Style
from app.chat_view.view import ChatView
from app.core.conversation import Message
from app.core.figure_rows import COMPARED, better, compared_rows
from app.core.store.values import StoredMessage
from app.core.translation import Translate
from app.palette import Palette
from app.viewmodels.transcript_model import TranscriptModel
from app.views.caption_combo import CaptionCombo
from app.views.labels import label
from engine.metrics.report import GenerationReport


class VersionColumn(QFrame):
    """One version: which one, and its text as the chat shows it."""

    chosen = Signal()

    def __init__(
        self, names: Sequence[str], *, name: str, palette: Palette, token_colours: bool
    ) -> None:
        super().__init__()
        self.setObjectName("versionColumn")
        self.setStyleSheet(
            f"#versionColumn {{ background: {palette.bg}; border: 1px solid {palette.line};"
            " border-radius: 12px; }"
        )
        self.choice = CaptionCombo("", name=name)
        for number, text in enumerate(names):
            self.choice.add_choice(str(number), short=text, long=text)
        self.choice.currentIndexChanged.connect(lambda _: self.chosen.emit())
        self._model = TranscriptModel(self)
        self.view = ChatView(Style(palette))
        self.view.set_model(self._model)
        self.view.set_token_colours(token_colours)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.addWidget(self.choice)
        layout.addWidget(self.view, 1)

    def show_message(self, message: Message) -> None:
        """Show the text of a version."""
        self._model.replace((message,))
        bar = self.view.verticalScrollBar()
        # The view goes to the newest text; whoever compares begins at the beginning.
        QTimer.singleShot(0, self.view, lambda: bar.setValue(0))


class CompareDialog(QDialog):
    """Any two of the versions; the better figure of two is marked, where one can be said to be."""

    def __init__(
        self,
        versions: Sequence[StoredMessage],
        *,
        shown_id: int,
        palette: Palette,
        token_colours: bool,
        translate: Translate,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Compare versions"))
        self._versions = tuple(versions)
        self._palette = palette
        self._translate = translate
        self._values: dict[str, tuple[QLabel, QLabel]] = {}
        names = [self._name(number, stored) for number, stored in enumerate(versions, 1)]
        self.columns = tuple(
            VersionColumn(names, name=side, palette=palette, token_colours=token_colours)
            for side in (self.tr("Left version"), self.tr("Right version"))
        )
        self.verdict = label("", role="muted", wrap=True)
        self._build()
        shown = next((i for i, v in enumerate(versions) if v.id == shown_id), len(versions) - 1)
        self.columns[0].choice.setCurrentIndex(shown - 1 if shown else 1)
        self.columns[1].choice.setCurrentIndex(shown)
        for column in self.columns:
            column.chosen.connect(self._show)
        self._show()

    def value(self, key: str, side: int) -> str:
        """A shown figure, of the left (0) or the right (1) version."""
        return self._values[key][side].text()

    def _name(self, number: int, stored: StoredMessage) -> str:
        report = stored.message.report
        if report is None:
            return self.tr("Version {number}").format(number=number)
        rows = compared_rows(report, self._translate)
        return self.tr("Version {number}: {strategy}, {device}").format(
            number=number, strategy=rows["strategy"].value, device=report.main_device
        )

    def _build(self) -> None:
        texts = QHBoxLayout()
        texts.setSpacing(12)
        for column in self.columns:
            texts.addWidget(column, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addLayout(texts, 1)
        layout.addWidget(self._table())
        layout.addWidget(self.verdict)
        layout.addWidget(buttons)
        self.resize(1040, 720)

    def _table(self) -> QWidget:
        card = QFrame()
        card.setProperty("role", "card")
        grid = QGridLayout(card)
        grid.setContentsMargins(14, 10, 14, 10)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        for number, key in enumerate(COMPARED):
            name = compared_rows(None, self._translate)[key].name
            left, right = label("", role="figureLeft"), label("")
            for widget in (left, right):
                widget.setAccessibleName(name)
                widget.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(label(name, role="muted"), number, 0)
            grid.addWidget(left, number, 1)
            grid.addWidget(right, number, 2)
            self._values[key] = (left, right)
        return card

    def _show(self) -> None:
        chosen = [self._versions[column.choice.currentIndex()] for column in self.columns]
        for column, stored in zip(self.columns, chosen, strict=True):
            column.show_message(stored.message)
        reports = [stored.message.report for stored in chosen]
        rows = [compared_rows(report, self._translate) for report in reports]
        for key, labels in self._values.items():
            looks_equal = rows[0][key].value == rows[1][key].value
            best = None if looks_equal else _best(key, reports[0], reports[1])
            for side, widget in enumerate(labels):
                widget.setText(rows[side][key].value)
                colour = self._palette.ok if side == best else self._palette.text
                weight = 600 if side == best else 400
                widget.setStyleSheet(f"color: {colour}; font-weight: {weight}")
        self.verdict.setText(self._judge(chosen[0], chosen[1]))

    def _judge(self, first: StoredMessage, second: StoredMessage) -> str:
        if first.id == second.id:
            return self.tr("This is the same version twice.")
        if first.message.text == second.message.text:
            return self.tr("The two texts are the same, character by character.")
        return self.tr("The two texts differ.")


def _best(key: str, first: GenerationReport | None, second: GenerationReport | None) -> int | None:
    return None if first is None or second is None else better(key, first, second)
