"""Shows what the store has to tell in the window's banner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from app.core.store.values import NoticeCode, StoreNotice
from app.core.store_text import notice_text

if TYPE_CHECKING:
    from app.desktop import Desktop
    from app.features.history import History

_SERIOUS = frozenset(
    {
        NoticeCode.NOT_SAVING,
        NoticeCode.SAVING_PAUSED_DISK_FULL,
        NoticeCode.SAVING_PAUSED_NOT_WRITABLE,
        NoticeCode.DAMAGE_REPAIRED,
        NoticeCode.NEWER_SCHEMA,
    }
)
"""These replace whatever the banner shows; the others wait for room, or are not shown."""


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
        if notice.code in _SERIOUS or not self._banner.is_shown:
            self._banner.show_notice(*notice_text(notice, QCoreApplication.translate))
