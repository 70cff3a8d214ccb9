"""What is in a model folder, without loading it: everything the pair checker, the planner and the
model page know. Reads headers, tables and JSON; damage becomes a named problem, never a surprise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError, ErrorCode, ErrorInfo, ModelError
from engine.models.chat_template import ChatTemplate, find_chat_template
from engine.models.folder_kind import (
    LANGUAGE_IR,
    MODEL_IR,
    MTP_IR,
    TOKENIZER_IR,
    kind_of,
    role_of,
)
from engine.models.folders import folder_bytes, paths_below
from engine.models.ir_files import find_missing_files, read_irs
from engine.models.ir_reader import IrSummary
from engine.models.licence import licence_of
from engine.models.manifest import ModelKind, ModelRole
from engine.models.model_config import ModelConfig, read_model_config
from engine.models.npu_fitness import npu_reasons
from engine.models.precision import (
    WeightPrecision,
    has_unsigned_int4,
    parameter_count,
    weight_precision,
)
from engine.models.reasons import Reason
from engine.models.registry import InstalledModel
from engine.models.tokenizer_facts import TokenizerFacts, read_tokenizer


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a folder is. None means: the folder does not say."""

    id: str
    name: str
    path: str
    """Folder of its files."""
    kind: ModelKind
    role: ModelRole
    config: ModelConfig
    parameters: int | None
    precision: WeightPrecision | None
    logits_width: int | None
    tokenizer: TokenizerFacts
    template: ChatTemplate | None
    has_mtp_head: bool
    npu: tuple[Reason, ...]
    """What speaks against an NPU; empty when nothing does."""
    size_bytes: int
    weight_bytes: int
    """Bytes of all `.bin` files: what has to go into memory."""
    license: str | None
    pair: tuple[str, ...] = ()
    """Ids its manifest says it is made for."""
    problems: tuple[ErrorInfo, ...] = ()

    @property
    def family(self) -> str | None:
        """`model_type` of the configuration."""
        return self.config.family

    @property
    def context_length(self) -> int | None:
        """Most tokens of prompt and answer together."""
        return self.config.context_length

    @property
    def vocabulary_size(self) -> int | None:
        """Width of the logits, else what the configuration says."""
        return self.logits_width or self.config.vocabulary_size

    @property
    def loadable(self) -> bool:
        """Whether nothing found speaks against loading it."""
        return not self.problems


def inspect_model(model: InstalledModel) -> Inspection:
    """Inspect an installed model; what its manifest says about role, pair and licence holds.

    Raises:
        ModelError: MODEL_NOT_FOUND when the folder is gone.
    """
    manifest = model.manifest
    return _inspect(
        model.path,
        model_id=model.id,
        name=model.name,
        role=model.role if manifest is not None else None,
        license_name=manifest.license if manifest is not None else None,
        pair=manifest.pair if manifest is not None else (),
        known_problem=model.problem,
    )


def inspect_folder(folder: Path) -> Inspection:
    """Inspect any folder.

    Raises:
        ModelError: MODEL_NOT_FOUND when there is no such folder or it cannot be listed.
    """
    return _inspect(folder, model_id=str(folder), name=folder.name)


def require_loadable(inspection: Inspection) -> None:
    """Raise the first problem, typed, so that a bad folder never reaches the runtime.

    Raises:
        ModelError: the first problem found.
    """
    if inspection.problems:
        raise ModelError.from_info(inspection.problems[0])


def _inspect(
    folder: Path,
    *,
    model_id: str,
    name: str,
    role: ModelRole | None = None,
    license_name: str | None = None,
    pair: tuple[str, ...] = (),
    known_problem: ErrorInfo | None = None,
) -> Inspection:
    files = _list_files(folder)
    irs, ir_problems = read_irs(folder, files)
    config, config_problems = read_model_config(folder)
    main_ir = _main_ir(irs)
    kind = kind_of(files, irs.get(MODEL_IR), config)
    tokenizer, tokenizer_problems = read_tokenizer(folder, irs.get(TOKENIZER_IR))
    template, template_problems = _template(folder, irs.get(TOKENIZER_IR))
    model_irs = [ir for file, ir in irs.items() if "tokenizer" not in file]
    parameters = sum(parameter_count(ir) for ir in model_irs) or None
    precision = weight_precision(main_ir) if main_ir is not None else None
    unsigned_int4 = any(has_unsigned_int4(ir) for ir in model_irs)
    guessed_role = role_of(
        kind, name=name, parameters=parameters, has_template=template is not None
    )
    problems = (
        *([known_problem] if known_problem is not None else []),
        *ir_problems,
        *find_missing_files(kind, folder, files),
        *config_problems,
        *tokenizer_problems,
        *template_problems,
        *_unusable(kind, main_ir),
    )
    return Inspection(
        id=model_id,
        name=name,
        path=str(folder),
        kind=kind,
        role=role or guessed_role,
        config=config,
        parameters=parameters,
        precision=precision,
        logits_width=main_ir.logits_width if main_ir is not None else None,
        tokenizer=tokenizer,
        template=template,
        has_mtp_head=MTP_IR in files,
        npu=npu_reasons(kind, precision, unsigned_int4=unsigned_int4),
        size_bytes=folder_bytes(folder),
        weight_bytes=_weight_bytes(folder),
        license=license_name or licence_of(folder),
        pair=pair,
        problems=problems,
    )


def _list_files(folder: Path) -> frozenset[str]:
    try:
        return frozenset(entry.name for entry in folder.iterdir() if entry.is_file())
    except (OSError, ValueError) as error:
        raise ModelError(
            f"The folder {folder.name} cannot be read.",
            code=ErrorCode.MODEL_NOT_FOUND,
            folder=folder.name,
            reason="unreadable" if isinstance(error, PermissionError) else "missing_folder",
        ) from error


def _main_ir(irs: Mapping[str, IrSummary]) -> IrSummary | None:
    names = (LANGUAGE_IR, MODEL_IR, MTP_IR)
    found = next((irs[name] for name in names if name in irs), None)
    return found if found is not None else next(iter(irs.values()), None)


def _template(
    folder: Path, tokenizer_ir: IrSummary | None
) -> tuple[ChatTemplate | None, tuple[ErrorInfo, ...]]:
    rt_info = tokenizer_ir.rt_info if tokenizer_ir is not None else {}
    try:
        return find_chat_template(folder, rt_info), ()
    except EngineError as error:
        is_repeated = error.code is not ErrorCode.TEMPLATE_UNUSABLE
        return None, () if is_repeated else (error.to_info(),)


def _unusable(kind: ModelKind, ir: IrSummary | None) -> tuple[ErrorInfo, ...]:
    """A language model that takes its cache as inputs cannot be run by the pipelines."""
    if kind is not ModelKind.LLM or ir is None or "ReadValue" in ir.operations:
        return ()
    return (
        ErrorInfo(
            code=ErrorCode.MODEL_UNSUPPORTED,
            message="The model keeps no state: it was exported without a KV cache inside.",
            facts=(("file", MODEL_IR), ("reason", "not_stateful")),
        ),
    )


def _weight_bytes(folder: Path) -> int:
    total = 0
    for path in paths_below(folder):  # unlike rglob, bears a folder that goes away meanwhile
        if path.suffix != ".bin":
            continue
        try:
            total += path.stat().st_size
        except OSError:
            continue
    return total
