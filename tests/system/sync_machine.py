"""Random histories of several computers that keep one folder equal, by a seed. What is judged: nothing is lost.

People write, rename, move, delete and change types, also while a run is at work; computers are offline, are killed at
any step of a run, have wrong clocks; the store fails. After quiet all folders must be equal, and every content that
somebody wrote, and did not overwrite or delete himself, must be somewhere: in a folder, among the versions, in a trash.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from megadesk.crypto.kdf import digest_once
from megadesk.errors import CancelledError, IntegrityError, MegaDeskError, StoreError
from megadesk.format.ops import FileContent, decode_content
from megadesk.stores.api import Store
from megadesk.stores.fault import Fault, Kind
from megadesk.sync.pairs import OWN_PREFIX, OWN_TRASH, STAGING
from megadesk.sync.quiet import Quiet
from tests.lockers import Device, Killed, LockerRig
from tests.syncing import Pair, tree_of

NAMES = ["a", "b", "c", "d.txt", "e e", "ü", "A"]
FAULTS = [Kind.BEFORE, Kind.AFTER, Kind.STALE]


class Machine:
    """One history."""

    def __init__(self, seed: int, folder: Path, store: Store | None = None) -> None:
        self.rng = random.Random(seed)
        self.rig = LockerRig(folder / "homes", store)
        self.counter = 0
        self.now_s = 0.0
        self.trace: list[str] = []
        self.required: dict[bytes, str] = {}
        """Contents that must not be lost, and who wrote them where."""
        self.pairs: list[Pair] = []
        for number in range(self.rng.choice([2, 2, 3, 4])):
            pair = Pair(self.rig.enrol(f"pc{number}"), folder / f"root{number}")
            skew_s = self.rng.choice([0, 0, 3600, -3600, 10**8])
            pair.around.quiet = Quiet(2.0, now_ns=lambda skew=skew_s: self._time_ns(skew), monotonic=lambda: self.now_s)
            pair.around.hook = self._hook(pair)
            self.pairs.append(pair)
        self.edits_left = 0
        """How many times a person may write while a run is at work."""
        self.kill_in = 0
        """At which named point of a run its process dies."""

    def _time_ns(self, skew_s: int) -> int:
        # Three seconds have passed since whatever was written before this run.
        return time.time_ns() + int((skew_s + 3) * 1e9)

    def _hook(self, pair: Pair):  # type: ignore[no-untyped-def]
        def hook(point: str) -> None:
            if pair.device.dead:
                raise Killed
            if self.kill_in:
                self.kill_in -= 1
                if not self.kill_in:
                    self.trace.append(f"{pair.device.name} dies: {point}")
                    pair.device.dead = True
                    raise Killed(point)
            if self.edits_left and self.rng.random() < 0.3:
                self.edits_left -= 1
                self.trace.append(f"  during {point}:")
                self.edit(pair)

        return hook

    # --- people

    def _paths(self, pair: Pair) -> list[Path]:
        found = []
        for folder, folders, files in os.walk(pair.root):
            folders[:] = sorted(name for name in folders if not name.encode().startswith(OWN_PREFIX))
            names = [name for name in [*folders, *sorted(files)] if not name.encode().startswith(OWN_PREFIX)]
            found += [Path(folder) / name for name in names]
        return found

    def edit(self, pair: Pair) -> None:
        """Somebody does one thing in a folder."""
        with contextlib.suppress(OSError):  # a name that is taken, a folder that a run just moved
            self._edit(pair)

    def _edit(self, pair: Pair) -> None:
        rng = self.rng
        paths = self._paths(pair)
        files = [path for path in paths if path.is_file() and not path.is_symlink()]
        folders = [pair.root, *(path for path in paths if path.is_dir() and not path.is_symlink())]
        what = rng.choice(
            ["new", "new", "new", "folder", "write", "write", "save", "backup", "move", "move", "delete", "rmtree",
             "retype", "link", "chmod", "touch", "over"]
        )  # fmt: skip
        target = rng.choice(folders) / rng.choice(NAMES)
        self.trace.append(f"{pair.device.name} {what} {target.relative_to(pair.root)}")
        if what == "new" and not os.path.lexists(target):
            self._write(target, self._content(pair, target))
        elif what == "folder":
            target.mkdir()
        elif what == "write" and files:
            path = rng.choice(files)
            self._forget(path)
            self._write(path, self._content(pair, path))
        elif what == "save" and files:
            path = rng.choice(files)
            fresh = path.with_name(".goutputstream-x")
            fresh.write_bytes(self._content(pair, path))
            self._forget(path)
            os.replace(fresh, path)
        elif what == "backup" and files:
            path = rng.choice(files)
            os.replace(path, path.with_name(path.name + ".bak")) if not os.path.lexists(
                path.with_name(path.name + ".bak")
            ) else None
            if not os.path.lexists(path):
                self._write(path, self._content(pair, path))
        elif what == "move" and paths and not os.path.lexists(target):
            path = rng.choice(paths)
            self.trace[-1] += f" <- {path.relative_to(pair.root)}"
            os.rename(path, target)
        elif what == "over" and len(files) > 1:
            path, other = rng.sample(files, 2)
            self._forget(other)
            os.rename(path, other)
        elif what == "delete" and paths:
            self._remove(rng.choice(paths))
        elif what == "rmtree" and len(folders) > 1:
            self._remove(rng.choice(folders[1:]))
        elif what == "retype" and files:
            path = rng.choice(files)
            self._remove(path)
            path.mkdir()
            self._write(path / "in", self._content(pair, path / "in"))
        elif what == "link" and not os.path.lexists(target):
            os.symlink(rng.choice(["x", "../y"]), target)
        elif what == "chmod" and paths:
            path = rng.choice(paths)
            if not path.is_symlink():
                path.chmod(rng.choice([0o755, 0o700]) if path.is_dir() else rng.choice([0o644, 0o600, 0o444, 0o755]))
        elif what == "touch" and files:
            os.utime(rng.choice(files), ns=(self.counter * 10**9, self.counter * 10**9))

    def _content(self, pair: Pair, path: Path) -> bytes:
        """A new content: of a length of its own, since times are coarser than this test is fast."""
        self.counter += 1
        content = f"{self.counter} ".encode() * self.counter
        self.required[content] = f"{pair.device.name}: {path}"
        return content

    def _write(self, path: Path, content: bytes) -> None:
        if path.exists():
            path.chmod(0o644)
        path.write_bytes(content)

    def _forget(self, path: Path) -> None:
        """Somebody overwrites or deletes a content that he sees."""
        self.required.pop(path.read_bytes(), None)

    def _remove(self, path: Path) -> None:
        if path.is_dir() and not path.is_symlink():
            for inner in self._inside(path):
                self._forget(inner)
            shutil.rmtree(path)
        else:
            if not path.is_symlink():
                self._forget(path)
            path.unlink()

    def _inside(self, folder: Path) -> Iterator[Path]:
        for where, _, files in os.walk(folder):
            for name in files:
                path = Path(where) / name
                if not path.is_symlink():
                    yield path

    # --- computers

    def run(self, pair: Pair) -> bool:
        """One run; whether it came to its end and has nothing more to do."""
        self.now_s += 3
        try:
            if pair.device.dead:
                pair.device.bury()
            report = pair.run()
            if report.held:
                self.trace.append(f"{pair.device.name} approves")
                pair.change(approved=report.held)
        except Killed:
            self.trace.append(f"{pair.device.name} is dead")
            pair.device.bury()
            return False
        except (StoreError, CancelledError) as error:
            self.trace.append(f"{pair.device.name}: {error}")
            return False
        finally:
            self.edits_left = self.kill_in = 0
            if pair.device._locker is not None and pair.device.faults is not None:
                pair.device.faults.set_faults([])
        self.trace.append(f"{pair.device.name} runs: {report.done} {report.pending} {report.busy}")
        return not (report.done or report.pending or report.busy or report.held)

    def step(self) -> None:
        pair = self.rng.choice(self.pairs)
        chance = self.rng.random()
        if chance < 0.55:
            self.edit(pair)
            return
        if chance < 0.65:
            self.edits_left = self.rng.randrange(1, 4)
        elif chance < 0.75:
            self.kill_in = self.rng.randrange(1, 25)
        elif chance < 0.82:
            pair.device.locker  # noqa: B018 - opened, so that it can be told when to die
            pair.device.kill_at(self.rng.randrange(1, 60))
        elif chance < 0.9:
            pair.device.locker  # noqa: B018
            if pair.device.faults is not None:
                kinds = self.rng.sample(FAULTS, 2)
                pair.device.faults.set_faults([Fault(kind, probability=0.2, times=8) for kind in kinds])
        self.run(pair)

    def quiet(self) -> None:
        """Nobody writes any more, and nothing fails: all come to rest."""
        for pair in self.pairs:
            pair.device.kill_at(0)
        for _ in range(30):
            rested = [self.run(pair) for pair in self.pairs]
            if all(rested):
                return
        raise AssertionError("the computers do not come to rest")

    # --- judging

    def judge(self) -> None:
        trees = [tree_of(pair.root) for pair in self.pairs]
        for other in trees[1:]:
            assert other == trees[0], f"not equal: {set(other.items()) ^ set(trees[0].items())}"
        modes = [self._modes(pair) for pair in self.pairs]
        for mode in modes[1:]:
            assert mode == modes[0], f"modes or times differ: {set(mode.items()) ^ set(modes[0].items())}"
        found = self._somewhere()
        key = self.pairs[0].device.locker._port.digest_key
        for content, where in self.required.items():
            assert digest_once(key, content) in found, f"lost: {content[:20]!r} of {where}"

    def _modes(self, pair: Pair) -> dict[str, tuple[int, int]]:
        found = {}
        for path in self._paths(pair):
            status = path.lstat()
            if not stat.S_ISLNK(status.st_mode):
                mtime_ns = status.st_mtime_ns if stat.S_ISREG(status.st_mode) else 0
                found[str(path.relative_to(pair.root))] = (status.st_mode, mtime_ns)
        return found

    def _somewhere(self) -> set[bytes]:
        """Keyed digests of everything that can still be had."""
        locker = self.pairs[0].device.locker
        key = locker._port.digest_key
        found = set()
        with locker._index.read() as session:
            for (data,) in session.connection.execute("SELECT content FROM versions WHERE content IS NOT NULL"):
                content = decode_content(data)
                if isinstance(content, FileContent):
                    found.update(ref.digest for ref in content.slices)
        for pair in self.pairs:
            for folder, _, files in os.walk(pair.root):
                if STAGING in os.fsencode(folder):
                    continue
                for name in files:
                    path = Path(folder) / name
                    if not path.is_symlink():
                        found.add(digest_once(key, path.read_bytes()))
            assert OWN_TRASH  # walked above: it lies in the root
        return found

    def play(self, steps: int) -> None:
        try:
            for _ in range(steps):
                self.step()
            self.quiet()
            self.judge()
        except (AssertionError, MegaDeskError, IntegrityError) as error:
            raise AssertionError("\n".join([*self.trace[-200:], repr(error)])) from error
        finally:
            self.rig.close()


class Anew(Machine):
    """A computer was removed; now and then somebody encrypts anew what it can read, and cleans up."""

    def __init__(self, seed: int, folder: Path, store: Store | None = None) -> None:
        super().__init__(seed, folder, store)
        self.lost = [self.rig.enrol(f"lost{number}") for number in range(2)]

    def step(self) -> None:
        if self.rng.random() < 0.15:
            device = self.rng.choice(self.pairs).device
            if device.dead:
                device.bury()
            device.locker  # noqa: B018 - opened, so that it can be told not to die
            device.kill_at(0)
            device.locker.refresh()
            if self.lost and self.rng.random() < 0.4:
                self.trace.append(f"{device.name} removes one")
                device.locker.revoke_device(self.lost.pop().id.hex())
            self._anew(device, self.rng.choice([0, 0, self.rng.randrange(1, 60)]))
        super().step()

    def _anew(self, device: Device, dies_at: int) -> int:
        """How many files are left that could be done."""
        self.trace.append(f"{device.name} encrypts anew")
        try:
            job = device.locker.reencryption
            device.kill_at(dies_at)
            report = job.run()
            device.kill_at(0)
        except Killed:
            self.trace.append(f"{device.name} dies of it")
            device.bury()
            return -1
        assert not report.damaged
        return report.left.files - report.left.conflicts

    def judge(self) -> None:
        super().judge()
        for pair in self.pairs:
            pair.device.locker.refresh()
        assert self._anew(self.pairs[0].device, 0) == 0
        before = tree_of(self.pairs[0].root)
        self.quiet()
        super().judge()
        assert tree_of(self.pairs[0].root) == before, "nobody notices"
        for _ in range(2):
            for pair in self.pairs:
                pair.device.locker.refresh()
                pair.device.locker.upkeep.collect_garbage()
        assert self.pairs[-1].device.locker.upkeep.check(read_data=True).problems == []
