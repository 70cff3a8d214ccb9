"""Says what open widgets show in another language: their texts, names, tooltips and items.

Painted widgets that keep words themselves offer `retell(words)`, with `words` from text to text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol, runtime_checkable
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QWidget,
)

from app.language import WindowLanguage

Words = Callable[[str], str]
Text = tuple[Callable[[], str], Callable[[str], object]]
"""What is shown, and what shows something else."""


@runtime_checkable
class Retelling(Protocol):
    """A widget that paints words it keeps."""

    def retell(self, words: Words) -> None:
        """Keep and show what `words` makes of each."""
        ...


@dataclass(frozen=True, slots=True)
class _Said:
    """What was written in place of something, and in which language that had been."""

    written: str
    replaced: str
    language: str


class Teller:
    """Changes what widgets say; back in the language before, they say exactly what they did."""

    def __init__(self, language: WindowLanguage) -> None:
        self._language = language
        self._said: WeakKeyDictionary[QObject, dict[int, _Said]] = WeakKeyDictionary()

    def retell(self, widgets: Iterable[QWidget]) -> None:
        """Show every text of these widgets, and of their actions, in the language of now."""
        actions: dict[QAction, QWidget] = {}
        for widget in widgets:
            words = _words_near(widget, self._language)
            self._retell(widget, texts_of(widget), words)
            if isinstance(widget, Retelling):
                widget.retell(words)
            actions.update((action, widget) for action in widget.actions())
        for action, widget in actions.items():
            words = _words_near(widget, self._language)
            self._retell(action, ((action.text, action.setText),), words)

    def _retell(self, owner: QObject, texts: Iterable[Text], words: Words) -> None:
        said = self._said.setdefault(owner, {})
        for number, (read, write) in enumerate(texts):
            shown = read()
            if not shown:
                continue
            before = said.get(number)
            if before and (before.written, before.language) == (shown, self._language.name):
                new = before.replaced
            else:
                new = words(shown)
            if new != shown:
                write(new)
                said[number] = _Said(new, shown, self._language.previous)


def texts_of(widget: QWidget) -> Iterator[Text]:
    """Every text a widget shows or tells a screen reader, but not what was typed into it."""
    yield widget.toolTip, widget.setToolTip
    yield widget.accessibleName, widget.setAccessibleName
    yield widget.accessibleDescription, widget.setAccessibleDescription
    if widget.isWindow():
        yield widget.windowTitle, widget.setWindowTitle
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text, widget.setText
    elif isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText, widget.setPlaceholderText
    elif isinstance(widget, QGroupBox | QMenu):
        yield widget.title, widget.setTitle
    elif isinstance(widget, QAbstractSpinBox):
        yield from _texts_of_spin_box(widget)
    else:
        yield from _texts_of_items(widget)


def _texts_of_spin_box(spin: QAbstractSpinBox) -> Iterator[Text]:
    yield spin.specialValueText, spin.setSpecialValueText
    if isinstance(spin, QSpinBox | QDoubleSpinBox):
        yield spin.suffix, spin.setSuffix
        yield spin.prefix, spin.setPrefix


def _texts_of_items(widget: QWidget) -> Iterator[Text]:
    if isinstance(widget, QComboBox):
        for row in range(widget.count()):
            yield partial(widget.itemText, row), partial(widget.setItemText, row)
            role = Qt.ItemDataRole.ToolTipRole
            yield (
                partial(_combo_tip, widget, row),
                partial(_set_combo_data, widget, row, role),
            )
    elif isinstance(widget, QTabWidget):
        for index in range(widget.count()):
            yield partial(widget.tabText, index), partial(widget.setTabText, index)
            yield partial(widget.tabToolTip, index), partial(widget.setTabToolTip, index)
    elif isinstance(widget, QListWidget):
        for row in range(widget.count()):
            item = widget.item(row)
            yield item.text, item.setText
            yield item.toolTip, item.setToolTip
    elif isinstance(widget, QTableWidget):
        for cell in _cells(widget):
            yield cell.text, cell.setText
            yield cell.toolTip, cell.setToolTip


def _cells(table: QTableWidget) -> Iterator[QTableWidgetItem]:
    columns, rows = range(table.columnCount()), range(table.rowCount())
    heads = [table.horizontalHeaderItem(column) for column in columns]
    sides = [table.verticalHeaderItem(row) for row in rows]
    cells = [table.item(row, column) for row in rows for column in columns]
    yield from (cell for cell in (*heads, *sides, *cells) if cell is not None)


def _combo_tip(combo: QComboBox, row: int) -> str:
    return str(combo.itemData(row, Qt.ItemDataRole.ToolTipRole) or "")


def _set_combo_data(combo: QComboBox, row: int, role: int, text: str) -> None:
    combo.setItemData(row, text, role)


def _words_near(widget: QWidget, language: WindowLanguage) -> Words:
    near = frozenset(_class_names(widget))
    return partial(language.handed_out.again, lookup=language.lookup, near=near)


def _class_names(widget: QObject | None) -> Iterator[str]:
    while widget is not None:
        yield from (kind.__name__ for kind in type(widget).__mro__)
        widget = widget.parent()
