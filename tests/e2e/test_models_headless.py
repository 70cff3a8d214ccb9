"""The way of a pair through `python -m engine`: search, fetch, judge, answer, verify, remove."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.models.manifest import SourceType, read_manifest
from engine.models.settings import SETTINGS_NAME, ModelSettings, write_model_settings
from tests.e2e.model_hub import (
    DRAFT,
    GATED,
    MAIN,
    PACK,
    STRANGER,
    full_environment,
    serving,
    shipped_files,
)
from tests.hub.emulator.server import Emulator

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def hub() -> Iterator[Emulator]:
    with serving() as emulator:
        yield emulator


@pytest.fixture
def engine(hub: Emulator) -> Run:
    """Runs `python -m engine` with the emulated hubs."""
    return runner(full_environment(hub))


def runner(environment: Mapping[str, str]) -> Run:
    """Runs `python -m engine` in an environment."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "engine", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=110,
            check=False,
        )

    return run


def objects(ended: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """The JSON lines of a run that went well."""
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.mark.openvino
def test_a_pair_is_found_fetched_used_and_removed(engine: Run, data_dir: Path) -> None:
    found = objects(engine("models", "search", "phi", "--json"))
    assert {MAIN, DRAFT} <= {model["repository"] for model in found}
    assert STRANGER not in {model["repository"] for model in found}

    events = objects(engine("models", "download", "--pack", PACK, "--json"))
    finished = [e["model_id"] for e in events if e["event"] == "transfer_finished"]
    assert finished == [MAIN, DRAFT]

    listed = {m["id"]: m for m in objects(engine("models", "list", "--json"))}
    assert (listed[MAIN]["role"], listed[DRAFT]["role"]) == ("main", "draft")
    assert all(listed[name]["problem"] is None for name in (MAIN, DRAFT))
    assert listed[MAIN]["source"] == "huggingface"

    pairs = objects(engine("models", "pairs", MAIN, "--json"))[0]
    best = pairs["options"][0]
    assert (best["id"], best["verdict"], best["recommended"]) == (DRAFT, "good", True)

    answer = engine(
        "chat", "--main", MAIN, "--draft", DRAFT, "--prompt", "Tell me a story.",
        "--max-new-tokens", "24", "--json",
    )  # fmt: skip
    report = objects(answer)[-1]
    assert report["event"] == "report"
    assert report["tokens"] > 0
    assert report["acceptance_rate"] > 0

    assert objects(engine("models", "verify", MAIN, "--json"))[0]["ok"] is True
    for name in (MAIN, DRAFT):
        assert objects(engine("models", "remove", name, "--json"))[0]["freed_bytes"] > 0
    assert not list((data_dir / "data" / "models").rglob("*.bin"))
    left = {model["id"] for model in objects(engine("models", "list", "--json"))}
    assert left == {"slipstream/demo-main", "slipstream/demo-draft"}


def test_a_corrupted_file_is_found_and_only_it_is_fetched_again(
    engine: Run, hub: Emulator, data_dir: Path
) -> None:
    assert engine("models", "download", DRAFT).returncode == 0
    weights = data_dir / "data" / "models" / DRAFT / "openvino_model.bin"
    content = weights.read_bytes()
    weights.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])

    ended = engine("models", "verify", DRAFT, "--json")
    assert ended.returncode == 3
    bad = json.loads(ended.stdout)["bad_files"]
    assert bad == [{"path": "openvino_model.bin", "fault": "wrong_digest"}]

    before = hub.sent()
    assert engine("models", "verify", DRAFT, "--repair").returncode == 0
    assert hub.sent() - before == len(content)
    assert weights.read_bytes() == content


def test_what_cannot_be_fetched_says_why(engine: Run, data_dir: Path) -> None:
    ended = engine("models", "download", STRANGER)
    assert ended.returncode == 2
    assert "--yes" in ended.stderr
    assert engine("models", "download", STRANGER, "--yes").returncode == 0

    ended = engine("models", "download", GATED)
    assert ended.returncode == 9
    assert "no_token" in ended.stderr
    assert engine("models", "download", "OpenVINO/absent").returncode == 9
    assert not (data_dir / "data" / "models" / GATED).exists()


def test_the_hub_chosen_in_the_window_is_asked(hub: Emulator, data_dir: Path) -> None:
    chosen = ModelSettings(hub=SourceType.MIRROR, mirror=hub.url, agreed=(STRANGER,))
    (data_dir / "config").mkdir(parents=True)
    write_model_settings(data_dir / "config" / SETTINGS_NAME, chosen)
    environment = full_environment(hub) | {"SLIPSTREAM_HF_ENDPOINT": "http://127.0.0.1:9"}
    engine = runner(environment)

    listed = objects(engine("models", "download", STRANGER, "--json"))
    assert listed[-1]["event"] == "transfer_finished"
    manifest = read_manifest(data_dir / "data" / "models" / STRANGER)
    assert (manifest.source.type, manifest.source.endpoint) == (SourceType.MIRROR, hub.url)

    ended = engine("models", "download", DRAFT, "--source", "huggingface")
    assert ended.returncode == 9
    assert not (data_dir / "data" / "models" / DRAFT).exists()


def test_a_folder_is_imported_by_copy_and_in_place(engine: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, content in shipped_files("demo-draft").items():
        (folder / name).write_bytes(content)

    copied = objects(engine("models", "import", str(folder), "--json"))[0]
    assert copied["in_place"] is False
    assert engine("models", "import", str(folder), "--id", copied["id"]).returncode == 3
    used = objects(engine("models", "import", str(folder), "--in-place", "--json"))[0]
    assert used["path"] == str(folder)
    assert objects(engine("models", "remove", used["id"], "--json"))
    assert (folder / "openvino_model.bin").is_file()


def test_without_a_hub_nothing_of_the_hub_is_imported() -> None:
    code = (
        "import sys\n"
        "from engine.__main__ import main\n"
        "main(['models', 'list'])\n"
        "main(['models', 'inspect', 'slipstream/demo-draft'])\n"
        "names = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(names & {'huggingface_hub', 'httpx2', 'keyring', 'openvino'}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
