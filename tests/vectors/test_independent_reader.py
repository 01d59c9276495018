"""A reader that shares no code with MegaDesk reads what MegaDesk wrote: docs/format.md is enough to get files back."""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib.util
import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from megadesk.core.app import App
from megadesk.crypto import aead
from megadesk.crypto.hpke import HpkeKey
from megadesk.crypto.kdf import digest_once
from megadesk.crypto.keys import DeviceKeys, EpochSecret, LockerKey, fresh_slice_key
from megadesk.crypto.signing import SigningKey
from megadesk.errors import IntegrityError
from megadesk.format import names
from megadesk.format.device import make_enrolment
from megadesk.format.entry import Entry, Head, open_entry, seal_entry
from megadesk.format.envelope import ObjectType, seal_object, slice_aad
from megadesk.format.header import make_header
from megadesk.format.ops import (
    AddVersion,
    Create,
    EpochSlot,
    FileContent,
    Move,
    Operation,
    Rekey,
    SliceRef,
    encode_slice_list,
)
from megadesk.format.padme import padme
from megadesk.format.recovery import format_recovery_key, parse_recovery_key
from megadesk.format.wire import encode
from megadesk.stores.folder import FolderStore
from megadesk.tree.memory import MemoryTable
from megadesk.tree.views import NodeRow, TreeView
from megadesk.types import ROOT, TRASH, DeviceId, EpochId, NodeId, NodeKind, PackId, Stamp, VersionId
from tests.unit.tree.histories import honest_world, hostile_entries, replay
from tests.vectors.make_sample_locker import make

HERE = Path(__file__).resolve().parent
READER = HERE / "independent_reader.py"
SAMPLE = HERE / "sample_locker"
FORMAT = HERE.parents[1] / "docs" / "format.md"
REFUSALS = (ValueError, OSError, KeyError, RecursionError, InvalidTag, InvalidSignature)

# Says what the reader imported beyond Python and cryptography.
_RUN = """
import runpy, sys
before = set(sys.modules)
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    new = {name.partition(".")[0] for name in set(sys.modules) - before}
    foreign = new - set(sys.stdlib_module_names) - {"cryptography", "_cffi_backend", "_openssl"}
    if foreign:
        print("imported", *sorted(foreign), file=sys.stderr)
"""


