"""Attack 24: learn a link's key, names or sizes from what goes over the wire or what its server is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.format.link import LinkRecord
from megadesk.format.padme import is_padme
from megadesk.share.address import parse_link
from megadesk.share.opening import open_address
from megadesk.share.verify import verify_page
from tests.attack.links import FILES, Shared, fetched, shared
from tests.attack.test_22_leaks import encodings

PASSWORD = "correct horse battery staple"


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Shared]:
    with shared(tmp_path) as made:
        yield made


def secrets_of(url: str, record: LinkRecord, password: str) -> dict[str, bytes]:
    secret = parse_link(url).secret
    from megadesk.crypto.link import DEFAULT_COST

    password_key = secret.password_key(password, DEFAULT_COST)
    found = {
        "the secret": secret.to_bytes(),
        "the token": secret.token().encode(),
        "the preamble's key": secret.preamble_key(),
        "the password": password.encode(),
        "the password's key": password_key,
        "the record's key": secret.link_key(password_key),
        "the locker's id": record.locker,
        "the note": record.note.encode(),
    }
    for index, node in enumerate(record.nodes):
        found[f"the name of node {index}"] = node.name
        if isinstance(node.content, tuple):
            found |= {f"slice {n} of node {index}": ref.key for n, ref in enumerate(node.content)}
    return found


def test_nothing_secret_is_on_the_wire(target: Shared, tmp_path: Path) -> None:
    url = target.make("/Whistleblower", password=PASSWORD, note="meet me at the harbour", live=True)
    assert fetched(url, tmp_path / "out", PASSWORD) == FILES
    link = open_address(url, lambda: PASSWORD)
    link.read(len(link.record.nodes) - 1, 8_400_000, 1000)
    record = link.record
    link.close()
    verify_page(url)
    target.locker.links.upkeep.refresh_live()
    target.locker.links.revoke("/Whistleblower")
    sent, answered = bytes(target.wire.to_server), bytes(target.wire.to_client)
    assert len(answered) > sum(map(len, FILES.values()))
    for what, secret in secrets_of(url, record, PASSWORD).items():
        for needle in encodings(secret):
            assert needle not in sent, f"{what} was sent"
            assert needle not in answered, f"{what} was answered"
    for content in FILES.values():
        assert content[:24] not in answered


def test_no_exact_size_shows(target: Shared, tmp_path: Path) -> None:
    """Not as a number, not in what is asked for, not in how much comes."""
    url = target.make("/Whistleblower")
    target.wire.to_server.clear()
    target.wire.to_client.clear()
    assert fetched(url, tmp_path / "out") == FILES
    sent, answered = bytes(target.wire.to_server), bytes(target.wire.to_client)
    for content in FILES.values():
        for text in (b"%d" % len(content), b"%x" % len(content)):
            assert text not in sent
            heads = b"\r\n".join(re.findall(rb"HTTP/1\.1 .*?\r\n\r\n", answered, re.DOTALL))
            assert text not in heads
    ranges = [(int(first), int(last) + 1) for first, last in re.findall(rb"range: bytes=(\d+)-(\d+)", sent, re.I)]
    assert ranges
    assert all(first % 65536 == 0 and last % 65536 == 0 for first, last in ranges)
    sizes = {int(total) for total in re.findall(rb"content-range: bytes \d+-\d+/(\d+)", answered, re.I)}
    assert sizes
    assert all(map(is_padme, sizes)), "packs are padded"
    record_bytes = re.search(rb'"record_bytes":(\d+)', answered)
    assert record_bytes is not None
    assert is_padme(int(record_bytes[1]))


def test_what_the_server_knows_of_a_link_opens_nothing(target: Shared) -> None:
    """The ledger that the server asks, and the store that it reads, hold no key and no name of the link."""
    url = target.make("/Whistleblower", password=PASSWORD)
    with_secrets = parse_link(url).secret
    served = target.locker.links.ledger().served(with_secrets.id.hex())
    assert served is not None
    known = repr(served).encode() + b"".join(
        target.store.get(info.name, max_bytes=1 << 25) for info in target.store.list()
    )
    for secret in (with_secrets.to_bytes(), with_secrets.token().encode(), PASSWORD.encode(), b"treasure-map.txt"):
        for needle in encodings(secret):
            assert needle not in known
