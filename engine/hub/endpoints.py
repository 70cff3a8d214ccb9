"""Where the hubs are, as the environment of the program says. Reads variables, opens nothing."""

from __future__ import annotations

from collections.abc import Mapping

from engine.hub.hub_access import HubEndpoints

HUGGING_FACE_VARIABLE = "SLIPSTREAM_HF_ENDPOINT"
MODELSCOPE_VARIABLE = "SLIPSTREAM_MODELSCOPE_ENDPOINT"
MIRROR_VARIABLE = "HF_ENDPOINT"


def endpoints_from(environment: Mapping[str, str]) -> HubEndpoints:
    """The official hubs; two variables of this program put others in their place, token and all."""
    usual = HubEndpoints()
    return HubEndpoints(
        huggingface=environment.get(HUGGING_FACE_VARIABLE) or usual.huggingface,
        modelscope=environment.get(MODELSCOPE_VARIABLE) or usual.modelscope,
    )


def mirror_from(environment: Mapping[str, str]) -> str | None:
    """The mirror that Hugging Face's own variable names; it is never given a token."""
    named = environment.get(MIRROR_VARIABLE, "").strip().rstrip("/")
    official = HubEndpoints().huggingface
    return named if named and named != official else None
