"""A link's record: what somebody with the link's secret may read, and nothing else (docs/format.md, "Links").

``seal_link`` makes the object that is stored as ``links/<link id>``, ``open_preamble`` says whether a password is
needed, ``open_link`` gives the record. All of it is pure. Whatever is wrong with an object, the error is a DecodeError
or a DamagedError that names it. A record that opened has been checked in full, so that those who extract it may rely on
this: parents come before children and are folders, names are names and unique in their folder, the tree is at most
MAX_DEPTH deep, every file has as many slices as its size asks for, and each lies inside its pack.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias

import msgspec

from megadesk.crypto import aead
from megadesk.crypto.aead import SLICE_BYTES, slice_stored_size
from megadesk.crypto.link import LinkSecret, PasswordCost
from megadesk.errors import DamagedError, DecodeError, InputError
from megadesk.format.entry import name_problem
from megadesk.format.envelope import ObjectType
from megadesk.format.ops import (
    LINK_FOLDER,
    LINK_LIVE,
    MAX_LINK_NOTE,
    MAX_PACK_BYTES,
    MAX_TARGET_BYTES,
    NameField,
    Offset,
    Size,
    Time,
)
from megadesk.format.padme import is_padme, padme
from megadesk.format.wire import Bytes32, Decoder, Mode, PackField, Record, Unsigned, encode
from megadesk.types import Buffer, LinkId, LockerId, NodeKind, PackId

LINK_VERSION = 1
MAX_LINK_BYTES = 64 << 20
"""Bytes of a whole record object."""
MAX_URL = 8192
MAX_DEPTH = 1000
READ_UNIT = 1 << 16
"""Readers ask for pieces of packs that begin and end at multiples of this, so that no exact size is asked for."""

_MAGIC = b"ML\x01"
_SUITE = b"megadesk/1"
_PREAMBLE, _RECORD = b"\x00", b"\x01"
_PREAMBLE_PLAIN = 32
PREAMBLE_BYTES = aead.sealed_size(_PREAMBLE_PLAIN)
_RECORD_AT = len(_MAGIC) + 4 + PREAMBLE_BYTES
_MAX_RECORD = MAX_LINK_BYTES - _RECORD_AT


class LinkSlice(Record, frozen=True):
    """Where one slice lies: ``pack`` counts in the record's table of packs."""

    pack: Annotated[int, msgspec.Meta(ge=0, le=2**32)]
    offset: Offset
    key: Bytes32

    def __repr__(self) -> str:
        return f"LinkSlice(pack={self.pack}, offset={self.offset})"


Target: TypeAlias = Annotated[bytes, msgspec.Meta(min_length=1, max_length=MAX_TARGET_BYTES)]


class LinkNode(Record, frozen=True):
    """A file, folder or symbolic link. ``parent`` counts in the record's nodes; -1 for the first."""

    parent: Annotated[int, msgspec.Meta(ge=-1, le=2**32)]
    name: NameField
    kind: Annotated[int, msgspec.Meta(ge=0, le=2)]
    mode: Mode
    mtime_ns: Time
    size: Size
    content: tuple[LinkSlice, ...] | Target | None
    """None for a folder, the slices of a file, the target of a symbolic link."""


class LinkRecord(Record, frozen=True):
    """What a link shows. ``nodes[0]`` is the thing itself."""

    version: Annotated[int, msgspec.Meta(ge=LINK_VERSION, le=LINK_VERSION)]
    locker: Annotated[LockerId, msgspec.Meta(min_length=32, max_length=32)]
    created_ms: Unsigned
    expires_ms: Unsigned
    """0: never. For the reader's eyes; who serves the link enforces it."""
    flags: Annotated[int, msgspec.Meta(ge=0, le=LINK_FOLDER | LINK_LIVE)]
    note: Annotated[str, msgspec.Meta(max_length=MAX_LINK_NOTE)]
    packs: tuple[PackField, ...]
    urls: tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_URL)], ...] | None
    """Where each pack is to be had, where that does not follow from the link's own address."""
    nodes: Annotated[tuple[LinkNode, ...], msgspec.Meta(min_length=1)]

    @property
    def is_folder(self) -> bool:
        return bool(self.flags & LINK_FOLDER)

    @property
    def is_live(self) -> bool:
        """Whether who made it keeps it up to date."""
        return bool(self.flags & LINK_LIVE)

    @property
    def size_bytes(self) -> int:
        """Of all files together."""
        return sum(node.size for node in self.nodes)


