"""The tokenizer both models share, and chats as token ids with a loss weight for each token."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from demo_pair.corpus import Chat, Message

VOCABULARY_SIZE = 4096
PAD, START, END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
PAD_ID, END_ID = 0, 2
CHAT_TEMPLATE = (
    "{% for m in messages %}{{'<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{'<|im_start|>assistant\n'}}{% endif %}"
)


@dataclass(frozen=True, slots=True)
class TokenStream:
    """Chats end to end: token ids, and 1 where the token is one the model should learn to write."""

    ids: npt.NDArray[np.uint16]
    taught: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.ids)

    @staticmethod
    def concatenate(parts: Sequence[TokenStream]) -> TokenStream:
        """All parts after one another."""
        return TokenStream(
            np.concatenate([part.ids for part in parts]),
            np.concatenate([part.taught for part in parts]),
        )

    def first(self, count: int) -> TokenStream:
        """The first `count` tokens."""
        return TokenStream(self.ids[:count], self.taught[:count])


def train_tokenizer(texts: Iterable[str], folder: Path) -> Any:
    """Train a byte-level BPE tokenizer with the ChatML template and save it to `folder`."""
    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY_SIZE,
        special_tokens=[PAD, START, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        min_frequency=2,
    )
    raw.train_from_iterator(texts, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, eos_token=END, pad_token=PAD, bos_token=None
    )
    tokenizer.chat_template = CHAT_TEMPLATE
    tokenizer.save_pretrained(folder)
    return tokenizer


def encode(tokenizer: Any, chats: Iterable[Chat]) -> TokenStream:
    """Chats as one stream; answers and plain documents are taught, questions are context."""
    ids: list[int] = []
    taught: list[int] = []

    def add(text: str, *, learn: bool) -> None:
        tokens = tokenizer.backend_tokenizer.encode(text).ids
        ids.extend(tokens)
        taught.extend([int(learn)] * len(tokens))

    for chat in chats:
        is_document = chat[0].role == "document"
        if is_document:
            add(chat[0].content, learn=True)
        else:
            for message in chat:
                _add_message(add, message)
        ids.append(PAD_ID)
        taught.append(int(is_document))
    return TokenStream(np.array(ids, np.uint16), np.array(taught, np.uint8))


def _add_message(add: Any, message: Message) -> None:
    add(f"{START}{message.role}\n", learn=False)
    add(f"{message.content}{END}", learn=message.role == "assistant")
    add("\n", learn=False)
