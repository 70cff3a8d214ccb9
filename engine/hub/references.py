"""Reads how a person names a model: `owner/name`, `owner/name@revision` or the URL of its page."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from engine.hub.redirects import origin
from engine.models.manifest import ModelSource, SourceType, is_safe_id

_HUGGING_FACE_HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})
_MODELSCOPE_HOSTS = frozenset({"modelscope.cn", "www.modelscope.cn", "modelscope.ai"})
_REVISION_WORDS = frozenset({"tree", "blob", "resolve", "raw"})


def parse_reference(text: str, *, mirrors: Iterable[str] = ()) -> ModelSource | None:
    """The repository a text names, or None when it names none (then it is words to search for).

    Args:
        text: typed or pasted.
        mirrors: endpoints of known mirrors; a page of one of these stays on the mirror.
    """
    text = text.strip()
    if "://" in text or text.split("/")[0].lower() in _HUGGING_FACE_HOSTS | _MODELSCOPE_HOSTS:
        return _from_url(text if "://" in text else f"https://{text}", tuple(mirrors))
    repository, _, revision = text.partition("@")
    return _source(SourceType.HUGGINGFACE, repository, revision or None)


def _from_url(url: str, mirrors: tuple[str, ...]) -> ModelSource | None:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    words = [unquote(word) for word in parts.path.split("/") if word]
    if parts.scheme not in ("http", "https"):
        return None
    if host in _MODELSCOPE_HOSTS:
        return _source(SourceType.MODELSCOPE, "/".join(words[1:3]), None)
    revision = words[3] if len(words) > 3 and words[2] in _REVISION_WORDS else None
    repository = "/".join(words[:2])
    if host in _HUGGING_FACE_HOSTS:
        return _source(SourceType.HUGGINGFACE, repository, revision)
    for mirror in mirrors:
        if origin(mirror) == origin(url):
            return _source(SourceType.MIRROR, repository, revision, endpoint=mirror)
    return None


def _source(
    source_type: SourceType, repository: str, revision: str | None, *, endpoint: str | None = None
) -> ModelSource | None:
    if repository.count("/") != 1 or not is_safe_id(repository):
        return None
    return ModelSource(
        type=source_type, repository=repository, revision=revision, endpoint=endpoint
    )
