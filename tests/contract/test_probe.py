"""The Test button against real servers: each fault by its name."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from megadesk.core.app import App
from megadesk.core.probe import Verdict
from megadesk.server.tokens import Scope
from megadesk.stores.api import Store
from megadesk.stores.credentials import BearerCredentials, PasswordCredentials, S3Credentials
from megadesk.stores.memory import MemoryStore
from megadesk.stores.open import AnyCredentials
from megadesk.stores.s3 import S3Store
from megadesk.stores.sftp_place import SftpCredentials
from tests.contract import dav_servers, md_servers, s3_servers, sftp_server
from tests.contract.dav_servers import PASSWORD, USER
from tests.contract.fault_proxy import Trouble, before
from tests.contract.s3_servers import ACCESS_KEY, SECRET_KEY
from tests.system.cli.cli_process import Machine


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = App(str(tmp_path / "home"))
    yield app
    app.close()


@pytest.fixture(scope="module")
def dav() -> Iterator[dav_servers.Server]:
    with dav_servers.rclone() as server:
        yield server


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[s3_servers.S3Server]:
    folder = tmp_path_factory.mktemp("s3")
    (folder / "bucket").mkdir()
    try:
        with s3_servers.rclone(folder) as server:
            yield server
    except s3_servers.MissingError as error:
        pytest.skip(str(error))


def test_webdav(app: App, dav: dav_servers.Server) -> None:
    right, wrong = PasswordCredentials(USER, PASSWORD), PasswordCredentials(USER, "wrong")
    assert app.test_store(dav.address("a"), right).verdict is Verdict.NO_PLACE
    assert app.test_store(dav.address("a"), wrong).verdict is Verdict.CREDENTIALS
    assert app.test_store(dav.address("a")).verdict is Verdict.CREDENTIALS
    assert app.test_store(dav.address("a"), right, create=True).verdict is Verdict.OK
    assert app.test_store(dav.address("a").replace("dav:", "davs:"), right).verdict is Verdict.TLS
    app.create_locker("a passphrase", store=dav.address("a"), credentials=right)
    assert app.test_store(dav.address("a"), right).verdict is Verdict.HOLDS_LOCKER


def test_s3(app: App, s3: s3_servers.S3Server) -> None:
    right = S3Credentials(ACCESS_KEY, SECRET_KEY)
    assert app.test_store(s3.address("bucket", "a"), right).verdict is Verdict.OK
    assert app.test_store(s3.address("bucket", "a")).verdict is Verdict.CREDENTIALS
    wrong = S3Credentials(ACCESS_KEY, "wrong")
    assert app.test_store(s3.address("bucket", "a"), wrong).verdict is Verdict.CREDENTIALS
    assert app.test_store(s3.address("nobucket", "a"), right).verdict is Verdict.NO_PLACE
    elsewhere = s3.address("bucket").replace("http://127.0.0.1", "https://127.0.0.1")
    assert app.test_store(elsewhere, right).verdict is Verdict.TLS


def test_the_terminal_asks_and_keeps(tmp_path: Path, dav: dav_servers.Server) -> None:
    """Nothing is known of the server's password but what a person types, once."""
    machine = Machine(tmp_path / "machine")
    with machine.terminal("init", dav.address("typed")) as terminal:
        terminal.expect("User name")
        terminal.type(USER)
        terminal.expect("Password:")
        terminal.type("wrong")
        terminal.expect("User name")
        terminal.type(USER)
        terminal.expect("Password:")
        terminal.type(PASSWORD)
        seen = terminal.end()
    assert PASSWORD not in seen
    (machine.folder / "file").write_bytes(b"content")
    machine.run("put", "file")
    assert machine.run("ls").text == "file\n"


# --- each fault, on each kind of storage that can have it

RIGHT_S3 = S3Credentials(ACCESS_KEY, SECRET_KEY)
RIGHT_DAV = PasswordCredentials(USER, PASSWORD)


def everywhere(netloc: str, *, safe: bool = False) -> dict[str, AnyCredentials]:
    """An address of every kind at one host and port, and what would open it."""
    s = "s" if safe else ""
    return {
        f"dav{s}://{netloc}/x": RIGHT_DAV,
        f"megadesk+http{s}://{netloc}/x": BearerCredentials("md_" + "0" * 60),
        f"s3://bucket/x?endpoint=http{s}://{netloc}&region=r&style=path": RIGHT_S3,
    }


