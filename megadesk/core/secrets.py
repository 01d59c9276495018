"""What the key file of a locker on this machine holds. The locker key is not among it (docs/adr/0003)."""

from __future__ import annotations

import os
from collections.abc import Iterable
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
        epochs: Iterable[tuple[int, EpochSecret]],
    ) -> None:
        """``epochs``: (number, secret); number 0 must be among them."""
        self.locker_id = locker_id
        self.root_key = root_key
        """The locker's public root key, from its genesis record."""
        self.device = device
        self.device_keys = device_keys
        self.index_key = index_key
        self._epochs: dict[EpochId, tuple[int, EpochSecret]] = {}
        self._known_outside: frozenset[EpochId] = frozenset()
        for number, secret in epochs:
            self.add_epoch(number, secret)
        self.first_epoch = next(secret for number, secret in self._epochs.values() if number == 0)

    def __repr__(self) -> str:
        return f"<LockerSecrets of {self.locker_id.hex()[:8]}: redacted>"

    @classmethod
    def fresh(
        cls, locker_id: LockerId, root_key: bytes, device: DeviceId, keys: DeviceKeys, first_epoch: EpochSecret
    ) -> LockerSecrets:
        """For a device that has just been enrolled, with a new index key."""
        return cls(locker_id, root_key, device, keys, os.urandom(32), [(0, first_epoch)])

    def by_id(self) -> dict[EpochId, EpochSecret]:
        """Epoch secrets by public id."""
        return {epoch: secret for epoch, (_, secret) in self._epochs.items()}

    def epochs(self) -> list[tuple[int, EpochSecret]]:
        """(number, secret), oldest first. Two devices may have begun epochs of one number at the same time."""
        return sorted(self._epochs.values(), key=lambda item: (item[0], item[1].id))

    def current_epoch(self) -> EpochSecret:
        """The one that new objects are written under: the newest that no device has which is shut out."""
        found = self.epochs()
        return next((secret for _, secret in reversed(found) if secret.id not in self._known_outside), found[-1][1])

    def avoid(self, epochs: Iterable[EpochId]) -> None:
        """Write nothing under these any more: somebody has them who is shut out."""
        self._known_outside = frozenset(epochs)

    def add_epoch(self, number: int, secret: EpochSecret) -> None:
        """Take in an epoch's secret."""
        self._epochs.setdefault(secret.id, (number, secret))

    def forget(self) -> None:
        """Drop the references to all keys; Python cannot wipe them (docs/threat-model.md)."""
        self._epochs = {}
        self.index_key = b""
        del self.device_keys, self.first_epoch

    def digest_key(self) -> bytes:
        """Key of all content digests."""
        return self.first_epoch.content_hash_key()

    def to_bytes(self) -> bytes:
        epochs = tuple((number, secret.to_bytes()) for number, secret in self.epochs())
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
        epochs = [(number, EpochSecret(secret)) for number, secret in payload.epochs]
        if all(number for number, _ in epochs):
            raise KeyFileError("The key file of this locker lacks the first key.")
        return cls(
            LockerId(payload.locker_id),
            payload.root_key,
            payload.device,
            DeviceKeys.from_bytes(payload.device_keys),
            payload.index_key,
            epochs,
        )
