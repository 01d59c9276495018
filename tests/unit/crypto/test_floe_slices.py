"""Slices: FLOE messages stored without their constant bytes."""

from __future__ import annotations

import itertools
import os
import random
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from megadesk.crypto import aead
from megadesk.errors import DamagedError

KEY = bytes(range(32))
AAD = b"megadesk/1\x05"
STEP = aead.SLICE_SEGMENT_PLAIN
SIZES = [0, 1, 4096, STEP - 1, STEP, STEP + 1, 2 * STEP, 2 * STEP + 500]


def plain_of(size_bytes: int) -> bytes:
    return random.Random(size_bytes).randbytes(size_bytes)


def sealed(plaintext: bytes, key: bytes = KEY, aad: bytes = AAD) -> bytes:
    out = bytearray(aead.slice_stored_size(len(plaintext)))
    assert aead.seal_slice_into(key, aad, plaintext, memoryview(out)) == len(out)
    return bytes(out)


def restored(stored: bytes, size_bytes: int) -> bytes:
    """The standard FLOE message: parameters and length fields put back."""
    message = bytearray(bytes.fromhex("0000 00040000 00000020") + stored[:64])
    rest = stored[64:]
    pieces = [rest[at : at + STEP + 28] for at in range(0, len(rest), STEP + 28)]
    for piece in pieces[:-1]:
        message += b"\xff\xff\xff\xff" + piece
    message += (len(pieces[-1]) + 4).to_bytes(4, "big") + pieces[-1]
    assert len(message) == aead.sealed_size(size_bytes, aead.SLICE_SEGMENT)
    return bytes(message)


@pytest.mark.parametrize("size_bytes", SIZES)
def test_what_was_stripped_put_back_is_a_standard_message(size_bytes: int) -> None:
    plaintext = plain_of(size_bytes)
    message = restored(sealed(plaintext), size_bytes)
    assert aead.open_sealed(KEY, AAD, message, segment_bytes=aead.SLICE_SEGMENT) == plaintext


@pytest.mark.parametrize("size_bytes", SIZES)
def test_a_standard_message_stripped_is_a_slice(size_bytes: int) -> None:
    plaintext = plain_of(size_bytes)
    message = aead.seal(KEY, AAD, plaintext, segment_bytes=aead.SLICE_SEGMENT)
    body = message[74:]
    segments = [body[at + 4 : at + aead.SLICE_SEGMENT] for at in range(0, len(body), aead.SLICE_SEGMENT)]
    assert aead.open_slice(KEY, AAD, message[10:74] + b"".join(segments), size_bytes) == plaintext


def test_sizes_are_the_format_s() -> None:
    assert aead.SLICE_BYTES == 32 * 262112 == 8_387_584
    assert aead.slice_stored_size(0) == 64 + 28
    assert aead.slice_stored_size(1) == 64 + 1 + 28
    assert aead.slice_stored_size(STEP + 1) == 64 + STEP + 1 + 56
    assert 2 * aead.slice_stored_size(aead.SLICE_BYTES) == 16 * 1024 * 1024 - 128
    for size_bytes in (-1, aead.SLICE_BYTES + 1, 1 << 60):
        with pytest.raises(ValueError, match="slice size"):
            aead.slice_stored_size(size_bytes)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, aead.SLICE_BYTES))
def test_spans_cover_the_slice(size_bytes: int) -> None:
    offset, plain = 64, 0
    count = aead.slice_segment_count(size_bytes)
    for position in range(count):
        at, length = aead.slice_segment_span(position, size_bytes)
        assert at == offset
        assert 28 <= length <= STEP + 28
        offset, plain = offset + length, plain + length - 28
    assert (offset, plain) == (aead.slice_stored_size(size_bytes), size_bytes)
    for position in (-1, count):
        with pytest.raises(ValueError, match="no such segment"):
            aead.slice_segment_span(position, size_bytes)


