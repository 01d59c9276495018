"""S3 servers for tests, on free ports of loopback: moto, rclone, and a one-node Ceph with its gateway.

Each is a context manager that gives an `S3Server` and leaves no process behind. Missing programs raise `MissingError`.
By hand: ``python3 -m tests.contract.s3_servers ceph`` runs one until Ctrl-C.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import importlib.util
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ACCESS_KEY, SECRET_KEY = "AKTEST", "SKTEST"
CEPH_PROGRAMS = ("ceph-mon", "ceph-mgr", "ceph-osd", "radosgw", "radosgw-admin", "ceph", "ceph-authtool", "monmaptool")


class MissingError(Exception):
    """Programs that the server needs are not installed; the message says which."""


@dataclass(frozen=True)
class S3Server:
    endpoint: str
    admin: Callable[..., str] | None = None
    """Ceph: ``radosgw-admin`` with these words."""

    def address(self, bucket: str, prefix: str = "") -> str:
        return f"s3://{bucket}/{prefix}?endpoint={self.endpoint}&region=us-east-1"


def program(name: str) -> str:
    """Where a program is: beside this Python, or on the path."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise MissingError(f"{name} is not installed")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def wait_for(condition: Callable[[], bool], what: str, process: subprocess.Popen[bytes] | None = None) -> None:
    end = time.monotonic() + 120
    while not condition():
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"{what} ended with status {process.returncode}")
        if time.monotonic() > end:
            raise RuntimeError(f"{what} did not come up")
        time.sleep(0.05)


def make_bucket(server: S3Server, name: str) -> None:
    """Where nobody checks signatures."""
    urllib.request.urlopen(urllib.request.Request(f"{server.endpoint}/{name}", method="PUT"), timeout=10).close()


