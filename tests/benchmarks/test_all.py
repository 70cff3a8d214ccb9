"""The run of all benchmarks: what fits in, and what is kept of a part that did not end well."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import all as every
import machine
import pytest


def test_the_parts_fit_into_the_time() -> None:
    wanted_s = sum(entry.seconds for entry in every.ENTRIES)

    assert wanted_s <= every.MINUTES * 60 * 0.92
    assert every.MINUTES <= 40


def test_every_part_is_there_once() -> None:
    names = [entry.name for entry in every.ENTRIES]
    scripts = [every.FOLDER / f"{entry.script or entry.name}.py" for entry in every.ENTRIES]

    assert len(set(names)) == len(names)
    assert [path for path in scripts if not path.exists()] == []


def test_every_part_takes_what_it_is_given() -> None:
    for entry in every.ENTRIES:
        source = (every.FOLDER / f"{entry.script or entry.name}.py").read_text(encoding="utf-8")
        given = [option for option in entry.arguments if option.startswith("--")]
        given += ["--seconds"] * entry.keeps_time + ["--parameters"] * entry.widens

        assert [option for option in given if f'"{option}"' not in source] == [], entry.name


def test_the_last_line_that_is_an_object_counts() -> None:
    output = 'noise\n{"a": 1}\n{"a": 2}\n[3]\n{"a": '

    assert every.last_figures(output) == {"a": 2}
    assert every.last_figures("nothing\n") == {}


ENTRY = replace(
    every.ENTRIES[0], name="part", arguments=(), keeps_time=False, widens=False, script=""
)


def _run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, *, left_s: float) -> Any:
    (tmp_path / "part.py").write_text(code)
    monkeypatch.setattr(every, "FOLDER", tmp_path)
    monkeypatch.setattr(machine, "others", lambda: {"quiet": True})
    return every.run(ENTRY, parameters=1.0, scale=1.0, left_s=left_s)


def test_figures_of_a_part_that_fails_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _run(tmp_path, monkeypatch, "print('{\"a\": 1}')\nraise SystemExit(3)", left_s=60.0)

    assert found["a"] == 1
    assert found["error"] == "ended with exit code 3"


def test_a_part_that_runs_over_its_time_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = 'print(\'{"a": 1, "unfinished": true}\', flush=True)\nimport time\ntime.sleep(600)'

    found = _run(tmp_path, monkeypatch, code, left_s=2.0)

    assert found["a"] == 1
    assert found["error"] == "took too long and was ended"


def test_nothing_begins_when_the_time_is_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _run(tmp_path, monkeypatch, "print('{}')", left_s=0.0)["error"] == "no time was left"


def test_a_part_that_ends_well_has_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _run(tmp_path, monkeypatch, 'print(\'{"a": 1, "machine": {}}\')', left_s=60.0)

    assert found.keys() == {"a", "took_s", "machine_before"}
