"""A log entry: a device's next batch of operations, signed and chained (docs/format.md, "Log")."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Annotated

import msgspec

from megadesk.crypto import signing
from megadesk.crypto.aead import SLICE_BYTES, slice_stored_size
from megadesk.crypto.link import LinkSecret
from megadesk.errors import DamagedError, DecodeError
from megadesk.format.ops import (
    MAX_PACK_BYTES,
    AddVersion,
    Create,
    FileContent,
    LinkContent,
    MakeLink,
    Move,
    Operation,
    Rekey,
)
from megadesk.format.wire import Bytes32, Decoder, DeviceField, Record, Unsigned, array_head, encode, encode_items
from megadesk.types import TRASH, DeviceId, LockerId, NodeKind

ENTRY_VERSION = 1
MAX_ENTRY_BYTES = 8 << 20
MAX_DEVICES = 4096
_BATCH_OPS = 8192
_BATCH_BYTES = 6 << 20
_CHECKED_OPS = 1024
"""Operations of a new entry that are read again in one call."""
_DOMAIN = b"megadesk/1 entry"
_HASH_DOMAIN = b"megadesk/1 entry hash"
_SIGNATURE_BYTES = 64
_FILE = int(NodeKind.FILE)
_DOTS = (b".", b"..")
_SURELY_INSIDE = MAX_PACK_BYTES - (slice_stored_size(SLICE_BYTES) - SLICE_BYTES)
"""A slice that begins and, unsealed, ends before this ends inside its pack."""
_FIXED = bytes(15)
"""Ids of which only the last byte is not zero are kept for folders that no operation makes (ROOT, TRASH)."""


class Head(Record, frozen=True):
    """The last entry of a device: its number and hash."""

    device: DeviceField
    seq: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
    hash: Bytes32


class Entry(Record, frozen=True):
    """Entry ``seq`` (from 1) of ``device``. ``lamport`` exceeds every one the device had applied."""

    version: Annotated[int, msgspec.Meta(ge=ENTRY_VERSION, le=ENTRY_VERSION)]
    device: DeviceField
    seq: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
    lamport: Annotated[int, msgspec.Meta(ge=1, le=2**62)]
    prev: Bytes32
    seen: Annotated[tuple[Head, ...], msgspec.Meta(max_length=MAX_DEVICES)]
    time_ms: Unsigned
    ops: tuple[Operation, ...]


_decoder = Decoder(Entry, "log entry", MAX_ENTRY_BYTES - _SIGNATURE_BYTES)


def seal_entry(entry: Entry, locker_id: LockerId, key: signing.SigningKey) -> bytes:
    """The signed record: signature, then body. Raises DecodeError for what ``open_entry`` would refuse.

    An entry that was written and cannot be read would block the locker for good.
    """
    body = _encode(entry)
    _decoder.check_size(body, "the new entry")
    # No rule joins two operations: what holds for each stretch of them holds for all. The whole would be one call of
    # 10 ms that holds the interpreter.
    for start in range(0, max(1, len(entry.ops)), _CHECKED_OPS):
        part = msgspec.structs.replace(entry, ops=entry.ops[start : start + _CHECKED_OPS])
        _decode(encode(part), "the new entry")
    return key.sign(_DOMAIN, locker_id, body) + body


def open_entry(
    record: bytes, locker_id: LockerId, device: DeviceId, seq: int, verify_key: bytes, object_name: str
) -> Entry:
    """Verify and decode; the entry must be ``device``'s number ``seq``. Raises DamagedError or DecodeError."""
    body = record[_SIGNATURE_BYTES:]
    if len(record) <= _SIGNATURE_BYTES or not signing.is_signed(
        verify_key, record[:_SIGNATURE_BYTES], _DOMAIN, locker_id, body
    ):
        raise DamagedError(f"The log entry {object_name} is not signed by its device.", object_name=object_name)
    entry = _decode(body, object_name)
    if entry.device != device or entry.seq != seq:
        raise DecodeError(f"The log entry {object_name} says it is another one.", object_name=object_name)
    return entry


def _encode(entry: Entry) -> bytes:
    """The same as encode(entry), never for long at once."""
    head = encode(msgspec.structs.replace(entry, ops=()))
    return b"".join((head[: -len(array_head(0))], *encode_items(entry.ops)))


def _decode(body: bytes, object_name: str) -> Entry:
    entry = _decoder.decode(body, object_name)
    if _encode(entry) != body:
        raise DecodeError(f"The log entry {object_name} is not in its one form.", object_name=object_name)
    check_entry(entry, object_name)
    return entry


