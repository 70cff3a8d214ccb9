"""The part of the Hugging Face interface that listing and downloading use."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from tests.hub.emulator.exchange import Exchange
from tests.hub.emulator.repository import Repository

if TYPE_CHECKING:
    from tests.hub.emulator.server import Emulator

_INVALID = "Invalid credentials in Authorization header"
_DISABLED = "Access to this resource is disabled."
_PAGE = 1000


def list_models(emulator: Emulator, exchange: Exchange) -> None:
    if exchange.spoil("", "", "list")[0] or not _known_token(emulator, exchange):
        return
    found = [repository for repository in emulator.repositories.values() if not repository.private]
    if author := exchange.first("author"):
        found = [r for r in found if r.id.split("/")[0].lower() == author.lower()]
    if search := exchange.first("search"):
        found = [r for r in found if search.lower() in r.id.lower()]
    found.sort(key=lambda r: r.downloads, reverse=True)
    limit = min(int(exchange.first("limit", str(_PAGE))), emulator.page_size)
    start = int(exchange.first("cursor", "0"))
    headers = {}
    if start + limit < len(found):
        query = {**exchange.query, "cursor": [str(start + limit)]}
        url = f"{emulator.next_page_origin or emulator.url}/api/models"
        headers["Link"] = f'<{url}?{urlencode(query, doseq=True)}>; rel="next"'
    rows = [_info(repository) for repository in found[start : start + limit]]
    exchange.json(200, rows, headers)


def whoami(emulator: Emulator, exchange: Exchange) -> None:
    if exchange.spoil("", "", "whoami")[0]:
        return
    name = emulator.tokens.get(exchange.token)
    if name is None:
        exchange.json(401, {"error": _INVALID}, {"X-Error-Message": _INVALID})
        return
    exchange.json(200, {"type": "user", "name": name, "auth": {"type": "access_token"}})


def info(emulator: Emulator, exchange: Exchange, repo: str, rev: str | None = None) -> None:
    if exchange.spoil(repo, "", "info")[0]:
        return
    repository = _accessible(emulator, exchange, repo)
    if repository is None or not _has_revision(exchange, repository, rev):
        return
    answer = _info(repository)
    answer["siblings"] = [
        _sibling(repository, path, details="blobs" in exchange.query) for path in repository.files
    ]
    exchange.json(200, answer)


def resolve(emulator: Emulator, exchange: Exchange, repo: str, rev: str, file: str) -> None:
    exchange.log.file = file
    done, fault = exchange.spoil(repo, file, "resolve")
    if done:
        return
    repository = _accessible(emulator, exchange, repo)
    if repository is None or not _open_gate(exchange, repository):
        return
    if not _has_revision(exchange, repository, rev):
        return
    hosted = repository.files.get(file)
    common = {"X-Repo-Commit": repository.commit}
    if hosted is None:
        exchange.json(
            404, {"error": "Entry not found"}, {**common, "X-Error-Code": "EntryNotFound"}
        )
        return
    if hosted.is_large:
        signed = f"{emulator.cdn_url}/{quote(repo)}/{quote(file)}?Signature={emulator.signature}"
        headers = {"X-Linked-Size": str(hosted.size), "X-Linked-ETag": f'"{hosted.sha256}"'}
        exchange.raw(302, b"", {**common, **headers, "Location": signed})
        return
    if fault is not None:
        exchange.file(hosted, fault, common)
        return
    # Small files: a relative redirection to a cache of the same host, as the hub does today.
    cached = f"/api/resolve-cache/models/{repo}/{repository.commit}/{quote(file)}"
    exchange.raw(307, b"", {**common, "ETag": f'"{hosted.blob_id}"', "Location": cached})


def resolve_cache(emulator: Emulator, exchange: Exchange, repo: str, rev: str, file: str) -> None:
    exchange.log.file = file
    done, fault = exchange.spoil(repo, file, "cache")
    repository = None if done else _accessible(emulator, exchange, repo)
    if repository is None or not _open_gate(exchange, repository):
        return
    hosted = repository.files[file]
    exchange.file(hosted, fault, {"X-Repo-Commit": rev, "ETag": f'"{hosted.blob_id}"'})


def cdn(emulator: Emulator, exchange: Exchange, repo: str, file: str) -> None:
    exchange.log.file = file
    done, fault = exchange.spoil(repo, file, "cdn")
    if not done:
        hosted = emulator.repositories[repo].files[file]
        exchange.file(hosted, fault, {"ETag": '"not-a-digest"', "Set-Cookie": "cdn=1; Path=/"})


def _known_token(emulator: Emulator, exchange: Exchange) -> bool:
    if exchange.token and exchange.token not in emulator.tokens:
        exchange.json(401, {"error": _INVALID}, {"X-Error-Message": _INVALID})
        return False
    return True


def _accessible(emulator: Emulator, exchange: Exchange, repo: str) -> Repository | None:
    if not _known_token(emulator, exchange):
        return None
    repository = emulator.repositories.get(repo)
    hidden = repository is not None and repository.private
    if repository is None or (hidden and exchange.token not in repository.allowed_tokens):
        headers = {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Repository not found"}
        exchange.json(404 if exchange.token else 401, {"error": "Repository not found"}, headers)
        return None
    if repository.disabled:
        exchange.json(403, {"error": _DISABLED}, {"X-Error-Message": _DISABLED})
        return None
    return repository


def _open_gate(exchange: Exchange, repository: Repository) -> bool:
    if not repository.gated or exchange.token in repository.allowed_tokens:
        return True
    message = f"Access to model {repository.id} is restricted."
    headers = {"X-Error-Code": "GatedRepo", "X-Error-Message": message}
    exchange.json(403 if exchange.token else 401, {"error": message}, headers)
    return False


def _has_revision(exchange: Exchange, repository: Repository, revision: str | None) -> bool:
    if revision in (None, "main", repository.commit):
        return True
    headers = {"X-Error-Code": "RevisionNotFound"}
    exchange.json(404, {"error": f"Invalid rev id: {revision}"}, headers)
    return False


def _info(repository: Repository) -> dict[str, object]:
    return {
        "_id": repository.commit[:24],
        "id": repository.id,
        "modelId": repository.id,
        "author": repository.id.split("/")[0],
        "sha": repository.commit,
        "lastModified": repository.last_modified,
        "createdAt": repository.last_modified,
        "private": repository.private,
        "gated": "auto" if repository.gated else False,
        "disabled": repository.disabled,
        "tags": repository.tags,
        "downloads": repository.downloads,
        "likes": repository.likes,
        "library_name": "openvino",
        "pipeline_tag": "text-generation",
    }


def _sibling(repository: Repository, path: str, *, details: bool) -> dict[str, object]:
    file = repository.files[path]
    entry: dict[str, object] = {"rfilename": path}
    if details:
        entry |= {"size": file.size, "blobId": file.blob_id}
        if file.is_large:
            entry["lfs"] = {"size": file.size, "sha256": file.sha256, "pointerSize": 134}
    return entry
