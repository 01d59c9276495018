"""The server as a program: it stops, is killed, comes back, speaks TLS; and the command line on it."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from megadesk.errors import StoreError, StoreUnavailableError
from megadesk.stores.api import Data, Store
from megadesk.stores.credentials import BearerCredentials
from megadesk.stores.http_place import parse_place
from megadesk.stores.retry import RetryPolicy, RetryStore
from megadesk.stores.server import ServerStore
from tests.contract import md_servers
from tests.system.cli.cli_process import Machine

DEADLINE_S = 60.0
MIB = 1 << 20
PATIENT = RetryPolicy(tries=200, first_s=0.02, ceiling_s=0.2, total_s=DEADLINE_S)


class SlowBody:
    """A request's body that waits in its middle until it is let go."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.half = threading.Event()
        self.go_on = threading.Event()


def slow_put(server: md_servers.ProcessServer, name: str, slow: SlowBody, results: list[str]) -> threading.Thread:
    """A put over a plain socket, half of which is sent before it waits."""
    import socket

    def run() -> None:
        half = len(slow.content) // 2
        with socket.create_connection(("127.0.0.1", server.port), DEADLINE_S) as sock:
            head = f"PUT /v1/objects/{name} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {server.token}\r\n"
            sock.sendall(f"{head}content-length: {len(slow.content)}\r\n\r\n".encode() + slow.content[:half])
            slow.half.set()
            slow.go_on.wait(DEADLINE_S)
            try:
                sock.sendall(slow.content[half:])
                results.append(sock.recv(1000).split(b" ")[1].decode())
            except (OSError, IndexError) as error:
                results.append(type(error).__name__)

    thread = threading.Thread(target=run)
    thread.start()
    assert slow.half.wait(DEADLINE_S)
    return thread


def wait_until(condition: object, what: str) -> None:
    assert callable(condition)
    end = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def refuses(server: md_servers.ProcessServer) -> bool:
    try:
        server.client().close()
    except StoreUnavailableError:
        return True
    return False


def test_a_stop_lets_uploads_finish_and_ends_streams(tmp_path: Path) -> None:
    with md_servers.in_process(str(tmp_path / "behind"), tmp_path) as server:
        store = server.client()
        heard = store.listen("log/")
        assert next(heard) == ""
        slow, results = SlowBody(os.urandom(2 * MIB)), list[str]()
        thread = slow_put(server, "packs/ab/x", slow, results)
        server.process.send_signal(signal.SIGTERM)
        with pytest.raises(StoreUnavailableError):
            next(heard)
        wait_until(lambda: refuses(server), "new connections are refused")
        assert server.process.poll() is None, "it waits for the upload"
        slow.go_on.set()
        thread.join(DEADLINE_S)
        assert results == ["204"]
        assert server.stop() == 0
        store.close()
    assert (tmp_path / "behind" / "packs" / "ab" / "x").read_bytes() == slow.content


def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    with md_servers.in_process(str(tmp_path / "behind"), tmp_path) as server:
        slow, results = SlowBody(os.urandom(2 * MIB)), list[str]()
        thread = slow_put(server, "packs/ab/x", slow, results)
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: refuses(server), "new connections are refused")
        assert server.stop() == 0
        slow.go_on.set()
        thread.join(DEADLINE_S)
        assert results != ["204"]
    assert not (tmp_path / "behind" / "packs" / "ab" / "x").exists()


STOPPED_AT_ONCE = """
import os, signal, sys
from megadesk.server.run import Listen
from megadesk.server.serve import ServeOptions, serve

def started(running):
    os.kill(os.getpid(), signal.SIGTERM)

serve(ServeOptions(sys.argv[1], listen=Listen(port=0)), first_token=lambda token: None, started=started)
assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
print("stopped in order")
"""


def test_a_signal_as_soon_as_the_address_is_told(tmp_path: Path) -> None:
    """It ended the process by -15 when it came between the address and the server's loop.

    In a process of its own: a browser that other tests drive leaves a running loop in this one.
    """
    command = [sys.executable, "-P", "-c", STOPPED_AT_ONCE, str(tmp_path / "behind")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=DEADLINE_S)
    assert (done.returncode, done.stdout) == (0, "stopped in order\n"), done.stderr


