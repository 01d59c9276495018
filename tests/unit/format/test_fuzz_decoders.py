"""Every decoder against arbitrary bytes, mutations of valid ones, and well-formed but hostile structures.

Each gives a value or one of MegaDesk's own errors; never another exception, never more memory than its input is worth.
"""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from megadesk.core.checkpoint_rows import check_rows
from megadesk.core.secrets import LockerSecrets
from megadesk.crypto import aead, hpke, kdf, signing
from megadesk.crypto.keys import DeviceKeys, EpochSecret, LockerKey
from megadesk.crypto.link import DEFAULT_COST, LinkSecret
from megadesk.errors import MegaDeskError
from megadesk.format import checkpoint, header, link, ops
from megadesk.format.device import make_enrolment, open_enrolment
from megadesk.format.entry import Entry, Head, open_entry
from megadesk.format.envelope import ObjectType, epoch_of, object_aad, open_object, seal_object
from megadesk.format.recovery import format_recovery_key, parse_recovery_key
from megadesk.format.wire import encode
from megadesk.state import keyfile
from megadesk.state.paths import Paths
from megadesk.state.registry import Registry
from megadesk.state.settings import SettingsFile
from megadesk.stores import open as opening
from megadesk.transfer.port import Conflict, FileFailure
from megadesk.transfer.records import Direction, TransferRecord
from megadesk.transfer.tables import SqlJournal, SqlTransfers
from megadesk.tree import dump
from megadesk.tree.memory import MemoryTable
from megadesk.types import ROOT, DeviceId, LockerId, NodeId, NodeKind, PackId, Stamp, VersionId

REPO = Path(__file__).parents[3]
LOCKER = LockerId(b"l" * 32)
DEVICE = DeviceId(b"d" * 16)
NODE = NodeId(b"n" * 16)
KEYS = DeviceKeys.from_bytes(bytes(range(128)))
ROOT_KEYS = LockerKey(b"r" * 32).root_keys()
EPOCH = EpochSecret(b"e" * 32)
REF = ops.SliceRef(PackId(b"p" * 16), 5, b"k" * 32, b"h" * 32)
CONTENT = ops.FileContent(100, (REF,))

_LINK_SECRET = LinkSecret(b"s" * 32)
_LINK_PASSWORD = ops.LinkPassword(65536, 3, b"p" * 32)
MAKE_LINK = ops.MakeLink(
    _LINK_SECRET.id, b"s" * 32, NODE, 3, 5, 7, _LINK_PASSWORD, "note", 0, "https://h/d/", (PackId(b"p" * 16),)
)

Decode = Callable[[bytes], object]


# --- decoders: name -> (valid bytes, how they are decoded)


def _entry() -> bytes:
    return encode(
        Entry(
            1,
            DEVICE,
            1,
            1,
            b"h" * 32,
            (Head(DeviceId(b"e" * 16), 1, b"h" * 32),),
            1,
            (
                ops.Create(NODE, ROOT, b"name", NodeKind.FILE, 0o644, 1, CONTENT),
                ops.AddVersion(NODE, VersionId(b"v" * 16), (VersionId(NODE),), 0, 0, ops.LinkContent(b"t")),
                ops.Move(NODE, ROOT, b"other"),
                ops.SetAttributes(NODE, 1, 1),
                ops.Purge(NODE, (VersionId(NODE),)),
                ops.Condemn((PackId(b"p" * 16),)),
                ops.Rekey(1, EPOCH.id, (ops.Cutoff(DEVICE, 1, b"h" * 32),), (ops.EpochSlot(b"", b"s"),)),
                MAKE_LINK,
                ops.RevokeLink(_LINK_SECRET.id),
            ),
        )
    )


def _open_entry(body: bytes) -> object:
    record = KEYS.signing.sign(b"megadesk/1 entry", LOCKER, body) + body
    return open_entry(record, LOCKER, DEVICE, 1, KEYS.signing.public, "log/x")


def _open_entry_record(record: bytes) -> object:
    return open_entry(record, LOCKER, DEVICE, 1, KEYS.signing.public, "log/x")


_DEVICE_ID, _DEVICE_RECORD = make_enrolment(KEYS, "laptop", 1, LOCKER, None, ROOT_KEYS.signing)


