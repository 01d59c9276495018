"""What holds for links wherever they live: on the app's own server, in a bucket (signed, public), in a file."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from megadesk.core.links import LinkOptions, LinkSettings
from megadesk.errors import (
    InputError,
    IntegrityError,
    LinkError,
    LinkExpiredError,
    LinkPasswordError,
    LinkRevokedError,
    LinkUsedUpError,
    MegaDeskError,
)
from megadesk.format import names
from megadesk.format.ops import LinkPlace
from megadesk.server.share_server import ShareServer
from megadesk.share.opening import open_address
from megadesk.stores.folder import FolderStore
from megadesk.stores.memory import MemoryStore
from megadesk.stores.s3 import S3Store
from tests.contract import md_servers, s3_servers
from tests.contract.s3_servers import S3Server
from tests.contract.test_s3 import KEY, make_bucket
from tests.lockers import Device, LockerRig, write


@dataclass
class Place:
    """A locker with a place for links. ``options``: what its links need said."""

    device: Device
    kind: LinkPlace
    options: Callable[[], dict[str, object]]

    def make(self, path: str, **more: object) -> str:
        return self.device.locker.links.make(path, LinkOptions(**{**self.options(), **more})).url  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def moto() -> Iterator[S3Server]:
    try:
        server = s3_servers.moto()
        with server as running:
            make_bucket(running, "bucket")
            yield running
    except s3_servers.MissingError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def ceph() -> Iterator[S3Server]:
    try:
        with s3_servers.ceph() as running:
            make_bucket(running, "bucket")
            yield running
    except s3_servers.MissingError as error:
        pytest.skip(str(error))


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextlib.contextmanager
def web_server(folder: Path) -> Iterator[str]:
    """Any web server: static files, and no ranges."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


_numbers = iter(range(10**6))


