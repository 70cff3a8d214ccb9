"""The message tree: versions, switching, streaming, deleting single messages with undo."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from app.core.conversation import Message, MessageState
from app.core.conversation_store import ConversationStore
from app.core.store.values import NoSuchItemError
from engine.events import TextSpan
from engine.messages import Role
from tests.store.bench import Bench, answer, make_report, states, user, wait


def shown(store: ConversationStore, chat_id: int) -> list[str]:
    return [found.message.text for found in wait(store.open_chat(chat_id)).messages]


def conversation(store: ConversationStore, *texts: str) -> tuple[int, list[int]]:
    """A chat of alternating messages; returns its id and theirs."""
    chat_id = store.create_chat().id
    ids: list[int] = []
    for number, text in enumerate(texts):
        message = answer(text) if number % 2 else user(text)
        ids.append(store.add_message(chat_id, ids[-1] if ids else None, message).id)
    return chat_id, ids


def test_editing_makes_a_branch_and_keeps_the_old_one(store: ConversationStore) -> None:
    chat_id, ids = conversation(store, "q1", "a1", "q2", "a2")

    edited = store.edit_message(ids[2], "q2 better")
    assert shown(store, chat_id) == ["q1", "a1", "q2 better"]
    assert wait(store.siblings(edited.id)) == (2, 2)
    assert wait(store.version_ids(edited.id)) == (ids[2], edited.id)

    tail = wait(store.switch_version(ids[2]))
    assert [found.message.text for found in tail] == ["q2", "a2"]
    assert [(found.version, found.version_count) for found in tail] == [(1, 2), (1, 1)]
    assert shown(store, chat_id) == ["q1", "a1", "q2", "a2"]


def test_regenerating_adds_a_version_that_is_shown(store: ConversationStore) -> None:
    chat_id, ids = conversation(store, "q1", "a1", "q2")
    wait(store.switch_version(ids[1]))

    again = store.begin_answer(ids[0])
    wait(store.finish_answer(again.id, answer("a1 again")))

    messages = wait(store.open_chat(chat_id)).messages
    assert [found.message.text for found in messages] == ["q1", "a1 again"]
    assert (messages[1].version, messages[1].version_count) == (2, 2)


def test_the_first_message_has_versions_too(store: ConversationStore) -> None:
    chat_id, ids = conversation(store, "q1", "a1")
    store.edit_message(ids[0], "q1 better")
    assert shown(store, chat_id) == ["q1 better"]
    wait(store.switch_version(ids[0]))
    assert shown(store, chat_id) == ["q1", "a1"]


def test_a_message_on_a_hidden_branch_can_be_shown(store: ConversationStore) -> None:
    chat_id, ids = conversation(store, "q1", "a1", "q2", "a2")
    store.edit_message(ids[0], "other start")
    other = store.edit_message(ids[2], "q2 other")
    wait(store.show_message(ids[3]))
    assert shown(store, chat_id) == ["q1", "a1", "q2", "a2"]
    wait(store.show_message(other.id))
    assert shown(store, chat_id) == ["q1", "a1", "q2 other"]


def test_the_choice_of_versions_survives_a_restart(bench: Bench) -> None:
    store = bench.open()
    chat_id, ids = conversation(store, "q1", "a1")
    store.edit_message(ids[0], "q1 better")
    wait(store.switch_version(ids[0]))
    bench.close(store)
    assert shown(bench.open(), chat_id) == ["q1", "a1"]


def test_streamed_text_and_spans_add_up_before_and_after_the_end(
    store: ConversationStore,
) -> None:
    chat_id, ids = conversation(store, "q")
    begun = store.begin_answer(ids[0])
    spans = [TextSpan(characters=2, step=step, accepted=bool(step % 2)) for step in range(3)]
    for number, span in enumerate(spans):
        store.append_delta(begun.id, f"{number} ", (span,))

    streaming = wait(store.open_chat(chat_id)).messages[-1].message
    assert (streaming.text, streaming.spans) == ("0 1 2 ", tuple(spans))
    assert streaming.state is MessageState.STREAMING

    done = Message(role=Role.ASSISTANT, text="0 1 2 end", spans=tuple(spans), report=make_report())
    wait(store.finish_answer(begun.id, done))
    assert wait(store.open_chat(chat_id)).messages[-1].message == done
    with pytest.raises(NoSuchItemError):
        wait(store.append_delta(begun.id, "late"))


def test_a_finished_answer_can_stream_on(store: ConversationStore) -> None:
    chat_id, ids = conversation(store, "q")
    begun = store.begin_answer(ids[0])
    first = TextSpan(characters=4, step=0, accepted=False)
    stopped = answer("Once", state=MessageState.STOPPED, spans=(first,))
    store.finish_answer(begun.id, stopped)

    store.resume_answer(begun.id)
    more = TextSpan(characters=5, step=1, accepted=True)
    store.append_delta(begun.id, " upon", (more,))

    message = wait(store.open_chat(chat_id)).messages[-1].message
    assert message == answer("Once upon", state=MessageState.STREAMING, spans=(first, more))
    with pytest.raises(NoSuchItemError):
        wait(store.resume_answer(begun.id))


def test_unfinished_answers_are_closed_at_the_next_start(bench: Bench) -> None:
    store = bench.open()
    chat_id, ids = conversation(store, "q")
    begun = store.begin_answer(ids[0])
    span = TextSpan(characters=6, step=0, accepted=True)
    wait(store.append_delta(begun.id, "so far", (span,)))
    bench.close(store)

    again = bench.open()

    assert states(again, chat_id) == [MessageState.DONE, MessageState.INTERRUPTED]
    message = wait(again.open_chat(chat_id)).messages[-1].message
    assert (message.text, message.spans) == ("so far", (span,))


def test_details_come_with_the_tail_and_on_demand(store: ConversationStore) -> None:
    span = TextSpan(characters=1, step=0, accepted=False)
    chat_id = store.create_chat().id
    parent, ids = None, []
    for _ in range(6):
        parent = store.add_message(
            chat_id, parent, answer("x", spans=(span,), report=make_report())
        ).id
        ids.append(parent)

    messages = wait(store.open_chat(chat_id, detailed_tail=2)).messages
    assert [found.details_loaded for found in messages] == [False] * 4 + [True] * 2
    assert [bool(found.message.spans) for found in messages] == [False] * 4 + [True] * 2

    (loaded,) = wait(store.load_details([ids[0], 999]))[:1]
    assert loaded == replace(messages[0], message=messages[-1].message, details_loaded=True)


def test_a_message_in_the_middle_goes_alone_and_comes_back(store: ConversationStore) -> None:
    chat_id, ids = conversation(store, "q1", "a1", "q2", "a2")

    deletion = wait(store.delete_messages([ids[1], ids[2]]))
    assert shown(store, chat_id) == ["q1", "a2"]
    wait(store.undo(deletion))
    assert shown(store, chat_id) == ["q1", "a1", "q2", "a2"]

    wait(store.delete_messages([ids[1], ids[2]]))
    assert wait(store.purge_deleted()) == 2
    assert shown(store, chat_id) == ["q1", "a2"]
    assert wait(store.open_chat(chat_id)).messages[1].parent_id == ids[0]


def test_deleting_with_all_that_follows(store: ConversationStore) -> None:
    chat_id, ids = conversation(store, "q1", "a1", "q2", "a2")

    deletion = wait(store.delete_messages([ids[1]], and_following=True))
    assert shown(store, chat_id) == ["q1"]
    assert sorted(deletion.message_ids) == ids[1:]
    store.add_message(chat_id, ids[0], answer("new"))
    assert shown(store, chat_id) == ["q1", "new"]
    wait(store.undo(deletion))
    assert wait(store.version_ids(ids[1]))[0] == ids[1]


def test_deleting_a_version_shows_its_neighbour(store: ConversationStore) -> None:
    chat_id, ids = conversation(store, "q1", "a1")
    second = store.edit_message(ids[0], "q1 b")
    store.add_message(chat_id, second.id, answer("a1 b"))
    third = store.edit_message(ids[0], "q1 c")

    deletion = wait(store.delete_messages([second.id]))
    assert shown(store, chat_id) == ["q1", "a1"]
    assert wait(store.siblings(third.id)) == (2, 2)
    wait(store.undo(deletion))
    assert wait(store.siblings(third.id)) == (3, 3)
    assert shown(store, chat_id) == ["q1 c"]


class TreeMachine(RuleBasedStateMachine):
    """Random changes to one chat, against a tree kept in plain lists."""

    def __init__(self) -> None:
        super().__init__()
        self.parents: dict[int, int | None] = {}
        self.texts: dict[int, str] = {}
        self.chosen: dict[int | None, int] = {}
        self.hidden: set[int] = set()

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.bench = Bench(Path(self.folder.name) / "chats.db")
        self.store = self.bench.open()
        self.chat_id = self.store.create_chat().id

    def children(self, parent: int | None) -> list[int]:
        return [one for one, above in self.parents.items() if above == parent]

    def live_children(self, parent: int | None) -> list[int]:
        return [one for one in self.children(parent) if one not in self.hidden]

    def branch(self) -> list[int]:
        at: int | None = None
        found: list[int] = []
        while True:
            below = self.live_children(at)
            at = self.chosen.get(at) or (max(below) if below else None)
            if at is None:
                return [one for one in found if one not in self.hidden]
            found.append(at)

    def remember(self, message_id: int, parent: int | None, text: str) -> None:
        self.parents[message_id], self.texts[message_id] = parent, text
        self.chosen.pop(parent, None)

    @rule(text=st.text(max_size=5))
    def say(self, text: str) -> None:
        branch = self.branch()
        parent = branch[-1] if branch else None
        written = self.store.add_message(self.chat_id, parent, user(text))
        self.remember(written.id, parent, text)

    @precondition(lambda self: self.branch())
    @rule(data=st.data(), text=st.text(max_size=5))
    def edit(self, data: st.DataObject, text: str) -> None:
        target = data.draw(st.sampled_from(self.branch()))
        written = self.store.edit_message(target, text)
        self.remember(written.id, self.parents[target], text)

    @precondition(lambda self: self.branch())
    @rule(data=st.data())
    def switch(self, data: st.DataObject) -> None:
        target = data.draw(st.sampled_from(self.branch()))
        version = data.draw(st.sampled_from(self.live_children(self.parents[target])))
        self.store.show_message(version)
        at: int | None = version
        while at is not None:
            self.chosen[self.parents[at]] = at
            at = self.parents[at]

    @precondition(lambda self: self.branch())
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        target = data.draw(st.sampled_from(self.branch()))
        others = [one for one in self.live_children(self.parents[target]) if one != target]
        wait(self.store.delete_messages([target]))
        older = [one for one in others if one < target]
        self.chosen[self.parents[target]] = (older[-1:] or others[:1] or [target])[0]
        self.hidden |= self.below(target) if others else {target}

    @precondition(lambda self: self.branch())
    @rule(data=st.data(), and_following=st.booleans())
    def delete_and_undo(self, data: st.DataObject, and_following: bool) -> None:
        targets = data.draw(st.lists(st.sampled_from(self.branch()), min_size=1, unique=True))
        deletion = wait(self.store.delete_messages(targets, and_following=and_following))
        wait(self.store.undo(deletion))
        self.compare()

    def below(self, message_id: int) -> set[int]:
        found = {message_id}
        for child in self.children(message_id):
            found |= self.below(child)
        return found

    @rule()
    def compare(self) -> None:
        messages = wait(self.store.open_chat(self.chat_id)).messages
        assert [found.id for found in messages] == self.branch()
        for found in messages:
            versions = sorted(self.live_children(self.parents[found.id]))
            assert found.message.text == self.texts[found.id]
            assert (found.version, found.version_count) == (
                versions.index(found.id) + 1,
                len(versions),
            )
        branch = wait(self.store.read_tree(self.chat_id)).shown_branch()
        assert branch == tuple(found.message for found in messages)

    def teardown(self) -> None:
        self.compare()
        self.bench.close_all()
        self.folder.cleanup()


TreeMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
test_random_changes_to_a_tree = TreeMachine.TestCase