def _open_enrolment(body: bytes) -> object:
    record = ROOT_KEYS.signing.sign(b"megadesk/1 device", LOCKER, body) + body
    return open_enrolment(record, LOCKER, _DEVICE_ID, ROOT_KEYS.signing.public, lambda _: None, "devices/x")


_HEADER = header.make_header(LockerKey(b"r" * 32), EPOCH)[1]


def _open_header_body(body: bytes) -> object:
    record = ROOT_KEYS.signing.sign(b"megadesk/1 genesis", body) + body
    data = header.MAGIC + len(record).to_bytes(4, "big") + record
    return header.open_header(data + bytes(header.padme(len(data)) - len(data)))


def _header_body() -> bytes:
    return _HEADER[13 + 64 : 13 + int.from_bytes(_HEADER[9:13], "big")]


def _head() -> bytes:
    log_head = checkpoint.CheckpointLogHead(DEVICE, 3, b"h" * 32, 4, 5, (checkpoint.SeenHead(DEVICE, 2),))
    sealed = (checkpoint.SealedEpoch(1, b"s" * 50),)
    return encode(checkpoint.CheckpointHead(1, DEVICE, 1, (log_head,), sealed, (b"d" * 32,)))


def _open_head(body: bytes) -> object:
    record = KEYS.signing.sign(b"megadesk/1 checkpoint", LOCKER, body) + body
    found, covered = checkpoint.open_checkpoint(record, LOCKER, "checkpoints/x")
    checkpoint.verify_checkpoint(record, covered, KEYS.signing.public, found.device, "checkpoints/x")
    return found


def _rows() -> list[dump.DumpRow]:
    stamp = dump.StampRecord(1, DEVICE, 0)

    def place(parent: int, name: bytes) -> dump.PlaceRecord:
        return dump.PlaceRecord(parent, name, stamp, 1, 0, b"", 0)

    version = dump.VersionRecord(VersionId(NODE), stamp, 1, 1, 0o644, 1, 100, 0, (), encode(CONTENT))
    given = dump.AttributesRecord(stamp, 0o600, 2)
    folder = NodeId(b"f" * 16)
    return [
        dump.NodeRecord(10, folder, 0, 0o755, 1, 0, stamp, 1, place(1, b"folder"), None, ()),
        dump.NodeRecord(11, NODE, 1, 0o644, 1, 0, stamp, 1, place(10, b"file"), given, (version,)),
        dump.MoveDumpRecord(stamp, 11, 10, b"file", 1, place(1, b"old")),
        dump.CondemnedRecord(PackId(b"p" * 16), stamp, 1),
        dump.EpochRecord(EPOCH.id, 1, stamp),
        dump.CutoffRecord(DEVICE, 1, b"h" * 32),
        dump.LinkDumpRecord(_LINK_SECRET.id, stamp, 1, encode(MAKE_LINK), 9),
    ]


def _load_rows(data: bytes) -> object:
    rows = dump.decode_rows(data, "checkpoints/x")
    check_rows(rows, "checkpoints/x")
    table = MemoryTable()
    dump.load(table, [rows])
    return table.counters()


def _open_envelope(data: bytes) -> object:
    epoch_of(data, ObjectType.ENTRY, "log/x")
    return open_object(ObjectType.ENTRY, LOCKER, "log/x", {EPOCH.id: EPOCH}, data)


_ENTRY_KEY = EPOCH.object_key("entry", LOCKER)
_ENTRY_AAD = object_aad(ObjectType.ENTRY, LOCKER, "log/x", EPOCH.id)


def _framed() -> bytes:
    return aead.open_sealed(_ENTRY_KEY, _ENTRY_AAD, seal_object(ObjectType.ENTRY, LOCKER, "log/x", EPOCH, b"body")[12:])


def _open_framed(framed: bytes) -> object:
    """What is inside an envelope, made by somebody with the key."""
    sealed = aead.seal(_ENTRY_KEY, _ENTRY_AAD, framed)
    return open_object(ObjectType.ENTRY, LOCKER, "log/x", {EPOCH.id: EPOCH}, b"MD\x01\x02" + EPOCH.id + sealed)


def _recovery(data: bytes) -> object:
    return parse_recovery_key(data.decode("utf-8", "surrogateescape"))


