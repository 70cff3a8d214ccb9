"""The report of all benchmarks as pages to read. Every figure comes from the report itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Report = Mapping[str, Any]
NOT_MEASURED = "not measured"


def full_report(report: Report) -> str:
    """All figures: the machine, the tables that matter, then everything measured."""
    lines = ["# Benchmarks", "", machine_line(report), "", versions_line(report), ""]
    lines += [quiet_line(report), ""]
    for title, page in (
        ("What a draft gains", speculation_table),
        ("Other runtimes", peers_table),
        ("Bandwidth", roofline_table),
        ("Settings", tuning_table),
    ):
        lines += [f"## {title}", "", *page(report), ""]
    for name, figures in report["results"].items():
        lines += [f"## All of {name}", "", *table(("Figure", "Value"), _flat(figures)), ""]
    return "\n".join(lines)


def machine_line(report: Report) -> str:
    """Date, processor, cores, memory, system."""
    facts = report["machine"]
    return (
        f"{facts['date']}, {facts['cpu']}, {facts['cores']} cores, "
        f"{facts.get('threads', facts['cores'])} threads, "
        f"{facts['memory_bytes'] / 2**30:.0f} GiB, {facts['system']}, Python {facts['python']}"
    )


def versions_line(report: Report) -> str:
    """Versions of the runtime, and of what it is compared with."""
    versions = dict(report["machine"]["versions"])
    versions |= report["results"].get("peers", {}).get("peer_versions", {})
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def quiet_line(report: Report) -> str:
    """Whether something else ran just before each part."""
    results = report["results"]
    busy = {
        name: figures["machine_before"]["busy_share"]
        for name, figures in results.items()
        if not figures.get("machine_before", {}).get("quiet", True)
    }
    if not busy:
        return "Nothing else ran: under 5 % of the cores' time went elsewhere before each part."
    shares = ", ".join(f"{name} {share:.0%}" for name, share in busy.items())
    return f"Something else ran; share of the cores' time before the part: {shares}."


def speculation_table(report: Report) -> list[str]:
    """Gain by draft length, measured and as Leviathan's formula has it."""
    rows: list[tuple[Any, ...]] = []
    for name, pair in merged(report, "speculation", "pairs").items():
        for point in pair["draft"]:
            rows.append(
                (
                    name,
                    point["num_assistant_tokens"],
                    gain(point, "measured"),
                    f"{point['predicted']:.2f}x",
                    f"{point['tokens_per_iteration']:.2f}",
                    f"{point['verification_cost']:.2f}",
                    f"{point['main_share']:.0%} / {point['draft_share']:.0%}",
                    f"{point['same_text']:.0%}",
                )
            )
        if "prompt_lookup" in pair:
            rows.append((name, "prompt lookup", gain(pair["prompt_lookup"]), *[""] * 5))
        rows.extend(_sampled_rows(name, pair.get("sampled")))
    return table(
        (
            "Pair",
            "Draft length",
            "Gain over plain (least to most)",
            "Formula",
            "Tokens per iteration",
            "Verification in plain steps",
            "Time in main / draft",
            "Same text as plain",
        ),
        rows,
    )


def _sampled_rows(name: str, sampled: Mapping[str, Any] | None) -> Iterator[tuple[Any, ...]]:
    """The draft as it is and as the application loads it, when answers are sampled."""
    if sampled is None:
        return
    length, temperature = sampled["num_assistant_tokens"], sampled["temperature"]
    for key, word in (("draft_as_it_is", "draft as it is"), ("greedy_draft", "greedy draft")):
        found = sampled[key]
        tokens = f"{found['tokens_per_iteration']:.2f}"
        label = f"{length}, temperature {temperature}, {word}"
        yield (name, label, gain(found), "", tokens, "", "", "")