def make_record(
    locker: LockerId,
    nodes: Sequence[LinkNode],
    packs: Sequence[PackId],
    *,
    created_ms: int,
    expires_ms: int = 0,
    live: bool = False,
    note: str = "",
    urls: Sequence[str] | None = None,
) -> LinkRecord:
    """A record of these parts; the flags follow. Nothing is checked before ``seal_link``."""
    folder = bool(nodes) and nodes[0].kind == NodeKind.FOLDER
    return LinkRecord(
        LINK_VERSION,
        locker,
        created_ms,
        expires_ms,
        (LINK_FOLDER if folder else 0) | (LINK_LIVE if live else 0),
        note,
        tuple(packs),
        tuple(urls) if urls is not None else None,
        tuple(nodes),
    )


class _Preamble(Record, frozen=True):
    version: Annotated[int, msgspec.Meta(ge=LINK_VERSION, le=LINK_VERSION)]
    record_bytes: Annotated[int, msgspec.Meta(ge=aead.sealed_size(0), le=_MAX_RECORD)]
    password: tuple[Unsigned, Unsigned] | None


_preamble_decoder = Decoder(_Preamble, "preamble", _PREAMBLE_PLAIN)
_record_decoder = Decoder(LinkRecord, "link record", _MAX_RECORD)


@dataclass(frozen=True, slots=True)
class LinkPreamble:
    """What the secret alone says of a record. ``password``: the cost of the password, None where there is none."""

    record_bytes: int
    password: PasswordCost | None


def seal_link(
    record: LinkRecord, secret: LinkSecret, *, cost: PasswordCost | None = None, password_key: bytes = b""
) -> bytes:
    """The object of a link, of a Padmé size. ``cost`` and ``password_key`` (of this cost) go together.

    Raises InputError when the record is larger than MAX_LINK_BYTES allows, DecodeError for what ``open_link`` would
    refuse.
    """
    if bool(password_key) != (cost is not None):
        raise ValueError("a password key without its cost")
    body = encode(record)
    size = aead.sealed_size(len(body))
    whole = padme(_RECORD_AT + size)
    if whole > MAX_LINK_BYTES:
        raise InputError(
            "This folder has too many files for one link.", remedy="Make links of the folders inside it instead."
        )
    _decode(body, "the new link")
    price = (cost.memory_kib, cost.passes) if cost is not None else None
    plain = encode(_Preamble(LINK_VERSION, size, price))
    plain += bytes(_PREAMBLE_PLAIN - len(plain))
    return b"".join(
        (
            _MAGIC,
            PREAMBLE_BYTES.to_bytes(4, "big"),
            aead.seal(secret.preamble_key(), link_aad(secret.id, _PREAMBLE), plain),
            aead.seal(secret.link_key(password_key), link_aad(secret.id, _RECORD), body),
            os.urandom(whole - _RECORD_AT - size),
        )
    )


def link_aad(link: LinkId, part: bytes) -> bytes:
    """Associated data of the preamble (part 0) and of the record (part 1)."""
    return _SUITE + bytes([ObjectType.LINK]) + link + part


def open_preamble(data: Buffer, secret: LinkSecret, where: str) -> LinkPreamble:
    """Whether and how a password is needed. ``where`` names the object in errors; to be called before ``open_link``."""
    view = memoryview(data)
    if not _RECORD_AT + aead.sealed_size(0) <= len(view) <= MAX_LINK_BYTES or not is_padme(len(view)):
        raise DecodeError(f"{where} has a size that no link has.", object_name=where)
    if view[:2] != _MAGIC[:2]:
        raise DecodeError(f"{where} is not a link of MegaDesk.", object_name=where)
    if view[2] != _MAGIC[2]:
        raise DecodeError(
            f"{where} is in format version {view[2]}, which this program does not know.",
            object_name=where,
            remedy="Update MegaDesk.",
        )
    if view[3:7] != PREAMBLE_BYTES.to_bytes(4, "big"):
        raise DecodeError(f"{where} is not a link in this version's format.", object_name=where)
    sealed = view[len(_MAGIC) + 4 : _RECORD_AT]
    try:
        plain = aead.open_sealed(secret.preamble_key(), link_aad(secret.id, _PREAMBLE), sealed)
    except DamagedError:
        raise _damaged(where) from None
    preamble = _decode_preamble(plain, where)
    if _RECORD_AT + preamble.record_bytes > len(view):
        raise DecodeError(f"{where} was cut short.", object_name=where)
    cost = None
    if preamble.password is not None:
        cost = PasswordCost(*preamble.password)
        cost.check(where)
    return LinkPreamble(preamble.record_bytes, cost)