def _address(data: bytes) -> object:
    text = data.decode("utf-8", "replace")
    opening.describe(text)
    scheme = opening.scheme_of(text)
    return opening.folder_path(text), scheme


def _secrets() -> bytes:
    return LockerSecrets.fresh(LOCKER, ROOT_KEYS.signing.public, DEVICE, KEYS, EPOCH).to_bytes()


_SLICE_KEY = b"k" * 32


def _slice() -> bytes:
    out = bytearray(aead.slice_stored_size(300))
    aead.seal_slice_into(_SLICE_KEY, b"aad", bytes(300), memoryview(out))
    return bytes(out)


def _open_slice(data: bytes) -> object:
    # The size is the manifest's; hostile ones are as good as any.
    size = int.from_bytes(data[-2:], "big") if len(data) % 2 else 300
    return aead.open_slice(_SLICE_KEY, b"aad", data, size)


def _link() -> link.LinkRecord:
    nodes = [
        link.LinkNode(-1, b"top", NodeKind.FOLDER, 0o755, 1, 0, None),
        link.LinkNode(0, b"file", NodeKind.FILE, 0o644, 1, 100, (link.LinkSlice(0, 5, b"k" * 32),)),
        link.LinkNode(0, b"link", NodeKind.LINK, 0o777, 1, 0, b"target"),
    ]
    return link.make_record(LOCKER, nodes, [PackId(b"p" * 16)], created_ms=1, note="note", urls=["https://h/p"])


def _open_link(data: bytes) -> object:
    preamble = link.open_preamble(data, _LINK_SECRET, "links/x")
    return link.open_link(data, _LINK_SECRET, preamble, b"", "links/x")


def _link_frame(preamble: bytes, message: bytes) -> bytes:
    sealed = aead.seal(_LINK_SECRET.preamble_key(), link.link_aad(_LINK_SECRET.id, b"\0"), preamble.ljust(32, b"\0"))
    whole = b"ML\x01" + len(sealed).to_bytes(4, "big") + sealed + message
    return whole + bytes(link.padme(len(whole)) - len(whole))


def _open_link_body(body: bytes) -> object:
    """A record made by somebody with the secret."""
    message = aead.seal(_LINK_SECRET.link_key(), link.link_aad(_LINK_SECRET.id, b"\1"), body)
    return _open_link(_link_frame(encode((1, len(message), None)), message))


def _open_link_preamble(plain: bytes) -> object:
    return link.open_preamble(_link_frame(plain[:32], bytes(2000)), _LINK_SECRET, "links/x")


DECODERS: dict[str, tuple[bytes, Decode]] = {
    "header": (_HEADER, header.open_header),
    "header, signed": (_header_body(), _open_header_body),
    "enrolment": (_DEVICE_RECORD[64:], _open_enrolment),
    "entry": (_entry(), _open_entry),
    "entry, unsigned": (KEYS.signing.sign(b"megadesk/1 entry", LOCKER, _entry()) + _entry(), _open_entry_record),
    "checkpoint head": (_head(), _open_head),
    "checkpoint rows": (dump.encode_rows(_rows()), _load_rows),
    "content": (encode(CONTENT), ops.decode_content),
    "link content": (encode(ops.LinkContent(b"target")), ops.decode_content),
    "link in the index": (encode(MAKE_LINK), ops.decode_make_link),
    "link": (link.seal_link(_link(), _LINK_SECRET), _open_link),
    "link record": (encode(_link()), _open_link_body),
    "link preamble": (encode((1, 1000, (DEFAULT_COST.memory_kib, DEFAULT_COST.passes))), _open_link_preamble),
    "link token": (_LINK_SECRET.token().encode(), lambda data: LinkSecret.from_token(data.decode("latin-1"))),
    "slice list": (ops.encode_slice_list((REF,) * 5), lambda data: ops.decode_slice_list(data, "packs/x")),
    "envelope": (seal_object(ObjectType.ENTRY, LOCKER, "log/x", EPOCH, b"body"), _open_envelope),
    "framed body": (_framed(), _open_framed),
    "FLOE message": (
        aead.seal(_SLICE_KEY, b"aad", bytes(9000)),
        lambda data: aead.open_sealed(_SLICE_KEY, b"aad", data),
    ),
    "slice": (_slice(), _open_slice),
    "sealed secret": (
        hpke.seal(KEYS.hpke.public, b"info", b"secret"),
        lambda data: KEYS.hpke.open(data, b"info"),
    ),
    "public key": (KEYS.hpke.public, lambda data: hpke.seal(data, b"info", b"secret")),
    "signature": (
        KEYS.signing.public + KEYS.signing.sign(b"m"),
        lambda data: signing.is_signed(data[:32], data[32:], b"m"),
    ),
    "recovery key": (format_recovery_key(b"k" * 32).encode(), _recovery),
    "key file's keys": (_secrets(), LockerSecrets.from_bytes),
    "store address": (b"file:///home/me/store", _address),
}


