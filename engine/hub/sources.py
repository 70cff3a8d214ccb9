"""What every model hub offers, whatever its protocol: search, a listing with digests, a card."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from engine.errors import TransferError
from engine.hub.names import check_listing, wanted_files
from engine.models.manifest import ModelSource, SourceType

if TYPE_CHECKING:
    import httpx2


class DigestAlgorithm(StrEnum):
    """How a hub names the content of a file."""

    SHA256 = "sha256"
    GIT_BLOB = "git-blob-sha1"
    """SHA-1 of `blob <size>\\0` and the content."""


CARD_LIMIT_BYTES = 1024 * 1024
_DIGESTS = {
    DigestAlgorithm.SHA256: re.compile(r"[0-9a-f]{64}"),
    DigestAlgorithm.GIT_BLOB: re.compile(r"[0-9a-f]{40}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """One file of a repository, pinned to a revision.

    Raises:
        ValueError: the size is negative or the digest is none of its algorithm.
    """

    path: str
    size_bytes: int
    algorithm: DigestAlgorithm
    digest: str
    url: str
    """Without secrets and without signature."""

    def __post_init__(self) -> None:
        if self.size_bytes < 0 or not _DIGESTS[self.algorithm].fullmatch(self.digest):
            raise ValueError(f"size or digest of {self.path}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSummary:
    """One row of a search."""

    repository: str
    downloads: int | None = None
    likes: int | None = None
    gated: bool = False
    last_modified: str | None = None
    """ISO 8601."""
    tags: tuple[str, ...] = ()

    @property
    def owner(self) -> str:
        """The part before the slash."""
        return self.repository.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteModel:
    """A repository at one revision. Its names were all found safe."""

    source: ModelSource
    """With the repository and the exact revision."""
    page_url: str
    files: tuple[RemoteFile, ...]
    """Those worth fetching."""
    left_out: tuple[str, ...] = ()
    """Names of the others, for showing."""
    license: str | None = None
    summary: ModelSummary

    @property
    def size_bytes(self) -> int:
        """Bytes of the files worth fetching."""
        return sum(file.size_bytes for file in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """The description of a model, as plain text."""

    text: str
    license: str | None = None


class HubSource(Protocol):
    """A hub. Every call ends within the metadata limit, can be cancelled, and raises
    TransferError only: OFFLINE, SIGN_IN_PAGE, GATED, REPOSITORY_NOT_FOUND, RATE_LIMITED, SERVER,
    UNSAFE_NAME, UNSAFE_REDIRECT.
    """

    @property
    def type(self) -> SourceType: ...

    @property
    def client(self) -> httpx2.AsyncClient:
        """For the bytes."""
        ...

    async def search(
        self, text: str, *, owner: str | None = None, limit: int = 30
    ) -> tuple[ModelSummary, ...]:
        """Models whose name matches, most downloaded first; `owner` narrows it."""
        ...

    async def describe(self, repository: str, *, revision: str | None = None) -> RemoteModel:
        """Files, sizes and digests; refuses the whole repository for one unsafe name."""
        ...

    async def model_card(self, repository: str, *, revision: str | None = None) -> ModelCard:
        """The README; empty when there is none."""
        ...

    async def secret_headers(self) -> Mapping[str, str]:
        """What proves who asks; for the hub's own origin only. Empty for a mirror."""
        ...

    def page_url(self, repository: str) -> str:
        """Where a person can look at the model."""
        ...


def sort_listing(files: Mapping[str, RemoteFile]) -> tuple[tuple[RemoteFile, ...], tuple[str, ...]]:
    """Split a listing into the files to fetch and the names left out.

    Raises:
        TransferError: UNSAFE_NAME for any bad name, wanted or not.
    """
    check_listing(files)
    wanted = wanted_files(files)
    kept = tuple(file for path, file in files.items() if path in wanted)
    return kept, tuple(path for path in files if path not in wanted)


def read_card(text: str) -> ModelCard:
    """A README without its front matter, and the licence named there."""
    match = re.match(r"\ufeff?---\s*\n(.*?)\n---\s*(?:\n|$)", text, re.DOTALL)
    if match is None:
        return ModelCard(text=text.strip())
    named = re.search(r"^license:\s*['\"]?([\w.+-]+)", match[1], re.MULTILINE)
    return ModelCard(text=text[match.end() :].strip(), license=named[1] if named else None)


def carries_card(error: TransferError) -> bool:
    """Whether a failed README request only means that there is none."""
    return dict(error.facts).get("reason") == "file"
