"""A hub that is loaded when it is first asked, and then in a thread: its packages take a second to
import and its certificates some time to read, which a window must not wait for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from engine.hub.blocking import run_blocking
from engine.hub.sources import HubSource, ModelCard, ModelSummary, RemoteModel
from engine.models.manifest import SourceType

if TYPE_CHECKING:
    import httpx2


class DeferredSource:
    """Stands for the hub that `load` returns; see `HubSource` for what it offers."""

    def __init__(
        self, source_type: SourceType, *, pages: str, load: Callable[[], HubSource]
    ) -> None:
        self._type = source_type
        self._pages = pages
        self._load = load
        self._loaded: HubSource | None = None

    @property
    def type(self) -> SourceType:
        """HUGGINGFACE, MIRROR or MODELSCOPE."""
        return self._type

    @property
    def client(self) -> httpx2.AsyncClient:
        """For the bytes; there only after the hub was asked something."""
        if self._loaded is None:
            raise RuntimeError("The hub has not been asked anything yet.")
        return self._loaded.client

    async def search(
        self, text: str, *, owner: str | None = None, limit: int = 30
    ) -> tuple[ModelSummary, ...]:
        """Models whose name matches, most downloaded first; `owner` narrows it."""
        return await (await self._hub()).search(text, owner=owner, limit=limit)

    async def describe(self, repository: str, *, revision: str | None = None) -> RemoteModel:
        """Files, sizes and digests; refuses the whole repository for one unsafe name."""
        return await (await self._hub()).describe(repository, revision=revision)

    async def model_card(self, repository: str, *, revision: str | None = None) -> ModelCard:
        """The README; empty when there is none."""
        return await (await self._hub()).model_card(repository, revision=revision)

    async def secret_headers(self) -> Mapping[str, str]:
        """What proves who asks; for the hub's own origin only. Empty for a mirror."""
        return await (await self._hub()).secret_headers()

    def page_url(self, repository: str) -> str:
        """Where a person can look at the model and accept its terms."""
        return f"{self._pages}/{quote(repository)}"

    async def _hub(self) -> HubSource:
        if self._loaded is None:
            self._loaded = await run_blocking(self._load)
        return self._loaded
