"""Builds the runtime's generation settings from a model's own file and the parameters asked for.

The runtime leaves the file unread whenever candidates are used, so it is always read here.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.backends.openvino_runtime import load_genai
from engine.errors import ErrorCode, GenerationError, ModelError, ParameterError
from engine.metrics.definitions import DEFAULT_NUM_ASSISTANT_TOKENS
from engine.models.json_file import read_json_object
from engine.params import MAX_NEW_TOKENS_LIMIT, GenerationParams
from engine.placement import LoadSpec, Strategy
from engine.placement_rules import Effect, check_params, is_greedy_by_rule, uses_npu_draft_path

GENERATION_CONFIG = "generation_config.json"
MAX_NGRAM_SIZE = 3
_NO_TOKEN = 10**9
_EXACT_SAMPLING = 1
"""With a draft the runtime accepts a sampled candidate by comparing the probabilities of two
different tokens: the text follows neither model, and with prefix caching candidates pile up until
it throws. Any `max_ngram_size` makes it accept exactly what the main model sampled itself, as for
prompt lookup (`Sampler::validate_candidate`, openvino.genai 2026.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """What a model folder says about generating."""

    defaults: GenerationParams
    end_tokens: frozenset[int]
    config_path: Path | None
    """generation_config.json, None without one."""


def read_settings(folder: Path, *, end_tokens: Collection[int]) -> ModelSettings:
    """Read generation_config.json of a model folder; it may be absent.

    Raises:
        ModelError: MODEL_CORRUPT when it is damaged or holds a value out of range.
    """
    path = folder / GENERATION_CONFIG
    present = path.is_file()
    return ModelSettings(
        defaults=_defaults(read_json_object(path) if present else {}),
        end_tokens=frozenset(token for token in end_tokens if token >= 0),
        config_path=path if present else None,
    )


def _defaults(generation: dict[str, object]) -> GenerationParams:
    samples = generation.get("do_sample") is True
    try:
        params = GenerationParams(
            max_new_tokens=_integer(generation.get("max_new_tokens")),
            repetition_penalty=_number(generation.get("repetition_penalty")),
            temperature=0.0,
        )
        if not samples:
            return params
        temperature = _number(generation.get("temperature"))
        return replace(
            params,
            temperature=1.0 if temperature is None else temperature,
            top_p=_number(generation.get("top_p")),
            top_k=_integer(generation.get("top_k")),
        )
    except ParameterError as error:
        raise ModelError(
            f"{GENERATION_CONFIG} holds a value out of range: {error}",
            code=ErrorCode.MODEL_CORRUPT,
            file=GENERATION_CONFIG,
            reason="bad_value",
        ) from error


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def require_supported(spec: LoadSpec, params: GenerationParams) -> None:
    """Refuse what the pipeline cannot do, before anything is asked of it.

    Raises:
        ParameterError: PARAMETER_UNSUPPORTED; facts parameter and reason.
    """
    for finding in check_params(spec, params):
        if finding.effect is Effect.REFUSED:
            raise ParameterError(
                f"{finding.subject} cannot be used with this pipeline: {finding.code}.",
                code=ErrorCode.PARAMETER_UNSUPPORTED,
                hint=None,
                parameter=finding.subject,
                reason=str(finding.code),
                **dict(finding.facts),
            )


def room_for_answer(
    wanted: int | None, *, prompt_tokens: int, prompt_limit: int | None, context: int | None
) -> int:
    """Most tokens this answer may have.

    Args:
        wanted: max_new_tokens, None for as many as there is room for.
        prompt_tokens: length of the prompt.
        prompt_limit: most prompt tokens the pipeline takes, None without a limit of its own.
        context: most tokens of both, less what must stay free; None when unknown.

    Raises:
        GenerationError: PROMPT_TOO_LONG; facts prompt_tokens and limit.
    """
    limits = (prompt_limit, None if context is None else context - 1)
    limit = min((limit for limit in limits if limit is not None), default=None)
    if limit is not None and prompt_tokens > limit:
        raise GenerationError(
            f"The prompt has {prompt_tokens} tokens; this pipeline takes at most {limit}.",
            code=ErrorCode.PROMPT_TOO_LONG,
            prompt_tokens=prompt_tokens,
            limit=limit,
        )
    room = MAX_NEW_TOKENS_LIMIT if context is None else context - prompt_tokens
    return room if wanted is None else min(wanted, room)


def build_config(
    spec: LoadSpec, settings: ModelSettings, params: GenerationParams, *, max_new_tokens: int
) -> Any:
    """The runtime's GenerationConfig for one answer. `require_supported` comes first."""
    path = settings.config_path
    config = load_genai().GenerationConfig(str(path)) if path else _plain_config(settings)
    config.max_new_tokens = max_new_tokens
    config.num_beams = config.num_return_sequences = 1
    config.stop_strings = set()  # found in the text instead, see stop_strings.py
    if params.repetition_penalty is not None:
        config.repetition_penalty = params.repetition_penalty
    _set_sampling(config, spec, settings.defaults, params)
    _set_candidates(config, spec, params)
    _set_end(config, spec, params)
    return config


def _plain_config(settings: ModelSettings) -> Any:
    config = load_genai().GenerationConfig()
    if settings.end_tokens:
        config.eos_token_id = min(settings.end_tokens)
        config.stop_token_ids = set(settings.end_tokens)
    return config


def _set_sampling(
    config: Any, spec: LoadSpec, defaults: GenerationParams, params: GenerationParams
) -> None:
    temperature = params.temperature
    if temperature is None:
        temperature = 0.0 if is_greedy_by_rule(spec) else defaults.temperature or 0.0
    config.do_sample = temperature > 0
    if not config.do_sample:
        return
    config.temperature = temperature
    if params.top_p is not None:
        config.top_p = params.top_p
    if params.top_k is not None:
        config.top_k = params.top_k
    # Without a seed the runtime would give the same "random" answer every time.
    config.rng_seed = secrets.randbits(63) if params.seed is None else params.seed


def _set_candidates(config: Any, spec: LoadSpec, params: GenerationParams) -> None:
    """Everything unsaid is reset: a threshold without a draft never ends and fills the memory."""
    config.assistant_confidence_threshold = 0.0
    config.num_assistant_tokens = None
    config.max_ngram_size = 0
    if spec.strategy is Strategy.NONE:
        return
    length = params.num_assistant_tokens or spec.num_assistant_tokens
    if spec.strategy is Strategy.PROMPT_LOOKUP:
        config.max_ngram_size = MAX_NGRAM_SIZE
        config.num_assistant_tokens = length or DEFAULT_NUM_ASSISTANT_TOKENS
    elif config.do_sample:
        config.num_assistant_tokens = length or DEFAULT_NUM_ASSISTANT_TOKENS
        config.max_ngram_size = _EXACT_SAMPLING
    elif params.assistant_confidence_threshold is not None:
        config.assistant_confidence_threshold = params.assistant_confidence_threshold
        # Greedy drafts have no confidence unless probabilities are asked for: every draft would
        # end after one token, whatever the threshold.
        config.logprobs = 1
    else:
        config.num_assistant_tokens = length or DEFAULT_NUM_ASSISTANT_TOKENS


def _set_end(config: Any, spec: LoadSpec, params: GenerationParams) -> None:
    config.ignore_eos = params.ignore_eos
    if uses_npu_draft_path(spec):
        # That path looks for end tokens in the wrong place: the streamer does it, and the runtime
        # gets a token that does not exist (an empty set would be filled again).
        config.ignore_eos = True
        config.eos_token_id = _NO_TOKEN
        config.stop_token_ids = {_NO_TOKEN}
    elif params.ignore_eos:
        # A set of end tokens would end the answer all the same.
        config.stop_token_ids = set()
