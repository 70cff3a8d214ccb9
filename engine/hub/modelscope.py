"""ModelScope by its plain HTTP interface; its own package is not used (it writes where the server
says). Field names were taken from its source and its answers are read with care.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote, urlencode

import httpx2

from engine.errors import TransferError
from engine.hub.credentials import Secret
from engine.hub.http import Answer, ask
from engine.hub.hub_errors import (
    gated,
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
    read_card,
    sort_listing,
)
from engine.models.manifest import ModelSource, SourceType, is_safe_id

_DEFAULT_BRANCH = "master"


class ModelScopeSource:
    """The hub at `endpoint`."""

    def __init__(
        self,
        client: httpx2.AsyncClient,
        *,
        endpoint: str,
        timeouts: NetworkTimeouts,
        token: Callable[[], Awaitable[Secret | None]],
    ) -> None:
        self.client = client
        self.endpoint = endpoint.rstrip("/")
        self._timeouts = timeouts
        self._token = token

    @property
    def type(self) -> SourceType:
        """MODELSCOPE."""
        return SourceType.MODELSCOPE

    async def search(
        self, text: str, *, owner: str | None = None, limit: int = 30
    ) -> tuple[ModelSummary, ...]:
        """Models whose name matches, most downloaded first."""
        query = {"search": text, "owner": owner or "", "sort": "downloads"}
        query |= {"page_number": "1", "page_size": str(limit)}
        asked = urlencode({key: value for key, value in query.items() if value})
        secret = await self._token()
        bearer = {"Authorization": f"Bearer {secret.reveal()}"} if secret else {}
        answer = await self._ask(f"{self.endpoint}/openapi/v1/models?{asked}", "", bearer)
        rows = _object(answer.get("data")).get("models")
        if not isinstance(rows, list):
            raise unexpected_answer("fields")
        found = (_summary(_object(row)) for row in rows)
        return tuple(summary for summary in found if summary is not None)[:limit]

    async def describe(self, repository: str, *, revision: str | None = None) -> RemoteModel:
        """Files, sizes and digests of a branch. The revision is the commit of its newest file."""
        branch = revision or _DEFAULT_BRANCH
        query = urlencode({"Revision": branch, "Recursive": "True"})
        url = f"{self._repository_url(repository)}/repo/files?{query}"
        answer = await self._ask(url, repository, await self.secret_headers())
        rows = _object(answer.get("Data")).get("Files")
        if not isinstance(rows, list):
            raise unexpected_answer("fields")
        entries = [row for row in map(_object, rows) if row.get("Type") != "tree"]
        files = (self._file(repository, branch, entry) for entry in entries)
        kept, left_out = sort_listing({file.path: file for file in files})
        return RemoteModel(
            source=ModelSource(
                type=self.type, repository=repository, revision=_newest_commit(entries) or branch
            ),
            page_url=self.page_url(repository),
            files=kept,
            left_out=left_out,
            summary=ModelSummary(repository=repository),
        )

    async def model_card(self, repository: str, *, revision: str | None = None) -> ModelCard:
        """The README; empty when there is none."""
        url = self._file_url(repository, revision or _DEFAULT_BRANCH, "README.md")
        secrets = await self.secret_headers()
        answer = await ask(
            self.client,
            url,
            limit_s=self._timeouts.metadata_s,
            secret_headers=secrets,
            limit_bytes=CARD_LIMIT_BYTES,
        )
        if answer.status == 404:
            return ModelCard(text="")
        if answer.status >= 400:
            raise self._status_error(answer, repository, had_token=bool(secrets))
        if is_html(answer.headers):
            raise sign_in_page(url)
        return read_card(answer.body.decode("utf-8", "replace"))

    async def secret_headers(self) -> Mapping[str, str]:
        """The session cookie made of the token; empty without one."""
        secret = await self._token()
        return {} if secret is None else {"Cookie": f"m_session_id={secret.reveal()}"}

    def page_url(self, repository: str) -> str:
        """Where a person can look at the model and accept its terms."""
        return f"{self.endpoint}/models/{quote(repository)}"

    def _repository_url(self, repository: str) -> str:
        if repository.count("/") != 1 or not is_safe_id(repository):
            raise not_found(repository, reason="name")
        return f"{self.endpoint}/api/v1/models/{quote(repository)}"

    def _file_url(self, repository: str, branch: str, path: str) -> str:
        query = urlencode({"Revision": branch, "FilePath": path})
        return f"{self._repository_url(repository)}/repo?{query}"

    def _file(self, repository: str, branch: str, entry: Mapping[str, object]) -> RemoteFile:
        path, size, digest = entry.get("Path"), entry.get("Size"), entry.get("Sha256")
        if not (isinstance(path, str) and isinstance(size, int) and isinstance(digest, str)):
            raise unexpected_answer("file_entry")
        try:
            return RemoteFile(
                path=path,
                size_bytes=size,
                algorithm=DigestAlgorithm.SHA256,
                digest=digest.lower(),
                url=self._file_url(repository, branch, path),
            )
        except ValueError as error:
            raise unexpected_answer("file_entry") from error

    async def _ask(
        self, url: str, repository: str, secrets: Mapping[str, str]
    ) -> Mapping[str, object]:
        answer = await ask(
            self.client, url, limit_s=self._timeouts.metadata_s, secret_headers=secrets
        )
        if answer.status >= 400:
            raise self._status_error(answer, repository, had_token=bool(secrets))
        try:
            value = json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise sign_in_page(url) from error
        if not isinstance(value, dict) or not (value.get("Success") or value.get("success")):
            raise unexpected_answer("fields")
        return value

    def _status_error(self, answer: Answer, repository: str, *, had_token: bool) -> TransferError:
        page = self.page_url(repository)
        if answer.status in (401, 403):
            reason = "not_accepted" if answer.status == 403 else "wrong_token"
            return gated(repository, reason=reason if had_token else "no_token", page_url=page)
        return status_error(
            answer.status,
            answer.headers,
            repository=repository,
            page_url=page,
            had_token=had_token,
        )


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise unexpected_answer("fields")
    return value


def _summary(row: Mapping[str, object]) -> ModelSummary | None:
    repository = row.get("id")
    if not isinstance(repository, str) or repository.count("/") != 1:
        return None
    tags = row.get("tags")
    return ModelSummary(
        repository=repository,
        downloads=_number(row.get("downloads")),
        likes=_number(row.get("likes")),
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
    )


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _newest_commit(entries: list[Mapping[str, object]]) -> str | None:
    commits = [
        (date, str(commit))
        for entry in entries
        if isinstance(date := entry.get("CommittedDate"), int) and (commit := entry.get("Revision"))
    ]
    return max(commits)[1] if commits else None
