"""The envelope of every metadata object: magic, version, type, epoch id, one FLOE message of a padded body.

Everything outside the message is repeated in its associated data together with the locker id and the object's name,
so an object opens only as itself, in its own place, in its own locker.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from megadesk.crypto import aead
from megadesk.crypto.keys import EpochSecret
from megadesk.errors import DamagedError, DecodeError
from megadesk.format.padme import is_padme, padme
from megadesk.types import EpochId, LockerId

_MAGIC = b"MD\x01"
_PREFIX_BYTES = len(_MAGIC) + 1 + 8
_SUITE = b"megadesk/1"
_LENGTH_BYTES = 4
MAX_OBJECT_BYTES = 16 << 20


class ObjectType(enum.IntEnum):
    """The type byte; the key of a type is derived from its name."""

    DEVICE = 1
    ENTRY = 2
    CHECKPOINT = 3
    LINK = 4
    SLICE = 5


_TYPE_NAMES = {
    ObjectType.DEVICE: "device",
    ObjectType.ENTRY: "entry",
    ObjectType.CHECKPOINT: "checkpoint",
    ObjectType.LINK: "link",
}


def object_aad(kind: ObjectType, locker_id: LockerId, name: str, epoch: EpochId) -> bytes:
    """Associated data of a metadata object."""
    ascii_name = name.encode("ascii")
    return _SUITE + bytes([kind]) + locker_id + len(ascii_name).to_bytes(2, "big") + ascii_name + epoch


def slice_aad(locker_id: LockerId, index: int) -> bytes:
    """Associated data of a file's slice number ``index``."""
    return _SUITE + bytes([ObjectType.SLICE]) + locker_id + index.to_bytes(8, "big")


def seal_object(kind: ObjectType, locker_id: LockerId, name: str, secret: EpochSecret, body: bytes) -> bytes:
    """The whole object, of a Padmé size."""
    framed = len(body).to_bytes(_LENGTH_BYTES, "big") + body
    smallest = _PREFIX_BYTES + aead.sealed_size(len(framed))
    framed += bytes(_padding_bytes(len(framed), padme(smallest)))
    if smallest > MAX_OBJECT_BYTES:
        raise ValueError("too large for one object")
    key = secret.object_key(_TYPE_NAMES[kind], locker_id)
    message = aead.seal(key, object_aad(kind, locker_id, name, secret.id), framed)
    return _MAGIC + bytes([kind]) + secret.id + message


def _padding_bytes(framed: int, wanted: int) -> int:
    """Zeros to add so that the object is a Padmé size of at least ``wanted`` bytes.

    A message's size jumps where a new segment begins, so not every size can be met: try the next Padmé size then.
    """
    while True:
        try:
            plain = aead.opened_size(wanted - _PREFIX_BYTES)
        except DamagedError:
            plain = -1
        # An empty last segment is one that sealing never writes.
        if plain >= framed and aead.sealed_size(plain) == wanted - _PREFIX_BYTES:
            return plain - framed
        wanted = padme(wanted + 1)


def epoch_of(data: bytes, kind: ObjectType, name: str) -> EpochId:
    """The epoch that an object says it is under. Raises DecodeError for anything that is not such an object."""
    if not _PREFIX_BYTES < len(data) <= MAX_OBJECT_BYTES or not is_padme(len(data)):
        raise DecodeError(f"{name} has a size that no such object has.", object_name=name)
    if data[:2] != _MAGIC[:2] or data[3] != kind:
        raise DecodeError(f"{name} is not such an object of a MegaDesk locker.", object_name=name)
    if data[2] != _MAGIC[2]:
        raise DecodeError(
            f"{name} is in format version {data[2]}, which this program does not know.",
            object_name=name,
            remedy="Update MegaDesk.",
        )
    return EpochId(data[4:_PREFIX_BYTES])


def open_object(
    kind: ObjectType, locker_id: LockerId, name: str, secrets: Mapping[EpochId, EpochSecret], data: bytes
) -> bytes:
    """The body of an object. Raises DecodeError or DamagedError."""
    secret = secrets.get(epoch_of(data, kind, name))
    if secret is None:
        raise DamagedError(f"{name} is under a key that this device does not have.", object_name=name)
    key = secret.object_key(_TYPE_NAMES[kind], locker_id)
    try:
        framed = aead.open_sealed(key, object_aad(kind, locker_id, name, secret.id), data[_PREFIX_BYTES:])
    except DamagedError:
        raise DamagedError(
            f"{name} has been altered: it does not open under the locker's key.", object_name=name
        ) from None
    end = _LENGTH_BYTES + int.from_bytes(framed[:_LENGTH_BYTES], "big")
    if len(framed) < end or framed.count(0, end) != len(framed) - end:
        raise DecodeError(f"{name} is padded wrongly.", object_name=name)
    return framed[_LENGTH_BYTES:end]
