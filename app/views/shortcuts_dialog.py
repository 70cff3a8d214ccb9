"""The list of shortcuts, made from the same actions the keys belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.core.actions import Action, ActionGroup

_WIDTH_EM, _HEIGHT_EM = 44, 50


class ShortcutsDialog(QDialog):
    """Actions with keys, by group, then what keys do inside a part of the window."""

    def __init__(
        self,
        actions: Sequence[Action],
        group_names: Mapping[ActionGroup, str],
        *,
        local_keys: Mapping[str, Sequence[tuple[str, str]]],
        parent: QWidget,
    ) -> None:
        """
        Args:
            local_keys: part of the window -> (what, keys), for keys that belong to no action.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.filter = QLineEdit()
        self.filter.setAccessibleName(self.tr("Find a shortcut"))
        self.filter.setPlaceholderText(self.tr("Find"))
        self.tree = QTreeWidget()
        self.tree.setObjectName("keyList")
        self.tree.setAccessibleName(self.tr("Keyboard shortcuts"))
        self.tree.setHeaderLabels([self.tr("What"), self.tr("Keys")])
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(12)
        self.tree.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._fill(actions, group_names, local_keys)
        self._build()
        self.filter.textChanged.connect(self._find)

    def _fill(
        self,
        actions: Sequence[Action],
        group_names: Mapping[ActionGroup, str],
        local_keys: Mapping[str, Sequence[tuple[str, str]]],
    ) -> None:
        for group, name in group_names.items():
            rows = [
                (action.text(), _native(action.shortcut))
                for action in actions
                if action.group is group and action.shortcut
            ]
            self._add_group(name, rows)
        for name, entries in local_keys.items():
            self._add_group(name, [(what, _native(keys)) for what, keys in entries])
        self.tree.expandAll()

    def _add_group(self, name: str, rows: Sequence[tuple[str, str]]) -> None:
        if not rows:
            return
        head = QTreeWidgetItem([name])
        font = head.font(0)
        font.setBold(True)
        head.setFont(0, font)
        head.setFirstColumnSpanned(True)
        for what, keys in rows:
            head.addChild(QTreeWidgetItem([what, keys]))
        self.tree.addTopLevelItem(head)

    def _build(self) -> None:
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(10)
        layout.addWidget(self.filter)
        layout.addWidget(self.tree, 1)
        layout.addWidget(buttons)
        em = self.fontMetrics().horizontalAdvance("m")
        available = self.screen().availableGeometry().size()
        self.resize(
            min(_WIDTH_EM * em, available.width() - 40),
            min(_HEIGHT_EM * em, available.height() - 80),
        )

    def _find(self, text: str) -> None:
        wanted = text.casefold().strip()
        for index in range(self.tree.topLevelItemCount()):
            head = self.tree.topLevelItem(index)
            if head is None:
                continue
            shown = False
            for child in head.takeChildren():
                head.addChild(child)
                fits = any(wanted in child.text(column).casefold() for column in (0, 1))
                child.setHidden(not fits)
                shown = shown or fits
            head.setHidden(not shown)


def _native(keys: str) -> str:
    """Keys as the platform writes them; several ways are parted by a comma already."""
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(one.strip()).toString(native) or one for one in keys.split(" / "))
