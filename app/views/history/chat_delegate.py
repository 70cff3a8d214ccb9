"""Paints and edits the rows of the list of chats."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.icons import icon
from app.palette import LIGHT, Palette
from app.viewmodels.chat_list_model import ChatListModel, ChatListRole
from app.viewmodels.chat_list_rows import ChatMark, ListRow, RowKind
from app.views.history.chat_mark import MARK_WIDTH, paint_mark
from app.views.history.escape import NameEdit
from app.views.theme import FONT_PX, mixed

AnyIndex = QModelIndex | QPersistentModelIndex
_HEIGHTS = {
    RowKind.HEADING: 30,
    RowKind.FOLDER: 34,
    RowKind.CHAT: 34,
    RowKind.HIT: 50,
    RowKind.NOTE: 44,
}
_SIDE = 10
_INDENT = 20
_RADIUS = 8
_ICON = 15
MENU_WIDTH = 28
_SMALL_PX = 12
_LINE = 18


class ChatDelegate(QStyledItemDelegate):
    """Rows with rounded backgrounds; a menu button at the end of the row under the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.palette: Palette = LIGHT
        self.turned = 0
        """How far the marks of answers being made have turned, of `TURN_STEPS`."""
        self._font: QFont | None = None
        self._scale = 1.0

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        self._follow_font(option.font)
        return QSize(option.rect.width(), self._px(_HEIGHTS[_row(index).kind]))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row = _row(index)
        self._follow_font(option.font)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        try:
            match row.kind:
                case RowKind.HEADING | RowKind.NOTE:
                    self._paint_words(painter, option.rect, row)
                case RowKind.HIT:
                    self._paint_background(painter, option, index)
                    self._paint_hit(painter, option.rect, row)
                case _:
                    self._paint_background(painter, option, index)
                    self._paint_item(painter, option, index, row)
        finally:
            painter.restore()

    def menu_rect(self, rect: QRect) -> QRect:
        """Where the menu button of a row is."""
        return QRect(rect.right() - MENU_WIDTH, rect.top(), MENU_WIDTH, rect.height())

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex
    ) -> QWidget:
        del option
        editor = NameEdit(parent)
        is_folder = _row(index).kind is RowKind.FOLDER
        editor.setAccessibleName(self.tr("Folder name") if is_folder else self.tr("Chat title"))
        editor.setMaxLength(200)
        editor.setStyleSheet("QLineEdit { min-height: 26px; padding: 0 6px; }")
        return editor

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        # Once: the list may be read anew while a name is being typed.
        if isinstance(editor, NameEdit) and not editor.is_filled:
            editor.is_filled = True
            editor.setText(_row(index).text)
            editor.selectAll()

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex
    ) -> None:
        del index
        editor.setGeometry(option.rect.adjusted(2, 1, -2, -1))

    def _paint_words(self, painter: QPainter, rect: QRect, row: ListRow) -> None:
        font = self._small(painter.font())
        if row.kind is RowKind.HEADING:
            font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(self.palette.muted))
        inner = rect.adjusted(_SIDE, 0, -_SIDE, -4 if row.kind is RowKind.HEADING else 0)
        bottom = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner, bottom if row.kind is RowKind.HEADING else middle, row.text)

    def _paint_background(
        self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex
    ) -> None:
        state = option.state
        palette = self.palette
        colour = None
        if index.data(ChatListRole.IS_OPEN):
            colour = palette.accent_soft
        elif state & QStyle.StateFlag.State_Selected:
            colour = mixed(palette.side, palette.accent, 0.12)
        elif state & QStyle.StateFlag.State_MouseOver:
            colour = mixed(palette.side, palette.text, 0.06)
        box = option.rect.adjusted(1, 1, -1, -1)
        if colour is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(palette.accent), 1))
            painter.drawRoundedRect(box, _RADIUS, _RADIUS)

    def _paint_item(
        self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex, row: ListRow
    ) -> None:
        rect = option.rect
        left = rect.left() + _SIDE + row.indent * _INDENT
        if row.kind is RowKind.FOLDER:
            names = (
                ("chevron-down", "folder-open") if row.is_expanded else ("chevron-right", "folder")
            )
            for name in names:
                self._icon(painter, name, left, rect)
                left += self._px(_ICON) + 6
        right = rect.right() - _SIDE
        if option.state & QStyle.StateFlag.State_MouseOver:
            menu = self.menu_rect(rect)
            self._icon(painter, "ellipsis", menu.center().x() - self._px(_ICON) // 2, rect)
            right = menu.left()
        elif row.folder is not None and row.folder.chat_count:
            right -= self._paint_count(painter, right, rect, row.folder.chat_count)
        mark = index.data(ChatListRole.MARK)
        if mark is not None:
            width = self._px(MARK_WIDTH)
            box = QRect(right - width, rect.center().y() - width // 2, width, width)
            paint_mark(painter, box, ChatMark(mark), palette=self.palette, turned=self.turned)
            right -= width + 6
        painter.setFont(option.font)
        painter.setPen(QColor(self.palette.text))
        _draw_line(painter, QRect(left, rect.top(), right - left, rect.height()), row.text)

    def _paint_count(self, painter: QPainter, right: int, rect: QRect, count: int) -> int:
        """The number of chats in a folder; returns the width it takes."""
        painter.setFont(self._small(painter.font()))
        painter.setPen(QColor(self.palette.muted))
        place = QRect(right - 40, rect.top(), 40, rect.height())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(place, flags, str(count))
        return 8 + QFontMetrics(painter.font()).horizontalAdvance(str(count))

    def _paint_hit(self, painter: QPainter, rect: QRect, row: ListRow) -> None:
        hit = row.hit
        assert hit is not None
        inner = rect.adjusted(_SIDE, 6, -_SIDE, -6)
        title = QFont(painter.font())
        title.setWeight(QFont.Weight.DemiBold)
        painter.setFont(title)
        painter.setPen(QColor(self.palette.text))
        line = self._px(_LINE)
        _draw_line(painter, QRect(inner.left(), inner.top(), inner.width(), line), row.text)
        painter.setFont(self._small(painter.font(), QFont.Weight.Normal))
        place = QRect(
            inner.left(), inner.top() + line + 1, inner.width(), inner.height() - line - 1
        )
        if hit.message_id is None:
            painter.setPen(QColor(self.palette.muted))
            _draw_line(
                painter,
                QRect(place.left(), place.top(), place.width(), line - 2),
                self.tr("The title matches"),
            )
            return
        self._paint_snippet(painter, place, hit.snippet, hit.matches)

    def _paint_snippet(
        self,
        painter: QPainter,
        place: QRect,
        snippet: str,
        matches: tuple[tuple[int, int], ...],
    ) -> None:
        """One line around the first match, the matches in the accent colour."""
        metrics = QFontMetrics(painter.font())
        start = 0
        if matches:
            # Enough before the match to make sense of it, but the match itself always seen.
            start = max(0, matches[0][0] - 14)
        x = place.left()
        text = ("\u2026" if start else "") + snippet[start:]
        shift = start - (1 if start else 0)
        pieces = _pieces(text, [(begin - shift, length) for begin, length in matches])
        for piece, is_match in pieces:
            left = place.right() - x
            if left <= 0:
                return
            shown = metrics.elidedText(piece, Qt.TextElideMode.ElideRight, left)
            width = metrics.horizontalAdvance(shown)
            painter.setPen(QColor(self.palette.accent if is_match else self.palette.muted))
            painter.drawText(QRect(x, place.top(), width + 2, self._px(_LINE)), 0, shown)
            x += width

    def _icon(self, painter: QPainter, name: str, left: int, rect: QRect) -> None:
        size = self._px(_ICON)
        box = QRect(left, rect.center().y() - size // 2, size, size)
        icon(name, self.palette.muted, size_px=size).paint(painter, box)

    def _follow_font(self, font: QFont) -> None:
        """Learn how large text is, relative to the medium size."""
        if font != self._font:
            self._font, self._scale = QFont(font), QFontInfo(font).pixelSize() / FONT_PX

    def _px(self, size: int) -> int:
        """A size that goes with the text."""
        return round(size * self._scale)

    def _small(self, font: QFont, weight: QFont.Weight | None = None) -> QFont:
        return _sized(font, self._px(_SMALL_PX), weight)


def _row(index: AnyIndex) -> ListRow:
    model = index.model()
    assert isinstance(model, ChatListModel)
    return model.rows[index.row()]  # asked for so often that the way over `data` shows


def _sized(font: QFont, size_px: int, weight: QFont.Weight | None = None) -> QFont:
    result = QFont(font)
    result.setPixelSize(size_px)
    if weight is not None:
        result.setWeight(weight)
    return result


def _draw_line(painter: QPainter, rect: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _pieces(text: str, matches: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    at = 0
    for begin, length in matches:
        if begin < at or begin >= len(text):
            continue
        pieces += [(text[at:begin], False), (text[begin : begin + length], True)]
        at = begin + length
    pieces.append((text[at:], False))
    return [piece for piece in pieces if piece[0]]
