"""The server's store keeps the contract, with a folder and with a bucket behind it."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import queue
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.core.app import App
from megadesk.core.events import Event
from megadesk.errors import (
    AddressError,
    InputError,
    ObjectExistsError,
    StoreAccessError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from megadesk.server.space import OWN
from megadesk.server.tokens import Scope
from megadesk.stores.api import Store
from megadesk.stores.credentials import BearerCredentials
from megadesk.stores.folder import FolderStore
from megadesk.stores.memory import MemoryStore
from megadesk.stores.open import open_store
from megadesk.stores.retry import RetryPolicy, RetryStore
from megadesk.stores.s3 import S3Store
from tests.contract import md_servers, s3_servers
from tests.contract.md_servers import ThreadServer
from tests.contract.suite import StoreContract

DEADLINE_S = 20.0
_numbers = itertools.count()


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[md_servers.ProcessServer]:
    home = tmp_path_factory.mktemp("serve")
    with md_servers.in_process(str(home / "behind"), home) as process:
        yield process


@pytest.fixture(scope="module")
def endpoint() -> Iterator[s3_servers.S3Server]:
    with s3_servers.moto() as endpoint:
        yield endpoint


class TestServerOverFolder(StoreContract):
    tells = True

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        with (
            md_servers.in_thread(FolderStore.create(tmp_path / "behind")) as server,
            server.client() as store,
        ):
            yield store
        assert not list((tmp_path / "behind").rglob("*.tmp"))


class TestServerProcess(StoreContract):
    """The real command, by the address of a store."""

    tells = True

    @pytest.fixture
    def store(self, process: md_servers.ProcessServer) -> Iterator[Store]:
        address = f"{process.address}/t{next(_numbers)}"
        with open_store(address, credentials=BearerCredentials(process.token)) as store:
            assert store.properties.address == address
            yield store


class TestServerOverS3(StoreContract):
    tells = True

    @pytest.fixture
    def store(self, endpoint: s3_servers.S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3_servers.ACCESS_KEY)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3_servers.SECRET_KEY)
        bucket = make_bucket(endpoint)
        with (
            RetryStore(open_store(endpoint.address(bucket, "behind"))) as behind,
            md_servers.in_thread(behind) as server,
            server.client() as store,
        ):
            yield store


@pytest.mark.servers
class TestServerOverCeph(StoreContract):
    """A distributed engine behind, and the real command."""

    tells = True

    @pytest.fixture
    def store(self, over_ceph: md_servers.ProcessServer) -> Iterator[Store]:
        address = f"{over_ceph.address}/t{next(_numbers)}"
        with open_store(address, credentials=BearerCredentials(over_ceph.token)) as store:
            assert store.properties.atomic_create
            yield store


@pytest.fixture(scope="module")
def over_ceph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[md_servers.ProcessServer]:
    home = tmp_path_factory.mktemp("ceph")
    keys = {"AWS_ACCESS_KEY_ID": s3_servers.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": s3_servers.SECRET_KEY}
    with contextlib.ExitStack() as stack:
        try:
            ceph = stack.enter_context(s3_servers.ceph())
        except s3_servers.MissingError as error:
            pytest.skip(str(error))
        patched = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in keys.items():
            patched.setenv(name, value)
        bucket = f"serve{next(_numbers)}"
        with S3Store(ceph.address(bucket)) as behind, behind._exchange("PUT") as answer:
            assert answer.status == 200
        yield stack.enter_context(md_servers.in_process(ceph.address(bucket), home, environ=keys))


def make_bucket(endpoint: s3_servers.S3Server) -> str:
    name = f"serve{next(_numbers)}"
    connection = http.client.HTTPConnection(endpoint.endpoint.removeprefix("http://"), timeout=30)
    connection.request("PUT", f"/{name}", headers={"content-length": "0"})
    assert connection.getresponse().status == 200
    connection.close()
    return name


@pytest.fixture
def server() -> Iterator[ThreadServer]:
    with md_servers.in_thread(MemoryStore()) as server:
        yield server


def test_wrong_tokens_and_wrong_servers(server: ThreadServer, tmp_path: Path) -> None:
    another = server.token[:-1] + ("Q" if server.token.endswith("A") else "A")
    for token in ("x", another, server.token[:-1], "md_" + "0" * 16 + "_" + "A" * 43):
        with pytest.raises(StoreAccessError) as caught:
            server.client(token)
        assert token not in caught.value.explanation
    with pytest.raises(StoreAccessError):
        open_store(server.address())
    with pytest.raises(AddressError):
        open_store(server.address("Not/A/Folder"), credentials=BearerCredentials(server.token))
    with pytest.raises(StoreUnavailableError):
        open_store("megadesk+http://127.0.0.1:9", credentials=BearerCredentials(server.token))


def test_tokens_are_hashed_and_out_of_reach(server: ThreadServer) -> None:
    kept = b"".join(server.backing.store.get(info.name) for info in server.backing.store.list(OWN))
    secret = server.token.rpartition("_")[2]
    assert secret.encode() not in kept
    with server.client() as store:
        assert [info.name for info in store.list()] == []
        for info in list(server.backing.store.list(OWN)):
            with pytest.raises(StoreAccessError):
                store.get(info.name)
            with pytest.raises(StoreReadOnlyError):
                store.put(info.name, b"x")
            with pytest.raises(StoreReadOnlyError):
                store.delete(info.name)
        with pytest.raises(StoreAccessError):
            list(store.list(OWN))
    assert server.token not in repr(store)


def test_scopes(server: ThreadServer) -> None:
    with server.client() as owner:
        owner.put("a/b", b"first")
    with server.client(server.add_token(Scope.READ)) as reader:
        assert reader.get("a/b") == b"first"
        assert [info.name for info in reader.list("a/")] == ["a/b"]
        reader.flush()
        for action in (lambda: reader.put("a/c", b"x"), lambda: reader.delete("a/b")):
            with pytest.raises(StoreReadOnlyError):
                action()
    with server.client(server.add_token(Scope.READ, Scope.CREATE)) as creator:
        creator.put("a/c", b"second")
        creator.put("a/c", b"second")  # repeated after an answer that was lost
        creator.put("a/d", os.urandom(2 << 20), create_only=True)
        creator.flush()
        with pytest.raises(ObjectExistsError):
            creator.put("a/c", b"second", create_only=True)
        for action in (
            lambda: creator.put("a/c", b"third!"),
            lambda: creator.put("a/b", b"third"),
            lambda: creator.delete("a/b"),
        ):
            with pytest.raises(StoreReadOnlyError):
                action()
        assert creator.get("a/b") == b"first"
        assert creator.get("a/c") == b"second"
    with server.client(server.add_token(Scope.WRITE)) as writer:
        writer.put("a/e", b"x")
        with pytest.raises(StoreAccessError):
            writer.get("a/e")


def test_a_tokens_folder(server: ThreadServer) -> None:
    with server.client() as owner:
        owner.put("mine/a", b"mine")
        owner.put("minea/b", b"another's")
    token = server.add_token(Scope.READ, Scope.WRITE, prefix="mine/")
    with server.client(token) as store:
        assert store.get("mine/a") == b"mine"
        store.put("mine/c/d", b"x")
        for name in ("minea/b", "min", "other/x"):
            with pytest.raises(StoreAccessError):
                store.get(name)
            with pytest.raises(StoreReadOnlyError):
                store.put(name, b"x")
        for prefix in ("", "minea/"):
            with pytest.raises(StoreAccessError):
                list(store.list(prefix))
    with server.client(token, "mine") as store:
        assert [info.name for info in store.list()] == ["a", "c/d"]


def test_a_removed_token_is_refused(server: ThreadServer) -> None:
    token = server.add_token(Scope.READ)
    with server.client(token) as store:
        server.backing.tokens.remove(token.split("_")[1])
        with pytest.raises(StoreAccessError):
            list(store.list())


def test_quota_of_the_server() -> None:
    behind = MemoryStore()
    behind.put("old", bytes(4000))
    with md_servers.in_thread(behind, quota_bytes=20_000) as server, server.client() as store:
        free = store.free_bytes()
        assert free is not None
        assert 10_000 < free <= 16_000
        store.put("a", bytes(10_000))
        with pytest.raises(StoreFullError):
            store.put("b", bytes(10_000))
        store.put("a", bytes(11_000))
        store.delete("a")
        store.put("b", bytes(10_000))
        with pytest.raises(StoreFullError):
            store.put("c", bytes(3 << 20))
        assert sorted(info.name for info in store.list()) == ["b", "old"]


def test_quota_of_a_token(server: ThreadServer) -> None:
    token = server.add_token(Scope.READ, Scope.WRITE, prefix="mine/", quota_bytes=1000)
    with server.client(token) as store, server.client() as owner:
        store.put("mine/a", bytes(900))
        with pytest.raises(StoreFullError):
            store.put("mine/b", bytes(101))
        assert store.free_bytes() == 100
        owner.put("mine/c", bytes(5000))
        with pytest.raises(StoreFullError):
            store.put("mine/d", b"x")
        owner.put("other", bytes(5000))
        owner.delete("mine/c")
        store.put("mine/b", bytes(100))


def test_objects_larger_than_the_server_takes() -> None:
    limits = md_servers.replace(md_servers.QUICK, max_object_bytes=17 << 20)
    with md_servers.in_thread(MemoryStore(), limits=limits) as server, server.client() as store:
        assert store.properties.max_object_bytes == 17 << 20
        with pytest.raises(InputError):
            store.put("a", bytes((17 << 20) + 1))


def test_storage_behind_that_is_away_is_no_missing_object(tmp_path: Path) -> None:
    behind = tmp_path / "behind"
    with md_servers.in_thread(FolderStore.create(behind)) as server, server.client() as store:
        store.put("a/b", b"x")
        behind.rename(tmp_path / "away")
        for action in (
            lambda: store.get("a/b"),
            lambda: store.stat("a/c"),
            lambda: list(store.list()),
            lambda: store.delete("a/b"),
            lambda: store.put("a/c", b"x"),
        ):
            with pytest.raises(StoreUnavailableError):
                action()
        (tmp_path / "away").rename(behind)
        again = RetryStore(store, RetryPolicy(tries=3))
        assert again.get("a/b") == b"x"
        assert [info.name for info in again.list()] == ["a/b"]


def test_a_locker_on_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made on one computer, joined by another."""
    content = os.urandom(20 << 20)
    (tmp_path / "file").write_bytes(content)
    with md_servers.in_thread(FolderStore.create(tmp_path / "behind")) as server:
        monkeypatch.setenv("MEGADESK_STORE_TOKEN", server.token)
        one, two = App(str(tmp_path / "one")), App(str(tmp_path / "two"))
        try:
            made = one.create_locker("passphrase", store=server.address("lockers/mine"))
            locker = made.locker
            locker.transfers.run_now(locker.upload([str(tmp_path / "file")], "/"))
            assert locker.upkeep.check(read_data=True).problems == []
            joined = two.join_locker(server.address("lockers/mine"), "other", made.recovery_key)
            joined.transfers.run_now(joined.download(["/file"], str(tmp_path / "got")))
            assert joined.status().store_kind == "server"
        finally:
            one.close()
            two.close()
    assert (tmp_path / "got" / "file").read_bytes() == content


