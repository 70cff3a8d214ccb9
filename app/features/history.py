"""The history of chats: opens the store, keeps the open chat in it, lists all chats in the sidebar.
Builds and connects only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QPoint, QTimer
from PySide6.QtWidgets import QMenu

from app.controllers.chat_journal import ChatJournal
from app.controllers.history_controller import HistoryController
from app.controllers.store_access import MakeStore, NoticeSink, StoreAccess
from app.controllers.title_controller import TitleController
from app.core.answer_figures import footer_text
from app.core.filling import filled
from app.core.translation import QT_TRANSLATE_NOOP
from app.features.background_answers import BackgroundAnswers
from app.features.history_menus import HistoryMenus
from app.features.message_menus import MessageMenus
from app.features.store_notices import StoreNotices
from app.features.temporary_chat import TemporaryChat
from app.viewmodels.chat_list_model import ChatListModel, folder_of
from app.viewmodels.chat_list_rows import ListRow
from app.views.history.history_panel import HistoryPanel
from app.views.page_stack import CHAT_PAGE

if TYPE_CHECKING:
    from app.bootstrap import Foundation
    from app.core.conversation_store import ConversationStore
    from app.core.store.values import Deletion, StoredChat
    from app.desktop import Desktop

_NEW_DAY_MS = 300_000


def make_journal(chats_file: Path, parent: QObject) -> ChatJournal:
    """The journal over the store at `chats_file`; nothing is opened yet."""
    return ChatJournal(StoreAccess(store_at(chats_file), parent), parent)


def store_at(path: Path, *, memory_only: bool = False) -> MakeStore:
    """Makes the store at a path, or one that is kept in memory only."""

    def make(on_notice: NoticeSink) -> ConversationStore:
        from app.core.conversation_store import ConversationStore  # not before the first paint

        return ConversationStore(path, on_notice=on_notice, memory_only=memory_only)

    return make


class History(QObject):
    """The history of one window. `start` opens the store; `close` is called once at the end."""

    def __init__(self, desktop: Desktop, foundation: Foundation) -> None:
        super().__init__(desktop)
        self._desktop = desktop
        self._window = desktop.window
        self.journal = desktop.journal
        self.controller = HistoryController(
            desktop.journal,
            desktop.chat,
            desktop.transcript,
            translate=QCoreApplication.translate,
            parent=self,
        )
        self.model = ChatListModel(self)
        self.panel = HistoryPanel(self.model)
        self.banner = desktop.window.page.banner
        self.answers = BackgroundAnswers(desktop, self)
        self.menus = HistoryMenus(self)
        self.messages = MessageMenus(desktop, self)
        self.temporary = TemporaryChat(desktop, self, foundation.paths.chats_file)
        self.titles = TitleController(
            foundation.session, desktop.journal, desktop.chat.answering, desktop.loads, self
        )
        foundation.bridge.add_listener(self.titles.on_event)
        self.notices = StoreNotices(desktop, self)
        self.names_next_folder = False
        """Whether the user is to type the name of the next folder that is made."""
        self._to_name: tuple[str, int] | None = None
        self._days = QTimer(self)
        self._days.setInterval(_NEW_DAY_MS)
        self._days.timeout.connect(self.model.rebuild)
        self._window.sidebar.body.insertWidget(0, self.panel, 1)
        self._connect()
        self.panel.apply_palette(desktop.theme.palette)

    @property
    def token_colours(self) -> bool:
        """Whether the user wants accepted draft tokens marked."""
        return self._desktop.preferences.current.token_colours

    def start(self) -> None:
        """Open the store; the window is on the screen."""
        self.answers.marks.restore()
        self.controller.start()
        self._days.start()

    def close(self) -> None:
        """Save and close; waits for the store."""
        self._days.stop()
        self.messages.close()
        self._desktop.chat.close()
        self.temporary.close()
        self.menus.close()
        self.journal.main_access.close()

    def ask_for_name(self, key: tuple[str, int]) -> None:
        """Let the user type the name of a listed chat or folder."""
        self.panel.list.edit_row(key)

    def ask_for_chat_name(self, chat: StoredChat) -> None:
        """The same for a chat wherever it is listed, also when the list is not in sight."""
        self._show_sidebar()
        folder = folder_of(chat)
        if folder is not None:
            self.model.set_expanded(folder, on=True)
        self.ask_for_name(("chat", chat.id))

    def _connect(self) -> None:
        controller, model, panel = self.controller, self.model, self.panel
        transcript, translate = self._desktop.transcript, QCoreApplication.translate
        transcript.describe_reports(lambda report: footer_text(report, translate))
        controller.listed.connect(self._show_list)
        controller.found.connect(model.show_hits)
        controller.shown.connect(model.set_open)
        controller.shown.connect(panel.list.follow_open)
        controller.opened.connect(lambda _: self._show_chat())
        controller.deleted.connect(self._offer_undo)
        controller.folder_added.connect(self._on_folder_added)
        controller.message_wanted.connect(self.messages.show_message)
        model.chat_renamed.connect(controller.rename)
        model.folder_renamed.connect(controller.rename_folder)
        model.chats_dropped.connect(self._drop)
        self.titles.titled.connect(controller.refresh)
        panel.searched.connect(controller.search)
        panel.list.chosen.connect(self._open)
        panel.list.folder_toggled.connect(model.toggle_folder)
        panel.list.delete_wanted.connect(self._delete_selected)
        panel.list.menu_wanted.connect(self._open_menu)
        self._desktop.theme.palette_changed.connect(panel.apply_palette)

    def add_actions(self) -> None:
        """Let the list be reached from the palette, and by keys."""
        add = self._desktop.commands.add_chat_action
        add(QT_TRANSLATE_NOOP("Actions", "Search all chats"), self._search, "Ctrl+Shift+F")
        add(
            QT_TRANSLATE_NOOP("Actions", "Go to the list of chats"),
            self._focus_list,
            "Ctrl+Shift+E",
        )

    def _show_list(self, chats: object, folders: object) -> None:
        if self.panel.list.is_editing:
            # A name is being typed; the list would take it away.
            self.controller.refresh()
            return
        self.model.show_chats(chats, folders)  # type: ignore[arg-type]
        if self._to_name is not None and self.model.index_of(self._to_name).isValid():
            key, self._to_name = self._to_name, None
            self.ask_for_name(key)

    def _on_folder_added(self, folder_id: int) -> None:
        """A new folder is unfolded, and named as soon as it is listed."""
        if self.names_next_folder:
            self.names_next_folder = False
            self._to_name = ("folder", folder_id)
        self.model.set_expanded(folder_id, on=True)
        self.controller.refresh()

    def _open(self, row: ListRow) -> None:
        self._window.show_page(CHAT_PAGE)
        if row.hit is not None:
            self.controller.open_hit(row.hit)
        elif row.chat is not None:
            self.controller.open_chat(row.chat.id)

    def show_chat_page(self) -> None:
        """Leave another page."""
        self._window.show_page(CHAT_PAGE)

    def _show_chat(self) -> None:
        self._desktop.ensure_chat_view()
        self._window.page.show_chat(True)
        self._window.page.banner.hide()

    def _drop(self, chat_ids: tuple[int, ...], folder_id: int | None) -> None:
        if folder_id is not None:
            self.model.set_expanded(folder_id, on=True)
        self.controller.move(chat_ids, folder_id)

    def _delete_selected(self) -> None:
        row = self.model.row_at(self.panel.list.currentIndex())
        chats = self.panel.list.selected_chats()
        if chats:
            self.controller.delete(chats)
        elif row is not None and row.folder is not None:
            self.controller.delete_folder(row.folder.id)

    def _offer_undo(self, deletion: Deletion, count: int) -> None:
        several = filled(self.tr("{count} {count:chat|chats} deleted"), count=count)
        text = self.tr("Chat deleted") if count == 1 else several
        self.panel.undo_bar.offer(text, lambda: self.controller.undo(deletion))

    def _open_menu(self, row: ListRow | None, point: QPoint) -> None:
        menu: QMenu | None = self.menus.for_row(row)
        if menu is not None:
            self.panel.popup(menu, point)

    def _search(self) -> None:
        self._show_sidebar()
        self.panel.focus_search()

    def _focus_list(self) -> None:
        self._show_sidebar()
        self.panel.list.focus_first()

    def _show_sidebar(self) -> None:
        self._window.sidebar.show()
        self._window.top_bar.sidebar_button.setChecked(True)


def add_history(desktop: Desktop, foundation: Foundation) -> History:
    """Put the history into a window."""
    return History(desktop, foundation)
