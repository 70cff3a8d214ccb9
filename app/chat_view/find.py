"""Find in the chat: connects the bar with the search and shows the hits in the view."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from app.chat_view.attached import searched_text
from app.chat_view.find_bar import FindBar
from app.chat_view.finder import Hit, Hits, find_all
from app.chat_view.marks import Mark, MarkKind
from app.chat_view.style import Style
from app.viewmodels.transcript_model import TranscriptModel
from engine.messages import Role

if TYPE_CHECKING:
    from app.chat_view.view import ChatView

TYPING_MS = 120
CHANGED_MS = 400
"""Pause before a search that follows new text of an answer."""


class ChatFind(QObject):
    """Searches while the bar is open; hits are marked in what is drawn."""

    def __init__(self, view: ChatView) -> None:
        super().__init__(view)
        self._view = view
        self._hits = Hits()
        self.bar = FindBar(view)
        self._typing = self._timer(TYPING_MS, self._search_anew)
        self._changed = self._timer(CHANGED_MS, self._search_again)
        self.bar.wanted_changed.connect(self._typing.start)
        self.bar.stepped.connect(self.step)
        self.bar.closed.connect(self.close)

    @property
    def is_open(self) -> bool:
        """Whether the bar is shown."""
        return not self.bar.isHidden()

    def set_style(self, style: Style) -> None:
        """Take the colours of a style."""
        self.bar.set_style(style)

    def open(self) -> None:
        """Show the bar with the selected words in it, if there are any."""
        selected = self._view.selected_text()
        if selected and "\n" not in selected:
            self.bar.field.setText(selected)
        self.place()
        self.bar.show()
        self.bar.raise_()
        self.bar.field.selectAll()
        self.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search_anew()

    def close(self) -> None:
        """Hide the bar and the marks."""
        self._typing.stop()
        self._changed.stop()
        self.bar.hide()
        self._hits.replace((), near=None)
        self._view.show_found({}, None)
        self._view.setFocus()

    def step(self, direction: int) -> None:
        """To the next hit (1) or the one before (-1)."""
        if self._typing.isActive():
            self._search_anew()
            return
        self._hits.step(direction)
        self._show(reveal=True)

    def text_changed(self) -> None:
        """Messages have changed; search again soon."""
        if self.is_open and not self._changed.isActive():
            self._changed.start()

    def place(self) -> None:
        """Stand at the top right of the view."""
        self.bar.place(self._view.viewport().geometry())

    def _timer(self, milliseconds: int, action: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(action)
        return timer

    def _search_anew(self) -> None:
        """Begin with the first hit in what is selected or in view."""
        self._typing.stop()
        view = self._view
        row = view.column.row_at(view.verticalScrollBar().value())
        if not view.selection.is_empty and view.selection.anchor is not None:
            row = view.selection.anchor.row
        self._search(self._hits.current or Hit(max(0, row), 0, 0))
        self._show(reveal=True)

    def _search_again(self) -> None:
        self._search(self._hits.current)
        self._show(reveal=False)

    def _search(self, near: Hit | None) -> None:
        model = self._view.model
        texts = [_searched(model, row) for row in range(len(model))] if model is not None else []
        found = find_all(texts, self.bar.field.text(), match_case=self.bar.case.isChecked())
        self._hits.replace(found, near=near)

    def _show(self, *, reveal: bool) -> None:
        self.bar.show_count(self._hits.number, len(self._hits))
        marks = {
            row: [Mark(hit.start, hit.end) for hit in hits]
            for row, hits in self._hits.by_row().items()
        }
        current = self._hits.current
        place = None
        if current is not None:
            place = (current.row, Mark(current.start, current.end, MarkKind.CURRENT))
        self._view.show_found(marks, place, reveal=reveal)


def _searched(model: TranscriptModel, row: int) -> str:
    text = model.text(row)
    return searched_text(text) if model.role_of(row) is Role.USER else text
