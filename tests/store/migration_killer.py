"""The child of C6: opens a store and dies, without any goodbye, before its n-th statement.

Arguments: the database, n. Ends with 9 when it died, with 0 when there were fewer statements.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

from app.core.store import ladder
from app.core.store.connection import connect_writer
from app.core.store.files import StoreFiles

DIED = 9


def main() -> None:
    """Open, counting statements."""
    left = int(sys.argv[2])

    def count(statement: str) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os._exit(DIED)

    def connect(path: Path | None) -> sqlite3.Connection:
        connection = connect_writer(path)
        connection.set_trace_callback(count)
        return connection

    vars(ladder)["connect_writer"] = connect
    files = StoreFiles(Path(sys.argv[1]))
    opened = ladder.Ladder(files, clock=lambda: 1_800_000_000.0, notify=print).open()
    assert not opened.in_memory
    os._exit(0)


if __name__ == "__main__":
    main()
