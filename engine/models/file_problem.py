"""What is wrong with a file of a model, as a value: found, not raised."""

from __future__ import annotations

from engine.errors import ErrorCode, ErrorInfo


def file_problem(code: ErrorCode, reason: str, file: str, **numbers: int) -> ErrorInfo:
    """The problem of one file; `reason` is a word in snake case that texts are chosen by."""
    facts: dict[str, str | int] = {"reason": reason, "file": file, **numbers}
    return ErrorInfo(
        code=code,
        message=f"{file}: {reason.replace('_', ' ')}.",
        facts=tuple(sorted(facts.items())),
    )
