"""Attack 25: open more with a link than it names: other files, other links, the locker itself."""

from __future__ import annotations

import contextlib
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.crypto import aead
from megadesk.crypto.keys import EpochSecret
from megadesk.errors import DamagedError, IntegrityError, LinkError, MegaDeskError
from megadesk.format import names
from megadesk.format.envelope import ObjectType, object_aad, slice_aad
from megadesk.format.link import LinkRecord, open_link, open_preamble
from megadesk.share.address import parse_link
from megadesk.share.opening import open_address
from tests.attack.links import FILES, Shared, shared


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Shared]:
    with shared(tmp_path) as made:
        yield made


def record_of(url: str) -> LinkRecord:
    with contextlib.closing(open_address(url)) as link:
        return link.record


def keys_of(url: str) -> list[bytes]:
    """Everything that the receiver of a link has."""
    secret = parse_link(url).secret
    record = record_of(url)
    slices = [ref.key for node in record.nodes if isinstance(node.content, tuple) for ref in node.content]
    return [secret.to_bytes(), secret.preamble_key(), secret.link_key(), record.locker, *slices]


def test_its_keys_open_only_its_own_slices(target: Shared) -> None:
    """Each key is tried on every slice of the locker, at the places that only the maker knows."""
    url = target.make("/Whistleblower/treasure-map.txt")
    keys = keys_of(url)
    everything = record_of(target.make("/"))
    own = {ref.key for node in record_of(url).nodes if isinstance(node.content, tuple) for ref in node.content}
    opened = set()
    for node in everything.nodes:
        for position, ref in enumerate(node.content if isinstance(node.content, tuple) else ()):
            size = min(aead.SLICE_BYTES, node.size - position * aead.SLICE_BYTES)
            name = names.pack(everything.packs[ref.pack])
            header = target.store.get(name, offset=ref.offset, length=aead.SLICE_HEADER_BYTES)
            for key in keys:
                with contextlib.suppress(DamagedError):
                    aead.SliceOpener(key, slice_aad(everything.locker, position), header, size)
                    opened.add(ref.key)
    assert opened == own


def test_its_keys_open_no_object_of_the_locker(target: Shared) -> None:
    url = target.make("/Whistleblower")
    locker = target.device.rig.locker_id
    for info in target.store.list():
        if not info.name.startswith(("devices/", "log/", "checkpoints/")):
            continue
        data = target.store.get(info.name, max_bytes=1 << 25)
        is_device = info.name.startswith("devices/")
        kind, type_name = (ObjectType.DEVICE, "device") if is_device else (ObjectType.ENTRY, "entry")
        for key in keys_of(url):
            candidates = [key]
            if len(key) == 32:
                candidates.append(EpochSecret(key).object_key(type_name, locker))

            for candidate in candidates:
                with pytest.raises(DamagedError):
                    aead.open_sealed(candidate, object_aad(kind, locker, info.name, data[4:12]), data[12:])  # type: ignore[arg-type]


def test_its_secret_opens_no_other_record(target: Shared) -> None:
    mine, other = target.make("/Whistleblower/treasure-map.txt"), target.make("/Private")
    secret, others = parse_link(mine).secret, parse_link(other).secret
    data = target.store.get(names.link(others.id), max_bytes=1 << 25)
    with pytest.raises(IntegrityError):
        open_link(data, secret, open_preamble(data, secret, "x"), b"", "x")
    # Nor when the storage puts the other one in its place.
    target.store.put(names.link(secret.id), data)
    with pytest.raises(IntegrityError):
        open_address(mine)


def ask(url: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
    request = urllib.request.Request(url, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_the_server_gives_only_what_the_link_needs(target: Shared) -> None:
    mine, other = target.make("/Whistleblower/treasure-map.txt"), target.make("/Private/photo.bin")
    base = f"http://127.0.0.1:{target.wire.port}/d/l/"
    my_id, other_id = (parse_link(url).secret.id.hex() for url in (mine, other))
    status, body = ask(f"{base}{my_id}/open", "POST")
    assert status == 200
    session = json.loads(body)["session"]
    granted = {pack.hex() for pack in record_of(mine).packs}
    stored = {info.name.rpartition("/")[2] for info in target.store.list(names.PACKS)}
    for pack in stored:
        status, _ = ask(f"{base}{my_id}/packs/{pack}?s={session}", range="bytes=0-65535")
        assert status == (206 if pack in granted else 403)
        assert ask(f"{base}{my_id}/packs/{pack}")[0] == 403, "without a session"
        assert ask(f"{base}{other_id}/packs/{pack}?s={session}")[0] == 403, "with another link's session"
    assert ask(f"{base}{my_id}/record?s={session}")[0] == 200
    assert ask(f"{base}{other_id}/record?s={session}")[0] == 403
    for path in (f"{'00' * 16}/open", "../../locker/open", "%2e%2e/open", f"{my_id}/packs/../../../locker?s={session}"):
        assert ask(base + path, "POST")[0] in (404, 405)
    for name in ("locker", "l/../../locker", "packs/", "log/", "links/" + my_id):
        assert ask(f"http://127.0.0.1:{target.wire.port}/{name}")[0] == 404
        assert ask(f"http://127.0.0.1:{target.wire.port}/d/{name}")[0] == 404


def test_what_a_link_named_once_is_not_what_comes_later(target: Shared, tmp_path: Path) -> None:
    """A frozen link shows what was there when it was made, and a new version has keys of its own."""
    url = target.make("/Whistleblower/treasure-map.txt")
    record = record_of(url)
    (tmp_path / "treasure-map.txt").write_bytes(b"the treasure was moved\n" * 90)
    target.device.put(tmp_path / "treasure-map.txt", to="/Whistleblower")
    assert record_of(url) == record
    with contextlib.closing(open_address(url)) as link:
        assert link.read(0) == FILES["Whistleblower/treasure-map.txt"]


def test_a_link_gives_no_right_to_write(target: Shared) -> None:
    url = target.make("/Whistleblower")
    before = {info.name: info.size_bytes for info in target.store.list()}
    base = url.partition("#")[0]
    link = parse_link(url).secret.id.hex()
    for method in ("PUT", "DELETE", "POST", "PATCH"):
        for path in ("", f"l/{link}/record", f"l/{link}/packs/{'00' * 16}", f"l/{link}"):
            assert ask(base + path, method)[0] in (404, 405)
    with contextlib.closing(open_address(url)) as opened, pytest.raises(MegaDeskError):
        opened._packs.put("packs/aa/" + "aa" * 16, b"x")
    assert {info.name: info.size_bytes for info in target.store.list()} == before
    with pytest.raises(LinkError):
        open_address(base + "#" + parse_link(url).secret.generate().token())
