"""Ed25519 signatures (RFC 8032) over a domain and a message.

What is signed is the plain concatenation of the parts given. Callers keep it unambiguous with a constant
domain in front and fixed lengths of all parts but the last (docs/format.md).
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from megadesk.crypto.secret import Secret
from megadesk.errors import DamagedError
from megadesk.types import Buffer

SEED_BYTES = 32
PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64

# Under a public key of small order a signature can be made that holds for every message, so that it proves
# nothing. These are the y coordinates of all such points, reduced or not, with the sign bit cleared.
_SMALL_ORDER = frozenset(
    bytes.fromhex(text)
    for text in (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    )
)


class SigningKey(Secret):
    """An Ed25519 private key. Thread-safe; signing is deterministic, so safe to repeat."""

    __slots__ = ("_key", "public")

    def __init__(self, seed: bytes) -> None:
        """``seed`` is 32 random bytes, the private key of RFC 8032."""
        if len(seed) != SEED_BYTES:
            raise ValueError("an Ed25519 seed is 32 bytes")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public: bytes = self._key.public_key().public_bytes_raw()

    def seed(self) -> bytes:
        """The 32 secret bytes, for the key file."""
        return self._key.private_bytes_raw()

    def sign(self, *parts: Buffer) -> bytes:
        """64 bytes: the signature over all parts, joined."""
        return self._key.sign(b"".join(parts))


def is_public_key(public: bytes) -> bool:
    """Whether ``public`` is 32 bytes and not of small order (which would vouch for anything)."""
    if len(public) != PUBLIC_BYTES:
        return False
    return public[:31] + bytes((public[31] & 0x7F,)) not in _SMALL_ORDER


def is_signed(public: bytes, signature: bytes, *parts: Buffer) -> bool:
    """Whether ``signature`` is ``public``'s over all parts, joined. Never raises."""
    if len(signature) != SIGNATURE_BYTES or not is_public_key(public):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, b"".join(parts))
    except (InvalidSignature, ValueError):
        return False
    return True


def verify(public: bytes, signature: bytes, *parts: Buffer, object_name: str = "") -> None:
    """As ``is_signed``, but raise DamagedError when it is not."""
    if not is_signed(public, signature, *parts):
        raise DamagedError("A signature in the storage does not hold.", object_name=object_name)
