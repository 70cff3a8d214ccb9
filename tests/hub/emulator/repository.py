"""Repositories as the emulated hubs hold them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

LFS_THRESHOLD_BYTES = 1024


def git_blob_sha1(data: bytes) -> str:
    """The name git gives to a content."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


@dataclass(slots=True)
class HostedFile:
    """One file; what the interface claims about it may be a lie."""

    data: bytes
    claimed_size: int | None = None
    claimed_sha256: str | None = None

    @property
    def is_large(self) -> bool:
        """Kept outside git and delivered by the second server."""
        return len(self.data) >= LFS_THRESHOLD_BYTES

    @property
    def size(self) -> int:
        """As the interface says."""
        return len(self.data) if self.claimed_size is None else self.claimed_size

    @property
    def sha256(self) -> str:
        """As the interface says."""
        return self.claimed_sha256 or hashlib.sha256(self.data).hexdigest()

    @property
    def blob_id(self) -> str:
        """Of the content, or of the pointer that stands for a large file."""
        if not self.is_large:
            return git_blob_sha1(self.data)
        pointer = (
            "version https://git-lfs.github.com/spec/v1\n"
            f"oid sha256:{self.sha256}\nsize {len(self.data)}\n"
        )
        return git_blob_sha1(pointer.encode())


@dataclass(slots=True)
class Repository:
    """A model repository at its only revision."""

    id: str
    files: dict[str, HostedFile]
    gated: bool = False
    private: bool = False
    disabled: bool = False
    tags: list[str] = field(
        default_factory=lambda: ["openvino", "text-generation", "license:apache-2.0"]
    )
    downloads: int = 100
    likes: int = 1
    allowed_tokens: set[str] = field(default_factory=set)
    last_modified: str = "2026-01-01T00:00:00.000Z"

    @property
    def commit(self) -> str:
        """Follows the content."""
        digest = hashlib.sha1(usedforsecurity=False)
        for path, file in sorted(self.files.items()):
            digest.update(
                path.encode("utf-8", "surrogatepass") + hashlib.sha256(file.data).digest()
            )
        return digest.hexdigest()
