"""Whether a model can run on an NPU, and why not. The NPU compiler aborts the whole process on
weights it cannot take, so this is asked before every load there.
"""

from __future__ import annotations

from engine.models.manifest import ModelKind
from engine.models.precision import PER_CHANNEL, WeightPrecision
from engine.models.reasons import Reason, ReasonCode, block, remark

_GROUP_SIZES = (PER_CHANNEL, 128)


def npu_reasons(
    kind: ModelKind, precision: WeightPrecision | None, *, unsigned_int4: bool
) -> tuple[Reason, ...]:
    """Reasons for and against this model on an NPU; empty when nothing speaks against it."""
    if kind in (ModelKind.DFLASH, ModelKind.MTP):
        return (block(ReasonCode.HEAD_NOT_ON_NPU, kind=kind.value),)
    if kind not in (ModelKind.LLM, ModelKind.VLM, ModelKind.EAGLE3):
        return (remark(ReasonCode.NPU_KIND_UNTESTED, kind=kind.value),)
    if precision is None:
        return (remark(ReasonCode.NPU_PRECISION_UNTESTED, precision="unknown"),)
    return _weights(precision, unsigned_int4=unsigned_int4)


def _weights(precision: WeightPrecision, *, unsigned_int4: bool) -> tuple[Reason, ...]:
    if unsigned_int4:
        return (block(ReasonCode.NPU_ASYMMETRIC, precision=precision.label),)
    if precision.type in ("int4", "nf4"):
        if precision.group_size not in _GROUP_SIZES:
            return (block(ReasonCode.NPU_GROUP_SIZE, group_size=precision.group_size or 0),)
        return ()
    if precision.type == "int8":
        # Reported to load and then to kill the process; with symmetric weights not known.
        code = ReasonCode.NPU_INT8_UNTESTED
        return (
            remark(code, precision=precision.label)
            if precision.symmetric
            else block(ReasonCode.NPU_INT8_ASYMMETRIC, precision=precision.label),
        )
    if precision.type == "fp16":
        return ()
    return (remark(ReasonCode.NPU_PRECISION_UNTESTED, precision=precision.label),)
