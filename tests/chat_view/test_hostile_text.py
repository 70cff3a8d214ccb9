"""Rows S4 and S5: what a model writes opens nothing by itself and cannot stop the window."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument

from app.chat_view import doc_builder
from app.chat_view.elements import flatten, inline_runs, safe_href
from app.chat_view.formulas import FormulaKey, draw_formula
from app.chat_view.markdown import parse
from app.chat_view.pointer import host_of
from app.core.conversation import Message
from engine.messages import Role

Chat = Any
QtBot = Any
LARGEST_DOCUMENT = 40_000
"""Characters; what is larger must have been cut."""


class Spy:
    """What was asked for while something was shown."""

    def __init__(self) -> None:
        self.resources: list[str] = []
        self.connections: list[object] = []
        self.files: list[str] = []


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    watched = Spy()

    class WatchedDocument(QTextDocument):
        def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802
            watched.resources.append(QUrl(name).toString())
            return super().loadResource(kind, name)

    monkeypatch.setattr(doc_builder, "QTextDocument", WatchedDocument)
    opened = Path.open

    def connect(_self: socket.socket, address: object) -> None:
        watched.connections.append(address)

    def look_up(*arguments: object, **_more: object) -> list[object]:
        watched.connections.append(arguments)
        return []

    def open_file(self: Path, *arguments: Any, **more: Any) -> Any:
        watched.files.append(str(self))
        return opened(self, *arguments, **more)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(Path, "open", open_file)
    return watched


def sources(tmp_path: Path) -> dict[str, str]:
    picture = tmp_path / "secret.svg"
    picture.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    return {
        "http": "![a](http://e.example/a.png) ![b](https://e.example/b.svg)",
        "file": f"![a]({picture.as_uri()}) ![b]({picture}) ![c](<file://{picture}>)",
        "unc": r"![a](\\\\host\share\a.png) ![b](//host/share/a.png)",
        "data": "![a](data:image/png;base64,iVBORw0KGgo=) ![b](data:image/svg+xml,<svg/>)",
        "resource": "![a](qrc:/x.png) ![b](:/x.png) ![c](formula:0)",
        "html": f'<img src="{picture}"> <link rel=stylesheet href="http://e.example"> <iframe>',
        "reference": f"![a][x]\n\n[x]: {picture.as_uri()}\n",
        "in a table": f"| a |\n|---|\n| ![a]({picture.as_uri()}) |\n",
        "in a link": "[![a](http://e.example/a.png)](https://e.example)",
        "latex": r"$\includegraphics{/etc/passwd} \input{/etc/passwd} \href{http://e.example}{x}$",
    }


KINDS = (
    *("http", "file", "unc", "data", "resource"),
    *("html", "reference", "in a table", "in a link", "latex"),
)


@pytest.mark.parametrize("kind", KINDS)
def test_s4_images_and_html_reach_nothing(
    kind: str, chat: Chat, spy: Spy, tmp_path: Path, settle: Callable[[], None], qtbot: QtBot
) -> None:
    text = sources(tmp_path)[kind]
    draw_formula(FormulaKey(tex="x", display=False, size_px=15, colour="#000000", pixel_ratio=1))
    before = len(spy.files)
    row = chat.begin()
    chat.stream(row, list(text))
    chat.finish(row)
    settle()
    if kind == "latex":
        qtbot.waitUntil(lambda: not chat.view.column.built(row, 0).built.is_waiting, timeout=10_000)
    chat.view.grab()
    assert spy.resources == []
    assert spy.connections == []
    assert spy.files[before:] == []
    assert any(isinstance(b.document, QTextDocument) for b in chat.view.column.items[row].blocks)


def test_s4_a_loaded_resource_would_be_seen(chat: Chat, spy: Spy) -> None:
    chat.answer("text")
    document = chat.view.column.built(0, 0).document
    document.resource(QTextDocument.ResourceType.ImageResource.value, QUrl("x:y"))
    assert spy.resources == ["x:y"]


HOSTILE = {
    "nested quotes": ">" * 100_000 + " x",
    "nested quotes with spaces": "> " * 100_000 + "x",
    "nested lists": "- " * 50_000 + "x",
    "brackets": "[" * 50_000 + "x" + "]" * 50_000,
    "emphasis": "*a _b " * 20_000,
    "backticks": "`" * 50_000 + " x " + "``` ` " * 10_000,
    "one line": "x" * 5_000_000,
    "one line of words": "word " * 1_000_000,
    "one paragraph": "some words in a line that go on\n" * 30_000,
    "one quote": "> some words in a quote\n" * 20_000,
    "definitions": "".join(f"[a{n}]: /u{n}\n" for n in range(20_000)),
    "entities": "&amp;&#35;" * 20_000,
    "pipes": "|" * 20_000 + "\n" + "|-" * 10_000 + "|\n",
    "right to left": "\u202e\u2066" * 5_000 + "x",
    "nulls": "\0\ufffd\ufffc" * 5_000,
    "combining": "a" + "\u0301" * 20_000,
    "dollars": "$x$ " * 200 + "$" * 5_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_s4_no_document_grows_without_limit(name: str, chat: Chat) -> None:
    """Laying out is what takes time, so the size of what is laid out at once is bounded."""
    text = HOSTILE[name]
    row = chat.answer(text)
    item = chat.view.column.items[row]
    built = [block for block in item.blocks if block.document is not None]
    assert built
    assert all(block.document.characterCount() < LARGEST_DOCUMENT for block in built)
    assert len(built) < 80
    chat.view.grab()
    assert "".join(block.piece.source for block in item.blocks).strip() == text.strip()


@pytest.mark.parametrize("name", ["one line", "nested quotes", "one quote", "one paragraph"])
def test_s4_streaming_into_it_builds_little(name: str, chat: Chat) -> None:
    row = chat.begin()
    chat.stream(row, [HOSTILE[name][:300_000]])
    before = chat.view.column.documents_built
    chat.stream(row, ["abc"] * 20)
    assert chat.view.column.documents_built - before <= 60


LINKS = (
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:x", "vbscript:x"),
    *("file:///etc/passwd", "FILE://host/x", "//host/share", "\\\\\\\\host\\\\share"),
    *("ms-settings:x", "ms-word:ofe|u|http://e.example", "search-ms:query=x", "steam://run"),
    *("data:text/html,<script>", "about:blank", "chrome://settings", "qrc:/x", "/etc/passwd"),
    *("http:", "http://", "https:///x", "mailto", " http://e.example", "http://[::1"),
)


@pytest.mark.parametrize("link", LINKS)
def test_s5_other_links_are_no_links(link: str, chat: Chat, qtbot: QtBot) -> None:
    chat.answer(f"[text](<{link}>) and <{link}>")
    document = chat.view.column.built(0, 0).document
    formats = [f.toCharFormat() for f in document.allFormats() if f.isCharFormat()]
    opened = {f.anchorHref() for f in formats if f.anchorHref()}
    assert all(href.startswith(("http://", "https://", "mailto:")) for href in opened)
    assert all(host_of(href) for href in opened)


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://bank.example@evil.example/login", "evil.example"),
        ("https://bank.example:x@evil.example", "evil.example"),
        ("https://evil.example/https://bank.example", "evil.example"),
        ("https://evil.example?x=bank.example", "evil.example"),
        ("https://evil.example#@bank.example", "evil.example"),
        ("https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com"),
        ("https://BANK.example.evil.example/", "bank.example.evil.example"),
        ("https://e.example/" + "a" * 100_000, "e.example"),
        ("mailto:someone@e.example?subject=x", "someone@e.example"),
    ],
)
def test_s5_the_real_host_is_told(link: str, host: str, chat: Chat) -> None:
    chat.answer(f"[bank.example]({link})")
    if len(link) < 1000:
        assert chat.view.details.tool_tip(chat.point_of(0, 0, 3)) == f"Opens {host}"
    assert safe_href(link) == link
    assert host_of(link) == host


def test_s5_a_homograph_is_told_in_plain_letters(chat: Chat) -> None:
    chat.answer("[apple.com](https://\u0430pple.com/)")  # the first letter is Cyrillic
    assert chat.view.details.tool_tip(chat.point_of(0, 0, 3)) == "Opens xn--pple-43d.com"


def test_s5_what_is_shown_as_an_address_is_where_it_leads() -> None:
    (paragraph,) = flatten(parse("https://e.example/x and more"))
    run = paragraph.runs[0]  # type: ignore[union-attr]
    assert run.text == run.href
    assert inline_runs(parse("plain")[1])[0].href == ""


def test_a_chat_of_ten_thousand_messages_builds_what_is_seen(chat: Chat) -> None:
    roles = (Role.USER, Role.ASSISTANT)
    messages = [Message(role=roles[n % 2], text=f"Message {n}\n\n- a\n- b") for n in range(10_000)]
    chat.model.replace(messages)
    assert chat.view.column.documents_built < 60
    assert sum(item.is_parsed for item in chat.view.column.items) < 40
    chat.view.verticalScrollBar().setValue(0)
    assert chat.rendered(0) == ["Message 0\n\n- a\n- b"]
    assert chat.view.column.documents_built < 120


def test_a_message_of_a_megabyte_builds_what_is_seen(chat: Chat) -> None:
    words = "Some **words** here that go on. " * 3
    section = f"## Title\n\n{words}\n\n- a\n- b\n\n```python\nx = 1\n```\n\n"
    chat.answer(section * (1_000_000 // len(section)))
    assert chat.view.column.documents_built < 60
    assert len(chat.view.column.items[0].blocks) > 20_000
