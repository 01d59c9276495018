"""Verifying a locker against its storage: header, enrolments, logs, packs, and on request every byte."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from megadesk.core.exposure import Exposure, Left
from megadesk.core.history import History
from megadesk.core.port import Port
from megadesk.crypto import aead
from megadesk.crypto.kdf import digest_once
from megadesk.errors import IntegrityError, MegaDeskError, PathError, StoreError, StoreUnavailableError
from megadesk.format import names
from megadesk.format.envelope import slice_aad
from megadesk.format.ops import FileContent, SliceRef, decode_content, decode_make_link
from megadesk.format.padme import is_padme
from megadesk.state.index.index import Index
from megadesk.transfer.control import Control
from megadesk.transfer.upload import slice_size
from megadesk.types import TRASH, NodeId, PackId, Progress, ProgressCallback

_SLICES_PER_PASS = 100_000
_FILES_NAMED = 100


@dataclass(frozen=True)
class Problem:
    """One damaged or missing object and the files that need it (at most 100 are named)."""

    object_name: str
    what: str
    files: list[str] = field(default_factory=list)


@dataclass
class CheckReport:
    """``objects`` and ``bytes`` are those looked at; ``unused`` packs are referred to by nothing, which is no fault."""

    problems: list[Problem] = field(default_factory=list)
    objects: int = 0
    bytes: int = 0
    unused_packs: int = 0
    unused_bytes: int = 0
    repaired: int = 0
    """Objects that were written anew in one of several stores."""
    repaired_bytes: int = 0
    exposed: Left | None = None
    """What removed devices can still read; None where nothing is. No fault either: see core/reencrypt.py."""


@dataclass(frozen=True)
class StoredSliceUse:
    """A slice that some version needs."""

    node: NodeId
    ref: SliceRef
    position: int
    size: int


class Checker:
    """One run of ``check``. A store that cannot be reached stops it; damage never does."""

    def __init__(
        self,
        index: Index,
        history: History,
        port: Port,
        progress: ProgressCallback | None,
        control: Control | None,
        exposure: Exposure | None = None,
    ) -> None:
        """``exposure`` is told of the entries, which are read anyway."""
        self._index = index
        self._history = history
        self._port = port
        self._progress = progress or (lambda _: None)
        self._control = control or Control()
        self._report = CheckReport()
        self._exposure = exposure
        self._reporting = False
        self._unlisted: set[NodeId] = set()  # files whose damaged slice lists were reported

    def run(self, *, read_data: bool) -> CheckReport:
        """Raises StoreUnavailableError, CancelledError; everything else becomes a Problem."""
        self._reporting = True
        self._check_founding()
        self._check_logs()
        packs = self._check_packs()
        if read_data:
            self._read_packs(packs)
        return self._report

    def _problem(self, name: str, what: str, nodes: set[NodeId] | None = None) -> None:
        files = []
        with self._index.read() as session:
            for node in list(nodes or ())[:_FILES_NAMED]:
                with contextlib.suppress(PathError):
                    location = session.view.locate(node)
                    files.append(f"{location.path} (in the trash)" if location.root == TRASH else location.path)
        self._report.problems.append(Problem(name, what, sorted(files)))

    def _check_founding(self) -> None:
        """The header and the enrolments: this device has them, but the next one to join needs them."""
        checks: list[tuple[str, Callable[[], object]]] = [(names.HEADER, self._history.header)]
        for row in self._history.devices().values():
            checks.append((names.device(row.id), partial(self._history.verify_enrolment, row)))
        for name, check in checks:
            self._report.objects += 1
            try:
                check()
            except StoreUnavailableError:
                raise
            except (IntegrityError, StoreError) as error:
                self._problem(name, str(error))

    def _check_logs(self) -> None:
        try:
            refused = self._history.refresh().refused
        except IntegrityError as error:
            self._problem(error.object_name, str(error))
            refused = []
        for name in refused:
            self._problem(name, "Nobody of this locker wrote this object; it is ignored.")
        cutoffs = {row.id: row.cutoff_seq for row in self._history.devices().values() if row.cutoff_seq is not None}
        exposure = self._exposure if cutoffs else None
        for device, head in self._history.heads().items():
            for seq in range(1, head.seq + 1):
                self._control.step()
                self._progress(Progress(self._report.objects, 0, "log"))
                self._report.objects += 1
                try:
                    epoch, entry = self._history.logs.verify_entry(device, seq)
                except StoreUnavailableError:
                    raise
                except (IntegrityError, StoreError) as error:
                    self._problem(names.entry(device, seq), str(error))
                    continue
                # What does not count names nothing that is kept.
                if exposure is not None and seq <= cutoffs.get(device, seq):
                    exposure.note(epoch, entry)

    def uses(self, chosen: range | None = None, of: int = 1) -> Iterator[StoredSliceUse]:
        """Every slice of every kept version; with ``chosen``, of packs whose number modulo ``of`` is in it.

        A slice list that cannot be read is a Problem within ``run``; elsewhere it raises IntegrityError, StoreError.
        """
        with self._index.read() as session:
            rows = session.connection.execute(
                "SELECT n.id, v.content FROM versions v JOIN nodes n ON n.key = v.node"
                " WHERE v.content IS NOT NULL AND v.dropped = 0"
            )
            for node, data in rows:
                content = decode_content(data)
                if not isinstance(content, FileContent):
                    continue
                covered = content.indirect or content.size
                for position, ref in enumerate(content.slices):
                    if chosen is None or _number(ref.pack) % of in chosen:
                        yield StoredSliceUse(NodeId(node), ref, position, slice_size(covered, position))
                if content.indirect:
                    for position, ref in enumerate(self._listed(NodeId(node), content)):
                        if chosen is None or _number(ref.pack) % of in chosen:
                            yield StoredSliceUse(NodeId(node), ref, position, slice_size(content.size, position))

    def _listed(self, node: NodeId, content: FileContent) -> tuple[SliceRef, ...]:
        try:
            return self._port.resolved(content).slices
        except StoreUnavailableError:
            raise
        except (IntegrityError, StoreError) as error:
            if not self._reporting:
                raise
            if node not in self._unlisted:
                self._unlisted.add(node)
                self._problem(names.pack(content.slices[0].pack), str(error), {node})
            return ()

    def _check_packs(self) -> dict[PackId, int]:
        """Every pack that is needed is there and long enough. Gives the packs that are, with their sizes."""
        ends: dict[PackId, int] = {}
        slices = 0
        for use in self.uses():
            slices += 1
            end = use.ref.offset + aead.slice_stored_size(use.size)
            if end > ends.get(use.ref.pack, 0):
                ends[use.ref.pack] = end
        linked, held = linked_packs(self._index), set[PackId]()
        present: dict[PackId, int] = {}
        bad: dict[PackId, str] = {}
        for info in self._port.store.list(names.PACKS):
            self._control.step()
            pack = names.parse_pack(info.name)
            if pack is None:
                continue
            self._report.objects += 1
            if pack in linked and pack not in ends:
                held.add(pack)
            elif pack not in ends:
                self._report.unused_packs += 1
                self._report.unused_bytes += info.size_bytes
            elif info.size_bytes < ends[pack] or not is_padme(info.size_bytes):
                bad[pack] = "The pack is cut short or was altered."
            else:
                present[pack] = info.size_bytes
        for pack in ends.keys() - present.keys() - bad.keys():
            bad[pack] = "The pack is missing from the storage."
        for pack in linked - held - ends.keys():
            bad[pack] = "The pack is missing from the storage; a link shows what was in it."
        if bad:
            self._name_damage(bad)
        self._slices = slices
        return present

    def _name_damage(self, bad: dict[PackId, str]) -> None:
        nodes: dict[PackId, set[NodeId]] = {}
        for use in self.uses():
            if use.ref.pack in bad:
                nodes.setdefault(use.ref.pack, set()).add(use.node)
        for pack, what in sorted(bad.items()):
            self._problem(names.pack(pack), what, nodes.get(pack))

    def _read_packs(self, present: dict[PackId, int]) -> None:
        """Open every slice once. Passes over the index bound memory, whatever the locker's size."""
        total = sum(present.values())
        passes = self._slices // _SLICES_PER_PASS + 1
        for number in range(passes):
            by_pack: dict[PackId, dict[int, list[StoredSliceUse]]] = {}
            for use in self.uses(range(number, number + 1), passes):
                if use.ref.pack in present:
                    by_pack.setdefault(use.ref.pack, {}).setdefault(use.ref.offset, []).append(use)
            for pack, offsets in sorted(by_pack.items()):
                self._control.step()
                self._progress(Progress(self._report.bytes, total, "data"))
                self._read_pack(pack, present[pack], offsets)
                self._report.bytes += present[pack]

    def _read_pack(self, pack: PackId, size: int, offsets: dict[int, list[StoredSliceUse]]) -> None:
        name = names.pack(pack)
        damaged = self._damaged_files(name, size, offsets)
        while damaged and self._port.store.doubt(name):
            damaged = self._damaged_files(name, size, offsets)
        if damaged:
            self._problem(name, "Slices in this pack are damaged or were altered.", damaged)

    def _damaged_files(self, name: str, size: int, offsets: dict[int, list[StoredSliceUse]]) -> set[NodeId]:
        """Files that a slice of the pack does not verify for. A pack that cannot be read at all is a Problem."""
        damaged: set[NodeId] = set()
        try:
            data = memoryview(self._port.store.get(name, length=size))
        except StoreUnavailableError:
            raise
        except MegaDeskError as error:
            nodes = {use.node for uses in offsets.values() for use in uses}
            self._problem(name, str(error), nodes)
            return set()
        for offset, uses in offsets.items():
            use = uses[0]
            stored = data[offset : offset + aead.slice_stored_size(use.size)]
            try:
                plain = aead.open_slice(
                    use.ref.key, slice_aad(self._port.locker_id, use.position), stored, use.size, object_name=name
                )
            except IntegrityError:
                damaged |= {each.node for each in uses}
                continue
            if digest_once(self._port.digest_key, plain) != use.ref.digest:
                damaged |= {each.node for each in uses}
        return damaged


def linked_packs(index: Index) -> set[PackId]:
    """Packs that links name which nobody has taken back, expired ones included: clocks decide about no bytes."""
    with index.read() as session:
        links = session.table.links()
    made = [decode_make_link(link.made) for link in links if link.made is not None and not link.revoked]
    return {pack for link in made for pack in link.packs}


def _number(pack: PackId) -> int:
    return int.from_bytes(pack[:4], "big")
