"""Log entries: what is refused although it is well-formed and signed."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from megadesk.crypto.aead import SLICE_BYTES
from megadesk.crypto.signing import SigningKey
from megadesk.errors import DamagedError, DecodeError
from megadesk.format import entry as entry_module
from megadesk.format.entry import Entry, Head, batches, check_entry, entry_hash, open_entry, seal_entry
from megadesk.format.ops import (
    AddVersion,
    Condemn,
    Create,
    Cutoff,
    EpochSlot,
    FileContent,
    LinkContent,
    Move,
    Operation,
    Purge,
    Rekey,
    SetAttributes,
    SliceRef,
)
from megadesk.types import ROOT, TRASH, DeviceId, EpochId, LockerId, NodeId, NodeKind, PackId, VersionId

KEY = SigningKey(b"k" * 32)
LOCKER = LockerId(b"l" * 32)
DEVICE = DeviceId(b"d" * 16)
NODE = NodeId(b"n" * 16)
REF = SliceRef(PackId(b"p" * 16), 0, b"k" * 32, b"h" * 32)
EMPTY = FileContent(0, ())


def entry(*ops: Operation, **changes: object) -> Entry:
    made = Entry(1, DEVICE, 3, 7, b"h" * 32, (), 1, ops)
    return msgspec.structs.replace(made, **changes)


def signed(made: Entry | list[object]) -> bytes:
    body = msgspec.msgpack.encode(made)
    return KEY.sign(b"megadesk/1 entry", LOCKER, body) + body


def open_it(record: bytes, *, device: DeviceId = DEVICE, seq: int = 3, public: bytes = KEY.public) -> Entry:
    return open_entry(record, LOCKER, device, seq, public, "log/x")


GOOD: list[Operation] = [
    Create(NODE, ROOT, b"name", NodeKind.FILE, 0o644, -5, FileContent(10, (REF,))),
    Create(NODE, ROOT, b"\xff\xfe not utf-8", NodeKind.FOLDER, 0o755, 0, None),
    Create(NODE, NODE, b"x" * 255, NodeKind.LINK, 0o777, 2**63 - 1, LinkContent(b"/target")),
    Create(NODE, ROOT, b"...", NodeKind.FILE, 0, -(2**63), EMPTY),
    AddVersion(NODE, VersionId(b"v" * 16), (VersionId(NODE),), 0o644, 0, FileContent(SLICE_BYTES + 1, (REF, REF))),
    AddVersion(NODE, VersionId(b"v" * 16), (), 0o644, 0, FileContent(1 << 40, (REF,), 5000)),
    Move(NODE, TRASH, b"name"),
    SetAttributes(NODE, 0o7777, 0),
    Purge(NODE, ()),
    Condemn((PackId(b"p" * 16),)),
    Rekey(1, EpochId(b"e" * 8), (Cutoff(DEVICE, 0, bytes(32)),), (EpochSlot(b"", b"s"), EpochSlot(DEVICE, b"s"))),
]


@pytest.mark.parametrize("op", GOOD, ids=lambda op: type(op).__name__)
def test_round_trip(op: Operation) -> None:
    made = entry(op)
    record = seal_entry(made, LOCKER, KEY)
    assert open_it(record) == made
    assert record == signed(made)
    assert len(entry_hash(record)) == 32


def bad_operations() -> Iterator[tuple[str, Operation]]:
    for name in (b".", b"..", b"a/b", b"/", b"a\0b", b"\0", b"", b"x" * 256):
        yield f"create {name[:8]!r}", Create(NODE, ROOT, name, NodeKind.FOLDER, 0, 0, None)
        yield f"move {name[:8]!r}", Move(NODE, ROOT, name)
    for fixed in (ROOT, TRASH):
        yield "a fixed folder created", Create(fixed, ROOT, b"x", NodeKind.FOLDER, 0, 0, None)
        yield "a fixed folder moved", Move(fixed, ROOT, b"x")
        yield "a fixed folder as file", AddVersion(fixed, VersionId(NODE), (), 0, 0, EMPTY)
    yield "created in the trash", Create(NODE, TRASH, b"x", NodeKind.FOLDER, 0, 0, None)
    yield "folder with content", Create(NODE, ROOT, b"x", NodeKind.FOLDER, 0, 0, EMPTY)
    yield "file without", Create(NODE, ROOT, b"x", NodeKind.FILE, 0, 0, None)
    yield "file with a target", Create(NODE, ROOT, b"x", NodeKind.FILE, 0, 0, LinkContent(b"t"))
    yield "link with slices", Create(NODE, ROOT, b"x", NodeKind.LINK, 0, 0, EMPTY)
    yield "link without target", Create(NODE, ROOT, b"x", NodeKind.LINK, 0, 0, LinkContent(b""))
    yield "kind 3", Create(NODE, ROOT, b"x", 3, 0, 0, EMPTY)
    yield "mode", Create(NODE, ROOT, b"x", 0, 0o10000, 0, None)
    yield "time", Create(NODE, ROOT, b"x", 0, 0, 2**63, None)
    yield "short id", Move(NodeId(b"n" * 15), ROOT, b"x")
    yield "long id", Move(NODE, NodeId(b"n" * 17), b"x")
    for what, content in (
        ("missing slice", FileContent(1, ())),
        ("surplus slice", FileContent(0, (REF,))),
        ("one of two slices", FileContent(SLICE_BYTES + 1, (REF,))),
        ("two of one", FileContent(SLICE_BYTES, (REF, REF))),
        ("negative", FileContent(-1, ())),
        ("beyond all files", FileContent((1 << 53) + 1, (REF,), 100)),
        ("a list for nothing", FileContent(0, (REF,), 10)),
        ("a list of no slices", FileContent(10**12, (), 10)),
        ("a huge list", FileContent(10**12, (REF,) * 129, (1 << 30) + 1)),
        ("too many inline", FileContent(SLICE_BYTES * 4097, (REF,) * 4097)),
        ("out of the pack", FileContent(100, (SliceRef(REF.pack, (16 << 20) - 100, REF.key, REF.digest),))),
        ("offset of a whole pack", FileContent(1, (SliceRef(REF.pack, 16 << 20, REF.key, REF.digest),))),
        ("negative offset", FileContent(1, (SliceRef(REF.pack, -1, REF.key, REF.digest),))),
        ("short key", FileContent(1, (SliceRef(REF.pack, 0, b"k" * 31, REF.digest),))),
    ):
        yield f"create: {what}", Create(NODE, ROOT, b"x", NodeKind.FILE, 0, 0, content)
        yield f"version: {what}", AddVersion(NODE, VersionId(b"v" * 16), (), 0, 0, content)
    yield "too many bases", AddVersion(NODE, VersionId(b"v" * 16), (VersionId(NODE),) * 65, 0, 0, EMPTY)
    yield "a slot for half a device", Rekey(1, EpochId(b"e" * 8), (), (EpochSlot(b"d" * 8, b"s"),))


@pytest.mark.parametrize(("what", "op"), list(bad_operations()))
def test_bad_operations_are_refused_when_read_and_when_written(what: str, op: Operation) -> None:
    with pytest.raises(DecodeError):
        open_it(signed(entry(op)))
    with pytest.raises(DecodeError):
        seal_entry(entry(op), LOCKER, KEY)


edges = st.sampled_from((0, 1, 100, SLICE_BYTES - 1, SLICE_BYTES, SLICE_BYTES + 1, 2 * SLICE_BYTES))
refs = st.builds(
    SliceRef,
    st.just(REF.pack),
    st.integers(0, (16 << 20) - 1) | st.integers((8 << 20) - 3000, (8 << 20) + 9000) | st.just(0),
    st.just(REF.key),
    st.just(REF.digest),
)
contents = (
    st.none()
    | st.just(LinkContent(b"t"))
    | st.builds(FileContent, edges | st.integers(0, 3 * SLICE_BYTES), st.lists(refs, max_size=2).map(tuple), edges)
    | st.builds(FileContent, edges | st.integers(0, SLICE_BYTES), refs.map(lambda ref: (ref,)))
)
creates = st.builds(
    Create,
    st.sampled_from((NODE, ROOT, TRASH, NodeId(bytes(15) + b"\x07"))),
    st.sampled_from((NODE, ROOT, TRASH)),
    st.sampled_from((b"x", b".", b"..", b"...", b"a/b", b"a\0b", b"\xff")),
    st.integers(0, 2),
    st.just(0o644),
    st.just(0),
    contents,
)


@given(creates)
@settings(max_examples=1000)
def test_the_short_way_for_plain_files_lets_nothing_pass_that_the_rules_refuse(op: Create) -> None:
    made = entry(op)

    def verdict() -> str:
        try:
            check_entry(made, "log/x")
        except DecodeError as error:
            return str(error)
        return ""

    quick = verdict()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entry_module, "_is_plain_file", lambda op: False)
        assert verdict() == quick


def test_batches_are_in_order_and_each_fits_into_an_entry() -> None:
    many: list[Operation] = [SetAttributes(NODE, 0, number) for number in range(20_000)]
    assert [op for batch in batches(many) for op in batch] == many
    assert max(len(batch) for batch in batches(many)) == 8192
    heavy: list[Operation] = [
        Create(NODE, ROOT, b"x", NodeKind.FILE, 0, number, FileContent(SLICE_BYTES * 4000, (REF,) * 4000))
        for number in range(40)
    ]
    cut = list(batches(heavy))
    assert [op for batch in cut for op in batch] == heavy
    assert len(cut) > 1
    for batch in cut:
        seal_entry(entry(*batch), LOCKER, KEY)
    assert list(batches([])) == []


@pytest.mark.parametrize("count", [0, 1, 15, 16, 511, 512, 513, 1023, 1024, 1025, 3000, 70_000])
def test_an_entry_written_bit_by_bit_is_the_same(count: int) -> None:
    made = entry(*[SetAttributes(NODE, 0, number) for number in range(count)])
    record = seal_entry(made, LOCKER, KEY)
    assert record == signed(made)
    assert open_it(record) == made


@pytest.mark.parametrize("at", [0, 1023, 1024, 2999])
def test_a_bad_operation_is_found_wherever_it_stands(at: int) -> None:
    ops: list[Operation] = [SetAttributes(NODE, 0, number) for number in range(3000)]
    ops[at] = Move(NODE, ROOT, b"a/b")
    with pytest.raises(DecodeError, match="a name that is not a name"):
        seal_entry(entry(*ops), LOCKER, KEY)


def test_an_entry_too_large_to_be_read_is_not_written() -> None:
    content = FileContent(SLICE_BYTES * 4000, (REF,) * 4000)
    ops = [Create(NODE, ROOT, b"x", NodeKind.FILE, 0, number, content) for number in range(25)]
    with pytest.raises(DecodeError, match="above the limit"):
        seal_entry(entry(*ops), LOCKER, KEY)


def heads(*devices: bytes) -> tuple[Head, ...]:
    return tuple(Head(DeviceId(device), 1, bytes(32)) for device in devices)


@pytest.mark.parametrize(
    "changes",
    [
        {"seen": heads(b"b" * 16, b"a" * 16)},
        {"seen": heads(b"a" * 16, b"a" * 16)},
        {"seen": heads(DEVICE)},
        {"seen": heads(b"a" * 15)},
        {"version": 0},
        {"version": 2},
        {"seq": 4},
        {"seq": 0},
        {"seq": 2**63},
        {"device": DeviceId(b"e" * 16)},
        {"lamport": 0},
        {"lamport": 2**62 + 1},
        {"prev": b"h" * 31},
        {"time_ms": -1},
    ],
    ids=str,
)
def test_bad_fields_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(DecodeError):
        open_it(signed(entry(**changes)))


def test_only_one_encoding_is_accepted() -> None:
    """The same values in longer MessagePack, surplus or missing fields, bytes behind the end."""
    made = entry(Purge(NODE, ()))
    body = msgspec.msgpack.encode(made)
    values = [1, DEVICE, 3, 7, b"h" * 32, [], 1, [[5, NODE, []]]]
    assert msgspec.msgpack.encode(values) == body
    others = [
        body + b"\0",
        body.replace(b"\x03\x07", b"\xcc\x03\x07", 1),
        body.replace(b"\xc4\x10", b"\xc5\x00\x10", 1),
        b"\xdc\x00\x08" + body[1:],
        msgspec.msgpack.encode([*values, 0]),
        msgspec.msgpack.encode(values[:-1]),
        msgspec.msgpack.encode([*values[:-1], [[8, NODE, []]]]),
        msgspec.msgpack.encode([*values[:-1], [[5, NODE, [], 1]]]),
        msgspec.msgpack.encode([*values[:-1], [[5, NODE]]]),
        msgspec.msgpack.encode({"version": 1}),
        msgspec.msgpack.encode([1.0, *values[1:]]),
        msgspec.msgpack.encode([True, *values[1:]]),
    ]
    for other in others:
        assert other != body
        record = KEY.sign(b"megadesk/1 entry", LOCKER, other) + other
        with pytest.raises(DecodeError):
            open_it(record)


def test_signatures() -> None:
    record = seal_entry(entry(), LOCKER, KEY)
    for changed in (
        b"",
        record[:63],
        record[:64],
        bytes(64) + record[64:],
        record[:-1],
        record[:70] + bytes((record[70] ^ 1,)) + record[71:],
        SigningKey(b"o" * 32).sign(b"megadesk/1 entry", LOCKER, record[64:]) + record[64:],
        KEY.sign(b"megadesk/1 checkpoint", LOCKER, record[64:]) + record[64:],
        KEY.sign(b"megadesk/1 entry", bytes(32), record[64:]) + record[64:],
        KEY.sign(b"megadesk/1 entry", record[64:]) + record[64:],
    ):
        with pytest.raises(DamagedError):
            open_it(changed)
    with pytest.raises(DamagedError):
        open_it(record, public=SigningKey(b"o" * 32).public)
