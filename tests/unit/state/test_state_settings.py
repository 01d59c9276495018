from __future__ import annotations

import json
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from megadesk.errors import InputError, LocalFileError
from megadesk.state.settings import LimitWindow, Settings, SettingsFile, limits_at

CHANGE = """
import sys
from datetime import datetime
from pathlib import Path
from megadesk.state.settings import SettingsFile
settings = SettingsFile(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(1, 21):
    settings.update(**{sys.argv[2]: number})
"""


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "config/settings.json")


def write(file: SettingsFile, text: str) -> None:
    file.path.parent.mkdir(exist_ok=True)
    file.path.write_text(text)


def test_defaults_without_a_file_and_nothing_is_made(file: SettingsFile) -> None:
    assert file.load() == Settings()
    assert not file.path.parent.exists()


def test_update_survives_and_is_private(file: SettingsFile) -> None:
    changed = file.update(theme="dark", upload_limit=5_000_000_000)
    assert changed == file.load() == Settings(theme="dark", upload_limit=5_000_000_000)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "pink"),
        ("upload_limit", -1),
        ("upload_limit", "5"),
        ("connections", 0),
        ("connections", True),
        ("lock_after_idle_min", 1.5),
        ("no_such", 1),
    ],
)
def test_bad_values_change_nothing(file: SettingsFile, name: str, value: object) -> None:
    file.update(theme="dark")
    before = file.path.read_bytes()
    with pytest.raises(InputError, match=name):
        file.update(**{"connections": 8, name: value})
    assert file.path.read_bytes() == before


def test_what_other_versions_wrote_is_kept(file: SettingsFile, expected_warnings: Any) -> None:
    write(file, '{"theme": "sepia", "future": {"a": [1, null]}, "connections": 9}')
    assert file.load() == Settings(connections=9)
    file.update(language="de")
    assert json.loads(file.path.read_text()) == {
        "theme": "sepia",
        "future": {"a": [1, None]},
        "connections": 9,
        "language": "de",
    }
    assert "theme" in expected_warnings.messages[0]


@pytest.mark.parametrize("text", ["", "{", "[]", "nul", '{"a": 1} x', "\x00" * 64])
def test_a_damaged_file_is_set_aside(file: SettingsFile, expected_warnings: Any, text: str) -> None:
    write(file, text)
    assert file.load() == Settings()
    assert file.path.with_name("settings.json.bad").read_text() == text
    assert not file.path.exists()
    assert "damaged" in expected_warnings.messages[0]
    write(file, text)
    assert file.update(connections=2) == file.load() == Settings(connections=2)


def test_a_file_that_cannot_be_read_is_left_alone(file: SettingsFile, expected_warnings: Any) -> None:
    file.path.mkdir(parents=True)
    assert file.load() == Settings()
    with pytest.raises(LocalFileError):
        file.update(theme="dark")
    assert file.path.is_dir()


def test_two_processes_do_not_lose_one_anothers_changes(file: SettingsFile, spawn: Any) -> None:
    names = ("upload_limit", "download_limit", "lock_after_idle_min")
    children = [spawn(CHANGE, file.path, name) for name in names]
    for child in children:
        assert child.stdout.readline() == "ready\n"
    for child in children:
        child.stdin.write("\n")
        child.stdin.flush()
    while any(child.poll() is None for child in children):
        file.load()  # a reader never sees half a file: that would be logged as damage and set aside
    assert [child.returncode for child in children] == [0, 0, 0]
    assert file.load() == Settings(upload_limit=20, download_limit=20, lock_after_idle_min=20)
    assert sorted(p.name for p in file.path.parent.iterdir()) == [".settings.json.lock", "settings.json"]


def moment(weekday: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 1, 1 + weekday, hour, minute)  # a Monday began that year


def test_limits_follow_the_schedule(file: SettingsFile) -> None:
    office = LimitWindow(days=(0, 1, 2, 3, 4), start_min=8 * 60, end_min=18 * 60, upload_limit=100_000)
    night = LimitWindow(start_min=23 * 60, end_min=6 * 60, download_limit=7)
    settings = file.update(upload_limit=5, download_limit=6, limit_schedule=(office, night))
    assert file.load() == settings
    assert settings.limit_schedule == (office, night)
    assert limits_at(settings, moment(0, 7, 59)) == (5, 6)
    assert limits_at(settings, moment(0, 8)) == (100_000, 0)
    assert limits_at(settings, moment(4, 17, 59)) == (100_000, 0)
    assert limits_at(settings, moment(4, 18)) == (5, 6)
    assert limits_at(settings, moment(5, 12)) == (5, 6)
    assert limits_at(settings, moment(5, 23)) == limits_at(settings, moment(6, 5, 59)) == (0, 7)
    assert limits_at(settings, moment(6, 6)) == (5, 6)


def test_a_window_over_midnight_belongs_to_the_day_it_begins_on() -> None:
    friday = LimitWindow(days=(4,), start_min=22 * 60, end_min=60)
    assert friday.covers(4, 22 * 60)
    assert friday.covers(5, 59)
    assert not friday.covers(5, 60)
    assert not friday.covers(4, 30)
    whole_sunday = LimitWindow(days=(6,), start_min=0, end_min=0)
    assert whole_sunday.covers(6, 0)
    assert whole_sunday.covers(6, 1439)
    assert not whole_sunday.covers(0, 0)


def test_a_bad_schedule_is_refused(file: SettingsFile) -> None:
    for bad in ([{"days": [7]}], [{"start_min": 1440}], [{"no_such": 1}], [{}] * 17):
        with pytest.raises(InputError):
            file.update(limit_schedule=bad)
