"""Training on a CPU within a given time: the main model from text, the draft from the main one."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM

from demo_pair.tokenizer import END_ID, PAD_ID, VOCABULARY_SIZE, TokenStream

SIZES: dict[str, dict[str, int]] = {
    "main": {
        "hidden_size": 384,
        "num_hidden_layers": 8,
        "num_attention_heads": 6,
        "num_key_value_heads": 6,
        "intermediate_size": 1024,
    },
    "draft": {
        "hidden_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 4,
        "intermediate_size": 384,
    },
}
CONTEXT_LENGTH = 2048
WARM_UP_STEPS = 100
VALIDATION_SEQUENCES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPlan:
    """How long and how to train one model."""

    minutes: float
    learning_rate: float
    sequences: int = 16
    """Sequences per step."""
    sequence_tokens: int = 320
    context_weight: float = 0.3
    """Loss weight of tokens that are not taught (questions, role names)."""
    teacher_weight: float = 0.7
    """Share of the distillation term in the loss; used with a teacher only."""
    threads: int = 2


def new_model(role: str) -> Any:
    """An untrained Llama of the size for `role`, "main" or "draft"."""
    config = LlamaConfig(
        vocab_size=VOCABULARY_SIZE,
        max_position_embeddings=CONTEXT_LENGTH,
        rope_theta=10000.0,
        tie_word_embeddings=True,
        eos_token_id=END_ID,
        pad_token_id=PAD_ID,
        bos_token_id=None,
        initializer_range=0.02,
        **SIZES[role],
    )
    return LlamaForCausalLM(config)


def save_checkpoint(model: Any, tokenizer: Any, folder: Path) -> None:
    """Write weights, tokenizer and generation settings to `folder`."""
    model.generation_config = GenerationConfig(
        eos_token_id=[END_ID, PAD_ID], pad_token_id=PAD_ID, max_new_tokens=400
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


class Trainer:
    """Trains one model on one token stream until the time of its plan is over."""

    def __init__(
        self, model: Any, stream: TokenStream, plan: TrainingPlan, *, teacher: Any = None
    ) -> None:
        self._model, self._plan, self._teacher = model, plan, teacher
        self._ids = torch.from_numpy(stream.ids.astype(np.int64))
        taught = torch.from_numpy(stream.taught.astype(np.float32))
        self._weights = taught * (1 - plan.context_weight) + plan.context_weight
        self._rng = np.random.default_rng(0)
        self._validation_start = len(stream) - (VALIDATION_SEQUENCES + 1) * plan.sequence_tokens
        self._optimizer = _optimizer(model, plan.learning_rate)
        self._hidden = torch.compile(model.model)

    def run(self) -> Any:
        """Train; returns the model. Prints the loss every 200 steps."""
        torch.manual_seed(0)
        torch.set_num_threads(self._plan.threads)
        started, step = time.monotonic(), 0
        while (progress := (time.monotonic() - started) / 60 / self._plan.minutes) < 1.0:
            loss = self._step(self._learning_rate(step, progress))
            step += 1
            if step % 200 == 0:
                print(
                    f"step {step} {progress:.0%} train {loss:.3f} val {self._validate():.3f}",
                    flush=True,
                )
        return self._model

    def _learning_rate(self, step: int, progress: float) -> float:
        """Linear warm-up, then a cosine over the time down to a twentieth."""
        warm_up = min(1.0, (step + 1) / WARM_UP_STEPS)
        cosine = 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * progress))
        return self._plan.learning_rate * warm_up * cosine

    def _step(self, learning_rate: float) -> float:
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate
        starts = self._rng.integers(
            0, self._validation_start - self._plan.sequence_tokens - 1, self._plan.sequences
        )
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = self._loss(self._hidden, starts)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        return float(loss.item())

    def _validate(self) -> float:
        """The mean loss on the tail of the stream, which training never sees."""
        tokens = self._plan.sequence_tokens
        starts = self._validation_start + np.arange(VALIDATION_SEQUENCES) * tokens
        self._model.eval()
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            losses = [self._loss(self._model.model, part).item() for part in np.split(starts, 4)]
        self._model.train()
        return float(np.mean(losses))

    def _loss(self, hidden: Any, starts: Any) -> Any:
        """The weighted loss of the sequences at `starts`."""
        tokens = self._plan.sequence_tokens
        inputs = torch.stack([self._ids[i : i + tokens] for i in starts])
        targets = torch.stack([self._ids[i + 1 : i + 1 + tokens] for i in starts]).flatten()
        weights = torch.stack([self._weights[i + 1 : i + 1 + tokens] for i in starts]).flatten()
        logits = self._model.lm_head(hidden(input_ids=inputs).last_hidden_state)
        scores = functional.log_softmax(logits.flatten(0, 1).float(), -1)
        losses = functional.nll_loss(scores, targets, reduction="none")
        if self._teacher is not None:
            share = self._plan.teacher_weight
            losses = (1 - share) * losses + share * self._divergence(inputs, scores)
        return (losses * weights).sum() / weights.sum()

    def _divergence(self, inputs: Any, scores: Any) -> Any:
        """Kullback-Leibler divergence of the model from its teacher, one value per token."""
        with torch.no_grad():
            wanted = functional.log_softmax(
                self._teacher(input_ids=inputs).logits.flatten(0, 1).float(), -1
            )
        return (wanted.exp() * (wanted - scores)).sum(-1)


def _optimizer(model: Any, learning_rate: float) -> Any:
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    vectors = [p for p in model.parameters() if p.dim() < 2]
    groups = [
        {"params": matrices, "weight_decay": 0.1},
        {"params": vectors, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=learning_rate, betas=(0.9, 0.95), fused=True)
