"""Import: each program's format, our own exactly, and refusals with code and place."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.conversation import Message, MessageState
from app.core.conversation_store import ConversationStore
from app.core.export.json_export import json_parts
from app.core.import_chats.reading import ImportSource, read_chats
from app.core.import_chats.refusal import ImportRefusedError, RefusalCode
from app.core.store.values import ChatTree, TitleSource, TreeMessage
from engine.events import TextSpan
from engine.messages import Role
from tests.app_core.chat_samples import (
    CHATGPT,
    JAN_MESSAGES,
    JAN_THREAD,
    LM_STUDIO,
    jan_lines,
    own_export,
)
from tests.store.bench import Bench, make_report, wait


def write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        content if isinstance(content, str) else json.dumps(content, ensure_ascii=False),
        encoding="utf-8",
    )
    return path


def texts(chat: ChatTree) -> list[tuple[Role, str]]:
    return [(message.role, message.text) for message in chat.shown_branch()]


def refusal(path: Path, **more: Any) -> ImportRefusedError:
    with pytest.raises(ImportRefusedError) as caught:
        read_chats(path, **more)
    return caught.value


def test_chatgpt_keeps_branches_titles_times_and_what_was_shown(tmp_path: Path) -> None:
    imported = read_chats(write(tmp_path / "conversations.json", CHATGPT))

    assert imported.source is ImportSource.CHATGPT
    plans, code = imported.chats
    assert (plans.title, plans.title_source) == ("Trip plans", TitleSource.USER)
    assert (plans.created_at, plans.updated_at) == (1700000000.25, 1700000900.5)
    assert texts(plans) == [
        (Role.USER, "Where to in May?"),
        (Role.ASSISTANT, "Try Lisbon."),
        (Role.USER, "And in June?"),
        (Role.ASSISTANT, "Oslo."),
    ]
    other = [node.message.text for node in plans.messages if not node.shown]
    assert other == ["Try Rome."]
    assert texts(code) == [
        (Role.USER, "What is on this picture?"),
        (Role.ASSISTANT, "```\nprint(1)\n```"),
        (Role.ASSISTANT, "A cat."),
    ]
    assert imported.omitted == 2, "a picture and what a tool said"


def test_chatgpt_zip_is_read_as_it_is_downloaded(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("chat.html", "<html>")
        archive.writestr("conversations-000.json", json.dumps(CHATGPT[:1]))
        archive.writestr("conversations-001.json", json.dumps(CHATGPT[1:]))
    assert [chat.title for chat in read_chats(path).chats] == ["Trip plans", ""]


def test_lm_studio_keeps_versions_system_prompt_and_thoughts(tmp_path: Path) -> None:
    imported = read_chats(write(tmp_path / "1.conversation.json", LM_STUDIO))

    assert imported.source is ImportSource.LM_STUDIO
    (chat,) = imported.chats
    assert (chat.title, chat.system_prompt, chat.pinned) == ("语言模型", "Be kind.", True)
    assert chat.created_at == 1727000000.123
    assert texts(chat) == [
        (Role.USER, "Explain KV cache"),
        (Role.ASSISTANT, "<think>\nhm\n</think>\n\nIt keeps keys and values."),
        (Role.USER, "Thanks"),
    ]
    assert [node.message.text for node in chat.messages if not node.shown] == ["A cache."]
    assert imported.omitted == 1


def test_lm_studio_folders_become_folders(tmp_path: Path) -> None:
    write(tmp_path / "conversations" / "1.conversation.json", LM_STUDIO)
    write(tmp_path / "conversations" / "Work" / "2.conversation.json", LM_STUDIO)
    imported = read_chats(tmp_path / "conversations")
    assert sorted(str(chat.folder) for chat in imported.chats) == ["None", "Work"]


def jan_folder(folder: Path) -> Path:
    write(folder / "thread.json", JAN_THREAD)
    write(folder / "messages.jsonl", jan_lines(JAN_MESSAGES))
    return folder


@pytest.mark.parametrize("chosen", [".", "thread.json", "messages.jsonl", ".."])
def test_jan_is_read_from_whatever_of_it_is_chosen(tmp_path: Path, chosen: str) -> None:
    folder = jan_folder(tmp_path / "threads" / "jan_1")
    imported = read_chats((folder / chosen).resolve())

    assert imported.source is ImportSource.JAN
    (chat,) = imported.chats
    assert (chat.title, chat.system_prompt) == ("Physics joke", "You are helpful.")
    assert chat.created_at == 1700000000.5
    assert texts(chat) == [
        (Role.USER, "Tell me a joke"),
        (Role.ASSISTANT, "<think>\nphysics\n</think>\n\nTwo photons walk into a bar."),
    ]
    assert imported.omitted == 1


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_TIMES = st.floats(0, 1e10)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def _nodes(draw: st.DrawFn) -> tuple[TreeMessage, ...]:
    nodes: list[TreeMessage] = []
    chosen: set[int | None] = set()
    for index in range(draw(st.integers(0, 6))):
        text = draw(_TEXT)
        spans: tuple[TextSpan, ...] = ()
        if text and draw(st.booleans()):
            cut = draw(st.integers(0, len(text)))
            spans = (
                TextSpan(characters=cut, step=draw(st.integers(0, 9)), accepted=True),
                TextSpan(characters=len(text) - cut, step=9, accepted=False),
            )
        parent = draw(st.none() | st.integers(0, index - 1)) if index else None
        shown = parent not in chosen and draw(st.booleans())
        chosen |= {parent} if shown else set()
        nodes.append(
            TreeMessage(
                message=Message(
                    role=draw(st.sampled_from(list(Role))),
                    text=text,
                    state=draw(
                        st.sampled_from(
                            [s for s in MessageState if s not in ("waiting", "streaming")]
                        )
                    ),
                    spans=spans,
                    report=draw(st.none() | st.just(make_report(ttft_s=draw(_TIMES)))),
                ),
                parent=parent,
                created_at=draw(_TIMES),
                shown=shown,
            )
        )
    return tuple(nodes)


_TREES = st.builds(
    ChatTree,
    title=_TEXT,
    title_source=st.sampled_from(TitleSource),
    created_at=_TIMES,
    updated_at=_TIMES,
    folder=st.none() | _TEXT,
    pinned=st.booleans(),
    system_prompt=_TEXT,
    settings=st.dictionaries(_TEXT, _JSON, max_size=3),
    draft=_TEXT,
    messages=_nodes(),
)


@given(trees=st.lists(_TREES, min_size=1, max_size=3))
def test_own_json_comes_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, trees: list[ChatTree]
) -> None:
    path = tmp_path_factory.mktemp("own") / "chats.json"
    path.write_text("".join(json_parts(trees, exported_at=5.0)), encoding="utf-8")
    imported = read_chats(path)
    assert imported.source is ImportSource.SLIPSTREAM
    assert list(imported.chats) == trees


@given(trees=st.lists(_TREES, min_size=1, max_size=3))
@settings(max_examples=25)
def test_chats_go_through_the_store_exactly(
    tmp_path_factory: pytest.TempPathFactory, trees: list[ChatTree]
) -> None:
    bench = Bench(tmp_path_factory.mktemp("through") / "chats.db")
    store = bench.open()
    ids = wait(store.import_chats(trees))
    back = [wait(store.read_tree(chat_id)) for chat_id in ids]
    branches = [
        tuple(found.message for found in wait(store.open_chat(chat_id)).messages) for chat_id in ids
    ]
    bench.close_all()
    assert back == trees
    assert branches == [tree.shown_branch() for tree in trees]


Change = Callable[[Any], None]


def set_at(*keys: Any, value: Any) -> Change:
    def change(root: Any) -> None:
        for key in keys[:-1]:
            root = root[key]
        root[keys[-1]] = value

    return change


def drop_at(*keys: Any) -> Change:
    def change(root: Any) -> None:
        for key in keys[:-1]:
            root = root[key]
        del root[keys[-1]]

    return change


OWN_FAULTS: list[tuple[Change, str]] = [
    (set_at("chats", value={}), "$.chats"),
    (set_at("chats", 0, "title", value=7), "$.chats[0].title"),
    (drop_at("chats", 0, "title"), "$.chats[0].title"),
    (set_at("chats", 0, "settings", value=[]), "$.chats[0].settings"),
    (set_at("chats", 0, "settings", "x", value=float("1e999")), "$.chats[0].settings"),
    (set_at("chats", 0, "created_at", value="now"), "$.chats[0].created_at"),
    (set_at("chats", 0, "created_at", value=-1), "$.chats[0].created_at"),
    (set_at("chats", 0, "pinned", value=1), "$.chats[0].pinned"),
    (set_at("chats", 0, "title_source", value="me"), "$.chats[0].title_source"),
    (set_at("chats", 0, "messages", 0, "parent", value=0), "$.chats[0].messages[0].parent"),
    (set_at("chats", 0, "messages", 1, "parent", value=1), "$.chats[0].messages[1].parent"),
    (set_at("chats", 0, "messages", 1, "parent", value=True), "$.chats[0].messages[1].parent"),
    (set_at("chats", 0, "messages", 1, "role", value="tool"), "$.chats[0].messages[1].role"),
    (set_at("chats", 0, "messages", 1, "state", value="?"), "$.chats[0].messages[1].state"),
    (set_at("chats", 0, "messages", 1, "text", value=None), "$.chats[0].messages[1].text"),
    (set_at("chats", 0, "messages", 1, "spans", value=[[1, 2]]), "$.chats[0].messages[1].spans[0]"),
    (set_at("chats", 0, "messages", 1, "spans", value=[[1, 0, 1]]), "$.chats[0].messages[1].spans"),
    (
        set_at("chats", 0, "messages", 1, "spans", value=[[-1, 0, 1]]),
        "$.chats[0].messages[1].spans[0][0]",
    ),
    (set_at("chats", 0, "messages", 1, "report", value=[]), "$.chats[0].messages[1].report"),
    (drop_at("chats", 0, "messages", 1, "report", "params"), "$.chats[0].messages[1].report"),
    (
        set_at("chats", 0, "messages", 1, "report", "ttft_s", value=float("1e999")),
        "$.chats[0].messages[1].report",
    ),
]


@pytest.mark.parametrize(("change", "where"), OWN_FAULTS)
def test_c13_a_wrong_value_is_refused_with_its_place(
    tmp_path: Path, change: Change, where: str
) -> None:
    content = own_export()
    change(content)
    text = json.dumps(content).replace("Infinity", "1e999")
    error = refusal(write(tmp_path / "chats.json", text))
    assert (error.code, error.where) == (RefusalCode.WRONG_STRUCTURE, where)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", RefusalCode.NOT_JSON),
        ("{", RefusalCode.NOT_JSON),
        ("[1, 2", RefusalCode.NOT_JSON),
        ("NaN", RefusalCode.NOT_JSON),
        ("9" * 5000, RefusalCode.NOT_JSON),
        ("[" * 100_000, RefusalCode.TOO_DEEP),
        ('{"a":' * 100_000, RefusalCode.TOO_DEEP),
        ("null", RefusalCode.UNKNOWN_FORMAT),
        ("[]", RefusalCode.UNKNOWN_FORMAT),
        ('{"messages": []}', RefusalCode.UNKNOWN_FORMAT),
        ('{"format": "slipstream-chats", "version": 99, "chats": []}', RefusalCode.NEWER_FORMAT),
        ('{"format": "slipstream-chats", "version": 1, "chats": []}', RefusalCode.NOTHING_FOUND),
        ('[{"mapping": {}}]', RefusalCode.NOTHING_FOUND),
        ('[{"mapping": []}]', RefusalCode.WRONG_STRUCTURE),
        ('[{"mapping": {}}, 5]', RefusalCode.WRONG_STRUCTURE),
    ],
)
def test_c13_files_that_are_no_chats_are_refused(
    tmp_path: Path, content: str, code: RefusalCode
) -> None:
    assert refusal(write(tmp_path / "x.json", content)).code is code


def test_c13_the_place_of_broken_json_is_told(tmp_path: Path) -> None:
    error = refusal(write(tmp_path / "x.json", '{\n "a": oops}'))
    assert dict(error.facts) == {"line": 2, "column": 7}
    folder = jan_folder(tmp_path / "jan_1")
    write(folder / "messages.jsonl", jan_lines(JAN_MESSAGES) + "{broken\n")
    error = refusal(folder)
    assert (error.code, error.where) == (RefusalCode.NOT_JSON, "jan_1/messages.jsonl:4 ")


def test_c13_other_encodings_missing_files_and_sizes(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes('{"a": "ü"}'.encode("latin-1"))
    assert dict(refusal(path).facts) == {"byte": 7}
    assert refusal(tmp_path / "nothing.json").code is RefusalCode.MISSING
    (tmp_path / "empty").mkdir()
    assert refusal(tmp_path / "empty").code is RefusalCode.NOTHING_FOUND
    write(path, CHATGPT)
    error = refusal(path, max_bytes=100)
    assert (error.code, dict(error.facts)["limit_bytes"]) == (RefusalCode.TOO_LARGE, 100)
    assert read_chats(path, max_bytes=path.stat().st_size).chats != ()


def test_c13_a_zip_that_unpacks_to_more_than_allowed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conversations.json", b"[" + b" " * 5_000_000 + b"]")
    assert path.stat().st_size < 50_000
    assert refusal(path, max_bytes=100_000).code is RefusalCode.TOO_LARGE
    path.write_bytes(path.read_bytes()[:-200] + path.read_bytes()[-180:])
    with pytest.raises(ImportRefusedError):
        read_chats(path)


def test_a_tree_with_a_loop_is_refused(tmp_path: Path) -> None:
    content = json.loads(json.dumps(CHATGPT))
    mapping = content[0]["mapping"]
    mapping["u2"]["parent"] = "a3"
    error = refusal(write(tmp_path / "conversations.json", content))
    assert (error.code, error.where) == (RefusalCode.WRONG_STRUCTURE, "$[0].mapping")


SAMPLES = {
    "own.json": lambda: json.dumps(own_export()),
    "conversations.json": lambda: json.dumps(CHATGPT),
    "a.conversation.json": lambda: json.dumps(LM_STUDIO, ensure_ascii=False),
    "thread.json": lambda: json.dumps(JAN_THREAD | {"messages": JAN_MESSAGES}),
    "messages.jsonl": lambda: jan_lines(JAN_MESSAGES),
}


def taken_or_refused(path: Path) -> None:
    try:
        imported = read_chats(path)
    except ImportRefusedError:
        return
    assert imported.chats != ()


@given(seed=st.integers(0, 2**32), name=st.sampled_from(sorted(SAMPLES)))
@settings(max_examples=300)
def test_c13_damaged_bytes_are_taken_whole_or_refused(
    tmp_path_factory: pytest.TempPathFactory, seed: int, name: str
) -> None:
    chance = random.Random(seed)
    data = bytearray(SAMPLES[name]().encode())
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randint(1, 50)]
            case 2:
                data[at:at] = chance.choice([b"null", b'"', b"{", b"]", b"\xff", b"1e999", b"-"])
            case _:
                del data[max(1, at) :]
        if not data:
            break
    path = tmp_path_factory.mktemp("damaged") / name
    path.write_bytes(data)
    taken_or_refused(path)


@given(data=st.data(), name=st.sampled_from(sorted(set(SAMPLES) - {"messages.jsonl"})))
@settings(max_examples=300)
def test_c13_wrong_values_anywhere_are_taken_whole_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, name: str
) -> None:
    root = [json.loads(SAMPLES[name]())]
    place: Any = root
    key: Any = 0
    while isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
        place = place[key]
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
    place[key] = data.draw(_JSON)
    path = tmp_path_factory.mktemp("wrong") / name
    path.write_text(json.dumps(root[0]))
    taken_or_refused(path)


def test_c13_a_refused_file_changes_nothing_in_the_store(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "chats.db")
    store: ConversationStore = bench.open()
    content = own_export()
    content["chats"].append({"title": "broken"})
    with pytest.raises(ImportRefusedError):
        wait(store.import_chats(read_chats(write(tmp_path / "x.json", content)).chats))
    assert wait(store.list_chats()).total == 0
    bench.close_all()
