"""What exports of other programs hold besides plain talk, written by hand after their descriptions:
thoughts, calls of tools, dictated words, marks of sources, versions, messages without text."""

from __future__ import annotations

from typing import Any


def _chatgpt_node(
    name: str, parent: str | None, children: list[str], role: str = "", **message: Any
) -> dict[str, Any]:
    content = message.pop("content", None)
    whole = {
        "id": name,
        "author": {"role": role, "name": None, "metadata": {}},
        "create_time": 1750000000.0,
        "content": content,
        "metadata": {},
        "recipient": "all",
    }
    node = {"id": name, "message": whole | message, "parent": parent, "children": children}
    return node if role else node | {"message": None}


def _text(*parts: Any) -> dict[str, Any]:
    return {"content_type": "text", "parts": list(parts)}


CHATGPT_WITH_TOOLS: list[dict[str, Any]] = [
    {
        "title": "Numbers",
        "create_time": "2025-06-15T15:06:40Z",
        "update_time": None,
        "is_archived": False,
        "gizmo_id": None,
        "mapping": {
            "client-created-root": _chatgpt_node("client-created-root", None, ["sys"]),
            "sys": _chatgpt_node(
                "sys", "client-created-root", ["ctx"], "system", content=_text("")
            ),
            "ctx": _chatgpt_node(
                "ctx",
                "sys",
                ["u1"],
                "user",
                content={
                    "content_type": "user_editable_context",
                    "user_profile": "The user lives in Oslo.",
                    "user_instructions": "Be brief.",
                },
            ),
            "u1": _chatgpt_node(
                "u1",
                "ctx",
                ["t1"],
                "user",
                content={
                    "content_type": "multimodal_text",
                    "parts": [
                        {
                            "content_type": "audio_transcription",
                            "text": "How many primes are below 100?",
                            "direction": "in",
                        },
                        {"content_type": "audio_asset_pointer", "asset_pointer": "file://a"},
                    ],
                },
            ),
            "t1": _chatgpt_node(
                "t1",
                "u1",
                ["c1"],
                "assistant",
                content={
                    "content_type": "thoughts",
                    "thoughts": [
                        {"summary": "Counting", "content": "I could run a sieve."},
                        {"summary": "", "content": "Yes."},
                    ],
                },
            ),
            "c1": _chatgpt_node(
                "c1",
                "t1",
                ["r1"],
                "assistant",
                recipient="python",
                content={"content_type": "code", "language": "unknown", "text": "print(25)"},
            ),
            "r1": _chatgpt_node(
                "r1",
                "c1",
                ["recap"],
                "tool",
                content={"content_type": "execution_output", "text": "25"},
            ),
            "recap": _chatgpt_node(
                "recap",
                "r1",
                ["a1"],
                "assistant",
                content={"content_type": "reasoning_recap", "content": "Thought for 3s"},
            ),
            "a1": _chatgpt_node(
                "a1",
                "recap",
                ["a2", "a3"],
                "assistant",
                content=_text(
                    "There are 25 \ue200cite\ue202turn0search1\ue201 of them, said "
                    '\ue200entity\ue202["people","Euclid",0]\ue201.',
                    None,
                ),
            ),
            "a2": _chatgpt_node("a2", "a1", [], "assistant", content=None),
            "a3": _chatgpt_node("a3", "a1", [], "assistant", content=_text("The last is 97.")),
        },
        "current_node": "a3",
    }
]

LM_STUDIO_WITH_TOOLS: dict[str, Any] = {
    "name": "",
    "createdAt": 1750000000000,
    "messages": [
        {
            "versions": [
                {"type": "singleStep", "role": "user", "content": [{"type": "text", "text": "?"}]},
                {
                    "type": "singleStep",
                    "role": "user",
                    "content": [{"type": "text", "text": "What time is it?"}],
                },
            ],
            "currentlySelected": 1,
        },
        {
            "versions": [
                {
                    "type": "multiStep",
                    "role": "assistant",
                    "steps": [
                        {
                            "type": "contentBlock",
                            "content": [
                                {"type": "text", "text": "I will look."},
                                {"type": "toolCallRequest", "callId": 1, "name": "clock"},
                            ],
                        },
                        {
                            "type": "contentBlock",
                            "roleOverride": "tool",
                            "content": [{"type": "toolCallResult", "content": '"12:00"'}],
                        },
                        {"type": "toolStatus", "callId": 1},
                        {"type": "contentBlock", "content": [{"type": "text", "text": "Noon."}]},
                    ],
                }
            ],
        },
        {
            "versions": [{"type": "multiStep", "role": "assistant", "steps": []}],
            "currentlySelected": 0,
        },
    ],
}


def jan_message(name: str, role: str, text: str, at: int, **metadata: Any) -> dict[str, Any]:
    """A message as Jan writes it."""
    return {
        "id": name,
        "object": "thread.message",
        "thread_id": "jan_2",
        "role": role,
        "content": [{"type": "text", "text": {"value": text, "annotations": []}}],
        "status": "ready",
        "created_at": 1750000000000 + at,
        "completed_at": 0,
        "attachments": None,
        "metadata": metadata,
    }


JAN_BRANCHED: list[dict[str, Any]] = [
    jan_message("u1", "user", "Name a river.", 1, parentId=None, activeChildId="a1"),
    jan_message("a1", "assistant", "The Rhine.", 2, parentId="u1"),
    jan_message("a2", "assistant", "The Elbe.", 3, parentId="u1"),
    jan_message("u2", "user", "And a lake?", 4, parentId="a1", inline_file_contents=None),
    jan_message("a3", "assistant", "Lake Constance.", 5, parentId="u2"),
    jan_message("lost", "assistant", "Or the Chiemsee.", 6, parentId=None),
]
