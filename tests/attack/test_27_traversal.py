"""Attack 27, for the format: names that lead out of the folder into which they are downloaded.

Here the adversary is a device of the locker itself (or one that was, with the storage): it signs what it likes.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from megadesk.core.secrets import LockerSecrets
from megadesk.crypto import aead
from megadesk.errors import DecodeError, MegaDeskError
from megadesk.format import names
from megadesk.format.checkpoint import CheckpointHead, CheckpointLogHead, SeenHead, part_digest, seal_checkpoint
from megadesk.format.entry import Head
from megadesk.format.envelope import ObjectType, slice_aad
from megadesk.format.ops import (
    Create,
    FileContent,
    LinkContent,
    Move,
    SliceRef,
    encode_content,
    encode_slice_list,
)
from megadesk.format.padme import padme
from megadesk.tree.dump import DumpRow, MoveDumpRecord, NodeRecord, PlaceRecord, StampRecord, VersionRecord, encode_rows
from megadesk.types import ROOT, NodeId, NodeKind, PackId
from tests.attack.forger import Forger, next_seq
from tests.attack.world import (
    Bench,
    HostileStore,
    assert_never_wrong,
    contents,
    fetch,
    local_files,
    objects_of,
    picture,
)

BAD_NAMES = (b"..", b".", b"../evil", b"a/b", b"/etc/evil", b"a\0b", b"..\0", b"/", b"", b"x" * 256)


class Insider(Forger):
    """Beta, gone bad."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.world)
        self.own = LockerSecrets.from_bytes(bench.world.secrets["beta"])
        with bench.device("beta", bench.store()).unlocked() as locker:
            self.heads = locker._history.heads()

    def checkpoint(self, store: HostileStore, rows: list[DumpRow]) -> None:
        """The newest checkpoint of all, with these rows."""
        for name in [name for name in store.objects if name.startswith(names.CHECKPOINTS)]:
            del store.objects[name]
        heads = tuple(
            CheckpointLogHead(h.device, h.seq, h.hash, h.lamport, h.time_ms, tuple(SeenHead(*seen) for seen in h.seen))
            for _, h in sorted(self.heads.items())
        )
        body = encode_rows(rows)
        head = CheckpointHead(1, self.beta, 2**50, heads, (), (part_digest(body),))
        checkpoint = os.urandom(16)
        record = seal_checkpoint(head, self.locker_id, self.own.device_keys.signing)
        for number, data in enumerate((record, body)):
            name = names.checkpoint_part(checkpoint, number)
            store.objects[name] = self.seal(ObjectType.CHECKPOINT, name, data)


def stamp(insider: Insider, number: int) -> StampRecord:
    return StampRecord(1, insider.beta, number)


def place(insider: Insider, number: int, parent: int, name: bytes) -> PlaceRecord:
    return PlaceRecord(parent, name, stamp(insider, number), 1, 0, b"", 0)


def node(insider: Insider, key: int, parent: int, name: bytes, kind: int, content: object = None) -> NodeRecord:
    identity = NodeId(bytes((key,)) * 16)
    versions: tuple[VersionRecord, ...] = ()
    if content is not None:
        data = content if isinstance(content, bytes) else encode_content(content)  # type: ignore[arg-type]
        size = content.size if isinstance(content, FileContent) else 0
        first = stamp(insider, key)
        versions = (VersionRecord(identity, first, 1, kind, 0o644, 0, size, 0, (), data),)  # type: ignore[arg-type]
    mine = place(insider, key, parent, name)
    return NodeRecord(key, identity, kind, 0o755, 0, 0, stamp(insider, key), 1, mine, None, versions)


