"""Attached files: their text, every refusal with its numbers, and the text the model reads."""

from __future__ import annotations

import contextlib
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from app.core.attachments.extract import extract
from app.core.attachments.prompt import compose, split
from app.core.attachments.refusal_text import refusal_text
from app.core.attachments.text_file import decode_text
from app.core.attachments.values import (
    MAX_CHARACTERS,
    MAX_FILE_BYTES,
    Attachment,
    AttachmentError,
    RefusalCode,
)
from app.core.translation import untranslated

Write = Callable[[str, bytes], Path]
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CHINESE = "投机解码让小模型先猜，大模型再检查。"


def pdf(*pages: str) -> bytes:
    """A small PDF with one line of text on each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for text in pages:
        stream = f"BT /F1 12 Tf 40 700 Td ({text}) Tj ET" if text else ""
        page = len(objects) + 1
        kids.append(f"{page} 0 R")
        font = "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {page + 1} 0 R "
            f"/Resources {font} >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return (body + f"xref\n0 {size}\n0000000000 65535 f \n{table}" + trailer).encode("latin-1")


def docx(body: str, *, head: str = "") -> bytes:
    """A .docx file with this body."""
    xml = (
        f'<?xml version="1.0"?>{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", xml)
    return buffer.getvalue()


def refusal(path: Path) -> AttachmentError:
    with pytest.raises(AttachmentError) as caught:
        extract(path)
    return caught.value


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return put


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Grüße 你好".encode(), "Grüße 你好"),
        (b"\xef\xbb\xbfmark", "mark"),
        (CHINESE.encode("utf-16"), CHINESE),
        (CHINESE.encode("gb18030"), CHINESE),
        ("Für den Café-Besitzer, déjà vu".encode("cp1252"), "Für den Café-Besitzer, déjà vu"),
        (b"a\r\nb\rc", "a\nb\nc"),
    ],
)
def test_text_is_read_in_its_encoding(content: bytes, text: str) -> None:
    assert decode_text(content) == text


def test_a_pdf_gives_the_text_of_its_pages(write: Write) -> None:
    attachment = extract(write("a.pdf", pdf("First page", "", "Third page")))
    assert attachment == Attachment(name="a.pdf", text="First page\n\nThird page", pages=3)


def test_a_scan_is_refused_with_its_pages(write: Write) -> None:
    error = refusal(write("scan.pdf", pdf("", "", "")))
    assert (error.code, error.facts) == (RefusalCode.NO_TEXT_IN_PAGES, {"pages": 3})
    assert "3 pages" in refusal_text("scan.pdf", error, untranslated)


def test_a_locked_pdf_is_refused(write: Write) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("secret"))))
    writer.encrypt("word", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    assert refusal(write("a.pdf", buffer.getvalue())).code is RefusalCode.ENCRYPTED


def test_damaged_documents_are_refused_whatever_is_broken(write: Write) -> None:
    generator = random.Random(7)
    sources = {
        ".pdf": pdf("Some text", "More"),
        ".docx": docx("<w:p><w:r><w:t>a</w:t></w:r></w:p>"),
    }
    for suffix, content in sources.items():
        for _ in range(60):
            broken = bytearray(content)
            for _ in range(generator.randint(1, 30)):
                broken[generator.randrange(len(broken))] = generator.randrange(256)
            del broken[generator.randrange(len(broken)) :]
            # Whatever else is raised fails the test.
            with contextlib.suppress(AttachmentError):
                assert extract(write(f"broken{suffix}", bytes(broken))).text


def test_a_docx_gives_paragraphs_lists_and_tables(write: Write) -> None:
    body = (
        "<w:p><w:r><w:t>Title</w:t></w:r></w:p>"
        "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "<w:p><w:del><w:r><w:t>gone</w:t></w:r></w:del><w:r><w:t>end</w:t><w:br/></w:r></w:p>"
    )
    assert extract(write("a.docx", docx(body))).text == "Title\n- one\ttwo\n| a | b |\n\nend"


def test_entities_of_a_docx_are_not_expanded(write: Write) -> None:
    head = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    content = docx("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>", head=head)
    assert refusal(write("a.docx", content)).code is RefusalCode.DAMAGED


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"", RefusalCode.NO_TEXT),
        ("a.docx", b"PK", RefusalCode.DAMAGED),
        ("a.docx", docx(""), RefusalCode.NO_TEXT),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0", RefusalCode.UNKNOWN_KIND),
        ("a.pdf", b"not a pdf", RefusalCode.DAMAGED),
        ("a.txt", b"x" * (MAX_CHARACTERS + 1), RefusalCode.TOO_LONG),
    ],
)
def test_what_cannot_be_attached_is_refused(
    write: Write, name: str, content: bytes, code: RefusalCode
) -> None:
    assert refusal(write(name, content)).code is code


def test_a_file_too_large_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 5)
    error = refusal(path)
    assert error.facts == {"size_bytes": MAX_FILE_BYTES + 5, "limit_bytes": MAX_FILE_BYTES}
    assert "30.0\u202fMB" in refusal_text("large.txt", error, untranslated)


@pytest.mark.parametrize("make", [lambda path: path, lambda path: path / "missing.txt"])
def test_folders_and_missing_files_are_unreadable(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    assert refusal(make(tmp_path)).code is RefusalCode.UNREADABLE


def test_every_refusal_has_a_sentence_that_takes_its_numbers() -> None:
    facts = dict.fromkeys(
        ("size_bytes", "limit_bytes", "limit", "pages", "tokens", "free", "context"), 5
    )
    for code in RefusalCode:
        sentence = refusal_text("name.pdf", AttachmentError(code, **facts), untranslated)
        assert "name.pdf" in sentence
        assert "{" not in sentence


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"))
attached = st.lists(
    st.builds(
        Attachment,
        name=st.from_regex(r"[a-z]{1,5}\.txt", fullmatch=True),
        text=texts | st.just("</file>\n</file_>"),
    )
)


@given(attached, texts.filter(lambda text: not text.startswith("<file")))
def test_attached_texts_can_be_taken_apart_again(files: list[Attachment], text: str) -> None:
    parts = split(compose(files, text))
    assert list(parts.attachments) == files
    assert parts.text == text