def test_killed_in_the_middle_of_an_upload_and_back(tmp_path: Path) -> None:
    """Nothing half is ever seen, what was answered is there, and a client that tries again gets through."""
    behind = str(tmp_path / "behind")
    server = md_servers.start_process(behind, tmp_path)
    slow, results = SlowBody(os.urandom(2 * MIB)), list[str]()
    contents = {f"packs/{number:02x}/x": os.urandom(MIB + number) for number in range(24)}
    answered: list[str] = []
    with server.client() as bare:
        store: Store = RetryStore(bare, PATIENT)
        thread = slow_put(server, "packs/ab/slow", slow, results)

        def put_all() -> None:
            for name, content in contents.items():
                store.put(name, content)
                answered.append(name)

        putting = threading.Thread(target=put_all)
        putting.start()
        for round_ in range(3):
            wait_until(lambda: len(answered) >= 4 * (round_ + 1), "puts go on")  # noqa: B023
            server.stop(signal.SIGKILL)
            for name in list(answered):
                assert (tmp_path / "behind" / name).read_bytes() == contents[name]
            server = md_servers.start_process(behind, tmp_path, port=server.port, token=server.token)
        putting.join(DEADLINE_S)
        assert answered == list(contents)
        slow.go_on.set()
        thread.join(DEADLINE_S)
        assert results != ["204"]
        for name, content in contents.items():
            assert bare.get(name, max_bytes=2 * MIB) == content
        assert [info.name for info in bare.list()] == sorted(contents)
    assert server.stop() == 0


def test_a_put_of_files_survives_restarts_of_the_server(tmp_path: Path) -> None:
    """The whole command line: the server is stopped and started in the middle of an upload."""
    source = tmp_path / "source"
    source.mkdir()
    contents = {f"file{number:02}": os.urandom(3 * MIB + number) for number in range(40)}
    for name, content in contents.items():
        (source / name).write_bytes(content)
    behind = str(tmp_path / "behind")
    server = md_servers.start_process(behind, tmp_path)
    machine = machine_of(tmp_path / "one", server)
    machine.run("init", server.address)
    with machine.popen("put", str(source)) as process:
        packs = tmp_path / "behind" / "packs"
        for number, ending in enumerate((signal.SIGKILL, signal.SIGTERM)):
            wait_until(
                lambda: process.poll() is not None or len(list(packs.rglob("?" * 32))) > 2 * number,  # noqa: B023
                "packs arrive",
            )
            server.stop(ending)
            server = md_servers.start_process(behind, tmp_path, port=server.port, token=server.token)
        process.communicate(timeout=DEADLINE_S)
        if process.returncode:
            machine.run("put", str(source))  # as its message says; it goes on where it was
    machine.run("get", "/source", "--to", str(tmp_path / "got"))
    for name, content in contents.items():
        assert (tmp_path / "got" / "source" / name).read_bytes() == content
    assert machine.json("check", "--read-data")["problems"] == []
    server.stop()


def machine_of(folder: Path, server: md_servers.ProcessServer, token: str = "") -> Machine:
    machine = Machine(folder)
    machine.environment["MEGADESK_STORE_TOKEN"] = token or server.token
    return machine


def test_the_command_line_works_on_a_server(tmp_path: Path) -> None:
    behind = str(tmp_path / "behind")
    (tmp_path / "tree" / "sub").mkdir(parents=True)
    (tmp_path / "tree" / "sub" / "a.txt").write_bytes(b"first")
    (tmp_path / "tree" / "big").write_bytes(os.urandom(17 * MIB))
    with md_servers.in_process(behind, tmp_path) as server:
        one = machine_of(tmp_path / "one", server)
        anna = md_servers.run_token(behind, tmp_path, ["add", "--name", "anna", "--prefix", "family"])
        # A token of a running server's store, made beside it, bound to one folder.
        two = machine_of(tmp_path / "two", server, anna)
        key = one.json("init", f"{server.address}/family")["recovery_key"]
        one.run("put", str(tmp_path / "tree"))
        two.run("join", f"{server.address}/family", env={"MEGADESK_RECOVERY_KEY": key})
        assert "tree" in two.run("ls", "/").text
        assert sorted(two.run("ls", "-R", "/tree").lines) == sorted(one.run("ls", "-R", "/tree").lines)
        two.run("get", "/tree", "--to", str(tmp_path / "got"))
        assert (tmp_path / "got" / "tree" / "big").read_bytes() == (tmp_path / "tree" / "big").read_bytes()
        (tmp_path / "tree" / "sub" / "a.txt").write_bytes(b"second")
        two.run("put", str(tmp_path / "tree"))
        assert len(one.json("versions", "/tree/sub/a.txt")) >= 1
        one.run("mkdir", "/new")
        one.run("mv", "/tree/sub/a.txt", "/new")
        one.run("cp", "/new/a.txt", "/new/b.txt")
        one.run("rm", "/tree/big")
        two.run("restore", "big")
        one.run("rm", "--purge", "/tree/big")
        assert "a.txt" in two.run("find", "a.tx").text
        for machine in (one, two):
            assert machine.json("check", "--read-data")["problems"] == []
            machine.run("gc")
        assert len(one.json("devices")) == 2
        assert one.json("status")["lockers"][0]["store_kind"] == "server"
        # And a machine whose token was taken away is told so.
        md_servers.run_token(behind, tmp_path, ["rm", anna.split("_")[1]])
        wait_until(lambda: is_refused(server, anna), "the server notices")
        assert "token" in two.run("put", str(tmp_path / "tree"), status=1).err
        assert server.stop() == 0


