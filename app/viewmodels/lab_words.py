"""Turns boards and results of the Lab into what its widgets draw, in the user's language."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from app.core.error_text import error_text
from app.core.filling import filled
from app.core.formatting import DASH, duration, rate, ratio, share, size
from app.core.lab_text import cell_name, refusal_text, remark_text
from app.core.translation import QT_TRANSLATE_NOOP, Translate
from app.viewmodels.lab_board import CellRow, LabResults, best_by_group
from app.viewmodels.lab_setup import GridTile, LabGrid
from app.viewmodels.lab_shapes import Bar, GridCell, GridHead, GridShape, TableShape, TileText
from engine.events import DeviceInfo
from engine.lab.cells import Cell
from engine.lab.record import LabHeader
from engine.lab.results import CellFigures
from engine.placement import Strategy

_CONTEXT = "LabWords"
Devices = Mapping[str, DeviceInfo]


def setup_shape(
    grid: LabGrid, baseline: Cell | None, devices: Devices, translate: Translate
) -> GridShape:
    """The grid as a choice."""
    emulated = {name for name, device in devices.items() if device.emulated}
    cells = []
    for row, device in enumerate(grid.main_devices):
        for column, tile in enumerate(grid.row(device)):
            is_baseline = baseline is not None and tile.group == baseline.group
            cells.append(
                GridCell(
                    key=tile.group.key,
                    row=row,
                    column=column,
                    text=_choice(
                        tile, is_baseline=is_baseline, emulated=emulated, translate=translate
                    ),
                    is_checked=tile.is_wanted or is_baseline,
                )
            )
    return GridShape(
        rows=tuple(_main_head(name, devices, translate) for name in grid.main_devices),
        columns=_columns(grid.draft_devices, devices, translate),
        cells=tuple(cells),
    )


def _choice(
    tile: GridTile, *, is_baseline: bool, emulated: Collection[str], translate: Translate
) -> TileText:
    name = cell_name(tile.cells[0].cell, translate, emulated=emulated)
    if not tile.possible:
        return TileText(
            name=name,
            title=translate(_CONTEXT, QT_TRANSLATE_NOOP("LabWords", "Not possible")),
            detail=refusal_text(tile.cells[0], translate),
            is_possible=False,
        )
    if is_baseline:
        return TileText(
            name=name,
            title=translate(_CONTEXT, QT_TRANSLATE_NOOP("LabWords", "Baseline")),
            detail=translate(_CONTEXT, QT_TRANSLATE_NOOP("LabWords", "Always measured")),
        )
    if not tile.is_wanted:
        return TileText(
            name=name, title=translate(_CONTEXT, QT_TRANSLATE_NOOP("LabWords", "Left out"))
        )
    refused = " ".join(
        dict.fromkeys(refusal_text(c, translate) for c in tile.cells if not c.is_possible)
    )
    return TileText(
        name=name,
        title=translate(_CONTEXT, QT_TRANSLATE_NOOP("LabWords", "Compare")),
        detail=_lengths(tile, translate),
        hint=" ".join(part for part in (refused, remark_text(tile.possible[0], translate)) if part),
    )


def _lengths(tile: GridTile, translate: Translate) -> str:
    lengths = [c.cell.num_assistant_tokens for c in tile.possible if not c.cell.is_plain]
    if not lengths:
        return translate(_CONTEXT, QT_TRANSLATE_NOOP("LabWords", "Plain decoding"))
    source = QT_TRANSLATE_NOOP("LabWords", "Draft length {lengths}")
    return filled(translate(_CONTEXT, source), lengths=", ".join(map(str, lengths)))


def result_shape(
    header: LabHeader, rows: Sequence[CellRow], *, chosen: Cell | None, translate: Translate
) -> GridShape:
    """The grid as a heat map: the best draft length of every group."""
    plan = header.plan
    devices = {device.name: device for device in header.machine.devices}
    draft_devices = plan.draft_devices if plan.drafts else ()
    best = best_by_group(rows)
    cells: dict[str, GridCell] = {}
    for planned in header.cells:
        group = planned.cell.group
        if group.key in cells:
            continue
        place = group.placement
        column = {Strategy.NONE: 0, Strategy.PROMPT_LOOKUP: 1}.get(group.strategy)
        if column is None:
            column = 2 + draft_devices.index(place.draft_device or "")
        row = best.get(group.key)
        text = (
            _heat(row, header.emulated, translate)
            if row is not None
            else TileText(
                name=cell_name(planned.cell, translate, emulated=header.emulated),
                title=DASH,
                detail=refusal_text(planned, translate)
                or translate(_CONTEXT, QT_TRANSLATE_NOOP("LabWords", "Left out")),
                is_possible=False,
            )
        )
        cells[group.key] = GridCell(
            key=group.key,
            row=plan.main_devices.index(place.main_device),
            column=column,
            text=text,
            is_checked=chosen is not None and row is not None and chosen.group == group,
        )
    return GridShape(
        rows=tuple(_main_head(name, devices, translate) for name in plan.main_devices),
        columns=_columns(draft_devices, devices, translate),
        cells=tuple(cells.values()),
    )


def _heat(row: CellRow, emulated: Collection[str], translate: Translate) -> TileText:
    name = cell_name(row.cell, translate, emulated=emulated)
    if row.rate is None:
        waiting = translate(_CONTEXT, QT_TRANSLATE_NOOP("LabWords", "Not measured yet"))
        if row.error is None:
            return TileText(name=name, title=DASH, detail=waiting)
        failed = translate(_CONTEXT, QT_TRANSLATE_NOOP("LabWords", "Failed"))
        said = error_text(row.error, translate)
        return TileText(name=name, title=failed, detail=said.title, hint=said.sentence)
    speed = translate(_CONTEXT, QT_TRANSLATE_NOOP("LabWords", "{rate} tok/s"))
    detail = filled(speed, rate=rate(row.rate.median))
    if not row.cell.is_plain:
        length = translate(_CONTEXT, QT_TRANSLATE_NOOP("LabWords", "{n} {n:token|tokens}"))
        detail += " \u00b7 " + filled(length, n=row.cell.num_assistant_tokens)
    title = "1\u00d7" if row.is_baseline else f"{ratio(row.speed_up)}\u00d7"
    return TileText(
        name=name,
        title=title,
        detail=detail,
        hint=_interval(row, translate),
        speed_up=1.0 if row.is_baseline else row.speed_up,
        is_best=row.is_best,
    )


def bar_shapes(rows: Sequence[CellRow], translate: Translate) -> tuple[Bar, ...]:
    """The cells as bars."""
    return tuple(
        Bar(
            key=row.cell.key,
            name=cell_name(row.cell, translate),
            value=row.rate.median if row.rate is not None else None,
            low=row.rate.low if row.rate is not None else None,
            high=row.rate.high if row.rate is not None else None,
            words=_bar_words(row, translate),
            is_best=row.is_best,
            is_baseline=row.is_baseline,
        )
        for row in rows
    )


def _bar_words(row: CellRow, translate: Translate) -> str:
    if row.error is not None and row.rate is None:
        return error_text(row.error, translate).sentence
    if row.rate is None:
        return DASH
    parts = [rate(row.rate.median)]
    if row.is_baseline:
        parts.append(translate(_CONTEXT, QT_TRANSLATE_NOOP("LabWords", "baseline")))
    elif row.speed_up is not None:
        parts.append(f"{ratio(row.speed_up)}\u00d7")
    if row.is_tie:
        parts.append(translate(_CONTEXT, QT_TRANSLATE_NOOP("LabWords", "tie with the best")))
    elif row.is_uncertain:
        parts.append(translate(_CONTEXT, QT_TRANSLATE_NOOP("LabWords", "may be noise")))
    if row.is_emulated:
        parts.append(translate(_CONTEXT, QT_TRANSLATE_NOOP("LabWords", "emulated")))
    return "  \u00b7  ".join(parts)


def _interval(row: CellRow, translate: Translate) -> str:
    if row.low is None or row.high is None:
        return ""
    source = QT_TRANSLATE_NOOP(
        "LabWords", "Between {low}\u00d7 and {high}\u00d7 with 95 % confidence"
    )
    return filled(translate(_CONTEXT, source), low=ratio(row.low), high=ratio(row.high))


def table_shape(results: LabResults, set_id: str, translate: Translate) -> TableShape:
    """Every figure of every cell."""
    figures = results.of_set(set_id)
    with_energy = any(f.energy_j_per_token is not None for f in figures)
    heads = [
        QT_TRANSLATE_NOOP("LabWords", "Placement"),
        QT_TRANSLATE_NOOP("LabWords", "tok/s"),
        QT_TRANSLATE_NOOP("LabWords", "Quartiles"),
        QT_TRANSLATE_NOOP("LabWords", "Speed-up"),
        QT_TRANSLATE_NOOP("LabWords", "95 % interval"),
        QT_TRANSLATE_NOOP("LabWords", "First token"),
        QT_TRANSLATE_NOOP("LabWords", "Tokens per step"),
        QT_TRANSLATE_NOOP("LabWords", "Accepted by position"),
        QT_TRANSLATE_NOOP("LabWords", "Memory"),
        QT_TRANSLATE_NOOP("LabWords", "Load"),
        QT_TRANSLATE_NOOP("LabWords", "Same text"),
    ]
    if with_energy:
        heads.append(QT_TRANSLATE_NOOP("LabWords", "J/token"))
    emulated = results.record.header.emulated
    rows = tuple(
        (cell_name(f.cell, translate, emulated=emulated), *_table_row(f, translate, with_energy))
        for f in figures
    )
    hints = [error_text(f.error, translate).sentence if f.error else "" for f in figures]
    return TableShape(
        heads=tuple(translate(_CONTEXT, head) for head in heads),
        rows=rows,
        keys=tuple(f.cell.key for f in figures),
        hints=tuple(hints),
    )


def _table_row(f: CellFigures, translate: Translate, with_energy: bool) -> tuple[str, ...]:
    speed, gain = f.tokens_per_s, f.speed_up
    if speed is None and f.error is not None:
        said = error_text(f.error, translate).sentence
        return (said,)
    has_interval = gain is not None and gain.low is not None
    return (
        rate(speed.median if speed else None),
        f"{rate(speed.low)}\u2013{rate(speed.high)}" if speed else DASH,
        f"{ratio(gain.value)}\u00d7" if gain else DASH,
        f"{ratio(gain.low)}\u2013{ratio(gain.high)}" if gain and has_interval else DASH,
        duration(f.ttft_s.median if f.ttft_s else None),
        ratio(f.mean_acceptance_length),
        _shares(f.acceptance_by_position),
        size(f.memory_bytes),
        duration(f.load_s),
        f"{f.equal_texts}/{f.compared_texts}" if f.compared_texts else DASH,
        *([ratio(f.energy_j_per_token)] if with_energy else []),
    )


def detail_figures(f: CellFigures, translate: Translate) -> tuple[tuple[str, str], ...]:
    """The figures of one cell that a bar does not show: (name, value)."""
    speed = f.tokens_per_s.median if f.tokens_per_s is not None else None
    ttft_s = f.ttft_s.median if f.ttft_s is not None else None
    rows = [
        (QT_TRANSLATE_NOOP("LabWords", "Decode speed"), _with_unit(speed)),
        (QT_TRANSLATE_NOOP("LabWords", "First token"), duration(ttft_s)),
        (QT_TRANSLATE_NOOP("LabWords", "Tokens per step"), ratio(f.mean_acceptance_length)),
        (QT_TRANSLATE_NOOP("LabWords", "Memory of the engine"), size(f.memory_bytes)),
        (QT_TRANSLATE_NOOP("LabWords", "Time to load"), duration(f.load_s)),
        (QT_TRANSLATE_NOOP("LabWords", "Energy per token"), _joules(f.energy_j_per_token)),
    ]
    return tuple((translate(_CONTEXT, name), value) for name, value in rows)


def _shares(values: Sequence[float]) -> str:
    if not values:
        return DASH
    first = " ".join(f"{value * 100:.0f}" for value in values[:-1])
    return f"{first} {share(values[-1])}".strip()


def _with_unit(value: float | None) -> str:
    return DASH if value is None else f"{rate(value)} tok/s"


def _joules(value: float | None) -> str:
    return DASH if value is None else f"{ratio(value)} J"


def _main_head(name: str, devices: Devices, translate: Translate) -> GridHead:
    source = QT_TRANSLATE_NOOP("LabWords", "Main {device}")
    return _head(filled(translate(_CONTEXT, source), device=name), name, devices, translate)


def _columns(
    draft_devices: Sequence[str], devices: Devices, translate: Translate
) -> tuple[GridHead, ...]:
    source = QT_TRANSLATE_NOOP("LabWords", "Draft {device}")
    drafts = (
        _head(filled(translate(_CONTEXT, source), device=name), name, devices, translate)
        for name in draft_devices
    )
    return (
        GridHead(title=translate(_CONTEXT, QT_TRANSLATE_NOOP("LabWords", "No draft"))),
        GridHead(title=translate(_CONTEXT, QT_TRANSLATE_NOOP("LabWords", "Prompt lookup"))),
        *drafts,
    )


def _head(title: str, name: str, devices: Devices, translate: Translate) -> GridHead:
    device = devices.get(name)
    if device is not None and device.emulated:
        source = QT_TRANSLATE_NOOP("LabWords", "{title} (emulated)")
        title = filled(translate(_CONTEXT, source), title=title)
    return GridHead(title=title, detail=device.full_name if device is not None else name)
