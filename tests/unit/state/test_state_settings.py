from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from megadesk.errors import InputError, LocalFileError
from megadesk.state.settings import Settings, SettingsFile

CHANGE = """
import sys
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
