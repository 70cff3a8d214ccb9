"""Tries out a mirror of Hugging Face: does it answer, list, and deliver what it lists?"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2

from engine.errors import ErrorCode, ParameterError, TransferError
from engine.hub.http import ask
from engine.hub.hub_errors import is_html, sign_in_page, status_error, unexpected_answer
from engine.hub.huggingface import HuggingFaceSource
from engine.hub.redirects import is_private_host
from engine.hub.settings import NetworkTimeouts
from engine.hub.sources import DigestAlgorithm, RemoteFile, RemoteModel

_OWNER = "OpenVINO"
_PROBE_LIMIT_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorReport:
    """What a mirror can do."""

    endpoint: str
    """The address to keep: with scheme, without a slash at the end."""
    repository: str
    """The model it was tried with."""
    file: str
    """The file that was fetched and whose digest was right."""
    resumes: bool
    """Whether a broken download can go on; without it every break starts a file again."""


def normal_endpoint(url: str) -> str:
    """A typed address as an endpoint; `https` unless it is on this machine or network.

    Raises:
        ParameterError: it is no address of a hub, or has no encryption; parameter `mirror`.
    """
    text = url.strip()
    text = (text if "://" in text else f"https://{text}").rstrip("/")
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        valid = parts.port is None or parts.port > 0
    except ValueError as error:
        raise _not_a_mirror("address") from error
    extras = parts.username is not None or parts.query or parts.fragment
    if not (valid and host) or extras or re.search(r"[\s\\]", text):
        raise _not_a_mirror("address")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_private_host(host)):
        raise _not_a_mirror("no_encryption")
    return text


async def verify_mirror(
    url: str, *, client: httpx2.AsyncClient, timeouts: NetworkTimeouts
) -> MirrorReport:
    """Search, list and fetch one small file from a mirror, without any token.

    Raises:
        ParameterError: see `normal_endpoint`.
        TransferError: what did not work; CHECKSUM when it delivers something else than it lists.
    """
    endpoint = normal_endpoint(url)
    source = HuggingFaceSource(client, endpoint=endpoint, timeouts=timeouts, token=None)
    found = await source.search("", owner=_OWNER, limit=1)
    if not found:
        raise unexpected_answer("no_models")
    model = await source.describe(found[0].repository)
    file = _probe(model)
    body, resumes = await _fetch_in_two(client, file, model, timeouts)
    if _digest(body, file) != file.digest:
        raise TransferError(
            f"{file.path} arrived damaged.", code=ErrorCode.CHECKSUM, file=file.path
        )
    return MirrorReport(
        endpoint=endpoint,
        repository=found[0].repository,
        file=file.path,
        resumes=resumes,
    )


def _probe(model: RemoteModel) -> RemoteFile:
    small = [file for file in model.files if 1 < file.size_bytes <= _PROBE_LIMIT_BYTES]
    if not small:
        raise unexpected_answer("no_files")
    # The largest small one: it is likely to come the way the weights do.
    return max(small, key=lambda file: file.size_bytes)


async def _fetch_in_two(
    client: httpx2.AsyncClient, file: RemoteFile, model: RemoteModel, timeouts: NetworkTimeouts
) -> tuple[bytes, bool]:
    start = file.size_bytes // 2
    answer = await ask(
        client,
        file.url,
        limit_s=timeouts.metadata_s,
        headers={"Accept-Encoding": "identity", "Range": f"bytes={start}-"},
        limit_bytes=file.size_bytes,
    )
    if answer.status == 200 and not is_html(answer.headers):
        return answer.body, False
    first = await ask(
        client,
        file.url,
        limit_s=timeouts.metadata_s,
        headers={"Accept-Encoding": "identity", "Range": f"bytes=0-{start - 1}"},
        limit_bytes=file.size_bytes,
    )
    for part in (answer, first):
        if part.status >= 400:
            raise status_error(
                part.status,
                part.headers,
                repository=model.summary.repository,
                page_url=model.page_url,
                had_token=False,
            )
        if is_html(part.headers):
            raise sign_in_page(file.url)
    return first.body + answer.body, True


def _digest(body: bytes, file: RemoteFile) -> str:
    if file.algorithm is DigestAlgorithm.SHA256:
        return hashlib.sha256(body).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(body) + body, usedforsecurity=False).hexdigest()


def _not_a_mirror(reason: str) -> ParameterError:
    return ParameterError(
        f"This is not the address of a mirror ({reason}).",
        code=ErrorCode.INVALID_PARAMETER,
        parameter="mirror",
        reason=reason,
    )
