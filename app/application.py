"""The Qt application: made, dressed, and run until its window is closed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app.binding_check import verify_binding
from app.desktop import Desktop
from app.interrupts import Interrupts
from app.views.theme import interface_font, load_fonts
from app.windows_shell import announce_to_windows
from engine.resources import asset_path

if TYPE_CHECKING:
    from app.bootstrap import Foundation
    from app.crash import CrashGuard
    from app.single_instance import SingleInstance

_BEGUN = 1
"""What the first event loop ends with when the window is to stay."""
_LISTEN_LATEST_MS = 500
"""Other starts wait no longer than two seconds for this one, even where nothing is painted."""


def run_desktop(foundation: Foundation, instance: SingleInstance) -> int:
    """Open the window and run until it is closed. Returns the exit code."""
    verify_binding()
    announce_to_windows()
    present = QApplication.instance()
    application = present if isinstance(present, QApplication) else make_application()
    desktop = Desktop(foundation, application)
    interrupts = Interrupts(desktop.quit, desktop)
    instance.raise_requested.connect(desktop.come_forward)
    desktop.open().begun.connect(lambda: application.exit(_BEGUN))
    QTimer.singleShot(_LISTEN_LATEST_MS, instance.listen)
    goes_on = application.exec() == _BEGUN
    instance.listen()
    _run_tasks(desktop, application, foundation.guard, goes_on=goes_on)
    interrupts.close()
    desktop.close()
    failed = foundation.guard.fault_count and not foundation.arguments.show_error_windows
    return desktop.exit_code or int(bool(failed))


def _run_tasks(
    desktop: Desktop, application: QApplication, guard: CrashGuard, *, goes_on: bool
) -> None:
    """Run until the window is closed, now with tasks of asyncio; then end those."""
    import qasync  # and with it asyncio: the first paint need not wait for them

    from app.async_generators import closing_generators

    loop = qasync.QEventLoop(application)
    guard.install_loop(loop)
    with loop, closing_generators(loop):
        if goes_on:
            loop.run_forever()
        loop.run_until_complete(desktop.end_tasks())


def make_application() -> QApplication:
    """The Qt application, dressed."""
    application = QApplication(sys.argv[:1])
    dress(application)
    return application


def dress(application: QApplication) -> None:
    """Give the application its style, fonts and icon."""
    application.setStyle("Fusion")
    load_fonts()
    application.setFont(interface_font())
    application.setWindowIcon(QIcon(str(asset_path("icons", "app.svg"))))
