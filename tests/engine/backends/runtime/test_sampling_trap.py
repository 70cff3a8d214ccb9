"""The runtime's sampling with a draft is not the main model's sampling; with prompt lookup it is.

It accepts a candidate by comparing probabilities of two different tokens. When this test fails for
the draft, the runtime has been mended and the known issue can go.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from engine.backends.openvino_runtime import load_genai
from engine.resources import asset_path
from engine.verify.chi_square import compare_samples

pytestmark = pytest.mark.openvino

SAMPLES = 200
MAIN = str(asset_path("models", "demo-main"))
DRAFT = str(asset_path("models", "demo-draft"))
F32 = {"INFERENCE_PRECISION_HINT": "f32"}
QUESTION = "Tell me a story about a dog who finds a key."


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


def test_sampling_with_a_draft_changes_what_is_said() -> None:
    genai = load_genai()
    plain = sample(0, settings={})
    again = sample(10_000, settings={})
    lookup = sample(
        20_000, settings={"num_assistant_tokens": 3, "max_ngram_size": 3}, prompt_lookup=True
    )
    draft = sample(
        30_000,
        settings={"num_assistant_tokens": 3},
        draft_model=genai.draft_model(DRAFT, "CPU", **F32),
    )
    assert compare_samples(plain, again).p_value > 0.001
    assert compare_samples(plain, lookup).p_value > 0.001
    assert compare_samples(plain, draft).p_value < 1e-4
