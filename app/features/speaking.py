"""Follows the preferred language in everything that is open."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QApplication

from app.core.preferences import Preferences

if TYPE_CHECKING:
    from app.desktop import Desktop
    from app.retelling import Teller

_OF_NOTICES = ("History", "ChatController", "ErrorText")
"""Where the sentences below answers come from."""


class Speaking(QObject):
    """Says everything anew when the user picks another language."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self._desktop = desktop
        desktop.preferences.changed.connect(self._on_preferences)
        desktop.language.changed.connect(self._say_anew)

    @cached_property
    def _teller(self) -> Teller:
        from app.retelling import Teller  # not before the first paint

        return Teller(self._desktop.language)

    def _on_preferences(self, new: Preferences) -> None:
        self._desktop.language.use(new.language)

    def _say_anew(self) -> None:
        from app.core.answer_figures import footer_text

        desktop, translate = self._desktop, QCoreApplication.translate
        desktop.transcript.describe_reports(lambda report: footer_text(report, translate))
        desktop.transcript.retell_notices(self._again)
        desktop.history.model.rebuild()
        self._teller.retell(QApplication.allWidgets())
        pages = desktop.window.pages
        pages.page_changed.emit(pages.current)  # pages say anew what they made of figures

    def _again(self, text: str) -> str:
        language = self._desktop.language
        return language.handed_out.again(text, language.lookup, near=_OF_NOTICES)
