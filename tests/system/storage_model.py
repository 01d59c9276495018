"""What the state machines have in common: a store that an adversary owns, and what must hold of every device."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path

from megadesk.core.locker import Locker
from megadesk.format import names
from megadesk.format.entry import Entry, open_entry
from megadesk.format.envelope import ObjectType, open_object
from megadesk.format.ops import FileContent, LinkContent, decode_content
from megadesk.state.index.index import Session
from megadesk.stores.api import Data, as_views
from megadesk.stores.memory import MemoryStore
from megadesk.tree.digest import digest
from megadesk.tree.memory import MemoryTable
from megadesk.tree.merge import Merger
from megadesk.tree.table import FILE, FIRST_KEY
from megadesk.types import DeviceId
from tests.lockers import LockerRig
from tests.unit.tree.histories import check_invariants

Version = tuple[bytes, bytes]
"""Node id and version id."""


class OwnedStore(MemoryStore):
    """A store whose owner may do anything to it; ``honest`` is what it would be without him."""

    def __init__(self) -> None:
        super().__init__()
        self.honest: dict[str, bytes] = {}
        self.owned = False
        self._signed: dict[str, bytes] = {}

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        content = b"".join(as_views(data))
        if name.startswith("log/"):
            assert self._signed.setdefault(name, content) == content, f"a second entry {name} was signed"
        super().put(name, content, create_only=create_only)
        self.honest[name] = content

    def delete(self, name: str) -> None:
        super().delete(name)
        self.honest.pop(name, None)

    def snapshot(self) -> dict[str, bytes]:
        return dict(self._objects)

    def become(self, objects: Mapping[str, bytes]) -> None:
        self._objects = dict(objects)
        self.owned = self._objects != self.honest

    def heal(self) -> None:
        self.become(self.honest)

    def attack(self, kind: str, pick: int) -> None:
        """One change, of the objects that are there."""
        objects = dict(self._objects)
        listed = sorted(name for name in objects if name != names.HEADER)
        name = listed[pick % len(listed)]
        other = listed[(pick // 7) % len(listed)]
        if kind == "drop":
            del objects[name]
        elif kind == "flip":
            content = bytearray(objects[name])
            content[pick % len(content)] ^= 1 << (pick % 8)
            objects[name] = bytes(content)
        elif kind == "swap":
            objects[name], objects[other] = objects[other], objects[name]
        elif kind == "cut":
            objects[name] = objects[name][: len(objects[name]) // 2]
        elif kind == "plant":
            objects[_next_to(name)] = objects[other]
        elif kind == "junk":
            objects[_next_to(name)] = random.Random(pick).randbytes(512)
        self.become(objects)


def _next_to(name: str) -> str:
    """A name that is not taken, of the same kind."""
    folder, _, last = name.rpartition("/")
    if name.startswith("log/"):
        return f"{folder}/{int(last, 16) + 1:016x}"
    if name.startswith("checkpoints/"):
        return f"{folder}/{int(last, 16) + 1:08x}"
    return f"{folder}/{int(last, 16) ^ 1:032x}"


def file_versions(session: Session) -> Iterator[tuple[Version, bytes]]:
    """Every kept version of a file: its encoded content."""
    for node in session.table.nodes():
        if node.key < FIRST_KEY or node.kind != FILE:
            continue
        for version in session.table.versions(node.key):
            if version.kind == FILE and not version.dropped:
                content = session.table.content(node.key, version.id)
                assert content is not None
                yield (node.id, version.id), content


def read_content(locker: Locker, encoded: bytes) -> bytes:
    """The bytes of a version. Raises what reading raises."""
    content = decode_content(encoded)
    if isinstance(content, LinkContent):
        return content.target
    assert isinstance(content, FileContent)
    port = locker._port
    content = port.resolved(content)
    parts = []
    for position, ref in enumerate(content.slices):
        size = min(content.size - sum(map(len, parts)), 8387584)
        parts.append(port._read_slice(ref, position, size))
    return b"".join(parts)


class Ledger:
    """Every version that any device ever committed, with the bytes it must have for as long as it is not purged."""

    def __init__(self) -> None:
        self.offered: set[bytes] = {b""}
        self.bytes_of: dict[bytes, bytes] = {}
        self.versions: dict[Version, bytes] = {}
        self.purged: set[Version] = set()
        self.doubtful: set[Version] = set()
        """A purge of them was begun and not finished."""

    def learn(self, locker: Locker, *, may_fail: tuple[type[Exception], ...] = ()) -> dict[Version, bytes]:
        """Take in what this device has; wrong bytes are found out here."""
        with locker._index.read() as session:
            found = dict(file_versions(session))
        for version, encoded in found.items():
            assert self.versions.setdefault(version, encoded) == encoded, "a version changed"
            if encoded not in self.bytes_of:
                try:
                    content = read_content(locker, encoded)
                except may_fail:
                    del self.versions[version]  # known when the storage is whole again
                    continue
                assert content in self.offered, f"nobody ever put {content!r}"
                self.bytes_of[encoded] = content
        return found

    def check_read(self, locker: Locker, encoded: bytes, *, may_fail: tuple[type[Exception], ...] = ()) -> None:
        """Reading gives the right bytes, or one of these errors."""
        try:
            content = read_content(locker, encoded)
        except may_fail:
            return
        assert content == self.bytes_of.get(encoded, content), "wrong bytes"

    def check_whole(self, locker: Locker) -> None:
        """Nothing is lost: what was not purged is there and readable, what was purged is not."""
        found = self.learn(locker)
        for version in self.versions:
            if version in self.doubtful:
                if version not in found:
                    self.purged.add(version)
            elif version in self.purged:
                assert version not in found, "purged, but there"
            else:
                assert version in found, f"lost: {self.bytes_of.get(self.versions[version])!r}"
        self.doubtful.clear()
        for encoded in {*found.values()}:
            assert read_content(locker, encoded) == self.bytes_of[encoded], "wrong bytes"
        with locker._index.read() as session:
            check_invariants(session.table)


def replayed_digest(rig: LockerRig, store: OwnedStore) -> bytes:
    """The digest of a table in memory that every entry in the store was merged into, in another order."""
    waiting: list[Entry] = []
    keys = {device.id: device.locker._history.devices()[device.id].sign_pk for device in rig.devices}
    for name in sorted(store.honest, reverse=True):
        parsed = names.parse_entry(name)
        if parsed is not None:
            record = open_object(ObjectType.ENTRY, rig.locker_id, name, {rig.epoch.id: rig.epoch}, store.honest[name])
            waiting.append(open_entry(record, rig.locker_id, parsed[0], parsed[1], keys[DeviceId(parsed[0])], name))
    table = MemoryTable()
    applied: dict[bytes, int] = {}
    while waiting:
        later = []
        for entry in waiting:
            ready = entry.seq == applied.get(entry.device, 0) + 1 and all(
                applied.get(head.device, 0) >= head.seq for head in entry.seen
            )
            if ready:
                Merger(table).apply(entry)
                applied[entry.device] = entry.seq
            else:
                later.append(entry)
        assert len(later) < len(waiting), "entries that nothing leads to"
        waiting = later
    return digest(table)


def scratch_folder(fallback: Path) -> str | None:
    """Where thousands of small databases are cheap."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else str(fallback)
