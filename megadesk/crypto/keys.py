"""The keys of a locker and of a device, and what is derived from them.

::

    locker key (32 random bytes; the recovery key, on no device)
    ├── root signing key      Ed25519: signs the genesis record and enrolments by recovery key
    └── recovery key pair     HPKE: every epoch's secret is sealed to it
    epoch secret (32 random bytes)
    ├── epoch id              8 bytes, public
    ├── object keys           one for each type of object: FLOE keys
    └── content hash key      of epoch 0 only, so that digests stay comparable for the locker's life
    device keys               drawn at random on the device: Ed25519 and HPKE
    slice key                 drawn for each slice

Labels: "root signing key" (32 bytes, the Ed25519 seed), "recovery hpke key" (96 bytes, the seed as in
hpke.py), "epoch id", "object" with type name and locker id, "content hash". All objects here are immutable
and thread-safe.
"""

from __future__ import annotations

import hmac
import os

from megadesk.crypto.hpke import SEED_BYTES as HPKE_SEED_BYTES
from megadesk.crypto.hpke import HpkeKey
from megadesk.crypto.kdf import SECRET_BYTES, ShortMac, derive
from megadesk.crypto.secret import Secret
from megadesk.crypto.signing import SEED_BYTES as SIGNING_SEED_BYTES
from megadesk.crypto.signing import SigningKey
from megadesk.types import EpochId

EPOCH_ID_BYTES = 8
DEVICE_KEYS_BYTES = SIGNING_SEED_BYTES + HPKE_SEED_BYTES

# Label and length of the digest as derive() frames them.
_SLICE_KEY_INFO = b"megadesk/1\x00\x09slice key\x00\x20"

# Named here so that a test may count or replay what is drawn.
_urandom = os.urandom


class SecretBytes(Secret):
    """32 secret bytes. Equal only to the same bytes in the same class, compared in constant time."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SECRET_BYTES:
            raise ValueError(f"{type(self).__name__} takes 32 bytes")
        self._secret = bytes(secret)

    def to_bytes(self) -> bytes:
        """The 32 secret bytes."""
        return self._secret

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SecretBytes) or type(other) is not type(self):
            return NotImplemented
        return hmac.compare_digest(self._secret, other._secret)

    __hash__ = None  # type: ignore[assignment]  # a hash would be a digest of the secret without a key


class LockerKey(SecretBytes):
    """The root of a locker: 32 random bytes, the recovery key. Never stored on a device."""

    __slots__ = ()

    @classmethod
    def generate(cls) -> LockerKey:
        return cls(_urandom(SECRET_BYTES))

    def root_keys(self) -> RootKeys:
        return RootKeys(self)


class RootKeys(Secret):
    """What the locker key is used for: ``signing`` the founding records and opening ``recovery`` slots."""

    __slots__ = ("recovery", "signing")

    def __init__(self, locker_key: LockerKey) -> None:
        secret = locker_key.to_bytes()
        self.signing = SigningKey(derive(secret, "root signing key", length=SIGNING_SEED_BYTES))
        self.recovery = HpkeKey(derive(secret, "recovery hpke key", length=HPKE_SEED_BYTES))


class DeviceKeys(Secret):
    """A device's own keys: ``signing`` its log, ``hpke`` to be sent epoch secrets. They never leave it."""

    __slots__ = ("hpke", "signing")

    def __init__(self, signing: SigningKey, hpke: HpkeKey) -> None:
        self.signing = signing
        self.hpke = hpke

    @classmethod
    def generate(cls) -> DeviceKeys:
        return cls.from_bytes(_urandom(DEVICE_KEYS_BYTES))

    @classmethod
    def from_bytes(cls, seeds: bytes) -> DeviceKeys:
        """From the 128 bytes of ``to_bytes``."""
        if len(seeds) != DEVICE_KEYS_BYTES:
            raise ValueError("device keys are 128 bytes")
        return cls(SigningKey(seeds[:SIGNING_SEED_BYTES]), HpkeKey(seeds[SIGNING_SEED_BYTES:]))

    def to_bytes(self) -> bytes:
        """Ed25519 seed (32) || ML-KEM-768 seed (64) || X25519 private key (32), for the key file."""
        return self.signing.seed() + self.hpke.seed()


class EpochSecret(SecretBytes):
    """The secret under which one epoch's objects are encrypted. ``id`` is public."""

    __slots__ = ("id",)

    def __init__(self, secret: bytes) -> None:
        super().__init__(secret)
        self.id = EpochId(derive(secret, "epoch id")[:EPOCH_ID_BYTES])

    @classmethod
    def generate(cls) -> EpochSecret:
        return cls(_urandom(SECRET_BYTES))

    def __repr__(self) -> str:
        return f"<EpochSecret {self.id.hex()}: redacted>"

    def object_key(self, type_name: str, locker_id: bytes) -> bytes:
        """The 32-byte FLOE key of all objects of this type in this epoch (4 microseconds; may be kept)."""
        return derive(self._secret, "object", type_name.encode(), locker_id)

    def content_hash_key(self) -> bytes:
        """The 32-byte key of contents' digests (``kdf.digest_once``). To be asked of epoch 0 only."""
        return derive(self._secret, "content hash")


def fresh_slice_key(digest: bytes) -> bytes:
    """A new 32-byte key for one slice, whose plaintext has this keyed ``digest``.

    Random. The digest is mixed in so that a cloned machine whose generator repeats itself still gives
    another key to other contents: equal keys would mean equal GCM key and IV for two plaintexts. It is the
    only protection of slices from that, so take every slice's key from here.
    """
    # What derive(drawn, "slice key", digest) gives, but this is called for every small file.
    return ShortMac(_urandom(SECRET_BYTES)).digest(_SLICE_KEY_INFO + digest + b"\x01")[:SECRET_BYTES]
