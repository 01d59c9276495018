"""Sizes, names and envelopes of objects."""

from __future__ import annotations

import math
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from megadesk.crypto.keys import EpochSecret
from megadesk.errors import DamagedError, DecodeError
from megadesk.format import names
from megadesk.format.envelope import MAX_OBJECT_BYTES, ObjectType, epoch_of, open_object, seal_object
from megadesk.format.padme import is_padme, padme
from megadesk.stores.api import is_name
from megadesk.types import DeviceId, LockerId, PackId

LOCKER = LockerId(bytes(range(32)))
SECRET = EpochSecret(b"s" * 32)
KEYS = {SECRET.id: SECRET}


def slow_padme(length: int) -> int:
    """The paper's definition (PURBs, section 4), in its words."""
    if length <= 2:
        return length
    exponent = math.floor(math.log2(length))
    mantissa = math.floor(math.log2(exponent)) + 1
    mask = (1 << max(0, exponent - mantissa)) - 1
    return (length + mask) & ~mask


def test_padme_as_the_paper_has_it() -> None:
    assert [padme(length) for length in range(1, 5000)] == [slow_padme(length) for length in range(1, 5000)]
    assert (padme(0), padme(9), padme(100), padme(1 << 20)) == (0, 10, 104, 1 << 20)


@given(st.integers(0, 1 << 40))
def test_padme_rounds_up_once_and_little(length: int) -> None:
    rounded = padme(length)
    assert length <= rounded <= length * 1.12 + 1
    assert padme(rounded) == rounded
    assert is_padme(rounded)
    assert is_padme(length) == (rounded == length)
    assert padme(length + 1) >= rounded


def test_no_negative_size_is_padme() -> None:
    assert not is_padme(-1)


# --- names


IDS = st.binary(min_size=16, max_size=16)


@given(IDS, st.integers(1, 2**63))
def test_names_round_trip(identity: bytes, seq: int) -> None:
    device, pack = DeviceId(identity), PackId(identity)
    assert names.parse_device(names.device(device)) == device
    assert names.parse_entry(names.entry(device, seq)) == (device, seq)
    assert names.parse_pack(names.pack(pack)) == pack
    assert names.parse_checkpoint_part(names.checkpoint_part(identity, seq % 2**32)) == (identity, seq % 2**32)
    for name in (
        names.device(device),
        names.entry(device, seq),
        names.pack(pack),
        names.checkpoint_part(identity, seq % 2**32),
        names.HEADER,
    ):
        assert is_name(name), "every store must take it"


@given(st.text(max_size=80))
def test_what_is_no_name_gives_none(text: str) -> None:
    for parse in (names.parse_device, names.parse_entry, names.parse_pack, names.parse_checkpoint_part):
        assert parse(text) is None


def test_names_are_strict() -> None:
    device, pack = names.device(DeviceId(b"\xab" * 16)), names.pack(PackId(b"\xab" * 16))
    for wrong in (device.upper(), f"{device}0", device[:-1], f"/{device}", f"{device}\n", f"{device}/", f"x{device}"):
        assert names.parse_device(wrong) is None
    for wrong in (pack.replace("packs/ab", "packs/ac"), pack.upper(), f"{pack}\n", "packs/" + "ab" * 16):
        assert names.parse_pack(wrong) is None
    assert names.parse_entry(f"log/{'a' * 32}/{'0' * 15}") is None
    assert names.parse_entry(f"log/{'a' * 32}/{'g' * 16}") is None
    assert names.parse_entry("log/" + "a" * 32 + "/" + "\u0660" * 16) is None


def test_entries_are_listed_in_the_order_of_their_numbers() -> None:
    device = DeviceId(b"\xcd" * 16)
    listed = [names.entry(device, seq) for seq in (1, 2, 9, 10, 255, 256, 2**32, 2**63)]
    assert listed == sorted(listed)


# --- envelopes


@pytest.mark.parametrize("kind", [ObjectType.DEVICE, ObjectType.ENTRY, ObjectType.CHECKPOINT, ObjectType.LINK])
def test_an_envelope_opens_as_itself_only(kind: ObjectType) -> None:
    data = seal_object(kind, LOCKER, "log/a", SECRET, b"body")
    assert open_object(kind, LOCKER, "log/a", KEYS, data) == b"body"
    assert epoch_of(data, kind, "log/a") == SECRET.id
    with pytest.raises(DamagedError):
        open_object(kind, LOCKER, "log/b", KEYS, data)
    with pytest.raises(DamagedError):
        open_object(kind, LockerId(bytes(32)), "log/a", KEYS, data)
    with pytest.raises(DamagedError):
        open_object(kind, LOCKER, "log/a", {}, data)
    other = EpochSecret(b"o" * 32)
    with pytest.raises(DamagedError):
        open_object(kind, LOCKER, "log/a", {SECRET.id: other}, data)
    for wrong in ObjectType:
        if wrong is not kind:
            with pytest.raises(DecodeError):
                epoch_of(data, wrong, "log/a")


def test_every_size_of_an_envelope_is_padme_and_opens() -> None:
    """Every length up to some segments, each around a segment's border included: seal never misses a size."""
    sizes = [*range(600), *range(3900, 4400), *range(7900, 8400), *range(12_000, 12_300), 65_000, 300_000]
    seen: dict[int, int] = {}
    for size in sizes:
        body = os.urandom(size)
        data = seal_object(ObjectType.ENTRY, LOCKER, "log/a", SECRET, body)
        assert is_padme(len(data))
        assert open_object(ObjectType.ENTRY, LOCKER, "log/a", KEYS, data) == body
        seen[len(data)] = seen.get(len(data), 0) + 1
        # Overhead: prefix, frame, header, 32 bytes a segment, and Padmé twice over at a segment's border.
        smallest = 12 + 4 + 74 + size + 32 * (size // 4064 + 1)
        assert len(data) <= smallest * 1.2 + 64
    assert len(seen) < len(sizes) // 8


def test_the_largest_entry_fits_and_what_is_larger_is_never_read() -> None:
    data = seal_object(ObjectType.ENTRY, LOCKER, "log/a", SECRET, bytes(8 << 20))
    assert len(data) < MAX_OBJECT_BYTES
    assert len(open_object(ObjectType.ENTRY, LOCKER, "log/a", KEYS, data)) == 8 << 20
    with pytest.raises(DecodeError):
        epoch_of(bytes(padme(MAX_OBJECT_BYTES + 1)), ObjectType.ENTRY, "log/a")


def test_a_frame_that_lies_is_refused() -> None:
    """The length inside beyond the plaintext, and padding that is not zero: both only whoever has the key can make."""
    from megadesk.crypto import aead
    from megadesk.format.envelope import object_aad

    key = SECRET.object_key("entry", LOCKER)
    aad = object_aad(ObjectType.ENTRY, LOCKER, "log/a", SECRET.id)
    good = seal_object(ObjectType.ENTRY, LOCKER, "log/a", SECRET, b"body")
    framed = aead.open_sealed(key, aad, good[12:])
    for changed in (
        (len(framed) - 3).to_bytes(4, "big") + framed[4:],
        b"\xff\xff\xff\xff" + framed[4:],
        framed[:-1] + b"\1",
        framed[:8] + b"\1" + framed[9:],
    ):
        data = good[:12] + aead.seal(key, aad, changed)
        with pytest.raises(DecodeError):
            open_object(ObjectType.ENTRY, LOCKER, "log/a", KEYS, data)
