"""What the key file of a locker on this machine holds. The locker key is not among it (docs/adr/0003)."""

from __future__ import annotations

import os
from typing import Annotated

import msgspec

from megadesk.crypto.keys import DEVICE_KEYS_BYTES, DeviceKeys, EpochSecret
from megadesk.errors import DecodeError, KeyFileError
from megadesk.format.wire import Bytes32, Decoder, DeviceField, Record, Unsigned, encode
from megadesk.types import DeviceId, EpochId, LockerId

_VERSION = 1


class _Payload(Record, frozen=True):
    version: Annotated[int, msgspec.Meta(ge=_VERSION, le=_VERSION)]
    locker_id: Bytes32
    root_key: Bytes32
    device: DeviceField
    device_keys: Annotated[bytes, msgspec.Meta(min_length=DEVICE_KEYS_BYTES, max_length=DEVICE_KEYS_BYTES)]
    index_key: Bytes32
    epochs: tuple[tuple[Unsigned, Bytes32], ...]


_decoder = Decoder(_Payload, "key file", 64 << 10)


class LockerSecrets:
    """The keys with which this device uses one locker. Kept in memory only while the locker is open."""

    def __init__(
        self,
        locker_id: LockerId,
        root_key: bytes,
        device: DeviceId,
        device_keys: DeviceKeys,
        index_key: bytes,
        epochs: dict[int, EpochSecret],
    ) -> None:
        self.locker_id = locker_id
        self.root_key = root_key
        """The locker's public root key, from its genesis record."""
        self.device = device
        self.device_keys = device_keys
        self.index_key = index_key
        self.epochs = epochs
        """By number; 0 is always there."""

    def __repr__(self) -> str:
        return f"<LockerSecrets of {self.locker_id.hex()[:8]}: redacted>"

    @classmethod
    def fresh(
        cls, locker_id: LockerId, root_key: bytes, device: DeviceId, keys: DeviceKeys, epochs: dict[int, EpochSecret]
    ) -> LockerSecrets:
        """For a device that has just been enrolled, with a new index key."""
        return cls(locker_id, root_key, device, keys, os.urandom(32), epochs)

    def by_id(self) -> dict[EpochId, EpochSecret]:
        """Epoch secrets by public id."""
        return {secret.id: secret for secret in self.epochs.values()}

    def current_epoch(self) -> EpochSecret:
        """The one that new objects are written under."""
        return self.epochs[max(self.epochs)]

    def add_epoch(self, number: int, secret: bytes) -> None:
        """Take in a later epoch that came through the log."""
        self.epochs.setdefault(number, EpochSecret(secret))

    def forget(self) -> None:
        """Drop the references to all keys; Python cannot wipe them (docs/threat-model.md)."""
        self.epochs = {}
        self.index_key = b""
        del self.device_keys

    def digest_key(self) -> bytes:
        """Key of all content digests."""
        return self.epochs[0].content_hash_key()

    def to_bytes(self) -> bytes:
        epochs = tuple((number, secret.to_bytes()) for number, secret in sorted(self.epochs.items()))
        return encode(
            _Payload(
                _VERSION,
                self.locker_id,
                self.root_key,
                self.device,
                self.device_keys.to_bytes(),
                self.index_key,
                epochs,
            )
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> LockerSecrets:
        """Raises KeyFileError when the key file opened but holds something else."""
        try:
            payload = _decoder.decode(data, "the key file")
        except DecodeError:
            raise KeyFileError(
                "The key file of this locker is of another version.", remedy="Update MegaDesk."
            ) from None
        epochs = {number: EpochSecret(secret) for number, secret in payload.epochs}
        if 0 not in epochs:
            raise KeyFileError("The key file of this locker lacks the first key.")
        return cls(
            LockerId(payload.locker_id),
            payload.root_key,
            payload.device,
            DeviceKeys.from_bytes(payload.device_keys),
            payload.index_key,
            epochs,
        )
