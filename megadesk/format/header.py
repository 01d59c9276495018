"""The header: the one object that is not encrypted. It founds the locker and holds nothing that a passphrase opens."""

from __future__ import annotations

import hashlib
import os
from typing import Annotated

import msgspec

from megadesk.crypto import hpke, signing
from megadesk.crypto.keys import EpochSecret, LockerKey
from megadesk.errors import DamagedError, DecodeError, RecoveryKeyError
from megadesk.format.padme import is_padme, padme
from megadesk.format.wire import Bytes16, Bytes32, Decoder, Record, encode
from megadesk.types import LockerId

MAGIC = b"MEGADESK\x01"
MAX_HEADER_BYTES = 64 << 10
_DOMAIN = b"megadesk/1 genesis"
_EPOCH_INFO = b"megadesk/1 epoch"
_SIGNATURE_BYTES = 64


class Genesis(Record, frozen=True):
    """The locker's founding record; its SHA-256 is the locker's id."""

    root_key: Bytes32
    recovery_key: Annotated[bytes, msgspec.Meta(min_length=hpke.PUBLIC_BYTES, max_length=hpke.PUBLIC_BYTES)]
    nonce: Bytes16
    sealed_epoch: Annotated[bytes, msgspec.Meta(min_length=1, max_length=4096)]
    """Epoch 0's secret, sealed to ``recovery_key``."""


class Header(msgspec.Struct, frozen=True):
    """A verified header."""

    genesis: Genesis
    locker_id: LockerId


_decoder = Decoder(Genesis, "header", MAX_HEADER_BYTES)


def _info(root_key: bytes, nonce: bytes) -> bytes:
    return _EPOCH_INFO + root_key + nonce


def make_header(key: LockerKey, epoch: EpochSecret) -> tuple[Header, bytes]:
    """A new locker's header and its object's bytes."""
    nonce = os.urandom(16)
    keys = key.root_keys()
    root_key, recovery_key = keys.signing.public, keys.recovery.public
    sealed = hpke.seal(recovery_key, _info(root_key, nonce), epoch.to_bytes())
    body = encode(genesis := Genesis(root_key, recovery_key, nonce, sealed))
    record = keys.signing.sign(_DOMAIN, body) + body
    data = MAGIC + len(record).to_bytes(4, "big") + record
    return Header(genesis, LockerId(hashlib.sha256(body).digest())), data + bytes(padme(len(data)) - len(data))


def open_header(data: bytes, name: str = "locker") -> Header:
    """Verify and decode. Raises DecodeError or DamagedError. Says nothing about whose locker it is: compare ids."""
    if not len(MAGIC) + 4 + _SIGNATURE_BYTES < len(data) <= MAX_HEADER_BYTES or not is_padme(len(data)):
        raise DecodeError("The locker's header has a size that no header has.", object_name=name)
    if data[:8] != MAGIC[:8]:
        raise DecodeError("This storage holds something that is not a MegaDesk locker.", object_name=name)
    if data[8] != MAGIC[8]:
        raise DecodeError(
            f"This locker is in format version {data[8]}, which this program does not know.",
            object_name=name,
            remedy="Update MegaDesk.",
        )
    start = len(MAGIC) + 4
    end = start + int.from_bytes(data[len(MAGIC) : start], "big")
    if not start + _SIGNATURE_BYTES < end <= len(data) or any(data[end:]) or padme(end) != len(data):
        raise DecodeError("The locker's header is malformed.", object_name=name)
    body = data[start + _SIGNATURE_BYTES : end]
    genesis = _decoder.decode(body, name)
    if encode(genesis) != body:
        raise DecodeError("The locker's header is not in its one form.", object_name=name)
    if not signing.is_signed(genesis.root_key, data[start : start + _SIGNATURE_BYTES], _DOMAIN, body):
        raise DamagedError("The locker's header has been altered.", object_name=name)
    return Header(genesis, LockerId(hashlib.sha256(body).digest()))


def open_epoch_zero(header: Header, key: LockerKey) -> EpochSecret:
    """Epoch 0's secret by the recovery key. Raises RecoveryKeyError when the key is another locker's."""
    genesis = header.genesis
    keys = key.root_keys()
    if (keys.signing.public, keys.recovery.public) != (genesis.root_key, genesis.recovery_key):
        raise RecoveryKeyError("This recovery key is well-formed, but belongs to another locker.")
    info = _info(genesis.root_key, genesis.nonce)
    return EpochSecret(keys.recovery.open(genesis.sealed_epoch, info, object_name="locker"))
