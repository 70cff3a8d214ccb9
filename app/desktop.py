"""Builds the window and its controllers on a `Foundation` and connects them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app import startup_probe
from app.bootstrap import Foundation, overrides
from app.collection import resume_collection
from app.connections import connect_chat, connect_loads, connect_preferences
from app.controllers.chat_controller import ChatController
from app.controllers.load_controller import LoadController
from app.controllers.preferences_controller import PreferencesController
from app.controllers.settings_writer import SettingsWriter
from app.core.generation_settings import LengthMode
from app.features.appearance import Appearance
from app.features.chat_keeping import add_chat_keeping
from app.features.commands import Commands
from app.features.composing import Composing, ComposingParts, make_requests
from app.features.devices import add_devices, make_device_settings
from app.features.generation import GenerationSettingsFeature, make_generation
from app.features.history import add_history, make_journal
from app.features.lab import add_lab
from app.features.models import add_models
from app.features.settings import add_settings
from app.features.speaking import Speaking
from app.features.tray import Tray
from app.features.wakefulness import add_wakefulness
from app.features.window_actions import add_window_actions
from app.first_paint import FirstPaint
from app.language import WindowLanguage
from app.notices import Notices
from app.palette import Palette
from app.viewmodels.transcript_model import TranscriptModel
from app.views.main_window import MainWindow
from app.window_state import restore_window, save_window
from engine.events import LoadedPipeline

if TYPE_CHECKING:
    from app.chat_view.view import ChatView
    from app.views.generation_popover import GenerationPopover


class Desktop(QObject):
    """Everything of one window."""

    chat_view_made = Signal(object)  # ChatView
    _fault = Signal(str)

    def __init__(self, foundation: Foundation, application: QApplication) -> None:
        super().__init__()
        self.exit_code = 0
        self._has_shown_fault = False
        self._foundation = foundation
        self._application = application
        self._pipeline: LoadedPipeline | None = None
        self.chat_view: ChatView | None = None
        self._first_paint: FirstPaint | None = None
        self._writer = writer = SettingsWriter()
        self.preferences = PreferencesController(
            foundation.preferences_file,
            foundation.loaded_preferences,
            writer=writer,
            overrides=overrides(foundation.arguments),
            parent=self,
        )
        self.language = WindowLanguage(self.preferences.current.language, self)
        self.theme = Appearance(application, self.preferences, self)
        presets_file = foundation.paths.presets_file
        self.generation = make_generation(self.preferences, presets_file, writer, self)
        self.transcript = TranscriptModel(self)
        self.loads = LoadController(
            foundation.session,
            foundation.choice,
            samples=lambda: self.chat.next_settings.temperature > 0,
            uses_threshold=lambda: self.chat.next_settings.uses_threshold,
            settings=make_device_settings(foundation, writer, self),
            parent=self,
        )
        self.journal = make_journal(foundation.paths.chats_file, self)
        requests = make_requests(self.generation, self.loads, self.preferences)
        self.chat = ChatController(
            foundation.session,
            self.loads,
            self.transcript,
            journal=self.journal,
            requests=requests,
            translate=QCoreApplication.translate,
            parent=self,
        )
        self.window = MainWindow(self.theme.palette)
        self.commands = Commands(self.window, self)
        self.notices = Notices(self.window.page.banner, self.chat, self.loads, self)
        self.generation_settings = GenerationSettingsFeature(
            self.window.page, self._make_popover, self.generation, self.loads, self
        )
        self.composing = Composing(
            ComposingParts(
                page=self.window.page,
                chat=self.chat,
                journal=self.journal,
                transcript=self.transcript,
                loads=self.loads,
                preferences=self.preferences,
                generation=self.generation,
                requests=requests,
            ),
            self,
        )
        self.lab = add_lab(
            self.window,
            self.loads,
            foundation.session,
            language=self.language,
            transcript=self.transcript,
            chat=self.chat,
            paths=foundation.paths,
            parent=self,
        )
        self.models = add_models(
            self.window,
            self.loads,
            self.preferences,
            paths=foundation.paths,
            palette=lambda: self.theme.palette,
            parent=self,
        )
        self.devices = add_devices(
            self.window,
            self.loads,
            foundation.session,
            ladder=foundation.ladder,
            models=lambda: foundation.paths.models,
            parent=self,
        )
        self.history = add_history(self, foundation)
        add_chat_keeping(self)
        self.tray = Tray(
            self.window,
            self.preferences,
            new_chat=self.window.sidebar.new_chat.click,
            leave=self.quit,
            parent=self,
        )
        self.wakefulness = add_wakefulness(self)
        self.settings = add_settings(self, foundation.paths)
        add_window_actions(self, data=foundation.paths.data)
        self.speaking = Speaking(self)
        self._connect()
        self.theme.style_widgets()

    @property
    def popover(self) -> GenerationPopover:
        """The window of generation settings."""
        return self.generation_settings.popover

    def _make_popover(self) -> GenerationPopover:
        from app.views.generation_popover import GenerationPopover  # not before the first paint

        popover = GenerationPopover(QCoreApplication.translate, self.window)
        popover.apply_palette(self.theme.palette)
        return popover

    def open(self) -> FirstPaint:
        """Show the window. What is returned tells when it is painted and its work has begun."""
        arguments = self._foundation.arguments
        if arguments.size is not None:
            self.window.resize(*arguments.size)
        else:
            restore_window(self.window, self._foundation.paths.window_file)
        self._first_paint = first_paint = FirstPaint(self.window.page)
        if startup_probe.is_wanted():
            first_paint.painted.connect(startup_probe.report)
        first_paint.begun.connect(resume_collection)
        first_paint.begun.connect(self.loads.start)
        first_paint.begun.connect(self.ensure_chat_view)
        first_paint.begun.connect(self.history.start)
        first_paint.begun.connect(self._show_news)
        first_paint.begun.connect(self.models.offer_unfinished)
        first_paint.begun.connect(self.settings.warn_of_folders)
        for notice in self._foundation.notices:
            self.notices.tell(notice)
        self.window.show()
        self.window.page.composer.focus()
        QTimer.singleShot(0, self._start_script)
        return first_paint

    def come_forward(self) -> None:
        """Bring the window to the front: the program was started once more."""
        if self.window.isMinimized():
            self.window.showNormal()
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    async def end_tasks(self) -> None:
        """End what runs as tasks of the event loop, while there still is one."""
        self._begin_nothing()
        await self.lab.close()
        await self.devices.close()
        await self.models.close()

    def close(self) -> None:
        """Save what has to be saved; the event loop has ended."""
        self._begin_nothing()
        save_window(self.window, self._foundation.paths.window_file)
        self.composing.close()
        self.tray.close()
        self.wakefulness.close()
        self.preferences.close()
        self._writer.close()
        self.window.hide()
        self.history.close()
        self._foundation.guard.on_fault = None
        self.window.close()
        self.language.close()

    def _begin_nothing(self) -> None:
        """What waits for the first paint does not begin any more."""
        if self._first_paint is not None:
            self._first_paint.cancel()

    def _connect(self) -> None:
        lengths = self.generation_settings.lengths
        for listener in (self.loads.on_event, lengths.on_event, self.chat.on_event):
            self._foundation.bridge.add_listener(listener)
        self.chat.leaving.connect(lengths.use_draft)
        self.generation_settings.auto_length_changed.connect(self.window.top_bar.show_auto_length)
        self.window.top_bar.show_auto_length(self.generation.current.auto_draft_length)
        self.lab.placement_chosen.connect(self.models.keep_placement)
        self.lab.placement_chosen.connect(lambda: self.generation.choose_length(LengthMode.FIXED))
        self.chat.sent.connect(self.ensure_chat_view)
        connect_loads(self.window, self.loads, self.preferences)
        connect_chat(self.window, self.chat)
        connect_preferences(self.window, self.preferences)
        self.preferences.save_failed.connect(
            lambda error: self.notices.show(error, retry=self.preferences.save)
        )
        self.generation.save_failed.connect(
            lambda error: self.notices.show(error, retry=self.generation.save)
        )
        self.theme.palette_changed.connect(self._on_palette_changed)
        self.loads.loaded.connect(self._on_loaded)
        self.window.sidebar.about_requested.connect(self.show_about)
        if self._foundation.arguments.show_error_windows:
            self._fault.connect(self._show_fault, Qt.ConnectionType.QueuedConnection)
            self._foundation.guard.on_fault = self._fault.emit

    def ensure_chat_view(self) -> None:
        """Make the view of the chat: after the first paint, or when a message is sent earlier."""
        if self.chat_view is not None:
            return
        from app.chat_view.view import ChatView
        from app.features.chat_reading import connect_chat_view

        view = ChatView(self.theme.chat_style())
        view.set_model(self.transcript)
        view.set_token_colours(self.preferences.current.token_colours)
        view.link_activated.connect(self._ask_to_open)
        self.theme.restyled.connect(lambda: view.set_style(self.theme.chat_style()))
        self.preferences.changed.connect(lambda new: view.set_token_colours(new.token_colours))
        self.window.page.set_chat(view)
        self.chat_view = view
        connect_chat_view(view, self.window)
        self.chat_view_made.emit(view)

    def _ask_to_open(self, address: str) -> None:
        from app.features.links import ask_to_open

        ask_to_open(self.window, address)

    def _start_script(self) -> None:
        if self._foundation.arguments.is_scripted:
            from app.features.script import run_script

            run_script(self, self._foundation.arguments)

    def _show_news(self) -> None:
        from app.features.whats_new import add_whats_new

        is_scripted = self._foundation.arguments.is_scripted
        add_whats_new(self.window, self.preferences, is_scripted=is_scripted)

    def quit(self) -> None:
        """End the program, whatever closing the window does."""
        self._begin_nothing()
        self._application.quit()

    def quit_with(self, exit_code: int) -> None:
        """End the program and say how it went."""
        self.exit_code = exit_code
        self.quit()

    def _on_palette_changed(self, palette: Palette) -> None:
        self.window.apply_palette(palette)
        self.generation_settings.apply_palette(palette)

    def _on_loaded(self, pipeline: LoadedPipeline) -> None:
        self._pipeline = pipeline

    def show_about(self) -> None:
        """Say what this program is."""
        from app.features.about import show_about

        show_about(self.window, pipeline=self._pipeline, data=self._foundation.paths.data)

    def _show_fault(self, report: str) -> None:
        """Show the first fault; the log has the others."""
        if self._has_shown_fault:
            return
        self._has_shown_fault = True
        from app.views.dialogs import fault_dialog

        log_file = self._foundation.guard.log_file
        fault_dialog(self.window, report=report, log_file=log_file).open()