def check_entry(entry: Entry, object_name: str) -> None:
    """Rules beyond types: names are names, kinds fit contents, heads are sorted, fixed nodes stay."""
    devices = [head.device for head in entry.seen]
    if any(a >= b for a, b in pairwise(devices)) or entry.device in devices:
        raise DecodeError(f"{object_name} lists the other devices wrongly.", object_name=object_name)
    for op in entry.ops:
        if isinstance(op, Create):
            if _is_plain_file(op):
                continue
            problem = name_problem(op.name) or _bad_node(op.node) or _bad_content(op)
            if not problem and op.parent == TRASH:
                problem = "a node created in the trash"
        elif isinstance(op, Move):
            problem = name_problem(op.name) or _bad_node(op.node)
        elif isinstance(op, Rekey):
            problem = "" if all(len(slot.recipient) in (0, 16) for slot in op.slots) else "a key for nobody"
        elif isinstance(op, AddVersion):
            problem = _bad_node(op.node) or slices_problem(op.content)
        elif isinstance(op, MakeLink):
            problem = link_problem(op)
        else:
            continue
        if problem:
            raise DecodeError(f"{object_name} holds {problem}.", object_name=object_name)


def _is_plain_file(op: Create) -> bool:
    """Whether this surely is a sound Create of a file of one slice: what nearly all of a large upload is.

    False says nothing: the rules that follow decide. tests/unit/format/test_entry_rules.py compares the two.
    """
    content = op.content
    if op.kind != _FILE or type(content) is not FileContent or content.indirect:
        return False
    slices = content.slices
    return (
        len(slices) == 1
        and 0 < content.size <= SLICE_BYTES
        and slices[0].offset + content.size <= _SURELY_INSIDE
        and op.name not in _DOTS
        and b"/" not in op.name
        and b"\0" not in op.name
        and not op.node.startswith(_FIXED)
        and op.parent != TRASH
    )


def name_problem(name: bytes) -> str:
    """Why these bytes, of a length that a name may have, name no node; empty when they do."""
    if name in _DOTS or b"/" in name or b"\0" in name:
        return "a name that is not a name"
    return ""


def link_problem(op: MakeLink) -> str:
    """A link's id is its secret's, so that nobody can bring another's in its place."""
    return "" if LinkSecret(op.secret).id == op.link else "a link under another's id"


def _bad_node(node: bytes) -> str:
    return "a change to a fixed folder" if node.startswith(_FIXED) else ""


def _bad_content(op: Create) -> str:
    wanted = {NodeKind.FOLDER: "NoneType", NodeKind.FILE: "FileContent", NodeKind.LINK: "LinkContent"}
    if type(op.content).__name__ != wanted[NodeKind(op.kind)]:
        return "a node whose kind and content differ"
    return slices_problem(op.content)


def slices_problem(content: FileContent | LinkContent | None) -> str:
    """A file has as many slices as its size (or its slice list's) asks for, each of them inside its pack."""
    if not isinstance(content, FileContent):
        return ""
    covered = content.indirect or content.size
    if len(content.slices) != -(-covered // SLICE_BYTES) or (content.indirect and content.size <= SLICE_BYTES):
        return "a file whose size and slices differ"
    for position, ref in enumerate(content.slices):
        size = min(SLICE_BYTES, covered - position * SLICE_BYTES)
        if ref.offset + slice_stored_size(size) > MAX_PACK_BYTES:
            return "a slice that reaches out of its pack"
    return ""


def entry_hash(record: bytes) -> bytes:
    """32 bytes that the next entry and other devices' entries name this record by."""
    return hashlib.sha256(_HASH_DOMAIN + record).digest()


def batches(ops: Sequence[Operation]) -> Iterator[list[Operation]]:
    """``ops`` in order, cut into what fits into one entry each."""
    for start in range(0, len(ops), _BATCH_OPS):
        part = list(ops[start : start + _BATCH_OPS])
        if sum(map(len, encode_items(part))) <= _BATCH_BYTES:
            yield part
        else:
            yield from _by_weight(part)


def _by_weight(ops: Sequence[Operation]) -> Iterator[list[Operation]]:
    batch: list[Operation] = []
    weight = 0
    for op in ops:
        size = len(encode(op))
        if batch and weight + size > _BATCH_BYTES:
            yield batch
            batch, weight = [], 0
        batch.append(op)
        weight += size
    if batch:
        yield batch
