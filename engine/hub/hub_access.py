"""Gives out model hubs. Owns their one HTTP client and the tokens; nothing of either is loaded or
opened before the first hub is asked for.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import ErrorCode, TransferError
from engine.hub.settings import NetworkTimeouts
from engine.models.manifest import ModelSource, SourceType

if TYPE_CHECKING:
    import httpx2

    from engine.hub.credentials import Credentials
    from engine.hub.mirror import MirrorReport
    from engine.hub.sources import HubSource


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

    def source(self, source_type: SourceType, *, endpoint: str | None = None) -> HubSource:
        """A hub: HUGGINGFACE, MODELSCOPE, or MIRROR with the `endpoint` of the mirror.

        Raises:
            TransferError: REPOSITORY_NOT_FOUND, reason `no_hub`, for any other source.
        """
        token = functools.partial(self.credentials.token, source_type)
        if source_type is SourceType.MODELSCOPE:
            from engine.hub.modelscope import ModelScopeSource

            return ModelScopeSource(
                self._open_client(),
                endpoint=self._endpoints.modelscope,
                timeouts=self._timeouts,
                token=token,
            )
        mirror = source_type is SourceType.MIRROR and endpoint is not None
        if not mirror and source_type is not SourceType.HUGGINGFACE:
            raise TransferError(
                "This model does not come from a hub.",
                code=ErrorCode.REPOSITORY_NOT_FOUND,
                reason="no_hub",
            )
        from engine.hub.huggingface import HuggingFaceSource

        return HuggingFaceSource(
            self._open_client(),
            endpoint=endpoint if mirror and endpoint else self._endpoints.huggingface,
            timeouts=self._timeouts,
            token=None if mirror else token,
        )

    def source_of(self, source: ModelSource) -> HubSource:
        """The hub a model came from; errors as `source`."""
        return self.source(source.type, endpoint=source.endpoint)

    async def verify_mirror(self, url: str) -> MirrorReport:
        """Try out a mirror of Hugging Face; see `engine.hub.mirror.verify_mirror`."""
        from engine.hub.mirror import verify_mirror

        return await verify_mirror(url, client=self._open_client(), timeouts=self._timeouts)

    async def token_owner(self) -> str:
        """The user name of the stored Hugging Face token.

        Raises:
            TransferError: GATED with reason `no_token` or `wrong_token`; else as any call.
        """
        from engine.hub.huggingface import HuggingFaceSource

        source = self.source(SourceType.HUGGINGFACE)
        assert isinstance(source, HuggingFaceSource)
        return await source.who_am_i()

    async def close(self) -> None:
        """Close the client; the next call opens a new one."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _open_client(self) -> httpx2.AsyncClient:
        if self._client is None:
            from engine.hub.http import open_client

            self._client = open_client(self._timeouts)
        return self._client
