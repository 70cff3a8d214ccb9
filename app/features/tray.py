"""The icon in the system tray, off by default; with it, closing the window can leave it running."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget

from app.controllers.preferences_controller import PreferencesController
from app.core.preferences import Preferences


class Tray(QObject):
    """Follows the preferences. Guarantees: the window is never hidden where no icon brings it
    back, and `close` lets it be closed for good."""

    def __init__(
        self,
        window: QWidget,
        preferences: PreferencesController,
        *,
        new_chat: Callable[[], object],
        leave: Callable[[], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._preferences = preferences
        self._new_chat = new_chat
        self._leave = leave
        self._icon: QSystemTrayIcon | None = None
        self._has_said = False
        self._menu = QMenu()
        window.installEventFilter(self)
        preferences.changed.connect(self._follow)
        self._follow(preferences.current)

    @property
    def is_available(self) -> bool:
        """Whether this desktop has a tray."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    @property
    def is_shown(self) -> bool:
        """Whether the icon is there."""
        return self._icon is not None and self._icon.isVisible()

    def show_window(self) -> None:
        """Bring the window back."""
        self._window.showNormal() if self._window.isMinimized() else self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def close(self) -> None:
        """Take the icon away and let the window go."""
        self._window.removeEventFilter(self)
        self._remove()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        keeps = self.is_shown and self._preferences.current.close_to_tray
        if watched is self._window and event.type() is QEvent.Type.Close and keeps:
            event.ignore()
            self._window.hide()
            self._say_once()
            return True
        return False

    def _follow(self, preferences: Preferences) -> None:
        wanted = preferences.tray and self.is_available
        if wanted and self._icon is None:
            self._add()
        elif not wanted and self._icon is not None:
            self._remove()
        QApplication.setQuitOnLastWindowClosed(not (wanted and preferences.close_to_tray))

    def _add(self) -> None:
        icon = QSystemTrayIcon(QApplication.windowIcon(), self)
        icon.setToolTip("Slipstream")
        self._menu.clear()
        self._menu.addAction(self.tr("Show the window")).triggered.connect(self.show_window)
        self._menu.addAction(self.tr("New chat")).triggered.connect(self._on_new_chat)
        self._menu.addSeparator()
        self._menu.addAction(self.tr("Quit")).triggered.connect(self._leave)
        icon.setContextMenu(self._menu)
        icon.activated.connect(self._on_activated)
        icon.show()
        self._icon = icon

    def _remove(self) -> None:
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None
        QApplication.setQuitOnLastWindowClosed(True)

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            if self._window.isVisible() and self._window.isActiveWindow():
                self._window.hide()
            else:
                self.show_window()

    def _on_new_chat(self) -> None:
        self.show_window()
        self._new_chat()

    def _say_once(self) -> None:
        if self._icon is not None and not self._has_said:
            self._has_said = True
            self._icon.showMessage(
                "Slipstream", self.tr("It goes on running here; quit it from this icon's menu.")
            )
