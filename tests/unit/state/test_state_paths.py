from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from megadesk.errors import PathError
from megadesk.state.paths import Paths, check_locker_name, folder_name


def test_the_order_of_homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEGADESK_HOME", str(tmp_path / "env"))
    assert Paths().data_dir == tmp_path / "env/data"
    assert Paths(tmp_path / "given").log_dir == tmp_path / "given/log"
    monkeypatch.setenv("MEGADESK_HOME", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    if sys.platform == "linux":
        assert Paths().data_dir == tmp_path / "xdg/megadesk"
    assert Paths().home is None


def test_a_relative_home_counts_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = Paths("x")
    monkeypatch.chdir("/")
    assert made.config_dir == tmp_path / "x/config"


def test_asking_makes_nothing(tmp_path: Path) -> None:
    made = Paths(tmp_path / "home")
    assert made.default_store("Work") == tmp_path / "home/data/store/Work"
    assert made.settings_file
    assert made.lockers_dir
    assert not (tmp_path / "home").exists()


def test_appdirs_is_not_loaded_under_a_home() -> None:
    program = "import sys; from megadesk.state.paths import Paths; Paths('/x'); sys.exit('appdirs' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[3]).returncode == 0


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "a\\b", " a", "a ", "a\nb", "a\u202eb", "a\x00", "x" * 65, "a\udcff"]
)
def test_bad_names(name: str) -> None:
    with pytest.raises(PathError):
        check_locker_name(name)


def test_names_are_normalised() -> None:
    assert check_locker_name("Bu\u0308ro") == "Büro"


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Work", "Work"),
        ("my files-2.1", "my files-2.1"),
        ("Büro", "B%c3%bcro"),
        ("a:b", "a%3ab"),
        ("100%", "100%25"),
        (".x", "%2ex"),
        ("x.", "x%2e"),
        ("...", "%2e.%2e"),
        ("nul", "%6eul"),
        ("Com1.txt", "%43om1.txt"),
        ("über", "%c3%bcber"),
    ],
)
def test_folder_names(name: str, folder: str) -> None:
    assert folder_name(name) == folder


@given(st.text(min_size=1, max_size=64), st.text(min_size=1, max_size=64))
def test_folder_names_are_safe_and_differ(one: str, other: str) -> None:
    try:
        one, other = check_locker_name(one), check_locker_name(other)
    except PathError:
        return
    folder = folder_name(one)
    assert len(folder) <= 120
    assert folder.isascii()
    assert not set(folder) & set('/\\:*?"<>|~\0')
    assert folder[0] not in ". "
    assert folder[-1] not in ". "
    assert (folder == folder_name(other)) == (one == other)
