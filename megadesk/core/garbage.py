"""Deleting packs that nothing refers to, in two phases without clocks (docs/format.md, "Deleting").

First a pack is condemned in the log. It is deleted when every live device's log shows that it has seen that and every
purge known here, and still nothing refers to it: an upload that is about to refer to such a pack sees the condemnation
first and sends anew, and a copy can only be made of what the device does not know to be purged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from megadesk.core.check import Checker, linked_packs
from megadesk.core.history import History
from megadesk.core.port import Port
from megadesk.core.resealed import resealed_packs
from megadesk.format import names
from megadesk.format.ops import Condemn
from megadesk.state.index.index import Index
from megadesk.state.lock import FileLock
from megadesk.transfer.control import Control
from megadesk.transfer.records import LIVE
from megadesk.transfer.tables import SqlTransfers
from megadesk.types import PackId, Progress, ProgressCallback

_PACKS_PER_OP = 10_000
_FORGET_PACKS = 1000


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
        # In this order: what is referred to after the acknowledgements were read is not deleted, and neither is
        # anything after a purge that came in between.
        known = _acknowledged(index, device)
        for pack in _used(index, history, port) & unused.keys():
            del unused[pack]
        _delete(index, port, unused, known, report, progress, control)
        _prune(index)
        port.store.sweep()
    return report


def _used(index: Index, history: History, port: Port) -> set[PackId]:
    """Packs that some version, a link, an unfinished upload or an unfinished encryption of this machine needs."""
    used = {use.ref.pack for use in Checker(index, history, port, None, None).uses()} | port.journal.packs()
    return used | linked_packs(index) | resealed_packs(index)


class _Acknowledged(NamedTuple):
    """What every other live device is known to have seen."""

    condemned: dict[PackId, set[str]]
    """The names of the devices that have not seen it condemned."""
    before: int | None
    """Everything with a smaller clock; None: everything."""
    behind: set[str]
    """Devices that have not seen everything."""


def _acknowledged(index: Index, device: bytes) -> _Acknowledged:
    with index.read() as session:
        records = session.records
        heads = records.heads()
        others = [row for row in records.devices().values() if row.id != device and not row.revoked]
        seen = {row.id: dict(heads[row.id].seen) if row.id in heads else {} for row in others}
        condemned = {
            row.pack: {
                other.name
                for other in others
                if other.id != row.stamp.device and seen[other.id].get(row.stamp.device, 0) < row.seq
            }
            for row in records.condemned()
        }
        unseen = [
            (other.name, records.applied(author, seen[other.id].get(author, 0) + 1)[1])
            for other in others
            for author, head in heads.items()
            if author != other.id and seen[other.id].get(author, 0) < head.seq
        ]
    return _Acknowledged(condemned, min((clock for _, clock in unseen), default=None), {name for name, _ in unseen})


def _delete(
    index: Index,
    port: Port,
    unused: dict[PackId, int],
    known: _Acknowledged,
    report: GcReport,
    progress: ProgressCallback | None,
    control: Control,
) -> None:
    with index.read() as session:
        last_drop = session.records.last_drop()
    doomed = sorted(known.condemned.keys() & unused.keys())
    waiting = {name for pack in doomed for name in known.condemned[pack]}
    ready = [pack for pack in doomed if not known.condemned[pack]]
    if ready and last_drop and known.before is not None and last_drop >= known.before:
        # Whoever has not seen the last purge may still copy what it purged, condemned before or not.
        waiting |= known.behind
        ready = []
    for number, pack in enumerate(ready):
        control.step()
        port.store.delete(names.pack(pack))
        report.packs_deleted += 1
        report.bytes_freed += unused[pack]
        if progress:
            progress(Progress(number + 1, len(ready), "packs"))
    port.store.flush()
    for start in range(0, len(ready), _FORGET_PACKS):
        with index.write() as session:
            session.records.forget_condemned(ready[start : start + _FORGET_PACKS])
    report.waiting_for = sorted(waiting)


def _prune(index: Index) -> None:
    """Forget moves and tombstones that every live device has seen."""
    with index.write() as session:
        stable = session.records.stable_lamport()
        if stable:
            session.prune(stable)
