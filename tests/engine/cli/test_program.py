"""The headless program as its caller sees it: output, figures, exit codes, Ctrl+C."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.engine.models.folder_maker import make_head, make_llm

ROOT = Path(__file__).parents[3]
F32 = (
    *("--property", "INFERENCE_PRECISION_HINT=f32"),
    *("--property", "DYNAMIC_QUANTIZATION_GROUP_SIZE=0"),
)

pytestmark = pytest.mark.openvino


def run(*argv: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "engine", *argv],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=90,
        check=False,
    )


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_devices() -> None:
    ended = run("devices", "--json")
    assert ended.returncode == 0, ended.stderr
    assert "CPU" in [device["name"] for device in lines(ended.stdout)]


def test_devices_are_set_and_what_they_compiled_is_cleared(tmp_path: Path) -> None:
    where = ("--data-dir", str(tmp_path))
    folder = tmp_path / "cache" / "compiled" / "CPU"
    folder.mkdir(parents=True)
    (folder / "1.blob").write_bytes(b"x" * 9)
    change = ("--set", "CPU:INFERENCE_PRECISION_HINT=f32")
    (device, *_) = lines(run("devices", "--json", *where, *change).stdout)
    assert device["settings"]["properties"] == [["INFERENCE_PRECISION_HINT", "f32"]]
    assert device["compiled_bytes"] == 9
    known = {entry["name"]: entry for entry in device["properties"]}
    assert "f32" in known["INFERENCE_PRECISION_HINT"]["options"]
    told = run("devices", "--properties", "--clear-cache", "CPU", *where)
    assert "* INFERENCE_PRECISION_HINT" in told.stdout
    assert not list(folder.iterdir())
    refused = run("devices", "--set", "CPU:INFERENCE_PRECISION_HINT=f99", *where)
    assert refused.returncode == 2
    assert "not_offered" in refused.stderr


def test_models() -> None:
    ended = run("models", "--json")
    models = {model["id"]: model for model in lines(ended.stdout)}
    assert models["slipstream/demo-main"]["problem"] is None
    assert "slipstream/demo-draft" in run("models").stdout


def test_the_answer_goes_out_and_the_figures_aside() -> None:
    ended = run("chat", *F32, "--prompt", "-", "--max-new-tokens", "12", given="Tell me a story.")
    assert ended.returncode == 0, ended.stderr
    assert len(ended.stdout.strip()) > 10
    assert "acceptance_rate" in ended.stderr
    assert "acceptance_rate" not in ended.stdout


def test_strategies_agree_on_the_text() -> None:
    texts, reports = [], []
    question = ("--prompt", "Tell me a story.")
    for strategy in ("draft", "none", "prompt_lookup"):
        ended = run("chat", *F32, "--json", "--strategy", strategy, *question)
        assert ended.returncode == 0, ended.stderr
        events = lines(ended.stdout)
        texts.append("".join(e["text"] for e in events if e["event"] == "tokens_streamed"))
        reports.append(events[-1])
    assert texts[0] == texts[1] == texts[2]
    draft, plain, lookup = reports
    assert [report["event"] for report in reports] == ["report"] * 3
    assert draft["tokens"] == sum(draft["run_lengths"]) == plain["tokens"] == lookup["tokens"]
    assert 0 < draft["acceptance_rate"] < 1
    assert draft["mean_acceptance_length"] > 1
    assert plain["acceptance_rate"] is None
    assert draft["devices"] == {"main": "CPU", "draft": "CPU"}
    assert draft["load_s"] > 0
    assert "openvino_genai" in draft["versions"]


def test_a_model_that_is_its_own_draft_is_always_accepted() -> None:
    main = "slipstream/demo-main"
    argv = ("--main", main, "--draft", main, "--num-assistant-tokens", "4", "--ignore-eos")
    ended = run(
        "chat", *F32, "--json", *argv, "--max-new-tokens", "51", "--prompt", "Tell me a story."
    )
    report = lines(ended.stdout)[-1]
    assert report["run_lengths"] == [1, *[5] * 10]
    assert report["acceptance_rate"] == 1.0


def test_each_line_is_a_turn() -> None:
    ended = run("chat", "--json", "--system", "Be kind.", given="Hello!\n\nWhere do fish live?\n")
    reports = [event for event in lines(ended.stdout) if event["event"] == "report"]
    assert len(reports) == 2
    assert reports[1]["prompt_tokens"] > reports[0]["prompt_tokens"]


@pytest.mark.parametrize(
    ("argv", "code", "error"),
    [
        (("--main", "no/such-model"), 3, "model_not_found"),
        (("--main-device", "FOO", "--draft", "none"), 4, "device_not_available"),
        (("--main-device", "NPU", "--strategy", "prompt_lookup"), 4, "placement_unsupported"),
        (("--temperature", "9"), 2, "invalid_parameter"),
        (("--strategy", "none", "--num-assistant-tokens", "3"), 2, "parameter_unsupported"),
    ],
)
def test_errors(argv: tuple[str, ...], code: int, error: str) -> None:
    ended = run("chat", "--json", *argv, "--prompt", "Hi")
    assert ended.returncode == code, ended.stderr
    assert lines(ended.stdout)[-1]["event"] == "error"
    assert lines(ended.stdout)[-1]["code"] == error


def test_a_prompt_longer_than_the_context() -> None:
    ended = run("chat", "--json", "--prompt", "-", given="dog " * 3000)
    assert ended.returncode == 6
    assert lines(ended.stdout)[-1]["facts"]["limit"] == 2047


def test_what_has_no_effect_is_told() -> None:
    ended = run("chat", "--top-p", "0.5", "--max-new-tokens", "2", "--prompt", "Hi")
    assert ended.returncode == 0
    assert "top_p: ignored here (greedy)" in ended.stderr


def test_the_draft_length_is_chosen_between_the_turns() -> None:
    given = "Tell me a story about a dog.\n" * 4
    argv = ("--num-assistant-tokens", "auto", "--max-new-tokens", "64", "--ignore-eos")
    ended = run("chat", "--json", *argv, given=given)
    assert ended.returncode == 0, ended.stderr
    events = lines(ended.stdout)
    reports = [event for event in events if event["event"] == "report"]
    decided = [event["decision"] for event in events if event["event"] == "length_decided"]
    assert len(reports) == len(decided) == 4
    assert reports[0]["length_decision"]["reason"] == "calibrating"
    assert reports[1]["length_decision"] == decided[0]
    assert reports[1]["params"]["num_assistant_tokens"] == decided[0]["num_assistant_tokens"]
    assert [length for length, _ in decided[-1]["curve"]] == list(range(1, 11))


def test_the_decision_is_said_in_words() -> None:
    given = "Tell me a story about a dog.\n" * 2
    argv = ("--num-assistant-tokens", "auto", "--max-new-tokens", "48")
    ended = run("chat", *argv, given=given)
    assert "nothing measured yet" in ended.stderr
    assert re.search(r"\d+ tokens?: \d+% accepted, draft step \d\.\d\d of a main", ended.stderr)


def test_auto_is_told_to_have_no_effect_without_a_draft() -> None:
    argv = ("--draft", "none", "--num-assistant-tokens", "auto", "--max-new-tokens", "4")
    ended = run("chat", *argv, "--prompt", "Hi")
    assert ended.returncode == 0
    assert "auto_num_assistant_tokens: ignored here (auto_length_needs_draft)" in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals to a group are POSIX")
@pytest.mark.parametrize("interrupts", [1, 2])
def test_ctrl_c_stops_the_answer_and_then_the_program(interrupts: int) -> None:
    argv = ["chat", "--json", "--ignore-eos", "--max-new-tokens", "1900"]
    program = subprocess.Popen(
        [sys.executable, "-m", "engine", *argv],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write("Tell me a story.\n")
    program.stdin.flush()
    while "tokens_streamed" not in program.stdout.readline():
        assert program.poll() is None
    os.killpg(program.pid, signal.SIGINT)
    if interrupts == 2:
        while '"event": "report"' not in program.stdout.readline():
            assert program.poll() is None
        os.killpg(program.pid, signal.SIGINT)
        rest = program.stdout.read()
    else:
        rest, _ = program.communicate("", timeout=30)
        assert '"finish_reason": "stopped"' in rest.splitlines()[-1]
    program.stdin.close()
    program.stdout.close()
    assert program.wait(30) == 130


def test_a_draft_head_is_said_to_be_untested(tmp_path: Path) -> None:
    data = ("--data-dir", str(tmp_path / "data"))
    main = make_llm(tmp_path / "main", rows=2048)
    head = make_head(tmp_path / "head", kind="eagle3")
    for folder in (main, head):
        ended = run("models", "import", str(folder), "--id", f"made/{folder.name}", *data)
        assert ended.returncode == 0, ended.stderr
    listed = lines(run("models", "pairs", "made/main", "--json", *data).stdout)[0]
    (option,) = [option for option in listed["options"] if option["id"] == "made/head"]
    assert option["verdict"] == "remark"
    assert "head_untested" in [reason["code"] for reason in option["reasons"]]
    assert "head_untested" in run("models", "pairs", "made/main", *data).stdout
