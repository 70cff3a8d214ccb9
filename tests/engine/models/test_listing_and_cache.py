"""The JSON of the headless front end, remembered inspections, and what a listing imports."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.models import inspection_cache
from engine.models.catalog import load_catalog
from engine.models.import_folder import import_copy, plan_import
from engine.models.inspection import Inspection, inspect_folder
from engine.models.inspection_cache import InspectionCache
from engine.models.listing import (
    inspection_to_json,
    model_to_json,
    pairs_to_json,
    recommendation_to_json,
    verification_to_json,
)
from engine.models.machine import read_machine
from engine.models.manifest import ModelManifest
from engine.models.pairing import pair_report
from engine.models.recommendation import recommend
from engine.models.registry import InstalledModel, Registry
from engine.models.verify import verify_model
from tests.engine.models.folder_maker import make_llm, make_vlm

ROOT = Path(__file__).parents[3]


@pytest.fixture
def model(tmp_path: Path) -> InstalledModel:
    plan = plan_import(make_llm(tmp_path / "source", with_json=True))
    return import_copy(plan, Registry(tmp_path / "models"))


def test_everything_turns_into_json(tmp_path: Path, model: InstalledModel) -> None:
    (model.path / "config.json").write_text("{", encoding="utf-8")
    (damaged,) = Registry(tmp_path / "models").scan()
    found = inspect_folder(model.path)
    report = pair_report(found, [found, inspect_folder(make_vlm(tmp_path / "v"))])
    values = [
        model_to_json(damaged),
        inspection_to_json(found),
        pairs_to_json(report),
        verification_to_json(verify_model(model)),
        recommendation_to_json(recommend(load_catalog(), read_machine(tmp_path))),
    ]
    for value in values:
        assert json.loads(json.dumps(value)) == value
    assert values[0]["problem"]["facts"]["file"] == "config.json"
    assert values[1]["loadable"] is False
    assert values[1]["tokenizer"]["tokens"] == 63
    assert [device["verdict"] for device in values[1]["devices"].values()] == ["good"] * 3
    assert values[2]["options"][0]["verdict"] == "impossible"
    assert values[3]["bad_files"] == [{"path": "config.json", "fault": "wrong_size"}]


def test_an_inspection_is_remembered_until_a_file_changes(
    tmp_path: Path, model: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = Registry(tmp_path / "models")
    cache = InspectionCache(tmp_path / "cache.json")
    first = cache.inspect(model)
    cache.save()
    calls: list[str] = []

    def spy(inspected: InstalledModel) -> Inspection:
        calls.append(inspected.id)
        return first

    monkeypatch.setattr(inspection_cache, "inspect_model", spy)
    again = InspectionCache(tmp_path / "cache.json")
    assert again.inspect(registry.find(model.id)) == first
    assert calls == []
    (model.path / "config.json").write_text("{}", encoding="utf-8")
    again.inspect(registry.find(model.id))
    assert calls == [model.id]


def test_a_folder_opened_by_path_is_remembered_too(tmp_path: Path) -> None:
    folder = make_llm(tmp_path / "bare")
    model = Registry(tmp_path / "models").find(str(folder))
    cache = InspectionCache(tmp_path / "cache.json")
    assert cache.inspect(model).id == str(folder)
    cache.save()
    assert InspectionCache(tmp_path / "cache.json").inspect(model).parameters == 1024 * 256


@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": 9}', '{"schema": 1, "entries": 3}'])
def test_a_damaged_memory_is_only_forgotten(
    tmp_path: Path, model: InstalledModel, content: str
) -> None:
    (tmp_path / "cache.json").write_text(content, encoding="utf-8")
    assert InspectionCache(tmp_path / "cache.json").inspect(model).loadable


def test_entries_of_other_shape_or_gone_folders_are_dropped(
    tmp_path: Path, model: InstalledModel
) -> None:
    file = tmp_path / "cache.json"
    cache = InspectionCache(file)
    cache.inspect(model)
    cache.save()
    data = json.loads(file.read_text())
    data["entries"][str(model.path)]["inspection"] = {"kind": "other"}
    data["entries"]["/gone"] = {}
    file.write_text(json.dumps(data))
    cache = InspectionCache(file)
    assert cache.inspect(model).loadable
    cache.save()
    assert list(json.loads(file.read_text())["entries"]) == [str(model.path)]


_LIST = """
import sys
from pathlib import Path
from engine.models.listing import model_to_json
from engine.models.registry import Registry
assert len([model_to_json(model) for model in Registry(Path(sys.argv[1])).scan()]) == 40
heavy = ("huggingface_hub", "httpx2", "openvino", "openvino_genai", "PySide6", "numpy", "psutil")
print(",".join(name for name in heavy if name in sys.modules))
"""


def test_listing_forty_models_imports_nothing_heavy(
    tmp_path: Path, install: Callable[..., ModelManifest]
) -> None:
    for number in range(40):
        install(tmp_path / "o" / f"m{number}", model_id=f"o/m{number}")
    command = [sys.executable, "-c", _LIST, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, timeout=60, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ""
