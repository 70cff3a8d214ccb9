"""Make the pair from text: tokenizer, main model, draft model, export, manifests.

Usage, from the folder `packaging`: python -m demo_pair.make_pair CORPUS OUT [--minutes-scale 1.0]
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import torch
from transformers import LlamaForCausalLM

from demo_pair.corpus import anneal_mix, base_mix
from demo_pair.export import export_model
from demo_pair.tokenizer import TokenStream, encode, train_tokenizer
from demo_pair.training import Trainer, TrainingPlan, new_model, save_checkpoint
from demo_pair.write_manifest import write_manifest

TOKENIZER_CHATS = 60_000


def make_pair(corpus: Path, out: Path, *, minutes_scale: float = 1.0) -> None:
    """Train, distil and export; the folders for the application are `out/demo-main`, `-draft`.

    Args:
        corpus: folder with the unpacked corpus.
        out: where checkpoints and results go.
        minutes_scale: factor on the training times; 1.0 is what the shipped pair had.
    """
    base_chats = base_mix(corpus, random.Random(0))
    texts = (message.content for chat in base_chats[:TOKENIZER_CHATS] for message in chat)
    tokenizer = train_tokenizer(texts, out / "tokenizer")
    base = encode(tokenizer, base_chats)
    anneal = encode(tokenizer, anneal_mix(corpus, random.Random(1)))

    main_model = new_model("main")
    for stream, minutes, rate in ((base, 60, 2e-3), (anneal, 9, 7e-4)):
        plan = TrainingPlan(minutes=minutes * minutes_scale, learning_rate=rate)
        Trainer(main_model, stream, plan).run()
    save_checkpoint(main_model, tokenizer, out / "checkpoint-main")

    teacher = LlamaForCausalLM.from_pretrained(out / "checkpoint-main", dtype=torch.bfloat16)
    both = TokenStream.concatenate([base.first(3 * len(anneal)), anneal, anneal])
    plan = TrainingPlan(minutes=10 * minutes_scale, learning_rate=3e-3)
    draft_model = Trainer(new_model("draft"), both, plan, teacher=teacher.eval()).run()
    save_checkpoint(draft_model, tokenizer, out / "checkpoint-draft")

    for role in ("main", "draft"):
        export_model(out / f"checkpoint-{role}", out / f"demo-{role}")
        write_manifest(out / f"demo-{role}", role)


def main() -> int:
    """Read the command line and make the pair."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes-scale", type=float, default=1.0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    make_pair(options.corpus, options.out, minutes_scale=options.minutes_scale)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
