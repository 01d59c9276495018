"""Secrets of links, and passwords in front of them."""

from __future__ import annotations

import base64
import re

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st

from megadesk.crypto.kdf import derive
from megadesk.crypto.link import DEFAULT_COST, MAX_COST, MIN_COST, LinkSecret, PasswordCost
from megadesk.errors import DecodeError, LinkAddressError, PassphraseError

SECRET = LinkSecret(bytes(range(32)))


def test_a_token_comes_back() -> None:
    assert LinkSecret.from_token(SECRET.token()) == SECRET
    assert base64.urlsafe_b64decode(SECRET.token()) == b"\x01" + SECRET.to_bytes()
    assert re.fullmatch(r"[A-Za-z0-9_-]{44}", LinkSecret.generate().token())
    assert LinkSecret.generate().id != LinkSecret.generate().id


@given(st.one_of(st.text(max_size=60), st.from_regex(r"\A[A-Za-z0-9_+/=-]{40,48}\Z")))
def test_what_is_no_token_is_refused_without_being_quoted(text: str) -> None:
    said = ""
    try:
        assert LinkSecret.from_token(text).token() == text
    except LinkAddressError as error:
        said = error.explanation
    assert len(text) < 5 or text not in said


@pytest.mark.parametrize("version", [0, 2, 255])
def test_other_versions_are_named(version: int) -> None:
    token = base64.urlsafe_b64encode(bytes([version]) + bytes(32)).decode()
    with pytest.raises(LinkAddressError, match="version"):
        LinkSecret.from_token(token)


def test_nothing_shows_the_secret() -> None:
    shown = f"{SECRET!r} {SECRET}"
    assert SECRET.token() not in shown
    assert SECRET.to_bytes().hex() not in shown
    assert SECRET.id.hex() in shown


def test_the_password_is_in_the_key() -> None:
    cost = PasswordCost(MIN_COST.memory_kib, 1)
    key = SECRET.password_key("p\u00e4ss", cost)
    salt = derive(SECRET.to_bytes(), "link salt", length=16)
    argon = Argon2id(salt=salt, length=32, iterations=1, lanes=1, memory_cost=cost.memory_kib)
    assert key == argon.derive("p\u00e4ss".encode())
    assert SECRET.password_key("pa\u0308ss", cost) == key, "NFC"
    assert len({key, SECRET.password_key("pass", cost), LinkSecret(bytes(32)).password_key("p\u00e4ss", cost)}) == 3
    assert len({SECRET.link_key(), SECRET.link_key(key), SECRET.preamble_key()}) == 3
    with pytest.raises(PassphraseError):
        SECRET.password_key("\ud800", cost)


@pytest.mark.parametrize(
    "cost",
    [
        PasswordCost(MIN_COST.memory_kib - 1, 3),
        PasswordCost(MAX_COST.memory_kib + 1, 1),
        PasswordCost(DEFAULT_COST.memory_kib, 0),
        PasswordCost(DEFAULT_COST.memory_kib, 17),
        PasswordCost(2**62, 2**62),
    ],
)
def test_costs_out_of_bounds_are_refused_before_anything_is_computed(cost: PasswordCost) -> None:
    with pytest.raises(DecodeError):
        SECRET.password_key("x", cost)
