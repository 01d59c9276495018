"""Strict MessagePack for signed records: one encoder, one way to decode, one error.

Records are msgspec structs written as arrays. Decoding refuses wrong types, wrong lengths, unknown or surplus fields
and trailing bytes with a DecodeError that names the object. Sizes are checked by the caller's limit before anything
is decoded, so that no allocation is sized by the input alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Generic, TypeVar

import msgspec

from megadesk.errors import DecodeError
from megadesk.types import Buffer, DeviceId, EpochId, LinkId, NodeId, PackId, VersionId

Bytes16 = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
Bytes32 = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Bytes64 = Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]
NodeField = Annotated[NodeId, msgspec.Meta(min_length=16, max_length=16)]
VersionField = Annotated[VersionId, msgspec.Meta(min_length=16, max_length=16)]
DeviceField = Annotated[DeviceId, msgspec.Meta(min_length=16, max_length=16)]
PackField = Annotated[PackId, msgspec.Meta(min_length=16, max_length=16)]
EpochField = Annotated[EpochId, msgspec.Meta(min_length=8, max_length=8)]
LinkField = Annotated[LinkId, msgspec.Meta(min_length=16, max_length=16)]
Unsigned = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Mode = Annotated[int, msgspec.Meta(ge=0, le=0o7777)]

_encoder = msgspec.msgpack.Encoder(order="deterministic")
_AT_A_TIME = 512
"""Values that are encoded in one call, which holds the interpreter: 0.5 ms."""

T = TypeVar("T")


class Record(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """Common options: arrays, no surplus fields, not tracked by the cycle collector (values form no cycles)."""


def encode(value: Any) -> bytes:
    """Bytes of a struct; equal values give equal bytes."""
    return _encoder.encode(value)


def encode_items(items: Sequence[Any]) -> Iterator[bytes]:
    """The bytes of ``encode(list(items))`` bit by bit: of many thousands it would be one call of 10 ms, in which a
    window stands still."""
    yield array_head(len(items))
    for start in range(0, len(items), _AT_A_TIME):
        part = items[start : start + _AT_A_TIME]
        yield _encoder.encode(part)[len(array_head(len(part))) :]


def array_head(count: int) -> bytes:
    """What an array of so many begins with in MessagePack, in its shortest form."""
    if count < 16:
        return bytes((0x90 | count,))
    if count < 1 << 16:
        return b"\xdc" + count.to_bytes(2, "big")
    return b"\xdd" + count.to_bytes(4, "big")


class Decoder(Generic[T]):
    """Decodes one kind of record. Thread-safe."""

    def __init__(self, kind: type[T], what: str, max_bytes: int) -> None:
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._what = what
        self._max_bytes = max_bytes

    def decode(self, data: Buffer, object_name: str) -> T:
        """``data`` as a record; raises DecodeError naming ``object_name`` and the reason."""
        self.check_size(data, object_name)
        try:
            return self._decoder.decode(data)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise DecodeError(
                f"The {self._what} in {object_name} is malformed: {error}.", object_name=object_name
            ) from None

    def check_size(self, data: Buffer, object_name: str) -> None:
        """Raises DecodeError for what `decode` would refuse to look at."""
        if len(data) > self._max_bytes:
            raise DecodeError(
                f"The {self._what} in {object_name} is {len(data)} bytes, above the limit of {self._max_bytes}.",
                object_name=object_name,
            )