@settings(deadline=None, max_examples=40)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=60), st.integers(0, 3 * STEP))
def test_round_trip(key: bytes, aad: bytes, size_bytes: int) -> None:
    plaintext = plain_of(size_bytes)
    assert aead.open_slice(key, aad, sealed(plaintext, key, aad), size_bytes) == plaintext


def test_a_full_slice_by_segments_in_any_order_on_threads() -> None:
    plaintext = memoryview(plain_of(aead.SLICE_BYTES))
    out = memoryview(bytearray(aead.slice_stored_size(aead.SLICE_BYTES)))
    sealer = aead.SliceSealer(KEY, AAD, aead.SLICE_BYTES)
    out[:64] = sealer.header

    def work(positions: list[int]) -> None:
        for position in positions:
            at, length = aead.slice_segment_span(position, aead.SLICE_BYTES)
            piece = plaintext[position * STEP : (position + 1) * STEP]
            assert sealer.seal_segment_into(position, piece, out[at:]) == length

    order = random.Random(2).sample(range(32), 32)
    threads = [threading.Thread(target=work, args=(order[i::4],)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert aead.open_slice(KEY, AAD, out, aead.SLICE_BYTES) == plaintext

    opener = aead.SliceOpener(KEY, AAD, out[:64], aead.SLICE_BYTES)
    buffer = memoryview(bytearray(STEP))
    for position in (31, 0, 17, 17):
        at, length = aead.slice_segment_span(position, aead.SLICE_BYTES)
        assert opener.open_segment_into(position, out[at : at + length], buffer) == STEP
        assert buffer == plaintext[position * STEP : (position + 1) * STEP]


def test_every_bit_of_a_small_slice_counts() -> None:
    stored = sealed(bytes(40))
    for at in range(len(stored) * 8):
        changed = bytearray(stored)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(DamagedError):
            aead.open_slice(KEY, AAD, changed, 40)


def test_any_other_length_is_refused() -> None:
    stored = sealed(bytes(40))
    for length in range(len(stored)):
        with pytest.raises(DamagedError):
            aead.open_slice(KEY, AAD, stored[:length], 40)
        if length >= 92:  # a smaller size claimed along with it
            with pytest.raises(DamagedError):
                aead.open_slice(KEY, AAD, stored[:length], length - 92)
    for more in (1, 28, 64, STEP):
        with pytest.raises(DamagedError):
            aead.open_slice(KEY, AAD, stored + bytes(more), 40)
        with pytest.raises(DamagedError):
            aead.open_slice(KEY, AAD, stored + bytes(more), 40 + more)
    for size_bytes in (-1, 39, 41, aead.SLICE_BYTES, aead.SLICE_BYTES + 1, 1 << 70):
        with pytest.raises(DamagedError):
            aead.open_slice(KEY, AAD, stored, size_bytes)


def test_an_opener_of_an_impossible_size_or_header_is_refused() -> None:
    header = sealed(bytes(40))[:64]
    for size_bytes in (-1, aead.SLICE_BYTES + 1, 1 << 70):
        with pytest.raises(DamagedError):
            aead.SliceOpener(KEY, AAD, header, size_bytes)
    for data in (b"", header[:63], header + b"\0", header[1:]):
        with pytest.raises(DamagedError):
            aead.SliceOpener(KEY, AAD, data, 40)


def test_a_slice_cut_at_a_segment_s_end_is_refused() -> None:
    stored = sealed(plain_of(2 * STEP))
    with pytest.raises(DamagedError):
        aead.open_slice(KEY, AAD, stored[: 64 + STEP + 28], STEP)


def test_segments_in_any_other_order_are_refused() -> None:
    plaintext = plain_of(3 * STEP)
    stored = sealed(plaintext)
    parts = [stored[64 + i * (STEP + 28) : 64 + (i + 1) * (STEP + 28)] for i in range(3)]
    out = memoryview(bytearray(3 * STEP))
    for order in itertools.product(range(3), repeat=3):
        mixed = stored[:64] + b"".join(parts[i] for i in order)
        if order == (0, 1, 2):
            assert aead.open_slice_into(KEY, AAD, mixed, 3 * STEP, out) == 3 * STEP
            assert out == plaintext
            continue
        with pytest.raises(DamagedError):
            aead.open_slice_into(KEY, AAD, mixed, 3 * STEP, out)


def test_unchecked_plaintext_is_wiped() -> None:
    stored = bytearray(sealed(b"secret" * 100))
    stored[-1] ^= 1
    out = memoryview(bytearray(b"\x55" * 700))
    opener = aead.SliceOpener(KEY, AAD, stored[:64], 600)
    with pytest.raises(DamagedError):
        opener.open_segment_into(0, memoryview(stored)[64:], out)
    assert out[:600] == bytes(600)
    assert out[600:] == b"\x55" * 100


def test_one_error_for_every_cause() -> None:
    stored = sealed(bytes(40))
    attempts = [(KEY, AAD, stored[:length], 40) for length in range(len(stored))]
    attempts += [(KEY, AAD, stored[:i] + bytes((stored[i] ^ 1,)) + stored[i + 1 :], 40) for i in range(132)]
    attempts += [(bytes(32), AAD, stored, 40), (KEY, b"", stored, 40), (KEY, AAD, stored, 1 << 40)]
    seen = set()
    for key, aad, data, size_bytes in attempts:
        with pytest.raises(DamagedError) as caught:
            aead.open_slice(key, aad, data, size_bytes, object_name="packs/00/00")
        assert caught.value.__context__ is None
        seen.add((str(caught.value), caught.value.object_name))
    assert len(seen) == 1


def test_misuse_is_told_from_damage() -> None:
    sealer = aead.SliceSealer(KEY, AAD, 100)
    out = memoryview(bytearray(200))
    plain = memoryview(bytes(100))
    for piece, buffer in ((plain[:99], out), (memoryview(bytes(101)), out), (plain, out[:127])):
        with pytest.raises(ValueError, match="wrong length"):
            sealer.seal_segment_into(0, piece, buffer)
    with pytest.raises(ValueError, match="no such segment"):
        sealer.seal_segment_into(1, plain, out)
    assert sealer.seal_segment_into(0, plain, out) == 128
    with pytest.raises(ValueError, match="twice"):
        sealer.seal_segment_into(0, plain, out)
    with pytest.raises(ValueError, match="too short"):
        aead.seal_slice_into(KEY, AAD, plain, out[:191])
    with pytest.raises(ValueError, match="too short"):
        aead.open_slice_into(KEY, AAD, sealed(bytes(100)), 100, out[:99])
    opener = aead.SliceOpener(KEY, AAD, sealed(bytes(100))[:64], 100)
    with pytest.raises(ValueError, match="too short"):
        opener.open_segment_into(0, out, out[:99])
    assert KEY.hex() not in repr(opener) + repr(sealer)


def test_a_stored_slice_holds_nothing_but_random_bytes() -> None:
    """No byte has the same value in every slice of one plaintext, key and size: no border can be seen."""
    slices = [sealed(bytes(300)) for _ in range(60)]
    assert all(len(set(column)) > 10 for column in zip(*slices, strict=True))


def test_what_is_drawn_is_used_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[bytes] = []

    def draw(length: int) -> bytes:
        drawn.append(os.urandom(length))
        return drawn[-1]

    monkeypatch.setattr(aead, "_urandom", draw)
    stored = sealed(bytes(STEP + 1))
    assert [len(piece) for piece in drawn] == [32, 12, 12]
    at, _ = aead.slice_segment_span(1, STEP + 1)
    assert (stored[:32], stored[64:76], stored[at : at + 12]) == tuple(drawn)
