"""MegaDesk servers for tests: in a thread of this process, or the real command in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from megadesk.server.app import make_app
from megadesk.server.backing import Backing
from megadesk.server.page import LinkPage
from megadesk.server.run import Listen, Running, serve_in_thread
from megadesk.server.settings import Limits
from megadesk.server.tokens import Scope
from megadesk.stores.api import Store
from megadesk.stores.credentials import BearerCredentials
from megadesk.stores.http_place import parse_place
from megadesk.stores.server import ServerStore

ROOT = Path(__file__).resolve().parents[2]
START_S = 60.0
QUICK = replace(Limits(), stop_s=10)


@dataclass
class ThreadServer:
    """A server in this process. ``token`` may read and write everything."""

    backing: Backing
    running: Running
    token: str

    @property
    def port(self) -> int:
        return self.running.port

    def address(self, folder: str = "") -> str:
        return f"megadesk+http://127.0.0.1:{self.port}" + (f"/{folder}" if folder else "")

    def client(self, token: str | None = None, folder: str = "") -> ServerStore:
        place = parse_place(self.address(folder), "http")
        return ServerStore(place, BearerCredentials(token or self.token))

    def add_token(self, *scopes: Scope, prefix: str = "", quota_bytes: int | None = None) -> str:
        return self.backing.tokens.add("test", scopes, prefix=prefix, quota_bytes=quota_bytes)[1]

    def get(self, path: str, token: str | None = None) -> tuple[int, bytes]:
        import http.client

        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path, headers={"authorization": f"Bearer {token or self.token}"})
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found


@contextlib.contextmanager
def in_thread(
    store: Store,
    *,
    limits: Limits = QUICK,
    quota_bytes: int | None = None,
    poll_s: float = 0.0,
    page: LinkPage | None = None,
    listen: Listen | None = None,
) -> Iterator[ThreadServer]:
    backing = Backing(store, limits=limits, quota_bytes=quota_bytes, poll_s=poll_s)
    token = backing.tokens.add("owner", [Scope.READ, Scope.WRITE])[1]
    running = serve_in_thread(make_app(backing, page), listen, limits, stopping=backing.stopping)
    try:
        yield ThreadServer(backing, running, token)
    finally:
        running.stop()
        backing.close()


@dataclass
class ProcessServer:
    """``megadesk serve`` in a process of its own. ``token``: what it printed, or was given."""

    process: subprocess.Popen[str]
    url: str
    token: str
    log: list[str]
    reader: threading.Thread

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def address(self) -> str:
        return f"megadesk+{self.url}"

    def client(self) -> ServerStore:
        scheme = self.url.partition(":")[0]
        return ServerStore(parse_place(self.address, scheme), BearerCredentials(self.token))

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it by a signal; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(START_S)
        self.reader.join(START_S)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return status


def start_process(
    store: str, home: Path, *options: str, port: int = 0, token: str = "", environ: dict[str, str] | None = None
) -> ProcessServer:
    """Returns when it listens."""
    command = [sys.executable, "-m", "megadesk", "--json", "serve", store, "--listen", f"127.0.0.1:{port}", *options]
    passed_on = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
    environment = {name: os.environ[name] for name in passed_on if name in os.environ} | {
        "HOME": str(home),
        "MEGADESK_HOME": str(home / "megadesk"),
        "PYTHONPATH": str(ROOT),
        **(environ or {}),
    }
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    assert process.stderr is not None
    log: list[str] = []
    stderr = process.stderr
    reader = threading.Thread(target=lambda: log.extend(stderr), daemon=True)
    reader.start()
    said = _first_values(process.stdout)
    if "listening" not in said:
        process.wait(START_S)
        reader.join(START_S)
        raise RuntimeError(f"the server did not start: {''.join(log)}")
    return ProcessServer(process, said["listening"], token or said.get("token", ""), log, reader)


@contextlib.contextmanager
def in_process(store: str, home: Path, *options: str, environ: dict[str, str] | None = None) -> Iterator[ProcessServer]:
    server = start_process(store, home, *options, environ=environ)
    try:
        yield server
    finally:
        server.stop(signal.SIGKILL)


def _first_values(lines: Iterator[str]) -> dict[str, str]:
    """What it prints at its start: JSON values, until it listens."""
    said: dict[str, str] = {}
    text = ""
    for line in lines:
        text += line
        with contextlib.suppress(ValueError):
            said |= json.loads(text)
            text = ""
        if "listening" in said:
            break
    return said


def run_token(store: str, home: Path, words: Sequence[str]) -> str:
    """``megadesk serve token ...``: what it prints."""
    environment = {**os.environ, "HOME": str(home), "MEGADESK_HOME": str(home / "megadesk"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "megadesk", "serve", "token", words[0], *words[1:], store]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=START_S, check=True)
    return done.stdout.strip()
