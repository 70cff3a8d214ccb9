"""Takes the text out of a PDF, page by page. Pictures are not read."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable

from app.core.attachments.values import MAX_CHARACTERS, AttachmentError, RefusalCode

# The parser tells every oddity of a file at WARNING; the outcome is what counts here.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def pdf_text(content: bytes, *, is_cancelled: Callable[[], bool]) -> tuple[str, int]:
    """Return the text and the number of pages.

    Raises:
        AttachmentError: ENCRYPTED, DAMAGED, TOO_LONG or NO_TEXT_IN_PAGES (fact pages).
    """
    from pypdf.errors import FileNotDecryptedError, PyPdfError, WrongPasswordError

    try:
        return _read(content, is_cancelled)
    except (FileNotDecryptedError, WrongPasswordError) as error:
        raise AttachmentError(RefusalCode.ENCRYPTED) from error
    except AttachmentError:
        raise
    except (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        # The parser lets the errors of hostile files through as they come.
        raise AttachmentError(RefusalCode.DAMAGED) from error
    except (RecursionError, ArithmeticError, AssertionError, NotImplementedError) as error:
        raise AttachmentError(RefusalCode.DAMAGED) from error


def _read(content: bytes, is_cancelled: Callable[[], bool]) -> tuple[str, int]:
    from pypdf import PasswordType, PdfReader

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise AttachmentError(RefusalCode.ENCRYPTED)
    texts: list[str] = []
    length = 0
    for page in reader.pages:
        if is_cancelled():
            break
        texts.append(page.extract_text().strip())
        length += len(texts[-1])
        if length > MAX_CHARACTERS:
            raise AttachmentError(RefusalCode.TOO_LONG, limit=MAX_CHARACTERS)
    if length == 0:
        raise AttachmentError(RefusalCode.NO_TEXT_IN_PAGES, pages=len(reader.pages))
    return "\n\n".join(text for text in texts if text), len(reader.pages)
