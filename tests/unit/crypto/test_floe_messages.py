"""FLOE messages: sizes, round trips, and that nothing but the message itself opens."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from megadesk.crypto import aead
from megadesk.errors import DamagedError

KEY = bytes(range(32))
AAD = b"aad"
PARAMETERS = st.sampled_from([(64, 2), (64, 0), (64, 20), (4096, 20), (4096, 2)])


def open_64(message: bytes, *, key: bytes = KEY, aad: bytes = AAD) -> bytes:
    return aead.open_sealed(key, aad, message, segment_bytes=64, rotation_bits=2)


def seal_64(plaintext: bytes, *, key: bytes = KEY, aad: bytes = AAD) -> bytes:
    return aead.seal(key, aad, plaintext, segment_bytes=64, rotation_bits=2)


@settings(deadline=None, max_examples=150)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 9000), PARAMETERS)
def test_round_trip(key: bytes, aad: bytes, length: int, parameters: tuple[int, int]) -> None:
    segment_bytes, rotation_bits = parameters
    plaintext = (key * (length // 32 + 1))[:length]
    message = aead.seal(key, aad, plaintext, segment_bytes=segment_bytes, rotation_bits=rotation_bits)
    assert len(message) == aead.sealed_size(length, segment_bytes)
    assert aead.opened_size(len(message), segment_bytes) == length
    opened = aead.open_sealed(key, aad, message, segment_bytes=segment_bytes, rotation_bits=rotation_bits)
    assert opened == plaintext


def test_any_buffer_will_do() -> None:
    message = aead.seal(KEY, AAD, memoryview(bytearray(5000)))
    assert aead.open_sealed(KEY, AAD, bytearray(message)) == bytes(5000)
    assert aead.open_sealed(KEY, AAD, memoryview(b"xx" + message)[2:]) == bytes(5000)


def test_rotation_matters_from_its_segment_on() -> None:
    message = seal_64(bytes(32 * 6))
    assert aead.open_sealed(KEY, AAD, message[:-64] + message[-64:], segment_bytes=64, rotation_bits=2)
    with pytest.raises(DamagedError):
        aead.open_sealed(KEY, AAD, message, segment_bytes=64)
    short = seal_64(bytes(32 * 4))
    assert aead.open_sealed(KEY, AAD, short, segment_bytes=64) == bytes(128)


@settings(deadline=None, max_examples=300)
@given(st.integers(0, 40_000), st.sampled_from([64, 4096, 262144]))
def test_sizes_that_messages_have_and_no_others(message_bytes: int, segment_bytes: int) -> None:
    try:
        plain = aead.opened_size(message_bytes, segment_bytes)
    except DamagedError:
        last = (message_bytes - 74) % segment_bytes
        assert message_bytes < 74 + 32 or last < 32
        return
    assert plain >= 0
    count = -(-(message_bytes - 74) // segment_bytes)
    assert plain == message_bytes - 74 - 32 * count
    if plain % (segment_bytes - 32) or plain == 0 or (message_bytes - 74) % segment_bytes != 32:
        assert aead.sealed_size(plain, segment_bytes) == message_bytes


def test_a_size_beyond_the_specification_is_refused_at_once() -> None:
    with pytest.raises(DamagedError):
        aead.opened_size(74 + 64 * (aead.MAX_SEGMENTS + 1), 64)
    with pytest.raises(ValueError, match="too large"):
        aead.sealed_size(32 * aead.MAX_SEGMENTS + 1, 64)
    for size in (-1, 0, 73, 74, 105):
        with pytest.raises(DamagedError):
            aead.opened_size(size, 64)
    with pytest.raises(ValueError, match="negative"):
        aead.sealed_size(-1)


def test_misuse_is_told_from_damage() -> None:
    for key in (b"", bytes(31), bytes(33)):
        with pytest.raises(ValueError, match="32 bytes"):
            aead.seal(key, AAD, b"")
        with pytest.raises(ValueError, match="32 bytes"):
            aead.open_sealed(key, AAD, bytes(200))
    for segment_bytes in (32, 0xFFFFFFFF):
        with pytest.raises(ValueError, match="segment length"):
            aead.seal(KEY, AAD, b"", segment_bytes=segment_bytes)


# --- attacks: flips, cuts, order, other keys, oracles
# ------------------------------------------------------------


def test_every_bit_counts() -> None:
    message = seal_64(bytes(100))
    for at in range(len(message) * 8):
        changed = bytearray(message)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(DamagedError):
            open_64(bytes(changed))


def test_every_byte_value_of_header_counts() -> None:
    message = seal_64(b"")
    for at, value in itertools.product(range(0, len(message), 3), range(0, 256, 5)):
        if message[at] != value:
            with pytest.raises(DamagedError):
                open_64(message[:at] + bytes((value,)) + message[at + 1 :])


@pytest.mark.parametrize("plain_bytes", [0, 1, 32, 64, 100])
def test_every_length_counts(plain_bytes: int) -> None:
    message = seal_64(bytes(plain_bytes))
    for length in range(len(message)):
        with pytest.raises(DamagedError):
            open_64(message[:length])
        # The length field of the last segment made to fit, so that only the tag is left to refuse.
        last = (length - 74) % 64 or 64
        start = length - last
        if start >= 74 and last >= 32:
            with pytest.raises(DamagedError):
                open_64(message[:start] + last.to_bytes(4, "big") + message[start + 4 : length])
    for more in range(1, 130):
        with pytest.raises(DamagedError):
            open_64(message + bytes(more))


def test_segments_in_any_other_order_are_refused() -> None:
    message = seal_64(bytes(32 * 4 + 20))
    header = message[:74]
    segments = [message[at : at + 64] for at in range(74, len(message), 64)]
    assert len(segments) == 5
    right = tuple(range(5))
    for length in range(1, 7):
        for order in itertools.product(range(5), repeat=length) if length < 4 else ():
            with pytest.raises(DamagedError):
                open_64(header + b"".join(segments[i] for i in order))
    for order in itertools.permutations(range(5)):
        shuffled = header + b"".join(segments[i] for i in order)
        if order == right:
            assert open_64(shuffled) == bytes(148)
            continue
        with pytest.raises(DamagedError):
            open_64(shuffled)
    for i, j in itertools.product(range(5), repeat=2):  # one left out or one doubled
        for changed in ([*segments[:i], *segments[i + 1 :]], [*segments[:i], segments[j], *segments[i:]]):
            with pytest.raises(DamagedError):
                open_64(header + b"".join(changed))


def test_segments_of_two_messages_do_not_mix() -> None:
    """Two versions of one object: same key, same associated data."""
    first, second = seal_64(b"a" * 100), seal_64(b"b" * 100)
    cuts = [0, 74, 138, 202, 266, len(first)]
    parts = [[m[a:b] for a, b in itertools.pairwise(cuts)] for m in (first, second)]
    for choice in itertools.product((0, 1), repeat=5):
        mixed = b"".join(parts[which][i] for i, which in enumerate(choice))
        if len(set(choice)) == 1:
            assert open_64(mixed) == (b"a", b"b")[choice[0]] * 100
            continue
        with pytest.raises(DamagedError):
            open_64(mixed)


def test_a_message_of_another_segment_length_is_refused() -> None:
    """One key and one segment: all but the parameters agree, and the header's tag is good for its own."""
    for made, asked in ((64, 4096), (4096, 64), (4096, 262144)):
        message = aead.seal(KEY, AAD, b"text", segment_bytes=made)
        with pytest.raises(DamagedError):
            aead.open_sealed(KEY, AAD, message, segment_bytes=asked)


