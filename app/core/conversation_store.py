"""Keeps all chats of one user in one SQLite file. Qt-free; never blocks its caller."""

from __future__ import annotations

from app.core.store.calls import StoreStatus
from app.core.store.chat_calls import ChatCalls
from app.core.store.message_calls import MessageCalls
from app.core.store.worker import StoreTiming

__all__ = ["ConversationStore", "StoreStatus", "StoreTiming"]


class ConversationStore(ChatCalls, MessageCalls):
    """The way into the store.

    Guarantees:
    - Every call returns at once; work is done on one thread of the store's own, in the order asked.
    - A future of a write resolves after its commit reached the disk (WAL, synchronous=FULL).
    - Ids are given out at once (`Written.id`) and may be used in the next call.
    - While the disk is full, writes are kept in memory and tried again; notices tell.
    - Opening never fails for a damaged file: it is set aside and rebuilt from what is readable
      and the newest backup.

    Hazard: reads see only what is saved, so while saving is paused they lag behind.
    From asyncio, await with `asyncio.wrap_future`. Temporary chats are simply never given to it.
    """
