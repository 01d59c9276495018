"""Enrolments: who may write a log. Each is signed by the locker's root key or by a device enrolled before."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from typing import Annotated

import msgspec

from megadesk.crypto import hpke, signing
from megadesk.crypto.keys import DeviceKeys
from megadesk.errors import DamagedError, DecodeError
from megadesk.format.wire import Bytes16, Bytes32, Bytes64, Decoder, Record, Unsigned, encode
from megadesk.types import DeviceId, LockerId

MAX_ENROLMENT_BYTES = 16 << 10
_DOMAIN = b"megadesk/1 device"
_SELF_DOMAIN = b"megadesk/1 enrolled"
_SIGNATURE_BYTES = 64


class Enrolment(Record, frozen=True):
    """A device's public keys and name. ``enroller`` is empty for the root key."""

    sign_key: Bytes32
    kem_key: Annotated[bytes, msgspec.Meta(min_length=hpke.PUBLIC_BYTES, max_length=hpke.PUBLIC_BYTES)]
    nonce: Bytes16
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    time_ms: Unsigned
    enroller: Annotated[bytes, msgspec.Meta(max_length=16)]
    self_signature: Bytes64

    @property
    def device_id(self) -> DeviceId:
        return device_id(self.sign_key, self.kem_key, self.nonce)


_decoder = Decoder(Enrolment, "enrolment", MAX_ENROLMENT_BYTES)


def device_id(sign_key: bytes, kem_key: bytes, nonce: bytes) -> DeviceId:
    """An id that only these keys have."""
    return DeviceId(hashlib.sha256(sign_key + kem_key + nonce).digest()[:16])


def make_enrolment(
    keys: DeviceKeys,
    name: str,
    time_ms: int,
    locker_id: LockerId,
    enroller: DeviceId | None,
    enroller_key: signing.SigningKey,
) -> tuple[DeviceId, bytes]:
    """The new device's id and its signed record. ``enroller`` None: the root key signs."""
    nonce = os.urandom(16)
    sign_key, kem_key = keys.signing.public, keys.hpke.public
    new_id = device_id(sign_key, kem_key, nonce)
    proof = keys.signing.sign(_SELF_DOMAIN, locker_id, new_id)
    body = encode(Enrolment(sign_key, kem_key, nonce, name, time_ms, enroller or b"", proof))
    return new_id, enroller_key.sign(_DOMAIN, locker_id, body) + body


def open_enrolment(
    record: bytes,
    locker_id: LockerId,
    expected: DeviceId,
    root_key: bytes,
    device_key: Callable[[DeviceId], bytes | None],
    object_name: str,
) -> Enrolment:
    """Verify and decode. ``device_key`` gives the signing key of a device enrolled before, or None.

    Raises DamagedError or DecodeError; a rogue key that the storage plants ends here.
    """
    body = record[_SIGNATURE_BYTES:]
    enrolment = _decoder.decode(body, object_name)
    if enrolment.device_id != expected:
        raise DecodeError(f"{object_name} holds the keys of another device.", object_name=object_name)
    if len(enrolment.enroller) not in (0, 16):
        raise DecodeError(f"{object_name} names no enroller.", object_name=object_name)
    signer = device_key(DeviceId(enrolment.enroller)) if enrolment.enroller else root_key
    if (
        signer is None
        or not signing.is_signed(signer, record[:_SIGNATURE_BYTES], _DOMAIN, locker_id, body)
        or not signing.is_signed(enrolment.sign_key, enrolment.self_signature, _SELF_DOMAIN, locker_id, expected)
    ):
        raise DamagedError(f"{object_name} is a device that nobody of this locker has let in.", object_name=object_name)
    return enrolment
