"""The SFTP store against OpenSSH: the contract, the keys, and connections that break."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncssh
import pytest

from megadesk.errors import (
    AddressError,
    ChangedHostError,
    ObjectExistsError,
    ObjectNotFoundError,
    StoreAccessError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreProtocolError,
    StoreReadOnlyError,
    StoreUnavailableError,
    UnknownHostError,
)
from megadesk.stores.api import Store, StoreProperties
from megadesk.stores.folder import FolderStore
from megadesk.stores.limit import LimitStore
from megadesk.stores.open import open_store
from megadesk.stores.retry import RetryPolicy, RetryStore
from megadesk.stores.sftp import SftpStore
from megadesk.stores.sftp_errors import explained_by_file_system
from megadesk.stores.sftp_place import SftpCredentials, SftpPlace
from tests.contract.sftp_server import SftpServer, find_sshd, make_key, need_sshd
from tests.contract.suite import MIB, StoreContract, run_threads
from tests.lockers import until

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the tests find sshd's processes in /proc"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SftpServer]:
    need_sshd()
    server = SftpServer(tmp_path_factory.mktemp("sshd"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def other_server(tmp_path: Path) -> Iterator[Callable[..., SftpServer]]:
    """Makes servers with other settings."""
    need_sshd()
    servers: list[SftpServer] = []

    def make(*settings: str) -> SftpServer:
        servers.append(SftpServer(tmp_path / f"sshd{len(servers)}", *settings))
        servers[-1].start()
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


@pytest.fixture(autouse=True)
def no_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)


@pytest.fixture
def trust(home: Path) -> Callable[[SftpServer], None]:
    def trust(server: SftpServer) -> None:
        (home / ".ssh").mkdir(mode=0o700, exist_ok=True)
        with open(home / ".ssh" / "known_hosts", "a") as known_hosts:
            known_hosts.write(server.known_hosts_line())

    return trust


@pytest.fixture
def opened(
    server: SftpServer, trust: Callable[[SftpServer], None], tmp_path: Path
) -> Iterator[Callable[..., SftpStore]]:
    """Opens stores in ``tmp_path / "store"``; they are closed in the end."""
    trust(server)
    stores: list[SftpStore] = []

    def make(path: Path | None = None, *, create: bool = True, at: SftpServer = server) -> SftpStore:
        store = open_store(at.address(path or tmp_path / "store"), create=create, credentials=at.credentials)
        assert isinstance(store, SftpStore)
        stores.append(store)
        return store

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def sftp(opened: Callable[..., SftpStore]) -> SftpStore:
    return opened()


def hidden(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob(".*") if path.name != ".megadesk-store")


# --- the contract


class TestSftp(StoreContract):
    @pytest.fixture
    def store(self, sftp: SftpStore, tmp_path: Path) -> Iterator[Store]:
        yield sftp
        assert hidden(tmp_path / "store") == []


class TestSftpWithoutExtensions(StoreContract):
    """As on a server that offers none of OpenSSH's: no links, no rename over, no sync, one channel, small blocks."""

    @pytest.fixture
    def store(self, opened: Callable[..., SftpStore], monkeypatch: pytest.MonkeyPatch) -> Store:
        async def unsupported(*_: object) -> None:
            raise asyncssh.SFTPOpUnsupported("not here")

        monkeypatch.setattr(asyncssh.SFTPClient, "link", unsupported)
        monkeypatch.setattr(asyncssh.SFTPClient, "posix_rename", unsupported)
        monkeypatch.setattr(asyncssh.SFTPClientFile, "fsync", unsupported)
        monkeypatch.setattr(asyncssh.SFTPClient, "statvfs", unsupported)
        monkeypatch.setattr("megadesk.stores.sftp_link._MAX_BLOCK", 32 << 10)
        monkeypatch.setattr("megadesk.stores.sftp_link.CHANNELS", 1)
        return opened()

    def test_create_only_race_has_one_winner(self, store: Store) -> None:
        assert not store.properties.atomic_create

        class Claiming(LimitStore):
            @property
            def properties(self) -> StoreProperties:
                return StoreProperties("test", "test:", True, False, 1 << 30, True)

        retries = RetryStore(store, RetryPolicy(tries=50, first_s=0.01, ceiling_s=0.05))
        super().test_create_only_race_has_one_winner(Claiming(retries))

    def test_readers_never_see_a_part(self, store: Store) -> None:
        """They may see none for a moment: without the extension nothing else is possible."""


