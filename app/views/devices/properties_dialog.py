"""What can be set on one device, made from what its plugin reported. It decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.palette import Palette
from app.views.devices.property_row import PropertyField, PropertyRow
from app.views.lab.sheet import lab_sheet
from app.views.labels import label
from app.views.models.parts import ScrollColumn, button, row
from engine.placement import PropertyValue

Values = Mapping[str, PropertyValue]


class PropertiesDialog(QDialog):
    """`applied(dict)`: property -> value, of everything that is not the default."""

    applied = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        *,
        title: str,
        note: str,
        fields: Sequence[PropertyField],
        sections: Mapping[str, str],
        palette: Palette,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("modelsDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setStyleSheet(lab_sheet(palette))
        self.rows = {field.known.name: PropertyRow(field) for field in fields}
        for made in self.rows.values():
            made.apply_palette(palette)
            made.changed.connect(self._on_changed)
        self._heads: dict[str, QLabel] = {
            key: label(name, role="section") for key, name in sections.items()
        }
        self._note = label(note, role="muted", wrap=True)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find a property"))
        self.search.setAccessibleName(self.tr("Find a property"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_search)
        self._nothing = label(self.tr("No property is called so."), role="muted")
        self.fault = label("", wrap=True)
        self.reset_all = button(self.tr("Reset all"))
        self.cancel = button(self.tr("Cancel"))
        self.apply = button(self.tr("Use these"), role="primary")
        self._before: dict[str, PropertyValue] = {}
        self._build()
        self.reset_all.clicked.connect(lambda: self._show({}))
        self.cancel.clicked.connect(self.reject)
        self.apply.clicked.connect(self._on_apply)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self.search.setFocus)
        self.show_values({})

    def show_values(self, values: Values) -> None:
        """Show what is set now."""
        self._before = dict(values)
        self._show(values)

    def values(self) -> dict[str, PropertyValue]:
        """Everything that is not the default."""
        found = ((name, made.value()) for name, made in self.rows.items())
        return {name: value for name, value in found if value is not None}

    def show_faults(self, sentences: Iterable[str]) -> None:
        """Say why the values cannot be taken."""
        self.fault.setText("\n".join(sentences))
        self.fault.setVisible(bool(self.fault.text()))

    def _show(self, values: Values) -> None:
        for name, made in self.rows.items():
            made.show_value(values.get(name))
        self._on_changed()

    def _on_changed(self) -> None:
        values = self.values()
        self.show_faults(())
        self.reset_all.setEnabled(bool(values))
        self.apply.setEnabled(values != self._before)

    def _on_apply(self) -> None:
        self.applied.emit(self.values())

    def _on_search(self, query: str) -> None:
        shown = {name for name, made in self.rows.items() if made.fits(query)}
        for name, made in self.rows.items():
            made.setVisible(name in shown)
        for key, head in self._heads.items():
            head.setVisible(any(self.rows[name].field.section == key for name in shown))
        self._nothing.setVisible(not shown)

    def _build(self) -> None:
        area = ScrollColumn(name=self.windowTitle(), margin=22)
        for key, head in self._heads.items():
            members = [made for made in self.rows.values() if made.field.section == key]
            if not members:
                head.hide()
                continue
            head.setContentsMargins(0, 10, 0, 0)
            area.column.addWidget(head)
            for made in members:
                area.column.addWidget(made)
        self._heads = {
            key: head
            for key, head in self._heads.items()
            if any(made.field.section == key for made in self.rows.values())
        }
        self._nothing.hide()
        self.fault.hide()
        self.fault.setProperty("tone", "error")
        area.column.addWidget(self._nothing)
        area.column.addStretch(1)
        area.column.setSpacing(2)
        top = QVBoxLayout()
        top.setContentsMargins(22, 18, 22, 4)
        top.setSpacing(8)
        top.addWidget(label(self.windowTitle(), role="name", wrap=True))
        top.addWidget(self._note)
        top.addWidget(self.search)
        bottom = row(self.reset_all, 1, self.cancel, self.apply)
        bottom.setContentsMargins(22, 4, 22, 18)
        faults = QVBoxLayout()
        faults.setContentsMargins(22, 0, 22, 0)
        faults.addWidget(self.fault)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(area, 1)
        layout.addLayout(faults)
        layout.addLayout(bottom)
        self.resize(640, 640)
        self.setMinimumSize(460, 380)