def test_a_computer_that_nobody_knows(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    addresses = everywhere("no-such-computer.invalid") | {"sftp://anna@no-such-computer.invalid/x": SftpCredentials()}
    for address, credentials in addresses.items():
        result = app.test_store(address, credentials)
        assert result.verdict is Verdict.HOST_UNKNOWN, (address, result)
        assert result.remedy


def test_nobody_listens(app: App) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        at = f"127.0.0.1:{bound.getsockname()[1]}"
        for address, credentials in (everywhere(at) | {f"sftp://anna@{at}/x": SftpCredentials()}).items():
            result = app.test_store(address, credentials)
            assert result.verdict is Verdict.REFUSED, (address, result)
            assert result.remedy


def test_no_secure_connection(app: App, dav: dav_servers.Server) -> None:
    """A server that speaks plain http, asked over https."""
    for address, credentials in everywhere(f"127.0.0.1:{dav.port}", safe=True).items():
        assert app.test_store(address, credentials).verdict is Verdict.TLS, address


def test_a_megadesk_server(app: App) -> None:
    with md_servers.in_thread(MemoryStore()) as server:
        right, wrong = BearerCredentials(server.token), BearerCredentials(server.token[:-1] + "x")
        assert app.test_store(server.address("a"), right).verdict is Verdict.OK
        assert app.test_store(server.address("a"), wrong).verdict is Verdict.CREDENTIALS
        reading = BearerCredentials(server.add_token(Scope.READ))
        refused = app.test_store(server.address("a"), reading)
        assert refused.verdict is Verdict.NOT_WRITABLE
        assert "read and write" in refused.remedy
        small = BearerCredentials(server.add_token(Scope.READ, Scope.WRITE, prefix="b/", quota_bytes=1000))
        assert app.test_store(server.address("b"), small).verdict is Verdict.FULL
        elsewhere = app.test_store(server.address("c"), small)
        assert elsewhere.verdict is Verdict.NOT_READABLE, elsewhere


@pytest.mark.parametrize(
    ("trouble", "verdict"), [(Trouble.FULL, Verdict.FULL), (Trouble.FORBIDDEN, Verdict.NOT_WRITABLE)]
)
def test_a_webdav_server_that_takes_nothing(
    app: App, dav: dav_servers.Server, trouble: Trouble, verdict: Verdict
) -> None:
    assert app.test_store(dav.address("full"), RIGHT_DAV, create=True).verdict is Verdict.OK
    with before(dav.port, lambda number, method: trouble if method == "PUT" else None) as proxy:
        assert app.test_store(f"dav://127.0.0.1:{proxy.port}/full", RIGHT_DAV).verdict is verdict


@pytest.mark.servers
@pytest.mark.parametrize("start", [dav_servers.nginx, dav_servers.apache])
def test_webdav_servers_that_only_give(app: App, start: Any) -> None:
    with start(read_only=True) as server:
        (server.data / "a").mkdir()
        assert app.test_store(server.address("a"), RIGHT_DAV).verdict is Verdict.NOT_WRITABLE


@pytest.mark.servers
def test_sftp(app: App, home: Path, tmp_path: Path) -> None:
    sftp_server.need_sshd()
    with contextlib.ExitStack() as stack:

        def started(name: str, *settings: str) -> sftp_server.SftpServer:
            server = sftp_server.SftpServer(tmp_path / name, *settings)
            stack.callback(server.stop)
            server.start()
            return server

        server, reading = started("sshd"), started("reading", "Subsystem sftp internal-sftp -R")
        address = server.address(tmp_path / "place")
        unknown = app.test_store(address, server.credentials)
        assert unknown.verdict is Verdict.HOST_KEY_UNKNOWN
        assert unknown.fingerprint.startswith("SHA256:")
        app.trust_host(unknown.known_hosts_line)
        app.trust_host(app.test_store(reading.address("/"), reading.credentials).known_hosts_line)
        assert app.test_store(address, server.credentials).verdict is Verdict.NO_PLACE
        assert app.test_store(address, server.credentials, create=True).verdict is Verdict.OK
        other = SftpCredentials(key_file=str(sftp_server.make_key(tmp_path / "other")))
        assert app.test_store(address, other).verdict is Verdict.CREDENTIALS
        there = reading.address(tmp_path / "place")
        assert app.test_store(there, reading.credentials).verdict is Verdict.NOT_WRITABLE
        known = home / ".ssh" / "known_hosts"
        line = known.read_text().splitlines()[0].split()
        known.write_text(f"{line[0]} {reading.known_hosts_line().split(None, 1)[1]}")
        assert app.test_store(address, server.credentials).verdict is Verdict.HOST_KEY_CHANGED


@pytest.mark.servers
def test_a_distributed_engine(app: App, tmp_path: Path) -> None:
    """Ceph's gateway: keys, buckets, rights, quotas and clocks as they are in earnest."""
    with contextlib.ExitStack() as stack:
        try:
            ceph = stack.enter_context(s3_servers.ceph())
        except s3_servers.MissingError as error:
            pytest.skip(str(error))
        assert ceph.admin is not None
        owner = stack.enter_context(S3Store(ceph.address("bucket"), RIGHT_S3))
        for query, body in (({}, b""), ({"policy": ""}, json.dumps(_READ_ONLY).encode())):
            payload = hashlib.sha256(body).hexdigest()
            size = {"content-length": str(len(body))}
            with owner._exchange("PUT", query=query, headers=size, payload=payload, body=[memoryview(body)]) as answer:
                assert answer.status in (200, 204)
        ceph.admin("user", "create", "--uid=guest", "--display-name=guest", "--access-key=GUEST", "--secret-key=GUEST")
        address = ceph.address("bucket", "a")
        assert app.test_store(address, RIGHT_S3).verdict is Verdict.OK
        assert app.test_store(ceph.address("nobucket", "a"), RIGHT_S3).verdict is Verdict.NO_PLACE
        for wrong in (S3Credentials(ACCESS_KEY, "wrong"), S3Credentials("NOBODY", SECRET_KEY)):
            assert app.test_store(address, wrong).verdict is Verdict.CREDENTIALS
        assert app.test_store(address, S3Credentials("GUEST", "GUEST")).verdict is Verdict.NOT_WRITABLE

        def late(store: Store) -> Store:
            assert isinstance(store, S3Store)
            store._clock = datetime.timedelta(hours=-1)
            return store

        other = App(str(tmp_path / "late"), store_wrapper=late)
        stack.callback(other.close)
        clock = other.test_store(address, RIGHT_S3)
        assert clock.verdict is Verdict.CLOCK
        assert "Set the clock" in clock.remedy
        ceph.admin("quota", "set", "--quota-scope=user", "--uid=t", "--max-size=100K")
        ceph.admin("quota", "enable", "--quota-scope=user", "--uid=t")
        assert app.test_store(address, RIGHT_S3).verdict is Verdict.FULL


_READ_ONLY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": ["arn:aws:iam:::user/guest"]},
            "Action": ["s3:GetObject", "s3:ListBucket"],
            "Resource": ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"],
        }
    ],
}
