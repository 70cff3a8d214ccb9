"""Hugging Face and its mirrors: search and listings through huggingface_hub, cards by ourselves.
The token is for the official hub alone; a mirror is never given it.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

import httpx2

from engine.errors import TransferError
from engine.hub.credentials import Secret
from engine.hub.hf_bridge import HubCall, prepare_library
from engine.hub.http import ask
from engine.hub.hub_errors import (
    is_html,
    not_found,
    sign_in_page,
    status_error,
    unexpected_answer,
)
from engine.hub.settings import NetworkTimeouts
from engine.hub.sources import (
    CARD_LIMIT_BYTES,
    DigestAlgorithm,
    ModelCard,
    ModelSummary,
    RemoteFile,
    RemoteModel,
    carries_card,
    read_card,
    sort_listing,
)
from engine.models.manifest import ModelSource, SourceType, is_safe_id

if TYPE_CHECKING:
    from huggingface_hub import HfApi, ModelInfo
    from huggingface_hub.hf_api import RepoSibling

T = TypeVar("T")
_LICENSE_TAG = "license:"


class HuggingFaceSource:
    """The hub at `endpoint`, or a mirror of it when `token` is None."""

    def __init__(
        self,
        client: httpx2.AsyncClient,
        *,
        endpoint: str,
        timeouts: NetworkTimeouts,
        token: Callable[[], Awaitable[Secret | None]] | None,
    ) -> None:
        self.client = client
        self.endpoint = endpoint.rstrip("/")
        self._timeouts = timeouts
        self._token = token

    @property
    def type(self) -> SourceType:
        """HUGGINGFACE, or MIRROR."""
        return SourceType.MIRROR if self._token is None else SourceType.HUGGINGFACE

    async def search(
        self, text: str, *, owner: str | None = None, limit: int = 30
    ) -> tuple[ModelSummary, ...]:
        """Models whose name matches, most downloaded first."""

        def call(api: HfApi, token: str | bool) -> tuple[ModelInfo, ...]:
            found = api.list_models(
                search=text or None,
                author=owner,
                sort="downloads",
                limit=limit,
                expand=["downloads", "likes", "gated", "lastModified", "tags"],
                token=token,
            )
            return tuple(found)

        return tuple(_summary(info) for info in await self._call(call, repository=""))

    async def describe(self, repository: str, *, revision: str | None = None) -> RemoteModel:
        """Files, sizes and digests at a revision; one request."""

        def call(api: HfApi, token: str | bool) -> ModelInfo:
            return api.model_info(
                repository,
                revision=revision,
                files_metadata=True,
                timeout=self._timeouts.metadata_s,
                token=token,
            )

        info = await self._call(call, repository=repository)
        if not info.sha or info.siblings is None:
            raise unexpected_answer("no_revision")
        commit = info.sha
        listing = {s.rfilename: s for s in info.siblings}
        kept, left_out = sort_listing(
            {path: self._file(repository, commit, entry) for path, entry in listing.items()}
        )
        return RemoteModel(
            source=ModelSource(
                type=self.type,
                repository=repository,
                revision=commit,
                endpoint=self.endpoint if self.type is SourceType.MIRROR else None,
            ),
            page_url=self.page_url(repository),
            files=kept,
            left_out=left_out,
            license=_license(info),
            summary=_summary(info),
        )

    async def model_card(self, repository: str, *, revision: str | None = None) -> ModelCard:
        """The README; empty when there is none."""
        url = self._resolve_url(repository, revision or "main", "README.md")
        secrets = await self.secret_headers()
        answer = await ask(
            self.client,
            url,
            limit_s=self._timeouts.metadata_s,
            secret_headers=secrets,
            limit_bytes=CARD_LIMIT_BYTES,
        )
        if answer.status < 400:
            if is_html(answer.headers):
                raise sign_in_page(url)
            return read_card(answer.body.decode("utf-8", "replace"))
        error = self._status_error(
            answer.status, answer.headers, repository, had_token=bool(secrets)
        )
        if carries_card(error):
            return ModelCard(text="")
        raise error

    async def secret_headers(self) -> Mapping[str, str]:
        """`Authorization` with the token; empty for a mirror and without a token."""
        secret = None if self._token is None else await self._token()
        return {} if secret is None else {"Authorization": f"Bearer {secret.reveal()}"}

    def page_url(self, repository: str) -> str:
        """Where a person can look at the model and accept its terms."""
        return f"{self.endpoint}/{quote(repository)}"

    def _file(self, repository: str, commit: str, entry: RepoSibling) -> RemoteFile:
        large = entry.lfs is not None
        try:
            return RemoteFile(
                path=entry.rfilename,
                size_bytes=int(entry.size or 0),
                algorithm=DigestAlgorithm.SHA256 if large else DigestAlgorithm.GIT_BLOB,
                digest=str(entry.lfs.sha256 if entry.lfs else entry.blob_id),
                url=self._resolve_url(repository, commit, entry.rfilename),
            )
        except (TypeError, ValueError) as error:
            raise unexpected_answer("file_entry") from error

    def _resolve_url(self, repository: str, revision: str, path: str) -> str:
        if not is_safe_id(repository):
            raise not_found(repository, reason="name")
        name, at, file = quote(repository), quote(revision, safe=""), quote(path)
        return f"{self.endpoint}/{name}/resolve/{at}/{file}"

    async def _call(self, function: Callable[[HfApi, str | bool], T], *, repository: str) -> T:
        secret = None if self._token is None else await self._token()
        # False, not None: None would let the library look for a token on this machine.
        token: str | bool = secret.reveal() if secret else False

        def work() -> T:
            from huggingface_hub import HfApi

            return function(HfApi(endpoint=self.endpoint, token=False), token)

        await prepare_library()
        call = HubCall(self.client, endpoint=self.endpoint, limit_s=self._timeouts.metadata_s)
        with self._translated(repository, had_token=secret is not None):
            return await call.run(work)

    @contextmanager
    def _translated(self, repository: str, *, had_token: bool) -> Iterator[None]:
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError

        try:
            yield
        except HfHubHTTPError as error:
            answer = error.response
            raise self._status_error(
                answer.status_code, answer.headers, repository, had_token=had_token
            ) from error
        except HFValidationError as error:
            raise not_found(repository, reason="name") from error
        except json.JSONDecodeError as error:
            raise sign_in_page(self.endpoint) from error
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            # The library builds its values from whatever JSON arrives.
            raise unexpected_answer("fields") from error

    def _status_error(
        self, status: int, headers: Mapping[str, str], repository: str, *, had_token: bool
    ) -> TransferError:
        return status_error(
            status,
            headers,
            repository=repository,
            page_url=self.page_url(repository),
            had_token=had_token,
        )


def _summary(info: ModelInfo) -> ModelSummary:
    modified = info.last_modified
    return ModelSummary(
        repository=info.id,
        downloads=info.downloads,
        likes=info.likes,
        gated=bool(info.gated),
        last_modified=modified.isoformat() if modified else None,
        tags=tuple(info.tags or ()),
    )


def _license(info: ModelInfo) -> str | None:
    tags = (tag for tag in info.tags or () if tag.startswith(_LICENSE_TAG))
    return next((tag.removeprefix(_LICENSE_TAG) for tag in tags), None)
