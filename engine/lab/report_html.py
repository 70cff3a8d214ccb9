"""A run as one HTML page that needs nothing else: figures for people, the record for programs.

Sentences come from the caller (`ReportText`); everything from a record is escaped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from engine.lab.cells import Cell
from engine.lab.export import DATA_ELEMENT
from engine.lab.history import record_to_plain
from engine.lab.record import LabRecord
from engine.lab.results import ALL_SETS, CellFigures, figures_of

_STYLE = """
:root{color-scheme:light dark;--fg:#1b1f24;--bg:#fff;--soft:#667;--bar:#2f6fde;--base:#8a93a3;
--line:#d8dde5}
@media(prefers-color-scheme:dark){:root{--fg:#e8eaee;--bg:#15181d;--soft:#9aa3b0;--bar:#6ea2ff;
--base:#6d7684;--line:#333a45}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);max-width:64rem;
margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:right}
th:first-child,td:first-child{text-align:left}
.headline{font-size:1.25rem;margin:1rem 0}
.note,.machine{color:var(--soft)}
.track{min-width:9rem}.bar{display:block;height:.7rem;border-radius:.2rem;background:var(--bar)}
.plain .bar{background:var(--base)}
.failed td{color:var(--soft);font-style:italic}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportText:
    """Every word of the report. The defaults are English; a front end gives its translation."""

    language: str = "en"
    title: str = "Slipstream Placement Lab"
    all_prompts: str = "All prompts"
    placement: str = "Placement"
    tokens_per_s: str = "tokens/s"
    speed_up: str = "Speed-up"
    interval: str = "95 % interval"
    ttft: str = "First token"
    acceptance: str = "Accepted by position"
    mean_length: str = "Tokens per step"
    memory: str = "Memory"
    load: str = "Load"
    energy: str = "J/token"
    failed: str = "failed"
    machine: str = "Machine"
    models: str = "Models"
    emulated: str = "emulated"
    headlines: tuple[str, ...] = ()
    """Verdict sentences, the first in large type."""
    set_names: Mapping[str, str] = field(default_factory=dict)
    cell_name: Callable[[Cell], str] = lambda cell: cell.key


def render_report(record: LabRecord, text: ReportText | None = None) -> str:
    """The page. It holds the record without paths, so that it can be imported again."""
    words = text or ReportText()
    bare = record.without_paths()
    figures = figures_of(bare)
    sets = [ALL_SETS, *(prompts.set_id for prompts in bare.header.plan.prompt_sets)]
    tables = [_table([f for f in figures if f.set_id == s], s, bare, words) for s in sets]
    title = escape(f"{words.title} · {bare.header.started_at}")
    parts = [
        f'<!doctype html><html lang="{escape(words.language)}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>",
        *_headlines(words),
        *tables,
        *_facts(bare, words),
        _data(bare),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _headlines(words: ReportText) -> list[str]:
    classes = ["headline", *["note"] * len(words.headlines)]
    return [
        f'<p class="{name}">{escape(line)}</p>'
        for name, line in zip(classes, words.headlines, strict=False)
    ]


def _table(
    figures: Sequence[CellFigures], set_id: str, record: LabRecord, words: ReportText
) -> str:
    name = words.all_prompts if set_id == ALL_SETS else words.set_names.get(set_id, set_id)
    with_energy = any(f.energy_j_per_token is not None for f in figures)
    heads = [words.placement, "", words.tokens_per_s, words.speed_up, words.interval, words.ttft]
    heads += [words.mean_length, words.acceptance, words.memory, words.load]
    heads += [words.energy] if with_energy else []
    fastest = max((f.tokens_per_s.median for f in figures if f.tokens_per_s), default=1.0)
    rows = [_row(f, fastest, record, words, with_energy=with_energy) for f in figures]
    head = "".join(f"<th>{escape(cell)}</th>" for cell in heads)
    return f"<h2>{escape(name)}</h2><table><tr>{head}</tr>{''.join(rows)}</table>"


def _row(
    f: CellFigures, fastest: float, record: LabRecord, words: ReportText, *, with_energy: bool
) -> str:
    name = escape(words.cell_name(f.cell))
    if record.header.is_emulated(f.cell):
        name += f" ({escape(words.emulated)})"
    if f.tokens_per_s is None:
        reason = escape(f"{words.failed}: {f.error.code}") if f.error else "–"
        return f'<tr class="failed"><td>{name}</td><td colspan="9">{reason}</td></tr>'
    width = 100 * f.tokens_per_s.median / fastest
    cells = [
        _number(f.tokens_per_s.median, ".1f"),
        f"{f.speed_up.value:.2f}×" if f.speed_up else "1×",
        _interval(f),
        _number(f.ttft_s.median * 1000 if f.ttft_s else None, ".0f", " ms"),
        _number(f.mean_acceptance_length, ".2f"),
        " ".join(f"{share:.0%}" for share in f.acceptance_by_position) or "–",
        _number(f.memory_bytes and f.memory_bytes / 2**20, ".0f", " MiB"),
        _number(f.load_s, ".1f", " s"),
        *([_number(f.energy_j_per_token, ".2f")] if with_energy else []),
    ]
    kind = "plain" if f.cell.is_plain else "candidates"
    bar = f'<td class="track"><span class="bar" style="width:{width:.1f}%"></span></td>'
    values = "".join(f"<td>{escape(value)}</td>" for value in cells)
    return f'<tr class="{kind}"><td>{name}</td>{bar}{values}</tr>'


def _interval(f: CellFigures) -> str:
    gain = f.speed_up
    if gain is None or gain.low is None or gain.high is None:
        return "–"
    return f"{gain.low:.2f}–{gain.high:.2f}"


def _number(value: float | None, form: str, unit: str = "") -> str:
    return "–" if value is None else f"{value:{form}}{unit}"


def _facts(record: LabRecord, words: ReportText) -> list[str]:
    machine, plan = record.header.machine, record.header.plan
    devices = [
        f"{d.name}: {d.full_name} {d.driver_version or ''}".strip()
        + (f" ({words.emulated})" if d.emulated else "")
        for d in machine.devices
    ]
    versions = [f"{name} {version}" for name, version in record.versions]
    models = [plan.main.name, *(draft.name for draft in plan.drafts)]
    changes = [f"{device}: {name} = {value}" for device, name, value in plan.changes]
    facts = [machine.processor, machine.system, *devices, *versions, *changes]
    return [
        f'<h2>{escape(words.models)}</h2><p class="machine">{escape(" · ".join(models))}</p>',
        f'<h2>{escape(words.machine)}</h2><p class="machine">{escape(" · ".join(facts))}</p>',
    ]


def _data(record: LabRecord) -> str:
    """The record inside the page. No `<` in it, so no text can close the element."""
    text = json.dumps(record_to_plain(record), ensure_ascii=False, allow_nan=False)
    safe = text.replace("<", "\\u003c")
    return f'<script type="application/json" id="{DATA_ELEMENT}">{safe}</script>'
