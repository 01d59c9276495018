"""What killed downloads leave: small temporary files go, of the same transfer at once, of any after a day."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from megadesk.transfer.temporaries import Temporaries


def left_by(origin: str, folder: Path) -> Path:
    path = Path(Temporaries(origin).name(str(folder / "target.txt")))
    path.write_bytes(b"half")
    os.utime(path, (1, 1))  # as the file in the locker has it: says nothing about when it was left
    return path


def test_names_are_hidden_beside_the_target_and_never_the_same(tmp_path: Path) -> None:
    runs = [Temporaries("a"), Temporaries("a"), Temporaries("b"), Temporaries(), Temporaries()]
    names = [run.name(str(tmp_path / "target.txt")) for run in runs for _ in range(3)]
    assert len(set(names)) == len(names)
    assert {os.path.dirname(name) for name in names} == {str(tmp_path)}
    assert all(os.path.basename(name).startswith(".megadesk-") for name in names)


def test_the_next_run_of_a_transfer_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    mine, others, nobodys = left_by("mine", tmp_path), left_by("others", tmp_path), left_by("", tmp_path)
    link = Path(Temporaries("mine").name(str(tmp_path / "link")))
    link.symlink_to(tmp_path)
    run = Temporaries("mine")
    now = Path(run.name(str(tmp_path / "x")))
    kept = [now, tmp_path / ".megadesk-0123456789abcdef.part", tmp_path / ".megadesk-notes", tmp_path / "user.txt"]
    for path in kept:
        path.write_bytes(b"")
    run.sweep(str(tmp_path))
    assert not mine.exists()
    assert not link.is_symlink()
    assert all(path.exists() for path in [*kept, others, nobodys])


def test_after_a_day_all_that_was_left_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [left_by("others", tmp_path), left_by("", tmp_path), tmp_path / ".megadesk-0123456789abcdef"]
    left[2].write_bytes(b"of an earlier version")
    later = time.time() + 86500
    monkeypatch.setattr(time, "time", lambda: later)
    part = tmp_path / ".megadesk-0123456789abcdef.part"
    part.write_bytes(b"to be gone on with")
    Temporaries("mine").sweep(str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == [part.name]


def test_a_folder_that_is_not_there_is_no_matter(tmp_path: Path) -> None:
    Temporaries("mine").sweep(str(tmp_path / "none"))
