"""Deleting packs that nothing refers to, in two phases without clocks (docs/format.md, "Deleting").

First a pack is condemned in the log. It is deleted when every live device's log shows that it has seen that, and still
nothing refers to it: a device that is about to refer to such a pack sees the condemnation first and sends anew.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from megadesk.core.check import Checker
from megadesk.core.history import History
from megadesk.core.port import Port
from megadesk.format import names
from megadesk.format.ops import Condemn
from megadesk.state.index.index import Index
from megadesk.state.lock import FileLock
from megadesk.transfer.control import Control
from megadesk.transfer.records import LIVE
from megadesk.transfer.tables import SqlTransfers
from megadesk.types import PackId, Progress, ProgressCallback

_PACKS_PER_OP = 10_000


@dataclass
class GcReport:
    """``waiting_for`` names devices that must be seen once before what is condemned now can go."""

    packs_deleted: int = 0
    bytes_freed: int = 0
    packs_condemned: int = 0
    waiting_for: list[str] = field(default_factory=list)


def collect(
    index: Index,
    history: History,
    port: Port,
    uploads_lock: FileLock,
    device: bytes,
    progress: ProgressCallback | None,
    control: Control | None,
) -> GcReport:
    """One round. Raises LockerBusyError while uploads run on this machine, IntegrityError, StoreError."""
    report = GcReport()
    control = control or Control()
    with uploads_lock.hold(timeout_s=1.0):
        history.refresh()
        live = {kept.id for kept in SqlTransfers(index).load() if kept.record.state in LIVE}
        port.journal.forget_dead(live)
        used = _used(index, history, port)
        unused: dict[PackId, int] = {}
        for info in port.store.list(names.PACKS):
            control.step()
            pack = names.parse_pack(info.name)
            if pack is not None and pack not in used:
                unused[pack] = info.size_bytes
        with index.read() as session:
            condemned = {row.pack: row for row in session.records.condemned()}
        fresh = sorted(unused.keys() - condemned.keys())
        for start in range(0, len(fresh), _PACKS_PER_OP):
            history.append([Condemn(tuple(fresh[start : start + _PACKS_PER_OP]))])
        report.packs_condemned = len(fresh)
        # Writing that took in what others have written meanwhile: what they refer to now is not unused any more.
        for pack in _used(index, history, port) & unused.keys():
            del unused[pack]
        _delete(index, history, port, unused, device, report, progress, control)
        _prune(index)
    return report


def _used(index: Index, history: History, port: Port) -> set[PackId]:
    """Packs that some version or an unfinished upload of this machine needs."""
    return {use.ref.pack for use in Checker(index, history, port, None, None).uses()} | port.journal.packs()


def _delete(
    index: Index,
    history: History,
    port: Port,
    unused: dict[PackId, int],
    device: bytes,
    report: GcReport,
    progress: ProgressCallback | None,
    control: Control,
) -> None:
    others = [row for row in history.devices().values() if row.id != device and not row.revoked]
    waiting: set[str] = set()
    gone: list[PackId] = []
    heads = history.heads()
    seen = {row.id: dict(heads[row.id].seen) if row.id in heads else {} for row in others}
    with index.read() as session:
        rows = session.records.condemned()
        ready = []
        for row in rows:
            behind = [
                other
                for other in others
                if other.id != row.stamp.device and seen[other.id].get(row.stamp.device, 0) < row.seq
            ]
            waiting |= {other.name for other in behind if row.pack in unused}
            if not behind:
                ready.append(row.pack)
    for number, pack in enumerate(ready):
        control.step()
        if pack in unused:
            port.store.delete(names.pack(pack))
            report.packs_deleted += 1
            report.bytes_freed += unused[pack]
            gone.append(pack)
        if progress:
            progress(Progress(number + 1, len(ready), "packs"))
    port.store.flush()
    for batch in itertools.batched(gone, 1000) if hasattr(itertools, "batched") else [gone]:
        with index.write() as session:
            session.records.forget_condemned(list(batch))
    report.waiting_for = sorted(waiting)


def _prune(index: Index) -> None:
    """Forget moves and tombstones that every live device has seen."""
    with index.write() as session:
        stable = session.records.stable_lamport()
        if stable:
            session.prune(stable)
