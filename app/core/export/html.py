"""A chat as one HTML file: no script, nothing fetched, no markup from the texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from app.core.attachments.prompt import split
from app.core.conversation import Message
from app.core.export.labels import ExportLabels, ExportOptions
from app.core.export.token_marks import RUNS, TokenMarks, runs_to_html
from app.core.filling import filled
from app.core.store.values import ChatTree
from engine.messages import Role

_SAFE_LINK = re.compile(r"(https?|mailto):", re.IGNORECASE)
_MAX_NESTING = 100
_STYLE = """
body { font: 16px/1.55 system-ui, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", sans-serif;
  color: #1b1f24; background: #ffffff; max-width: 46em; margin: 2em auto; padding: 0 1em; }
h1.title { font-size: 1.5em; } h2.who { font-size: 1em; margin: 0 0 .4em; color: #57606a; }
article h1 { font-size: 1.4em; } article h2 { font-size: 1.2em; } article h3 { font-size: 1.1em; }
article { border-top: 1px solid #d0d7de; padding: 1em 0; overflow-wrap: anywhere; }
article.user { background: #f6f8fa; padding: 1em; border-radius: 8px; border-top: 0; }
pre { background: #f6f8fa; border: 1px solid #d0d7de; border-radius: 6px; padding: .8em;
  overflow-x: auto; }
code { font-family: ui-monospace, Consolas, "Noto Sans Mono", monospace; font-size: .92em; }
table { border-collapse: collapse; } td, th { border: 1px solid #d0d7de; padding: .3em .6em; }
blockquote { border-left: 4px solid #d0d7de; margin-left: 0; padding-left: 1em; color: #57606a; }
.plain { white-space: pre-wrap; }
.attached { margin-bottom: .8em; } .attached pre { white-space: pre-wrap; background: #ffffff; }
summary { cursor: pointer; color: #57606a; }
.figures, time { color: #57606a; font-size: .85em; }
.draft { color: #0a5c36; text-decoration: underline; text-decoration-color: #2da44e; }
"""
# What Qt's text documents know of style sheets; lengths in points.
_PAPER_STYLE = """
body { font-family: "Inter", "Segoe UI", "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei UI";
  font-size: 10pt; color: #1b1f24; }
h1 { font-size: 13pt; } h2 { font-size: 12pt; } h3 { font-size: 11pt; }
h1.title { font-size: 18pt; margin-top: 0px; margin-bottom: 2px; }
p.who { font-size: 9pt; font-weight: bold; margin-top: 22px; margin-bottom: 4px; color: #57606a; }
p, li, .plain { line-height: 140%; }
pre { background-color: #f3f5f8; white-space: pre-wrap; }
pre, code { font-family: "JetBrains Mono", "Cascadia Mono", "Noto Sans Mono", monospace;
  font-size: 9pt; }
table { border-collapse: collapse; } td, th { border: 1px solid #d0d7de; padding: 4px; }
blockquote { color: #57606a; margin-left: 18px; }
.plain { white-space: pre-wrap; }
.attached { margin-bottom: 2px; }
.figures, time { color: #57606a; font-size: 8.5pt; }
.draft { color: #0a5c36; text-decoration: underline; }
"""


def to_html(chat: ChatTree, labels: ExportLabels, options: ExportOptions | None = None) -> str:
    """The whole file as text, to be written as UTF-8."""
    return "\n".join(_lines(chat, labels, options or ExportOptions())) + "\n"


def _lines(chat: ChatTree, labels: ExportLabels, options: ExportOptions) -> Iterator[str]:
    title = escape(chat.title or labels.untitled)
    yield '<!DOCTYPE html>\n<html><head><meta charset="utf-8">'
    # Whatever a viewer does with the texts: it may not load or run anything.
    yield (
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    )
    style = _PAPER_STYLE if options.for_paper else _STYLE
    yield f"<title>{title}</title>\n<style>{style}</style></head>\n<body>"
    yield f'<h1 class="title">{title}</h1>'
    if options.describe_time is not None:
        yield f"<time>{escape(options.describe_time(chat.created_at))}</time>"
    if chat.system_prompt:
        yield f'<article class="system">\n{_heading(labels.system, options)}'
        yield f"{_as_plain(chat.system_prompt)}\n</article>"
    renderer = MarkdownRenderer(labels.image)
    for message in chat.shown_branch():
        yield _article(message, labels, options, renderer)
    yield "</body></html>"


def _article(
    message: Message, labels: ExportLabels, options: ExportOptions, renderer: MarkdownRenderer
) -> str:
    coloured = options.token_colours and bool(message.spans)
    if message.role is Role.ASSISTANT:
        body = renderer.render(message, coloured=coloured)
    else:
        body = "\n".join(_user_text(message.text, labels, options))
    figures = ""
    if options.figures is not None and message.report is not None:
        figures = f'\n<p class="figures">{escape(options.figures(message.report))}</p>'
    heading = _heading(labels.of(message.role), options)
    return f'<article class="{message.role}">\n{heading}\n{body}{figures}\n</article>'


def _heading(who: str, options: ExportOptions) -> str:
    # Qt's documents give headings a size of their own.
    tag = "p" if options.for_paper else "h2"
    return f'<{tag} class="who">{escape(who)}</{tag}>'


def _user_text(text: str, labels: ExportLabels, options: ExportOptions) -> Iterator[str]:
    """What was written, below the texts that were attached to it."""
    parts = split(text)
    for attachment in parts.attachments:
        name = escape(filled(labels.attached, name=attachment.name))
        # The parser of a page drops one line feed behind the tag.
        inside = f"<pre>\n{escape(attachment.text)}</pre>"
        if options.for_paper:
            yield f'<p class="attached"><b>{name}</b></p>\n{inside}'
        else:
            yield f'<details class="attached"><summary>{name}</summary>\n{inside}</details>'
    if parts.text or not parts.attachments:
        yield _as_plain(parts.text)


class MarkdownRenderer:
    """Markdown of untrusted origin to HTML."""

    def __init__(self, image_label: str) -> None:
        self._parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _MAX_NESTING})
        self._parser.enable(["table", "strikethrough"])
        self._parser.validateLink = lambda url: _SAFE_LINK.match(url) is not None  # type: ignore[method-assign]
        self._renderer = _Renderer(image_label)

    def render(self, message: Message, *, coloured: bool) -> str:
        """The text of one message; as plain text when it is nested too deeply to be parsed."""
        source = message.text.replace("\r\n", "\n").replace("\r", "\n")
        environment: MutableMapping[str, Any] = {}
        try:
            tokens = self._parser.parse(source, environment)
            if any(token.level >= _MAX_NESTING - 1 for token in tokens):
                # The parser drops what lies deeper.
                return _as_plain(message.text)
            # Colours belong to the text as it was streamed, so not where newlines were changed.
            if coloured and source == message.text:
                TokenMarks(source, message.spans).annotate(tokens)
            return self._renderer.render(tokens, self._parser.options, environment)
        except RecursionError:
            return _as_plain(message.text)


class _Renderer(RendererHTML):
    """Images as words, links without a referrer, texts with their stretches."""

    def __init__(self, image_label: str) -> None:
        super().__init__()
        self._image_label = image_label

    def text(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        return _content(tokens[idx])

    def code_inline(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        return f"<code>{_content(tokens[idx])}</code>"

    def code_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        return f"<pre><code>{_content(tokens[idx])}</code></pre>\n"

    def fence(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        return f"<pre><code>{_content(tokens[idx])}</code></pre>\n"

    def image(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        source = str(tokens[idx].attrs.get("src", ""))
        words = [self._image_label, tokens[idx].content, source]
        return escape(f"[{' '.join(word for word in words if word)}]")

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        target = escape(str(tokens[idx].attrs.get("href", "")))
        return f'<a href="{target}" rel="noopener noreferrer">'


def _as_plain(text: str) -> str:
    return f'<div class="plain">{escape(text)}</div>'


def _content(token: Token) -> str:
    runs = token.meta.get(RUNS)
    return escape(token.content) if runs is None else runs_to_html(runs)
