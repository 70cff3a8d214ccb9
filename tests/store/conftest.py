"""Fixtures of the store tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.conversation_store import ConversationStore
from tests.store.bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Opens stores in a folder of this test and closes them after it."""
    made = Bench(tmp_path / "store" / "chats.db")
    yield made
    made.close_all()


@pytest.fixture
def store(bench: Bench) -> ConversationStore:
    """An empty store."""
    return bench.open()
