from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from megadesk.errors import LocalFileError, LocalFullError
from megadesk.state import files


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_every_missing_folder_is_private(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        files.private_folder(tmp_path / "a/b/c")
    finally:
        os.umask(old)
    assert [mode(tmp_path / p) for p in ("a", "a/b", "a/b/c")] == [0o700] * 3


def test_an_existing_folder_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o755)
    files.private_folder(tmp_path / "a/b")
    assert mode(tmp_path / "a") == 0o755


def test_a_file_in_the_way_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(LocalFileError, match="could not create"):
        files.private_folder(tmp_path / "a/b")


def test_replace_is_private_and_leaves_no_other_file(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("old")
    files.replace_file(path, b"new")
    assert (path.read_bytes(), mode(path), os.listdir(tmp_path)) == (b"new", 0o600, ["f"])


@pytest.mark.parametrize(("number", "kind"), [(errno.ENOSPC, LocalFullError), (errno.EIO, LocalFileError)])
def test_the_old_file_stands_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[LocalFileError]
) -> None:
    path = tmp_path / "f"
    path.write_text("old")

    def fail(fd: int) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(LocalFileError) as caught:
        files.replace_file(path, b"new")
    assert type(caught.value) is kind
    assert (path.read_text(), os.listdir(tmp_path)) == ("old", ["f"])


def test_read_small_refuses_the_large_and_the_odd(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"x" * 10)
    assert files.read_small(path, 10) == b"x" * 10
    with pytest.raises(LocalFileError, match="larger than the 9 bytes"):
        files.read_small(path, 9)
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(LocalFileError, match="is not a file"):
        files.read_small(tmp_path / "fifo", 9)
    with pytest.raises(LocalFileError):
        files.read_small(tmp_path, 9)
    with pytest.raises(FileNotFoundError):
        files.read_small(tmp_path / "none", 9)