@pytest.mark.parametrize("what", DECODERS)
def test_the_valid_bytes_are_valid(what: str) -> None:
    valid, decode = DECODERS[what]
    assert decode(valid) is not None


def typed(decode: Decode, data: bytes) -> bool:
    """Decode; whether it was refused. Any error but ours passes through and fails the test."""
    try:
        decode(data)
    except MegaDeskError as error:
        return bool(str(error))
    return False


@pytest.mark.parametrize("what", DECODERS)
@given(data=st.binary(max_size=600))
def test_arbitrary_bytes(what: str, data: bytes) -> None:
    typed(DECODERS[what][1], data)


@st.composite
def mutated(draw: st.DrawFn, valid: bytes) -> bytes:
    """A few changes of the kind that slips through: bytes, lengths, pieces moved, repeated, left out."""
    data = bytearray(valid)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.integers(0, 5)):
            case 0 if data:
                data[place] = draw(st.integers(0, 255))
            case 1:
                data[place:place] = draw(st.binary(min_size=1, max_size=9))
            case 2:
                del data[place : place + draw(st.integers(1, 40))]
            case 3:
                data[place:place] = data[place : place + draw(st.integers(1, 60))]
            case 4:
                data[place : place + 1] = draw(
                    st.sampled_from([b"\xc0", b"\xc6\xff\xff\xff\xff", b"\xdd\xff\xff\xff\xff", b"\xcf" + b"\xff" * 8])
                )
            case _:
                data += draw(st.binary(max_size=40))
    return bytes(data)


@pytest.mark.parametrize("what", DECODERS)
def test_mutations(what: str) -> None:
    valid, decode = DECODERS[what]

    @given(data=mutated(valid))
    def run(data: bytes) -> None:
        typed(decode, data)

    run()


@pytest.mark.parametrize("what", DECODERS)
def test_every_prefix_and_every_byte(what: str) -> None:
    valid, decode = DECODERS[what]
    step = max(1, len(valid) // 150)
    for length in range(0, len(valid), step):
        typed(decode, valid[:length])
    changed = bytearray(valid)
    for position in range(0, len(valid), step):
        for mask in (0x01, 0x80, 0xFF):
            changed[position] ^= mask
            typed(decode, bytes(changed))
            changed[position] ^= mask


MSGPACK = ["header, signed", "enrolment", "entry", "checkpoint head", "checkpoint rows", "content", "slice list"]
MSGPACK += ["link record", "link preamble", "link in the index"]
MSGPACK += ["key file's keys"]

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, -1, 2**31, 2**62, 2**63 - 1, -(2**63), 2**64 - 1]),
    st.floats(allow_nan=True),
    st.binary(max_size=40),
    st.sampled_from([b"n" * 16, b"d" * 16, bytes(16), bytes(15) + b"\1", b"h" * 32, b"..", b"a/b"]),
    st.text(max_size=10),
)


def replaced(value: Any, path: list[int], new: Any) -> Any:
    """``value`` with what is at ``path`` (indices, taken modulo what is there) replaced."""
    if not path or not isinstance(value, list) or not value:
        return new
    index = path[0] % len(value)
    return [*value[:index], replaced(value[index], path[1:], new), *value[index + 1 :]]


@pytest.mark.parametrize("what", MSGPACK)
def test_well_formed_structures_of_other_types(what: str) -> None:
    valid, decode = DECODERS[what]
    value = msgspec.msgpack.decode(valid)
    structures = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4), max_leaves=8)

    @given(path=st.lists(st.integers(0, 20), max_size=6), new=structures)
    def run(path: list[int], new: Any) -> None:
        typed(decode, msgspec.msgpack.encode(replaced(value, path, new)))

    run()


