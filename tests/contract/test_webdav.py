"""The WebDAV store keeps the contract on real servers, and a whole locker lives on one."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from megadesk.core.app import App
from megadesk.errors import (
    ObjectExistsError,
    StoreAccessError,
    StoreError,
    StoreUnavailableError,
)
from megadesk.stores.api import Store
from megadesk.stores.credentials import PasswordCredentials, PasswordScheme
from megadesk.stores.http_place import parse_place
from megadesk.stores.open import open_store
from megadesk.stores.retry import RetryPolicy, RetryStore
from megadesk.stores.webdav_calls import DavCalls
from tests.contract import cloud_server, dav_servers
from tests.contract.dav_servers import PASSWORD, USER, Server, Start
from tests.contract.suite import StoreContract

CREDENTIALS = PasswordCredentials(USER, PASSWORD)
_numbers = itertools.count()


def remove(server: Server, path: str) -> None:
    """As another client does it: servers that keep lists in memory would not notice a change of the disk."""
    calls = DavCalls(parse_place(server.address(path), "http"), CREDENTIALS, None, None)
    calls.delete("")
    calls.client.close()


@pytest.fixture(scope="class")
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with request.cls.start() as server:
        yield server


class DavContract(StoreContract):
    """The suite, and what a WebDAV server may make of names that are no objects. ``start`` gives the server."""

    tells = True

    start: ClassVar[Start]

    @pytest.fixture
    def path(self) -> str:
        return f"a folder/ä{next(_numbers)}"

    @pytest.fixture
    def store(self, server: Server, path: str) -> Iterator[Store]:
        with open_store(server.address(path), create=True, credentials=CREDENTIALS) as store:
            yield store

    def test_readers_never_see_a_part(self, store: Store) -> None:
        # Reading while it is overwritten may break off or fail with 500: that is for trying again, not wrong content.
        super().test_readers_never_see_a_part(RetryStore(store, RetryPolicy(tries=50, ceiling_s=0.05)))

    def test_wrong_password(self, server: Server, store: Store) -> None:
        for credentials in (None, PasswordCredentials(USER, "wrong")):
            with pytest.raises(StoreAccessError):
                open_store(store.properties.address, credentials=credentials)

    def test_missing_folder_is_no_empty_store(self, server: Server, store: Store, path: str) -> None:
        with pytest.raises(StoreUnavailableError):
            open_store(server.address(f"{path}/not there"), credentials=CREDENTIALS)
        store.put("a/b", b"x")
        remove(server, path)
        for action in (
            lambda: list(store.list()),
            lambda: list(store.list("a/")),
            lambda: store.get("a/b"),
            lambda: store.stat("a/b"),
            lambda: store.delete("a/b"),
        ):
            with pytest.raises(StoreUnavailableError):
                action()

    def test_folders_of_others_are_never_removed(self, server: Server, store: Store, path: str) -> None:
        store.put("a/b/c", b"x")
        store.delete("a")
        store.delete("a/b")
        for create_only in (True, False):
            with pytest.raises(StoreError):
                store.put("a/b", b"y", create_only=create_only)
        assert store.get("a/b/c") == b"x"
        store.flush()
        assert [file.name for file in (server.data / path).rglob("*") if file.is_file()] == ["c"]

    def test_foreign_files_are_left_out(self, server: Server, store: Store, path: str) -> None:
        folder = server.data / path / "a"
        folder.mkdir()
        folder.chmod(0o777)
        for name in ("Capital", ".hidden", "sp ace", "ü", "per%cent", "semi;colon", "a&b", "x" * 210):
            (folder / name).write_bytes(b"foreign")
        (folder / "Folder").mkdir()
        (folder / "Folder" / "file").write_bytes(b"foreign")
        store.put("a/b", b"x")
        assert self.names(store) == ["a/b"]

    def test_nothing_is_left_of_refused_uploads(self, server: Server, store: Store, path: str) -> None:
        store.put("a/b", b"x")
        with pytest.raises(ObjectExistsError):
            store.put("a/b", b"y", create_only=True)
        store.put("a/b", b"x")
        assert [file.name for file in (server.data / path / "a").iterdir()] == ["b"]

    def test_folder_removed_by_another(self, server: Server, store: Store, path: str) -> None:
        store.put("a/b/c", b"x")
        remove(server, f"{path}/a")
        # nginx answers 500: the folder is forgotten, and made by the next try.
        RetryStore(store, wait=lambda _: None).put("a/b/c", b"y")
        assert store.get("a/b/c") == b"y"

    def test_address_opens_it_again(self, server: Server, store: Store) -> None:
        store.put("a", b"x")
        with open_store(store.properties.address, credentials=CREDENTIALS) as again:
            assert again.properties == store.properties
            assert again.get("a") == b"x"
        assert PASSWORD not in repr(store)
        assert USER not in store.properties.address.replace(server.top or "/", "")


class TestRclone(DavContract):
    start = staticmethod(dav_servers.rclone)

    def test_digest_only_never_sends_a_password(self, server: Server) -> None:
        with pytest.raises(StoreAccessError):
            open_store(server.address(), credentials=PasswordCredentials(USER, PASSWORD, PasswordScheme.DIGEST))


class TestWsgidav(DavContract):
    start = staticmethod(dav_servers.wsgidav)


class TestCloud(DavContract):
    """One that behaves as Nextcloud and ownCloud do."""

    start = staticmethod(cloud_server.plain)


@pytest.mark.servers
class TestNginx(DavContract):
    start = staticmethod(dav_servers.nginx)


@pytest.mark.servers
class TestApache(DavContract):
    start = staticmethod(dav_servers.apache)


def test_a_locker_on_webdav(tmp_path: Path) -> None:
    """Made on one computer, joined by another, over a store that wants no password."""
    content = os.urandom(300_000)
    (tmp_path / "file").write_bytes(content)
    with dav_servers.rclone(password=False) as server:
        one, two = App(str(tmp_path / "one")), App(str(tmp_path / "two"))
        try:
            made = one.create_locker("passphrase", store=server.address("lockers/mine"))
            locker = made.locker
            locker.transfers.run_now(locker.upload([str(tmp_path / "file")], "/"))
            assert locker.upkeep.check(read_data=True).problems == []
            joined = two.join_locker(server.address("lockers/mine"), "other", made.recovery_key)
            joined.transfers.run_now(joined.download(["/file"], str(tmp_path / "got")))
        finally:
            one.close()
            two.close()
        assert b"file" not in b"".join(os.fsencode(path.name) for path in server.data.rglob("*"))
    assert (tmp_path / "got" / "file").read_bytes() == content
