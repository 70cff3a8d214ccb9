"""Rows E8, E9 and E13: what a broken or hostile model folder does to a real engine process, and
what is left of it afterwards: a sentence, and an engine that answers.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from app.core.error_text import error_text
from app.core.translation import untranslated
from engine.backends.base import Run
from engine.backends.ladder_backend import LadderBackend
from engine.backends.process_backend import ProcessBackend
from engine.errors import EngineError, ErrorCode, ErrorInfo, ModelError
from engine.events import (
    EngineRestarted,
    GenerationFailed,
    LoadFailed,
    PipelineLoaded,
    TokensStreamed,
)
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.models.inspection import inspect_folder
from engine.models.unusable import UnusableModels
from engine.params import GenerationParams
from engine.placement import LoadSpec
from engine.placement_history import PlacementHistory
from engine.resources import asset_path
from engine.session import InferenceSession
from engine.stop_token import StopToken
from tests.engine.listener import Listener
from tests.tiny_models.folder import write_model

pytestmark = pytest.mark.openvino

LIMIT_S = 0.5
"""Of a chat template here; twenty times as long in the program."""
Damage = Callable[[Path], object]


def ask(text: str, max_new_tokens: int) -> GenerationRequest:
    params = GenerationParams(max_new_tokens=max_new_tokens, ignore_eos=True)
    return GenerationRequest(messages=(ChatMessage(Role.USER, text),), params=params)


def spec_of(folder: Path) -> LoadSpec:
    return LoadSpec(main_path=str(folder))


def answer(backend: ProcessBackend) -> int:
    """Tokens of a short answer."""
    counts: list[int] = []

    def take(run: Run) -> None:
        counts.append(run.token_count)

    backend.generate(ask("Hi", 4), on_run=take, stop=StopToken())
    return sum(counts)


def load(backend: ProcessBackend | LadderBackend, folder: Path) -> None:
    backend.load(spec_of(folder), on_phase=lambda _phase: None)


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "healthy")


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[ProcessBackend]:
    backend = ProcessBackend(log_dir=tmp_path / "logs", template_timeout_s=LIMIT_S)
    yield backend
    backend.close()


def cut(name: str, share: float) -> Damage:
    return lambda folder: os.truncate(folder / name, int((folder / name).stat().st_size * share))


def scramble(name: str, *, at: float, size: int) -> Damage:
    def damage(folder: Path) -> None:
        path = folder / name
        whole = path.stat().st_size
        with path.open("r+b") as stream:
            stream.seek(int(whole * at))
            stream.write(random.Random(7).randbytes(min(size, whole // 3)))

    return damage


def write(name: str, text: str) -> Damage:
    return lambda folder: (folder / name).write_text(text, encoding="utf-8")


def remove(name: str) -> Damage:
    return lambda folder: (folder / name).unlink()


def rewrite(name: str, pattern: str, new: str, count: int) -> Damage:
    def damage(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(pattern, new, text, count=count), encoding="utf-8")

    return damage


def empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


MODEL, WEIGHTS = "openvino_model.xml", "openvino_model.bin"
TOKENIZER = "openvino_tokenizer.bin"
HUGE = r'shape="4000000000, 4000000000"'
DAMAGES: dict[str, Damage] = {
    "weights cut by a tenth": cut(WEIGHTS, 0.9),
    "weights cut to nothing": cut(WEIGHTS, 0.0),
    "weights overwritten": scramble(WEIGHTS, at=0.5, size=4096),
    "weights missing": remove(WEIGHTS),
    "model cut": cut(MODEL, 0.6),
    "model is a web page": write(MODEL, "<html>sign in</html>"),
    "model empty": write(MODEL, ""),
    "model overwritten": scramble(MODEL, at=0.5, size=64),
    "offsets too large": rewrite(MODEL, r'offset="\d+"', 'offset="99999999999"', 3),
    "offsets negative": rewrite(MODEL, r'offset="\d+"', 'offset="-8"', 3),
    "shapes too large": rewrite(MODEL, r'shape="(\d+), ?(\d+)"', HUGE, 3),
    "sizes lie": rewrite(MODEL, r'size="\d+"', 'size="1"', 5),
    "tokenizer cut": cut(TOKENIZER, 0.5),
    "tokenizer overwritten": scramble(TOKENIZER, at=0.5, size=2000),
    "detokenizer missing": remove("openvino_detokenizer.xml"),
    "config no JSON": write("config.json", "{broken"),
    "settings no JSON": write("generation_config.json", "[["),
    "settings of wrong types": write(
        "generation_config.json", '{"eos_token_id": "x", "max_new_tokens": -5}'
    ),
    "nothing left": empty,
}
"""Nineteen ways; of these, some load all the same, for what they damage is not used."""


def outcomes(
    backend: ProcessBackend, healthy: Path, folder: Path, cases: Mapping[str, Damage]
) -> dict[str, ErrorInfo | None]:
    """What load and answer of each broken copy ended with; a healthy model answers after it."""
    found: dict[str, ErrorInfo | None] = {}
    for name, damage in cases.items():
        broken = Path(shutil.copytree(healthy, folder / name))
        damage(broken)
        try:
            load(backend, broken)
            answer(backend)
            found[name] = None
        except EngineError as error:
            found[name] = error.to_info()
        load(backend, healthy)
        assert answer(backend) == 4, name
    return found


def test_e8_damaged_folders_end_in_a_sentence_and_the_engine_goes_on(
    backend: ProcessBackend, healthy: Path, tmp_path: Path
) -> None:
    found = outcomes(backend, healthy, tmp_path, DAMAGES)
    assert len(found) == 19
    unnoticed = {name for name, error in found.items() if error is None}
    assert unnoticed == {"weights overwritten"}, "numbers are numbers"
    codes = {error.code for error in found.values() if error is not None}
    assert codes == {
        ErrorCode.MODEL_INCOMPLETE, ErrorCode.MODEL_CORRUPT, ErrorCode.COMPILE_FAILED
    }  # fmt: skip
    for name, error in found.items():
        if error is not None:
            facts = dict(error.facts)
            sentence = error_text(error, untranslated).sentence
            assert sentence, name
            assert "{" not in sentence.partition(":")[0], sentence
            assert facts.get("model") == "main" or error.code is ErrorCode.COMPILE_FAILED, name


LOOP = "{% for i in range(1000000000) %}x{% endfor %}"
ENDLESS: dict[str, str] = {
    "a long loop": LOOP,
    "nested loops": "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}"
    "{% endfor %}",
    "doubling": "{% set ns = namespace(s='x') %}{% for i in range(900000000) %}"
    "{% set ns.n = i %}{% endfor %}",
}
HOSTILE: dict[str, str] = {
    **ENDLESS,
    "broken syntax": "{% for m in messages %}{{ m.nope( }}",
    "a string times a number": "{{ 'x' * 20000000000 }}",
    "recursion without an end": "{% macro f(n) %}{{ f(n+1) }}{% endmacro %}{{ f(0) }}",
    "deep parentheses": "{{ " + "(" * 40_000 + "1" + ")" * 40_000 + " }}",
    "a file": "{% include '/etc/passwd' %}",
    "the interpreter": "{{ ''.__class__.__mro__ }}{{ cycler.__init__.__globals__ }}",
    "an exception": "{{ raise_exception('nope') }}",
    "a huge output": "{% for i in range(3000000) %}abcdefgh{% endfor %}",
    "too large": "{# " + "x" * 300_000 + " #}{{ messages[0].content }}",
    "inside the tokenizer": LOOP,
}


def write_hostile(folder: Path, name: str) -> None:
    """Put a template where the runtime looks for one."""
    template = HOSTILE[name]
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    if name == "inside the tokenizer":
        del config["chat_template"]
        (folder / "chat_template.jinja").write_text(template, encoding="utf-8")
        rewrite(
            "openvino_tokenizer.xml",
            "<rt_info>",
            f'<rt_info><chat_template value="{template}" />',
            1,
        )(folder)
    else:
        config["chat_template"] = template
    path.write_text(json.dumps(config), encoding="utf-8")


def test_e9_hostile_templates_end_in_a_sentence_and_the_engine_goes_on(
    backend: ProcessBackend, healthy: Path, tmp_path: Path
) -> None:
    cases = {name: partial(write_hostile, name=name) for name in HOSTILE}
    found = outcomes(backend, healthy, tmp_path, cases)
    assert len(found) == 13
    for name, error in found.items():
        assert error is not None, name
        assert error.code is ErrorCode.TEMPLATE_UNUSABLE, name
    too_slow = {name for name, error in found.items() if error and "limit_s" in dict(error.facts)}
    assert set(ENDLESS) | {"inside the tokenizer"} <= too_slow
    crashed = found["recursion without an end"]
    assert crashed is not None
    assert dict(crashed.facts)["reason"] == "crashed"


@pytest.mark.parametrize("name", ["a long loop", "recursion without an end"])
def test_e9_such_a_model_is_marked_and_refused_at_once(
    backend: ProcessBackend, healthy: Path, tmp_path: Path, name: str
) -> None:
    broken = Path(shutil.copytree(healthy, tmp_path / "broken"))
    write_hostile(broken, name)
    marks = UnusableModels(tmp_path / "unusable.json")
    ladder = LadderBackend(backend, PlacementHistory(tmp_path / "placement.json"), unusable=marks)
    with pytest.raises(ModelError):
        load(ladder, broken)
    pid = backend.pid
    again = LadderBackend(backend, PlacementHistory(tmp_path / "placement.json"), unusable=marks)
    with pytest.raises(ModelError) as refused:
        load(again, broken)
    assert dict(refused.value.facts)["marked"] is True
    assert refused.value.code is ErrorCode.TEMPLATE_UNUSABLE
    assert backend.pid == pid, "no engine was asked"
    load(again, healthy)
    write("tokenizer_config.json", (healthy / "tokenizer_config.json").read_text())(broken)
    load(again, broken)
    again.close()


def test_e9_a_mark_goes_when_the_user_asks(tmp_path: Path, healthy: Path) -> None:
    marks = UnusableModels(tmp_path / "unusable.json")
    error = ModelError("Too slow.", code=ErrorCode.TEMPLATE_UNUSABLE, limit_s=10.0)
    marks.mark(healthy, error.to_info())
    assert marks.find(healthy) is not None
    marks.forget(healthy)
    assert UnusableModels(tmp_path / "unusable.json").find(healthy) is None


def test_e9_a_damaged_file_of_marks_counts_as_empty(tmp_path: Path, healthy: Path) -> None:
    (tmp_path / "unusable.json").write_text("{nothing", encoding="utf-8")
    UnusableModels(tmp_path / "unusable.json").require_usable(healthy)


@pytest.mark.skipif(sys.platform == "win32", reason="a mapped file cannot be cut there")
def test_e13_a_folder_cut_while_loaded_keeps_the_text_and_says_what_is_damaged(
    backend: ProcessBackend, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(asset_path("models", "demo-main"), tmp_path / "model"))
    listener = Listener()
    session = InferenceSession(backend, listener)
    session.load(spec_of(folder))
    listener.wait_for(PipelineLoaded)
    answer = session.generate(ask("Tell me a story about a dog.", 600))
    listener.wait_for(TokensStreamed, 5)
    os.truncate(folder / "openvino_model.bin", 4096)
    ended = listener.terminal(answer)
    assert ended.text
    if isinstance(ended, GenerationFailed):
        # The engine died of it, and came back as far as it could.
        assert listener.wait_for(EngineRestarted).exit_code == -signal.SIGBUS
    else:
        session.load(spec_of(folder))
    failed = listener.wait_for(LoadFailed)
    assert failed.error.code is ErrorCode.MODEL_INCOMPLETE
    assert dict(failed.error.facts)["file"] == "openvino_model.bin"
    problems = inspect_folder(folder).problems
    assert [problem.code for problem in problems] == [ErrorCode.MODEL_INCOMPLETE]
    assert session.close()
