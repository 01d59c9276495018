"""Where links live, each the real thing: the app's share server, `megadesk serve`, a bucket, an HTML file."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.contract import md_servers, s3_servers
from tests.contract.test_s3 import make_bucket
from tests.system.cli.cli_process import DEADLINE_S, Machine

LAN = "10.213.77.2"
"""An address of the test's own network namespace: plain http to it is no secure context for a browser."""


@dataclass
class Place:
    """A computer with a locker, and how links of it are made."""

    machine: Machine
    options: list[str] = field(default_factory=list)
    html: bool = False
    asks_for_file: bool = False
    """Whether the page asks for the file that it is in, when that is large."""

    def put(self, path: Path) -> None:
        self.machine.run("put", str(path))

    def link(self, path: str, *options: str) -> str:
        """The URL of a new link."""
        words = ["link", "make", path, *self.options, *options]
        if self.html:
            words += ["--html", str(self.machine.folder / f"{uuid.uuid4().hex}.html")]
        return self.machine.run(*words).lines[0]


@contextlib.contextmanager
def share(folder: Path, listen: str = "127.0.0.1", prefix: tuple[str, ...] = ()) -> Iterator[Place]:
    """A locker in a folder, served by `megadesk link serve`, in a network namespace by ``prefix``."""
    machine = Machine(folder)
    machine.run("init")
    command = [*prefix, *machine.command(["link", "serve", "--listen", f"{listen}:0"])]
    process = subprocess.Popen(
        command,
        env=machine.env({}),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline().startswith(b"http://")
        yield Place(machine)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=DEADLINE_S)


@contextlib.contextmanager
def lan(folder: Path) -> Iterator[Place]:
    """The same at a plain LAN address."""
    with namespace() as prefix, share(folder, LAN, prefix) as place:
        yield place


@contextlib.contextmanager
def namespace() -> Iterator[tuple[str, ...]]:
    """A network of two addresses on this machine. Raises OSError where that is not allowed."""
    name = f"md{os.getpid()}"
    host = LAN.rpartition(".")[0] + ".1"

    def ip(*words: str) -> None:
        done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
        if done.returncode:
            raise OSError(f"ip {' '.join(words)}: {done.stderr}")

    ip("netns", "add", name)
    try:
        ip("link", "add", f"{name}a", "type", "veth", "peer", "name", f"{name}b")
        ip("link", "set", f"{name}b", "netns", name)
        ip("addr", "add", f"{host}/24", "dev", f"{name}a")
        ip("link", "set", f"{name}a", "up")
        ip("-n", name, "addr", "add", f"{LAN}/24", "dev", f"{name}b")
        ip("-n", name, "link", "set", f"{name}b", "up")
        ip("-n", name, "link", "set", "lo", "up")
        yield ("ip", "netns", "exec", name)
    finally:
        subprocess.run(["ip", "netns", "del", name], check=False)


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[Place]:
    """A locker on `megadesk serve`."""
    (folder / "server").mkdir(parents=True)
    with md_servers.in_process(str(folder / "store"), folder / "server") as server:
        machine = Machine(folder / "machine")
        machine.environment["MEGADESK_STORE_TOKEN"] = server.token
        machine.run("init", server.address)
        yield Place(machine)


@contextlib.contextmanager
def bucket(folder: Path) -> Iterator[Place]:
    """A locker in a private bucket; links are presigned."""
    with s3_servers.moto() as server:
        yield _in_bucket(server, folder)


@contextlib.contextmanager
def gateway(folder: Path) -> Iterator[Place]:
    """The same on Ceph's gateway, which checks signatures. Raises MissingError where Ceph is not installed."""
    with s3_servers.ceph() as server:
        yield _in_bucket(server, folder)


def _in_bucket(server: s3_servers.S3Server, folder: Path) -> Place:
    make_bucket(server, "bucket")
    machine = Machine(folder)
    machine.environment |= {
        "AWS_ACCESS_KEY_ID": s3_servers.ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": s3_servers.SECRET_KEY,
    }
    machine.run("init", server.address("bucket", "shelf"))
    return Place(machine, ["--expires", "2d"])


@contextlib.contextmanager
def html(folder: Path) -> Iterator[Place]:
    """A locker in a folder; links are files."""
    machine = Machine(folder)
    machine.run("init")
    yield Place(machine, html=True, asks_for_file=True)


PLACES = {"share": share, "serve": serve, "bucket": bucket, "html": html, "lan": lan}
