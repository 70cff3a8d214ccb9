"""The child of C6, in a nursery: opens a store and dies, without any goodbye, in the middle."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import NoReturn

from app.core.store import ladder
from app.core.store.connection import connect_writer
from app.core.store.files import StoreFiles

DIED = 9


def main(path: str, n: str) -> NoReturn:
    """End with 9 before the n-th statement, with 0 when there are fewer."""
    left = int(n)

    def count(statement: str) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os._exit(DIED)

    def connect(file: Path | None) -> sqlite3.Connection:
        connection = connect_writer(file)
        connection.set_trace_callback(count)
        return connection

    vars(ladder)["connect_writer"] = connect
    files = StoreFiles(Path(path))
    opened = ladder.Ladder(files, clock=lambda: 1_800_000_000.0, notify=print).open()
    assert not opened.in_memory
    os._exit(0)
