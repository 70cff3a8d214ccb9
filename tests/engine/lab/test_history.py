"""Runs on disk, broken files, exports and imports."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import DeviceError, ErrorCode, StorageError
from engine.events import DeviceInfo, DeviceKind
from engine.lab.events import LabEvent, LabMeasured
from engine.lab.export import read_report, to_csv, to_json
from engine.lab.history import LabHistory
from engine.lab.record import CellFailure, LabRecord
from engine.lab.report_html import ReportText, render_report
from engine.lab.results import figures_of
from engine.lab.start import new_record, run_and_keep
from engine.stop_token import StopToken
from tests.engine.lab.conftest import Laboratory, make_plan


@pytest.fixture
def record(laboratory: Laboratory) -> LabRecord:
    return laboratory.measure()


def test_a_run_is_kept_as_it_comes(laboratory: Laboratory, tmp_path: Path) -> None:
    history = LabHistory(tmp_path / "lab")
    begun = new_record(make_plan())
    seen = []

    def sink(event: LabEvent) -> None:
        if isinstance(event, LabMeasured):
            seen.append(event.measurement)
            assert history.read(begun.header.run_id).measurements == tuple(seen)

    kept = run_and_keep(
        begun, history, make_backend=laboratory.make_backend, sink=sink, stop=StopToken()
    )
    assert history.read(begun.header.run_id) == kept
    assert [run.header for run in history.runs()] == [begun.header]


def test_a_run_cut_off_in_the_middle_of_a_line_goes_on(
    laboratory: Laboratory, tmp_path: Path, record: LabRecord
) -> None:
    history = LabHistory(tmp_path)
    history.add(record)
    path = next(tmp_path.glob("*.jsonl"))
    data = path.read_bytes()
    part = record
    for cut in range(len(data) - 1, len(data) - 2000, -97):
        path.write_bytes(data[:cut])
        part = history.read(record.header.run_id)
        assert part.measurements == record.measurements[: len(part.measurements)]
        assert len(part.measurements) >= len(record.measurements) - 6
    assert not part.is_finished
    journal = history.begin(part)
    for measurement in record.measurements[len(part.measurements) :]:
        journal.save(measurement)
    journal.finish()
    journal.close()
    assert history.read(record.header.run_id) == record


def test_a_damaged_file_spoils_no_other(tmp_path: Path, record: LabRecord) -> None:
    history = LabHistory(tmp_path)
    history.add(record)
    (tmp_path / "20200101-000000-bad.jsonl").write_text("{", encoding="utf-8")
    assert [run.header.run_id for run in history.runs()] == [record.header.run_id]
    with pytest.raises(StorageError) as caught:
        history.read("20200101-000000-bad")
    assert caught.value.code is ErrorCode.STORAGE_CORRUPT


@pytest.mark.parametrize("name", ["../secret", "a/b", "", ".hidden", "C:\\x", "a..b"])
def test_a_run_id_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(StorageError):
        LabHistory(tmp_path).read(name)


def test_a_run_can_be_deleted(tmp_path: Path, record: LabRecord) -> None:
    history = LabHistory(tmp_path)
    history.add(record)
    history.delete(record.header.run_id)
    history.delete(record.header.run_id)
    assert history.runs() == ()


def test_json_and_html_come_back_as_the_same_figures(tmp_path: Path, record: LabRecord) -> None:
    for name, text in (("a.json", to_json(record)), ("a.html", render_report(record))):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        back = read_report(path)
        assert back == record.without_paths()
        assert figures_of(back) == figures_of(record)


def test_nothing_private_leaves_the_machine(record: LabRecord) -> None:
    error = DeviceError(
        "at /private/someone/model", code=ErrorCode.MODEL_CORRUPT, path="/private/someone"
    )
    failure = CellFailure(cell_key="draft/CPU+CPU/small/2", round=0, error=error.to_info())
    header = record.header
    plan = replace(header.plan, properties=(("CPU", (("CACHE_DIR", "/private/someone/cache"),)),))
    device = DeviceInfo(name="GPU", full_name="G", kind=DeviceKind.INTEGRATED_GPU, uuid="abc-123")
    machine = replace(header.machine, devices=(device,))
    header = replace(header, plan=plan, machine=machine)
    private = replace(record, header=header, failures=(failure,))
    for text in (to_json(private), render_report(private), to_csv(private)):
        assert "/private/someone" not in text
        assert "/models" not in text
        assert "abc-123" not in text


def test_hostile_words_stay_words_in_the_report(tmp_path: Path, record: LabRecord) -> None:
    evil = "</script><script>alert(1)</script>"
    plan = replace(record.header.plan, main=replace(record.header.plan.main, name=evil))
    measurements = (replace(record.measurements[0], text=evil), *record.measurements[1:])
    hostile = replace(record, header=replace(record.header, plan=plan), measurements=measurements)
    text = render_report(hostile, ReportText(headlines=(evil,), set_names={"story": evil}))
    assert "<script>alert" not in text
    assert text.count("</script>") == 1
    path = tmp_path / "evil.html"
    path.write_text(text, encoding="utf-8")
    assert read_report(path).measurements[0].text == evil
    assert read_report(path).header.plan.main.name == evil


def test_the_report_needs_nothing_from_outside(record: LabRecord) -> None:
    text = render_report(record)
    assert "http" not in text
    assert "src=" not in text
    assert "@import" not in text


def test_csv_has_a_line_for_every_cell_and_set(record: LabRecord) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(record))))
    assert len(rows) == 5 * 2
    plain = next(row for row in rows if row["strategy"] == "none" and row["set"] == "story")
    assert float(plain["tokens_per_s"]) == pytest.approx(20, rel=0.05)
    assert plain["speed_up"] == ""


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"format": None},
        {"header": {}},
        {"measurements": [{"cell_key": 1}]},
        {"more": 1},
    ],
)
def test_foreign_reports_are_checked(
    tmp_path: Path, record: LabRecord, change: dict[str, object]
) -> None:
    plain = {**json.loads(to_json(record)), **change}
    path = tmp_path / "report.json"
    path.write_text(json.dumps(plain), encoding="utf-8")
    with pytest.raises(StorageError) as caught:
        read_report(path)
    newer = change.get("format") == 2
    code = ErrorCode.STORAGE_NEWER_SCHEMA if newer else ErrorCode.STORAGE_CORRUPT
    assert caught.value.code is code


@pytest.mark.parametrize("times", [[0.1], [0.2, 0.1], [0.1, float("inf")], [-1.0, 0.1]])
def test_impossible_times_are_refused(
    tmp_path: Path, record: LabRecord, times: list[float]
) -> None:
    plain = json.loads(to_json(record))
    plain["measurements"][0].update(run_lengths=[1, 1], run_times_s=times)
    path = tmp_path / "report.json"
    path.write_text(json.dumps(plain), encoding="utf-8")
    with pytest.raises(StorageError):
        read_report(path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 100_000, b"<html>", b"[1]"])
def test_rubbish_is_no_report(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(content)
    with pytest.raises(StorageError):
        read_report(path)
