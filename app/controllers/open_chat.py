"""Which chat is meant, and which of its messages: identities in a store, no text."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.controllers.store_access import StoreAccess
    from app.core.store.values import StoredMessage


@dataclass(slots=True, eq=False)
class OpenChat:
    """A chat that is shown, or in which an answer is being made."""

    access: StoreAccess
    id: int | None = None
    """None: nothing was said yet, or the store is not open yet."""
    folder_id: int | None = None
    """Where a new chat will be put."""

    def is_same(self, other: OpenChat) -> bool:
        """Whether both stand for one chat."""
        known = self.id is not None and self.id == other.id
        return self is other or (known and self.access is other.access)


class Entry:
    """A message of a chat: who it is in the store, and which of its versions."""

    __slots__ = ("details_loaded", "id", "saved", "version", "version_count")

    def __init__(
        self,
        id: int | None = None,
        *,
        version: int = 1,
        version_count: int = 1,
        details_loaded: bool = True,
    ) -> None:
        self.id = id
        """None until the store is open, or when it cannot be."""
        self.version = version
        self.version_count = version_count
        self.details_loaded = details_loaded
        self.saved: Future[None] | None = None
        """Resolves when it is on disk; None when it was there before, or never will be."""


def entry_of(stored: StoredMessage) -> Entry:
    """The entry of a message as the store gave it."""
    return Entry(
        stored.id,
        version=stored.version,
        version_count=stored.version_count,
        details_loaded=stored.details_loaded,
    )
