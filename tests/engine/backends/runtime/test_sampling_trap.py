"""Sampling with a draft is the main model's own sampling, and only because of our guard.

The runtime accepts a candidate by comparing the probabilities of two different tokens. When the
unguarded test fails, the runtime has been mended and the guard can go.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.backends.greedy_draft import GreedyDrafts
from engine.backends.openvino_backend import OpenVinoBackend
from engine.backends.openvino_runtime import load_genai
from engine.resources import asset_path
from engine.verify.chi_square import compare_samples
from tests.engine.backends.runtime.conftest import Pair
from tests.tiny_models.asking import Reply, ask, load, make_spec

pytestmark = pytest.mark.openvino

SAMPLES = 200
MAIN = str(asset_path("models", "demo-main"))
DRAFT = str(asset_path("models", "demo-draft"))
# More threads would wait for each other longer than they work.
F32 = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}
QUESTION = "Tell me a story about a dog who finds a key."
SAMPLED: dict[str, Any] = {"temperature": 0.8, "top_p": 0.95, "seed": 7, "max_new_tokens": 60}


def sample(seed: int, *, settings: dict[str, int], **candidates: Any) -> list[Sequence[int]]:
    """First two tokens of answers, in a pipeline without prefix caching."""
    genai = load_genai()
    scheduler = genai.SchedulerConfig()
    scheduler.enable_prefix_caching = False
    pipeline = genai.LLMPipeline(MAIN, "CPU", scheduler_config=scheduler, **F32, **candidates)
    tokenizer = pipeline.get_tokenizer()
    history = genai.ChatHistory([{"role": "user", "content": QUESTION}])
    text = tokenizer.apply_chat_template(history, add_generation_prompt=True)
    prompt = tokenizer.encode(text, add_special_tokens=False)
    answers: list[Sequence[int]] = []
    for number in range(SAMPLES):
        config = genai.GenerationConfig()
        config.max_new_tokens, config.ignore_eos = 4, True
        config.do_sample, config.rng_seed = True, seed + number
        for name, value in settings.items():
            setattr(config, name, value)
        answers.append(tuple(pipeline.generate(prompt, config).tokens[0][:2]))
    return answers


def with_draft(folder: str = DRAFT) -> dict[str, Any]:
    return {"draft_model": load_genai().draft_model(folder, "CPU", **F32)}


def test_sampling_with_a_draft_unguarded_changes_what_is_said(tmp_path: Path) -> None:
    plain = sample(0, settings={})
    draft = sample(30_000, settings={"num_assistant_tokens": 3}, **with_draft())
    stand_ins = GreedyDrafts(tmp_path)
    greedy_draft = with_draft(str(stand_ins.stand_in_for(Path(DRAFT))))
    guard = {"num_assistant_tokens": 3, "max_ngram_size": 1}
    guarded = sample(10_000, settings=guard, **greedy_draft)
    stand_ins.clear()
    assert compare_samples(plain, draft).p_value < 1e-4
    assert compare_samples(plain, guarded).p_value > 0.001


def test_a_seed_gives_the_answer_of_the_main_model_alone(
    backend: OpenVinoBackend, embedded: Pair
) -> None:
    def answers(length: int | None) -> list[Reply]:
        """Another answer lies between two equal questions: what is cached must not matter."""
        return [
            ask(backend, question, num_assistant_tokens=length, **SAMPLED)
            for question in (QUESTION, "Hello.", QUESTION)
        ]

    load(backend, make_spec(embedded.main))
    plain = [reply.text for reply in answers(None)]
    load(backend, make_spec(embedded.main, embedded.draft, sampling=True))
    for length in (2, 3, 5):
        replies = answers(length)
        assert [reply.text for reply in replies] == plain
        assert any(run > 1 for reply in replies for run in reply.lengths)
