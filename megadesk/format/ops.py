"""What a log entry holds: operations on the tree and on the locker (docs/format.md, "Operations").

All values are frozen msgspec structs, written as MessagePack arrays whose first element is the tag. Names are bytes:
what the file system gave, not necessarily UTF-8.
"""

from __future__ import annotations

import enum
from typing import Annotated, TypeAlias

import msgspec

from megadesk.format.wire import (
    Bytes32,
    Decoder,
    DeviceField,
    EpochField,
    LinkField,
    Mode,
    NodeField,
    PackField,
    Record,
    Unsigned,
    VersionField,
    encode,
)

MAX_NAME_BYTES = 255
MAX_TARGET_BYTES = 4096
MAX_PACK_BYTES = 16 << 20
MAX_INLINE_SLICES = 4096
"""Longer slice lists go into packs of their own (FileContent.indirect)."""
MAX_SLICE_LIST_BYTES = 1 << 30
MAX_FILE_BYTES = 1 << 53
MAX_LINK_NOTE = 2000
MAX_LINK_PACKS = 400_000
"""What an entry can name; about 6 TiB of large files."""
MAX_LINK_BASE = 8192
LINK_FOLDER, LINK_LIVE = 1, 2
"""Bits of a link's flags."""

NameField = Annotated[bytes, msgspec.Meta(min_length=1, max_length=MAX_NAME_BYTES)]
Offset = Annotated[int, msgspec.Meta(ge=0, lt=MAX_PACK_BYTES)]
Size = Annotated[int, msgspec.Meta(ge=0, le=MAX_FILE_BYTES)]
Time = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]


class SliceRef(Record, frozen=True):
    """Where one slice lies and what opens it."""

    pack: PackField
    offset: Offset
    """Bytes from the start of the pack."""
    key: Bytes32
    digest: Bytes32
    """HMAC-SHA-256 of the plaintext under the locker's content hash key."""

    def __repr__(self) -> str:
        return f"SliceRef(pack={self.pack.hex()}, offset={self.offset})"


class FileContent(Record, frozen=True, tag=1):
    """A file's bytes. Slice i covers plaintext from i * SLICE_BYTES; the last one is as long as what is left."""

    size: Size
    slices: Annotated[tuple[SliceRef, ...], msgspec.Meta(max_length=MAX_INLINE_SLICES)]
    indirect: Annotated[int, msgspec.Meta(ge=0, le=MAX_SLICE_LIST_BYTES)] = 0
    """0, or: the slices hold the encoded SliceList, of this many bytes, instead of the file's own."""


class LinkContent(Record, frozen=True, tag=2):
    """A symbolic link's target, as bytes."""

    target: Annotated[bytes, msgspec.Meta(min_length=1, max_length=MAX_TARGET_BYTES)]


Content: TypeAlias = FileContent | LinkContent


class Create(Record, frozen=True, tag=1):
    """A new node. Its first version, when it has content, bears the node's id."""

    node: NodeField
    parent: NodeField
    name: NameField
    kind: Annotated[int, msgspec.Meta(ge=0, le=2)]
    mode: Mode
    mtime_ns: Time
    content: FileContent | LinkContent | None


class AddVersion(Record, frozen=True, tag=2):
    """New content of a node; ``bases`` are the versions it replaces."""

    node: NodeField
    version: VersionField
    bases: Annotated[tuple[VersionField, ...], msgspec.Meta(max_length=64)]
    mode: Mode
    mtime_ns: Time
    content: FileContent | LinkContent


class Move(Record, frozen=True, tag=3):
    """Rename, move, trash (parent TRASH) or restore."""

    node: NodeField
    parent: NodeField
    name: NameField


class SetAttributes(Record, frozen=True, tag=4):
    node: NodeField
    mode: Mode
    mtime_ns: Time


class Purge(Record, frozen=True, tag=5):
    """Drops these versions of a node for good; marks a folder purged."""

    node: NodeField
    versions: tuple[VersionField, ...]


class Condemn(Record, frozen=True, tag=6):
    """First phase of deleting packs that nothing refers to (docs/format.md, "Deleting")."""

    packs: tuple[PackField, ...]


