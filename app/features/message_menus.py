"""Gives the chat view its message actions and does what they promise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from app.controllers.branch_controller import BranchController, other_choices
from app.core.conversation import MessageState
from app.core.filling import filled
from app.core.load_choice import LoadChoice
from app.views.history.continue_strip import ContinueStrip
from app.views.history.undo_bar import UndoBar
from engine.events import DeviceInfo
from engine.messages import Role

if TYPE_CHECKING:
    from app.chat_view.message_actions import MessageAction
    from app.chat_view.view import ChatView
    from app.controllers.message_menu import MessageFacts
    from app.core.store.values import Deletion, StoredMessage
    from app.desktop import Desktop
    from app.features.history import History
    from app.views.history.message_editor import MessageEditor

_DETAILS_MS = 80


class MessageMenus(QObject):
    """Actions of messages in one window."""

    def __init__(self, desktop: Desktop, history: History) -> None:
        super().__init__(history)
        self._desktop = desktop
        self._history = history
        self._chat = desktop.chat
        self._loads = desktop.loads
        self._journal = desktop.journal
        self._transcript = desktop.transcript
        self._view: ChatView | None = None
        self._editor: MessageEditor | None = None
        self._devices: tuple[str, ...] = ()
        self.branch = BranchController(
            desktop.journal,
            desktop.chat,
            desktop.loads,
            desktop.transcript,
            translate=QCoreApplication.translate,
            parent=self,
        )
        self.undo_bar = UndoBar()
        self.undo_bar.apply_palette(desktop.theme.palette)
        self.continue_strip = ContinueStrip()
        self.continue_strip.apply_palette(desktop.theme.palette)
        for strip in (self.undo_bar, self.continue_strip):
            desktop.window.page.add_above_composer(strip)
        self._details = QTimer(self)
        self._details.setSingleShot(True)
        self._details.setInterval(_DETAILS_MS)
        self._details.timeout.connect(self._load_details)
        self._connect()

    def close(self) -> None:
        """The window is about to go."""
        self._details.stop()
        self._view = None

    def show_message(self, row: int) -> None:
        """Scroll to a message and mark it."""
        view = self._view
        if view is None:
            return
        view.setFocus()
        view.follow = False
        view.focus_message(row)
        # Heights above were estimates until now.
        QTimer.singleShot(0, view, lambda: view.focus_message(row))

    def _connect(self) -> None:
        desktop = self._desktop
        desktop.chat_view_made.connect(self._attach)
        desktop.theme.palette_changed.connect(self.undo_bar.apply_palette)
        desktop.theme.palette_changed.connect(self.continue_strip.apply_palette)
        self.continue_strip.continue_requested.connect(self._chat.continue_answer)
        self._transcript.modelReset.connect(self._offer_rest)
        self._transcript.rowsInserted.connect(self._offer_rest)
        self._transcript.rowsRemoved.connect(self._offer_rest)
        self._chat.stage_changed.connect(lambda _: self._offer_rest())
        self._loads.devices_changed.connect(self._on_devices)
        self._loads.choice_changed.connect(lambda _: self._refresh())
        self._chat.stage_changed.connect(lambda _: self._refresh())
        self._chat.sending.connect(self._leave_editor)
        self._chat.leaving.connect(self._leave_editor)
        self._chat.leaving.connect(self.undo_bar.hide)
        self._journal.changed.connect(self._refresh)
        self.branch.deleted.connect(self._offer_undo)
        self.branch.versions_read.connect(self._compare)

    def _attach(self, view: ChatView) -> None:
        self._view = view
        view.set_actions(self.actions_of)
        view.action_triggered.connect(self._act)
        view.version_requested.connect(self.branch.switch_version)
        view.arranged.connect(self._on_arranged)

    def _on_devices(self, devices: tuple[DeviceInfo, ...]) -> None:
        self._devices = tuple(device.name for device in devices)

    def _refresh(self) -> None:
        if self._view is not None:
            self._view.refresh_actions()

    def _offer_rest(self) -> None:
        row = len(self._transcript) - 1
        facts = self._facts(row) if row > 0 and not self.branch.is_busy else None
        text = ""
        if facts is not None and facts.role is Role.ASSISTANT and facts.can_continue:
            text = self.tr("The answer was stopped.")
            if facts.state is MessageState.INTERRUPTED:
                text = self.tr("The answer was interrupted.")
            elif facts.state is MessageState.DONE:
                text = self.tr("The answer was cut at the token limit.")
        self.continue_strip.offer(text)

    def actions_of(self, row: int) -> tuple[MessageAction, ...]:
        """What can be done with a message now."""
        from app.controllers.message_menu import message_actions  # not before the first paint

        if not 0 <= row < len(self._transcript):
            return ()
        return message_actions(
            self._facts(row),
            self._others(),
            choice=self._loads.choice,
            sampling=self._loads.samples,
            translate=QCoreApplication.translate,
        )

    def _facts(self, row: int) -> MessageFacts:
        from app.controllers.message_menu import MessageFacts

        transcript = self._transcript
        return MessageFacts(
            role=transcript.role_of(row),
            state=transcript.state_of(row),
            has_text=transcript.text_length(row) > 0,
            report=transcript.report(row),
            is_last=row == len(transcript) - 1,
            is_saved=self._journal.message_id(row) is not None,
            version_count=transcript.versions(row).count,
            is_busy=self.branch.is_busy,
            is_temporary=self._journal.is_temporary,
        )

    def _others(self) -> tuple[LoadChoice, ...]:
        return other_choices(self._loads.choice, self._devices)

    def _act(self, row: int, name: str) -> None:
        from app.controllers.message_menu import ActionId

        view = self._view
        if view is None or not 0 <= row < len(self._transcript):
            return
        if name.startswith(ActionId.WITH):
            others = self._others()
            number = int(name.removeprefix(ActionId.WITH) or -1)
            if 0 <= number < len(others):
                self.branch.regenerate_with(row, others[number])
            return
        act: dict[str, Callable[[], object]] = {
            ActionId.COPY: lambda: view.copy_message(row),
            ActionId.COPY_TEXT: lambda: view.copy_text(view.message_text(row)),
            ActionId.EDIT: lambda: self.edit(row),
            ActionId.REGENERATE: lambda: self._chat.regenerate(row),
            ActionId.CONTINUE: self._chat.continue_answer,
            ActionId.COMPARE: lambda: self.branch.read_versions(row),
            ActionId.DETAILS: lambda: self._show_figures(row),
            ActionId.BRANCH: lambda: self._branch(row),
            ActionId.DELETE: lambda: self.branch.delete(row),
        }
        act[name]()

    def edit(self, row: int) -> None:
        """Open the editor over a message of the user."""
        view = self._view
        if view is None or self.branch.is_busy or self._transcript.role_of(row) is not Role.USER:
            return
        editor = self._editor_on(view)
        text, font_px = self._transcript.message(row).text, view.column.style.font_px
        editor.open_for(row, text, font_px=font_px)
        editor.place(view.message_rect(row), view.viewport().rect())

    def _editor_on(self, view: ChatView) -> MessageEditor:
        if self._editor is None:
            from app.views.history.message_editor import MessageEditor

            editor = MessageEditor(view.viewport())
            editor.apply_palette(self._desktop.theme.palette)
            self._desktop.theme.palette_changed.connect(editor.apply_palette)
            editor.submitted.connect(self._chat.edit_and_send)
            editor.closed.connect(view.setFocus)
            self._editor = editor
        return self._editor

    def _leave_editor(self) -> None:
        if self._editor is not None:
            self._editor.close_editor()

    def _on_arranged(self) -> None:
        view, editor = self._view, self._editor
        row = editor.row if editor is not None else None
        if view is not None and editor is not None and row is not None:
            editor.place(view.message_rect(row), view.viewport().rect())
        if not self._details.isActive():
            self._details.start()

    def _load_details(self) -> None:
        view = self._view
        if view is None or not len(self._transcript):
            return
        top = view.verticalScrollBar().value()
        first = view.column.row_at(top)
        last = view.column.row_at(top + view.viewport().height())
        self.branch.load_details(first - 4, last + 4)

    def _branch(self, row: int) -> None:
        chat_id, message_id = self._journal.chat_id, self._journal.message_id(row)
        if chat_id is not None and message_id is not None:
            self._history.controller.duplicate(chat_id, upto_message_id=message_id)

    def _offer_undo(self, deletion: Deletion) -> None:
        count = len(deletion.message_ids)
        several = filled(self.tr("{count} {count:message|messages} deleted"), count=count)
        text = self.tr("Message deleted") if count == 1 else several
        self.undo_bar.offer(text, lambda: self.branch.undo(deletion))

    def _show_figures(self, row: int) -> None:
        from app.views.history.figures_dialog import FiguresDialog

        report = self._transcript.report(row)
        if report is not None:
            FiguresDialog(report, QCoreApplication.translate, self._desktop.window).open()

    def _compare(self, versions: tuple[StoredMessage, ...], shown_id: int) -> None:
        from app.views.history.compare_dialog import CompareDialog

        if len(versions) < 2:
            return
        CompareDialog(
            versions,
            shown_id=shown_id,
            palette=self._desktop.theme.palette,
            token_colours=self._desktop.preferences.current.token_colours,
            translate=QCoreApplication.translate,
            parent=self._desktop.window,
        ).open()
