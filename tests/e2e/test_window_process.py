"""The program asked one question from the command line."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from PySide6.QtGui import QImage

from app.palette import DARK, LIGHT

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).resolve().parents[2]
OWN_MODULES_BEFORE_PAINT = 200
"""Each costs the first paint up to a millisecond: what it does not show can be imported later."""


@pytest.mark.parametrize(("theme", "colour"), [("light", LIGHT.bg), ("dark", DARK.bg)])
def test_it_asks_answers_takes_a_picture_and_leaves(
    run_app: Run, tmp_path: Path, theme: str, colour: str
) -> None:
    picture = tmp_path / "window.png"
    done = run_app(
        "--demo", "--ask", "hi", "--screenshot", str(picture), "--quit",
        "--theme", theme, "--size", "1280x800",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1280, 800)
    assert image.pixelColor(600, 690).name() == colour
    shades = {image.pixelColor(x, y).name() for x in range(300, 900, 3) for y in range(60, 600, 3)}
    assert len(shades) > 20, "no text was painted"


def test_a_model_that_cannot_be_loaded_ends_with_an_error(run_app: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    done = run_app("--main", str(empty), "--ask", "hi", "--quit")
    assert done.returncode == 1
    assert "model_" in done.stderr


def test_a_picture_that_cannot_be_written_ends_with_an_error(run_app: Run, tmp_path: Path) -> None:
    target = tmp_path / "no" / "such" / "folder.png"
    done = run_app("--demo", "--ask", "hi", "--screenshot", str(target), "--quit")
    assert done.returncode == 1
    assert "could not be written" in done.stderr


def test_nothing_heavy_is_loaded_before_the_first_paint(
    start_app: Callable[..., subprocess.Popen[str]],
) -> None:
    process = start_app(SLIPSTREAM_STARTUP_PROBE="1")
    assert process.stdout is not None
    line = json.loads(process.stdout.readline())
    assert line["heavy_modules"] == []
    assert line["own_module_count"] <= OWN_MODULES_BEFORE_PAINT


def test_the_window_process_never_imports_the_runtime(tmp_path: Path) -> None:
    """Runs the whole program in one interpreter and looks at what is loaded at its end."""
    picture = tmp_path / "s.png"
    code = (
        "import sys\n"
        "from app.__main__ import main\n"
        f"code = main(['--data-dir', {str(tmp_path / 'data')!r}, '--ask', 'hi',"
        f" '--screenshot', {str(picture)!r}, '--quit', '--no-error-windows'])\n"
        "names = {name.partition('.')[0] for name in sys.modules}\n"
        "heavy = {'openvino', 'openvino_genai', 'openvino_tokenizers', 'huggingface_hub',"
        " 'httpx2', 'keyring', 'numpy'}\n"
        "print(sorted(names & heavy), code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[] 0", done.stderr


def test_the_log_holds_no_prompt_and_no_answer(run_app: Run, tmp_path: Path) -> None:
    secret = "xyzzy-secret-word"
    done = run_app("--demo", "--ask", secret, "--quit")
    assert done.returncode == 0, done.stderr
    for file in (tmp_path / "data" / "logs").iterdir():
        assert secret not in file.read_text(errors="replace"), file


def test_version_needs_no_window(run_app: Run) -> None:
    done = run_app("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("Slipstream ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_request_to_end_is_heard_and_everything_is_saved(
    start_app: Callable[..., subprocess.Popen[str]], tmp_path: Path, number: signal.Signals
) -> None:
    process = start_app(SLIPSTREAM_STARTUP_PROBE="1")
    assert process.stdout is not None
    process.stdout.readline()
    while not (engine := psutil.Process(process.pid).children()):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(number)
    assert process.wait(timeout=20) == 0
    assert (tmp_path / "data" / "config" / "window.json").exists()
    gone, alive = psutil.wait_procs(engine, timeout=10)
    assert len(gone) == 1
    assert alive == []
