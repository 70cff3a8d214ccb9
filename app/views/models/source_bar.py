"""Where models are fetched from: the hub, a mirror with its check, ModelScope; and the token."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.views.caption_combo import CaptionCombo
from app.views.labels import label
from app.views.models.parts import button, row
from engine.hub.credentials import TokenStorage
from engine.models.manifest import SourceType
from engine.models.settings import HUBS, ModelSettings

if TYPE_CHECKING:
    from engine.hub.mirror import MirrorReport


class SourceBar(QWidget):
    """Signals: `settings_chosen(ModelSettings)`, `mirror_offered(str)`, `token_entered(str)`,
    `token_forgotten()`.
    """

    settings_chosen = Signal(object)
    mirror_offered = Signal(str)
    token_entered = Signal(str)
    token_forgotten = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = ModelSettings()
        self.hub = CaptionCombo(self.tr("Source"), name=self.tr("Source of models"))
        names = {
            SourceType.HUGGINGFACE: self.tr("Hugging Face"),
            SourceType.MIRROR: self.tr("Mirror of Hugging Face"),
            SourceType.MODELSCOPE: self.tr("ModelScope"),
        }
        for hub in HUBS:
            self.hub.add_choice(hub, short=names[hub], long=names[hub])
        self.mirror = QLineEdit()
        self.mirror.setPlaceholderText(self.tr("https://mirror.example"))
        self.mirror.setAccessibleName(self.tr("Address of the mirror"))
        self.verify = button(self.tr("Verify"), name=self.tr("Verify the mirror"))
        self.token_button = button(self.tr("Access token\u2026"), role="link")
        self.token = QLineEdit()
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setPlaceholderText(self.tr("Access token"))
        self.token.setAccessibleName(self.tr("Access token"))
        self.keep = button(self.tr("Keep"), name=self.tr("Keep the access token"))
        self.forget = button(
            self.tr("Forget"), name=self.tr("Forget the access token"), role="link"
        )
        self.answer = label("", role="caption", wrap=True)
        self._token_parts = (self.token, self.keep, self.forget)
        self._build()
        self._connect()

    def show_settings(self, settings: ModelSettings) -> None:
        """Show the hub in force."""
        self._settings = settings
        with QSignalBlocker(self.hub):
            self.hub.setCurrentIndex(self.hub.findData(settings.hub))
        if settings.mirror and not self.mirror.text():
            self.mirror.setText(settings.mirror)
        self._show_mirror(settings.hub is SourceType.MIRROR)

    def show_mirror_report(self, report: MirrorReport) -> None:
        """The mirror works and is used now."""
        self._say(
            self.tr("It works: {repository} is there and whole.").format(
                repository=report.repository
            )
            if report.resumes
            else self.tr("It works, but a broken download begins each file again."),
            "ok" if report.resumes else "warn",
        )

    def show_fault(self, sentence: str) -> None:
        """What did not work."""
        self._say(sentence, "error")

    def show_token_stored(self, storage: TokenStorage) -> None:
        """Where the token was put."""
        self.token.clear()
        self._say(
            self.tr("The token is kept in the keyring of this system.")
            if storage is TokenStorage.KEYRING
            else self.tr("There is no keyring here: the token is kept until the program ends."),
            "ok" if storage is TokenStorage.KEYRING else "warn",
        )

    def ask_for_token(self) -> None:
        """Open the token field and go there."""
        self._show_token(True)
        self.token.setFocus()

    def _say(self, sentence: str, kind: str) -> None:
        self.answer.setText(sentence)
        self.answer.setProperty("badge", kind)
        self.answer.style().unpolish(self.answer)
        self.answer.style().polish(self.answer)
        self.answer.show()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        first = row(self.hub, self.mirror, self.verify, 0)
        first.setStretchFactor(self.mirror, 1)
        first.addStretch(0)
        first.addWidget(self.token_button)
        layout.addLayout(first)
        second = row(*self._token_parts)
        second.setStretchFactor(self.token, 1)
        layout.addLayout(second)
        layout.addWidget(self.answer)
        self.answer.hide()
        self._show_token(False)
        self._show_mirror(False)

    def _connect(self) -> None:
        self.hub.activated.connect(self._on_hub)
        self.verify.clicked.connect(self._on_verify)
        self.mirror.returnPressed.connect(self._on_verify)
        self.token_button.clicked.connect(lambda: self._show_token(self.token.isHidden()))
        self.keep.clicked.connect(lambda: self.token_entered.emit(self.token.text()))
        self.token.returnPressed.connect(self.keep.click)
        self.forget.clicked.connect(self._on_forget)

    def _show_mirror(self, shown: bool) -> None:
        self.mirror.setVisible(shown)
        self.verify.setVisible(shown)
        self.token_button.setVisible(not shown)
        if shown:
            self._show_token(False)

    def _show_token(self, shown: bool) -> None:
        for part in self._token_parts:
            part.setVisible(shown)

    def _on_hub(self) -> None:
        hub = SourceType(self.hub.currentData())
        self.answer.hide()
        self._show_mirror(hub is SourceType.MIRROR)
        if hub is SourceType.MIRROR and not self._settings.mirror:
            self.mirror.setFocus()  # used once it was verified
            return
        self.settings_chosen.emit(replace(self._settings, hub=hub))

    def _on_verify(self) -> None:
        self._say(self.tr("Trying the mirror\u2026"), "plain")
        self.mirror_offered.emit(self.mirror.text())

    def _on_forget(self) -> None:
        self.token.clear()
        self.token_forgotten.emit()
        self._say(self.tr("The token was forgotten."), "plain")
