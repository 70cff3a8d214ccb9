"""Decides between light and dark: the user's choice, else the system's. It draws nothing."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from app.core.preferences import Theme
from app.palette import DARK, LIGHT, Palette

_SCHEMES = {
    Theme.SYSTEM: Qt.ColorScheme.Unknown,
    Theme.LIGHT: Qt.ColorScheme.Light,
    Theme.DARK: Qt.ColorScheme.Dark,
}


class ThemeController(QObject):
    """The palette in force; `palette_changed(Palette)` when it becomes another."""

    palette_changed = Signal(object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._hints = QGuiApplication.styleHints()
        self._tell_platform()
        self._palette = self._choose()
        self._hints.colorSchemeChanged.connect(self._on_scheme_changed)

    @property
    def palette(self) -> Palette:
        """The colours in force."""
        return self._palette

    def set_theme(self, theme: Theme) -> None:
        """Follow another choice."""
        if theme is self._theme:
            return
        self._theme = theme
        self._tell_platform()
        self._apply()

    def _tell_platform(self) -> None:
        """Give the frame of the window the same colours, where the platform can."""
        self._hints.setColorScheme(_SCHEMES[self._theme])

    def _on_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        del scheme
        self._apply()

    def _apply(self) -> None:
        palette = self._choose()
        if palette != self._palette:
            self._palette = palette
            self.palette_changed.emit(palette)

    def _choose(self) -> Palette:
        if self._theme is Theme.SYSTEM:
            is_dark = self._hints.colorScheme() is Qt.ColorScheme.Dark
        else:
            is_dark = self._theme is Theme.DARK
        return DARK if is_dark else LIGHT
