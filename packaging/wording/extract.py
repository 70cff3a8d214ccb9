"""Finds the texts to translate in the sources of the window, with the context Qt will ask for.

A reader of the syntax tree, because Qt's own one knows neither a context kept in a constant nor
the difference between a class and the word "class" in a sentence.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_CALLS = frozenset({"translate", "_translate", "QT_TRANSLATE_NOOP"})
_PAINTER_ARGUMENTS = 2  # QPainter.translate takes numbers or a point, never a text


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """One English source in one context."""

    context: str
    source: str


@dataclass(slots=True)
class Extracted:
    """What a source file holds."""

    texts: list[Text] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """`file:line: why` of calls whose text or context cannot be known."""


def extract(root: Path) -> Extracted:
    """Everything below the folder `root`, file by file, each text once."""
    found = Extracted()
    for path in sorted(root.rglob("*.py")):
        extract_source(path.read_text(encoding="utf-8"), path.relative_to(root.parent), found)
    found.texts = list(dict.fromkeys(found.texts))
    return found


def extract_source(source: str, path: Path, found: Extracted) -> None:
    """Add the texts of one module to `found`."""
    tree = ast.parse(source)
    names = _constants(tree)
    for call, class_name in _calls(tree, ""):
        name = _called(call)
        if name == "tr":
            _add_tr(call, class_name, path, found)
        elif name in _CALLS and len(call.args) >= _PAINTER_ARGUMENTS:
            _add_translate(call, names, path, found)


def _add_tr(call: ast.Call, class_name: str, path: Path, found: Extracted) -> None:
    text = _text(call.args[0]) if call.args else None
    if text is None or not class_name:
        found.faults.append(f"{path}:{call.lineno}: tr() needs a literal text inside a class")
    else:
        found.texts.append(Text(class_name, text))


def _add_translate(call: ast.Call, names: Mapping[str, str], path: Path, found: Extracted) -> None:
    context, text = call.args[0], _text(call.args[1])
    known = names.get(context.id) if isinstance(context, ast.Name) else _text(context)
    if text is not None and known is not None:
        found.texts.append(Text(known, text))
    elif text is not None or _called(call) == "QT_TRANSLATE_NOOP":
        found.faults.append(f"{path}:{call.lineno}: the context must be a literal or a constant")
    elif known is not None and isinstance(call.args[1], ast.JoinedStr | ast.BinOp):
        found.faults.append(f"{path}:{call.lineno}: the text must be a literal")


def _calls(node: ast.AST, class_name: str) -> Iterator[tuple[ast.Call, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, class_name
        inner = child.name if isinstance(child, ast.ClassDef) else class_name
        yield from _calls(child, inner)


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _constants(tree: ast.Module) -> dict[str, str]:
    """Texts given a name at the top of a module."""
    named: dict[str, str] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            text = _text(statement.value)
            targets = [name.id for name in statement.targets if isinstance(name, ast.Name)]
            named.update({name: text for name in targets if text is not None})
    return named


def _text(node: ast.expr) -> str | None:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if is_text else None  # type: ignore[attr-defined]
