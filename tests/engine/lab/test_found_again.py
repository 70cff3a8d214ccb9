"""A run goes on after the folder of its models was moved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.lab.cells import ModelRef
from engine.lab.found_again import found_again
from engine.lab.plan import LabPlan
from engine.lab.prompts import BUILT_IN_SETS
from engine.lab.start import new_record


def test_models_are_looked_for_by_their_folder_only_when_they_are_gone(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old / "stays", new / "main", new / "stays"):
        folder.mkdir(parents=True)
    plan = LabPlan(
        main=ModelRef(name="main", path=str(old / "main")),
        drafts=(
            ModelRef(name="stays", path=str(old / "stays")),
            ModelRef(name="gone", path=str(old / "gone")),
        ),
        prompt_sets=(BUILT_IN_SETS["story"],),
    )
    record = new_record(plan, devices=())
    found = found_again(record, [new / "main", new / "stays"])
    assert found.header.plan.main.path == str(new / "main")
    drafts = found.header.plan.drafts
    assert [draft.path for draft in drafts] == [str(old / "stays"), str(old / "gone")]
    assert replace(found, header=record.header) == record
