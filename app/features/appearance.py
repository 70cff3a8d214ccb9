"""Colours and size of text: follows the preferences in the window, its pages and the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from app.controllers.preferences_controller import PreferencesController
from app.controllers.theme_controller import ThemeController
from app.core.preferences import FontSize, Preferences
from app.palette import Palette
from app.views.theme import apply_colours, apply_theme, style_sheet

if TYPE_CHECKING:
    from app.chat_view.style import Style

_CHAT_FONT_PX = 15


class Appearance(QObject):
    """`palette_changed(Palette)` and `restyled()` after the application was dressed anew."""

    palette_changed = Signal(object)
    restyled = Signal()

    def __init__(
        self, application: QApplication, preferences: PreferencesController, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._application = application
        self._font_size = preferences.current.font_size
        self._theme = ThemeController(preferences.current.theme, self)
        apply_colours(application, self.palette, self.scale)
        self._theme.palette_changed.connect(self._on_palette)
        preferences.changed.connect(self._on_preferences)

    @property
    def palette(self) -> Palette:
        """The colours in force."""
        return self._theme.palette

    @property
    def scale(self) -> float:
        """Size of text relative to the medium one."""
        return self._font_size.scale

    def style_widgets(self) -> None:
        """Apply the style sheet. Once the window is built: a widget that is added to others under
        a sheet is styled each time anew.
        """
        self._application.setStyleSheet(style_sheet(self.palette, self.scale))

    def chat_style(self) -> Style:
        """How messages look."""
        from app.chat_view.style import Style

        return Style(self.palette, round(_CHAT_FONT_PX * self.scale))

    def _on_preferences(self, new: Preferences) -> None:
        self._theme.set_theme(new.theme)
        if new.font_size is not self._font_size:
            self._font_size = FontSize(new.font_size)
            self._dress()

    def _on_palette(self, palette: Palette) -> None:
        self._dress()
        self.palette_changed.emit(palette)

    def _dress(self) -> None:
        apply_theme(self._application, self.palette, self.scale)
        self.restyled.emit()