def test_two_devices_see_each_others_changes_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told by the server: both ask it by themselves only after 15 seconds."""
    with md_servers.in_thread(FolderStore.create(tmp_path / "behind")) as server:
        monkeypatch.setenv("MEGADESK_STORE_TOKEN", server.token)
        monkeypatch.setattr("megadesk.core.watch.ASK_FIRST_S", 3600.0)
        seen: dict[str, queue.Queue[Event]] = {"one": queue.Queue(), "two": queue.Queue()}
        one = App(str(tmp_path / "one"), event_sink=seen["one"].put)
        two = App(str(tmp_path / "two"), event_sink=seen["two"].put)
        try:
            made = one.create_locker("passphrase", store=server.address())
            first = made.locker
            second = two.join_locker(server.address(), "other", made.recovery_key)
            first.start()
            second.start()
            listening(server, 2)
            took_s = []
            for number in range(3):
                for app, locker, other in (("two", first, second), ("one", second, first)):
                    name = f"{app} {number}"
                    locker.make_folder(f"/{name}")
                    began = time.monotonic()
                    while name not in [row.name for row in other.list_folder("/")]:
                        seen[app].get(timeout=DEADLINE_S)
                    took_s.append(time.monotonic() - began)
            assert statistics.median(took_s) < 1.0, f"seen after {took_s} s"
        finally:
            one.close()
            two.close()


def listening(server: ThreadServer, count: int) -> None:
    """Wait until so many listen."""
    end = time.monotonic() + DEADLINE_S
    while len(server.backing.hub.listeners) < count:
        assert time.monotonic() < end
        time.sleep(0.01)


def test_events(server: ThreadServer) -> None:
    with server.client() as store, server.client() as other, server.client(folder="mine") as inner:
        assert store.properties.push
        heard = store.listen("log/")
        below = inner.listen("log/")
        assert next(heard) == ""
        assert next(below) == ""
        other.put("packs/x", b"1")
        other.put("log/a/1", b"1")
        inner.put("log/a/2", b"1")
        other.put("log/a/3", b"1", create_only=True)
        assert [next(heard) for _ in range(2)] == ["log/a/1", "log/a/3"]
        assert next(below) == "log/a/2"
        heard.close()
        heard.close()
        assert list(heard) == []
        below.close()
        with server.client(server.add_token(Scope.WRITE)) as deaf, pytest.raises(StoreAccessError):
            deaf.listen("log/")


def test_a_listener_that_waits_is_closed_by_another_thread(server: ThreadServer) -> None:
    with server.client() as store:
        heard = store.listen("log/")
        assert next(heard) == ""
        ended: queue.Queue[list[str]] = queue.Queue()
        thread = threading.Thread(target=lambda: ended.put(list(heard)))
        thread.start()
        heard.close()
        assert ended.get(timeout=DEADLINE_S) == []
        thread.join()


def test_a_stream_ends_with_its_token() -> None:
    limits = md_servers.replace(md_servers.QUICK, heartbeat_s=0.1)
    with md_servers.in_thread(MemoryStore(), limits=limits) as server:
        token = server.add_token(Scope.READ)
        with server.client(token) as store:
            heard = store.listen("log/")
            assert next(heard) == ""
            server.backing.tokens.remove(token.split("_")[1])
            with pytest.raises(StoreUnavailableError):
                next(heard)


def test_a_stop_ends_streams_with_an_error(server: ThreadServer) -> None:
    with server.client() as store:
        heard = store.listen("log/")
        assert next(heard) == ""
        server.running.stop()
        with pytest.raises(StoreUnavailableError):
            next(heard)


def test_events_cross_servers_over_one_bucket(endpoint: s3_servers.S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two servers, no state of their own: tokens, grants and events of one hold at the other."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3_servers.ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3_servers.SECRET_KEY)
    address = endpoint.address(make_bucket(endpoint), "behind")
    with (
        open_store(address) as behind_one,
        open_store(address) as behind_two,
        md_servers.in_thread(behind_one, poll_s=0.1) as one,
        md_servers.in_thread(behind_two, poll_s=0.1) as two,
        one.client() as here,
        two.client(one.token) as there,
    ):
        here.put("log/a/0001", b"old")
        heard = there.listen("log/")
        assert next(heard) == ""
        here.put("log/a/0002", b"x")
        assert next(heard) == "log/a/0002"
        here.put("log/b/0001", b"x")
        assert next(heard) == "log/b/0001"
        there.put("log/c/0001", b"own")
        assert next(heard) == "log/c/0001"
        here.put("log/a/0003", b"x")
        assert next(heard) == "log/a/0003", "what was put here is not told twice"
        heard.close()
        link = "ab" * 16
        host = here.link_host()
        assert host is not None
        here.put(f"links/{link}", b"record")
        host.grant(link, [], None, 2)
        for server in (one, two):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
            connection.request("POST", f"/d/l/{link}/open")
            answer = connection.getresponse()
            assert answer.status == 200
            session = json.loads(answer.read())["session"]
            connection.close()
        assert one.get(f"/d/l/{link}/record?s={session}") == (200, b"record")
        connection = http.client.HTTPConnection("127.0.0.1", one.port, timeout=20)
        connection.request("POST", f"/d/l/{link}/open")
        assert connection.getresponse().status == 410
        connection.close()


def test_links_of_a_locker_below_a_folder(server: ThreadServer) -> None:
    link, pack = "ab" * 16, "cd" * 16
    with server.client(folder="mine") as store:
        host = store.link_host()
        assert host is not None
        assert host.base_url == f"http://127.0.0.1:{server.port}/d/"
        store.put(f"links/{link}", b"record")
        store.put(f"packs/cd/{pack}", b"pack")
        host.grant(link, [pack], None, None)
        assert [(each.link, each.downloads) for each in host.hosted()] == [(link, 0)]
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        connection.request("POST", f"/d/l/{link}/open")
        session = json.loads(connection.getresponse().read())["session"]
        connection.close()
        assert server.get(f"/d/l/{link}/packs/{pack}?s={session}") == (200, b"pack")
        assert [each.downloads for each in host.hosted()] == [1]
        host.revoke(link)
        host.revoke("ef" * 16)
        assert host.hosted() == []
        status, body = server.get(f"/d/l/{link}/packs/{pack}?s={session}")
        assert (status, json.loads(body)["error"]) == (410, "revoked")
