"""Small files in the formats of other programs, written by hand after their descriptions."""

from __future__ import annotations

import json
from typing import Any

from app.core.export.json_export import json_parts
from app.core.store.values import ChatTree, TreeMessage
from engine.events import TextSpan
from tests.store.bench import answer, make_report, user


def _node(
    name: str, parent: str | None, children: list[str], message: dict[str, Any] | None
) -> dict[str, Any]:
    return {"id": name, "message": message, "parent": parent, "children": children}


def _message(role: str, parts: list[Any], **more: Any) -> dict[str, Any]:
    message: dict[str, Any] = {
        "id": "m",
        "author": {"role": role, "name": None, "metadata": {}},
        "create_time": 1700000100.0,
        "update_time": None,
        "content": {"content_type": "text", "parts": parts},
        "status": "finished_successfully",
        "end_turn": None,
        "weight": 1.0,
        "metadata": {},
        "recipient": "all",
        "channel": None,
    }
    return message | more


CHATGPT: list[dict[str, Any]] = [
    {
        "title": "Trip plans",
        "create_time": 1700000000.25,
        "update_time": 1700000900.5,
        "mapping": {
            "root": _node("root", None, ["sys"], None),
            "sys": _node(
                "sys",
                "root",
                ["u1"],
                _message("system", [""], metadata={"is_visually_hidden_from_conversation": True}),
            ),
            "u1": _node("u1", "sys", ["a1", "a2"], _message("user", ["Where to in May?"])),
            "a1": _node("a1", "u1", ["u2"], _message("assistant", ["Try Lisbon."])),
            "a2": _node("a2", "u1", [], _message("assistant", ["Try Rome."])),
            "u2": _node("u2", "a1", ["a3"], _message("user", ["And in June?"])),
            "a3": _node("a3", "u2", [], _message("assistant", ["Oslo."], create_time=None)),
        },
        "moderation_results": [],
        "current_node": "a3",
        "conversation_id": "c1",
        "id": "c1",
    },
    {
        "title": None,
        "create_time": 1700001000,
        "update_time": None,
        "mapping": {
            "root": _node("root", None, ["u1"], None),
            "u1": _node(
                "u1",
                "root",
                ["t1"],
                _message(
                    "user",
                    [],
                    content={
                        "content_type": "multimodal_text",
                        "parts": [
                            {"content_type": "image_asset_pointer", "asset_pointer": "file://x"},
                            "What is on this picture?",
                        ],
                    },
                ),
            ),
            "t1": _node(
                "t1",
                "u1",
                ["a1"],
                _message("assistant", [], content={"content_type": "thoughts", "thoughts": []}),
            ),
            "a1": _node(
                "a1",
                "t1",
                ["tool"],
                _message("assistant", [], content={"content_type": "code", "text": "print(1)"}),
            ),
            "tool": _node("tool", "a1", ["a2"], _message("tool", ["1"])),
            "a2": _node("a2", "tool", [], _message("assistant", ["A cat."])),
        },
        "current_node": "a2",
    },
]

LM_STUDIO: dict[str, Any] = {
    "name": "语言模型",
    "pinned": True,
    "createdAt": 1727000000123,
    "preset": "",
    "tokenCount": 120,
    "systemPrompt": "",
    "messages": [
        {
            "versions": [
                {
                    "type": "singleStep",
                    "role": "user",
                    "content": [{"type": "text", "text": "Explain KV cache"}],
                }
            ],
            "currentlySelected": 0,
        },
        {
            "versions": [
                {
                    "type": "multiStep",
                    "role": "assistant",
                    "steps": [
                        {
                            "type": "contentBlock",
                            "content": [{"type": "text", "text": "A cache."}],
                        }
                    ],
                },
                {
                    "type": "multiStep",
                    "role": "assistant",
                    "senderInfo": {"senderName": "qwen3-8b"},
                    "steps": [
                        {
                            "type": "contentBlock",
                            "style": {"type": "thinking", "ended": True},
                            "content": [{"type": "text", "text": "hm"}],
                        },
                        {
                            "type": "contentBlock",
                            "content": [
                                {"type": "text", "text": "It keeps ", "fromDraftModel": False},
                                {
                                    "type": "text",
                                    "text": "keys and values.",
                                    "fromDraftModel": True,
                                },
                            ],
                            "genInfo": {"stats": {"stopReason": "eosFound"}},
                        },
                        {"type": "debugInfoBlock", "debugInfo": "x"},
                    ],
                },
            ],
            "currentlySelected": 1,
        },
        {
            "versions": [
                {
                    "type": "singleStep",
                    "role": "user",
                    "content": [
                        {"type": "file", "fileIdentifier": "1.png"},
                        {"type": "text", "text": "Thanks"},
                    ],
                }
            ],
            "currentlySelected": 0,
        },
    ],
    "usePerChatPredictionConfig": True,
    "perChatPredictionConfig": {
        "fields": [
            {"key": "llm.prediction.temperature", "value": 0.2},
            {"key": "llm.prediction.systemPrompt", "value": "Be kind."},
        ]
    },
    "lastUsedModel": {"identifier": "qwen3-8b"},
    "plugins": [],
}

JAN_THREAD: dict[str, Any] = {
    "id": "jan_1",
    "object": "thread",
    "title": "Physics joke",
    "assistants": [
        {"assistant_id": "jan", "instructions": "You are helpful.", "model": {"id": "qwen3"}}
    ],
    "created": 1700000000500,
    "updated": 1700000100000,
    "metadata": {},
}

JAN_MESSAGES: list[dict[str, Any]] = [
    {
        "id": "1",
        "object": "thread.message",
        "thread_id": "jan_1",
        "role": "user",
        "content": [{"type": "text", "text": {"value": "Tell me a joke", "annotations": []}}],
        "status": "ready",
        "created_at": 1700000001,
        "metadata": {},
    },
    {
        "id": "2",
        "object": "thread.message",
        "role": "assistant",
        "content": [
            {"type": "reasoning", "text": {"value": "physics", "annotations": []}},
            {
                "type": "text",
                "text": {"value": "Two photons walk into a bar.", "annotations": []},
            },
        ],
        "created_at": 1700000002,
    },
    {"id": "3", "object": "thread.message", "role": "tool", "content": [], "created_at": 3},
]


def jan_lines(messages: list[dict[str, Any]]) -> str:
    """Messages as the lines of a `messages.jsonl`."""
    return "".join(json.dumps(message, ensure_ascii=False) + "\n" for message in messages)


def own_tree() -> ChatTree:
    """A chat with everything in it."""
    spans = (
        TextSpan(characters=4, step=0, accepted=False),
        TextSpan(characters=6, step=1, accepted=True),
    )
    return ChatTree(
        title="Own",
        created_at=1.0,
        updated_at=2.0,
        folder="Work",
        system_prompt="Be brief.",
        settings={"temperature": 0.5},
        messages=(
            TreeMessage(message=user("question"), parent=None, created_at=1.0),
            TreeMessage(
                message=answer("long answer"[1:], spans=spans, report=make_report()),
                parent=0,
                created_at=1.5,
                shown=True,
            ),
            TreeMessage(message=answer("another"), parent=0, created_at=1.75),
        ),
    )


def own_export() -> Any:
    """The export of that chat, as data to change."""
    return json.loads("".join(json_parts([own_tree()], exported_at=5.0)))