def test_the_header_commits_to_key_and_aad(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused before GCM, which commits to nothing, is asked: a ciphertext good under two GCM keys does not
    help.
    """
    message = seal_64(b"text")

    def never(*_: object) -> object:
        raise AssertionError("GCM was reached")

    monkeypatch.setattr(aead, "AESGCM", never)
    for at in range(256):
        other = bytearray(KEY)
        other[at // 8] ^= 1 << at % 8
        with pytest.raises(DamagedError):
            open_64(message, key=bytes(other))
    for aad in (b"", b"aa", b"aae", b"aad\0", b"\0aad"):
        with pytest.raises(DamagedError):
            open_64(message, aad=aad)


def test_one_error_for_every_cause() -> None:
    message = seal_64(bytes(100))
    attempts = [(KEY, AAD, message[:length]) for length in range(len(message))]
    attempts += [(KEY, AAD, message[:at] + bytes((message[at] ^ 1,)) + message[at + 1 :]) for at in range(300)]
    attempts += [(bytes(32), AAD, message), (KEY, b"", message), (KEY, AAD, message + message)]
    seen = set()
    for key, aad, data in attempts:
        with pytest.raises(DamagedError) as caught:
            aead.open_sealed(key, aad, data, segment_bytes=64, rotation_bits=2, object_name="log/1")
        error = caught.value
        assert error.__cause__ is None
        assert error.__context__ is None
        lines = tuple(entry.lineno for entry in caught.traceback[1:])
        seen.add((str(error), error.explanation, error.object_name, type(error), lines))
    assert len(seen) == 1


# --- randomness
# --------------------------------------------------------------------------------------------------


class Recorder:
    """Stands in for AESGCM and keeps every (key, IV) that something is encrypted under, with what it was."""

    seen: dict[tuple[bytes, bytes], set[bytes]]

    def __init__(self, key: bytes) -> None:
        self._key, self._real = key, self.real(key)

    def encrypt(self, nonce: bytes, data: bytes, aad: bytes) -> bytes:
        self.seen.setdefault((self._key, bytes(nonce)), set()).add(bytes(data) + aad)
        return self._real.encrypt(nonce, data, aad)

    def encrypt_into(self, nonce: bytes, data: bytes, aad: bytes, out: memoryview) -> int:
        self.seen.setdefault((self._key, bytes(nonce)), set()).add(bytes(data) + aad)
        return self._real.encrypt_into(nonce, data, aad, out)

    real = staticmethod(aead.AESGCM)


def test_key_and_iv_are_never_used_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Recorder, "seen", {}, raising=False)
    monkeypatch.setattr(aead, "AESGCM", Recorder)
    count = 0
    for length in range(0, 400, 7):
        for _ in range(3):
            seal_64(bytes(length))
            count += max(1, -(-length // 32))
    assert len(Recorder.seen) == count


def test_a_generator_that_repeats_itself_gives_no_key_and_iv_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine cloned or restored may draw the same bytes again: other plaintexts then still get other keys."""
    monkeypatch.setattr(Recorder, "seen", {}, raising=False)
    monkeypatch.setattr(aead, "AESGCM", Recorder)
    for length in range(150):
        stream = itertools.count()
        monkeypatch.setattr(aead, "_urandom", lambda n, s=stream: next(s).to_bytes(n, "big"))
        seal_64(bytes(length))
    assert all(len(contents) == 1 for contents in Recorder.seen.values())
    assert len(Recorder.seen) == sum(max(1, -(-length // 32)) for length in range(150))
