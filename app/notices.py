"""Turns errors into the banner, and the banner's button into what it promises."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject

from app.controllers.chat_controller import ChatController
from app.controllers.load_controller import LoadController
from app.core.error_entries import ErrorAction
from app.core.error_text import error_text
from app.views.banner import Banner
from engine.errors import ErrorInfo
from engine.events import EngineRestarted


class Notices(QObject):
    """One banner for the window; the newest error replaces an older one."""

    def __init__(
        self, banner: Banner, chat: ChatController, loads: LoadController, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._banner = banner
        self._chat = chat
        self._loads = loads
        self._retry: Callable[[], object] = loads.try_again
        self._load_fault = ""
        self._is_asked_anew = False
        banner.action_requested.connect(self._act)
        loads.failed.connect(self.on_load_failed)
        loads.choice_changed.connect(self._on_choice)
        loads.loaded.connect(self._on_loaded)
        loads.restarted.connect(self.on_restarted)
        loads.devices_unknown.connect(self.on_devices_unknown)
        chat.failed.connect(self.on_chat_failed)
        chat.sent.connect(banner.hide)
        chat.emptied.connect(banner.hide)

    def show(self, error: ErrorInfo, *, retry: Callable[[], object]) -> None:
        """Show an error; `retry` is what \u201cTry again\u201d does."""
        self._retry = retry
        self._banner.show_error(error_text(error, QCoreApplication.translate))

    def tell(self, info: ErrorInfo) -> None:
        """Say something that needs no action now."""
        text = error_text(info, QCoreApplication.translate)
        self._banner.show_notice(text.title, text.sentence)

    def on_load_failed(self, error: ErrorInfo) -> None:
        """A load failed."""
        self.show(error, retry=self._loads.try_again)
        self._load_fault, self._is_asked_anew = self._banner.title.text(), False

    def on_chat_failed(self, error: ErrorInfo) -> None:
        """An answer failed."""
        self.show(error, retry=self._chat.try_again)

    def on_restarted(self, event: EngineRestarted) -> None:
        """The engine died; when an error already says so, that is enough."""
        del event
        if not self._banner.is_shown:
            self._banner.show_notice(
                self.tr("The engine was started again"),
                self.tr("It had ended unexpectedly; nothing of yours is lost."),
            )

    def on_devices_unknown(self) -> None:
        """The list of devices did not come."""
        if not self._banner.is_shown:
            self._banner.show_notice(
                self.tr("Devices could not be listed"),
                self.tr("Only the CPU is offered; a driver may be at fault."),
            )

    def _on_choice(self) -> None:
        self._is_asked_anew = True

    def _on_loaded(self) -> None:
        """What somebody chose after the fault is loaded: the fault is over. What merely came back
        by itself says nothing about it.
        """
        is_told = self._banner.is_shown and self._banner.title.text() == self._load_fault
        if self._is_asked_anew and is_told:
            self._banner.hide()

    def _act(self, action: ErrorAction) -> None:
        match action:
            case ErrorAction.TRY_AGAIN:
                self._retry()
            case ErrorAction.USE_CPU:
                self._loads.use_cpu()
            case ErrorAction.WITHOUT_DRAFT:
                self._loads.go_without_draft()
            case ErrorAction.NEW_CHAT:
                self._chat.new_chat()
            case ErrorAction.DISMISS:
                pass
