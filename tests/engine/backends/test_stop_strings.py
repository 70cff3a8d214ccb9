"""A stop string never shows, wherever its pieces are cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.backends.stop_strings import Piece, StopStrings


def show(stop: StopStrings, texts: list[str]) -> tuple[str, list[Piece]]:
    shown: list[Piece] = []
    for step, text in enumerate(texts):
        if not stop.found:
            shown += stop.add([Piece(text, step, step % 2 == 1)])
    if not stop.found:
        shown += stop.flush()
    return "".join(piece.text for piece in shown), shown


def test_without_stop_strings_everything_passes_at_once() -> None:
    piece = Piece("abc", 0, False)
    assert StopStrings(()).add([piece]) == [piece]


def test_what_may_become_a_stop_string_waits() -> None:
    stop = StopStrings(("END",))
    assert [p.text for p in stop.add([Piece("the E", 0, False)])] == ["the "]
    assert stop.add([Piece("N", 1, True)]) == []
    assert [p.text for p in stop.add([Piece("d.", 2, False)])] == ["E", "N", "d."]
    assert not stop.found


def test_text_keeps_the_run_it_came_with() -> None:
    _, shown = show(StopStrings(("xyz",)), ["ax", "y", "b"])
    assert [(p.text, p.step, p.accepted) for p in shown] == [
        ("a", 0, False),
        ("x", 0, False),
        ("y", 1, True),
        ("b", 2, False),
    ]


def test_the_earliest_stop_string_counts() -> None:
    text, _ = show(StopStrings(("late", "ear")), ["so early", " and late"])
    assert text == "so "


def test_held_back_text_shows_when_the_answer_ends() -> None:
    assert show(StopStrings(("###",)), ["a#", "#"])[0] == "a##"


@given(
    st.lists(st.text("abc", max_size=4), max_size=20),
    st.lists(st.text("abc", min_size=1, max_size=3), max_size=3),
)
def test_the_text_ends_where_the_first_stop_string_begins(
    texts: list[str], strings: list[str]
) -> None:
    whole = "".join(texts)
    ends = [at for at in map(whole.find, strings) if at >= 0]
    stop = StopStrings(strings)
    text, _ = show(stop, texts)
    assert stop.found == bool(ends)
    if not ends:
        assert text == whole
    else:
        # A longer string that begins earlier may be completed later than a shorter one.
        assert whole.startswith(text)
        assert not any(string in text for string in strings)
