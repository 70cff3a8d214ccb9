"""Writes what Lab, tuner and verification found: JSON lines, or a table and sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.cli.lines import event_name, remark, write_json
from engine.codec import to_plain
from engine.lab.events import (
    LabCellFailed,
    LabEvent,
    LabFinished,
    LabLoading,
    LabProgressed,
    LabRunStreamed,
    LabStarted,
)
from engine.lab.record import LabRecord
from engine.lab.results import CellFigures, figures_of
from engine.lab.statistics import Estimate
from engine.lab.verdict import Note, Verdict, VerdictCode, notes_on_emulated, verdicts_of
from engine.tuning.tuner import TuneOutcome, TuneResult
from engine.verify.report import VerifyReport


class LabOutput:
    """Where the news of a Lab command goes: results to standard output, progress to standard error.

    Args:
        as_json: one JSON object a line instead of text.
        with_runs: also every run of every answer, for listeners with a clock of their own.
    """

    def __init__(self, *, as_json: bool, with_runs: bool = False) -> None:
        self._as_json = as_json
        self._with_runs = with_runs

    def event(self, event: LabEvent) -> None:
        """An event as it comes; the sink of a run."""
        if isinstance(event, LabRunStreamed) and not self._with_runs:
            return
        if self._as_json:
            # The last event repeats everything; the result says it better.
            if not isinstance(event, LabFinished):
                self._write(event_name(event), to_plain(event))
        else:
            self._tell(event)

    def progress(self, done: int, total: int) -> None:
        """Answers done of a verification."""
        if self._as_json:
            self._write("verify_progressed", {"done": done, "total": total})
        elif done % 20 == 0 or done == total:
            remark(f"{done}/{total} answers")

    def compared(self, record: LabRecord) -> None:
        """The result of `compare`."""
        figures, verdicts = figures_of(record), verdicts_of(record)
        if self._as_json:
            self._write(
                "result",
                {
                    "run_id": record.header.run_id,
                    "machine": to_plain(record.header.machine),
                    "versions": dict(record.versions),
                    "figures": [figures_to_plain(f) for f in figures],
                    "verdicts": [verdict_to_plain(v) for v in verdicts],
                    "is_finished": record.is_finished,
                },
            )
            return
        # With a single set there is nothing to sum up.
        for verdict in verdicts if len(verdicts) > 2 else verdicts[1:]:
            rows = [f for f in figures if f.set_id == verdict.set_id]
            print(f"\n{verdict.set_id or 'all prompts'}")
            _table(["cell", "tok/s", "speed-up", "TTFT ms", "tok/step", "MiB", "load s"], rows)
            print(verdict_sentence(verdict))
        print(f"\nrun {record.header.run_id}")

    def tuned(self, result: TuneResult) -> None:
        """The result of `tune`."""
        if self._as_json:
            self._write(
                "result",
                {
                    "outcome": str(result.outcome),
                    "winner": result.winner.key if result.winner else None,
                    "speed_up": to_plain(result.speed_up),
                    "answers": result.answers,
                    "exhaustive_answers": result.exhaustive_answers,
                    "rungs": [
                        {
                            "scores": {
                                cell.key: score
                                for cell, score in zip(rung.cells, rung.scores, strict=True)
                            },
                            "kept": [cell.key for cell in rung.kept],
                        }
                        for rung in result.rungs
                    ],
                },
            )
            return
        for rung in result.rungs:
            scores = zip(rung.cells, rung.scores, strict=True)
            ranking = sorted(scores, key=lambda entry: entry[1], reverse=True)
            print("  ".join(f"{cell.key} {score:.1f}" for cell, score in ranking))
        print(tune_sentence(result))

    def verified(self, report: VerifyReport) -> None:
        """The result of `verify`."""
        if self._as_json:
            self._write("result", to_plain(report))
            return
        for found in report.remarks:
            facts = ", ".join(f"{name} {_short(value)}" for name, value in found.facts)
            print(f"{found.statement.replace('_', ' ')} ({facts})")
        print(f"conclusion: {report.conclusion}")

    def note(self, name: str, **fields: str) -> None:
        """One remark that is neither event nor result."""
        if self._as_json:
            self._write(name, dict(fields))
        else:
            remark(" ".join([name.replace("_", " "), *fields.values()]))

    def _write(self, name: str, fields: dict[str, object]) -> None:
        write_json({"event": name, **fields})

    def _tell(self, event: LabEvent) -> None:
        match event:
            case LabStarted(header=header):
                impossible = [c for c in header.cells if not c.is_possible]
                for planned in impossible:
                    reasons = ", ".join(str(f.code) for f in planned.findings)
                    remark(f"{planned.cell.key}: not possible ({reasons})")
            case LabLoading(group_key=key):
                remark(f"loading {key}")
            case LabCellFailed(failure=failure):
                remark(f"{failure.cell_key}: {failure.error.message}")
            case LabProgressed(done=done, total=total, remaining_s=remaining) if done % 10 == 0:
                left = "" if remaining is None else f", about {remaining:.0f} s left"
                remark(f"{done}/{total} answers{left}")


def figures_to_plain(figures: CellFigures) -> dict[str, object]:
    """Figures of a cell as a JSON object, its key first."""
    plain: dict[str, object] = to_plain(figures)
    return {"cell_key": figures.cell.key, **plain}


def verdict_to_plain(verdict: Verdict) -> dict[str, object]:
    """A verdict as a JSON object."""
    plain: dict[str, object] = to_plain(verdict)
    plain["best"] = verdict.best.key if verdict.best else None
    plain["candidate"] = verdict.candidate.key if verdict.candidate else None
    plain["ties"] = [cell.key for cell in verdict.ties]
    return plain


def verdict_sentence(verdict: Verdict) -> str:
    """The verdict in one English sentence, its notes behind it."""
    found = verdict.best or verdict.candidate
    best = found.key if found else ""
    gain = _gain(verdict.speed_up)
    sentence = {
        VerdictCode.CANDIDATES_ARE_BEST: f"Best here: {best}, {gain}.",
        VerdictCode.PLAIN_ELSEWHERE_IS_BEST: f"No draft is best here: {best}, {gain}.",
        VerdictCode.NO_DRAFT_IS_BEST: "No draft is best here.",
        VerdictCode.UNDECIDED: f"Too short to tell: {best} measured {gain}, maybe by chance.",
        VerdictCode.NOTHING_TO_COMPARE: "Nothing could be compared.",
    }[verdict.code]
    if verdict.ties:
        sentence += f" Within noise of it: {', '.join(cell.key for cell in verdict.ties)}."
    return " ".join([sentence, *map(_note, verdict.notes)])


def tune_sentence(result: TuneResult) -> str:
    """The outcome of a tuning run in one English sentence."""
    cost = f"{result.answers} of {result.exhaustive_answers} answers"
    winner = result.winner.key if result.winner else ""
    sentence = {
        TuneOutcome.BETTER: f"Best here: {winner}, {_gain(result.speed_up)} ({cost}).",
        TuneOutcome.NO_DRAFT_IS_BEST: f"No draft is best here ({cost}).",
        TuneOutcome.UNDECIDED: f"Too short to tell: {winner} {_gain(result.speed_up)} ({cost}).",
        TuneOutcome.NOT_MEASURED: "Nothing could be compared.",
        TuneOutcome.STOPPED: f"Stopped after {cost}.",
    }[result.outcome]
    return " ".join([sentence, *map(_note, notes_on_emulated(result.record.header))])


def _gain(estimate: Estimate | None) -> str:
    if estimate is None:
        return "the baseline"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:.2f}x"
    return f"{estimate.value:.2f}x ({estimate.low:.2f}-{estimate.high:.2f})"


def _note(note: Note) -> str:
    facts = ", ".join(f"{name} {_short(value)}" for name, value in note.facts)
    return f"[{note.code.replace('_', ' ')}{': ' + facts if facts else ''}]"


def _table(heads: Sequence[str], rows: Iterable[CellFigures]) -> None:
    lines = [list(heads), *(_row(figures) for figures in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = [cell.rjust(width) for cell, width in zip(line, widths, strict=True)]
        cells[0] = line[0].ljust(widths[0])
        print("  ".join(cells).rstrip())


def _row(f: CellFigures) -> list[str]:
    if f.tokens_per_s is None:
        return [f.cell.key, str(f.error.code) if f.error else "-", *[""] * 5]
    return [
        f.cell.key,
        f"{f.tokens_per_s.median:.1f}",
        f"{f.speed_up.value:.2f}" if f.speed_up else "1",
        f"{f.ttft_s.median * 1000:.0f}" if f.ttft_s else "-",
        f"{f.mean_acceptance_length:.2f}" if f.mean_acceptance_length else "-",
        f"{f.memory_bytes / 2**20:.0f}" if f.memory_bytes else "-",
        f"{f.load_s:.1f}" if f.load_s is not None else "-",
    ]


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
