"""One process per engine, kept alive and asked in turn; a line of JSON each way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peers_parts import environment
from peers_parts.conversion import Converted

from engine.huge_pages import with_huge_pages

SCRIPTS = Path(__file__).parent.parent / "peers_scripts"
OURS = "ours"
QUIET = {
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_VERBOSITY": "error",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of one engine."""

    tokens: tuple[int, ...]
    prompt_tokens: int
    times_s: tuple[float, ...]
    counts: tuple[int, ...]

    @property
    def decoded(self) -> int:
        """Tokens after the first iteration (prefill)."""
        return sum(self.counts[1:])

    @property
    def decode_s(self) -> float:
        """Seconds from the first iteration to the last."""
        return self.times_s[-1] - self.times_s[0]


class Engine:
    """A process that answers."""

    def __init__(self, command: list[str], *, clock: str) -> None:
        # What would be reported elsewhere or loaded from there is neither. All have huge pages.
        places = [str(SCRIPTS.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
        environ = with_huge_pages(os.environ | QUIET | {"PYTHONPATH": os.pathsep.join(places)})
        if clock == "cpu":
            environ["BENCH_CPU_CLOCK"] = "1"
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ
        )

    def wait_until_ready(self) -> None:
        """Wait until its models are loaded.

        Raises:
            RuntimeError: it ended instead.
        """
        self._read()

    def ask(self, prompt: str, *, length: int, max_new_tokens: int) -> Answer:
        """Have one answer, with `length` drafted tokens per iteration (0: plain).

        Raises:
            RuntimeError: the process ended.
        """
        assert self._process.stdin is not None
        request = {"prompt": prompt, "length": length, "max_new_tokens": max_new_tokens}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        reply = self._read()
        ids = reply.get("prompt_ids")
        return Answer(
            tokens=tuple(reply["tokens"]),
            prompt_tokens=len(ids) if ids else reply["prompt_tokens"],
            times_s=tuple(reply["times_s"]),
            counts=tuple(reply["counts"]),
        )

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended with {self._process.wait()}")
        reply: dict[str, Any] = json.loads(line)
        return reply

    def close(self) -> None:
        """End it."""
        try:
            self._process.communicate("", timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()


def commands(main: Converted, draft: Converted, *, threads: int) -> Mapping[str, list[str]]:
    """How each engine is started; llama.cpp only where it could be installed."""
    python = str(environment.PYTHON)
    source = str(main.source)
    found = {
        OURS: [sys.executable, str(SCRIPTS / "ours.py"), source, str(draft.source), str(threads)]
    }
    if environment.has_llama_cpp():
        script = str(SCRIPTS / "llama_cpp_peer.py")
        found["llama.cpp"] = [python, script, source, str(main.gguf), str(draft.gguf), str(threads)]
    script = str(SCRIPTS / "transformers_peer.py")
    folders = [str(main.folder), str(draft.folder)]
    found["transformers"] = [python, script, source, *folders, str(threads)]
    return found