EMPTY = FileContent(0, ())


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_in_checkpoints(bench: Bench, name: bytes) -> None:
    """A folder of a bad name with a file in it, and a bare file: such a checkpoint is none, the logs are read."""
    insider = Insider(bench)
    rows_of: list[list[DumpRow]] = [
        [node(insider, 20, 1, name, 0), node(insider, 21, 20, b"evil.txt", 1, EMPTY)],
        [node(insider, 20, 1, name, 1, EMPTY)],
        [
            node(insider, 20, 1, b"good", 0),
            MoveDumpRecord(stamp(insider, 30), 20, 1, name, 1, place(insider, 20, 1, b"good")),
        ],
    ]
    if name:  # what a node that was known by its id only was moved from has no name
        old = place(insider, 20, 1, name)
        rows_of.append([node(insider, 20, 1, b"good", 0), MoveDumpRecord(stamp(insider, 30), 20, 1, b"good", 1, old)])
    for rows in rows_of:
        store = bench.store()
        insider.checkpoint(store, rows)
        _assert_harmless(bench, store)


def _assert_harmless(bench: Bench, store: HostileStore) -> None:
    room = bench.fresh_folder("room")
    inside = room / "a" / "b" / "inside"
    inside.mkdir(parents=True)
    with bench.joined(store) as locker:
        assert picture(locker) == bench.world.truth
        fetch(locker, inside)
    assert not [found for found in objects_of(room) if not found.startswith("a/b/inside/")]
    assert not [found for found in local_files(inside) if "evil" in found]


def test_a_good_name_is_taken(bench: Bench) -> None:
    """So the entries of the next test are refused for their names, and not for something else."""
    insider = Insider(bench)
    head = insider.heads[insider.beta]
    seen = [Head(h.device, h.seq, h.hash) for h in insider.heads.values() if h.device != insider.beta]
    seq = next_seq(bench.world.end.objects, insider.beta)
    op = Create(NodeId(b"f" * 16), ROOT, b"good", NodeKind.FOLDER, 0o755, 0, None)
    name = names.entry(insider.beta, seq)
    store = bench.store()
    store.objects[name] = insider.seal(ObjectType.ENTRY, name, _entry(insider, seq, head.hash, seen, op))
    with bench.device("alpha", store).unlocked() as locker:
        assert locker.trouble is None
        assert locker.node("/good").name == "good"


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_in_entries(bench: Bench, name: bytes) -> None:
    insider = Insider(bench)
    head = insider.heads[insider.beta]
    seen = [Head(h.device, h.seq, h.hash) for h in insider.heads.values() if h.device != insider.beta]
    with bench.device("alpha", bench.store()).unlocked() as locker:
        note = locker.node("/treasure.txt").id
    for op in (
        Create(NodeId(b"f" * 16), ROOT, name, NodeKind.FOLDER, 0o755, 0, None),
        Create(NodeId(b"f" * 16), ROOT, name, NodeKind.FILE, 0o755, 0, EMPTY),
        Create(NodeId(b"f" * 16), ROOT, name, NodeKind.LINK, 0o777, 0, LinkContent(b"/etc/passwd")),
        Move(note, ROOT, name),
    ):
        seq = next_seq(bench.world.end.objects, insider.beta)
        body = _entry(insider, seq, head.hash, seen, op)
        object_name = names.entry(insider.beta, seq)
        store = bench.store()
        store.objects[object_name] = insider.seal(ObjectType.ENTRY, object_name, body)
        with bench.device("alpha", store).unlocked() as locker:
            assert isinstance(locker.trouble, DecodeError)
            assert locker.trouble.object_name == object_name
            assert picture(locker) == bench.world.truth


def _entry(insider: Insider, seq: int, prev: bytes, seen: list[Head], op: object) -> bytes:
    clock = 1 + max(head.lamport for head in insider.heads.values())
    body = msgspec.msgpack.encode([1, insider.beta, seq, clock, prev, seen, 1, [op]])
    return insider.own.device_keys.signing.sign(b"megadesk/1 entry", insider.locker_id, body) + body