# --- what it leaves on the server


def test_a_folder_store_reads_it_and_the_other_way_round(sftp: SftpStore, tmp_path: Path) -> None:
    sftp.put("packs/ab/x", b"content", create_only=True)
    folder = FolderStore(tmp_path / "store")
    assert folder.get("packs/ab/x") == b"content"
    folder.put("packs/ab/y", b"other")
    assert [info.name for info in sftp.list()] == ["packs/ab/x", "packs/ab/y"]
    marker = (tmp_path / "store" / ".megadesk-store").read_bytes()
    assert len(marker) == 32


def test_foreign_things_are_no_objects(sftp: SftpStore, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    sftp.put("a/x", b"1")
    (folder / "UPPER").write_text("x")
    (folder / "caf\udce9".encode("utf-8", "surrogateescape").decode("latin-1")).write_text("x")
    with open(os.fsencode(folder) + b"/\xff\xfe", "w"):
        pass
    (folder / ".hidden").write_text("x")
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "tree").symlink_to("/etc")
    os.mkfifo(folder / "pipe")
    assert [info.name for info in sftp.list()] == ["a/x"]
    for name in ("link", "tree", "pipe"):
        with pytest.raises(ObjectNotFoundError):
            sftp.stat(name)
    with pytest.raises(ObjectNotFoundError):
        sftp.get("tree")


def test_what_is_in_the_way_is_named(sftp: SftpStore) -> None:
    sftp.put("a", b"1")
    sftp.put("b/c", b"1")
    for create_only in (False, True):
        with pytest.raises(StoreProtocolError):
            sftp.put("a/b", b"2", create_only=create_only)
        with pytest.raises(StoreProtocolError):
            sftp.put("b", b"2", create_only=create_only)
    sftp.delete("b")
    assert [info.name for info in sftp.list()] == ["a", "b/c"]


def test_old_temporary_files_are_swept(sftp: SftpStore, tmp_path: Path) -> None:
    sftp.put("a/x", b"1")
    folder = tmp_path / "store" / "a"
    for name, age_s in ((".~old.md.tmp", 100_000), (".~lock.md.lock", 100_000), (".~new.md.tmp", 10), (".other", 1e6)):
        (folder / name).write_text("x")
        now = (folder / "x").stat().st_mtime
        os.utime(folder / name, (now - age_s, now - age_s))
    assert len(list(sftp.list())) == 1
    sftp.flush()
    assert hidden(folder) == [".other", ".~new.md.tmp"]
    assert sftp.sweep(older_than_s=1) == 1
    assert hidden(folder) == [".other"]


