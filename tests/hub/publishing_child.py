"""A process that dies in the middle of publishing: `publishing_child.py JOB TARGET STEP`.

Every call that changes the disk counts as a step; at number STEP the process is gone.
"""

from __future__ import annotations

import os
import sys
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


def main(job: Path, target: Path, step: int) -> None:
    """Publish what `plan.json` beside the job folder describes."""
    plan: ModelManifest = manifest_from_json(read_json_object(job.parent.parent / "plan.json"))
    die_at(step)
    publish(job, target, plan)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
