"""Every text of the window is found, translated, and nowhere hard-coded."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
if str(ROOT / "packaging") not in sys.path:
    sys.path.append(str(ROOT / "packaging"))

from translate import CATALOGUE, COMPILED  # noqa: E402
from wording.catalogue import Entry, read_catalogue, write_catalogue  # noqa: E402
from wording.extract import Extracted, Text, extract, extract_source  # noqa: E402

CJK = "\u4e00-\u9fff"
PLACE = re.compile(r"\{[^{}]*\}|%n|%\d")
TERMS = {
    "main model": "主模型",
    "draft model": "草稿模型",
    "speculative decoding": "推测解码",
    "acceptance rate": "接受率",
    "placement": "部署方式",
    "token": "词元",
    "first token": "首词元",
    "prompt lookup": "提示词查找",
    "device": "设备",
    "chat template": "聊天模板",
    "baseline": "基准",
}
# Where a term is said in another way, or means something else.
OTHER_WORDS = {
    "token": ("令牌", "TTFT", "tok/s", "首词元", "num_assistant_tokens"),
    "first token": (
        "第一个词元",
        "首个词元",
        "首词元",
        "前几个词元",
        "前两个词元",
        "前 {tokens} 个词元",
    ),
    "chat template": ("模板",),
}
# The demonstration pair knows English only: its prompts are sent as they stand.
LEFT_IN_ENGLISH = {
    "Tell me a story about a dog.",
    "Tell me a story about a girl and the sea.",
    "Who are you?",
    "What is speculative decoding?",
}

SHOWS = re.compile(
    r"set(Text|WindowTitle|ToolTip|StatusTip|WhatsThis|Accessible(Name|Description)|PlaceholderText"
    r"|Title|Tab(Text|ToolTip)|Suffix|Prefix|SpecialValueText|(Informative|Detailed|Button)Text"
    r"|(Horizontal|Vertical)?HeaderLabels|NameFilters?)"
    r"|add(Action|Tab|Items?|Menu|Button|Row|Section)|insert(Item|Tab)|drawText|showMessage"
    r"|Q(Label|PushButton|ToolButton|CheckBox|RadioButton|Action|Menu|GroupBox|MessageBox)"
    r"|get(Text|Item|OpenFileNames?|SaveFileName|ExistingDirectory)|QFileDialog"
    r"|label|icon_button|show_text|show_notice|show_offer|say|ask|add_choice"
    r"|Caption(Combo|Spin)|FactRow"
)
WORD = re.compile(r"[A-Za-z]{2}")
FORMS = re.compile(r"\{\w+:[^{}]*\|[^{}]*\}")
COUNTED = re.compile(r"\{(\w+)\}((?:[ \u202f][a-z-]+){1,3})")
NO_PLURALS = {"is", "was", "has", "does", "this", "as", "its", "less", "s", "ms"}
# Places that are filled with a name or a measure, so that a verb or a fixed plural may follow.
NO_COUNTS = {
    "host", "repository", "largest_useful", "precision", "main", "size", "name", "device",
}  # fmt: skip
SENTENCE = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
STYLE = re.compile(r"[;<{#]|: |://")
NO_TEXTS = {"role", "icon_name", "key", "icon", "data", "name_filter"}
NAMES = {"Slipstream", "Slipstream ", "num_assistant_tokens", "Aa", "CPU"}
PATTERNS = re.compile(r" ?\((\*\.\w+ ?)+\)")
WRAPPED = {"tr", "translate", "_translate", "QT_TRANSLATE_NOOP"}
# Told to models, to logs and on the command line, not to the user of the window.
NOT_IN_THE_WINDOW = {
    "controllers/ask_controller.py",
    "controllers/model_tasks.py",
    "controllers/title_controller.py",
}


@pytest.fixture(scope="module")
def found() -> Extracted:
    return extract(APP)


@pytest.fixture(scope="module")
def catalogue() -> dict[Text, Entry]:
    return read_catalogue(CATALOGUE)


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(APP.rglob("*.py")):
        yield path.relative_to(APP).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def test_every_marked_text_can_be_found(found: Extracted) -> None:
    assert found.faults == []
    assert len(found.texts) > 1000


def test_the_catalogue_has_the_texts_of_the_sources_and_no_others(
    found: Extracted, catalogue: dict[Text, Entry]
) -> None:
    assert sorted(set(found.texts) - catalogue.keys()) == [], "run dev.py translate"
    assert sorted(catalogue.keys() - set(found.texts)) == [], "run dev.py translate"


def test_every_text_is_translated(catalogue: dict[Text, Entry]) -> None:
    lacking = [text for text, entry in catalogue.items() if entry.state or not entry.translation]
    assert lacking == []


def test_english_is_left_only_where_nothing_is_to_translate(
    catalogue: dict[Text, Entry],
) -> None:
    same = {text.source for text, entry in catalogue.items() if entry.translation == text.source}
    names = re.compile(
        r"num_assistant_tokens|https://\S+|Hugging Face|ModelScope|Slipstream|Python|Top [pk]"
        r"|TTFT|TPOT|Markdown|HTML|PDF|tok/s| kB/s"
    )
    left = {source for source in same if WORD.search(names.sub("", PLACE.sub("", source)))}
    assert left == LEFT_IN_ENGLISH


def test_a_translation_has_the_places_of_its_source(catalogue: dict[Text, Entry]) -> None:
    wrong = [
        text
        for text, entry in catalogue.items()
        if sorted(PLACE.findall(FORMS.sub("", text.source)))
        != sorted(PLACE.findall(FORMS.sub("", entry.translation)))
        or text.source[:1].isspace() != entry.translation[:1].isspace()
    ]
    assert wrong == []


def test_what_is_counted_has_a_singular_and_a_plural(found: Extracted) -> None:
    wrong = [
        text
        for text in found.texts
        for place, words in COUNTED.findall(text.source)
        if place not in NO_COUNTS
        if any(word.endswith("s") and word not in NO_PLURALS for word in words.split())
    ]
    assert wrong == [], "write {count} {count:file|files} and fill it with app.core.filling"


def test_a_form_goes_with_a_place_of_its_text(found: Extracted) -> None:
    wrong = [
        text
        for text in found.texts
        for form in FORMS.findall(text.source)
        if "{" + form[1:].partition(":")[0] + "}" not in text.source or form.count("|") != 1
    ]
    assert wrong == []


def test_texts_with_forms_are_filled_by_what_knows_forms() -> None:
    """`str.format` would stumble over the forms: modules with such texts use `filled` for all that
    is no literal at hand."""
    offending = [
        f"{name}:{call.lineno}"
        for name, tree in sources()
        if any(
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and FORMS.search(node.value)
            for node in unwrapped_or_not(tree)
        )
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and called(call) in ("format", "format_map")
        and not _is_plain(call)
    ]
    assert offending == []


def test_chinese_has_full_width_punctuation(catalogue: dict[Text, Entry]) -> None:
    half_width = re.compile(rf"[{CJK}}}][,;:!?]|[{CJK}]\.(?!\w)|[{CJK}]\([{CJK}{{]|\.\.\.|……")
    wrong = [e.translation for e in catalogue.values() if half_width.search(e.translation)]
    assert wrong == []


def test_latin_words_and_places_stand_apart_from_chinese(catalogue: dict[Text, Entry]) -> None:
    close = re.compile(rf"[{CJK}][A-Za-z0-9]|[A-Za-z0-9][{CJK}]")
    wrong = [e.translation for e in catalogue.values() if close.search(e.translation)]
    assert wrong == []


@pytest.mark.parametrize("term", TERMS)
def test_terms_are_kept(catalogue: dict[Text, Entry], term: str) -> None:
    wanted = (TERMS[term], *OTHER_WORDS.get(term, ()))
    says = re.compile(rf"\b{term}s?\b", re.IGNORECASE)
    wrong = [
        (text.source, entry.translation)
        for text, entry in catalogue.items()
        if says.search(PLACE.sub("", text.source))
        and text.source not in LEFT_IN_ENGLISH
        and not any(word in entry.translation for word in wanted)
    ]
    assert wrong == []


def test_the_compiled_file_is_that_of_the_catalogue(
    qapp: object, catalogue: dict[Text, Entry]
) -> None:
    translator = QTranslator()
    assert translator.load(str(COMPILED))
    differing = [
        text
        for text, entry in catalogue.items()
        if translator.translate(text.context, text.source) != entry.translation
    ]
    assert differing == [], "run dev.py translate"


def test_nothing_shown_is_hard_coded() -> None:
    offending = [
        f"{name}:{call.lineno}: {literal!r}"
        for name, tree in sources()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and SHOWS.fullmatch(called(call))
        for literal in literals(call)
        if WORD.search(PATTERNS.sub("", literal)) and literal not in NAMES
    ]
    assert offending == []


def test_no_sentence_escapes_translation() -> None:
    folders = ("views/", "features/", "chat_view/", "viewmodels/", "controllers/")
    offending = [
        f"{name}:{node.lineno}: {node.value!r}"
        for name, tree in sources()
        if name.startswith(folders) and name not in NOT_IN_THE_WINDOW
        for node in unwrapped(tree)
        if isinstance(node.value, str)
        and SENTENCE.search(node.value)
        and not STYLE.search(node.value)
    ]
    assert offending == []


def test_the_tests_above_see_a_hard_coded_text() -> None:
    tree = ast.parse('label("Go now", role="x y")\nself.tr("In a box")\nthing = "Left out here"')
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert [literal for call in calls[:1] for literal in literals(call)] == ["Go now"]
    assert "Left out here" in {node.value for node in unwrapped(tree)}
    assert "In a box" not in {node.value for node in unwrapped(tree)}


def test_a_context_comes_from_class_constant_or_literal() -> None:
    found = Extracted()
    source = (
        '_C = "Part"\nA = QT_TRANSLATE_NOOP("Core", "One" " two")\n'
        'class Box:\n    "A class apart."\n    def f(self, x):\n'
        '        self.tr("Three")\n        translate(_C, "Four")\n        p.translate(1, 2)\n'
        '        self.tr(x)\n        translate(x, "Five")\n        translate(_C, A)\n'
    )
    extract_source(source, Path("part.py"), found)
    assert sorted(found.texts) == [
        Text("Box", "Three"),
        Text("Core", "One two"),
        Text("Part", "Four"),
    ]
    assert [fault.split(":")[1] for fault in found.faults] == ["9", "10"]


def test_a_catalogue_is_read_as_it_was_written(tmp_path: Path) -> None:
    entries = {
        Text("A", "Say \"<{x}>\" & 'y'\nnow"): Entry("说\u201c<{x}>\u201d & y\n现在"),
        Text("B", "New"): Entry("", "unfinished"),
    }
    path = tmp_path / "x.ts"
    write_catalogue(path, entries, language="zh_CN")
    assert read_catalogue(path) == entries


def called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def literals(call: ast.Call) -> Iterator[str]:
    """Literal texts among the arguments of a call, also within f-strings, sums and choices."""
    values = [*call.args, *(k.value for k in call.keywords if k.arg not in NO_TEXTS)]
    for value in values:
        yield from _literals(value)


def _literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from _literals(part)
    elif isinstance(node, ast.BinOp | ast.IfExp | ast.List | ast.Tuple):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield from _literals(child)


def unwrapped_or_not(tree: ast.AST) -> Iterator[ast.AST]:
    """Everything but docstrings."""
    for child in ast.iter_child_nodes(tree):
        if not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
            yield child
            yield from unwrapped_or_not(child)


def _is_plain(call: ast.Call) -> bool:
    """Whether `format` is called on a literal text without forms, translated or not."""
    assert isinstance(call.func, ast.Attribute)
    texts = list(_literals(call.func.value))
    if isinstance(call.func.value, ast.Call) and called(call.func.value) in WRAPPED:
        texts = list(literals(call.func.value))[-1:]
    return bool(texts) and not any(FORMS.search(text) for text in texts)


def unwrapped(tree: ast.AST) -> Iterator[ast.Constant]:
    """Constants that are no docstring, no translated text, no log message and no error."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Raise | ast.Assert) or (
            isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        ):
            continue
        if isinstance(child, ast.Call) and (called(child) in WRAPPED or _is_log(child)):
            continue
        if isinstance(child, ast.Constant):
            yield child
        yield from unwrapped(child)


def _is_log(call: ast.Call) -> bool:
    value = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(value, ast.Name) and value.id == "_LOG"
