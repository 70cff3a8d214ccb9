"""The pipeline's tokenizer as the rest of the backend needs it. Blocks while it works."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.errors import ErrorCode, ModelError


class PipelineTokenizer:
    """Decodes, encodes and counts; the runtime holds the interpreter lock meanwhile."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer

    def decode(self, tokens: Sequence[int]) -> str:
        """Text of the ids, special tokens skipped."""
        return str(self._tokenizer.decode(list(tokens)))

    def decode_each(self, tokens: Sequence[int]) -> list[str]:
        """Text of each id by itself."""
        return list(self._tokenizer.decode([[token] for token in tokens]))

    def encode(self, text: str) -> list[int]:
        """Ids of a text, nothing added."""
        data = self._tokenizer.encode(text, add_special_tokens=False).input_ids.data
        return [int(token) for token in data.flatten()]

    def vocabulary(self) -> dict[bytes, int]:
        """Bytes of each token and its id; empty when the tokenizer does not tell."""
        try:
            return dict(self._tokenizer.get_vocab())
        except RuntimeError:
            return {}

    def render_prompt(self, history: Any) -> str:
        """A chat history as the model's template writes it, up to where the answer begins.

        Raises:
            ModelError: TEMPLATE_UNUSABLE.
        """
        try:
            # The history carries what the template is told besides the messages.
            return str(self._tokenizer.apply_chat_template(history, True))
        except RuntimeError as error:
            raise ModelError(
                "The chat template of the model cannot be used.",
                code=ErrorCode.TEMPLATE_UNUSABLE,
            ) from error

    def encode_prompt(self, prompt: str) -> Any:
        """The inputs of a rendered prompt, nothing added."""
        return self._tokenizer.encode(prompt, add_special_tokens=False)

    @property
    def knows_thinking(self) -> bool:
        """Whether the chat template reads `enable_thinking`."""
        return "enable_thinking" in (self._tokenizer.chat_template or "")

    @property
    def end_token(self) -> int:
        """The end-of-sequence token, -1 when there is none."""
        return int(self._tokenizer.get_eos_token_id())