class Cutoff(Record, frozen=True):
    """The last entry of a revoked device that still counts."""

    device: DeviceField
    seq: Unsigned
    hash: Bytes32


class EpochSlot(Record, frozen=True):
    """An epoch secret sealed to one device, or to the recovery key when ``recipient`` is empty."""

    recipient: Annotated[bytes, msgspec.Meta(max_length=16)]
    sealed: Annotated[bytes, msgspec.Meta(max_length=2048)]


class Rekey(Record, frozen=True, tag=7):
    """Starts an epoch, and revokes devices with a cut-off each."""

    number: Unsigned
    epoch: EpochField
    revoked: tuple[Cutoff, ...]
    slots: tuple[EpochSlot, ...]


class LinkPlace(enum.IntEnum):
    """Where a link was put, which decides how its URL is made and how it is taken back."""

    SERVER = 0
    """A MegaDesk server: the locker's store, which also serves the link."""
    SHARE = 1
    """The store; a program of the locker's own serves it when asked to."""
    SIGNED = 2
    """A bucket; everything is fetched by URLs that are signed for a time."""
    PUBLIC = 3
    """A bucket or folder that anyone may read at some address."""
    FILE = 4
    """A file that holds everything."""


class LinkPassword(Record, frozen=True):
    """What a password came to: cost, and the key that it adds. The password itself is not kept."""

    memory_kib: Unsigned
    passes: Unsigned
    key: Bytes32

    def __repr__(self) -> str:
        return f"LinkPassword({self.memory_kib}, {self.passes})"


class MakeLink(Record, frozen=True, tag=8):
    """Remembers a link, so that every device can show it, keep it up to date and take it back."""

    link: LinkField
    secret: Bytes32
    node: NodeField
    flags: Annotated[int, msgspec.Meta(ge=0, le=LINK_FOLDER | LINK_LIVE)]
    expires_ms: Unsigned
    """0: never."""
    max_downloads: Unsigned
    """0: any number."""
    password: LinkPassword | None
    note: Annotated[str, msgspec.Meta(max_length=MAX_LINK_NOTE)]
    place: Annotated[int, msgspec.Meta(ge=0, le=int(max(LinkPlace)))]
    base: Annotated[str, msgspec.Meta(max_length=MAX_LINK_BASE)]
    """The URL in front of the fragment; empty where it depends on who serves the link."""
    packs: Annotated[tuple[PackField, ...], msgspec.Meta(max_length=MAX_LINK_PACKS)]
    """Packs that the link needs, which are kept for it. Empty for one that is kept up to date."""

    def __repr__(self) -> str:
        return f"MakeLink({self.link.hex()})"


class RevokeLink(Record, frozen=True, tag=9):
    """Takes a link back, for good."""

    link: LinkField


Operation: TypeAlias = Create | AddVersion | Move | SetAttributes | Purge | Condemn | Rekey | MakeLink | RevokeLink

SliceList: TypeAlias = tuple[SliceRef, ...]

_content_decoder: Decoder[FileContent | LinkContent] = Decoder(
    FileContent | LinkContent,  # type: ignore[arg-type]
    "content",
    1 << 20,
)
_slice_list_decoder: Decoder[SliceList] = Decoder(tuple[SliceRef, ...], "slice list", MAX_SLICE_LIST_BYTES)


def encode_content(content: Content) -> bytes:
    """A content as kept in the index: exactly its bytes inside an operation."""
    return encode(content)


def decode_content(data: bytes, where: str = "the index") -> Content:
    """Reverse of encode_content; raises DecodeError."""
    return _content_decoder.decode(data, where)


_make_link_decoder = Decoder(MakeLink, "link", 8 << 20)


def decode_make_link(data: bytes, where: str = "the index") -> MakeLink:
    """A MakeLink as kept in the index (``wire.encode`` of it); raises DecodeError."""
    return _make_link_decoder.decode(data, where)


def encode_slice_list(slices: SliceList) -> bytes:
    """What an indirect file's slices hold."""
    return encode(slices)


def decode_slice_list(data: bytes, where: str) -> SliceList:
    """Reverse of encode_slice_list; raises DecodeError."""
    return _slice_list_decoder.decode(data, where)
