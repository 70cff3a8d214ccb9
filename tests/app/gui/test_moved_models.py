"""The models folder goes elsewhere while the window is open: everybody looks at the new place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.models.location import remember_models_folder
from engine.state import SessionState

Open = Callable[..., Any]


def test_the_lab_and_the_chat_look_at_the_new_place(open_window: Open, tmp_path: Path) -> None:
    rig = open_window()
    desktop = rig.desktop
    rig.wait_ready()
    before = desktop.lab.page.plan()
    assert before.main.path == "main"
    desktop.loads.hold()
    rig.wait(lambda: desktop.loads.state is SessionState.IDLE)

    new = tmp_path / "elsewhere"
    desktop.models.services.library.moved.emit(Path(), new)
    assert desktop.loads.choice.pair.main_path == new / "main"
    plan = desktop.lab.page.plan()
    assert plan.main.path == str(new / "main")
    assert [draft.path for draft in plan.drafts] == [str(new / "draft")]

    loaded: list[Any] = []
    desktop.loads.loaded.connect(loaded.append)
    desktop.loads.resume()
    rig.wait_ready()
    assert loaded[0].spec.main_path == str(new / "main")


def test_models_outside_the_folder_stay_where_they_are(open_window: Open, tmp_path: Path) -> None:
    rig = open_window()
    rig.wait_ready()
    changes: list[object] = []
    rig.desktop.loads.choice_changed.connect(changes.append)
    rig.desktop.models.services.library.moved.emit(tmp_path / "old", tmp_path / "new")
    assert changes == []
    assert rig.desktop.loads.choice.pair.main_path == Path("main")


def test_what_a_comparison_reads_counts_as_loaded(open_window: Open) -> None:
    rig = open_window()
    rig.wait_ready()
    rig.desktop.loads.hold()
    rig.wait(lambda: rig.desktop.loads.state is SessionState.IDLE)
    assert rig.desktop.models.loaded_paths() == (Path("main"), Path("draft"))


def test_the_devices_name_models_of_the_new_place(open_window: Open, tmp_path: Path) -> None:
    rig = open_window()
    remember_models_folder(tmp_path / "data" / "data", tmp_path / "elsewhere")
    assert rig.desktop.devices.models() == tmp_path / "elsewhere"
