"""The sentence for a file that is not attached. English sources, marked for translation."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.attachments.values import AttachmentError, RefusalCode
from app.core.filling import filled
from app.core.formatting import count, size
from app.core.translation import QT_TRANSLATE_NOOP, Translate

_CONTEXT = "AttachmentRefusal"
_SENTENCES: Mapping[RefusalCode, str] = {
    RefusalCode.UNREADABLE: QT_TRANSLATE_NOOP(
        "AttachmentRefusal", "\u201c{name}\u201d cannot be read."
    ),
    RefusalCode.TOO_LARGE: QT_TRANSLATE_NOOP(
        "AttachmentRefusal", "\u201c{name}\u201d has {size_bytes}; at most {limit_bytes} are read."
    ),
    RefusalCode.TOO_LONG: QT_TRANSLATE_NOOP(
        "AttachmentRefusal",
        "\u201c{name}\u201d has more than {limit} {limit:character|characters} of text.",
    ),
    RefusalCode.UNKNOWN_KIND: QT_TRANSLATE_NOOP(
        "AttachmentRefusal", "\u201c{name}\u201d is neither text nor a PDF or .docx document."
    ),
    RefusalCode.NO_TEXT: QT_TRANSLATE_NOOP(
        "AttachmentRefusal", "\u201c{name}\u201d contains no text."
    ),
    RefusalCode.NO_TEXT_IN_PAGES: QT_TRANSLATE_NOOP(
        "AttachmentRefusal",
        "\u201c{name}\u201d contains no text in its {pages} {pages:page|pages}; it may be a scan.",
    ),
    RefusalCode.ENCRYPTED: QT_TRANSLATE_NOOP(
        "AttachmentRefusal", "\u201c{name}\u201d is locked with a password."
    ),
    RefusalCode.DAMAGED: QT_TRANSLATE_NOOP(
        "AttachmentRefusal", "\u201c{name}\u201d is damaged and cannot be read."
    ),
    RefusalCode.DOES_NOT_FIT: QT_TRANSLATE_NOOP(
        "AttachmentRefusal",
        "\u201c{name}\u201d has about {tokens} {tokens:token|tokens}; about {free} of the context "
        "of {context} {free:is|are} free.",
    ),
    RefusalCode.TOO_MANY: QT_TRANSLATE_NOOP(
        "AttachmentRefusal",
        "\u201c{name}\u201d is one too many; {limit} {limit:text|texts} can be attached.",
    ),
}


def refusal_text(name: str, error: AttachmentError, translate: Translate) -> str:
    """The sentence in the user's language."""
    return filled(translate(_CONTEXT, _SENTENCES[error.code]), name=name, **_texts(error))


def _texts(error: AttachmentError) -> dict[str, str]:
    return {
        key: size(value) if key.endswith("_bytes") else count(value)
        for key, value in error.facts.items()
        if isinstance(value, int)
    }
