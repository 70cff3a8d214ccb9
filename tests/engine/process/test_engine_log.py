"""What the engine process leaves behind never stands in the way of the next one."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.engine_log import CRASH_FILES_KEPT, EngineLog, keep_if_written


def test_a_crash_file_that_cannot_be_deleted_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = [tmp_path / f"engine-crash-{number}.txt" for number in range(CRASH_FILES_KEPT + 2)]
    for path in old:
        path.touch()

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    log = EngineLog(tmp_path)
    assert log.new_crash_file() not in old
    assert keep_if_written(old[0]) is None
    log.close()


def test_only_a_trace_is_kept(tmp_path: Path) -> None:
    empty, written = tmp_path / "empty.txt", tmp_path / "written.txt"
    empty.touch()
    written.write_text("Fatal Python error")
    assert (keep_if_written(empty), keep_if_written(written)) == (None, str(written))
    assert list(tmp_path.iterdir()) == [written]
    assert keep_if_written(empty) is None
