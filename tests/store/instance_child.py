"""The child of C8 and C9: one start of the program, as far as `SingleInstance` is concerned.

Arguments: data folder. Prints `first` and stays, printing `raised` for every request, until its
input ends; or prints `second` and ends with 0.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.single_instance import SingleInstance


def tell(line: str) -> None:
    """One line to the parent, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Start like the program does."""
    app = QCoreApplication(sys.argv[:1])
    instance = SingleInstance(Path(sys.argv[1]))
    if not instance.acquire():
        tell("second")
        return 0
    instance.raise_requested.connect(lambda: tell("raised"))
    tell("first")

    def quit_at_end_of_input() -> None:
        sys.stdin.read()
        app.quit()

    threading.Thread(target=quit_at_end_of_input, daemon=True).start()
    code = app.exec()
    instance.release()
    return code


if __name__ == "__main__":
    sys.exit(main())
