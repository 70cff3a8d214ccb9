"""Export: Markdown and HTML of any chat, complete, escaped, and without a way to the outside."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.attachments.prompt import compose
from app.core.attachments.values import Attachment
from app.core.conversation import Message
from app.core.export.file_names import file_name
from app.core.export.html import MarkdownRenderer, to_html
from app.core.export.json_export import json_parts
from app.core.export.labels import ExportLabels, ExportOptions
from app.core.export.markdown import escape_line, to_markdown
from app.core.store.values import ChatTree, TreeMessage
from engine.events import TextSpan
from tests.app_core.chat_samples import own_tree
from tests.store.bench import answer, user

LABELS = ExportLabels(
    user="You",
    assistant="Model",
    system="System prompt",
    untitled="Untitled",
    image="image",
    attached="Attached: {name}",
)
FULL = ExportOptions(
    token_colours=True,
    figures=lambda report: f"{report.token_count} tokens",
    describe_time=lambda seconds: f"at {seconds:.0f}",
)


def chat_of(*messages: Message, title: str = "Title", system_prompt: str = "") -> ChatTree:
    nodes = tuple(
        TreeMessage(message=message, parent=index - 1 if index else None, created_at=0.0)
        for index, message in enumerate(messages)
    )
    return ChatTree(
        title=title, created_at=0.0, updated_at=0.0, system_prompt=system_prompt, messages=nodes
    )


class Page(HTMLParser):
    """What a browser makes of a page: its elements, its text, and where tags close wrongly."""

    VOID = frozenset({"meta", "br", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.drafts: list[str] = []
        self.stack: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.stack.append("draft" if dict(attrs).get("class") == "draft" else tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.VOID:  # "<hr />" counts as both
            return
        opened = self.stack.pop()
        assert opened == tag or (opened, tag) == ("draft", "span")

    def handle_data(self, data: str) -> None:
        if "style" not in self.stack and "title" not in self.stack:
            self.texts.append(data)
        if "draft" in self.stack:
            self.drafts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)


def page_of(*messages: Message, options: ExportOptions | None = None) -> Page:
    page = Page(to_html(chat_of(*messages), LABELS, options))
    assert page.stack == []
    return page


def test_markdown_has_everything_of_the_shown_branch() -> None:
    assert to_markdown(own_tree(), LABELS, FULL) == (
        "# Own\n\n*at 1*\n\n## System prompt\n\nBe brief.\n\n## You\n\nquestion\n\n"
        "## Model\n\nong answer\n\n*11 tokens*\n"
    )


def test_markdown_without_options_is_texts_only() -> None:
    chat = chat_of(user("a"), answer("b"), title="")
    assert to_markdown(chat, LABELS) == "# Untitled\n\n## You\n\na\n\n## Model\n\nb\n"


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("```py\nx = 1", "```py\nx = 1\n```"),
        ("````\n```\nx", "````\n```\nx\n````"),
        ("~~~\nx\n```", "~~~\nx\n```\n~~~"),
        ("```\nx\n```\ny", "```\nx\n```\ny"),
    ],
)
def test_an_open_code_block_does_not_swallow_the_rest(text: str, closed: str) -> None:
    assert f"\n{closed}\n\n## You" in to_markdown(chat_of(answer(text), user("next")), LABELS)


def test_titles_cannot_be_markdown() -> None:
    assert escape_line("# a\n*b* [c](d) <e>") == r"\# a \*b\* \[c\](d) \<e\>"


def test_html_renders_markdown() -> None:
    page = page_of(answer("# H\n\n**b** `c`\n\n| a |\n|---|\n| ~~x~~ |\n\n```py\nif a < b:\n```"))
    tags = {tag for tag, _ in page.tags}
    assert {"h1", "strong", "code", "pre", "table", "td", "s"} <= tags
    assert "if a < b:" in page.text


def test_html_shows_figures_times_prompt_and_escapes_them() -> None:
    html = to_html(
        chat_of(user("<b>q</b>"), title="<i>t</i>", system_prompt="<u>s</u>"),
        replace(LABELS, user="<1>", assistant="<2>", system="<3>"),
        ExportOptions(describe_time=lambda seconds: "<4>"),
    )
    page = Page(html)
    for text in ("<b>q</b>", "<i>t</i>", "<u>s</u>", "<1>", "<3>", "<4>"):
        assert text in page.text
    assert "11 tokens" in Page(to_html(own_tree(), LABELS, FULL)).text


def test_headings_of_an_answer_do_not_look_like_names_of_speakers() -> None:
    html = to_html(chat_of(answer("## Part")), LABELS)
    page = Page(html)
    classes = [attributes.get("class") for tag, attributes in page.tags if tag == "h2"]
    assert classes == ["who", None]
    assert not re.search(r"(^|\s)h[12] \{", html.replace("article h", ""), re.MULTILINE)


ATTACHED = compose(
    [Attachment(name="a*b.md", text="x\n```\ny"), Attachment(name="<n>.txt", text="\n  a < b")],
    "What is this?",
)


def test_markdown_shows_an_attached_text_under_its_name() -> None:
    assert (
        "## You\n\n**Attached: a\\*b.md**\n\n````\nx\n```\ny\n````\n\n"
        "**Attached: \\<n\\>.txt**\n\n```\n\n  a < b\n```\n\nWhat is this?\n"
    ) in to_markdown(chat_of(user(ATTACHED)), LABELS)
    assert "<file" not in to_markdown(chat_of(user(ATTACHED)), LABELS)


def test_html_folds_an_attached_text_below_its_name() -> None:
    page = page_of(user(ATTACHED))
    names = [tag for tag, _ in page.tags]
    assert names.count("details") == names.count("summary") == names.count("pre") == 2
    for text in ("Attached: a*b.md", "Attached: <n>.txt", "x\n```\ny", "\n\n  a < b"):
        assert text in page.text
    assert "<file" not in page.text
    on_paper = page_of(user(ATTACHED), options=ExportOptions(for_paper=True))
    assert "details" not in {tag for tag, _ in on_paper.tags}
    assert "Attached: a*b.md" in on_paper.text


def test_json_keeps_an_attached_text_as_it_was_sent() -> None:
    whole = json.loads("".join(json_parts([chat_of(user(ATTACHED))], exported_at=0)))
    assert whole["chats"][0]["messages"][0]["text"] == ATTACHED


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>)",
    "[x](file:///etc/passwd)",
    "[x](//host/share)",
    "![x](http://host/a.png)",
    "![x](file:///a.png)",
    "<javascript:alert(1)>",
    '[x](http://host/"onmouseover="alert(1))',
    "</div></article></body>",
    "```\n</code></pre><script>\n```",
    "`</code><script>`",
    "&lt;script&gt;",
    "[a]: javascript:x\n\n[a]",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_html_lets_nothing_out_and_nothing_in(text: str) -> None:
    for page in (page_of(answer(text)), page_of(user(text))):
        names = {tag for tag, _ in page.tags}
        assert names.isdisjoint({"script", "img", "iframe", "object", "link", "base", "form"})
        for _, attributes in page.tags:
            assert not [name for name in attributes if name.startswith("on")]
            assert "src" not in attributes
            assert re.match(r"https?://|mailto:|$", attributes.get("href") or "")


@given(text=st.text(alphabet=st.sampled_from("<>&\"'`*_[]()!#\n -|~:/ahtps.中")))
def test_html_is_well_formed_for_any_text(text: str) -> None:
    options = ExportOptions(token_colours=True)
    spans = (TextSpan(characters=len(text), step=0, accepted=True),)
    page = page_of(answer(text, spans=spans), user(text), options=options)
    names = {tag for tag, _ in page.tags}
    assert names.isdisjoint({"script", "img"})


def test_html_holds_deeply_nested_and_long_texts() -> None:
    nested = page_of(answer(">" * 3000 + " inside " + "[" * 3000))
    assert "inside" in nested.text
    assert len(page_of(answer("word " * 200_000)).text) > 1_000_000


def spans_of(*parts: tuple[str, bool]) -> tuple[str, tuple[TextSpan, ...]]:
    spans = tuple(
        TextSpan(characters=len(text), step=step, accepted=accepted)
        for step, (text, accepted) in enumerate(parts)
    )
    return "".join(text for text, _ in parts), spans


@pytest.mark.parametrize(
    ("parts", "drafts"),
    [
        ([("one ", False), ("two", True), (" three", False)], ["two"]),
        ([("**bo", False), ("ld** x", True)], ["ld", " x"]),
        ([("a `co", True), ("de` b", False)], ["a ", "co"]),
        ([("```py\nx = ", False), ("1\n", True), ("```", False)], ["1\n"]),
        ([("- one\n- ", False), ("two", True)], ["two"]),
        ([("a &am", False), ("p; b", True)], [" b"]),
        ([("[text](http://host/", False), ("x) after", True)], [" after"]),
        ([("今天", True), ("天气", False)], ["今天"]),
        ([("| a | b |\n|---|---|\n| c | ", False), ("d", True), (" |", False)], ["d"]),
    ],
)
def test_html_marks_what_the_draft_model_proposed(
    parts: list[tuple[str, bool]], drafts: list[str]
) -> None:
    text, spans = spans_of(*parts)
    coloured = page_of(answer(text, spans=spans), options=ExportOptions(token_colours=True))
    plain = page_of(answer(text, spans=spans))
    assert coloured.drafts == drafts
    assert coloured.text == plain.text
    assert plain.drafts == []


@given(
    parts=st.lists(
        st.tuples(st.text(st.sampled_from("ab*_`\n[]() &;>-#"), min_size=1), st.booleans())
    )
)
def test_colours_never_change_the_text(parts: list[tuple[str, bool]]) -> None:
    text, spans = spans_of(*parts)
    renderer = MarkdownRenderer("image")
    message = answer(text, spans=spans)
    coloured = Page(renderer.render(message, coloured=True))
    assert coloured.text == Page(renderer.render(message, coloured=False)).text


def test_json_is_made_piece_by_piece_and_is_json() -> None:
    parts = json_parts((own_tree() for _ in range(3)), exported_at=0.0)
    pieces = list(parts)
    assert len(pieces) == 5
    whole = json.loads("".join(pieces))
    assert whole["exported_at"] == "1970-01-01T00:00:00+00:00"
    assert [chat["title"] for chat in whole["chats"]] == ["Own"] * 3
    assert json.loads("".join(json_parts([], exported_at=0.0)))["chats"] == []


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Plans", "Plans.md"),
        ('a/b\\c:d*e?f"g<h>i|j', "a b c d e f g h i j.md"),
        ("../../etc", "etc.md"),
        ("  . ", "chat.md"),
        ("", "chat.md"),
        ("CON", "_CON.md"),
        ("lpt1.x", "_lpt1.x.md"),
        ("tab\tand\nline\u202e", "tab and line.md"),
        ("语言模型", "语言模型.md"),
        ("trailing. ", "trailing.md"),
    ],
)
def test_file_names_work_everywhere(title: str, name: str) -> None:
    assert file_name(title, ".md") == name


@given(title=st.text(), taken=st.lists(st.text(max_size=3), max_size=4))
def test_file_names_are_short_and_not_taken(title: str, taken: list[str]) -> None:
    used = frozenset(file_name(one, ".json") for one in taken)
    name = file_name(title, ".json", taken=used)
    assert name.casefold() not in {one.casefold() for one in used}
    assert len(name.encode()) < 160
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
    assert name == name.strip(" .")
