"""Locks between real processes; they tell each other where they are over pipes."""

from __future__ import annotations

import os
import signal
import stat
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from megadesk.errors import LocalFileError, LockerBusyError
from megadesk.state.lock import FileLock, HeldLock

HOLD = """
import sys
from pathlib import Path
from megadesk.state.lock import FileLock
with FileLock(Path(sys.argv[1])).hold(shared=sys.argv[2] == "shared"):
    print("held", flush=True)
    sys.stdin.readline()
print("released", flush=True)
sys.stdin.readline()
"""

ADD = """
import sys
from pathlib import Path
from megadesk.state.lock import FileLock
counter = Path(sys.argv[2])
lock = FileLock(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for _ in range(100):
    with lock:
        counter.write_text(str(int(counter.read_text()) + 1))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.lock"


def test_another_process_is_kept_out_and_named(path: Path, spawn: Any) -> None:
    child = spawn(HOLD, path, "exclusive")
    assert child.stdout.readline() == "held\n"
    lock = FileLock(path, what="The test")
    assert lock.try_hold() is None
    assert lock.try_hold(shared=True) is None
    with pytest.raises(LockerBusyError, match=rf"in use by another process \(number {child.pid}\)"):
        lock.hold(timeout_s=0)
    child.stdin.write("\n")
    child.stdin.flush()
    assert child.stdout.readline() == "released\n"
    with lock.hold(timeout_s=0):
        pass


def test_waiting_ends_when_the_holder_lets_go(path: Path, spawn: Any) -> None:
    child = spawn(HOLD, path, "exclusive")
    assert child.stdout.readline() == "held\n"
    asked = threading.Event()
    lock = FileLock(path)
    real = lock.try_hold

    def try_hold(*, shared: bool = False) -> Any:
        held = real(shared=shared)
        asked.set()
        return held

    lock.try_hold = try_hold  # type: ignore[method-assign]
    got: list[HeldLock] = []
    thread = threading.Thread(target=lambda: got.append(lock.hold(timeout_s=60)))
    thread.start()
    assert asked.wait(60)
    assert not got
    child.stdin.write("\n")
    child.stdin.flush()
    thread.join(60)
    got[0].release()


def test_a_killed_holder_leaves_nothing_behind(path: Path, spawn: Any) -> None:
    child = spawn(HOLD, path, "exclusive")
    assert child.stdout.readline() == "held\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait(60)
    assert path.read_text() == f"{child.pid}\n"
    with FileLock(path).hold(timeout_s=0):
        assert path.read_text() == f"{os.getpid()}\n"
    assert path.read_text() == ""


def test_shared_holders_share_and_keep_exclusive_ones_out(path: Path, spawn: Any) -> None:
    child = spawn(HOLD, path, "shared")
    assert child.stdout.readline() == "held\n"
    lock = FileLock(path)
    with lock.hold(timeout_s=0, shared=True), pytest.raises(LockerBusyError):
        lock.hold(timeout_s=0)


def test_processes_do_not_lose_updates(path: Path, tmp_path: Path, spawn: Any) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    children = [spawn(ADD, path, counter) for _ in range(3)]
    for child in children:
        assert child.stdout.readline() == "ready\n"
    for child in children:
        child.stdin.write("\n")
        child.stdin.flush()
    assert [child.wait(120) for child in children] == [0, 0, 0]
    assert counter.read_text() == "300"


def test_threads_exclude_one_another_on_one_lock_object(path: Path) -> None:
    lock = FileLock(path)
    inside = 0
    most = 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(50):
            with lock:
                inside += 1
                most = max(most, inside)
                time.sleep(0)  # let the others try
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert most == 1


def test_it_is_not_reentrant_and_says_so(path: Path) -> None:
    with FileLock(path), pytest.raises(LockerBusyError, match="another part of this program"):
        FileLock(path, timeout_s=0).__enter__()


def test_a_lock_file_that_was_replaced_meanwhile_counts_for_nothing(path: Path) -> None:
    """Somebody deletes the folder while we wait in it: two holders of two files of one name must not be."""
    lock = FileLock(path)
    real = lock._open

    def opens_then_loses(flags: int) -> int:
        fd = real(flags)
        path.unlink()
        lock._open = real  # type: ignore[method-assign]
        return fd

    lock._open = opens_then_loses  # type: ignore[method-assign]
    assert lock.try_hold() is None
    with lock.hold(timeout_s=0):
        assert FileLock(path).try_hold() is None


def test_release_twice_is_once(path: Path) -> None:
    held = FileLock(path).hold()
    held.release()
    other = FileLock(path).hold(timeout_s=0)
    held.release()
    assert FileLock(path).try_hold() is None
    other.release()


def test_files_and_descriptors(path: Path, tmp_path: Path) -> None:
    deep = tmp_path / "new/folder/x.lock"
    with FileLock(deep):
        assert stat.S_IMODE(deep.stat().st_mode) == 0o600
        assert stat.S_IMODE(deep.parent.stat().st_mode) == 0o700
    if Path("/proc/self/fd").exists():
        before = len(os.listdir("/proc/self/fd"))
        lock = FileLock(path)
        with lock:
            for _ in range(10):
                assert lock.try_hold() is None
        assert len(os.listdir("/proc/self/fd")) == before


def test_a_lock_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LocalFileError, match="could not"):
        FileLock(tmp_path / "file/x.lock").try_hold()
