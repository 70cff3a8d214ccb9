"""Preferences: ranges, damaged and newer files, atomic writes."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.preferences import Preferences, Theme, changed, declarations, from_mapping
from app.core.preferences_file import SCHEMA_VERSION, PreferencesFile
from engine.errors import ErrorCode
from engine.placement import Strategy


@pytest.fixture
def file(tmp_path: Path) -> PreferencesFile:
    return PreferencesFile(tmp_path / "preferences.json")


def test_every_field_says_what_it_is() -> None:
    for key, declaration in declarations().items():
        assert declaration.label, key
        assert declaration.explanation.endswith("."), key


def test_what_was_written_is_read_again(file: PreferencesFile) -> None:
    wanted = Preferences(
        theme=Theme.DARK, strategy=Strategy.PROMPT_LOOKUP, temperature=0.7, system_prompt="你好"
    )
    file.write(wanted)
    loaded = file.read()
    assert loaded.preferences == wanted
    assert loaded.notice is None


def test_a_missing_file_gives_the_defaults_in_silence(file: PreferencesFile) -> None:
    assert file.read().preferences == Preferences()
    assert file.read().notice is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe\x00", b'{"theme": "dark"}', b"[" * 100_000]
)
def test_a_damaged_file_is_set_aside(file: PreferencesFile, content: bytes) -> None:
    file.path.write_bytes(content)
    loaded = file.read()
    assert loaded.preferences == Preferences()
    assert loaded.notice is not None
    assert loaded.notice.code is ErrorCode.STORAGE_CORRUPT
    (aside,) = file.path.parent.glob("preferences.damaged-*.json")
    assert aside.read_bytes() == content
    assert not file.path.exists()


def test_a_newer_file_is_read_but_not_writable(file: PreferencesFile) -> None:
    file.path.write_text(json.dumps({"schema_version": SCHEMA_VERSION + 1, "theme": "dark"}))
    loaded = file.read()
    assert loaded.preferences.theme is Theme.DARK
    assert not loaded.writable
    assert loaded.notice is not None
    assert loaded.notice.code is ErrorCode.STORAGE_NEWER_SCHEMA


def test_half_a_character_does_not_keep_the_others_from_being_saved(file: PreferencesFile) -> None:
    file.write(Preferences(system_prompt="half \ud83d", theme=Theme.DARK))
    assert file.read().preferences == Preferences(system_prompt="half ?", theme=Theme.DARK)


def test_one_bad_value_does_not_cost_the_others() -> None:
    preferences, refused = from_mapping(
        {"theme": "purple", "num_assistant_tokens": 99, "temperature": 1, "token_colours": True}
    )
    assert refused == ("theme", "num_assistant_tokens")
    assert preferences == Preferences(temperature=1.0, token_colours=True)


@pytest.mark.parametrize(
    "change",
    [
        {"nonsense": 1},
        {"temperature": "hot"},
        {"max_new_tokens": True},
        {"temperature": float("nan")},
    ],
)
def test_a_wrong_change_is_refused(change: dict[str, int | str | float]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        changed(Preferences(), change)


@given(st.dictionaries(st.sampled_from(list(declarations())), st.from_type(object) | st.text()))
def test_reading_never_fails(values: dict[str, object]) -> None:
    preferences, refused = from_mapping(values)
    assert set(refused) <= set(values)
    assert isinstance(preferences, Preferences)


def test_a_failed_write_keeps_the_old_file(
    file: PreferencesFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write(Preferences(theme=Theme.DARK))

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        file.write(Preferences())
    assert file.read().preferences.theme is Theme.DARK
    assert [path.name for path in file.path.parent.iterdir()] == ["preferences.json"]
