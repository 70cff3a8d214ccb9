"""The list of chats in the sidebar: mouse, keys, dragging. It announces what the user wants."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.palette import Palette
from app.viewmodels.chat_list_model import CHATS_MIME, ChatListModel
from app.viewmodels.chat_list_rows import ListRow, RowKind
from app.views.history.chat_delegate import ChatDelegate
from app.views.history.chat_mark import TURN_STEPS

_TURN_MS = 100


class ChatList(QListView):
    """Enter opens, F2 renames, Del deletes, Left and Right fold folders, Ctrl and Shift select
    several."""

    chosen = Signal(object)  # ListRow of a chat or a hit
    folder_toggled = Signal(int)
    delete_wanted = Signal()
    undo_wanted = Signal()
    menu_wanted = Signal(object, object)  # ListRow or None, global QPoint

    def __init__(self, model: ChatListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._delegate = ChatDelegate(self)
        self._kept: tuple[list[tuple[str, int]], tuple[str, int] | None, int] | None = None
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Chats"))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDragDropOverwriteMode(True)
        self.setDropIndicatorShown(False)  # the row under the mouse is marked already
        self.setStyleSheet("QListView { background: transparent; border: 0; outline: 0; }")
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._restore_place)
        self._turning = QTimer(self)
        self._turning.setInterval(_TURN_MS)
        self._turning.timeout.connect(self._turn)
        model.marks_changed.connect(self._follow_marks)
        model.modelReset.connect(self._follow_marks)

    @property
    def is_editing(self) -> bool:
        """Whether a name is being typed."""
        return self.state() is QAbstractItemView.State.EditingState

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._delegate.palette = palette
        if self.isVisible():  # to ask for the viewport takes long the first time
            self.viewport().update()

    def selected_chats(self) -> tuple[int, ...]:
        """Ids of the selected chats, in the order of the list."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        chats = (self._model.rows[row].chat for row in rows)
        return tuple(chat.id for chat in chats if chat is not None)

    def follow_open(self, chat_id: int | None) -> None:
        """Another chat is shown: what was selected for the one before is selected no more."""
        if chat_id is not None and chat_id in self.selected_chats():
            return
        self.clearSelection()
        index = self._model.index_of(("chat", chat_id)) if chat_id is not None else QModelIndex()
        if index.isValid():
            model = self.selectionModel()
            model.setCurrentIndex(index, model.SelectionFlag.Select)

    def edit_row(self, key: tuple[str, int]) -> None:
        """Let the user type another name."""
        index = self._model.index_of(key)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
            self.edit(index)

    def focus_first(self) -> None:
        """Move the keyboard into the list, to its first entry that can be chosen."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        for number, row in enumerate(self._model.rows):
            if row.kind not in (RowKind.HEADING, RowKind.NOTE):
                self.setCurrentIndex(self._model.index(number))
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self._model.row_at(self.currentIndex())
        key = Qt.Key(event.key())
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None and plain:
            self._choose(row)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and plain:
            self.delete_wanted.emit()
        elif key is Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.undo_wanted.emit()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and row is not None:
            self._fold(row, on=key is Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        row = self._model.row_at(index)
        if event.button() is Qt.MouseButton.LeftButton and self._is_on_menu(index, event):
            self.menu_wanted.emit(row, event.globalPosition().toPoint())
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        row = self._model.row_at(index)
        was_dragged = self.state() is QAbstractItemView.State.DraggingState
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if row is None or event.button() is not Qt.MouseButton.LeftButton or was_dragged:
            return
        if plain and index == self.currentIndex() and not self._is_on_menu(index, event):
            self._choose(row)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            point = self.visualRect(index).center()
        else:
            point = event.pos()
            index = self.indexAt(point)
        self.menu_wanted.emit(self._model.row_at(index), self.viewport().mapToGlobal(point))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(CHATS_MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)
        if event.mimeData().hasFormat(CHATS_MIME):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        self._model.dropMimeData(event.mimeData(), event.dropAction(), -1, -1, index)
        event.acceptProposedAction()
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self.viewport().update()
        return super().viewportEvent(event)

    def _marked(self) -> Iterator[QRect]:
        """Where rows are seen that show that an answer is being made."""
        viewport = self.viewport().rect()
        for index in self._model.answering_rows():
            rect = self.visualRect(index)
            if rect.intersects(viewport):
                yield rect

    def _follow_marks(self, *_: object) -> None:
        turns, wanted = self._turning.isActive(), self._model.is_answering
        if wanted and not turns:
            self._turning.start()
        elif turns and not wanted:
            self._turning.stop()

    def _turn(self) -> None:
        """Let the marks of answers being made turn on; nothing else is painted."""
        self._delegate.turned = (self._delegate.turned + 1) % TURN_STEPS
        for rect in self._marked():
            self.viewport().update(rect)

    def _choose(self, row: ListRow) -> None:
        if row.folder is not None:
            self.folder_toggled.emit(row.folder.id)
        elif row.chat is not None or row.hit is not None:
            self.chosen.emit(row)

    def _fold(self, row: ListRow, *, on: bool) -> None:
        if row.folder is not None and row.is_expanded != on:
            self.folder_toggled.emit(row.folder.id)

    def _is_on_menu(self, index: QModelIndex, event: QMouseEvent) -> bool:
        row = self._model.row_at(index)
        if row is None or row.kind not in (RowKind.CHAT, RowKind.FOLDER):
            return False
        rect: QRect = self._delegate.menu_rect(self.visualRect(index))
        point: QPoint = event.position().toPoint()
        return rect.contains(point)

    def _keep_place(self) -> None:
        rows = self._model.rows
        selected = [rows[index.row()].key for index in self.selectedIndexes()]
        current = self._model.row_at(self.currentIndex())
        place = self.verticalScrollBar().value()
        self._kept = (selected, current.key if current is not None else None, place)

    def _restore_place(self) -> None:
        if self._kept is None:
            return
        selected, current, place = self._kept
        self._kept = None
        model = self.selectionModel()
        if current is not None:
            index = self._model.index_of(current)
            model.setCurrentIndex(index, model.SelectionFlag.NoUpdate)
        for key in selected:
            index = self._model.index_of(key)
            if index.isValid():
                model.select(index, model.SelectionFlag.Select)
        self.verticalScrollBar().setValue(place)
