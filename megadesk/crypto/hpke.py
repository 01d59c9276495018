"""HPKE (RFC 9180), base mode, single shot, with one suite: seals a secret to the holder of a key pair.

Suite: KEM 0x647a (X-Wing: ML-KEM-768 with X25519, draft-connolly-cfrg-xwing-kem), KDF 0x0002 (HKDF-SHA384),
AEAD 0x0002 (AES-256-GCM). A reader with a large quantum computer must break ML-KEM; any other, both.

On the wire::

    public key   1216 bytes   ML-KEM-768 encapsulation key (1184) || X25519 public key (32)
    sealed       1120 + n + 16 bytes for a plaintext of n bytes:
                 ML-KEM-768 ciphertext (1088) || X25519 ephemeral key (32) || AES-256-GCM output (n + 16)
    private key    96 bytes   ML-KEM-768 seed d || z (64, FIPS 203) || X25519 private key (32)

The private key differs from the X-Wing draft's (there both are expanded from 32 bytes); the encapsulation
does not. Shared secret = SHA3-256(ML-KEM secret || X25519 secret || ephemeral key || recipient's X25519 key
|| 5c2e2f2f5e5c). AAD of the AEAD is empty; ``info`` binds the context. tests/unit/crypto/test_crypto_hpke.py
has the whole of it in other words.

Base mode does not say who sealed: the records that carry sealed secrets are signed.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.backends.openssl import backend as _backend  # noqa: F401  (see below)
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from megadesk.crypto.secret import Secret
from megadesk.errors import DamagedError, DecodeError

PUBLIC_BYTES = 1216
SEED_BYTES = 96
ENCAPSULATED_BYTES = 1120
OVERHEAD_BYTES = ENCAPSULATED_BYTES + 16

_MLKEM_PUBLIC_BYTES = 1184
_MLKEM_SEED_BYTES = 64
# X25519 keys load cryptography's back end at their first use, 15 ms when the key of a locker has just been derived.
# Imported with this module, it is loaded beside the derivation.
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA384, AEAD.AES_256_GCM)


class HpkeKey(Secret):
    """A private key. Thread-safe."""

    __slots__ = ("_key", "_seed", "public")

    def __init__(self, seed: bytes) -> None:
        """``seed`` is 96 random bytes: ML-KEM-768 seed (64) || X25519 private key (32)."""
        if len(seed) != SEED_BYTES:
            raise ValueError("an HPKE seed is 96 bytes")
        mlkem = MLKEM768PrivateKey.from_seed_bytes(seed[:_MLKEM_SEED_BYTES])
        x25519 = X25519PrivateKey.from_private_bytes(seed[_MLKEM_SEED_BYTES:])
        self._seed = seed
        self._key = MLKEM768X25519PrivateKey(mlkem, x25519)
        self.public: bytes = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()

    def seed(self) -> bytes:
        """The 96 secret bytes, for the key file."""
        return self._seed

    def open(self, sealed: bytes, info: bytes, *, object_name: str = "") -> bytes:
        """What was sealed to this key under ``info``, or DamagedError, the same for every cause."""
        if len(sealed) >= OVERHEAD_BYTES:
            try:
                return _SUITE.decrypt(sealed, self._key, info)
            except (InvalidTag, ValueError):
                pass
        raise DamagedError("A key in the storage is not sealed to this device.", object_name=object_name)


def seal(public: bytes, info: bytes, plaintext: bytes, *, object_name: str = "") -> bytes:
    """Seal ``plaintext`` to ``public``: ``len(plaintext) + OVERHEAD_BYTES`` bytes, other ones each time.

    Raises DecodeError when ``public`` is not a public key (length, ML-KEM's modulus check, X25519 of small
    order).
    """
    if len(public) == PUBLIC_BYTES:
        try:
            key = MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC_BYTES]),
                X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC_BYTES:]),
            )
            return _SUITE.encrypt(plaintext, key, info)
        except ValueError:
            pass
    raise DecodeError("A device's public key is not a key.", object_name=object_name)
