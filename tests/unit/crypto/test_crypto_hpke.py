"""HPKE: round trips, refusals, and the wire bytes, opened by a second implementation."""

from __future__ import annotations

import hashlib
import hmac
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from megadesk.crypto import hpke
from megadesk.errors import DamagedError, DecodeError

SEED = random.Random(1).randbytes(96)
INFO = b"megadesk/1 epoch"


def hmac384(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha384).digest()


def open_by_the_rfc(seed: bytes, sealed: bytes, info: bytes) -> bytes:
    """RFC 9180 sections 4, 5.1 and 6.1 with the X-Wing KEM, from the words in hpke.py."""
    ml_ct, x_ct, body = sealed[:1088], sealed[1088:1120], sealed[1120:]
    x_key = X25519PrivateKey.from_private_bytes(seed[64:])
    ml_secret = MLKEM768PrivateKey.from_seed_bytes(seed[:64]).decapsulate(ml_ct)
    x_secret = x_key.exchange(X25519PublicKey.from_public_bytes(x_ct))
    x_public = x_key.public_key().public_bytes_raw()
    shared = hashlib.sha3_256(ml_secret + x_secret + x_ct + x_public + bytes.fromhex("5c2e2f2f5e5c")).digest()

    suite = b"HPKE" + bytes.fromhex("647a 0002 0002")

    def labeled_extract(salt: bytes, label: bytes, ikm: bytes) -> bytes:
        return hmac384(salt or bytes(48), b"HPKE-v1" + suite + label + ikm)

    def labeled_expand(prk: bytes, label: bytes, context: bytes, length: int) -> bytes:
        block_info = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context
        return hmac384(prk, block_info + b"\x01")[:length]

    context = b"\0" + labeled_extract(b"", b"psk_id_hash", b"") + labeled_extract(b"", b"info_hash", info)
    secret = labeled_extract(shared, b"secret", b"")
    key = labeled_expand(secret, b"key", context, 32)
    nonce = labeled_expand(secret, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, body, b"")


def test_the_wire_bytes_are_as_documented() -> None:
    key = hpke.HpkeKey(SEED)
    sealed = hpke.seal(key.public, INFO, b"s" * 32)
    assert len(key.public) == hpke.PUBLIC_BYTES == 1216
    assert len(sealed) == 32 + hpke.OVERHEAD_BYTES == 1168
    assert open_by_the_rfc(SEED, sealed, INFO) == b"s" * 32


def test_round_trip_and_fresh_each_time() -> None:
    key = hpke.HpkeKey(SEED)
    first, second = (hpke.seal(key.public, INFO, b"secret") for _ in range(2))
    assert first != second
    assert key.open(first, INFO) == key.open(second, INFO) == b"secret"
    assert hpke.HpkeKey(key.seed()).open(first, INFO) == b"secret"
    assert key.open(hpke.seal(key.public, b"", b""), b"") == b""


def test_whatever_is_changed_the_error_is_the_same() -> None:
    key = hpke.HpkeKey(SEED)
    sealed = hpke.seal(key.public, INFO, bytes(32))
    attempts = [(sealed[:length], INFO) for length in (*range(0, len(sealed), 61), 1119, 1120, 1135, 1136, 1167)]
    attempts += [
        (sealed[:at] + bytes((sealed[at] ^ 1 << at % 8,)) + sealed[at + 1 :], INFO)
        for at in (*range(0, 1088, 37), *range(1088, 1168))
    ]
    attempts += [(sealed + b"\0", INFO), (sealed, b""), (sealed, INFO + b"\0")]
    attempts += [(sealed[:1088] + bytes(32) + sealed[1120:], INFO)]
    seen = set()
    for data, info in attempts:
        with pytest.raises(DamagedError) as caught:
            key.open(data, info)
        assert caught.value.__context__ is None
        seen.add(str(caught.value))
    assert len(seen) == 1
    with pytest.raises(DamagedError):
        hpke.HpkeKey(SEED[:-1] + bytes((SEED[-1] ^ 2,))).open(sealed, INFO)


def test_what_is_no_public_key_is_refused() -> None:
    public = hpke.HpkeKey(SEED).public
    bad = [b"", public[:-1], public + b"\0", b"\xff" * 1184 + public[1184:], public[:1184] + bytes(32)]
    for data in bad:
        with pytest.raises(DecodeError) as caught:
            hpke.seal(data, INFO, b"", object_name="devices/x")
        assert caught.value.object_name == "devices/x"
        assert caught.value.__context__ is None
    for length in (0, 95, 97):
        with pytest.raises(ValueError, match="96 bytes"):
            hpke.HpkeKey(bytes(length))
