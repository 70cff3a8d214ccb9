"""Short tables from the report: what the README shows, and why each default is what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from reporting.pages import NOT_MEASURED, Report, gain, machine_line, merged, quiet_line, table

from app.core.load_choice import LoadChoice
from engine.placement import SchedulerSettings


def pick(report: Report, path: str) -> Any:
    """A figure by its way through the results, as `startup/with_engine_median_s`; None without."""
    found: Any = report["results"]
    for key in path.split("/"):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def readme_table(report: Report) -> str:
    """The table of the README, with date and hardware, and how to repeat it."""
    rows = [*_speed_rows(report), *_peer_rows(report), *_bound_rows(report), *_own_rows(report)]
    return "\n".join(
        [
            f"Measured by `python3 dev.py bench`: {machine_line(report)}, OpenVINO GenAI "
            f"{report['machine']['versions']['openvino-genai']}. {quiet_line(report)}",
            "",
            *table(("Figure", "Measured", "Goal"), rows),
        ]
    )


def _size(report: Report) -> str:
    return f"{report['parameters'] / 1e9:g} B"


def _speed_rows(report: Report) -> Iterator[tuple[str, str, str]]:
    pairs = merged(report, "speculation", "pairs")
    for name, pair in pairs.items():
        best = _best_point(pair)
        figure = f"{gain(best, 'measured')} at {best['num_assistant_tokens']} tokens"
        yield (
            f"decode rate with a draft over plain, {_size(report)} main {name}",
            figure,
            f"{pair['goal']}x",
        )
    for name, pair in list(pairs.items())[:1]:
        yield (
            f"prompt lookup over plain, {_size(report)} main {name}",
            gain(pair["prompt_lookup"]),
            "",
        )


def _best_point(pair: Mapping[str, Any]) -> Mapping[str, Any]:
    best: Mapping[str, Any] = max(pair["draft"], key=lambda point: point["measured"])
    return best


def _peer_rows(report: Report) -> Iterator[tuple[str, str, str]]:
    goals = pick(report, "peers/goals") or {}
    alike = pick(report, "peers/like_for_like") or {}
    for name, pair in (pick(report, "peers/pairs") or {}).items():
        for peer, goal in goals.items():
            found = pair["engines"].get(peer)
            if found is None or name.rpartition(" ")[2] not in alike[peer]:
                continue
            plain, drafted = (found[f"ours_to_it_{mode}"] for mode in ("plain", "speculative"))
            figure = f"{plain['median']:.2f}x plain, {drafted['median']:.2f}x with a draft"
            yield f"decode rate over {peer}, {name}, same weights", figure, f"{goal}x"


def _bound_rows(report: Report) -> Iterator[tuple[str, str, str]]:
    goal = pick(report, "roofline/goal_share")
    wanted = "" if goal is None else f"{goal:.0%}"
    for name, case in merged(report, "roofline", "decode").items():
        if name.partition(",")[0] in ("int8", "fp16"):
            figure = f"{case['share_of_bound']:.0%} ({case['tokens_per_s']['median']:.1f} tokens/s)"
            what = f"plain decoding, {_size(report)} {name}, of the memory bound"
            yield what, figure, wanted


_OWN: tuple[tuple[str, tuple[str, ...], Callable[..., str], str], ...] = (
    (
        "decode rate against the bare runtime, embedded pair: engine process / whole window",
        ("overhead/layers/process/rate_ratio", "overhead/layers/window/rate_ratio"),
        "{:.2f} / {:.2f}".format,
        "0.99 / 0.97",
    ),
    (
        "the same with the pair widened to 300 M, best rounds: engine process / whole window",
        (
            "overhead/real_size/layers/process/best_rate_ratio",
            "overhead/real_size/layers/window/best_rate_ratio",
        ),
        "{:.2f} / {:.2f}".format,
        "0.99 / 0.97",
    ),
    (
        "time to first token added by the engine process / the whole window, ms",
        ("overhead/layers/process/added_ttft_s", "overhead/layers/window/added_ttft_s"),
        lambda process, window: f"{process * 1e3:.1f} / {window * 1e3:.1f}",
        "10",
    ),
    (
        "process start to first paint, median of 10, s",
        ("startup/with_engine_median_s",),
        "{:.2f}".format,
        "0.5",
    ),
    (
        "one update of a growing answer in a chat of 1000 messages, median / p99, ms",
        ("view/colours_off/answer_4k/median_ms", "view/colours_off/answer_4k/p99_ms"),
        "{:.2f} / {:.2f}".format,
        "",
    ),
)


def _own_rows(report: Report) -> Iterator[tuple[str, str, str]]:
    for name, paths, text, goal in _OWN:
        values = [pick(report, path) for path in paths]
        yield name, NOT_MEASURED if None in values else text(*values), goal


def defaults_page(report: Report) -> str:
    """Every default that bears on speed, with the figure that chose it."""
    intro = (
        "What the program does unless told otherwise, and the measurement behind it. Made by "
        f"`python3 dev.py bench report -- --defaults` from a run of {machine_line(report)}."
    )
    rows = [*_draft_defaults(report), *_setting_defaults(report)]
    head = ("Default", "Value", "Chosen by")
    rows += _page_defaults(report)
    return "\n".join(["# Defaults", "", intro, "", *table(head, rows), ""])


def _draft_defaults(report: Report) -> Iterator[tuple[str, str, str]]:
    length: Any = LoadChoice.__dataclass_fields__["num_assistant_tokens"].default
    pairs = merged(report, "speculation", "pairs")
    gains = "; ".join(
        f"{name}: {_at(pair, length)} of a best {pair['best']:.2f}x "
        f"at {pair['best_num_assistant_tokens']}"
        for name, pair in pairs.items()
    )
    yield "draft length (`num_assistant_tokens`)", str(length), gains or NOT_MEASURED
    lookups = "; ".join(
        f"{name}: prompt lookup {pair['prompt_lookup']['median']:.2f}x, draft {pair['best']:.2f}x"
        for name, pair in pairs.items()
        if "prompt_lookup" in pair
    )
    strategy = LoadChoice.__dataclass_fields__["strategy"].default
    yield "strategy", f"{strategy}, where there is a draft model", lookups or NOT_MEASURED


def _page_defaults(report: Report) -> list[tuple[str, str, str]]:
    cases = merged(report, "roofline", "decode")
    large, small = (cases.get(name) for name in ("int8", "int8, small pages"))
    figure = NOT_MEASURED
    if large and small:
        rates = (large["tokens_per_s"]["median"], small["tokens_per_s"]["median"])
        text = "plain decoding, {} int8: {:.1f} tokens/s, with small pages {:.1f}"
        figure = text.format(_size(report), *rates)
    return [("memory of the engine process", "huge pages asked for (Linux)", figure)]


def _at(pair: Mapping[str, Any], length: int) -> str:
    found = [point for point in pair["draft"] if point["num_assistant_tokens"] == length]
    return f"{found[0]['measured']:.2f}x" if found else NOT_MEASURED


def _setting_defaults(report: Report) -> Iterator[tuple[str, str, str]]:
    scheduler = SchedulerSettings()
    caching = "on" if scheduler.enable_prefix_caching else "off"
    batch = scheduler.max_num_batched_tokens or "the whole prompt"
    for name, value, settings in (
        ("threads", "the runtime's: all cores", ("1 thread", "draft on 1 thread")),
        ("pinning of threads", "the runtime's", ("no pinning",)),
        ("hyper-threading", "the runtime's", ("hyper-threading",)),
        ("inference precision", "the runtime's", ("f32", "draft in f32")),
        (
            "group size of dynamic quantisation",
            "the runtime's",
            ("group size 0", "group size 32", "group size 64", "group size 128"),
        ),
        ("precision of the KV cache", "the runtime's", ("KV u8", "KV f16")),
        (
            "weights of the draft model",
            "as the model comes",
            ("draft in int4", "draft in fp16", "draft in int4, group size 64"),
        ),
        ("prefix caching", caching, ("no prefix caching",)),
        ("tokens of a prompt at a time", str(batch), ("prompt in pieces of 256",)),
        ("KV cache", "grows as needed", ("KV cache of 1 GB",)),
        ("splitting of long prompts", str(scheduler.dynamic_split_fuse), ("no split fuse",)),
        ("performance hint", "the runtime's: latency", ("throughput",)),
    ):
        yield name, value, _instead(report, settings)


def _instead(report: Report, settings: tuple[str, ...]) -> str:
    """Gain over the runtime's plain decoding with the defaults, and with other settings."""
    rows = pick(report, "tuning/pairs/int8/rows") or {}
    named = [("runtime default", "as it is"), *((name, name) for name in settings)]
    found = [
        f"{label} {rows[name]['gain_over_default_plain']['median']:.2f}x"
        for name, label in named
        if name in rows
    ]
    return ", ".join(found) if len(found) > 1 else NOT_MEASURED
