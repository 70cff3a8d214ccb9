"""An answer that was cut off goes on where its text ends, as if it had never been cut."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.backends.openvino_backend import OpenVinoBackend
from engine.events import FinishReason
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.params import GenerationParams
from engine.stop_token import StopToken
from tests.engine.backends.runtime.conftest import Pair
from tests.tiny_models.asking import load, make_spec
from tests.tiny_models.folder import write_model

pytestmark = pytest.mark.openvino

QUESTION = ChatMessage(Role.USER, "Tell me a story about a dog.")


def answer(backend: OpenVinoBackend, *messages: ChatMessage, limit: int) -> tuple[str, int]:
    """Text of an answer and the number of tokens of its prompt."""
    texts: list[str] = []
    outcome = backend.generate(
        GenerationRequest(
            messages=messages, params=GenerationParams(max_new_tokens=limit, temperature=0.0)
        ),
        on_run=lambda run: texts.append(run.text),
        stop=StopToken(),
    )
    assert outcome.finish_reason is FinishReason.LENGTH
    assert outcome.runtime is not None
    assert outcome.runtime.prompt_tokens is not None
    return "".join(texts), outcome.runtime.prompt_tokens


@pytest.mark.parametrize("with_draft", [False, True])
def test_two_parts_make_the_whole(
    backend: OpenVinoBackend, embedded: Pair, with_draft: bool
) -> None:
    load(backend, make_spec(embedded.main, embedded.draft if with_draft else None))
    whole, prompt_tokens = answer(backend, QUESTION, limit=48)
    first, _ = answer(backend, QUESTION, limit=24)
    begun = ChatMessage(Role.ASSISTANT, first)
    second, longer = answer(backend, QUESTION, begun, limit=24)
    assert first + second == whole
    assert longer == prompt_tokens + 24


def opening_folder(folder: Path) -> Path:
    """A model whose template opens the thinking, as many templates do."""
    write_model(folder)
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["chat_template"] += "{% if add_generation_prompt %}{{'<think>\n'}}{% endif %}"
    path.write_text(json.dumps(config), encoding="utf-8")
    return folder


def test_thinking_that_the_template_opens_is_part_of_the_answer(
    backend: OpenVinoBackend, tmp_path: Path
) -> None:
    load(backend, make_spec(opening_folder(tmp_path / "main")))
    whole, prompt_tokens = answer(backend, QUESTION, limit=24)
    assert whole.startswith("<think>\n")
    assert whole.count("<think>") == 1
    begun = ChatMessage(Role.ASSISTANT, "<think>\nOnce upon")
    rest = ChatMessage(Role.ASSISTANT, "Once upon")
    # What the template has opened already is not given to the model twice.
    continued = answer(backend, QUESTION, begun, limit=12)
    assert continued == answer(backend, QUESTION, rest, limit=12)
    assert continued[1] > prompt_tokens
    assert not continued[0].startswith("<think>")
