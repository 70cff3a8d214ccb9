"""What the chat view says about the place under the mouse: tool tips and the context menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtWidgets import QDialog, QMenu, QToolTip

from app.chat_view.message_item import LIVE_STATES
from app.chat_view.plain_text import plain_text_dialog
from app.chat_view.pointer import ChatPointer, host_of
from app.chat_view.replay import ReplayStep, replay_steps
from app.chat_view.replay_dialog import ReplayDialog

if TYPE_CHECKING:
    from app.chat_view.view import ChatView


class ChatDetails(QObject):
    """Texts and actions for a point of the viewport."""

    def __init__(self, view: ChatView, pointer: ChatPointer) -> None:
        super().__init__(view)
        self._view = view
        self._pointer = pointer

    def menu(self, point: QPointF) -> QMenu:
        """The context menu; it deletes itself when it closes."""
        view = self._view
        menu = QMenu(view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if not view.selection.is_empty:
            menu.addAction(self.tr("Copy the selection"), view.copy)
            menu.addAction(self.tr("Copy the selection as Markdown"), view.copy_markdown)
        link = self._pointer.link_at(point)
        if link:
            menu.addAction(self.tr("Copy the address"), lambda: view.copy_text(link))
        menu.addSeparator()
        hit = self._pointer.hit(point)
        if hit is not None:
            self._add_message(menu, hit.item.row)
        menu.addAction(self.tr("Select all"), view.select_all)
        return menu

    def _add_message(self, menu: QMenu, row: int) -> None:
        view = self._view
        if not view.messages.fill_menu(menu, row):
            menu.addAction(self.tr("Copy the message"), lambda: view.copy_message(row))
        menu.addSeparator()
        view.messages.add_attachments(menu, row)
        if self._steps(row):
            menu.addAction(self.tr("Replay slowly"), lambda: self.replay(row))
        if view.steps.can_walk(row):
            menu.addAction(self.tr("Go through the steps"), lambda: view.walk_steps(row))
        menu.addAction(self.tr("Show as plain text"), lambda: self.show_plain_text(row))

    def show_plain_text(self, row: int) -> QDialog | None:
        """Open a message as plain text; None for a row that does not exist."""
        model = self._view.model
        if model is None or not 0 <= row < len(model):
            return None
        dialog = plain_text_dialog(self._view, model.text(row))
        dialog.open()
        return dialog

    def replay(self, row: int) -> QDialog | None:
        """Play an answer again step by step; None when it was not recorded."""
        steps = self._steps(row)
        if not steps:
            return None
        view, style = self._view, self._view.column.style
        dialog = ReplayDialog(steps, type(view)(style), style, view.window())
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()
        return dialog

    def _steps(self, row: int) -> tuple[ReplayStep, ...]:
        model = self._view.model
        if model is None or not 0 <= row < len(model) or not model.spans(row):
            return ()
        if model.state_of(row) in LIVE_STATES:
            return ()
        return replay_steps(model.message(row))

    def show_tool_tip(self, point: QPoint, global_point: QPoint) -> None:
        """Show the tool tip of a point, or none."""
        text = self.tool_tip(QPointF(point))
        if text:
            QToolTip.showText(global_point, text, self._view.viewport())
        else:
            QToolTip.hideText()

    def tool_tip(self, point: QPointF) -> str:
        """Where a link leads, what a bar stands for, or what is known about a coloured token."""
        bar = self._view.steps.tool_tip(point)
        if bar:
            return bar
        link = self._pointer.link_at(point)
        if link:
            return self.tr("Opens {host}").format(host=host_of(link))
        hit = self._pointer.hit(point) if self._view.column.colours else None
        if hit is None:
            return ""
        offset = hit.block.message_offset(hit.block.exact_position_at(hit.point))
        return self._token_text(hit.item.row, offset) if offset is not None else ""

    def _token_text(self, row: int, offset: int) -> str:
        token = self._view.column.items[row].tokens.at(offset)
        model = self._view.model
        if token is None or model is None:
            return ""
        report = model.report(row)
        run_lengths = report.run_lengths if report is not None else ()
        known = token.step < len(run_lengths)
        run = run_lengths[token.step] if known else token.run_length
        origin = self.tr("accepted draft token") if token.accepted else self.tr("main model")
        text = self.tr("Step {step}, {origin}\nTokens in this step: {run}").format(
            step=token.step, origin=origin, run=run
        )
        times = report.run_times_s if report is not None else ()
        if not token.step < len(times):
            return text
        before_s = times[token.step - 1] if token.step else 0.0
        return "\n".join(
            (
                text,
                self.tr("Took {milliseconds} ms, ready after {seconds} s").format(
                    milliseconds=f"{(times[token.step] - before_s) * 1e3:.1f}",
                    seconds=f"{times[token.step]:.2f}",
                ),
            )
        )
