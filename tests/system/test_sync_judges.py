"""Judges that know nothing of MegaDesk: git's fsck, SQLite's own check, what editors do when they save."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from megadesk.sync.quiet import Quiet
from tests.lockers import LockerRig, write
from tests.syncing import Pair, settle, tree_of


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Pair, Pair]]:
    rig = LockerRig(tmp_path / "homes")
    yield tuple(Pair(rig.enrol(name), tmp_path / name, quiet_s=0.2) for name in ("one", "two"))  # type: ignore[misc]
    rig.close()


class Running:
    """Both computers run over and over, in a thread, while the test works in one of the folders."""

    def __init__(self, *pairs: Pair, look: Callable[[], None] = lambda: None) -> None:
        self._pairs = pairs
        self._look = look
        self._stop = threading.Event()
        self._failure: BaseException | None = None
        self.rounds = 0
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                for pair in self._pairs:
                    report = pair.run()
                    if report.held:  # a rebase or gc of a small repository deletes a good part of it
                        pair.change(approved=report.held)
                self._look()
                self.rounds += 1
        except BaseException as error:  # noqa: BLE001 - raised where the test waits
            self._failure = error

    def __enter__(self) -> Running:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        if self._failure is not None:
            raise self._failure


def rest(*pairs: Pair) -> None:
    for pair in pairs:
        pair.around.quiet = Quiet(0.0)
    for _ in range(4):
        for pair in pairs:
            held = pair.run().held
            if held:
                pair.change(approved=held)
    settle(*pairs)


def git(folder: Path, *words: str) -> None:
    env = {
        "PATH": os.environ["PATH"], "HOME": str(folder.parent), "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
    }  # fmt: skip
    done = subprocess.run(["git", *words], cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode == 0, f"git {' '.join(words)}: {done.stdout}{done.stderr}"


def test_a_git_repository_is_cloned_built_rebased_and_collected(
    two: tuple[Pair, Pair], tmp_path: Path, need_programs: Callable[..., None]
) -> None:
    need_programs("git")
    one, other = two
    origin = tmp_path / "origin"
    origin.mkdir()
    git(origin, "init", "-q", "-b", "main")
    for number in range(12):
        write(origin / f"d{number % 3}" / f"f{number}", b"line\n" * (number + 1))
        write(origin / f"d{number % 3}" / f"m{number}.py", b"def line(): return %d\n" % number * 20)
        git(origin, "add", ".")
        git(origin, "commit", "-q", "-m", f"{number}")
    clone = one.root / "clone"
    with Running(one, other) as running:
        git(one.root, "clone", "-q", str(origin), "clone")
        git(clone, "checkout", "-q", "-b", "work", "HEAD~5")
        for number in range(5):
            write(clone / "new" / f"n{number}", b"%d" % number)
            git(clone, "add", ".")
            git(clone, "commit", "-q", "-m", f"work {number}")
        build = [sys.executable, "-m", "compileall", "-q", "-f", "."]
        subprocess.run(build, cwd=clone, check=True)
        git(clone, "rebase", "-q", "main")
        subprocess.run(build, cwd=clone, check=True)
        git(clone, "gc", "-q", "--prune=now")
        git(clone, "repack", "-q", "-a", "-d", "-f")
        end = time.monotonic() + 30
        while running.rounds < 3 and time.monotonic() < end:
            time.sleep(0.05)
    rest(one, other)
    assert tree_of(one.root) == tree_of(other.root)
    git(other.root / "clone", "fsck", "--full", "--strict")
    git(other.root / "clone", "diff", "--quiet", "HEAD")


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_a_database_that_is_written_arrives_whole_or_not(two: tuple[Pair, Pair], tmp_path: Path, journal: str) -> None:
    """Every transaction moves an amount between two rows: in a whole copy the sum is what it was."""
    one, other = two
    path = one.root / "data.db"
    database = sqlite3.connect(path, isolation_level=None)
    database.execute(f"PRAGMA journal_mode={journal}")
    database.execute("CREATE TABLE account (name TEXT, amount INTEGER, filler TEXT)")
    database.execute("INSERT INTO account VALUES ('a', 1000, ''), ('b', 1000, '')")
    seen: list[int] = []

    def look() -> None:
        copy = other.root / "data.db"
        if not copy.exists():
            return
        judged = tmp_path / "judged.db"
        shutil.copy(copy, judged)
        check = sqlite3.connect(judged)
        assert check.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert check.execute("SELECT sum(amount) FROM account").fetchall() == [(2000,)]
        seen.append(check.execute("SELECT amount FROM account WHERE name = 'a'").fetchone()[0])
        check.close()

    with Running(one, other, look=look):
        for number in range(12):
            database.execute("BEGIN IMMEDIATE")
            for _ in range(3):
                database.execute(
                    "UPDATE account SET amount = amount - 1, filler = hex(randomblob(20000)) WHERE name = 'a'"
                )
                database.execute("UPDATE account SET amount = amount + 1 WHERE name = 'b'")
                time.sleep(0.02)
            database.execute("COMMIT")
            time.sleep(0.3 if number % 4 == 3 else 0.01)
    database.close()
    rest(one, other)
    look()
    assert seen[-1] == 1000 - 36


def test_what_editors_do_is_one_file_with_versions(two: tuple[Pair, Pair]) -> None:
    one, other = two
    path = one.root / "text.txt"
    write(path, b"first")
    rest(one, other)
    node = one.device.locker.node("/text.txt").id

    def rename_over() -> None:
        write(one.root / ".goutputstream-X1", b"renamed over it")
        os.replace(one.root / ".goutputstream-X1", path)

    def backup_first() -> None:
        os.replace(path, one.root / "text.txt~")
        write(path, b"written after a backup was made")

    def truncate() -> None:
        with open(path, "r+b") as file:
            file.truncate(0)
            file.write(b"truncated and written")

    def through_a_link() -> None:
        os.link(path, one.root / ".text.txt.swp")
        path.unlink()
        write(path, b"unlinked and written")
        (one.root / ".text.txt.swp").unlink()

    for number, save in enumerate((rename_over, backup_first, truncate, through_a_link), 2):
        save()
        rest(one, other)
        assert (other.root / "text.txt").read_bytes() == path.read_bytes()
        assert one.device.locker.node("/text.txt").id == node, save.__name__
        assert len(one.device.locker.versions("/text.txt")) == number
        assert set(other.files()) == {"text.txt"}


@pytest.mark.long
def test_a_tree_of_seventy_thousand_files(tmp_path: Path) -> None:
    rig = LockerRig(tmp_path / "homes")
    one, other = (Pair(rig.enrol(name), tmp_path / name) for name in ("one", "two"))
    for number in range(70_000):
        where = one.root / f"{number % 61}" / f"{number % 1999}"
        if number < 1999 * 61:
            where.mkdir(parents=True, exist_ok=True)
        (where / f"file{number}.c").write_bytes(b"%d\n" % number * (number % 50))
    settle(one, other)
    assert tree_of(one.root) == tree_of(other.root)
    os.rename(one.root / "7", one.root / "renamed")
    report = one.run()
    assert report.done < 10
    settle(one, other)
    assert tree_of(one.root) == tree_of(other.root)
    rig.close()