def hostile_contents() -> list[tuple[str, FileContent | bytes]]:
    """Contents of checkpoints that no honest device writes."""
    key, pack = bytes(32), PackId(b"p" * 16)
    ref = SliceRef(pack, 0, key, key)
    return [
        ("no slices", FileContent(100, ())),
        ("no slices, large", FileContent(20_000_000, ())),
        ("too few slices", FileContent(20_000_000, (ref,))),
        ("too many slices", FileContent(10, (ref, ref, ref))),
        ("slices of nothing", FileContent(0, (ref,))),
        ("out of its pack", FileContent(8_000_000, (SliceRef(pack, (16 << 20) - 1, key, key),))),
        ("a list of nothing", FileContent(0, (ref,), 100)),
        ("a list without slices", FileContent(10**12, (), 5)),
        ("no content", b""),
        ("no msgpack", b"\xc1\xc1"),
        ("a link", encode_content(LinkContent(b"x"))),
    ]


@pytest.mark.parametrize(("what", "content"), hostile_contents())
def test_contents_in_checkpoints(bench: Bench, tmp_path: Path, what: str, content: FileContent | bytes) -> None:
    """Whatever a checkpoint claims of a file, every use of it ends in a typed error or a failure of that file."""
    insider = Insider(bench)
    store = bench.store()
    insider.checkpoint(store, [node(insider, 20, 1, b"bad.bin", 1, content), node(insider, 21, 1, b"good", 1, EMPTY)])
    with bench.joined(store) as locker:
        if "bad.bin" not in picture_of(locker):
            return  # refused as a whole
        out = bench.fresh_folder("got")
        got, _ = fetch(locker, out)
        assert "bad.bin" not in got, what
        assert got.get("good") == b""
        source = tmp_path / "bad.bin"
        source.write_bytes(b"new content")
        uses: list[Callable[[], object]] = [
            lambda: locker.upkeep.check(read_data=True),
            lambda: locker.upkeep.collect_garbage(),
            lambda: locker.copy(["/bad.bin"], "/", new_name="copy"),
            lambda: locker.transfers.run_now(locker.upload([str(source)], "/")),
            lambda: locker.write_checkpoint(),
        ]
        for use in uses:
            with contextlib.suppress(MegaDeskError):
                use()


@pytest.mark.parametrize("listed", [0, 1, 3, 5000])
def test_slice_lists_that_do_not_fit(bench: Bench, listed: int) -> None:
    """A file of two slices, whose list (in a pack of its own) has more or fewer: it fails, alone and by name."""
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        real = contents(locker)["Quarterly/big-archive.bin"]
        refs = (real.slices * (listed // 2 + 1))[:listed]
        for number, slices in enumerate(
            (refs, (SliceRef(PackId(b"p" * 16), (16 << 20) - 1, bytes(32), bytes(32)),) * 2)
        ):
            data = encode_slice_list(slices)
            key, pack = os.urandom(32), PackId(os.urandom(16))
            stored = bytearray(padme(aead.slice_stored_size(len(data))))
            aead.seal_slice_into(key, slice_aad(locker.locker_id, 0), data, memoryview(stored))
            store.objects[names.pack(pack)] = bytes(stored)
            content = FileContent(real.size, (SliceRef(pack, 0, key, os.urandom(32)),), len(data))
            create = Create(
                NodeId(bytes((80 + number,)) * 16), ROOT, b"bad%d" % number, NodeKind.FILE, 0o644, 0, content
            )
            locker._history.append([create])
        got, refused = fetch(locker, bench.fresh_folder("got"))
        assert {"bad0", "bad1"} <= set(refused)
        assert not {"bad0", "bad1"} & set(got)
        assert_never_wrong(got, refused, bench.world.files)
        report = locker.upkeep.check(read_data=True)
        assert report.problems


def picture_of(locker) -> set[str]:  # type: ignore[no-untyped-def]
    return {path for path, _ in locker.walk("/")}
