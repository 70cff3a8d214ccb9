"""Gives out model hubs. Owns their one HTTP client and the tokens; nothing of either is loaded or
opened before the first hub is asked for.
"""

from __future__ import annotations

import functools
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import ErrorCode, TransferError
from engine.hub.blocking import run_blocking
from engine.hub.deferred_source import DeferredSource
from engine.hub.settings import NetworkTimeouts
from engine.hub.sources import HubSource
from engine.models.manifest import ModelSource, SourceType

if TYPE_CHECKING:
    import httpx2

    from engine.hub.credentials import Credentials
    from engine.hub.huggingface import HuggingFaceSource
    from engine.hub.mirror import MirrorReport
    from engine.hub.modelscope import ModelScopeSource


@dataclass(frozen=True, slots=True, kw_only=True)
class HubEndpoints:
    """Where the official hubs are. Tokens go to these and nowhere else."""

    huggingface: str = "https://huggingface.co"
    modelscope: str = "https://www.modelscope.cn"


class HubAccess:
    """Opens hubs. Close it on the event loop it was used on."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        endpoints: HubEndpoints | None = None,
        timeouts: NetworkTimeouts | None = None,
    ) -> None:
        self.credentials = credentials
        self._endpoints = endpoints or HubEndpoints()
        self._timeouts = timeouts or NetworkTimeouts()
        self._client: httpx2.AsyncClient | None = None
        self._opening = threading.Lock()

    def source(self, source_type: SourceType, *, endpoint: str | None = None) -> HubSource:
        """A hub: HUGGINGFACE, MODELSCOPE, or MIRROR with the `endpoint` of the mirror.

        Raises:
            TransferError: REPOSITORY_NOT_FOUND, reason `no_hub`, for any other source.
        """
        if source_type is SourceType.MODELSCOPE:
            pages = self._endpoints.modelscope.rstrip("/") + "/models"
            return DeferredSource(source_type, pages=pages, load=self._load_modelscope)
        if source_type is SourceType.HUGGINGFACE:
            pages = self._endpoints.huggingface.rstrip("/")
            return DeferredSource(source_type, pages=pages, load=self._load_huggingface)
        if source_type is SourceType.MIRROR and endpoint is not None:
            load = functools.partial(self._load_mirror, endpoint)
            return DeferredSource(source_type, pages=endpoint.rstrip("/"), load=load)
        raise TransferError(
            "This model does not come from a hub.",
            code=ErrorCode.REPOSITORY_NOT_FOUND,
            reason="no_hub",
        )

    def source_of(self, source: ModelSource) -> HubSource:
        """The hub a model came from; errors as `source`."""
        return self.source(source.type, endpoint=source.endpoint)

    async def verify_mirror(self, url: str) -> MirrorReport:
        """Try out a mirror of Hugging Face; see `engine.hub.mirror.verify_mirror`."""
        client = await run_blocking(self._open_client)
        from engine.hub.mirror import verify_mirror

        return await verify_mirror(url, client=client, timeouts=self._timeouts)

    async def close(self) -> None:
        """Close the client; the next call opens a new one."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _load_huggingface(self) -> HuggingFaceSource:
        from engine.hub.huggingface import HuggingFaceSource

        return HuggingFaceSource(
            self._open_client(),
            endpoint=self._endpoints.huggingface,
            timeouts=self._timeouts,
            token=functools.partial(self.credentials.token, SourceType.HUGGINGFACE),
        )

    def _load_mirror(self, endpoint: str) -> HuggingFaceSource:
        from engine.hub.huggingface import HuggingFaceSource

        return HuggingFaceSource(
            self._open_client(), endpoint=endpoint, timeouts=self._timeouts, token=None
        )

    def _load_modelscope(self) -> ModelScopeSource:
        from engine.hub.modelscope import ModelScopeSource

        return ModelScopeSource(
            self._open_client(),
            endpoint=self._endpoints.modelscope,
            timeouts=self._timeouts,
            token=functools.partial(self.credentials.token, SourceType.MODELSCOPE),
        )

    def _open_client(self) -> httpx2.AsyncClient:
        """Blocking: imports, and reads the certificates of the system."""
        from engine.hub.http import open_client

        with self._opening:
            if self._client is None:
                self._client = open_client(self._timeouts)
            return self._client