def test_a_temporary_file_that_vanishes_is_written_again(
    sftp: SftpStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sftp.put("a/x", b"1")
    close = asyncssh.SFTPClientFile.close
    vanished: list[str] = []

    async def close_and_lose(self: object) -> None:
        await close(self)  # type: ignore[arg-type]
        for path in () if vanished else (tmp_path / "store" / "a").glob(".~*"):
            vanished.append(path.name)
            path.unlink()

    for create_only in (False, True):
        vanished.clear()
        monkeypatch.setattr(asyncssh.SFTPClientFile, "close", close_and_lose)
        with pytest.raises(StoreUnavailableError, match="vanished"):
            sftp.put("a/y", b"2", create_only=create_only)
        assert vanished
    sftp.put("a/y", b"2", create_only=True)
    assert sftp.get("a/y") == b"2"


# --- the folder itself


def test_a_missing_folder_is_made_only_when_asked(opened: Callable[..., SftpStore], tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError):
        opened(tmp_path / "x" / "y", create=False)
    assert not (tmp_path / "x").exists()
    opened(tmp_path / "x" / "y")
    opened(tmp_path / "x" / "y", create=False).put("a", b"1")
    (tmp_path / "file").write_text("x")
    with pytest.raises(AddressError):
        opened(tmp_path / "file", create=False)


def test_a_folder_that_is_gone_is_not_an_empty_store(sftp: SftpStore, tmp_path: Path) -> None:
    sftp.put("packs/ab/x", b"1")
    os.rename(tmp_path / "store", tmp_path / "away")
    actions: list[Callable[[], object]] = [
        lambda: list(sftp.list()),
        lambda: list(sftp.list("packs/")),
        lambda: sftp.get("packs/ab/x"),
        lambda: sftp.stat("packs/ab/x"),
        lambda: sftp.put("packs/ab/y", b"2"),
        lambda: sftp.delete("packs/ab/x"),
    ]
    for action in actions:
        with pytest.raises(StoreUnavailableError):
            action()
    (tmp_path / "store").mkdir()  # an empty mount point
    for action in actions:
        with pytest.raises(StoreUnavailableError):
            action()
    assert list((tmp_path / "store").iterdir()) == []
    os.rmdir(tmp_path / "store")
    os.rename(tmp_path / "away", tmp_path / "store")
    assert sftp.get("packs/ab/x") == b"1"


def test_home_and_space(server: SftpServer, opened: Callable[..., SftpStore], tmp_path: Path) -> None:
    store = opened(tmp_path / "a b%ü")
    store.put("x", b"1")
    assert (tmp_path / "a b%ü" / "x").read_bytes() == b"1"
    again = open_store(store.properties.address, credentials=server.credentials)
    assert again.get("x") == b"1"
    again.close()
    assert (store.free_bytes() or 0) > 0
    with pytest.raises(StoreUnavailableError):
        open_store(server.address("/~/.megadesk-no-such-folder"), credentials=server.credentials)


def test_no_right_to_write(
    other_server: Callable[..., SftpServer],
    trust: Callable[[SftpServer], None],
    opened: Callable[..., SftpStore],
    tmp_path: Path,
) -> None:
    reading = other_server("Subsystem sftp internal-sftp -R")
    trust(reading)
    opened().put("a", b"1")
    store = opened(create=False, at=reading)
    assert store.get("a") == b"1"
    for action in (
        lambda: store.put("b", b"1"),
        lambda: store.put("b", b"1", create_only=True),
        lambda: store.delete("a"),
    ):
        with pytest.raises(StoreReadOnlyError):
            action()


def test_full_or_read_only_is_read_off_the_file_system() -> None:
    vfs = asyncssh.SFTPVFSAttrs(frsize=4096, bavail=10, files=100, favail=10)
    assert explained_by_file_system(vfs, "a", 4096) is None
    assert isinstance(explained_by_file_system(vfs, "a", 50_000), StoreFullError)
    vfs.favail = 0
    assert isinstance(explained_by_file_system(vfs, "a", 1), StoreFullError)
    vfs.flags = 1
    assert isinstance(explained_by_file_system(vfs, "a", 1), StoreReadOnlyError)


def test_full(sftp: SftpStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async def failing(*_: object) -> None:
        raise asyncssh.SFTPFailure("Failure")

    async def full(*_: object) -> asyncssh.SFTPVFSAttrs:
        return asyncssh.SFTPVFSAttrs(frsize=4096, bavail=1)

    monkeypatch.setattr(asyncssh.SFTPClientFile, "write", failing)
    with pytest.raises(StoreUnavailableError, match="Failure"):
        sftp.put("a", bytes(100_000))
    monkeypatch.setattr(asyncssh.SFTPClient, "statvfs", full)
    with pytest.raises(StoreFullError):
        sftp.put("a", bytes(100_000))
    assert hidden(tmp_path / "store") == []


# --- who is there


def test_an_unknown_server_is_shown_and_refused(server: SftpServer, home: Path, tmp_path: Path) -> None:
    address = server.address(tmp_path)
    with pytest.raises(UnknownHostError) as caught:
        open_store(address, credentials=server.credentials)
    printed = subprocess.run(["ssh-keygen", "-lf", f"{server.host_key}.pub"], capture_output=True, text=True).stdout
    assert caught.value.fingerprint == printed.split()[1]
    assert caught.value.fingerprint in str(caught.value)
    assert caught.value.known_hosts_line in caught.value.explanation
    assert not (home / ".ssh").exists()
    (home / ".ssh").mkdir()
    (home / ".ssh" / "known_hosts").write_text(caught.value.known_hosts_line + "\n")
    open_store(address, credentials=server.credentials).close()
    subprocess.run(["ssh-keygen", "-H", "-f", str(home / ".ssh" / "known_hosts")], capture_output=True, check=True)
    assert "127.0.0.1" not in (home / ".ssh" / "known_hosts").read_text()
    open_store(address, credentials=server.credentials).close()


def test_unknown_hosts_file_none_does_not_mean_trust(server: SftpServer, home: Path, tmp_path: Path) -> None:
    (home / ".ssh").mkdir()
    (home / ".ssh" / "config").write_text("Host *\n  UserKnownHostsFile none\n  StrictHostKeyChecking no\n")
    with pytest.raises(UnknownHostError):
        open_store(server.address(tmp_path), credentials=server.credentials)


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa"])
def test_a_changed_server_is_refused(kind: str, server: SftpServer, home: Path, tmp_path: Path) -> None:
    other = make_key(tmp_path / "other", kind)
    type_, key = Path(f"{other}.pub").read_text().split()[:2]
    (home / ".ssh").mkdir()
    (home / ".ssh" / "known_hosts").write_text(f"[127.0.0.1]:{server.port} {type_} {key}\n")
    with pytest.raises(ChangedHostError) as caught:
        open_store(server.address(tmp_path), credentials=server.credentials)
    assert "another key" in str(caught.value)
    assert "ssh-keygen -R" in caught.value.explanation
    (home / ".ssh" / "known_hosts").write_text(f"@revoked * {server.known_hosts_line().split(' ', 1)[1]}")
    with pytest.raises(ChangedHostError, match="revoked"):
        open_store(server.address(tmp_path), credentials=server.credentials)


def test_a_wrong_key_and_a_wrong_password(
    server: SftpServer, trust: Callable[[SftpServer], None], tmp_path: Path
) -> None:
    trust(server)
    wrong = SftpCredentials(key_file=str(make_key(tmp_path / "wrong")), password="hunter2")
    assert "hunter2" not in repr(wrong)
    with pytest.raises(StoreAccessError) as caught:
        open_store(server.address(tmp_path), credentials=wrong)
    assert "hunter2" not in caught.value.explanation
    with pytest.raises(StoreAccessError, match="cannot be read"):
        open_store(server.address(tmp_path), credentials=SftpCredentials(key_file=str(tmp_path / "none")))
    (tmp_path / "garbage").write_text("garbage")
    with pytest.raises(StoreAccessError, match="cannot be used"):
        open_store(server.address(tmp_path), credentials=SftpCredentials(key_file=str(tmp_path / "garbage")))


def test_a_key_file_with_a_passphrase(server: SftpServer, trust: Callable[[SftpServer], None], tmp_path: Path) -> None:
    trust(server)
    locked = tmp_path / "locked"
    shutil.copy(server.user_key, locked)
    subprocess.run(["ssh-keygen", "-q", "-p", "-a", "1", "-N", "hunter2", "-f", str(locked)], check=True)
    with pytest.raises(StoreAccessError) as caught:
        open_store(server.address(tmp_path), credentials=SftpCredentials(key_file=str(locked), passphrase="wrong"))
    assert "wrong" not in str(caught.value.__cause__)
    open_store(
        server.address(tmp_path), credentials=SftpCredentials(key_file=str(locked), passphrase="hunter2")
    ).close()


def test_usual_key_files_settings_and_agent(
    server: SftpServer, trust: Callable[[SftpServer], None], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(server)
    with pytest.raises(StoreAccessError):
        open_store(server.address(tmp_path))
    (home / ".ssh" / "config").write_text(
        f"Host box\n  HostName 127.0.0.1\n  Port {server.port}\n  User {server.user}\n"
        f"  IdentityFile {server.user_key}\n"
    )
    open_store(f"sftp://box{tmp_path}").close()
    (home / ".ssh" / "config").unlink()
    shutil.copy(server.user_key, home / ".ssh" / "id_ed25519")
    open_store(server.address(tmp_path)).close()
    (home / ".ssh" / "id_ed25519").unlink()

    started = subprocess.run(["ssh-agent", "-s"], capture_output=True, text=True, check=True).stdout
    values = dict(re.findall(r"(SSH_\w+)=([^;]+);", started))
    try:
        monkeypatch.setenv("SSH_AUTH_SOCK", values["SSH_AUTH_SOCK"])
        subprocess.run(["ssh-add", "-q", str(server.user_key)], check=True, capture_output=True)
        open_store(server.address(tmp_path)).close()
    finally:
        os.kill(int(values["SSH_AGENT_PID"]), 15)


def test_what_is_no_server(
    server: SftpServer, other_server: Callable[..., SftpServer], trust: Callable[[SftpServer], None], tmp_path: Path
) -> None:
    bare = other_server("Subsystem other internal-sftp")
    trust(bare)
    with pytest.raises(StoreProtocolError, match="no SFTP"):
        open_store(bare.address(tmp_path), credentials=bare.credentials)
    bare.stop()
    with pytest.raises(StoreUnavailableError):
        open_store(bare.address(tmp_path), credentials=bare.credentials)


def test_one_session_at_a_time_is_enough(
    other_server: Callable[..., SftpServer], trust: Callable[[SftpServer], None], opened: Callable[..., SftpStore]
) -> None:
    narrow = other_server("MaxSessions 1")
    trust(narrow)
    store = opened(at=narrow)
    run_threads(*[lambda number=number: store.put(f"a/{number}", bytes(MIB)) for number in range(6)])
    assert len(list(store.list())) == 6


# --- connections that break


def until_written(folder: Path, size_bytes: int) -> None:
    def written() -> bool:
        return any(path.stat().st_size >= size_bytes for path in folder.rglob(".~*.tmp"))

    until(written)


def test_connection_killed_in_a_put(
    server: SftpServer, sftp: SftpStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sftp.put("a/old", b"old")
    folder = tmp_path / "store" / "a"
    write = asyncssh.SFTPClientFile.write
    killed: list[int] = []

    async def write_and_kill(self: object, data: bytes, offset: int) -> int:
        if offset > 2 * MIB and not killed:
            killed.extend(server.sessions())
            server.kill_sessions()
        return await write(self, data, offset)  # type: ignore[arg-type]

    monkeypatch.setattr(asyncssh.SFTPClientFile, "write", write_and_kill)
    for name, create_only in (("a/new", True), ("a/old", False)):
        killed.clear()
        with pytest.raises(StoreUnavailableError):
            sftp.put(name, bytes(16 * MIB), create_only=create_only)
        assert killed
    assert hidden(folder) != []
    assert [info.name for info in sftp.list()] == ["a/old"]
    assert sftp.get("a/old") == b"old"
    killed.clear()
    RetryStore(sftp, wait=lambda _: None).put("a/new", b"\1" * 16 * MIB, create_only=True)
    assert killed
    assert sftp.get("a/new") == b"\1" * 16 * MIB
    sftp.flush()
    assert hidden(folder) == []


def test_connection_killed_in_a_get(server: SftpServer, sftp: SftpStore, monkeypatch: pytest.MonkeyPatch) -> None:
    content = os.urandom(16 * MIB)
    sftp.put("a", content)
    read = asyncssh.SFTPClientFile.read
    killed: list[int] = []

    async def read_and_kill(self: object, size: int, offset: int) -> bytes:
        if offset > 2 * MIB and not killed:
            killed.extend(server.sessions())
            server.kill_sessions()
        return await read(self, size, offset)  # type: ignore[arg-type]

    monkeypatch.setattr(asyncssh.SFTPClientFile, "read", read_and_kill)
    with pytest.raises(StoreUnavailableError):
        sftp.get("a")
    assert killed
    assert sftp.get("a") == content
    killed.clear()
    assert RetryStore(sftp, wait=lambda _: None).get("a") == content
    assert killed


def test_everything_connects_anew_and_flush_looks_after_earlier_puts(
    server: SftpServer, sftp: SftpStore, tmp_path: Path
) -> None:
    store = RetryStore(sftp, wait=lambda _: None)
    store.put("a/x", b"1")
    store.put("a/y", b"2")
    server.kill_sessions()
    store.flush()
    store.put("a/z", b"3")
    server.kill_sessions()
    assert [info.name for info in store.list()] == ["a/x", "a/y", "a/z"]
    (tmp_path / "store" / "a" / "z").unlink()  # what a server that lost power may do
    with pytest.raises(StoreError, match="a/z"):
        store.flush()


def test_server_away_and_back(
    other_server: Callable[..., SftpServer], trust: Callable[[SftpServer], None], opened: Callable[..., SftpStore]
) -> None:
    server = other_server()
    trust(server)
    store = opened(at=server)
    store.put("a", b"1")
    server.stop()
    errors: list[StoreError] = []

    def fail() -> None:
        with pytest.raises(StoreUnavailableError) as caught:
            store.get("a")
        errors.append(caught.value)

    run_threads(*[fail] * 6)
    assert len(errors) == 6
    with pytest.raises(StoreUnavailableError):
        list(store.list())
    server.start()
    assert store.get("a") == b"1"


def test_a_server_that_stops_answering(
    server: SftpServer, sftp: SftpStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A planted pipe blocks the server's session when it is opened."""
    monkeypatch.setattr("megadesk.stores.sftp_link.STALL_S", 0.5)
    sftp.put("a", b"1")
    os.mkfifo(tmp_path / "store" / "pipe")
    server.kill_sessions()  # so that the watch is begun anew, with the shorter time
    with pytest.raises(StoreUnavailableError):
        sftp.stat("a")
    with pytest.raises(StoreUnavailableError):
        sftp.get("pipe")
    assert sftp.get("a") == b"1"


# --- threads


def test_two_stores_create_only(opened: Callable[..., SftpStore]) -> None:
    stores = [opened(), opened()]
    for turn in range(10):
        winners: list[int] = []

        def create(number: int, name: str = f"log/{turn}", winners: list[int] = winners) -> None:
            try:
                stores[number % 2].put(name, b"%d" % number * 100_000, create_only=True)
            except ObjectExistsError:
                return
            winners.append(number)

        run_threads(*[lambda number=number: create(number) for number in range(8)])
        assert len(winners) == 1
        assert stores[0].get(f"log/{turn}") == b"%d" % winners[0] * 100_000


def test_many_threads(sftp: SftpStore) -> None:
    contents = {f"packs/{number % 4:02x}/{number}": os.urandom(300_000 + number) for number in range(48)}
    names = iter(list(contents))
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                name = next(names, None)
            if name is None:
                return
            sftp.put(name, contents[name])
            buffer = bytearray(len(contents[name]) - 1000)
            sftp.get_into(name, memoryview(buffer), 1000)
            assert buffer == contents[name][1000:]
            sftp.flush()

    run_threads(*[work] * 16)
    assert {info.name: info.size_bytes for info in sftp.list()} == {k: len(v) for k, v in contents.items()}


def test_a_stale_lock_is_broken(
    opened: Callable[..., SftpStore], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def unsupported(*_: object) -> None:
        raise asyncssh.SFTPOpUnsupported("not here")

    monkeypatch.setattr(asyncssh.SFTPClient, "link", unsupported)
    store = opened()
    lock = tmp_path / "store" / ".~a.md.lock"
    lock.write_text("")
    with pytest.raises(StoreBusyError):
        store.put("a", b"1", create_only=True)
    os.utime(lock, (1, 1))
    with pytest.raises(StoreBusyError):
        store.put("a", b"1", create_only=True)
    store.put("a", b"1", create_only=True)
    assert store.get("a") == b"1"
    assert hidden(tmp_path / "store") == []


def test_closed(sftp: SftpStore) -> None:
    sftp.close()
    with pytest.raises(StoreUnavailableError):
        sftp.get("a")
    assert not [thread for thread in threading.enumerate() if thread.name == "sftp"]


# --- a whole locker


def test_a_locker_on_sftp(server: SftpServer, trust: Callable[[SftpServer], None], home: Path, tmp_path: Path) -> None:
    from megadesk.core.app import App

    trust(server)
    shutil.copy(server.user_key, home / ".ssh" / "id_ed25519")
    source = tmp_path / "source"
    source.mkdir()
    (source / "large").write_bytes(os.urandom(20 * MIB))
    (source / "small").write_text("text")
    address = server.address(tmp_path / "remote" / "store")
    first, second = App(home=str(tmp_path / "first")), App(home=str(tmp_path / "second"))
    try:
        made = first.create_locker("passphrase", store=address, name="L")
        made.locker.transfers.run_now(made.locker.upload([str(source)], "/"))
        server.kill_sessions()
        joined = second.join_locker(address, "other passphrase", made.recovery_key, name="J")
        joined.transfers.run_now(joined.download(["/source"], str(tmp_path / "target")))
        for name in ("large", "small"):
            assert (tmp_path / "target" / "source" / name).read_bytes() == (source / name).read_bytes()
        assert joined.upkeep.check(read_data=True).problems == []
        (source / "more").write_text("more")
        joined.transfers.run_now(joined.upload([str(source / "more")], "/"))
        made.locker.refresh()
        made.locker.transfers.run_now(made.locker.download(["/more"], str(tmp_path / "again")))
        assert (tmp_path / "again" / "more").read_text() == "more"
    finally:
        first.close()
        second.close()
    assert hidden(tmp_path / "remote") == []


# --- addresses


@pytest.mark.parametrize(
    ("address", "host", "user", "port", "path"),
    [
        ("sftp://me@host/a/b", "host", "me", None, b"/a/b"),
        ("sftp://Host:2222//a/./b/", "host", None, 2222, b"/a/b"),
        ("sftp://a%40b@[::1]:22/x%20y%ff", "::1", "a@b", 22, b"/x y\xff"),
        ("sftp://me@host/~/a", "host", "me", None, b"a"),
        ("sftp://me@host/~", "host", "me", None, b"."),
        ("sftp://me@host/", "host", "me", None, b"/"),
    ],
)
def test_addresses(address: str, host: str, user: str | None, port: int | None, path: bytes) -> None:
    place = SftpPlace.parse(address)
    assert place == SftpPlace(host, user, port, path)
    assert SftpPlace.parse(place.address) == place


@pytest.mark.parametrize(
    "address",
    [
        "sftp://me:hunter2@host/a",
        "sftp://host",
        "sftp:///a",
        "sftp://me@/a",
        "sftp://@host/a",
        "sftp://-oProxyCommand=x/a",
        "sftp://host:0/a",
        "sftp://host:99999/a",
        "sftp://host:x/a",
        "sftp://host/a/../b",
        "sftp://host/a?b",
        "sftp://host/%00",
        "sftp://m%0ae@host/a",
        "sftp://%ff@host/a",
        "sftp://host/\ud800",
        "sftp:host/a",
    ],
)
def test_no_addresses(address: str) -> None:
    with pytest.raises(AddressError) as caught:
        open_store(address)
    assert "hunter2" not in caught.value.explanation


def test_the_library_is_loaded_only_for_these_addresses() -> None:
    code = "import sys, megadesk.core.app; sys.exit('asyncssh' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_sshd_is_looked_for_outside_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert find_sshd() is None or os.access(str(find_sshd()), os.X_OK)
