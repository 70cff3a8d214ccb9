"""Start of the frozen program: one file, two names. `slipstream-engine` has no window."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path

# Set by the loader and by the hook of Qt for Python; both have been read by now.
_OF_THE_BUNDLE = ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH")


def main() -> int:
    """Run what the name asks for and return its exit code."""
    if getattr(sys, "frozen", False):
        restore_environment(os.environ)
    if Path(sys.argv[0]).stem == "slipstream-engine":
        from engine.__main__ import main as run_headless

        return run_headless()
    from app.__main__ import main as run_window

    return run_window()


def restore_environment(environment: MutableMapping[str, str]) -> None:
    """Take the bundle's folders out of what programs started from here inherit.

    A browser or a file manager would load our libraries and Qt plugins in place of its own.
    """
    for name in _OF_THE_BUNDLE:
        environment.pop(name, None)
        # The loader keeps what the user had set.
        original = environment.pop(f"{name}_ORIG", None)
        if original is not None:
            environment[name] = original


if __name__ == "__main__":
    sys.exit(main())
