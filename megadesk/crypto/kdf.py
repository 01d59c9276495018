"""Derivation of keys from keys, keyed digests of contents, and keys from passphrases.

Sources: HKDF-Expand is RFC 5869 section 2.3; Argon2id is RFC 9106. Labels and encodings are in
docs/format.md. Everything here is pure (no state), safe on any thread and safe to repeat.
"""

from __future__ import annotations

import hmac
import struct
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256 as _sha256
from hashlib import sha384 as _sha384

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from megadesk.errors import KeyFileError, PassphraseError
from megadesk.types import Buffer

SECRET_BYTES = 32
DIGEST_BYTES = 32

_SHA384_BYTES = 48
_PREFIX = b"megadesk/1"
_U16 = struct.Struct(">H")
_ALTERED = "It may have been altered: restore it, or join the locker again with its recovery key."


_BLOCK_BYTES = 128
"""Of SHA-384; SHA-256's are half as long."""
_SHORT_BYTES = 64 << 10
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


class ShortMac:
    """HMAC-SHA-384 (RFC 2104) under one key, of several short texts, written with plain hashes.

    ``hmac.digest`` looks the algorithm up and lets go of the GIL at every call: three times the cost of the two hashes
    that a short text needs, and small files take four such each. ``key`` is at most 128 bytes.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        if len(key) > _BLOCK_BYTES:
            raise ValueError("the key is longer than a block")
        block = key.ljust(_BLOCK_BYTES, b"\0")
        self._inner = block.translate(_INNER)
        self._outer = block.translate(_OUTER)

    def digest(self, text: bytes) -> bytes:
        """48 bytes."""
        return _sha384(self._outer + _sha384(self._inner + text).digest()).digest()


def expand(secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand-SHA-384 with ``secret`` as the PRK: ``length`` bytes (1 to 12240).

    ``hmac.digest`` is one call into OpenSSL; the HKDF classes of pyca cost several times that for one block.
    """
    if not 0 < length <= 255 * _SHA384_BYTES:
        raise ValueError("length out of range")
    block = hmac.digest(secret, info + b"\x01", "sha384")
    if length <= _SHA384_BYTES:
        return block[:length]
    blocks = [block]
    for number in range(2, -(-length // _SHA384_BYTES) + 1):
        block = hmac.digest(secret, block + info + bytes((number,)), "sha384")
        blocks.append(block)
    return b"".join(blocks)[:length]


def derive(secret: bytes, label: str, *context: bytes, length: int = SECRET_BYTES) -> bytes:
    """The key for one purpose: ``expand`` with info ``"megadesk/1"`` and then label and every context, each
    with its length (u16, big-endian) in front, so that no two different lists give the same info.

    ``secret`` must be uniformly random and at least 32 bytes: never a passphrase.
    """
    if len(secret) < SECRET_BYTES:
        raise ValueError("the secret is too short")
    parts = [_PREFIX]
    for part in (label.encode(), *context):
        if len(part) > 0xFFFF:
            raise ValueError("a context is longer than 65535 bytes")
        parts += (_U16.pack(len(part)), part)
    return expand(secret, b"".join(parts), length)


# --- digests of contents ----------------------------------------------------------------------------------


def digest_once(key: bytes, data: Buffer) -> bytes:
    """HMAC-SHA-256 of ``data``: 32 bytes. Releases the GIL while it works on more than 2 KiB."""
    if len(data) > _SHORT_BYTES or len(key) > _BLOCK_BYTES // 2:
        return hmac.digest(key, data, "sha256")
    block = key.ljust(_BLOCK_BYTES // 2, b"\0")
    inner = _sha256(block.translate(_INNER))
    inner.update(data)
    return _sha256(block.translate(_OUTER) + inner.digest()).digest()


class ContentHasher:
    """The same digest, of data that arrives in pieces. One instance belongs to one thread at a time."""

    __slots__ = ("_mac",)

    def __init__(self, key: bytes) -> None:
        self._mac = hmac.new(key, digestmod="sha256")

    def update(self, data: Buffer) -> None:
        self._mac.update(data)

    def digest(self) -> bytes:
        """32 bytes; more data may follow."""
        return self._mac.digest()


# --- passphrases ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Argon2Params:
    """Cost of one guess at a passphrase. Not secret; stored beside the salt and bound as associated data."""

    memory_kib: int
    passes: int
    lanes: int

    def check(self) -> None:
        """Raise KeyFileError unless the cost is between the floor and the caps.

        Below the floor, someone altered the file so that guessing becomes cheap; above the caps, so that
        opening it takes the machine down. To be called on what was read *before* a passphrase is asked for.
        Costs nothing.
        """
        if self.memory_kib < FLOOR.memory_kib or self.passes < FLOOR.passes or self.lanes < FLOOR.lanes:
            raise KeyFileError(
                "The key file asks for weaker protection of the passphrase than MegaDesk allows.",
                remedy=_ALTERED,
            )
        if self.memory_kib > CAPS.memory_kib or self.passes > CAPS.passes or self.lanes > CAPS.lanes:
            raise KeyFileError(
                "The key file asks for more memory or time than MegaDesk allows.",
                remedy=_ALTERED,
            )


FLOOR = Argon2Params(memory_kib=64 * 1024, passes=3, lanes=4)
CAPS = Argon2Params(memory_kib=1024 * 1024, passes=16, lanes=16)
CALIBRATED_MAX_KIB = 256 * 1024
SALT_BYTES = 16


def argon2id(passphrase: str, salt: bytes, params: Argon2Params) -> bytes:
    """32 bytes from a passphrase (see ``passphrase_bytes``) and a random salt of at least 16 bytes.

    Takes about as long as ``params`` was calibrated for, and ``params.memory_kib`` of memory; releases the
    GIL. Raises KeyFileError when the parameters are outside floor and caps or the memory cannot be had,
    PassphraseError when the passphrase is not text that UTF-8 can express.
    """
    params.check()
    return argon2id_unchecked(passphrase, salt, params)


def argon2id_unchecked(passphrase: str, salt: bytes, params: Argon2Params) -> bytes:
    """The same for a caller that has bounds of its own and has checked them (link passwords)."""
    if len(salt) < SALT_BYTES:
        raise ValueError("the salt is too short")
    secret = passphrase_bytes(passphrase)
    try:
        return Argon2id(
            salt=salt,
            length=SECRET_BYTES,
            iterations=params.passes,
            lanes=params.lanes,
            memory_cost=params.memory_kib,
        ).derive(secret)
    except MemoryError:
        pass
    raise KeyFileError(
        f"Checking the passphrase needs {params.memory_kib // 1024} MiB of free memory.",
        remedy="Close other programs and try again.",
    )


def passphrase_bytes(passphrase: str) -> bytes:
    """NFC, then UTF-8: the same passphrase typed on another system gives the same bytes.

    Raises PassphraseError for lone surrogates (an environment variable that is not UTF-8).
    """
    try:
        return unicodedata.normalize("NFC", passphrase).encode()
    except UnicodeEncodeError:
        pass  # that error carries the passphrase itself, so it must not be chained
    raise PassphraseError("The passphrase is not valid text.", remedy="Give it in UTF-8.")


def _measure(params: Argon2Params) -> float:
    started = time.perf_counter()
    argon2id("calibration", bytes(SALT_BYTES), params)
    return time.perf_counter() - started


def calibrate(target_s: float = 1.0, *, measure: Callable[[Argon2Params], float] = _measure) -> Argon2Params:
    """Parameters that take about ``target_s`` seconds on this machine, from the floor to 256 MiB.

    Memory is raised first, as it is what makes guessing hardware dear; passes only where 256 MiB is still quick.
    Takes one evaluation at the floor and scales from it: large memory costs more than in proportion, and a busy
    machine misleads, so the outcome may take half as long again. ``measure`` gives one evaluation's seconds.
    """
    floor_s = max(measure(FLOOR), 1e-6)
    wanted_kib = int(FLOOR.memory_kib * target_s / floor_s)
    memory_kib = min(max(wanted_kib, FLOOR.memory_kib), CALIBRATED_MAX_KIB)
    memory_kib -= memory_kib % 1024
    full_s = floor_s * memory_kib / FLOOR.memory_kib
    passes = int(FLOOR.passes * target_s / full_s)
    return Argon2Params(memory_kib, min(max(passes, FLOOR.passes), CAPS.passes), FLOOR.lanes)
