"""This program's own JSON export, read back exactly."""

from __future__ import annotations

from app.core.conversation import Message, MessageState
from app.core.export.json_export import FORMAT, FORMAT_VERSION
from app.core.import_chats.json_node import Node
from app.core.import_chats.refusal import Expected, ImportRefusedError, RefusalCode
from app.core.store.chats import dump_settings
from app.core.store.codec import report_from_plain
from app.core.store.values import ChatTree, TitleSource, TreeMessage
from engine.events import TextSpan
from engine.messages import Role
from engine.metrics.report import GenerationReport

_MAX_SPAN = 2**32 - 1
_MAX_STEP = 2**31 - 1
_STATES = tuple(state.value for state in MessageState)
_ROLES = tuple(role.value for role in Role)


def is_own(root: Node) -> bool:
    """Tell whether a file was exported by this program."""
    return root.has("format") and root.value["format"] == FORMAT


def read_own(root: Node) -> tuple[ChatTree, ...]:
    """All chats of an export. Raises ImportRefusedError."""
    version = root.get("version").integer(1, 2**31)
    if version > FORMAT_VERSION:
        raise ImportRefusedError(
            RefusalCode.NEWER_FORMAT,
            where=root.get("version").path,
            found=version,
            known=FORMAT_VERSION,
        )
    return tuple(_read_chat(node) for node in root.get("chats").items())


def _read_chat(node: Node) -> ChatTree:
    settings = node.get("settings")
    if not isinstance(settings.value, dict):
        settings.refuse(Expected.OBJECT)
    try:
        dump_settings(settings.value)
    except (ValueError, RecursionError):
        settings.refuse(Expected.SETTINGS)
    folder = node.get("folder")
    source = node.get("title_source")
    messages = node.get("messages")
    return ChatTree(
        title=node.get("title").text(),
        title_source=TitleSource(_one_of(source, ("auto", "user"))),
        created_at=node.get("created_at").timestamp(),
        updated_at=node.get("updated_at").timestamp(),
        folder=None if folder.is_null() else folder.text(),
        pinned=node.get("pinned").flag(),
        system_prompt=node.get("system_prompt").text(),
        settings=settings.value,
        draft=node.get("draft").text(),
        messages=tuple(_read_message(one, at) for at, one in enumerate(messages.items())),
    )


def _read_message(node: Node, index: int) -> TreeMessage:
    parent, text = node.get("parent"), node.get("text").text()
    if not parent.is_null() and index == 0:
        parent.refuse(Expected.NO_PARENT)
    message = Message(
        role=Role(_one_of(node.get("role"), _ROLES)),
        text=text,
        state=MessageState(_one_of(node.get("state"), _STATES)),
        spans=_read_spans(node.get("spans"), text),
        report=_read_report(node.get("report")),
    )
    return TreeMessage(
        message=message,
        parent=None if parent.is_null() else parent.integer(0, index - 1),
        created_at=node.get("created_at").timestamp(),
        shown=node.get("shown").flag(),
    )


def _one_of(node: Node, allowed: tuple[str, ...]) -> str:
    value = node.text()
    if value not in allowed:
        node.refuse(Expected.ONE_OF, allowed=", ".join(allowed))
    return value


def _read_spans(node: Node, text: str) -> tuple[TextSpan, ...]:
    if node.is_null():
        return ()
    spans = tuple(_read_span(item) for item in node.items())
    if spans and sum(span.characters for span in spans) != len(text):
        node.refuse(Expected.SPANS)
    return spans


def _read_span(node: Node) -> TextSpan:
    parts = list(node.items())
    if len(parts) != 3:
        node.refuse(Expected.SPANS)
    return TextSpan(
        characters=parts[0].integer(0, _MAX_SPAN),
        step=parts[1].integer(0, _MAX_STEP),
        accepted=bool(parts[2].integer(0, 1)),
    )


def _read_report(node: Node) -> GenerationReport | None:
    if node.is_null():
        return None
    try:
        return report_from_plain(node.value)
    except ValueError:
        node.refuse(Expected.REPORT)
