"""Whether a model suits a device, by its weights. What the runtime refuses there, with reasons."""

from __future__ import annotations

from engine.models.inspection import Inspection
from engine.models.reasons import Reason, ReasonCode, block


def device_reasons(model: Inspection, device: str) -> tuple[Reason, ...]:
    """What speaks against this model on an OpenVINO device (`CPU`, `GPU.1`, `NPU`)."""
    if device.startswith("NPU"):
        return model.npu
    is_nf4 = model.precision is not None and model.precision.type == "nf4"
    if device.startswith("GPU") and is_nf4:
        return (block(ReasonCode.GPU_WITHOUT_NF4),)
    return ()
