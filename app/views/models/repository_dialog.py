"""One repository before it is fetched: card as plain text, files with sizes, licence, gate."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.controllers.model_discovery import RepositoryDetails
from app.core.filling import filled
from app.core.formatting import size
from app.core.model_text import fit_text, need_text
from app.views.labels import label
from app.views.models.parts import FIT_BADGES, badge, button, clear, joined, row
from engine.models.catalog import CatalogModel
from engine.models.fit import worst_label
from engine.models.folder_kind import kind_by_names
from engine.models.loadable import DRAFT_KINDS, MAIN_KINDS
from engine.models.manifest import ModelKind
from engine.models.orders import holds_model

_CARD_LIMIT = 60_000
_USED_KINDS = (*MAIN_KINDS, *DRAFT_KINDS, ModelKind.UNKNOWN)


class RepositoryDialog(QDialog):
    """Shows what is coming, then the details or why there are none.

    Signals: `get_requested(RemoteModel)`; `pair_requested(str, str)` with the ids of it and the
    draft that goes with it; `token_entered(str)`. Nothing of the card is interpreted and no
    picture is fetched.
    """

    get_requested = Signal(object)
    pair_requested = Signal(str, str)
    token_entered = Signal(str)

    def __init__(self, repository: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("modelsDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(repository)
        self.repository = repository
        self._details: RepositoryDetails | None = None
        self._draft: CatalogModel | None = None
        self._page = ""
        self.title = label(repository, role="name")
        self.facts = label(self.tr("Asking the hub\u2026"), role="muted", wrap=True)
        self.badges = QHBoxLayout()
        self.fault = label("", wrap=True)
        self.page_link = button(self.tr("Open its page"), role="link")
        self.token = QLineEdit()
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setPlaceholderText(self.tr("Access token"))
        self.token.setAccessibleName(self.tr("Access token"))
        self.keep = button(self.tr("Use this token"))
        self.card = QPlainTextEdit()
        self.card.setReadOnly(True)
        self.card.setAccessibleName(self.tr("Model card"))
        self.files = self._make_table()
        self.needs = label("", role="caption", wrap=True)
        self.get = button(self.tr("Download"), role="primary")
        self.get_both = button("", role="primary")
        self.get_both.hide()
        self.close_button = button(self.tr("Close"))
        self._build()
        self.page_link.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(self._page)))
        self.keep.clicked.connect(lambda: self.token_entered.emit(self.token.text()))
        self.token.returnPressed.connect(self.keep.click)
        self.get.clicked.connect(self._on_get)
        self.get_both.clicked.connect(self._on_get_both)
        self.close_button.clicked.connect(self.reject)

    def show_details(
        self, details: RepositoryDetails, *, installed: bool, draft: CatalogModel | None = None
    ) -> None:
        """Show the repository, and offer the draft that is missing to it."""
        self._details, self._draft = details, draft
        remote = details.remote
        self._page = remote.page_url
        self.page_link.show()
        self.fault.hide()
        self._show_token(False)
        licence = remote.license or details.card.license
        self.facts.setText(
            joined(
                size(remote.size_bytes),
                filled(self.tr("{count} {count:file|files}"), count=len(remote.files)),
                self.tr("Licence: {licence}").format(licence=licence or self.tr("not stated")),
                self.tr("Revision {revision}").format(revision=(remote.source.revision or "")[:10]),
            )
        )
        clear(self.badges)
        if remote.summary.gated:
            self.badges.insertWidget(0, badge(self.tr("Terms to accept"), "warn"))
        if installed:
            self.badges.insertWidget(0, badge(self.tr("Installed"), "ok"))
        self._show_fit(details)
        self.card.setPlainText(details.card.text[:_CARD_LIMIT] or self.tr("It has no card."))
        self._fill(details)
        is_model = holds_model(file.path for file in remote.files)
        self.get.setEnabled(is_model)
        text = self.tr("Download again ({size})") if installed else self.tr("Download ({size})")
        self.get.setText(filled(text, size=size(remote.size_bytes)))
        self._show_draft(draft if is_model and not installed else None)
        if not is_model:
            self.show_fault(self.tr("It holds no OpenVINO model, so there is nothing to use."))
        elif kind_by_names(file.path for file in remote.files) not in _USED_KINDS:
            self.show_fault(self.tr("It can be downloaded, but it is no model for chats here."))

    def show_fault(self, sentence: str, *, page: str | None = None, token: bool = False) -> None:
        """Say what is wrong, with the page and the token field where they help."""
        if self._details is None:
            self.facts.setText("")
        self.fault.setText(sentence)
        self.fault.show()
        if page is not None:
            self._page = page
            self.page_link.show()
        self._show_token(token)

    def _fill(self, details: RepositoryDetails) -> None:
        remote = details.remote
        names = [(file.path, size(file.size_bytes)) for file in remote.files]
        names += [(path, self.tr("left out")) for path in remote.left_out]
        self.files.setRowCount(len(names))
        for index, (path, amount) in enumerate(names):
            cells = (QTableWidgetItem(path), QTableWidgetItem(amount))
            cells[1].setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for column, cell in enumerate(cells):
                self.files.setItem(index, column, cell)

    def _show_fit(self, details: RepositoryDetails) -> None:
        translate = QCoreApplication.translate
        needs = (*details.fit.needs, details.disk)
        self.needs.setText(joined(*(need_text(need, translate) for need in needs)))
        fit = worst_label(details.fit.label, details.disk.label)
        self.badges.insertWidget(0, badge(fit_text(fit, translate), FIT_BADGES[fit]))

    def _show_draft(self, draft: CatalogModel | None) -> None:
        self.get_both.setVisible(draft is not None)
        self.get.setProperty("role", "primary" if draft is None else None)
        self.get.style().unpolish(self.get)
        self.get.style().polish(self.get)
        if draft is not None:
            text = filled(self.tr("Download with {draft}"), draft=draft.name)
            self.get_both.setText(text)
            self.get_both.setAccessibleName(text)

    def _on_get_both(self) -> None:
        if self._draft is not None:
            self.pair_requested.emit(self.repository, self._draft.id)

    def _on_get(self) -> None:
        if self._details is not None:
            self.get_requested.emit(self._details.remote)

    def _show_token(self, shown: bool) -> None:
        self.token.setVisible(shown)
        self.keep.setVisible(shown)

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 2)
        table.setHorizontalHeaderLabels([self.tr("File"), self.tr("Size")])
        table.verticalHeader().hide()
        table.setAccessibleName(self.tr("Files"))
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        header = table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        role = Qt.ItemDataRole.TextAlignmentRole
        table.model().setHeaderData(1, Qt.Orientation.Horizontal, right, role)
        table.verticalHeader().setDefaultSectionSize(26)
        return table

    def _build(self) -> None:
        self.page_link.hide()
        self.fault.hide()
        self._show_token(False)
        self.get.setEnabled(False)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addLayout(self.badges)
        head.addStretch(1)
        head.addWidget(self.page_link)
        access = row(self.token, self.keep)
        access.setStretchFactor(self.token, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 18)
        layout.setSpacing(9)
        layout.addLayout(head)
        layout.addWidget(self.facts)
        layout.addWidget(self.needs)
        layout.addWidget(self.fault)
        layout.addLayout(access)
        layout.addWidget(self.card, 3)
        layout.addWidget(self.files, 2)
        layout.addLayout(row(1, self.close_button, self.get, self.get_both))
        self.resize(760, 620)