@contextlib.contextmanager
def _running(command: list[str], port: int) -> Iterator[S3Server]:
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: answers(port), command[0], process)
        yield S3Server(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def moto() -> Iterator[S3Server]:
    """Keeps everything in memory; knows conditions; checks no signature."""
    port = free_port()
    if importlib.util.find_spec("moto") is not None and importlib.util.find_spec("flask_cors") is not None:
        command = [sys.executable, "-m", "moto.server"]
    else:
        command = [program("moto_server")]
    with _running([*command, "-H", "127.0.0.1", "-p", str(port)], port) as server:
        yield server


@contextlib.contextmanager
def rclone(folder: Path) -> Iterator[S3Server]:
    """Serves a folder; its sub-folders are the buckets. Ignores conditions."""
    port = free_port()
    serve = [program("rclone"), "serve", "s3", "--addr", f"127.0.0.1:{port}", "--vfs-cache-mode", "off"]
    options = ["--auth-key", f"{ACCESS_KEY},{SECRET_KEY}", "--config", os.devnull, str(folder)]
    with _running([*serve, *options], port) as server:
        yield server


@contextlib.contextmanager
def ceph() -> Iterator[S3Server]:
    """A monitor, a manager, one object store daemon with memory behind it, and the gateway. Up in some 20 seconds."""
    for name in CEPH_PROGRAMS:
        program(name)
    # Unix sockets lie in it, and their paths are short.
    with tempfile.TemporaryDirectory(prefix="mdceph", dir="/tmp") as scratch:
        cluster = _Ceph(Path(scratch))
        try:
            yield cluster.start()
        finally:
            cluster.stop()


class _Ceph:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._conf = folder / "ceph.conf"
        self._keyring = folder / "keyring"
        self._daemons: list[subprocess.Popen[bytes]] = []
        self._environment = {**os.environ, "CEPH_CONF": str(self._conf)}

    def start(self) -> S3Server:
        v1, v2, gateway = free_port(), free_port(), free_port()
        fsid = str(uuid.uuid4())
        self._conf.write_text(self._settings(fsid, v1, v2, gateway))
        for name in ("mon", "mgr", "osd"):
            (self._folder / name).mkdir()
        self._keys()
        monmap = str(self._folder / "monmap")
        self._run(
            "monmaptool", "--create", "--fsid", fsid, "--addv", "a", f"[v2:127.0.0.1:{v2},v1:127.0.0.1:{v1}]", monmap
        )
        self._run("ceph-mon", "-i", "a", "--mkfs", "--monmap", monmap, "--keyring", str(self._keyring))
        self._daemon("ceph-mon", "-i", "a")
        self._run("ceph", "--connect-timeout", "60", "mon", "stat")
        self._daemon("ceph-mgr", "-i", "a")
        osd = str(uuid.uuid4())
        number = self._run("ceph", "osd", "new", osd).strip()
        rights = ("mon", "allow profile osd", "mgr", "allow profile osd", "osd", "allow *")
        self._run("ceph", "auth", "add", f"osd.{number}", *rights, "-i", self._key(number))
        self._run("ceph-osd", "-i", number, "--mkfs", "--osd-uuid", osd)
        self._daemon("ceph-osd", "-i", number)
        wait_for(lambda: " 1 up" in self._run("ceph", "osd", "stat"), "the object store daemon")
        radosgw = self._daemon("radosgw", "-n", "client.rgw")
        wait_for(lambda: answers(gateway), "radosgw", radosgw)
        keys = [f"--access-key={ACCESS_KEY}", f"--secret-key={SECRET_KEY}"]
        self._run("radosgw-admin", "user", "create", "--uid=t", "--display-name=t", *keys)
        return S3Server(f"http://127.0.0.1:{gateway}", lambda *words: self._run("radosgw-admin", *words))

    def _settings(self, fsid: str, v1: int, v2: int, gateway: int) -> str:
        at = self._folder
        return f"""
[global]
fsid = {fsid}
mon host = [v2:127.0.0.1:{v2},v1:127.0.0.1:{v1}]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
public network = 127.0.0.0/8
ms bind ipv6 = false
keyring = {self._keyring}
mon data = {at}/mon
mgr data = {at}/mgr
osd data = {at}/osd
run dir = {at}
pid file = {at}/$name.pid
admin socket = {at}/$name.asok
log file = {at}/$name.log
osd objectstore = memstore
memstore device bytes = 8589934592
osd max object name len = 256
osd max object namespace len = 64
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon max pg per osd = 1000
mgr initial modules =
rgw gc obj min wait = 1
rgw gc processor period = 5
rgw frontends = beast endpoint=127.0.0.1:{gateway}
"""

    def _keys(self) -> None:
        everything = dict.fromkeys(("mon", "osd", "mgr", "mds"), "allow *")
        rights = {"mon.": {"mon": "allow *"}, "mgr.a": everything, "client.admin": everything, "client.rgw": everything}
        with open(self._keyring, "w", encoding="ascii") as file:
            for name, allowed in rights.items():
                file.write(f"[{name}]\n\tkey = {_cephx_key()}\n")
                file.writelines(f'\tcaps {kind} = "{caps}"\n' for kind, caps in allowed.items())

    def _key(self, osd: str) -> str:
        """A file with the daemon's key; the daemon finds the same one in the common key ring."""
        lines = f"[osd.{osd}]\n\tkey = {_cephx_key()}\n"
        with open(self._keyring, "a", encoding="ascii") as file:
            file.write(lines)
        path = self._folder / "osd.key"
        path.write_text(lines)
        return str(path)

    def _run(self, name: str, *arguments: str) -> str:
        done = subprocess.run(
            [program(name), *arguments], env=self._environment, capture_output=True, text=True, timeout=120
        )
        if done.returncode:
            raise RuntimeError(f"{name} {' '.join(arguments[:2])}: {done.stderr.strip()[-500:]}")
        return done.stdout

    def _daemon(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen([program(name), "-f", *arguments], env=self._environment, **quiet)
        self._daemons.append(process)
        return process

    def stop(self) -> None:
        # Nothing here is worth an orderly end, which takes radosgw some seconds.
        for process in reversed(self._daemons):
            process.kill()
        for process in self._daemons:
            process.wait()


def _cephx_key() -> str:
    """A secret in Ceph's form: type AES, time of making, length, 16 bytes."""
    now = int(time.time())
    return base64.b64encode(struct.pack("<hiih", 1, now, 0, 16) + os.urandom(16)).decode()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        makers = {"moto": moto, "rclone": lambda: rclone(Path(folder)), "ceph": ceph}
        with makers[sys.argv[1]]() as server:
            print(server.endpoint, ACCESS_KEY, SECRET_KEY, flush=True)
            with contextlib.suppress(KeyboardInterrupt):
                signal.pause()


if __name__ == "__main__":
    main()
