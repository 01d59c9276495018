"""Attack 17: one ciphertext that opens under two keys, as two contents (the invisible salamander of GCM).

AES-GCM does not commit to its key: the tests make segments whose tag holds under two keys at once. FLOE's header does:
a slice or a message opens under one key only, even when whoever made it chose all keys.
"""

from __future__ import annotations

import hmac
import os

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from megadesk.crypto import aead
from megadesk.errors import DamagedError
from megadesk.format import names
from megadesk.format.envelope import ObjectType, object_aad, slice_aad
from megadesk.format.ops import Create, FileContent, SliceRef
from megadesk.types import ROOT, NodeId, NodeKind, PackId
from tests.attack.forger import Forger
from tests.attack.world import Bench, fetch

_POLYNOMIAL = 0xE1 << 120


def _multiply(x: int, y: int) -> int:
    """In GF(2^128) as GCM has it (NIST SP 800-38D, section 6.3)."""
    product = 0
    for bit in range(127, -1, -1):
        if x >> bit & 1:
            product ^= y
        y = y >> 1 ^ (_POLYNOMIAL if y & 1 else 0)
    return product


def _power(x: int, exponent: int) -> int:
    result = 1 << 127
    while exponent:
        if exponent & 1:
            result = _multiply(result, x)
        x = _multiply(x, x)
        exponent >>= 1
    return result


def _block(key: bytes, block: bytes) -> bytes:
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return encryptor.update(block) + encryptor.finalize()


def collide(first: bytes, second: bytes, nonce: bytes, bounds: tuple[bytes, bytes], blocks: int) -> bytes:
    """Ciphertext and tag that AES-GCM opens under both keys with this nonce, each with its associated data."""
    cipher_blocks = [int.from_bytes(os.urandom(16), "big") for _ in range(blocks)]
    hashes, masks = [], []
    for key in (first, second):
        hashes.append(int.from_bytes(_block(key, bytes(16)), "big"))
        masks.append(int.from_bytes(_block(key, nonce + b"\0\0\0\1"), "big"))
    # The tag is E(nonce) + sum of blocks times powers of H: make the two tags equal by the choice of one block.
    difference = masks[0] ^ masks[1]
    lengths = [
        int.from_bytes((len(bound) * 8).to_bytes(8, "big") + (blocks * 128).to_bytes(8, "big"), "big")
        for bound in bounds
    ]
    for h, bound, length in zip(hashes, bounds, lengths, strict=True):
        padded = bound.ljust(-(-len(bound) // 16) * 16, b"\0")
        parts = [int.from_bytes(padded[i : i + 16], "big") for i in range(0, len(padded), 16)]
        parts += [block if place else 0 for place, block in enumerate(cipher_blocks)]
        total = 0
        for part in [*parts, length]:
            total = _multiply(total ^ part, h)
        difference ^= total
    factor = _power(hashes[0], blocks + 1) ^ _power(hashes[1], blocks + 1)
    cipher_blocks[0] = _multiply(difference, _power(factor, 2**128 - 2))
    text = b"".join(block.to_bytes(16, "big") for block in cipher_blocks)
    h, total = hashes[0], 0
    padded = bounds[0].ljust(-(-len(bounds[0]) // 16) * 16, b"\0")
    for start in range(0, len(padded + text), 16):
        total = _multiply(total ^ int.from_bytes((padded + text)[start : start + 16], "big"), h)
    total = _multiply(total ^ lengths[0], h) ^ masks[0]
    return text + total.to_bytes(16, "big")


def test_the_collision_is_real() -> None:
    """Plain AES-GCM opens it under both keys: the attack that the next tests try is no straw man."""
    first, second, nonce = os.urandom(32), os.urandom(32), os.urandom(12)
    sealed = collide(first, second, nonce, (b"bound", b"bound"), 5)
    plains = {AESGCM(key).decrypt(nonce, sealed, b"bound") for key in (first, second)}
    assert len(plains) == 2


def colliding_slice(locker_id: bytes, size: int, header_of: int) -> tuple[bytes, list[bytes], list[bytes]]:
    """A stored slice of one segment that holds under two keys but for its header; both keys; the plaintexts."""
    keys = [os.urandom(32), os.urandom(32)]
    iv, nonce = os.urandom(32), os.urandom(12)
    prefix = aead._SLICE_PARAMETERS + iv
    aad = slice_aad(locker_id, 0)  # type: ignore[arg-type]
    deks = []
    for key in keys:
        message = hmac.digest(key, b"%bMESSAGE_KEY:%b\x01" % (prefix, aad), "sha384")
        deks.append(hmac.digest(message, b"%bDEK:%b%b\x01" % (prefix, bytes(8), aad), "sha384")[:32])
    bound = bytes(8) + b"\x01"
    sealed = collide(deks[0], deks[1], nonce, (bound, bound), size // 16)
    plains = [AESGCM(dek).decrypt(nonce, sealed, bound) for dek in deks]
    tag = hmac.digest(keys[header_of], b"%bHEADER_TAG:%b\x01" % (prefix, aad), "sha384")[:32]
    return iv + tag + nonce + sealed, keys, plains


@pytest.mark.parametrize("header_of", [0, 1])
def test_one_stored_slice_as_two_files(bench: Bench, header_of: int) -> None:
    """A device of the locker itself makes one slice and two files of it with a key each: one of them is refused."""
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        stored, keys, plains = colliding_slice(locker.locker_id, 160, header_of)
        pack = PackId(os.urandom(16))
        store.objects[names.pack(pack)] = stored.ljust(256, b"\0")
        locker._history.append(
            [
                Create(
                    NodeId(bytes((64 + number,)) * 16),
                    ROOT,
                    b"face-%d" % number,
                    NodeKind.FILE,
                    0o644,
                    0,
                    FileContent(160, (SliceRef(pack, 0, key, os.urandom(32)),)),
                )
                for number, key in enumerate(keys)
            ]
        )
        got, refused = fetch(locker, bench.fresh_folder("got"))
        assert got[f"face-{header_of}"] == plains[header_of]
        assert f"face-{1 - header_of}" not in got
        assert set(refused) == {f"face-{1 - header_of}"}
        for number, key in enumerate(keys):
            aad = slice_aad(locker.locker_id, 0)
            if number == header_of:
                assert aead.open_slice(key, aad, stored, 160) == plains[number]
            else:
                with pytest.raises(DamagedError):
                    aead.open_slice(key, aad, stored, 160)


def test_no_object_opens_under_two_epochs(bench: Bench) -> None:
    """Every object of the locker under the keys of another epoch, another type, another locker: refused."""
    forger = Forger(bench.world)
    from megadesk.crypto.keys import EpochSecret

    other = EpochSecret.generate()
    kinds = {"devices": ObjectType.DEVICE, "log": ObjectType.ENTRY, "checkpoints": ObjectType.CHECKPOINT}
    for name, data in bench.world.end.objects.items():
        kind = kinds.get(name.split("/")[0])
        if kind is None:
            continue
        assert forger.open(kind, name, data)
        aad = object_aad(kind, forger.locker_id, name, forger.epoch.id)
        for key in (
            other.object_key(name.split("/")[0], forger.locker_id),
            forger.epoch.object_key("link", forger.locker_id),
            forger.epoch.object_key({"devices": "device", "log": "entry"}.get(name.split("/")[0], "x"), bytes(32)),  # type: ignore[arg-type]
        ):
            with pytest.raises(DamagedError):
                aead.open_sealed(key, aad, data[12:])
