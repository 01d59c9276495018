"""``python3 dev.py bench sync --latency``: how long until a change is on the other computer.

Two real `megadesk sync run` processes over a `megadesk serve` on loopback. Each kind of change is made so many times,
the next when the one before has arrived, on the two computers in turns; the clock runs from the moment at which the
change is made until the other folder shows it.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.contract import md_servers
from tests.system.cli.cli_process import Machine

TIMEOUT_S = 60.0
_LOOK_S = 0.005
KINDS = ("small file", "file of 10 MiB", "changed file", "rename", "deletion")
_LARGE_BYTES = 10 << 20


@dataclass(frozen=True)
class Latency:
    """Seconds until each change of a kind had arrived."""

    kind: str
    seconds: list[float]

    def line(self) -> str:
        return f"| {self.kind} | {statistics.median(self.seconds):.2f} | {max(self.seconds):.2f} |"


class _Pair:
    """Two computers of one locker, each with a folder that a service keeps equal."""

    def __init__(self, work: Path, server: md_servers.ProcessServer) -> None:
        self.machines = [Machine(work / name) for name in ("one", "two")]
        self.folders = [machine.folder / "kept" for machine in self.machines]
        for machine in self.machines:
            machine.environment["MEGADESK_STORE_TOKEN"] = server.token
        one, two = self.machines
        made = one.run("init", f"{server.address}/bench")
        key = re.search(r"([0-9A-Z]{5}-){12}[0-9A-Z]{5}", made.text + made.err)
        assert key is not None
        two.run("join", f"{server.address}/bench", env={"MEGADESK_RECOVERY_KEY": key[0]})
        for machine, folder in zip(self.machines, self.folders, strict=True):
            machine.run("sync", "add", str(folder), "/")
        self.services = [
            machine.popen("sync", "run", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for machine in self.machines
        ]

    def stop(self) -> None:
        for service in self.services:
            service.terminate()
            service.wait(TIMEOUT_S)


def measure(work: Path, changes: int = 20) -> list[Latency]:
    """For each kind of change."""
    with md_servers.in_process(str(work / "store"), work) as server:
        pair = _Pair(work, server)
        try:
            _change(pair.folders, 0, "first", lambda path: path.write_bytes(b"first"), lambda path: path.exists())
            return [Latency(kind, [_once(pair.folders, kind, number) for number in range(changes)]) for kind in KINDS]
        finally:
            pair.stop()


def _once(folders: list[Path], kind: str, number: int) -> float:
    side = number % 2
    content = b"%s %d" % (os.urandom(8).hex().encode(), number)
    if kind == "small file":
        return _change(folders, side, f"small{number}", lambda path: path.write_bytes(content), Path.exists)
    if kind == "file of 10 MiB":
        data = os.urandom(_LARGE_BYTES)
        return _change(folders, side, f"large{number}", lambda path: path.write_bytes(data), Path.exists)
    if kind == "changed file":
        return _change(
            folders, side, f"small{number}", lambda path: path.write_bytes(content), lambda path: _holds(path, content)
        )
    if kind == "rename":
        return _change(
            folders, side, f"renamed{number}", lambda path: (path.parent / f"small{number}").rename(path), Path.exists
        )
    return _change(folders, side, f"renamed{number}", Path.unlink, lambda path: not path.exists())


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except FileNotFoundError:
        return False


def _change(
    folders: list[Path], side: int, name: str, make: Callable[[Path], object], arrived: Callable[[Path], bool]
) -> float:
    """Seconds from the end of ``make`` on one side to ``arrived`` on the other."""
    make(folders[side] / name)
    start_s = time.monotonic()
    while not arrived(folders[1 - side] / name):
        if time.monotonic() > start_s + TIMEOUT_S:
            raise TimeoutError(f"{name} did not arrive")
        time.sleep(_LOOK_S)
    return time.monotonic() - start_s
