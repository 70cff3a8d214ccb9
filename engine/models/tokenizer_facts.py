"""What is known of a model's tokenizer without running it, and whether two are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.errors import EngineError, ErrorInfo
from engine.models.ir_reader import IrSummary
from engine.models.json_file import read_json_object
from engine.models.vocabulary import Fingerprint, fingerprint_of_ir, fingerprint_of_json


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenizerFacts:
    """Fingerprints and special ids of a tokenizer. Any part may be unknown."""

    from_json: Fingerprint | None = None
    from_ir: Fingerprint | None = None
    bos_id: int | None = None
    eos_id: int | None = None
    pad_id: int | None = None

    @property
    def token_count(self) -> int | None:
        """Number of tokens, special ones included."""
        known = self.from_json or self.from_ir
        return known.token_count or None if known else None


class TokenizerMatch(StrEnum):
    """How two tokenizers compare."""

    EQUAL = "equal"
    SPECIAL_TOKENS_DIFFER = "special_tokens_differ"
    """The same ordinary tokens, other special ones."""
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    """Nothing of the same sort to compare."""


def compare_tokenizers(main: TokenizerFacts, draft: TokenizerFacts) -> TokenizerMatch:
    """Compare like with like: the JSON forms when both have one, else the IR forms."""
    pairs = ((main.from_json, draft.from_json), (main.from_ir, draft.from_ir))
    for one, other in pairs:
        if one is None or other is None:
            continue
        if one.vocabulary != other.vocabulary:
            return TokenizerMatch.DIFFERENT
        same_special = one.special == other.special
        return TokenizerMatch.EQUAL if same_special else TokenizerMatch.SPECIAL_TOKENS_DIFFER
    return TokenizerMatch.UNKNOWN


def read_tokenizer(
    folder: Path, ir: IrSummary | None
) -> tuple[TokenizerFacts, tuple[ErrorInfo, ...]]:
    """Everything known of the tokenizer in a folder, and what is damaged about it.

    `ir` is the tokenizer IR read with its graph, or None when there is none to read.
    """
    problems: list[ErrorInfo] = []
    from_json = from_ir = None
    try:
        if (folder / "tokenizer.json").is_file():
            from_json = fingerprint_of_json(folder / "tokenizer.json")
    except EngineError as error:
        problems.append(error.to_info())
    try:
        if ir is not None:
            from_ir = fingerprint_of_ir(ir, folder / "openvino_tokenizer.bin")
    except EngineError as error:
        problems.append(error.to_info())
    config = _config(folder / "tokenizer_config.json", problems)
    rt_info = {} if ir is None else ir.rt_info
    facts = TokenizerFacts(
        from_json=from_json,
        from_ir=from_ir,
        bos_id=_special_id("bos", rt_info, config),
        eos_id=_special_id("eos", rt_info, config),
        pad_id=_special_id("pad", rt_info, config),
    )
    return facts, tuple(problems)


def _config(path: Path, problems: list[ErrorInfo]) -> dict[str, object]:
    if not path.is_file():
        return {}
    try:
        return read_json_object(path, limit_bytes=32 * 1024 * 1024)
    except EngineError as error:
        problems.append(error.to_info())
        return {}


def _special_id(name: str, rt_info: Mapping[str, str], config: Mapping[str, object]) -> int | None:
    """The id the runtime would take: from the tokenizer IR, else by the token's name."""
    stated = rt_info.get(f"{name}_token_id", "")
    if stated.isdecimal() and len(stated) < 12:
        return int(stated)
    token = config.get(f"{name}_token")
    content = token.get("content") if isinstance(token, dict) else token
    decoder = config.get("added_tokens_decoder")
    for token_id, entry in decoder.items() if isinstance(decoder, dict) else ():
        is_it = isinstance(entry, dict) and content is not None and entry.get("content") == content
        if is_it and token_id.isdecimal() and len(token_id) < 12:
            return int(token_id)
    return None