def is_refused(server: md_servers.ProcessServer, token: str) -> bool:
    try:
        ServerStore(parse_place(server.address, "http"), BearerCredentials(token)).close()
    except StoreError:
        return True
    return False


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of its own making for 127.0.0.1, and its key."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return cert_file, key_file


def test_tls_with_a_certificate_of_ones_own(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    cert, key = certificate
    options = ("--tls-cert", str(cert), "--tls-key", str(key), "--public-url", "https://files.example")
    with md_servers.in_process(str(tmp_path / "behind"), tmp_path, *options) as server:
        assert server.url.startswith("https://")
        place = parse_place(server.address, "https")
        # Not trusted: nothing is sent, least of all the token.
        with pytest.raises(StoreError) as caught:
            ServerStore(place, BearerCredentials(server.token))
        assert "certificate" in str(caught.value)
        tls = ssl.create_default_context(cafile=str(cert))
        content: Data = os.urandom(3 * MIB)
        with ServerStore(place, BearerCredentials(server.token), tls=tls) as store:
            store.put("a/b", content)
            assert store.get("a/b", max_bytes=4 * MIB) == content
            host = store.link_host()
            assert host is not None
            assert host.base_url == "https://files.example/d/"
            heard = store.listen("log/")
            assert next(heard) == ""
            store.put("log/a/1", b"x")
            assert next(heard) == "log/a/1"
            waiting: list[list[str]] = []
            thread = threading.Thread(target=lambda: waiting.append(list(heard)))
            thread.start()
            heard.close()
            thread.join(DEADLINE_S)
            assert waiting == [[]]
        assert server.stop() == 0


def test_what_is_wrong_is_told_at_the_start(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    def fails(*words: str) -> str:
        machine = Machine(tmp_path / "machine")
        return machine.run("serve", *words, status=1).err

    behind = str(tmp_path / "behind")
    with md_servers.in_process(behind, tmp_path) as server:
        assert "--listen" in fails(behind, "--listen", f"127.0.0.1:{server.port}")
    assert "HOST:PORT" in fails(behind, "--listen", "nonsense")
    (tmp_path / "file").write_bytes(b"x")
    assert "not a folder" in fails(str(tmp_path / "file"))
    assert "cannot be used" in fails(behind, "--tls-cert", str(tmp_path / "file"), "--tls-key", str(certificate[1]))
    assert "website" in fails(behind, "--public-url", "ftp://x")


def test_the_owners_token_is_printed_once(tmp_path: Path) -> None:
    behind = str(tmp_path / "behind")
    with md_servers.in_process(behind, tmp_path) as server:
        assert server.token.startswith("md_")
        assert server.token not in "".join(server.log)
        server.client().close()
    with md_servers.in_process(behind, tmp_path) as again:
        assert again.token == ""
    listed = subprocess.run(
        [*Machine(tmp_path / "m").command(["serve", "token", "ls", behind])],
        capture_output=True,
        text=True,
        check=True,
        env=Machine(tmp_path / "m").environment,
    ).stdout
    assert listed.count("owner") == 1
    assert server.token.rpartition("_")[2] not in listed
