"""One sentence above the composer about what went wrong, with one thing to do. Never a dialog."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.core.error_entries import ErrorAction
from app.core.error_text import ErrorText
from app.icons import icon
from app.palette import Palette
from app.views.announcement import announce
from app.views.labels import icon_button, label


class Banner(QFrame):
    """Shows one error or notice at a time; its button emits `action_requested(ErrorAction)`."""

    action_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._palette: Palette | None = None
        self._action = ErrorAction.DISMISS
        self._on_accept: Callable[[], object] | None = None
        self._symbol = label("")
        self.title = label("", role="strong")
        self.sentence = label("", wrap=True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton()
        self.close_button = icon_button(self.tr("Dismiss"))
        self._build()
        self.button.clicked.connect(self._act)
        self.close_button.clicked.connect(self.hide)
        self.hide()

    @property
    def is_shown(self) -> bool:
        """Whether there is something to read, even while the window itself is hidden."""
        return not self.isHidden()

    def show_error(self, text: ErrorText) -> None:
        """Show an error with its action."""
        self._show("error", text.title, text.sentence)
        self._action = text.action
        self.button.setText(text.action_label)
        self.button.setVisible(text.action is not ErrorAction.DISMISS)

    def show_notice(self, title: str, sentence: str) -> None:
        """Show something to know that needs no action."""
        self._show("notice", title, sentence)
        self._action = ErrorAction.DISMISS
        self.button.hide()

    def show_offer(
        self, title: str, sentence: str, *, label: str, on_accept: Callable[[], object]
    ) -> None:
        """Show something to know with one thing to do about it."""
        self.show_notice(title, sentence)
        self._on_accept = on_accept
        self.button.setText(label)
        self.button.show()

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self.close_button.setIcon(icon("x", palette.muted))
        self._paint_symbol()

    def _build(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(self.title)
        texts.addWidget(self.sentence)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 10, 10, 10)
        layout.setSpacing(12)
        layout.addWidget(self._symbol)
        layout.addLayout(texts, 1)
        layout.addWidget(self.button)
        layout.addWidget(self.close_button)

    def _show(self, kind: str, title: str, sentence: str) -> None:
        self._on_accept = None
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self._paint_symbol()
        self.show()
        announce(self, f"{title}. {sentence}")

    def _paint_symbol(self) -> None:
        if self._palette is None:
            return
        is_error = self.property("kind") == "error"
        colour = self._palette.error if is_error else self._palette.warn
        symbol = icon("circle-alert" if is_error else "info", colour)
        self._symbol.setPixmap(symbol.pixmap(QSize(20, 20), self.devicePixelRatioF()))

    def _act(self) -> None:
        self.hide()
        if self._on_accept is not None:
            self._on_accept()
        else:
            self.action_requested.emit(self._action)
