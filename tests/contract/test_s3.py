"""The S3 store against real servers on loopback."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.core.app import App
from megadesk.errors import (
    ObjectExistsError,
    StoreAccessError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from megadesk.stores.api import Store
from megadesk.stores.credentials import S3Credentials
from megadesk.stores.open import open_store
from megadesk.stores.retry import RetryPolicy, RetryStore
from megadesk.stores.s3 import S3Store
from tests.contract import s3_servers
from tests.contract.s3_servers import ACCESS_KEY, SECRET_KEY, S3Server
from tests.contract.suite import StoreContract

KEY = S3Credentials(ACCESS_KEY, SECRET_KEY)
_prefixes = itertools.count()
_open: list[S3Store] = []


def opened(address: str, credentials: S3Credentials = KEY, **options: float) -> S3Store:
    """A store that is closed after the test."""
    store = S3Store(address, credentials, **options)
    _open.append(store)
    return store


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    for store in _open:
        store.close()
    _open.clear()


@contextlib.contextmanager
def _or_skip(server: contextlib.AbstractContextManager[S3Server]) -> Iterator[S3Server]:
    with contextlib.ExitStack() as stack:
        try:
            running = stack.enter_context(server)
        except s3_servers.MissingError as error:
            pytest.skip(str(error))
        yield running


@pytest.fixture(scope="module")
def moto() -> Iterator[S3Server]:
    with _or_skip(s3_servers.moto()) as server:
        make_bucket(server, "bucket")
        yield server


@pytest.fixture(scope="module")
def rclone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    folder = tmp_path_factory.mktemp("rclone")
    (folder / "bucket").mkdir()
    with _or_skip(s3_servers.rclone(folder)) as server:
        yield server


@pytest.fixture(scope="module")
def ceph() -> Iterator[S3Server]:
    with _or_skip(s3_servers.ceph()) as server:
        make_bucket(server, "bucket")
        yield server


def make_bucket(server: S3Server, name: str) -> None:
    with contextlib.closing(S3Store(server.address(name), KEY)) as store, store._exchange("PUT") as response:
        assert response.status == 200


def fresh(server: S3Server) -> S3Store:
    return opened(server.address("bucket", f"at/{next(_prefixes)}"))


class S3Contract(StoreContract):
    tells = True

    def test_a_missing_bucket_is_never_an_empty_one(self, server: S3Server) -> None:
        store = opened(server.address("no-such-bucket"))
        for action in (
            lambda: store.get("a"),
            lambda: store.get("a", length=1),
            lambda: store.stat("a"),
            lambda: list(store.list()),
            lambda: list(store.list("packs/", "packs/a")),
            lambda: store.put("a", b"x"),
            lambda: store.put("a", b"x", create_only=True),
        ):
            with pytest.raises((StoreUnavailableError, StoreAccessError)) as caught:
                action()
            assert "no-such-bucket" in caught.value.explanation

    def test_folders_of_a_bucket_do_not_see_each_other(self, server: S3Server, store: S3Store) -> None:
        inner = opened(store.properties.address.replace("?", "/packs?", 1))
        beside = opened(store.properties.address.replace("?", "0?", 1))
        inner.put("x", b"1")
        beside.put("y", b"2")
        assert [*self.names(inner), *self.names(beside)] == ["x", "y"]
        assert self.names(store) == ["packs/x"]

    def test_pages(self, store: S3Store) -> None:
        names = [f"log/{number:04}" for number in range(1005)]
        for name in names:
            store.put(name, b"")
        assert self.names(store) == names
        assert self.names(store, "log/", "log/1001") == names[1002:]


class TestMoto(S3Contract):
    """In its own process; conditions are honoured."""

    @pytest.fixture
    def server(self, moto: S3Server) -> S3Server:
        return moto

    @pytest.fixture
    def store(self, moto: S3Server) -> Store:
        return fresh(moto)

    def test_conditions_are_found_and_used(self, store: S3Store) -> None:
        store.put("a", b"x" * 5000, create_only=True)
        assert store._conditions is True
        with pytest.raises(ObjectExistsError):
            store.put("a", b"y", create_only=True)
        assert not store.properties.atomic_create


class TestRclone(S3Contract):
    """Ignores conditions, and ranges at times."""

    @pytest.fixture
    def server(self, rclone: S3Server) -> S3Server:
        return rclone

    @pytest.fixture
    def store(self, rclone: S3Server) -> Store:
        return fresh(rclone)

    def test_readers_never_see_a_part(self, store: S3Store) -> None:
        # Reading while it overwrites may fail with status 500 there: that is for trying again, not wrong content.
        super().test_readers_never_see_a_part(RetryStore(store, RetryPolicy(tries=50, ceiling_s=0.05)))

    def test_conditions_are_found_missing(self, store: S3Store) -> None:
        store.put("a", b"x" * 5000, create_only=True)
        assert store._conditions is False
        assert not store.probe_conditions()
        assert not store.properties.atomic_create
        assert store.get("a") == b"x" * 5000
        assert self.names(store) == ["a"]

    def test_wrong_keys(self, server: S3Server) -> None:
        wrong_secret(server)


@pytest.mark.servers
class TestCeph(S3Contract):
    """A distributed engine's gateway: real signatures, atomic conditions."""

    @pytest.fixture
    def server(self, ceph: S3Server) -> S3Server:
        return ceph

    @pytest.fixture
    def store(self, ceph: S3Server) -> Store:
        store = fresh(ceph)
        assert store.probe_conditions()
        assert store.properties.atomic_create
        return store

    def test_wrong_keys(self, server: S3Server) -> None:
        wrong_secret(server)
        with pytest.raises(StoreAccessError, match="does not know the access key"):
            opened(server.address("bucket"), S3Credentials("AKNOBODY", SECRET_KEY)).get("a")

    def test_a_clock_that_is_wrong(self, server: S3Server) -> None:
        store = opened(server.address("bucket"), KEY, clock_s=3600)
        for action in (lambda: store.get("a"), lambda: store.stat("a"), lambda: store.put("a", b"x")):
            with pytest.raises(StoreAccessError, match="clocks") as caught:
                action()
            assert "Set the clock" in caught.value.remedy

    def test_a_locker(self, server: S3Server, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        whole_locker(server.address("bucket", "locker"), home, monkeypatch)


def wrong_secret(server: S3Server) -> None:
    store = opened(server.address("bucket"), S3Credentials(ACCESS_KEY, "WRONG"))
    for action in (lambda: store.get("a"), lambda: list(store.list()), lambda: store.put("a", b"x")):
        with pytest.raises((StoreAccessError, StoreReadOnlyError)) as caught:
            action()
        assert "WRONG" not in caught.value.explanation


@pytest.mark.parametrize("kind", ["moto", "rclone"])
def test_a_whole_locker(kind: str, request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server: S3Server = request.getfixturevalue(kind)
    whole_locker(server.address("bucket", "locker"), home, monkeypatch)


def whole_locker(address: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make, put, get, check --read-data, join, and each sees the other's changes."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.setenv("MEGADESK_KDF", "floor")
    source = home / "source"
    bare = address.partition("?")[0]
    monkeypatch.setenv("AWS_ENDPOINT_URL", address.partition("endpoint=")[2].partition("&")[0])
    (source / "deep").mkdir(parents=True)
    contents = {"empty": b"", "small": b"hello", "deep/large": os.urandom(20 << 20)}
    for name, content in contents.items():
        (source / name).write_bytes(content)
    with contextlib.closing(App(str(home / "one"))) as one, contextlib.closing(App(str(home / "two"))) as two:
        made = one.create_locker("first", store=bare)
        made.locker.transfers.run_now(made.locker.upload([str(source)], "/"))
        monkeypatch.delenv("AWS_ENDPOINT_URL")  # where the locker is has been kept
        assert made.locker.record.store_address == address
        joined = two.join_locker(address, "second", made.recovery_key)
        joined.transfers.run_now(joined.download(["/source"], str(home / "target")))
        assert {name: (home / "target/source" / name).read_bytes() for name in contents} == contents
        assert joined.upkeep.check(read_data=True).problems == []
        joined.make_folder("/second")
        joined.transfers.run_now(joined.upload([str(source / "small")], "/second"))
        made.locker.refresh()
        made.locker.transfers.run_now(made.locker.download(["/second/small"], str(home / "back")))
        assert (home / "back/small").read_bytes() == b"hello"
        assert made.locker.upkeep.check(read_data=True).problems == []
    for path in [*(home / "one").rglob("*"), *(home / "two").rglob("*")]:
        assert not path.is_file() or SECRET_KEY.encode() not in path.read_bytes()


def test_the_address_opens_the_store_again(moto: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    store = fresh(moto)
    store.put("a/b", b"x")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    with open_store(store.properties.address) as again:
        assert again.get("a/b") == b"x"
        assert again.properties == store.properties
