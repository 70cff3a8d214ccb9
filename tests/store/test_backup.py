"""Backups: verified, rotated, made only when something changed, broken off when the user works."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.core.store import backup
from app.core.store.connection import connect_reader, connect_writer, transaction
from tests.store.bench import Bench, fill, read_all, user, wait, wait_for_index, wait_until

START = datetime(2026, 3, 1, 12)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "chats.db"
    with closing(connect_writer(path)) as connection:
        connection.execute("CREATE TABLE t(x)")
        with transaction(connection):
            connection.executemany("INSERT INTO t VALUES (?)", [("x" * 500,)] * 5000)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_five_days_and_a_month_are_kept(folder: Path, database: Path) -> None:
    with closing(connect_reader(database)) as source:
        for day in range(70):
            backup.make_daily(source, folder, (START + timedelta(days=day)).timestamp())
    last = START + timedelta(days=69)
    dailies = [f"daily-{last - timedelta(days=ago):%Y-%m-%d}.db" for ago in range(5)]
    monthly = [name for name in names(folder) if name.startswith("monthly")]
    assert sorted(dailies + monthly) == names(folder)
    (only,) = monthly
    age = last - datetime.strptime(only, "monthly-%Y-%m-%d.db")
    assert timedelta(days=5) <= age <= timedelta(days=36)


def test_a_backup_needs_no_file_beside_it(folder: Path, database: Path) -> None:
    with closing(connect_reader(database)) as source:
        path = backup.make_daily(source, folder, START.timestamp())
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (5000,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_only_sound_backups_count(folder: Path, database: Path) -> None:
    with closing(connect_reader(database)) as source:
        older = backup.make_daily(source, folder, START.timestamp())
        newer = backup.make_daily(source, folder, (START + timedelta(days=1)).timestamp())
    assert backup.newest_sound_backup(folder) == newer
    newer.write_bytes(newer.read_bytes()[:50_000])
    for monthly in folder.glob("monthly*"):
        monthly.unlink()
    assert backup.newest_sound_backup(folder) == older
    older.unlink()
    assert backup.newest_sound_backup(folder) is None


def test_a_backup_is_broken_off_and_leaves_nothing(folder: Path, database: Path) -> None:
    asked = 0

    def must_stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 1

    with closing(connect_reader(database)) as source, pytest.raises(backup.BackupInterruptedError):
        backup.make_daily(source, folder, START.timestamp(), must_stop=must_stop)
    assert names(folder) == []


def test_a_backup_leaves_room_for_the_chats(
    folder: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    almost_full = shutil.disk_usage(database.parent)._replace(free=database.stat().st_size)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: almost_full)
    with closing(connect_reader(database)) as source, pytest.raises(backup.BackupFailedError):
        backup.make_daily(source, folder, START.timestamp())
    assert names(folder) == []


def test_an_unchanged_store_is_not_backed_up_again(bench: Bench) -> None:
    store = bench.open()
    fill(store, chats=1)
    wait_for_index(store)
    bench.close(store)
    made = names(bench.path.parent / "backups")
    bench.now += 86400
    bench.close(bench.open())
    assert names(bench.path.parent / "backups") == made

    bench.now += 86400
    store = bench.open()
    wait(store.create_chat().saved)
    bench.close(store)
    assert len(names(bench.path.parent / "backups")) == len(made) + 1


def test_the_backup_of_today_is_made_when_it_is_quiet(bench: Bench) -> None:
    store = bench.open(quiet_s=0.0)
    folder = bench.path.parent / "backups"
    wait_until(lambda: folder.is_dir() and list(folder.glob("daily-*.db")) != [], "backup made")
    chat = store.create_chat()
    wait(store.add_message(chat.id, None, user("works meanwhile")).saved)
    assert list(read_all(store).values()) == ["works meanwhile"]
