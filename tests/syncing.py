"""Sync pairs on the devices of tests.lockers: real folders, a real index, a store in memory or elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

from megadesk.core.sync_port import LockerSyncPort
from megadesk.sync import guards
from megadesk.sync.agreed import PairTable
from megadesk.sync.localtrash import FolderTrash
from megadesk.sync.pairs import OWN_PREFIX, PairRecord
from megadesk.sync.quiet import Quiet
from megadesk.sync.run import PairRun, RunReport, Surroundings
from megadesk.sync.values import Mode
from megadesk.transfer.control import Control
from megadesk.types import ROOT
from tests.lockers import Device


class Pair:
    """The root of a locker and one folder of a device."""

    def __init__(self, device: Device, root: Path, *, mode: Mode = Mode.TWO_WAY, quiet_s: float = 0.0) -> None:
        self.device = device
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        marker = guards.new_marker()
        guards.write_marker(os.fsencode(root), marker)
        self.around = Surroundings(FolderTrash(), Quiet(quiet_s))
        record = PairRecord(root=os.fsencode(root), folder=ROOT, folder_text="/", mode=mode, marker=marker)
        self.id = self.table.add(record)

    @property
    def table(self) -> PairTable:
        return PairTable(self.device.locker._index)

    def change(self, **changes: object) -> None:
        self.table.change(self.id, **changes)

    def run(self, *, dry: bool = False, refresh: bool = True, only: list[bytes] | None = None) -> RunReport:
        """As the engine does it: what others wrote first."""
        locker = self.device.locker
        if refresh:
            locker.refresh()
        port = LockerSyncPort(locker._port, locker._index, locker._history, locker.device_id)
        record = self.table.get(self.id)
        assert record is not None
        return PairRun(port, self.table, self.id, record, self.around, control=Control()).run(dry=dry, only=only)

    def approve(self) -> RunReport:
        """Let held deletions pass."""
        held = self.run().held
        assert held
        self.change(approved=held)
        return self.run()

    def files(self) -> dict[str, bytes]:
        """What is in the folder: contents by path; folders end in a slash, links are ``-> target``."""
        return tree_of(self.root)


def tree_of(root: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.encode().startswith(OWN_PREFIX)]
        for name in [*folders, *files]:
            path = Path(folder) / name
            shown = str(path.relative_to(root))
            if name.encode().startswith(OWN_PREFIX):
                continue
            if path.is_symlink():
                found[shown] = b"-> " + os.fsencode(os.readlink(path))
            elif path.is_dir():
                found[shown + "/"] = b""
            else:
                found[shown] = path.read_bytes()
    return found


def settle(*pairs: Pair, rounds: int = 12) -> None:
    """Run all in turn until nobody has anything to do."""
    for _ in range(rounds):
        reports = [pair.run() for pair in pairs]
        if not any(report.done or report.pending or report.busy for report in reports):
            return
    raise AssertionError([(report.done, report.pending, report.busy, report.problems) for report in reports])