@contextlib.contextmanager
def _place(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    with contextlib.ExitStack() as stack:
        if kind in ("moto", "ceph"):
            s3: S3Server = request.getfixturevalue(kind)
            store = S3Store(s3.address("bucket", f"locker{next(_numbers)}"), KEY)
            rig = LockerRig(tmp_path / "devices", store)
            stack.callback(store.close)
            options: Callable[[], dict[str, object]] = dict
            place = LinkPlace.SIGNED
        elif kind == "serve":
            server = stack.enter_context(md_servers.in_thread(MemoryStore()))
            client = server.client(folder="mine")
            stack.callback(client.close)
            rig = LockerRig(tmp_path / "devices", client)
            options, place = dict, LinkPlace.SERVER
        elif kind == "public":
            (tmp_path / "public").mkdir()
            rig = LockerRig(tmp_path / "devices", FolderStore(str(tmp_path / "public")))
            options, place = dict, LinkPlace.PUBLIC
        else:
            rig = LockerRig(tmp_path / "devices", MemoryStore())
            options, place = dict, LinkPlace.SHARE
        stack.callback(rig.close)
        device = rig.enrol()
        links = device.locker.links
        if kind == "public":
            links.set_settings(LinkSettings(public_url=stack.enter_context(web_server(tmp_path / "public"))))
        elif kind == "html":
            place = LinkPlace.FILE
            options = lambda: {"html": str(tmp_path / f"{next(_numbers)}.html")}  # noqa: E731
        elif kind == "share":
            share = ShareServer(links.ledger())
            links.announce(share.start("127.0.0.1:0").base_url)
            stack.callback(share.stop)
        assert place in [each.place for each in links.places()]
        yield Place(device, place, options)


KINDS = ["serve", "share", "moto", "public", "html", pytest.param("ceph", marks=pytest.mark.servers)]


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with _place(request.param, tmp_path, request) as made:
        yield made


@pytest.fixture
def folder(place: Place, tmp_path: Path) -> dict[str, bytes]:
    """What /Trip holds, by path with it."""
    found = {
        "Trip/one.txt": b"one\n",
        "Trip/below/two.bin": os.urandom(300_000),
        "Trip/empty": b"",
        "Trip/large.bin": os.urandom(9 << 20),
    }
    for name, content in found.items():
        write(tmp_path / "source" / name, content)
    place.device.put(tmp_path / "source" / "Trip")
    return found


def fetched(url: str, to: Path, password: str | None = None) -> dict[str, bytes]:
    with contextlib.closing(open_address(url, (lambda: password) if password else None, folder=str(to))) as link:
        report = link.download(str(to))
        assert report.failures == []
    return {str(path.relative_to(to)): path.read_bytes() for path in to.rglob("*") if path.is_file()}


def test_what_was_shared_arrives(place: Place, folder: dict[str, bytes], tmp_path: Path) -> None:
    assert fetched(place.make("/Trip"), tmp_path / "out") == folder
    one = place.make("/Trip/below/two.bin", password="pass")
    assert fetched(one, tmp_path / "one", "pass") == {"two.bin": folder["Trip/below/two.bin"]}
    with pytest.raises(LinkPasswordError):
        open_address(one, lambda: "other")


def test_every_link_is_listed_with_its_place(place: Place, folder: dict[str, bytes]) -> None:
    url = place.make("/Trip", note="hello")
    row = place.device.locker.links.list()[0]
    assert (row.place, row.url, row.note, row.state) == (place.kind, url, "hello", "active")
    assert row.abilities.text
    if not row.abilities.downloads:
        with pytest.raises(InputError):
            place.make("/Trip", max_downloads=1)


def test_taken_back(place: Place, folder: dict[str, bytes]) -> None:
    url = place.make("/Trip")
    row = place.device.locker.links.revoke("/Trip")
    assert row.state == "revoked"
    assert list(place.device.rig.store.list(names.LINKS)) == []
    if row.abilities.revoking:
        with pytest.raises(LinkError):
            open_address(url)
    else:
        open_address(url).close()


def test_counts_expiry_and_revoking_are_enforced_by_servers(place: Place, folder: dict[str, bytes]) -> None:
    """Within a second, and also for who has opened the link before."""
    if place.kind not in (LinkPlace.SERVER, LinkPlace.SHARE):
        return
    links = place.device.locker.links
    url = place.make("/Trip/large.bin", max_downloads=2)
    links_left = []
    for _ in range(2):
        with contextlib.closing(open_address(url)) as link:
            links_left.append(link.downloads_left)
    assert links_left == [1, 0]
    with pytest.raises(LinkUsedUpError):
        open_address(url)
    assert links.list()[0].downloads in (2, 3), "making it counts once, where it is opened over HTTP"
    ends_ms = time.time_ns() // 1_000_000 + 2500
    url = place.make("/Trip/large.bin", expires_ms=ends_ms)
    with contextlib.closing(open_address(url)) as link:
        while time.time_ns() // 1_000_000 <= ends_ms:
            time.sleep(0.02)
        began = time.monotonic()
        with pytest.raises(LinkExpiredError):
            open_address(url)
        with pytest.raises(LinkExpiredError):
            link.read(0)
        expired_s = time.monotonic() - began
    url = place.make("/Trip/large.bin")
    with contextlib.closing(open_address(url)) as link:
        began = time.monotonic()
        links.revoke(links.list()[0].id)
        with pytest.raises(LinkRevokedError):
            open_address(url)
        with pytest.raises(LinkRevokedError):
            link.read(0)
        revoked_s = time.monotonic() - began
    print(f"{place.kind.name}: refused {expired_s:.3f} s after its end, {revoked_s:.3f} s after taking it back began")
    assert max(expired_s, revoked_s) < 1


def test_kept_up_to_date(place: Place, folder: dict[str, bytes], tmp_path: Path) -> None:
    if place.kind is LinkPlace.FILE:
        with pytest.raises(InputError):
            place.make("/Trip", live=True)
        return
    url = place.make("/Trip", live=True)
    place.device.put(write(tmp_path / "new.txt", b"new"), to="/Trip")
    assert place.device.locker.links.upkeep.refresh_live() == 1
    assert fetched(url, tmp_path / "out") == folder | {"Trip/new.txt": b"new"}


def test_whatever_is_altered_yields_no_file(place: Place, folder: dict[str, bytes], tmp_path: Path) -> None:
    url = place.make("/Trip/large.bin")
    store = place.device.rig.store
    if place.kind is LinkPlace.FILE:
        path = Path(url.removeprefix("file://").partition("#")[0])
        content = bytearray(path.read_bytes())
        middle = content.index(b'id="p-0">') + 3_000_000
        content[middle] = ord("A") if content[middle] != ord("A") else ord("B")
        path.write_bytes(content)
    else:
        for info in list(store.list(names.PACKS)):
            data = bytearray(store.get(info.name, max_bytes=1 << 25))
            data[len(data) // 3] ^= 1
            store.put(info.name, data)
    with contextlib.closing(open_address(url)) as link:
        report = link.download(str(tmp_path / "out"))
    assert len(report.failures) == 1
    assert os.listdir(tmp_path / "out") == []


def test_an_altered_record_is_refused(place: Place, folder: dict[str, bytes]) -> None:
    if place.kind is LinkPlace.FILE:
        return  # the page's own tests alter it
    url = place.make("/Trip/one.txt")
    store = place.device.rig.store
    for info in list(store.list(names.LINKS)):
        data = bytearray(store.get(info.name, max_bytes=1 << 25))
        at = data.index(b'"record":"') + 300 if info.name.endswith(".html") else 200
        data[at] = data[at] ^ 1 if not info.name.endswith(".html") else ord("A") if data[at] != ord("A") else ord("B")
        store.put(info.name, data)
    with pytest.raises(IntegrityError):
        open_address(url)


def test_expiry_is_told_as_it_is(place: Place, folder: dict[str, bytes]) -> None:
    now_ms = time.time_ns() // 1_000_000
    row = place.device.locker.links.make("/Trip", LinkOptions(**place.options()))  # type: ignore[arg-type]
    assert (row.expires_ms is not None) is (place.kind is LinkPlace.SIGNED), "signatures always end"
    if place.kind is LinkPlace.SIGNED:
        with pytest.raises(InputError, match="7 days"):
            place.make("/Trip", expires_ms=now_ms + 8 * 86_400_000)


@pytest.mark.servers
def test_a_real_gateway_refuses_expired_and_forged_signatures(
    ceph: S3Server, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """moto checks no signature; Ceph's gateway does."""
    with _place("ceph", tmp_path, request) as place:
        write(tmp_path / "x.bin", os.urandom(1000))
        place.device.put(tmp_path / "x.bin")
        ends_ms = time.time_ns() // 1_000_000 + 3000
        url = place.make("/x.bin", expires_ms=ends_ms)
        open_address(url).close()
        forged = url.replace("X-Amz-Expires=", "X-Amz-Expires=9")
        with pytest.raises(MegaDeskError):
            open_address(forged)
        while time.time_ns() // 1_000_000 < ends_ms + 2000:
            time.sleep(0.1)
        with pytest.raises(LinkExpiredError):
            open_address(url)
