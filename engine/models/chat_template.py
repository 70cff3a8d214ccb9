"""Finds the chat template of a model folder and says what it can do. Never renders it: templates
are programs, and only the engine child runs them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.errors import ErrorCode, ModelError
from engine.models.json_file import read_json_object, read_text

MAX_TEMPLATE_BYTES = 256 * 1024


class Thinking(StrEnum):
    """Whether a template knows about a thinking part before the answer."""

    NONE = "none"
    SWITCHABLE = "switchable"
    """It reads `enable_thinking`."""
    ALWAYS = "always"
    """It handles `<think>` and offers no switch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatTemplate:
    """A chat template as text, where it was found and what it can do."""

    source: str
    """File it comes from."""
    text: str
    thinking: Thinking
    tools: bool


def find_chat_template(folder: Path, tokenizer_rt_info: Mapping[str, str]) -> ChatTemplate | None:
    """The template the runtime would use: the one inside the tokenizer IR wins.

    Raises:
        ModelError: TEMPLATE_UNUSABLE when it is larger than 256 KB; MODEL_CORRUPT when the file
            that should hold it is damaged.
    """
    for source, text in _candidates(folder, tokenizer_rt_info):
        if not text.strip():
            continue
        if len(text.encode("utf-8", "surrogatepass")) > MAX_TEMPLATE_BYTES:
            raise ModelError(
                f"The chat template in {source} is too large.",
                code=ErrorCode.TEMPLATE_UNUSABLE, file=source, reason="too_large",
            )  # fmt: skip
        return ChatTemplate(
            source=source, text=text, thinking=_thinking(text), tools=_reads(text, "tools")
        )
    return None


def _candidates(folder: Path, rt_info: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "openvino_tokenizer.xml", rt_info.get("chat_template", "")
    for name in ("tokenizer_config.json", "processor_config.json", "chat_template.json"):
        if (folder / name).is_file():
            yield name, _template_in(read_json_object(folder / name).get("chat_template"))
    if (folder / "chat_template.jinja").is_file():
        yield "chat_template.jinja", read_text(folder / "chat_template.jinja")


def _template_in(value: object) -> str:
    """A template is text, or a list of named ones with a default."""
    if isinstance(value, str):
        return value
    named: dict[object, object] = {}
    for entry in value if isinstance(value, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            named[entry["name"]] = entry.get("template")
    default = named.get("default")
    return default if isinstance(default, str) else ""


def _thinking(text: str) -> Thinking:
    if _reads(text, "enable_thinking"):
        return Thinking.SWITCHABLE
    return Thinking.ALWAYS if "<think>" in text or "</think>" in text else Thinking.NONE


def _reads(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w.'\"]){name}\b", text) is not None