def _decode_preamble(plain: bytes, where: str) -> _Preamble:
    """The array, then zeros up to 32 bytes: the length of the preamble says nothing."""
    # The array's own length follows from its first bytes; what its shortest form leaves must be zeros.
    for end in range(len(plain), 0, -1):
        if plain.count(0, end) != len(plain) - end:
            break
        try:
            found = _preamble_decoder.decode(plain[:end], where)
        except DecodeError:
            continue
        if encode(found) == plain[:end]:
            return found
    raise DecodeError(f"The preamble of {where} is malformed.", object_name=where)


def open_link(data: Buffer, secret: LinkSecret, preamble: LinkPreamble, password_key: bytes, where: str) -> LinkRecord:
    """The record, checked in full. DamagedError where it does not open: with a password that is most often a wrong one.

    Nothing is allocated before the object's header has been found good under the key.
    """
    sealed = memoryview(data)[_RECORD_AT : _RECORD_AT + preamble.record_bytes]
    try:
        body = aead.open_sealed(secret.link_key(password_key), link_aad(secret.id, _RECORD), sealed)
    except DamagedError:
        raise _damaged(where) from None
    return _decode(body, where)


def _damaged(where: str) -> DamagedError:
    return DamagedError(
        f"{where} does not open: it was altered on the way or belongs to another link.", object_name=where
    )


def _decode(body: bytes, where: str) -> LinkRecord:
    record = _record_decoder.decode(body, where)
    problem = "a form that is not the shortest" if encode(record) != body else _record_problem(record)
    if problem:
        raise DecodeError(f"The link record in {where} holds {problem}.", object_name=where)
    return record


def _record_problem(record: LinkRecord) -> str:
    if record.is_folder != (record.nodes[0].kind == NodeKind.FOLDER):
        return "a mark that its first item contradicts"
    if len(set(record.packs)) != len(record.packs):
        return "a pack twice"
    if record.urls is not None and len(record.urls) != len(record.packs):
        return "more or fewer addresses than packs"
    depths: list[int] = []
    names: set[tuple[int, bytes]] = set()
    for index, node in enumerate(record.nodes):
        problem = name_problem(node.name) or _place_problem(record, depths, index) or _content_problem(record, node)
        if problem:
            return problem
        names.add((node.parent, node.name))
    return "a name twice in one folder" if len(names) != len(record.nodes) else ""


def _place_problem(record: LinkRecord, depths: list[int], index: int) -> str:
    parent = record.nodes[index].parent
    if (parent == -1) != (index == 0) or parent >= index:
        return "an item that is in no folder"
    if index and record.nodes[parent].kind != NodeKind.FOLDER:
        return "an item inside one that is no folder"
    depths.append(depths[parent] + 1 if index else 0)
    return "folders nested too deep" if depths[index] > MAX_DEPTH else ""


def _content_problem(record: LinkRecord, node: LinkNode) -> str:
    content = node.content
    if node.kind == NodeKind.FILE:
        if not isinstance(content, tuple) or len(content) != -(-node.size // SLICE_BYTES):
            return "a file whose size and slices differ"
        for position, ref in enumerate(content):
            size = min(SLICE_BYTES, node.size - position * SLICE_BYTES)
            if ref.pack >= len(record.packs) or ref.offset + slice_stored_size(size) > MAX_PACK_BYTES:
                return "a slice that is in no pack"
        return ""
    if node.size or isinstance(content, tuple) or (content is None) != (node.kind == NodeKind.FOLDER):
        return "an item whose kind and content differ"
    return ""
