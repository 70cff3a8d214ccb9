"""Shows what the store has to tell in the window's banner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

if TYPE_CHECKING:
    from app.core.store.values import StoreNotice
    from app.desktop import Desktop
    from app.features.history import History


class StoreNotices(QObject):
    """The newest serious notice wins; a harmless one never hides an error."""

    def __init__(self, desktop: Desktop, history: History) -> None:
        super().__init__(history)
        self._banner = desktop.window.page.banner
        self._notices = desktop.notices
        access = desktop.journal.main_access
        access.noticed.connect(self._show)
        access.failed.connect(self._notices.tell)

    def _show(self, notice: StoreNotice) -> None:
        from app.core.store_text import is_serious, notice_text  # not before the first paint

        # A serious one replaces whatever is shown; the others wait for room, or are not shown.
        if is_serious(notice) or not self._banner.is_shown:
            self._banner.show_notice(*notice_text(notice, QCoreApplication.translate))
