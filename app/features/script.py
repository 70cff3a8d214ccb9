"""Does what --ask, --screenshot and --quit ask for, in the window itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.controllers.ask_controller import AskController

if TYPE_CHECKING:
    from app.arguments import Arguments
    from app.desktop import Desktop


def run_script(desktop: Desktop, arguments: Arguments) -> None:
    """Begin; with --quit the program ends when all is done."""
    script = AskController(
        desktop.chat,
        desktop.loads,
        grab=desktop.window.grab,
        screenshot=arguments.screenshot,
        parent=desktop,
    )
    if arguments.quit_when_done:
        script.done.connect(desktop.quit_with)
    script.run(arguments.ask)
