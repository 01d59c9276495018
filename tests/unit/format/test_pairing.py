"""The pairing code: there and back, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import os
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from megadesk.errors import InputError
from megadesk.format.pairing import PREFIX, PairingHead, make_pairing, parse_pairing
from megadesk.types import DeviceId

heads = st.lists(
    st.builds(
        lambda device, seq, entry: PairingHead(DeviceId(device), seq, entry),
        st.binary(min_size=16, max_size=16),
        st.integers(0, 2**63 - 1),
        st.binary(min_size=32, max_size=32),
    ),
    max_size=5,
).map(tuple)


@given(locker=st.binary(min_size=32, max_size=32), store=st.text(max_size=100), found=heads)
def test_there_and_back(locker: bytes, store: str, found: tuple[PairingHead, ...]) -> None:
    code = make_pairing(locker, store, found)
    made = parse_pairing(" " + code[:20] + "\n" + code[20:] + "\n")
    assert (made.locker, made.store, made.heads) == (locker, store, found)
    assert code.isascii()


def test_three_devices_fit_a_qr_code() -> None:
    import segno

    found = tuple(PairingHead(DeviceId(os.urandom(16)), 10**6, os.urandom(32)) for _ in range(3))
    code = make_pairing(bytes(32), "davs://nextcloud.example.org/remote.php/dav/files/somebody/Locker", found)
    assert segno.make_qr(code, error="m").version <= 20


def test_anything_else_is_refused() -> None:
    code = make_pairing(bytes(32), "/store", ())
    rng = random.Random(1)
    for text in ("", "x", PREFIX, PREFIX + "!", code[:-1], code + "A", code.replace("pair", "fair"), PREFIX + "é"):
        with pytest.raises(InputError):
            parse_pairing(text)
    for _ in range(200):
        place = rng.randrange(len(PREFIX), len(code))
        other = rng.choice([c for c in "ABCabc012_-" if c != code[place]])
        with pytest.raises(InputError):
            parse_pairing(code[:place] + other + code[place + 1 :])


def test_a_later_version_is_refused() -> None:
    from megadesk.format.wire import encode

    record = encode((2, bytes(32), "/store", ()))
    check = hashlib.sha256(b"megadesk pairing" + record).digest()[:4]
    with pytest.raises(InputError, match="cannot be read"):
        parse_pairing(PREFIX + base64.urlsafe_b64encode(record + check).rstrip(b"=").decode())