def hostile() -> dict[str, bytes]:
    """Small inputs that claim to be large, and large ones without end."""
    found = {
        "array of 4 G": b"\xdd\xff\xff\xff\xff",
        "map of 4 G": b"\xdf\xff\xff\xff\xff",
        "4 GiB of bytes": b"\xc6\xff\xff\xff\xff",
        "4 GiB of text": b"\xdb\xff\xff\xff\xff",
        "extension of 4 GiB": b"\xc9\xff\xff\xff\xff\x01",
        "arrays in arrays": b"\x91" * 200_000,
        "arrays of 64 Ki in arrays": b"\xdc\xff\xff" * 60_000,
        "maps in maps": b"\x81\xa1a" * 60_000,
        "text that is none": b"\xa4\xff\xff\xff\xff",
        "many nothings": b"\xdd\x00\x0f\xff\xff" + b"\xc0" * ((1 << 20) - 1),
        "many empty arrays": b"\xdd\x00\x0f\xff\xff" + b"\x90" * ((1 << 20) - 1),
        "reserved": b"\xc1" * 100,
        "deep in an entry": b"\x98\x01" + b"\xc4\x10" + b"d" * 16 + b"\x01\x01" + b"\x91" * 100_000,
    }
    value = msgspec.msgpack.decode(_entry())
    for field in (5, 7):
        found[f"an entry of {field}: nothings"] = msgspec.msgpack.encode(replaced(value, [field], [None] * 300_000))
    return found


@pytest.mark.parametrize("what", [*MSGPACK, "recovery key", "store address", "framed body"])
def test_hostile_structures_cost_little(what: str) -> None:
    decode = DECODERS[what][1]
    for name, data in hostile().items():
        tracemalloc.start()
        try:
            # Any text may be a path; everything else is refused.
            assert typed(decode, data) or what == "store address", name
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 64 * len(data) + (4 << 20), f"{name}: {peak >> 20} MiB"


_CHILD = """
import resource, sys, time
sys.path.insert(0, sys.argv[1])
from tests.unit.format.test_fuzz_decoders import DECODERS, MSGPACK, hostile, typed
size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (size + (256 << 20),) * 2)
for what in MSGPACK:
    for name, data in hostile().items():
        started = time.process_time()
        assert typed(DECODERS[what][1], data), (what, name)
        assert time.process_time() - started < 5, (what, name)
print("done")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits its address space as Linux does")
def test_hostile_structures_within_256_mib_of_address_space() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _CHILD, str(REPO)], capture_output=True, text=True, timeout=120, cwd=REPO, check=False
    )
    assert ran.stdout.strip() == "done", ran.stderr[-2000:]


# --- decoders of files


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id is not what is tried here."""
    monkeypatch.setattr(kdf, "argon2id", lambda passphrase, salt, params: (params.check(), b"k" * 32)[1])


