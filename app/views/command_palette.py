"""The command palette: type a few letters, choose with the arrows, Enter does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QPainter, QPalette, QTextLayout
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.core.actions import Action, ActionGroup
from app.core.fuzzy import fuzzy_match
from app.views.labels import label

_WIDTH_EM = 44
_ROWS = 10
_MOST = 60
_MATCH_ROLE = Qt.ItemDataRole.UserRole + 1
_SIDE_ROLE = Qt.ItemDataRole.UserRole + 2
_MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: _ROWS,
    Qt.Key.Key_PageUp: -_ROWS,
}
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class _Row:
    action: Action
    text: str
    positions: tuple[int, ...]


class PaletteModel(QAbstractListModel):
    """Actions that fit what was typed, the likeliest first."""

    def __init__(self, actions: Sequence[Action], group_names: Mapping[ActionGroup, str]) -> None:
        super().__init__()
        self._all = [(action, action.text()) for action in actions]
        self._group_names = group_names
        self._rows: list[_Row] = []
        self.find("")

    def find(self, query: str) -> None:
        """Show what fits `query`; everything, in order, for a blank one."""
        self.beginResetModel()
        scored = []
        for place, (action, text) in enumerate(self._all):
            searched = f"{text} {self._group_names[action.group]}"
            match = fuzzy_match(query, searched)
            if match is not None:
                positions = tuple(at for at in match.positions if at < len(text))
                score = match.score if query.strip() else 0.0
                scored.append((-score, place, _Row(action, text, positions)))
        self._rows = [row for _, _, row in sorted(scored, key=lambda item: item[:2])[:_MOST]]
        self.endResetModel()

    def action(self, row: int) -> Action:
        """The action of a row."""
        return self._rows[row].action

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        keys = QKeySequence(row.action.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        side = "   ".join(filter(None, (self._group_names[row.action.group], keys)))
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.text}, {side}"
            case _ if role == _MATCH_ROLE:
                return row.positions
            case _ if role == _SIDE_ROLE:
                return side
        return None


class _RowPainter(QStyledItemDelegate):
    """Paints a name with the letters that were found, and its group and keys at the right end."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del index
        return QSize(0, option.fontMetrics.height() + 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        area = option.rect.adjusted(12, 0, -12, 0)
        colours = widget.palette()
        side = str(index.data(_SIDE_ROLE))
        painter.save()
        painter.setPen(colours.color(QPalette.ColorRole.PlaceholderText))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | middle, side)
        painter.setPen(colours.color(QPalette.ColorRole.Text))
        width = area.width() - painter.fontMetrics().horizontalAdvance(side) - 16
        self._paint_name(painter, index, area.left(), area.top(), width, area.height())
        painter.restore()

    def _paint_name(
        self, painter: QPainter, index: Index, x: int, y: int, width: int, height: int
    ) -> None:
        metrics = painter.fontMetrics()
        text = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, width)
        layout = QTextLayout(text, painter.font())
        strong = QFont(painter.font())
        strong.setWeight(QFont.Weight.Bold)
        strong.setUnderline(True)
        ranges = []
        for place in index.data(_MATCH_ROLE):
            found = QTextLayout.FormatRange()
            found.start, found.length = place, 1
            found.format.setFont(strong)
            ranges.append(found)
        layout.setFormats(ranges)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(1e6)
        layout.endLayout()
        layout.draw(painter, QPointF(x, y + (height - line.height()) / 2))


class CommandPalette(QDialog):
    """Runs one action and closes."""

    def __init__(
        self,
        actions: Sequence[Action],
        group_names: Mapping[ActionGroup, str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("palette")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Commands"))
        self.setModal(True)
        self.model = PaletteModel(actions, group_names)
        self.edit = QLineEdit()
        self.edit.setAccessibleName(self.tr("Find a command"))
        self.edit.setPlaceholderText(self.tr("What do you want to do?"))
        self.list = QListView()
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(_RowPainter(self.list))
        self.list.setUniformItemSizes(True)
        self.empty = label(self.tr("No matches."), role="muted")
        self._build()
        self.edit.textChanged.connect(self._find)
        self.edit.returnPressed.connect(self._run_current)
        self.list.clicked.connect(lambda index: self._run(index.row()))
        self.list.activated.connect(lambda index: self._run(index.row()))
        self._find("")

    def open_over(self, window: QWidget) -> None:
        """Open in the upper middle of a window."""
        em = self.fontMetrics().horizontalAdvance("m")
        self.setFixedWidth(min(_WIDTH_EM * em, window.width() - 48))
        row = self.list.sizeHintForRow(0) if self.model.rowCount() else 32
        self.list.setFixedHeight(min(_ROWS * row + 8, window.height() - 160))
        self.adjustSize()
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - self.width()) // 2, corner.y() + 72)
        self.open()
        self.edit.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The line edit leaves these keys over: they move in the list."""
        step = _MOVES.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        last = self.model.rowCount() - 1
        row = max(0, min(last, self.list.currentIndex().row() + step))
        self.list.setCurrentIndex(self.model.index(row))

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.setSpacing(8)
        layout.addWidget(self.edit)
        layout.addWidget(self.list)
        layout.addWidget(self.empty)

    def _find(self, query: str) -> None:
        self.model.find(query)
        self.list.setCurrentIndex(self.model.index(0))
        self.empty.setVisible(self.model.rowCount() == 0)

    def _run_current(self) -> None:
        if self.list.currentIndex().isValid():
            self._run(self.list.currentIndex().row())

    def _run(self, row: int) -> None:
        if not self.isVisible():
            return  # where one click activates, a click reports twice
        action = self.model.action(row)
        self.accept()
        action.run()