def run_reader(store: Path, key_file: Path, *command: str) -> str:
    """Its standard output, after a run in a process of its own that warned of nothing."""
    arguments = [sys.executable, "-I", "-c", _RUN, str(READER), str(store), "--key-file", str(key_file), *command]
    done = subprocess.run(arguments, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@functools.cache
def reader() -> ModuleType:
    spec = importlib.util.spec_from_file_location("independent_reader", READER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LINKS = sorted((HERE / "links").glob("*.json"))


@pytest.mark.parametrize("path", LINKS, ids=lambda path: path.stem)
def test_the_vectors_of_links(path: Path, tmp_path: Path) -> None:
    """The record, and every file of it from packs in a folder."""
    vector = json.loads(path.read_text())
    data = base64.b64decode(vector["object"])
    if vector["expect"] != "ok":
        with pytest.raises(REFUSALS):
            reader().open_link(vector["token"], data, vector["password"])
        return
    found = reader().open_link(vector["token"], data, vector["password"])
    assert [node[1].hex() for node in found[8]] == [node["name"] for node in vector["record"]["nodes"]]
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / vector["keys"]["link_id"]).write_bytes(data)
    for pack, content in vector["packs"].items():
        (tmp_path / "packs" / pack[:2]).mkdir(parents=True, exist_ok=True)
        (tmp_path / "packs" / pack[:2] / pack).write_bytes(base64.b64decode(content))
    link = reader().Link(tmp_path)
    link.take(vector["token"], vector["password"])
    rows = list(link.walk(b""))
    for index, expected in vector["files"].items():
        content = b"".join(link.chunks(rows[int(index)].content))
        assert hashlib.sha256(content).hexdigest() == expected["sha256"]
    for index in vector.get("damaged_files", ()):
        with pytest.raises(REFUSALS):
            list(link.chunks(rows[index].content))


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A locker that this very program made just now."""
    folder = tmp_path_factory.mktemp("fresh") / "locker"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEGADESK_KDF", "floor")
        make(folder)
    return folder


@pytest.fixture(params=["committed", "fresh"])
def locker(request: pytest.FixtureRequest) -> Path:
    return SAMPLE if request.param == "committed" else request.getfixturevalue("fresh")


def test_everything_is_listed_with_its_content(locker: Path) -> None:
    listed = run_reader(locker / "store", locker / "recovery_key.txt", "hash")
    assert sorted(listed.splitlines()) == (locker / "expected.txt").read_text().splitlines()
    short = run_reader(locker / "store", locker / "recovery_key.txt", "ls").splitlines()
    assert short == [re.sub("\t[0-9a-f]{64}\t|\t-\t", "\t", line) for line in listed.splitlines() if line[:3] != "old"]


def test_the_tree_is_extracted(locker: Path, tmp_path: Path) -> None:
    dest = tmp_path / "extracted"
    assert run_reader(locker / "store", locker / "recovery_key.txt", "extract", str(dest)) == ""
    found = []
    for folder, folders, files in os.walk(os.fsencode(dest)):
        for name in (*folders, *files):
            path = os.path.join(folder, name)
            status = os.lstat(path)
            size = 0 if os.path.isdir(path) else status.st_size
            text = path[len(os.fsencode(dest)) :].decode("utf-8", "backslashreplace")
            mode = status.st_mode & 0o7777
            found.append(f"{mode:04o}\t{size}\t{'' if os.path.islink(path) else status.st_mtime_ns}\t{text}")
    expected = []
    for line in (locker / "expected.txt").read_text().splitlines():
        kind, mode, size, mtime_ns, _, path = line.split("\t")
        if kind != "old" and path.startswith("/"):
            expected.append(f"{mode}\t{size}\t{'' if kind == 'link' else mtime_ns}\t{path}")
    assert sorted(found) == sorted(expected)
    assert os.readlink(dest / "Documents/Letters/latest") == "2023/to the bank.txt"


def test_the_sample_shows_what_it_should() -> None:
    lines = (SAMPLE / "expected.txt").read_text().splitlines()
    kinds = Counter(line.split("\t")[0] for line in lines)
    assert kinds["link"] >= 1
    assert kinds["old"] >= 2
    text = "\n".join(lines)
    for wanted in (r"caf\xe9.txt", "(conflict, ", "trash:/", "\t0\t", "new name.txt", "Letters/2023"):
        assert wanted in text
    assert len(list((SAMPLE / "store" / "devices").iterdir())) == 2
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*")) < 200 << 10


class Founded:
    """A locker of one device, written by the format's functions alone."""

    def __init__(self, folder: Path) -> None:
        self.path, self.key_file = folder / "store", folder / "key"
        self.store, key, self.epoch = FolderStore.create(self.path), LockerKey(bytes(range(32))), EpochSecret(bytes(32))
        header, data = make_header(key, self.epoch)
        self.store.put(names.HEADER, data)
        self.locker_id, self.keys = header.locker_id, DeviceKeys.generate()
        self.device, record = make_enrolment(self.keys, "Maker", 1, self.locker_id, None, key.root_keys().signing)
        self.put(ObjectType.DEVICE, names.device(self.device), record)
        self.key_file.write_text(format_recovery_key(key.to_bytes()))

    def put(self, kind: ObjectType, name: str, record: bytes) -> None:
        self.store.put(name, seal_object(kind, self.locker_id, name, self.epoch, record))

    def entry(self, *ops: Operation, **fields: Any) -> Entry:
        return msgspec.structs.replace(Entry(1, self.device, 1, 1, self.locker_id, (), 2, ops), **fields)

    def put_entry(self, record: bytes) -> None:
        self.put(ObjectType.ENTRY, names.entry(self.device, 1), record)

    def signed(self, body: bytes) -> bytes:
        return self.keys.signing.sign(b"megadesk/1 entry", self.locker_id, body) + body


def test_large_files_and_slice_lists(tmp_path: Path) -> None:
    """Files of several segments and slices, some with their slice list in a pack, written by the format alone."""
    founded = Founded(tmp_path)
    ops = []
    expected = []
    for number, size in enumerate((1, 262112, 262113, aead.SLICE_BYTES, aead.SLICE_BYTES + 300_000)):
        plain = random.Random(size).randbytes(size)
        refs = seal_slices(founded, plain)
        content = FileContent(size, refs)
        if size > aead.SLICE_BYTES:
            encoded = encode_slice_list(refs)
            content = FileContent(size, seal_slices(founded, encoded), len(encoded))
        ops.append(Create(NodeId(bytes([7] * 15 + [number])), ROOT, b"%d" % number, NodeKind.FILE, 0o600, 5, content))
        expected.append(f"file\t0600\t{size}\t5\t{hashlib.sha256(plain).hexdigest()}\t/{number}")
    founded.put_entry(seal_entry(founded.entry(*ops), founded.locker_id, founded.keys.signing))
    assert run_reader(founded.path, founded.key_file, "hash").splitlines() == expected


def seal_slices(founded: Founded, data: bytes) -> tuple[SliceRef, ...]:
    """Every slice in a pack of its own, not at its beginning."""
    refs = []
    for index, start in enumerate(range(0, len(data), aead.SLICE_BYTES)):
        plain = data[start : start + aead.SLICE_BYTES]
        digest = digest_once(founded.epoch.content_hash_key(), plain)
        slice_key, pack, offset = fresh_slice_key(digest), PackId(os.urandom(16)), 100
        out = bytearray(padme(offset + aead.slice_stored_size(len(plain))))
        aead.seal_slice_into(slice_key, slice_aad(founded.locker_id, index), plain, memoryview(out)[offset:])
        founded.store.put(names.pack(pack), out)
        refs.append(SliceRef(pack, offset, slice_key, digest))
    return tuple(refs)


def test_later_epochs_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEGADESK_KDF", "floor")
    store, key_file = tmp_path / "store", tmp_path / "key"
    app, other_app = App(str(tmp_path / "one")), App(str(tmp_path / "two"))
    try:
        new = app.create_locker("one", store=str(store), device_name="One")
        key_file.write_text(new.recovery_key)
        other = other_app.join_locker(str(store), "two", new.recovery_key, device_name="Two")
        other.make_folder("/from two")
        new.locker.refresh()
        new.locker.revoke_device("Two")
        new.locker.make_folder("/after the revocation")
    finally:
        app.close()
        other_app.close()
    listed = run_reader(store, key_file, "ls").splitlines()
    assert [line.split("\t")[-1] for line in listed] == ["/after the revocation", "/from two"]


# --- what it refuses --------------------------------------------------------------------------------------------


def read_all(store: Path, key_file: Path) -> tuple[list[tuple[object, ...]], list[str]]:
    module = reader()
    locker = module.Locker(store)
    locker.open(module.recovery_key(key_file.read_text()))
    tree = module.Tree(locker)
    rows = [*tree.walk(bytes(16)), *tree.trash()]
    for row in rows:
        if row.kind == NodeKind.FILE:
            for _ in locker.chunks(row.content):
                pass
    return rows, locker.ignored


def copy_of(store: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "store"
    for path in store.rglob("*"):
        if path.is_file():
            target = copy / path.relative_to(store)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return copy


def objects(store: Path) -> list[Path]:
    return sorted(path for path in store.rglob("*") if path.is_file() and not path.name.startswith("."))


@pytest.mark.parametrize("damage", ["flip", "cut", "lengthen", "remove", "swap"])
def test_whatever_is_done_to_an_object_is_noticed(damage: str, tmp_path: Path) -> None:
    store, key_file = copy_of(SAMPLE / "store", tmp_path), SAMPLE / "recovery_key.txt"
    rows, ignored = read_all(store, key_file)
    assert ignored == []
    rng = random.Random(damage)
    tips = {max(log.iterdir()) for log in (store / "log").iterdir()}
    packs_refused = 0
    for path in objects(store):
        if path.parts[-3] == "checkpoints" or (damage == "remove" and path in tips):
            continue  # not read; and that the end of history is missing is known only to who has seen it
        data = path.read_bytes()
        used = len(data.rstrip(b"\0"))
        others = [other for other in objects(store) if other != path and other.parent == path.parent]
        if damage == "flip":
            at = rng.randrange(used)
            path.write_bytes(data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :])
        elif damage == "cut":
            path.write_bytes(data[: used * rng.randrange(64) // 64])
        elif damage == "lengthen":
            path.write_bytes(data + b"\0")
        elif damage == "remove":
            path.unlink()
        elif others:
            path.write_bytes(rng.choice(others).read_bytes())
        else:
            continue
        if path.parts[-3] == "packs" and damage in ("flip", "cut", "lengthen"):
            # A pack's padding belongs to nothing, and what no version refers to any more is not read.
            try:
                assert read_all(store, key_file)[0] == rows
            except REFUSALS:
                packs_refused += 1
        else:
            with pytest.raises(REFUSALS):
                read_all(store, key_file)
        path.write_bytes(data)
    assert packs_refused >= 2 or damage in ("remove", "swap")
    assert read_all(store, key_file)[0] == rows


def wrong_entries(founded: Founded) -> dict[str, bytes]:
    """Bodies of entries, rightly signed, that the format does not allow."""
    node, version, pack = NodeId(b"n" * 16), VersionId(b"v" * 16), PackId(b"p" * 16)
    folder, good = Create(node, ROOT, b"a", NodeKind.FOLDER, 0o700, 0, None), encode(founded.entry())
    reserved = NodeId(bytes(15) + b"\x09")

    def file(size: int, offset: int = 0, slices: int = 1, indirect: int = 0) -> Create:
        content = FileContent(size, (SliceRef(pack, offset, bytes(32), bytes(32)),) * slices, indirect)
        return Create(node, ROOT, b"a", NodeKind.FILE, 0o600, 0, content)

    ops: dict[str, Operation] = {
        "a name that is none": msgspec.structs.replace(folder, name=b"a/b"),
        "made in the trash": msgspec.structs.replace(folder, parent=TRASH),
        "a reserved node made": msgspec.structs.replace(folder, node=reserved),
        "a reserved node moved": Move(reserved, ROOT, b"a"),
        "a reserved node's version": AddVersion(reserved, version, (), 0o600, 0, FileContent(0, ())),
        "a file without content": msgspec.structs.replace(folder, kind=NodeKind.FILE),
        "too few slices": file(1, slices=0),
        "too many slices": file(1, slices=2),
        "a slice that leaves its pack": file(1000, offset=(16 << 20) - 1000),
        "a slice list for nothing": file(0, indirect=92),
        "a key for nobody": Rekey(1, EpochId(bytes(8)), (), (EpochSlot(b"short", b""),)),
    }
    return {
        **{what: encode(founded.entry(op)) for what, op in ops.items()},
        "another device": encode(founded.entry(device=DeviceId(bytes(16)))),
        "itself seen": encode(founded.entry(seen=(Head(founded.device, 1, bytes(32)),))),
        "a long form": good.replace(b"\x02\x90", b"\xcc\x02\x90"),
        "one field more": b"\x99" + good[1:] + b"\xc0",
        "something behind": good + b"\xc0",
    }


def test_both_refuse_the_same_entries(tmp_path: Path) -> None:
    founded = Founded(tmp_path)
    name = names.entry(founded.device, 1)
    for body in wrong_entries(founded).values():
        record = founded.signed(body)
        with pytest.raises(IntegrityError):
            open_entry(record, founded.locker_id, founded.device, 1, founded.keys.signing.public, name)
        founded.put_entry(record)
        with pytest.raises(REFUSALS):
            read_all(founded.path, founded.key_file)
    # Clocks and chains are compared where entries are applied: see tests/attack.
    for wrong in (founded.entry(lamport=2), founded.entry(prev=bytes(32))):
        founded.put_entry(founded.signed(encode(wrong)))
        with pytest.raises(REFUSALS):
            read_all(founded.path, founded.key_file)
    founded.put_entry(founded.signed(encode(founded.entry())))
    assert read_all(founded.path, founded.key_file) == ([], [])


def test_what_nobody_signed_changes_nothing(tmp_path: Path) -> None:
    store, key_file = copy_of(SAMPLE / "store", tmp_path), SAMPLE / "recovery_key.txt"
    rows, _ = read_all(store, key_file)
    device = objects(store / "devices")[0]
    rogue = "ab" * 16
    (store / "devices" / rogue).write_bytes(device.read_bytes())
    (store / "log" / rogue).mkdir()
    (store / "log" / rogue / f"{1:016x}").write_bytes(min((store / "log" / device.name).iterdir()).read_bytes())
    found, ignored = read_all(store, key_file)
    assert found == rows
    assert ignored == [f"devices/{rogue}", f"log/{rogue}"]


def test_another_lockers_key_is_refused(tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    key_file.write_text(format_recovery_key(bytes(32)))
    with pytest.raises(REFUSALS, match="another locker"):
        read_all(SAMPLE / "store", key_file)


# --- the recovery key -------------------------------------------------------------------------------------------


@given(key=st.binary(min_size=32, max_size=32))
def test_recovery_keys_are_read_alike(key: bytes) -> None:
    text = format_recovery_key(key)
    assert reader().recovery_key(text) == key
    assert reader().recovery_key(text.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == key


def test_the_worked_example_in_the_specification() -> None:
    section = FORMAT.read_text().partition("### Worked example")[2]
    key = bytes.fromhex("".join(re.findall(r"\b[0-9a-f]{32}\b", section)[:2]))
    text = re.search(r"\b(?:[0-9A-Z]{5}-){12}[0-9A-Z]{5}\b", section)
    assert text is not None
    assert parse_recovery_key(text[0]) == reader().recovery_key(text[0]) == key
    assert format_recovery_key(key) == text[0]


def test_the_derived_values_in_the_specification() -> None:
    derive, text = reader().derive, FORMAT.read_text()
    root = SigningKey(derive(bytes(range(32)), b"root signing key"))
    recovery = HpkeKey(derive(bytes(range(32)), b"recovery hpke key", size=96))
    values = {
        "root signing key, public": root.public,
        "SHA-256 of the recovery public key": hashlib.sha256(recovery.public).digest(),
        "epoch id": derive(bytes(32), b"epoch id")[:8],
        'object key of type "entry"': derive(bytes(32), b"object", b"entry", bytes(32)),
        "content hash key": derive(bytes(32), b"content hash"),
    }
    for what, value in values.items():
        assert f"| {what} | `{value.hex()}` |" in text


# --- the merge --------------------------------------------------------------------------------------------------


def rows_of_the_program(entries: list[Entry]) -> Counter[tuple[object, ...]]:
    view = TreeView(replay(MemoryTable(), entries))
    found: Counter[tuple[object, ...]] = Counter()

    def note(path: str, row: NodeRow) -> None:
        found[os.fsencode(path), row.kind, row.mode, row.mtime_ns, row.size_bytes, False] += 1
        kept = view.versions(row.id)
        if row.kind is not NodeKind.FOLDER and row.head == next(item.id for item in kept if item.current):
            for item in kept:
                if not item.current:
                    found[os.fsencode(path), row.kind, item.mode, item.mtime_ns, item.size_bytes, True] += 1

    def note_all(prefix: str, folder: NodeId) -> None:
        for path, row in view.walk(folder):
            note(f"{prefix}/{path}", row)

    note_all("", ROOT)
    for item in view.trash():
        note(f"trash:/{item.row.display_name}", item.row)
        if item.row.kind is NodeKind.FOLDER:
            note_all(f"trash:/{item.row.display_name}", item.row.id)
    return found


def rows_of_the_reader(entries: list[Entry]) -> Counter[tuple[object, ...]]:
    module = reader()
    operations = [
        (Stamp(entry.lamport, entry.device, position), entry.time_ms, module.unpack(encode(op)))
        for entry in entries
        for position, op in enumerate(entry.ops)
    ]
    devices = {entry.device: (b"", entry.device.hex()[:8]) for entry in entries}
    tree = module.Tree(SimpleNamespace(operations=sorted(operations, key=lambda item: item[0]), devices=devices))
    found: Counter[tuple[object, ...]] = Counter()
    for row in (*tree.walk(bytes(16)), *tree.trash()):
        size = 0
        if row.kind != NodeKind.FOLDER:
            size = row.content[1] if row.kind == NodeKind.FILE else len(row.content[1])
        found[row.path, row.kind, row.mode, row.mtime_ns, size, row.old] += 1
    return found


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**40), devices=st.integers(1, 4), steps=st.integers(5, 60))
def test_honest_histories_merge_alike(seed: int, devices: int, steps: int) -> None:
    world = honest_world(random.Random(seed), devices, steps)
    assert rows_of_the_reader(world.order) == rows_of_the_program(world.order)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**40), devices=st.integers(1, 3), count=st.integers(1, 25))
def test_hostile_histories_merge_alike(seed: int, devices: int, count: int) -> None:
    accepts = reader().is_operation
    entries = []
    for entry in hostile_entries(random.Random(seed), devices, count):
        ops = tuple(op for op in entry.ops if accepts(reader().unpack(encode(op))))
        entries.append(Entry(1, entry.device, entry.seq, entry.lamport, entry.prev, (), entry.time_ms, ops))
    assert rows_of_the_reader(entries) == rows_of_the_program(entries)
