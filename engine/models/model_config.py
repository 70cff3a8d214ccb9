"""The facts of `config.json` and `generation_config.json` that matter here. Foreign data: wrong
types count as unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError, ErrorInfo
from engine.models.json_file import read_json_object

_KV_ELEMENT_BYTES = 2  # the runtime keeps the KV cache in f16 by default
_SANE_LIMIT = 1 << 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelConfig:
    """Facts of a model's configuration; None where it says nothing."""

    present: bool = False
    family: str | None = None
    """`model_type`, e.g. `qwen3`."""
    architectures: tuple[str, ...] = ()
    layers: int | None = None
    hidden_size: int | None = None
    kv_heads: int | None = None
    head_dim: int | None = None
    context_length: int | None = None
    vocabulary_size: int | None = None
    experts: int | None = None
    eos_ids: tuple[int, ...] = ()

    @property
    def kv_bytes_per_token(self) -> int | None:
        """Bytes of keys and values one token takes in the cache."""
        if self.layers is None or self.kv_heads is None or self.head_dim is None:
            return None
        return 2 * self.layers * self.kv_heads * self.head_dim * _KV_ELEMENT_BYTES


def read_model_config(folder: Path) -> tuple[ModelConfig, tuple[ErrorInfo, ...]]:
    """Read both configuration files of a folder; absent ones are no problem, damaged ones are."""
    problems: list[ErrorInfo] = []
    config = _read(folder / "config.json", problems)
    generation = _read(folder / "generation_config.json", problems)
    return _build(config, generation), tuple(problems)


def _read(path: Path, problems: list[ErrorInfo]) -> dict[str, object] | None:
    if not path.is_file():
        return None
    try:
        return read_json_object(path)
    except EngineError as error:
        problems.append(error.to_info())
        return None


def _build(
    config: Mapping[str, object] | None, generation: Mapping[str, object] | None
) -> ModelConfig:
    top = config or {}
    nested = top.get("text_config")
    text = nested if isinstance(nested, dict) else top
    heads = _integer(text, "num_attention_heads")
    hidden = _integer(text, "hidden_size", "d_model", "n_embd")
    derived = hidden // heads if hidden is not None and heads else None
    family = top.get("model_type")
    architectures = top.get("architectures")
    return ModelConfig(
        present=config is not None,
        family=family if isinstance(family, str) and family else None,
        architectures=tuple(
            a
            for a in (architectures if isinstance(architectures, list) else ())
            if isinstance(a, str)
        ),
        layers=_integer(text, "num_hidden_layers", "n_layer", "num_layers"),
        hidden_size=hidden,
        kv_heads=_integer(text, "num_key_value_heads") or heads,
        head_dim=_integer(text, "head_dim") or derived,
        context_length=_integer(text, "max_position_embeddings", "n_positions", "seq_length"),
        vocabulary_size=_integer(text, "vocab_size"),
        experts=_integer(text, "num_experts", "num_local_experts", "n_routed_experts"),
        eos_ids=_ids((generation or {}).get("eos_token_id")) or _ids(text.get("eos_token_id")),
    )


def _integer(data: Mapping[str, object], *names: str) -> int | None:
    for name in names:
        value = data.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _SANE_LIMIT:
            return value
    return None


def _ids(value: object) -> tuple[int, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(sorted({v for v in values if isinstance(v, int) and not isinstance(v, bool)}))
