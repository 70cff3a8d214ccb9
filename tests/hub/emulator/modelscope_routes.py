"""The part of the ModelScope interface that listing and downloading use."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.hub.emulator.exchange import Exchange
from tests.hub.emulator.repository import Repository

if TYPE_CHECKING:
    from tests.hub.emulator.server import Emulator

_COMMITTED_S = 1_700_000_000


def list_models(emulator: Emulator, exchange: Exchange) -> None:
    if exchange.spoil("", "", "ms_list")[0]:
        return
    found = list(emulator.repositories.values())
    if owner := exchange.first("owner"):
        found = [r for r in found if r.id.split("/")[0] == owner]
    if search := exchange.first("search"):
        found = [r for r in found if search.lower() in r.id.lower()]
    size, page = int(exchange.first("page_size", "10")), int(exchange.first("page_number", "1"))
    rows = [
        {"id": r.id, "downloads": r.downloads, "likes": r.likes, "tags": r.tags}
        for r in found[(page - 1) * size : page * size]
    ]
    data = {"total_count": len(found), "page_number": page, "page_size": size, "models": rows}
    exchange.json(200, {"success": True, "request_id": "r", "data": data})


def files(emulator: Emulator, exchange: Exchange, repo: str) -> None:
    if exchange.spoil(repo, "", "ms_files")[0]:
        return
    repository = _accessible(emulator, exchange, repo)
    if repository is None:
        return
    rows = [
        {
            "Name": path.split("/")[-1],
            "Path": path,
            "Type": "blob",
            "Size": file.size,
            "Sha256": file.sha256,
            "IsLFS": file.is_large,
            "Revision": repository.commit,
            "CommittedDate": _COMMITTED_S,
        }
        for path, file in repository.files.items()
    ]
    rows.append({"Name": "sub", "Path": "sub", "Type": "tree", "Size": 0, "Sha256": ""})
    exchange.json(200, {"Code": 200, "Success": True, "Data": {"Files": rows}, "Message": "ok"})


def file(emulator: Emulator, exchange: Exchange, repo: str) -> None:
    path = exchange.first("FilePath")
    exchange.log.file = path
    done, fault = exchange.spoil(repo, path, "ms_file")
    repository = None if done else _accessible(emulator, exchange, repo)
    if repository is None:
        return
    hosted = repository.files.get(path)
    if hosted is None:
        _not_found(exchange)
    elif hosted.is_large:
        location = f"{emulator.cdn_url}/{quote(repo)}/{quote(path)}?sig={emulator.signature}"
        exchange.raw(302, b"", {"Location": location, "X-Linked-ETag": f'"{hosted.sha256}"'})
    else:
        exchange.file(hosted, fault, {"ETag": f'"{hosted.blob_id}"'})


def _accessible(emulator: Emulator, exchange: Exchange, repo: str) -> Repository | None:
    repository = emulator.repositories.get(repo)
    if repository is None:
        _not_found(exchange)
        return None
    if repository.gated and exchange.token not in repository.allowed_tokens:
        exchange.json(403, {"Code": 403, "Message": "no permission", "Success": False})
        return None
    return repository


def _not_found(exchange: Exchange) -> None:
    answer = {"Code": 10010205001, "Message": "record not found", "Success": False, "Data": None}
    exchange.json(404, answer)
