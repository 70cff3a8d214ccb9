"""`compare`, `tune` and `verify` on the embedded pair, as programs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.cli.arguments import parse_arguments
from engine.cli.exit_codes import ExitCode
from engine.cli.lab_plan import make_lab_plan
from engine.cli.requests import Folders
from engine.errors import ParameterError
from engine.lab.export import read_report
from engine.lab.history import LabHistory
from engine.lab.results import figures_of
from engine.models.settings import SETTINGS_NAME, read_model_settings
from engine.placement import Strategy

QUICK = ["--set", "story", "--max-new-tokens", "24", "--settle-s", "0", "--repeats", "1"]


def run(*arguments: str, data_dir: Path) -> tuple[list[dict[str, Any]], int]:
    """Events of a command, one a line, and its exit code."""
    command = [sys.executable, "-m", "engine", *arguments, "--json", "--data-dir", str(data_dir)]
    ended = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    assert "Traceback" not in ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()], ended.returncode


@pytest.mark.openvino
def test_compare_measures_keeps_and_writes(tmp_path: Path) -> None:
    report, table = tmp_path / "report.html", tmp_path / "figures.csv"
    files = ["--output", str(report), "--output", str(table)]
    events, code = run(
        "compare",
        *QUICK,
        "--prompts-per-set",
        "2",
        "--lengths",
        "3",
        "--stream",
        *files,
        data_dir=tmp_path,
    )
    assert code == ExitCode.OK
    result = events[-1]
    rates = {f["cell_key"]: f["tokens_per_s"]["median"] for f in result["figures"]}
    assert set(rates) == {
        "none/CPU",
        "prompt_lookup/CPU/5",
        "draft/CPU+CPU/demo-draft/3",
    }
    streamed = [e for e in events if e["event"] == "lab_run_streamed"]
    measured = [e["measurement"] for e in events if e["event"] == "lab_measured"]
    assert len(streamed) == sum(len(m["run_lengths"]) for m in measured)
    assert len(measured) == 3 * 2
    kept = LabHistory(tmp_path / "data" / "lab").read(result["run_id"])
    assert kept.is_finished
    assert figures_of(read_report(report)) == figures_of(kept)
    assert len(table.read_text(encoding="utf-8").splitlines()) == 1 + 2 * 3


@pytest.mark.openvino
def test_tune_spends_a_third_and_saves_only_a_winner(tmp_path: Path) -> None:
    events, code = run(
        "tune", *QUICK, "--repeats", "2", "--lengths", "1,2,4,6", "--save", data_dir=tmp_path
    )
    result = events[-1] if events[-1]["event"] == "result" else events[-2]
    assert code == ExitCode.OK
    assert result["answers"] <= result["exhaustive_answers"] / 3
    defaults = read_model_settings(tmp_path / "config" / SETTINGS_NAME).defaults
    assert (result["outcome"] == "better") == bool(defaults)


@pytest.mark.openvino
def test_verify_says_what_is_proven(tmp_path: Path) -> None:
    events, code = run(
        "verify",
        "--prompts",
        "6",
        "--max-new-tokens",
        "16",
        "--samples",
        "0",
        "--lengths",
        "3",
        data_dir=tmp_path,
    )
    assert code == ExitCode.OK
    result = events[-1]
    assert result["conclusion"] == "equal"
    statements = {remark["statement"] for remark in result["remarks"]}
    assert "greedy_equal" in statements
    assert [e["done"] for e in events[:-1]] == list(range(1, 25))


@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", "--main", "no-such-model"],
        ["compare", "--resume", "20200101-000000-abc"],
        ["tune", "--output", "x.html"],
        ["compare", "--lengths", "2,x"],
        ["compare", "--output", "figures.txt"],
    ],
)
def test_wrong_arguments_have_their_exit_codes(tmp_path: Path, arguments: list[str]) -> None:
    _, code = run(*arguments, data_dir=tmp_path)
    assert code in (ExitCode.USAGE, ExitCode.MODEL, ExitCode.STORAGE)


def plan_of(tmp_path: Path, *arguments: str) -> Any:
    folders = Folders(config=tmp_path, data=tmp_path, logs=tmp_path / "logs", cache=tmp_path)
    return make_lab_plan(parse_arguments(["compare", *arguments]), folders)


def test_the_plan_of_plain_arguments(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    assert (plan.main.name, [d.name for d in plan.drafts]) == ("demo-main", ["demo-draft"])
    assert plan.strategies == tuple(Strategy)
    assert [prompts.set_id for prompts in plan.prompt_sets] == ["story", "question"]


def test_own_prompts_stand_alone_or_beside_sets(tmp_path: Path) -> None:
    own = plan_of(tmp_path, "--prompt", "One?", "--prompt", "Two?")
    assert [(s.set_id, len(s.prompts)) for s in own.prompt_sets] == [("own", 2)]
    both = plan_of(tmp_path, "--prompt", "One?", "--set", "code", "--prompts-per-set", "3")
    assert [(s.set_id, len(s.prompts)) for s in both.prompt_sets] == [("code", 3), ("own", 1)]


def test_devices_and_properties_reach_the_plan(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path, "--main-device", "GPU", "--main-device", "NPU", "--draft-device", "CPU",
        "--property", "CACHE_DIR=c", "--lengths", "1,1,7",
    )  # fmt: skip
    assert (plan.main_devices, plan.draft_devices) == (("GPU", "NPU"), ("CPU",))
    assert [device for device, _ in plan.properties] == ["GPU", "NPU", "CPU"]
    assert plan.lengths == (1, 7)


def test_a_draft_strategy_without_a_draft_is_refused(tmp_path: Path) -> None:
    main = str(Path(plan_of(tmp_path).main.path))
    with pytest.raises(ParameterError):
        plan_of(tmp_path, "--main", main, "--strategy", "draft")