def peers_table(report: Report) -> list[str]:
    """Rates of the peers and ours as their multiple; under it, where a goal is missed and why."""
    rows, notes = [], []
    for name, pair in merged(report, "peers", "pairs").items():
        for engine, figures in pair["engines"].items():
            compared = [figures.get(f"ours_to_it_{mode}") for mode in ("plain", "speculative")]
            rows.append(
                (
                    name,
                    engine,
                    f"{figures['plain_tokens_per_s']:.1f}",
                    f"{figures['speculative_tokens_per_s']:.1f} "
                    f"({figures['num_assistant_tokens']})",
                    *(gain(one) if one else "" for one in compared),
                )
            )
        for miss in pair.get("behind", ()):
            why = ", ".join(f"{part.replace('_', ' ')} {x:.2f}x" for part, x in miss["why"].items())
            notes.append(
                f"- {name}, {miss['peer']}, {miss['mode']}: {miss['ratio']:.2f}x of a goal of "
                f"{miss['goal']}x; ours to it: {why}."
            )
    head = ("Model", "Engine", "Plain, tokens/s", "With draft (length)", "Ours to it, plain")
    return [*table((*head, "Ours to it, with draft"), rows), "", *notes]


def roofline_table(report: Report) -> list[str]:
    """Plain decoding as a share of the bandwidth bound, and what the rest is."""
    rows = []
    for name, case in merged(report, "roofline", "decode").items():
        types = ", ".join(f"{kind} {share:.1%}" for kind, share in case["share_by_type"].items())
        costs = case["verification_cost"].items()
        rows.append(
            (
                name,
                f"{case['tokens_per_s']['median']:.1f}",
                f"{case['share_of_bound']:.0%}",
                f"{case['step_ms']:.1f}",
                f"{case['outside_the_model_ms']:.1f}",
                types,
                ", ".join(f"{tokens}: {cost:.2f}" for tokens, cost in costs),
            )
        )
    head = ("Weights", "Tokens/s", "Of the bound", "Step, ms", "Outside the model, ms")
    lines = table((*head, "The model's time by node", "Step over n tokens, in steps of one"), rows)
    model = report["results"].get("roofline", {}).get("step_model_int8")
    if model:
        lines += [
            "",
            f"int8 of three sizes: {model['fixed_ms']:.2f} ms of every step do not depend on the "
            f"size ({model['fixed_share_of_largest']:.1%} at the largest); the weights come at "
            f"{model['weights_gb_per_s']:.1f} GB/s, {model['weights_to_bandwidth']:.0%} of what "
            "this machine can read.",
        ]
    return lines


def tuning_table(report: Report) -> list[str]:
    """One row per setting."""
    rows = []
    for precision, pair in merged(report, "tuning", "pairs").items():
        for name, row in pair["rows"].items():
            rows.append(
                (
                    precision,
                    name,
                    f"{row['plain_tokens_per_s']:.1f}",
                    f"{row['draft_tokens_per_s']:.0f}",
                    f"{row['pair_tokens_per_s']:.1f} ({row['num_assistant_tokens']})",
                    gain(row["gain"]),
                    gain(row["gain_over_default_plain"]),
                    f"{row['same_text_with_draft']:.0%}",
                )
            )
        for name, why in pair["refused"].items():
            rows.append((precision, name, f"refused: {why.splitlines()[0][:80]}", *[""] * 5))
    head = ("Main", "Setting", "Plain, tokens/s", "Draft alone", "With draft (length)")
    more = ("Gain", "Gain over plain with the runtime's defaults", "Same text")
    return table((*head, *more), rows)


def gain(spread: Mapping[str, float], key: str = "median") -> str:
    """A gain with its spread, as `2.41x (2.38 to 2.44)`."""
    return f"{spread[key]:.2f}x ({spread['low']:.2f} to {spread['high']:.2f})"


def merged(report: Report, bench: str, part: str) -> dict[str, Any]:
    """A part of the figures of every run of a benchmark, those with small pages named so."""
    found: dict[str, Any] = {}
    for figures in report["results"].values():
        if figures.get("bench") == bench:
            ending = ", small pages" if figures.get("small_pages") else ""
            found |= {f"{name}{ending}": value for name, value in figures.get(part, {}).items()}
    return found


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    if not rows:
        return [f"{NOT_MEASURED.capitalize()}."]
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]


def _flat(figures: Any, prefix: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in _items(figures):
        name = f"{prefix} / {key}" if prefix else key
        if isinstance(value, dict) or (isinstance(value, list) and _is_nested(value)):
            rows += _flat(value, name)
        else:
            rows.append((name, f"{value:.4g}" if isinstance(value, float) else str(value)))
    return rows


def _items(figures: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(figures, dict):
        yield from ((str(key), value) for key, value in figures.items())
    else:
        yield from ((str(number), value) for number, value in enumerate(figures, 1))


def _is_nested(values: list[Any]) -> bool:
    return any(isinstance(value, dict | list) for value in values)
