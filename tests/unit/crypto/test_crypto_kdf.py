"""Derivation, digests, passphrases."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

import pytest
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import given, settings
from hypothesis import strategies as st

from megadesk.crypto import kdf
from megadesk.errors import KeyFileError, PassphraseError

MIB = 1024


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=64), st.binary(max_size=100), st.integers(1, 500))
def test_expand_is_hkdf(secret: bytes, info: bytes, length: int) -> None:
    assert kdf.expand(secret, info, length) == HKDFExpand(SHA384(), length, info).derive(secret)


def test_expand_has_limits() -> None:
    assert len(kdf.expand(bytes(32), b"", 12240)) == 12240
    for length in (0, -1, 12241):
        with pytest.raises(ValueError, match="length"):
            kdf.expand(bytes(32), b"", length)


def test_derive_encodes_as_the_format_says() -> None:
    info = b"megadesk/1" + b"\0\x06object" + b"\0\x05entry" + b"\0\x20" + bytes(32)
    expected = HKDFExpand(SHA384(), 32, info).derive(bytes(range(32)))
    assert kdf.derive(bytes(range(32)), "object", b"entry", bytes(32)) == expected


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_derive_separates_contexts(first: list[bytes], second: list[bytes]) -> None:
    same = kdf.derive(bytes(32), "label", *first) == kdf.derive(bytes(32), "label", *second)
    assert same == (first == second)


def test_derive_refuses_what_it_cannot_encode() -> None:
    with pytest.raises(ValueError, match="too short"):
        kdf.derive(bytes(31), "label")
    with pytest.raises(ValueError, match="context"):
        kdf.derive(bytes(32), "label", bytes(65536))


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_content_digest(pieces: list[bytes]) -> None:
    key = bytes(range(32))
    hasher = kdf.ContentHasher(key)
    for piece in pieces:
        hasher.update(memoryview(piece))
    whole = b"".join(pieces)
    expected = hmac.new(key, whole, hashlib.sha256).digest()
    assert hasher.digest() == expected
    assert kdf.digest_once(key, memoryview(whole)) == kdf.digest_once(key, bytearray(whole)) == expected


@settings(deadline=None)
@given(st.binary(max_size=129), st.binary(max_size=400))
def test_the_mac_of_short_texts_is_hmac_sha_384(key: bytes, text: bytes) -> None:
    if len(key) > 128:
        with pytest.raises(ValueError, match="key"):
            kdf.ShortMac(key)
        return
    mac = kdf.ShortMac(key)
    for _ in range(2):
        assert mac.digest(text) == hmac.digest(key, text, "sha384")


@pytest.mark.parametrize("size", [0, 2047, 2048, (64 << 10) - 1, 64 << 10, (64 << 10) + 1, 1 << 20])
@pytest.mark.parametrize("key_size", [0, 32, 64, 65])
def test_content_digest_of_every_size_is_hmac_sha_256(size: int, key_size: int) -> None:
    key, data = bytes(range(key_size)), bytes(size)
    assert kdf.digest_once(key, memoryview(data)) == hmac.digest(key, data, "sha256")


# --- passphrases
# -------------------------------------------------------------------------------------------------


def test_the_argon2id_used_is_rfc_9106_s() -> None:
    """RFC 9106 section 5.3. Its memory is far below our floor, so it goes to the library directly."""
    library = kdf.Argon2id(
        salt=b"\x02" * 16,
        length=32,
        iterations=3,
        lanes=4,
        memory_cost=32,
        secret=b"\x03" * 8,
        ad=b"\x04" * 12,
    )
    expected = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
    assert library.derive(b"\x01" * 32).hex() == expected


def test_argon2id_gives_the_library_all_parameters() -> None:
    salt, params = b"0123456789abcdef", kdf.Argon2Params(64 * MIB, 4, 5)
    library = kdf.Argon2id(salt=salt, length=32, iterations=4, lanes=5, memory_cost=64 * MIB)
    assert kdf.argon2id("passphrase", salt, params) == library.derive(b"passphrase")


def test_argon2id_stays_what_it_was() -> None:
    """Made by this program: no known answer from elsewhere, but no key file must stop opening."""
    key = kdf.argon2id("passphrase", b"0123456789abcdef", kdf.FLOOR)
    assert key.hex() == "b9a461ff4f5c6e7e47ef9d52360d51fee2b7fd5a66cc012958bffcd1c8c20a1b"
    assert key != kdf.argon2id("passphrase", b"0123456789abcdeg", kdf.FLOOR)


def test_a_passphrase_is_the_same_however_it_was_typed() -> None:
    composed = "Stra\u00dfe \u00e9\u00fc \u212b"
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    assert kdf.passphrase_bytes(composed) == kdf.passphrase_bytes(decomposed)
    assert kdf.passphrase_bytes("a") != kdf.passphrase_bytes("A")
    assert kdf.passphrase_bytes("a ") != kdf.passphrase_bytes("a")


def test_a_passphrase_that_is_not_text_is_not_shown() -> None:
    with pytest.raises(PassphraseError) as caught:
        kdf.argon2id("hunter2\udcff", bytes(16), kdf.FLOOR)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("memory_kib", "passes", "lanes"),
    [
        (8, 3, 4),
        (64 * MIB - 1, 3, 4),
        (64 * MIB, 2, 4),
        (64 * MIB, 3, 3),
        (0, 0, 0),
        (-1, 3, 4),
        (1024 * MIB + 1, 3, 4),
        (4 * 1024 * 1024 * MIB, 3, 4),
        (64 * MIB, 17, 4),
        (64 * MIB, 3, 17),
    ],
)
def test_unsafe_parameters_are_refused_before_any_work(memory_kib: int, passes: int, lanes: int) -> None:
    params = kdf.Argon2Params(memory_kib, passes, lanes)
    with pytest.raises(KeyFileError):
        params.check()
    with pytest.raises(KeyFileError):
        kdf.argon2id("x", bytes(16), params)


def test_floor_and_caps_are_allowed() -> None:
    assert kdf.Argon2Params(64 * MIB, 3, 4) == kdf.FLOOR
    kdf.FLOOR.check()
    kdf.CAPS.check()
    with pytest.raises(ValueError, match="salt"):
        kdf.argon2id("x", bytes(15), kdf.FLOOR)


def test_too_little_memory_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(**_: object) -> object:
        raise MemoryError

    monkeypatch.setattr(kdf, "Argon2id", none_left)
    with pytest.raises(KeyFileError, match="64 MiB"):
        kdf.argon2id("x", bytes(16), kdf.FLOOR)


@pytest.mark.parametrize(
    ("floor_s", "expected"),
    [
        (0.0, (256 * MIB, 16)),
        (0.01, (256 * MIB, 16)),
        (0.1, (256 * MIB, 7)),
        (0.2, (256 * MIB, 3)),
        (0.25, (256 * MIB, 3)),
        (0.5, (128 * MIB, 3)),
        (1.0, (64 * MIB, 3)),
        (30.0, (64 * MIB, 3)),
    ],
)
def test_calibration(floor_s: float, expected: tuple[int, int]) -> None:
    params = kdf.calibrate(1.0, measure=lambda _: floor_s)
    params.check()
    assert (params.memory_kib, params.passes, params.lanes) == (*expected, 4)


def test_calibration_measures_this_machine() -> None:
    params = kdf.calibrate(0.01)
    assert params == kdf.FLOOR
