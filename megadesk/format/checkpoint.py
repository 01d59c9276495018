"""Checkpoints: the merged tree at one moment, so that a new device need not replay every log (docs/format.md).

Part 0 is the signed head: whose it is, which entries it stands for, and the digest of every other part. It is under
epoch 0 and carries the later epochs' secrets sealed to the recovery key; the parts are under the newest epoch.
"""

from __future__ import annotations

import hashlib
from typing import Annotated

import msgspec

from megadesk.crypto import signing
from megadesk.errors import DamagedError, DecodeError
from megadesk.format.wire import Bytes32, Decoder, DeviceField, Record, Unsigned, encode
from megadesk.types import DeviceId, LockerId

MAX_HEAD_BYTES = 8 << 20
MAX_PART_BYTES = 8 << 20
MAX_PARTS = 1 << 16
_DOMAIN = b"megadesk/1 checkpoint"
_SIGNATURE_BYTES = 64


class SeenHead(Record, frozen=True):
    """How far a device had applied another's log."""

    device: DeviceField
    seq: Unsigned


class CheckpointLogHead(Record, frozen=True):
    """The last entry of one device that the checkpoint stands for, and what that device had seen by then."""

    device: DeviceField
    seq: Unsigned
    hash: Bytes32
    lamport: Unsigned
    time_ms: Unsigned
    seen: Annotated[tuple[SeenHead, ...], msgspec.Meta(max_length=4096)]


class SealedEpoch(Record, frozen=True):
    """A later epoch's secret, sealed to the recovery key."""

    number: Unsigned
    sealed: Annotated[bytes, msgspec.Meta(max_length=4096)]


class CheckpointHead(Record, frozen=True):
    version: Annotated[int, msgspec.Meta(ge=1, le=1)]
    device: DeviceField
    time_ms: Unsigned
    heads: Annotated[tuple[CheckpointLogHead, ...], msgspec.Meta(max_length=4096)]
    epochs: Annotated[tuple[SealedEpoch, ...], msgspec.Meta(max_length=4096)]
    parts: Annotated[tuple[Bytes32, ...], msgspec.Meta(max_length=MAX_PARTS)]
    """SHA-256 of each part's body; part i is object number i + 1."""


_decoder = Decoder(CheckpointHead, "checkpoint", MAX_HEAD_BYTES)


def part_digest(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()


def seal_checkpoint(head: CheckpointHead, locker_id: LockerId, key: signing.SigningKey) -> bytes:
    """The signed record of part 0."""
    body = encode(head)
    return key.sign(_DOMAIN, locker_id, body) + body


def open_checkpoint(record: bytes, locker_id: LockerId, object_name: str) -> tuple[CheckpointHead, bytes]:
    """The head and what its signature covers; give them to ``verify_checkpoint`` with the device's key."""
    if len(record) <= _SIGNATURE_BYTES:
        raise DecodeError(f"{object_name} is too short.", object_name=object_name)
    body = record[_SIGNATURE_BYTES:]
    return _decoder.decode(body, object_name), _DOMAIN + locker_id + body


def verify_checkpoint(record: bytes, signed: bytes, verify_key: bytes, device: DeviceId, object_name: str) -> None:
    """Raises DamagedError unless ``device`` signed it."""
    if not signing.is_signed(verify_key, record[:_SIGNATURE_BYTES], signed):
        raise DamagedError(
            f"The checkpoint {object_name} is not signed by the device {device.hex()[:8]}.", object_name=object_name
        )