def variants(valid: bytes, count: int = 150) -> list[bytes]:
    chosen = random.Random(len(valid))
    found = [b"", b"\0", valid[:-1], valid + b"x", os.urandom(50), b"\xff" * 100, b"[" * 100_000, b'{"a":' * 50_000]
    found += [valid[:length] for length in range(0, len(valid), max(1, len(valid) // 40))]
    for _ in range(count):
        data = bytearray(valid)
        for _ in range(chosen.randint(1, 3)):
            place = chosen.randrange(len(data))
            data[place : place + chosen.randint(0, 2)] = chosen.randbytes(chosen.randint(0, 3))
        found.append(bytes(data))
    return found


def test_key_files(tmp_path: Path, quick: None) -> None:
    path = tmp_path / "keys"
    keyfile.save(path, _secrets(), "x", kdf.FLOOR)
    valid = path.read_bytes()
    for data in variants(valid):
        path.write_bytes(data)
        typed(lambda _: keyfile.read_params(path), data)
        typed(lambda _: LockerSecrets.from_bytes(keyfile.load(path, "x")), data)


def test_settings(tmp_path: Path, expected_warnings: object) -> None:
    """A damaged settings file never keeps the program from starting."""
    path = tmp_path / "settings.json"
    file = SettingsFile(path)
    file.update(theme="dark", upload_limit=5)
    valid = path.read_bytes()
    more = [
        b'{"upload_limit": 1e400}',
        b'{"upload_limit": -1}',
        b'{"theme": null}',
        b"null",
        b"[]",
        b'"\xff"',
        b"1" * 5000,
    ]
    for data in [*variants(valid, 60), *more]:
        path.write_bytes(data)
        assert file.load().connections >= 1
        for left in tmp_path.glob("*.bad"):
            left.unlink()


def test_descriptions_of_lockers(tmp_path: Path, expected_warnings: object) -> None:
    registry = Registry(Paths(str(tmp_path)))
    record = registry.add("Locker", "/somewhere", "ab" * 32)
    info = record.folder / "info.json"
    valid = info.read_bytes()
    more = [
        valid.replace(b"Locker", b"../../x"),
        valid.replace(b"Locker", b"a\\u0000b"),
        valid.replace(b'"version": 1', b'"version": 99999999999999999999'),
        valid.replace(b"/somewhere", b"https://me:secret@host/x"),
        valid.replace(b"/somewhere", b"http://[::1"),
    ]
    for data in [*variants(valid, 60), *more]:
        info.write_bytes(data)
        registry.list()
        registry.damaged()
        typed(lambda _: registry.get(None), data)
        typed(lambda _: registry.get("Locker"), data)


class _Rows:
    """An index whose tables hold what the adversary likes."""

    def __init__(self, *rows: tuple[object, ...]) -> None:
        self.connection = self
        self._rows = rows

    @contextlib.contextmanager
    def read(self) -> Any:
        yield self

    def execute(self, *_: object) -> Any:
        return SimpleNamespace(fetchall=lambda: list(self._rows))


def test_records_of_transfers(expected_warnings: object) -> None:
    """One that cannot be read is left out; the others stay."""
    record = TransferRecord(
        direction=Direction.UP,
        sources=(b"/a",),
        dest=NODE,
        dest_text="/",
        title="a",
        conflict=Conflict.REPLACE,
        created_ms=1,
        failures=(FileFailure("/a", "t", "m"),),
    )
    valid = msgspec.msgpack.encode(record)
    for data in [*variants(valid), *hostile().values()]:
        kept = SqlTransfers(_Rows((1, 1.0, "", data), (2, 2.0, "", valid))).load()  # type: ignore[arg-type]
        assert kept[-1].record == record
        assert len(kept) in (1, 2)
    member = [b"/a", 1, 2, 3, 0, REF]
    valid = msgspec.msgpack.encode([member])
    for data in [*variants(valid), *hostile().values()]:
        found = SqlJournal(_Rows((data,), (valid,))).load()  # type: ignore[arg-type]
        assert b"/a" in found


def test_addresses(tmp_path: Path) -> None:
    """Whatever is given as a store's address ends in a store or in one of our errors."""
    chosen = random.Random(3)
    parts = [
        "file:",
        "///",
        "//",
        "dav:",
        "s3:",
        "spread:",
        "?k=2",
        "#x",
        "%2F",
        "%00",
        "%ff",
        "\0",
        "..",
        "\u202e",
        "a" * 300,
    ]
    parts += ["C:\\", "localhost", "user:pw@host", "[::1]", ":", "@", " ", "\n", "~", str(tmp_path)]
    for _ in range(1500):
        text = "".join(chosen.choices(parts, k=chosen.randint(0, 5)))
        try:
            opening.describe(text)
            opening.open_store(text).close()
        except MegaDeskError as error:
            said = str(error)
        else:
            continue
        assert "pw" not in said or not text.startswith(("file:", "dav:", "s3:", "spread:"))


@pytest.mark.parametrize("address", [b"file:///home/\xff", b"file://localhost/%2f\x80", b"file:/\xff"])
def test_addresses_that_are_not_utf8(address: bytes) -> None:
    """As the command line gives them: surrogates stand for the bytes."""
    typed(lambda data: opening.folder_path(os.fsdecode(data)), address)


def test_stamps_order_as_they_are_written() -> None:
    assert Stamp(1, DEVICE, 2) < Stamp(1, DEVICE, 3) < Stamp(2, DeviceId(bytes(16)), 0)
