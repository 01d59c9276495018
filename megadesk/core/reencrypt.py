"""Encrypting anew what devices that were shut out can still read (docs/adr/0033).

File by file: slices are read, verified and sealed under fresh keys into new packs; then one entry adds a version in the
place of each that is kept and purges those. The old packs go as all unused ones do (core/garbage.py). What is still to
be done follows from the logs and the tree, so a run can end anywhere, and another device may take its turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from megadesk.core.check import Checker, linked_packs
from megadesk.core.exposure import Exposure, Left
from megadesk.core.history import History
from megadesk.core.port import Port, packs_of
from megadesk.core.reseal import Resealer, replacing
from megadesk.core.resealed import Resealed, SlicePlace
from megadesk.crypto import aead
from megadesk.errors import DamagedError, IntegrityError, LockerReadOnlyError, ObjectNotFoundError, PathError
from megadesk.format import names
from megadesk.format.entry import batches
from megadesk.format.envelope import slice_aad
from megadesk.format.ops import MAX_PACK_BYTES, FileContent, Operation, SliceRef, decode_content
from megadesk.format.wire import encode
from megadesk.state.index.index import Index, Session
from megadesk.stores.verified import verified
from megadesk.transfer.control import Control
from megadesk.transfer.port import NodeIds
from megadesk.transfer.upload import slice_size
from megadesk.tree.rows import VersionRow
from megadesk.types import DeviceId, NodeId, PackId, Progress, ProgressCallback, VersionId

_BATCH_BYTES = 64 << 20
"""About so much lies in the store at any time that no version refers to yet."""
_BATCH_FILES = 1000
_BATCH_WEIGHT, _BATCH_OPS = 4 << 20, 4000
"""Of the encoded operations: less than an entry."""
_PACKS_HELD = 2
_ROUNDS = 3
_WHOLE_PACK_BELOW = 1 << 20
"""Of smaller slices the whole pack is read: its others come next."""


@dataclass
class ReencryptReport:
    """``files`` have new versions; ``bytes`` were encrypted anew. ``damaged``: paths that could not be read."""

    files: int = 0
    versions: int = 0
    bytes: int = 0
    damaged: list[str] = field(default_factory=list)
    left: Left = field(default_factory=Left)


class _Todo(NamedTuple):
    """Files by where their first exposed slice lies, so that packs are read one after another."""

    nodes: dict[NodeId, tuple[bytes, int]]
    bytes: int
    packs: set[PackId]
    """All that kept versions use."""


class _Plan(NamedTuple):
    node: NodeId
    versions: list[VersionRow]
    heads: list[VersionId]
    ops: list[Operation]
    packs: set[bytes]
    """Where its new slices lie."""


class Reencrypt:
    """One run, on one thread. The caller keeps others on this machine from running at the same time."""

    def __init__(
        self,
        index: Index,
        history: History,
        port: Port,
        exposure: Exposure,
        device: bytes,
        progress: ProgressCallback | None = None,
        control: Control | None = None,
    ) -> None:
        self._index = index
        self._history = history
        self._port = port
        self._exposure = exposure
        self._device = device
        self._progress = progress or (lambda _: None)
        self._control = control or Control()
        self._report = ReencryptReport()
        self._ids = NodeIds()
        self._table = Resealed(index, port.store)
        self._known: dict[SlicePlace, SliceRef] = {}
        """As in that table, and those of the pack that is being filled."""
        self._unsaved: list[tuple[SlicePlace, SliceRef]] = []
        """Slices of the pack that is being filled."""
        self._packs: dict[bytes, bytes] = {}
        self._places: dict[NodeId, tuple[bytes, int]] = {}
        self._damaged: set[NodeId] = set()
        self._total = 0

    def run(self) -> ReencryptReport:
        """Until nothing is left but what cannot be done now: see `Left`.

        Raises StoreError, CancelledError, LockerReadOnlyError, IntegrityError of the log; what is done stays done.
        """
        if self._exposure.possible() and self._history.wants_epoch:
            self._history.acknowledge()  # begins an epoch that only those have who are not shut out
        resealer = Resealer(self._port)
        try:
            self._known.update(self._table.load())
            for _ in range(_ROUNDS):
                self._history.refresh()
                if self._history.devices()[DeviceId(self._device)].revoked:
                    raise LockerReadOnlyError("This device was removed from the locker by another one.")
                self._exposure.update(self._progress, self._control)
                todo = self._todo()
                self._places = todo.nodes
                nodes = [node for node in self._in_order() if node not in self._damaged]
                self._total = max(self._total, self._report.bytes + todo.bytes)
                before = self._report.files
                self._all(nodes, resealer)
                # Whoever changed a file meanwhile, by what was there before, used slices of then.
                if not nodes or self._report.files == before:
                    break
            self._table.clear()
        finally:
            resealer.close()
        self._report.damaged = sorted(self._path(node) for node in self._damaged)
        self._report.left = left(self._index, self._history, self._port, self._exposure)
        return self._report

    # --- what is to be done

    def _todo(self) -> _Todo:
        return _todo(self._index, self._history, self._port, self._exposure)

    def _in_order(self) -> list[NodeId]:
        """By pack; each device begins elsewhere, so that two meet once and do not do the same all along."""
        places = self._places
        return sorted(places, key=lambda node: (places[node][0] < self._device, places[node], node))

    def _all(self, nodes: Sequence[NodeId], resealer: Resealer) -> None:
        rest = list(reversed(nodes))
        while rest:
            # Between batches others may clean up, or have the storage moved.
            with self._port.uploading():
                self._history.refresh()  # another device may have done some of them
                self._batch(rest, resealer)

    def _batch(self, rest: list[NodeId], resealer: Resealer) -> None:
        plans: list[_Plan] = []
        before, weight, count = self._report.bytes, 0, 0
        last: tuple[bytes, int] | None = None
        while rest and (
            (len(plans) < _BATCH_FILES and self._report.bytes - before < _BATCH_BYTES)
            # Copies share their slices, before as after: they go together.
            or self._places[rest[-1]] == last
        ):
            self._control.step()
            node = rest.pop()
            last = self._places[node]
            try:
                plan = self._plan(node, resealer)
            except (IntegrityError, ObjectNotFoundError):
                # `check` says what is wrong with it. The others are none the worse for it.
                self._damaged.add(node)
                continue
            if plan is None:
                continue
            plans.append(plan)
            weight += sum(len(encode(op)) for op in plan.ops)
            count += len(plan.ops)
            if weight > _BATCH_WEIGHT or count > _BATCH_OPS:
                break
        resealer.put()
        self._saved()
        if len(plans) > 1 and (weight > _BATCH_WEIGHT or count > _BATCH_OPS):
            # The last one may fill several entries by itself.
            self._commit(plans[:-1])
            plans = plans[-1:]
        self._commit(plans)

    # --- one file

    def _plan(self, node: NodeId, resealer: Resealer) -> _Plan | None:
        """None when nothing of it is exposed any more, or it has a conflict."""
        with self._index.read() as session:
            versions, heads = session.view.versions(node), session.view.heads(node)
            contents = {row.id: session.view.content(node, row.id) for row in versions}
            shown = session.view.get(node)
        if shown is None or len(heads) != 1:
            return None
        wanted = self._exposure.packs
        made: dict[VersionId, FileContent] = {}
        exposed = node in self._exposure.doubtful
        for version, data in contents.items():
            content = decode_content(data or b"")
            if not isinstance(content, FileContent):
                return None
            whole = self._port.resolved(content)
            exposed |= any(ref.pack in wanted for ref in (*content.slices, *whole.slices))
            made[version] = whole
        if not exposed:
            return None
        everything, packs = node in self._exposure.doubtful, set[bytes]()
        for version, whole in made.items():
            refs = [
                self._slice(ref, position, slice_size(whole.size, position), resealer)
                if everything or ref.pack in wanted
                else ref
                for position, ref in enumerate(whole.slices)
            ]
            packs.update(ref.pack for ref in refs)
            made[version] = resealer.content(whole.size, refs)
        ops = replacing(self._ids, node, versions, heads, made, (shown.mode, shown.mtime_ns))
        return _Plan(node, versions, heads, ops, packs)

    def _slice(self, ref: SliceRef, position: int, size: int, resealer: Resealer) -> SliceRef:
        place = SlicePlace(ref.pack, ref.offset, position)
        known = self._known.get(place)
        if known is not None:
            return known
        self._control.step()
        plain = self._read(ref, position, size)
        made = resealer.slice(memoryview(plain), position)
        if made.digest != ref.digest:
            name = names.pack(ref.pack)
            raise DamagedError(f"A slice in {name} is not what its version says.", object_name=name)
        if self._unsaved and self._unsaved[-1][1].pack != made.pack:
            self._saved()  # that pack was full, and is in the store
        self._unsaved.append((place, made))
        self._known[place] = made
        self._report.bytes += size
        self._progress(Progress(self._report.bytes, max(self._total, self._report.bytes), "encrypt"))
        return made

    def _saved(self) -> None:
        if self._unsaved:
            self._table.add(self._unsaved)
            self._unsaved = []

    def _read(self, ref: SliceRef, position: int, size: int) -> bytes:
        """Verified, whatever it comes from."""
        name, stored = names.pack(ref.pack), aead.slice_stored_size(size)
        if stored < _WHOLE_PACK_BELOW:
            data = self._packs.get(ref.pack)
            if data is None:
                data = self._packs[ref.pack] = self._port.store.get(name, max_bytes=MAX_PACK_BYTES)
                while len(self._packs) > _PACKS_HELD:
                    del self._packs[next(iter(self._packs))]
            try:
                return self._open(ref, position, size, data[ref.offset : ref.offset + stored])
            except IntegrityError:
                del self._packs[ref.pack]  # perhaps another store of several has it right

        def read() -> bytes:
            return self._open(
                ref, position, size, self._port.store.get(name, offset=ref.offset, length=stored)
            )  # fmt: skip

        return verified(self._port.store, name, read)

    def _open(self, ref: SliceRef, position: int, size: int, stored: bytes) -> bytes:
        return aead.open_slice(
            ref.key, slice_aad(self._port.locker_id, position), stored, size, object_name=names.pack(ref.pack)
        )

    # --- writing

    def _commit(self, plans: Sequence[_Plan]) -> None:
        """Those that are still as they were planned for; the others come in the next round."""
        if not plans:
            return
        first, *rest = batches([op for plan in plans for op in plan.ops])
        assert not rest or len(plans) == 1
        fits: list[_Plan] = []

        def chosen() -> Sequence[Operation]:
            fits.clear()
            with self._index.read() as session:
                condemned = {row.pack for row in session.records.condemned()}
                fits.extend(
                    plan
                    for plan in plans
                    if self._is_as_planned(session, plan) and condemned.isdisjoint(packs_of(plan.ops))
                )
            return first if rest and fits else [op for plan in fits for op in plan.ops]

        self._history.append(chosen)
        for batch in rest if fits else ():
            self._history.append(batch)
        for plan in fits:
            self._exposure.settled(plan.node)
            self._report.files += 1
            self._report.versions += len(plan.versions)
        # What is in versions now may be purged and deleted while this goes on: it is not referred to once more.
        done = {pack for plan in fits for pack in plan.packs}
        self._known = {place: ref for place, ref in self._known.items() if ref.pack not in done}
        self._table.remove(done)

    @staticmethod
    def _is_as_planned(session: Session, plan: _Plan) -> bool:
        return (session.view.versions(plan.node), session.view.heads(plan.node)) == (plan.versions, plan.heads)

    def _path(self, node: NodeId) -> str:
        with self._index.read() as session:
            try:
                return session.view.path_of(node)
            except PathError:
                return node.hex()


def _exposed(checker: Checker, exposure: Exposure) -> Iterator[tuple[NodeId, SliceRef, int, bool]]:
    for use in checker.uses():
        yield use.node, use.ref, use.size, use.ref.pack in exposure.packs or use.node in exposure.doubtful


def _todo(index: Index, history: History, port: Port, exposure: Exposure) -> _Todo:
    nodes: dict[NodeId, tuple[bytes, int]] = {}
    packs: set[PackId] = set()
    counted: set[int] = set()
    total = 0
    for node, ref, size, exposed in _exposed(Checker(index, history, port, None, None), exposure):
        packs.add(PackId(ref.pack))
        if exposed:
            place = (bytes(ref.pack), ref.offset)
            nodes[node] = min(place, nodes.get(node, place))
            if (mark := hash(place)) not in counted:
                counted.add(mark)
                total += size
    return _Todo(nodes, total, packs)


def left(index: Index, history: History, port: Port, exposure: Exposure) -> Left:
    """What is still exposed, as far as ``exposure`` has read. Raises IntegrityError, StoreError for long files."""
    if not exposure.possible():
        return Left()
    todo, linked = _todo(index, history, port, exposure), linked_packs(index)
    with index.read() as session:
        conflicts = sum(len(session.view.heads(node)) > 1 for node in todo.nodes)
    exposure.keep_only(todo.packs | linked)
    return Left(len(todo.nodes), todo.bytes, conflicts, len(exposure.packs & linked - todo.packs))
