"""Strict MessagePack for signed records: one encoder, one way to decode, one error.

Records are msgspec structs written as arrays. Decoding refuses wrong types, wrong lengths, unknown or surplus fields
and trailing bytes with a DecodeError that names the object. Sizes are checked by the caller's limit before anything
is decoded, so that no allocation is sized by the input alone.
"""

from __future__ import annotations

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

T = TypeVar("T")


class Record(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """Common options: arrays, no surplus fields, not tracked by the cycle collector (values form no cycles)."""


def encode(value: Any) -> bytes:
    """Bytes of a struct; equal values give equal bytes."""
    return _encoder.encode(value)


class Decoder(Generic[T]):
    """Decodes one kind of record. Thread-safe."""

    def __init__(self, kind: type[T], what: str, max_bytes: int) -> None:
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._what = what
        self._max_bytes = max_bytes

    def decode(self, data: Buffer, object_name: str) -> T:
        """``data`` as a record; raises DecodeError naming ``object_name`` and the reason."""
        if len(data) > self._max_bytes:
            raise DecodeError(
                f"The {self._what} in {object_name} is {len(data)} bytes, above the limit of {self._max_bytes}.",
                object_name=object_name,
            )
        try:
            return self._decoder.decode(data)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise DecodeError(
                f"The {self._what} in {object_name} is malformed: {error}.", object_name=object_name
            ) from None
