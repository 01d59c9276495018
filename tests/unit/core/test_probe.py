"""The test of a store names what is wrong with it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from megadesk.core.app import App
from megadesk.core.probe import StoreTestResult, Verdict, probe
from megadesk.errors import (
    AddressError,
    StoreAccessError,
    StoreBusyError,
    StoreError,
    StoreFault,
    StoreProtocolError,
    StoreUnavailableError,
    UnknownHostError,
)
from megadesk.stores.api import Data, Store
from megadesk.stores.fault import Fault, FaultStore, Kind
from megadesk.stores.memory import MemoryStore


def tried(*faults: Fault) -> StoreTestResult:
    return probe(lambda: FaultStore(MemoryStore(), faults))


def test_what_works() -> None:
    store = MemoryStore()
    result = probe(lambda: store)
    assert result.verdict is Verdict.OK
    assert result.usable
    assert result.kind == "memory"
    assert result.bytes_per_s is not None
    assert list(store.list()) == []


def test_a_locker_is_seen(tmp_path: Path) -> None:
    app = App(str(tmp_path / "home"))
    app.create_locker("a passphrase", store=str(tmp_path / "store"))
    result = app.test_store(str(tmp_path / "store"))
    assert result.verdict is Verdict.HOLDS_LOCKER
    assert result.usable
    app.close()


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (AddressError("x"), Verdict.ADDRESS),
        (StoreUnavailableError("x", fault=StoreFault.HOST_UNKNOWN), Verdict.HOST_UNKNOWN),
        (StoreUnavailableError("x", fault=StoreFault.REFUSED), Verdict.REFUSED),
        (StoreUnavailableError("x", fault=StoreFault.NO_ANSWER), Verdict.NO_ANSWER),
        (StoreUnavailableError("x", fault=StoreFault.NO_PLACE), Verdict.NO_PLACE),
        (StoreError("x", fault=StoreFault.TLS), Verdict.TLS),
        (StoreAccessError("x", fault=StoreFault.CREDENTIALS), Verdict.CREDENTIALS),
        (StoreAccessError("x", fault=StoreFault.CLOCK), Verdict.CLOCK),
        (StoreAccessError("x"), Verdict.NOT_READABLE),
        (StoreBusyError("x"), Verdict.TOO_SLOW),
        (StoreProtocolError("x"), Verdict.NOT_A_STORE),
        (StoreUnavailableError("x"), Verdict.TROUBLE),
        (UnknownHostError("x", fingerprint="SHA256:y", known_hosts_line="z"), Verdict.HOST_KEY_UNKNOWN),
    ],
)
def test_faults_on_opening(error: Exception, verdict: Verdict) -> None:
    def opener() -> Store:
        raise error

    result = probe(opener)
    assert result.verdict is verdict
    assert not result.usable
    if verdict is Verdict.HOST_KEY_UNKNOWN:
        assert (result.fingerprint, result.known_hosts_line) == ("SHA256:y", "z")


@pytest.mark.parametrize(
    ("kind", "operation", "verdict"),
    [
        (Kind.READ_ONLY, "put", Verdict.NOT_WRITABLE),
        (Kind.FULL, "put", Verdict.FULL),
        (Kind.CORRUPT, "get", Verdict.NOT_A_STORE),
        (Kind.BEFORE, "list", Verdict.TROUBLE),
    ],
)
def test_faults_while_in_use(kind: Kind, operation: str, verdict: Verdict) -> None:
    assert tried(Fault(kind, (operation,))).verdict is verdict


def test_no_right_to_delete_is_told_but_no_obstacle() -> None:
    result = tried(Fault(Kind.READ_ONLY, ("delete",)))
    assert result.verdict is Verdict.OK
    assert "delete" in result.message


class _Hanging(MemoryStore):
    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        assert self.go_on.wait(30)
        super().put(name, data)


def test_a_hanging_store_is_too_slow() -> None:
    store = _Hanging()
    assert probe(lambda: store, timeout_s=0.2).verdict is Verdict.TOO_SLOW
    store.go_on.set()


def test_folders(tmp_path: Path) -> None:
    app = App(str(tmp_path / "home"))
    missing = tmp_path / "missing"
    assert app.test_store(str(missing)).verdict is Verdict.NO_PLACE
    assert app.test_store(str(missing), create=True).verdict is Verdict.OK
    (tmp_path / "file").write_bytes(b"x")
    assert app.test_store(str(tmp_path / "file")).verdict is Verdict.ADDRESS
    assert app.test_store("").verdict is Verdict.ADDRESS


def test_nothing_listens(tmp_path: Path, unused_port: int) -> None:
    app = App(str(tmp_path))
    assert app.test_store(f"dav://127.0.0.1:{unused_port}/x").verdict is Verdict.REFUSED
    s3 = f"s3://bucket/x?endpoint=http://127.0.0.1:{unused_port}&region=r"
    assert app.test_store(s3).verdict is Verdict.CREDENTIALS


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as probe_socket:
        probe_socket.bind(("127.0.0.1", 0))
        return int(probe_socket.getsockname()[1])
