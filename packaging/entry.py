"""Start of the frozen program: one file, two names. `slipstream-engine` has no window."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path

_IS_FROZEN = getattr(sys, "frozen", False)
_LIBRARY_PATH = "LD_LIBRARY_PATH"


def main() -> int:
    """Run what the name asks for and return its exit code."""
    if _IS_FROZEN:
        restore_environment(os.environ)
    if Path(sys.argv[0]).stem == "slipstream-engine":
        from engine.__main__ import main as run_headless

        return run_headless()
    if _IS_FROZEN and "--engine" not in sys.argv:
        locate_qt()
    from app.__main__ import main as run_window

    return run_window()


def restore_environment(environment: MutableMapping[str, str]) -> None:
    """Take the bundle's libraries out of what programs started from here inherit.

    The loader has read the variable by now. A browser or a file manager would load our libraries
    in place of its own.
    """
    environment.pop(_LIBRARY_PATH, None)
    original = environment.pop(f"{_LIBRARY_PATH}_ORIG", None)  # the loader keeps what was set
    if original is not None:
        environment[_LIBRARY_PATH] = original


def locate_qt() -> None:
    """Tell Qt where its plugins and texts are, without a variable that others would inherit."""
    # Part of every frozen program.
    from _pyi_rth_utils.qt import create_embedded_qt_conf  # type: ignore[import-not-found]

    package = Path(sys._MEIPASS) / "PySide6"  # type: ignore[attr-defined]  # set by the loader
    create_embedded_qt_conf("PySide6", str(package if sys.platform == "win32" else package / "Qt"))


if __name__ == "__main__":
    sys.exit(main())
