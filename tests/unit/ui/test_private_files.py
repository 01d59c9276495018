"""Temporary copies in clear: private while they live, gone with lock, exit and the next start."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from megadesk.ui import private_files
from megadesk.ui.private_files import NAME, PrivateFiles


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """Memory and cache."""
    return tmp_path / "memory", tmp_path / "cache"


def test_nobody_else_may_look_and_the_name_says_nothing(places: tuple[Path, Path]) -> None:
    files = PrivateFiles(places[1], memory=places[0])
    folder = files.folder()
    for each in (folder, folder.parent, folder.parent.parent):
        assert stat.S_IMODE(each.stat().st_mode) == 0o700
    assert folder.is_relative_to(places[0])
    assert files.folder() != folder
    files.wipe()
    assert os.listdir(places[0]) == []


def test_the_runtime_folder_is_used_and_a_shared_one_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    assert private_files._memory_folder() == runtime / NAME
    runtime.chmod(0o755)
    monkeypatch.setattr(private_files.os.path, "isdir", lambda path: False)
    assert private_files._memory_folder() is None
    files = PrivateFiles(tmp_path / "cache")
    assert files.folder().is_relative_to(tmp_path / "cache")
    files.wipe()


def test_what_is_too_large_for_memory_goes_to_the_cache(places: tuple[Path, Path]) -> None:
    files = PrivateFiles(places[1], memory=places[0])
    assert files.folder(1 << 60).is_relative_to(places[1])
    assert files.folder(10).is_relative_to(places[0])
    files.wipe()


@pytest.fixture
def after_zeros(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was in the files once they were overwritten, whether they had a name or not."""
    found: list[bytes] = []
    overwrite = private_files._zeros

    def look(descriptor: int) -> None:
        overwrite(descriptor)
        with open(f"/proc/self/fd/{descriptor}", "rb") as file:
            found.append(file.read())

    monkeypatch.setattr(private_files, "_zeros", look)
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_wiping_overwrites_and_follows_no_link(
    places: tuple[Path, Path], tmp_path: Path, after_zeros: list[bytes]
) -> None:
    files = PrivateFiles(places[1], memory=places[0])
    mine = tmp_path / "mine.txt"
    mine.write_text("of the user")
    folder = files.folder()
    secret = folder / "deep" / "secret.txt"
    secret.parent.mkdir()
    secret.write_bytes(b"in clear" * 1000)
    secret.chmod(0o400)
    (folder / "link").symlink_to(mine)
    (folder / "away").symlink_to(tmp_path, target_is_directory=True)
    os.link(mine, folder / "second name")
    files.wipe()
    assert after_zeros == [bytes(8000)]  # in clear nowhere any more, not only without a name
    assert not folder.exists()
    assert mine.read_text() == "of the user"


def test_one_folder_can_go_alone(places: tuple[Path, Path]) -> None:
    files = PrivateFiles(places[1], memory=places[0])
    one, other = files.folder(), files.folder()
    files.remove(one)
    assert not one.exists()
    assert other.exists()
    files.wipe()


def test_the_next_start_wipes_what_a_crash_left_and_nothing_of_the_living(places: tuple[Path, Path]) -> None:
    script = (
        "import sys, os; from pathlib import Path; from megadesk.ui.private_files import PrivateFiles\n"
        "files = PrivateFiles(Path(sys.argv[2]), memory=Path(sys.argv[1]))\n"
        "for size in (0, 1 << 60): (files.folder(size) / 'left.txt').write_text('in clear')\n"
        "os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", script, *map(str, places)], check=False, cwd=Path(__file__).parents[3])
    assert list(places[0].rglob("left.txt"))
    living = PrivateFiles(places[1], memory=places[0])
    kept = living.folder() / "kept.txt"
    kept.write_text("in use")
    PrivateFiles(places[1], memory=places[0]).sweep()
    assert not list(places[0].rglob("left.txt"))
    assert not list(places[1].rglob("left.txt"))
    assert kept.exists()
    living.wipe()


def test_wiping_twice_and_working_on_afterwards(places: tuple[Path, Path]) -> None:
    files = PrivateFiles(places[1], memory=places[0])
    files.wipe()
    files.folder()
    files.wipe()
    files.wipe()
    assert files.folder().is_dir()
    files.wipe()


_READER = """
import sys, time
with open(sys.argv[1], "rb") as file:
    got = file.read(4096)
    print("open", flush=True)
    sys.stdin.readline()
    got += file.read()
sys.stdout.buffer.write(got)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_what_is_being_read_is_read_to_its_end(tmp_path: Path, after_zeros: list[bytes]) -> None:
    """Attack 29, the other way round: a file manager's copy must not silently end in zeros."""
    private = PrivateFiles(tmp_path / "cache", memory=tmp_path / "memory")
    folder = private.folder(owner="one")
    content = os.urandom(300_000)
    (folder / "a.bin").write_bytes(content)
    (folder / "b.bin").write_bytes(b"not opened by anyone")
    reader = subprocess.Popen(
        [sys.executable, "-c", _READER, str(folder / "a.bin")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert reader.stdin is not None
    assert reader.stdout is not None
    assert reader.stdout.readline() == b"open\n"
    assert private.wipe_of("one") == 1
    assert not folder.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix == ".bin"] == []
    got, _ = reader.communicate(b"\n", timeout=30)
    assert got == content
    assert after_zeros[0] == bytes(len(b"not opened by anyone"))
    end = time.monotonic() + 20
    while len(after_zeros) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    assert after_zeros[1] == bytes(len(content))
    private.wipe()


def test_nobody_reads_then_nothing_is_left(tmp_path: Path) -> None:
    private = PrivateFiles(tmp_path / "cache", memory=tmp_path / "memory")
    folder = private.folder()
    (folder / "a.bin").write_bytes(b"secret")
    os.link(folder / "a.bin", tmp_path / "kept by the user")
    assert private.wipe() == 0
    assert not folder.exists()
    assert (tmp_path / "kept by the user").read_bytes() == b"secret"
