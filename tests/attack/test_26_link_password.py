"""Attack 26: get round a link's password. It is in the key, so there is nothing to get round."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.crypto import aead
from megadesk.crypto.kdf import derive
from megadesk.crypto.link import LinkSecret, PasswordCost
from megadesk.errors import DamagedError, DecodeError, IntegrityError, LinkPasswordError
from megadesk.format import names
from megadesk.format.link import LinkPreamble, link_aad, open_link, open_preamble
from megadesk.format.wire import encode
from megadesk.share.address import parse_link
from megadesk.share.opening import open_address, open_record
from tests.attack.links import FILES, Shared, fetched, shared

PASSWORD = "hunter2 but longer"


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Shared]:
    with shared(tmp_path) as made:
        yield made


def test_the_fragment_alone_opens_nothing(target: Shared) -> None:
    url = target.make("/Whistleblower", password=PASSWORD)
    secret = parse_link(url).secret
    data = target.store.get(names.link(secret.id), max_bytes=1 << 25)
    preamble = open_preamble(data, secret, "x")
    assert preamble.password is not None
    sealed = data[145 : 145 + preamble.record_bytes]
    guesses = {
        secret.link_key(),
        secret.preamble_key(),
        secret.to_bytes(),
        derive(secret.to_bytes(), "link key", b""),
        derive(secret.to_bytes(), "link key", PASSWORD.encode()),
        derive(secret.to_bytes(), "link key", bytes(32)),
        secret.link_key(secret.password_key(PASSWORD + "x", preamble.password)),
        LinkSecret(bytes(32)).link_key(secret.password_key(PASSWORD, preamble.password)),
    }
    for key, part in itertools.product(guesses, (b"\0", b"\1")):
        with pytest.raises(DamagedError):
            aead.open_sealed(key, link_aad(secret.id, part), sealed)
    right = secret.link_key(secret.password_key(PASSWORD, preamble.password))
    assert aead.open_sealed(right, link_aad(secret.id, b"\1"), sealed)


def test_the_password_alone_opens_nothing(target: Shared) -> None:
    url = target.make("/Whistleblower", password=PASSWORD)
    data = target.store.get(names.link(parse_link(url).secret.id), max_bytes=1 << 25)
    with pytest.raises(IntegrityError):
        open_record(data, LinkSecret.generate(), lambda: PASSWORD)


def test_a_server_that_says_there_is_no_password(target: Shared, tmp_path: Path) -> None:
    """The preamble is sealed under the secret: only who has it could write one, and it would still not open."""
    url = target.make("/Whistleblower", password=PASSWORD)
    secret = parse_link(url).secret
    data = target.store.get(names.link(secret.id), max_bytes=1 << 25)
    preamble = open_preamble(data, secret, "x")
    plain = encode((1, preamble.record_bytes, None)).ljust(32, b"\0")
    forged = data[:7] + aead.seal(secret.preamble_key(), link_aad(secret.id, b"\0"), plain) + data[145:]
    target.store.put(names.link(secret.id), forged)
    with pytest.raises(DamagedError):
        open_address(url)
    with pytest.raises(DamagedError):
        open_link(data, secret, LinkPreamble(preamble.record_bytes, None), b"", "x")


@pytest.mark.parametrize("cost", [(8, 1), (65536, 0), (1 << 40, 1), (65536, 1 << 40), (1 << 20, 17)])
def test_costs_that_help_the_attacker_are_refused_before_a_password_is_asked(
    target: Shared, cost: tuple[int, int]
) -> None:
    url = target.make("/Whistleblower", password=PASSWORD)
    secret = parse_link(url).secret
    data = target.store.get(names.link(secret.id), max_bytes=1 << 25)
    plain = encode((1, open_preamble(data, secret, "x").record_bytes, cost)).ljust(32, b"\0")
    forged = data[:7] + aead.seal(secret.preamble_key(), link_aad(secret.id, b"\0"), plain) + data[145:]
    target.store.put(names.link(secret.id), forged)

    def nobody() -> str:
        raise AssertionError("it was asked for")

    with pytest.raises(DecodeError):
        open_address(url, nobody)


def test_the_same_password_of_two_links_is_not_the_same_key(target: Shared) -> None:
    cost = PasswordCost(19 * 1024, 1)
    first, second = LinkSecret.generate(), LinkSecret.generate()
    assert first.password_key(PASSWORD, cost) != second.password_key(PASSWORD, cost)


def test_right_and_wrong(target: Shared, tmp_path: Path) -> None:
    url = target.make("/Whistleblower", password=PASSWORD)
    for wrong in ("", PASSWORD.upper(), PASSWORD + " ", PASSWORD[:-1]):
        with pytest.raises(LinkPasswordError):
            open_address(url, lambda wrong=wrong: wrong)
    assert fetched(url, tmp_path / "out", PASSWORD) == FILES
    with contextlib.closing(open_address(url, lambda: PASSWORD)) as link:
        assert link.record.is_folder
