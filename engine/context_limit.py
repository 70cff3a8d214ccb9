"""Builds a pipeline for the tokens its main model is limited to: an NPU compiles prompts of a fixed
length, so the limit has to be among its properties. Pure.
"""

from __future__ import annotations

from dataclasses import replace

from engine.placement import LoadSpec, Properties
from engine.placement_rules import NPU_DEFAULT_MIN_RESPONSE_TOKENS

MAX_PROMPT = "MAX_PROMPT_LEN"
MIN_RESPONSE = "MIN_RESPONSE_LEN"


def limit_context(spec: LoadSpec) -> LoadSpec:
    """The load with its `context_limit` told to every model on an NPU; elsewhere nothing has to be
    told, because the prompt is kept short enough before it is sent.
    """
    limit, placement = spec.context_limit, spec.placement
    if limit is None or not placement.uses_npu:
        return spec
    main, draft = spec.main_properties, spec.draft_properties
    if placement.main_device == "NPU":
        main = _with_limit(main, limit)
    if placement.draft_device == "NPU" and draft is not None:
        draft = _with_limit(draft, limit)
    return replace(spec, main_properties=main, draft_properties=draft)


def _with_limit(properties: Properties, limit: int) -> Properties:
    """What is set for this model goes before what is set for the device."""
    response = int(dict(properties).get(MIN_RESPONSE, NPU_DEFAULT_MIN_RESPONSE_TOKENS))
    others = tuple((name, value) for name, value in properties if name != MAX_PROMPT)
    return (*others, (MAX_PROMPT, max(1, limit - response)))
