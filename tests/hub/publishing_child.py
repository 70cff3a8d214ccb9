"""A process of a nursery that dies in the middle of publishing.

Every call that changes the disk counts as a step; at number STEP the process is gone.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.hub.publish import publish
from engine.models.json_file import read_json_object
from engine.models.manifest import ModelManifest, manifest_from_json

_CALLS = ("rename", "replace", "unlink", "rmdir", "fsync", "mkdir")


def die_at(step: int) -> None:
    """Let the process end before its `step`-th change of the disk."""
    count = 0

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            nonlocal count
            count += 1
            if count == step:
                os._exit(9)
            return call(*args, **kwargs)

        return wrapper

    for name in _CALLS:
        setattr(os, name, counted(getattr(os, name)))


def main(job: str, target: str, step: str) -> None:
    """Publish what `plan.json` beside the job folder describes."""
    plan: ModelManifest = manifest_from_json(read_json_object(Path(job).parents[1] / "plan.json"))
    die_at(int(step))
    publish(Path(job), Path(target), plan)
