"""Finds the models of an earlier run where they lie now: their folder may have been moved since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from engine.lab.cells import ModelRef
from engine.lab.record import LabRecord


def found_again(record: LabRecord, folders: Iterable[Path]) -> LabRecord:
    """The run with its models at their present places; `folders` are those of all models. A model
    that is still where it was, or nowhere to be found, keeps its place.
    """
    by_name = {folder.name: folder for folder in folders}

    def now(model: ModelRef) -> ModelRef:
        if not model.path or Path(model.path).is_dir():
            return model
        folder = by_name.get(Path(model.path).name)
        return model if folder is None else replace(model, path=str(folder))

    header = record.header
    plan = replace(
        header.plan, main=now(header.plan.main), drafts=tuple(map(now, header.plan.drafts))
    )
    return replace(record, header=replace(header, plan=plan))
