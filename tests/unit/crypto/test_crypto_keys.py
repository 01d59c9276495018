"""Keys and signatures."""

from __future__ import annotations

import copy
import itertools
import pickle
import random
import traceback

import pytest

from megadesk.crypto import keys, signing
from megadesk.crypto.hpke import HpkeKey, seal
from megadesk.crypto.kdf import derive
from megadesk.errors import DamagedError

SEED = random.Random(7).randbytes(128)
SECRET = random.Random(8).randbytes(32)


def test_signatures() -> None:
    """RFC 8032 section 7.1, test 2."""
    key = signing.SigningKey(bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
    signature = key.sign(b"", b"\x72")
    assert key.public.hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert signature.hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert signing.is_signed(key.public, signature, b"\x72")
    signing.verify(key.public, signature, memoryview(b"\x72"))
    assert signing.SigningKey(key.seed()).public == key.public


def test_nothing_else_is_signed() -> None:
    key, other = signing.SigningKey(SEED[:32]), signing.SigningKey(SEED[32:64])
    signature = key.sign(b"domain", b"body")
    for at in range(64 * 8):
        changed = bytearray(signature)
        changed[at // 8] ^= 1 << at % 8
        assert not signing.is_signed(key.public, bytes(changed), b"domainbody")
    for public in (other.public, b"", key.public[:31], key.public + b"\0", b"\xff" * 32):
        assert not signing.is_signed(public, signature, b"domainbody")
    for data in (signature[:63], signature + b"\0", b""):
        assert not signing.is_signed(key.public, data, b"domainbody")
    assert not signing.is_signed(key.public, signature, b"domainbod")
    with pytest.raises(DamagedError) as caught:
        signing.verify(key.public, signature, b"domain", b"Body", object_name="log/1")
    assert caught.value.object_name == "log/1"
    with pytest.raises(ValueError, match="32 bytes"):
        signing.SigningKey(bytes(31))


P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def _points(y: int) -> list[tuple[int, int]]:
    """The points of the curve -x2 + y2 = 1 + D x2 y2 at this y."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    root = pow(square, (P + 3) // 8, P)
    candidates = {root * turn % P for turn in (1, pow(2, (P - 1) // 4, P))}
    return [(s * x % P, y) for x in candidates if x * x % P == square for s in (1, -1)]


def _double(point: tuple[int, int]) -> tuple[int, int]:
    x, y = point
    product = D * x * x * y * y % P
    return 2 * x * y * pow(1 + product, -1, P) % P, (y * y + x * x) * pow(1 - product, -1, P) % P


def test_keys_that_vouch_for_anything_are_refused() -> None:
    refused = set()
    for text in signing._SMALL_ORDER:
        y = int.from_bytes(text, "little")
        refused.add(y % P)
        points = _points(y % P)
        assert points
        assert all(_double(_double(_double(point))) == (0, 1) for point in points)
        for sign in (0, 0x80):
            assert not signing.is_public_key(text[:31] + bytes((text[31] | sign,)))
    assert sum(len(set(_points(y))) for y in refused) == 8  # all that there are
    assert all((y + P).bit_length() > 255 or (y + P).to_bytes(32, "little") in signing._SMALL_ORDER for y in refused)
    assert signing.is_public_key(signing.SigningKey(SEED[:32]).public)

    neutral = b"\1" + bytes(31)  # as key and as R, with S = 0, it satisfies the equation for any message
    assert not signing.is_signed(neutral, neutral + bytes(32), b"anything")


def test_locker_key_gives_root_keys() -> None:
    root = keys.LockerKey(SECRET).root_keys()
    assert root.signing.seed() == derive(SECRET, "root signing key")
    assert root.recovery.seed() == derive(SECRET, "recovery hpke key", length=96)
    again = keys.LockerKey(SECRET).root_keys()
    assert (again.signing.public, again.recovery.public) == (root.signing.public, root.recovery.public)
    assert root.recovery.open(seal(root.recovery.public, b"i", b"epoch"), b"i") == b"epoch"
    assert keys.LockerKey.generate() != keys.LockerKey.generate()


def test_device_keys_survive_the_key_file() -> None:
    device = keys.DeviceKeys.generate()
    seeds = device.to_bytes()
    again = keys.DeviceKeys.from_bytes(seeds)
    assert len(seeds) == keys.DEVICE_KEYS_BYTES == 128
    assert (again.signing.public, again.hpke.public) == (device.signing.public, device.hpke.public)
    assert keys.DeviceKeys.from_bytes(SEED).hpke.seed() == HpkeKey(SEED[32:]).seed() == SEED[32:]
    assert keys.DeviceKeys.generate().to_bytes() != seeds
    for length in (0, 127, 129):
        with pytest.raises(ValueError, match="128 bytes"):
            keys.DeviceKeys.from_bytes(bytes(length))


def test_epoch_secret() -> None:
    epoch = keys.EpochSecret(SECRET)
    assert epoch.id == derive(SECRET, "epoch id")[:8]
    assert epoch.object_key("entry", bytes(32)) == derive(SECRET, "object", b"entry", bytes(32))
    assert epoch.content_hash_key() == derive(SECRET, "content hash")
    derived = [
        epoch.object_key("entry", bytes(32)),
        epoch.object_key("device", bytes(32)),
        epoch.object_key("entry", bytes(31) + b"\1"),
        epoch.content_hash_key(),
        keys.EpochSecret.generate().object_key("entry", bytes(32)),
    ]
    assert len(set(derived)) == len(derived)


def test_secrets_compare_by_class_and_bytes() -> None:
    assert keys.EpochSecret(SECRET) == keys.EpochSecret(SECRET)
    assert keys.EpochSecret(SECRET) != keys.EpochSecret(bytes(32))
    assert keys.EpochSecret(SECRET) != keys.LockerKey(SECRET)
    assert keys.EpochSecret(SECRET).to_bytes() == SECRET
    with pytest.raises(TypeError):
        hash(keys.LockerKey(SECRET))
    with pytest.raises(ValueError, match="LockerKey takes 32 bytes"):
        keys.LockerKey(bytes(31))


def test_no_secret_is_shown() -> None:
    holders = [
        keys.LockerKey(SEED[:32]),
        keys.LockerKey(SEED[:32]).root_keys(),
        keys.DeviceKeys.from_bytes(SEED),
        keys.EpochSecret(SEED[:32]),
        signing.SigningKey(SEED[:32]),
        HpkeKey(SEED[32:]),
    ]
    for holder in holders:
        try:
            raise RuntimeError(holder)
        except RuntimeError as error:
            text = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
        shown = f"{holder!r} {holder} {[holder]}" + repr(holder)
        assert "redacted" in shown
        for at in range(0, 120, 8):
            piece = SEED[at : at + 8]
            assert piece.hex() not in shown.lower()
            assert repr(piece)[2:-1] not in shown
        assert "redacted" in text
        for way in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError):
                way(holder)


def test_slice_keys_differ_even_where_the_generator_repeats_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len({keys.fresh_slice_key(bytes(32)) for _ in range(100)}) == 100
    monkeypatch.setattr(keys, "_urandom", bytes)
    made = {keys.fresh_slice_key(number.to_bytes(32, "big")) for number in range(100)}
    assert len(made) == 100
    assert all(len(a) == 32 and a != b for a, b in itertools.combinations(made, 2))
