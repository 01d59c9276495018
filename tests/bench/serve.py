"""``python3 dev.py bench serve``: puts and gets of objects of a pack's size, `megadesk serve` against nginx.

Both keep files in a folder of their own in memory (or in ``--folder``), both answer over loopback, and one client,
MegaDesk's own HTTP client, sends the same bytes to each in turns. Told is the ratio of the medians, and the processor
time of each server. nginx is used where it is installed (or named by ``--nginx``); alone, the server's own figures are
told.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from megadesk.stores.credentials import BearerCredentials
from megadesk.stores.http import Body, HttpClient
from megadesk.stores.http_place import HttpPlace

ROOT = Path(__file__).resolve().parents[2]
MIB = 1 << 20
START_S = 60.0


@dataclass
class Subject:
    """A server that runs. ``path`` comes before the names of objects."""

    name: str
    pid: int
    port: int
    path: str
    token: str = ""
    seconds: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)

    def client(self) -> HttpClient:
        place = HttpPlace("http", "127.0.0.1", self.port, "")
        return HttpClient(place, BearerCredentials(self.token) if self.token else None)

    def cpu_s(self) -> float:
        """Processor time of the server and its children so far."""
        total = 0.0
        for pid in (self.pid, *_children(self.pid)):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return total


def _children(pid: int) -> list[int]:
    return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    end = time.monotonic() + START_S
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if time.monotonic() > end:
            sys.exit("a server did not start")
        time.sleep(0.02)


@contextlib.contextmanager
def running(command: list[str], port: int, environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ
    )
    try:
        wait_for(port)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(START_S)


@contextlib.contextmanager
def megadesk(folder: Path) -> Iterator[Subject]:
    port = free_port()
    environ = {**os.environ, "HOME": str(folder), "MEGADESK_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "megadesk", "serve"]
    behind = str(folder / "objects")
    token = subprocess.run([*command, "token", "add", behind], check=True, capture_output=True, text=True, env=environ)
    with running([*command, behind, "--listen", f"127.0.0.1:{port}"], port, environ) as process:
        yield Subject("megadesk serve", process.pid, port, "/v1/objects/packs", token.stdout.strip())


@contextlib.contextmanager
def nginx(program: str, folder: Path) -> Iterator[Subject]:
    port = free_port()
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "data" / "packs").mkdir(parents=True)
    (folder / "conf").write_text(
        f"{'user root;' if os.geteuid() == 0 else ''} daemon off; worker_processes 1; pid {folder}/pid;"
        f" error_log {folder}/errors; events {{}} http {{ access_log off; client_max_body_size 64m; sendfile on;"
        f" {temporary} server {{ listen 127.0.0.1:{port}; location / {{ root {folder}/data; dav_methods PUT DELETE;"
        " create_full_put_path on; } } }"
    )
    command = [program, "-p", str(folder), "-e", str(folder / "errors"), "-c", str(folder / "conf")]
    with running(command, port, dict(os.environ)) as process:
        yield Subject("nginx", process.pid, port, "/packs")


def put_all(subject: Subject, content: bytes, names: list[str], threads: int) -> None:
    with contextlib.closing(subject.client()) as client, ThreadPoolExecutor(threads) as pool:

        def put(name: str) -> None:
            with (
                Body([memoryview(content)]) as body,
                client.request("PUT", f"{subject.path}/{name}", body=body) as answer,
            ):
                assert answer.status in (201, 204), answer.status

        list(pool.map(put, names))


def get_all(subject: Subject, size: int, names: list[str], threads: int) -> None:
    with contextlib.closing(subject.client()) as client, ThreadPoolExecutor(threads) as pool:

        def get(name: str) -> None:
            with client.request("GET", f"{subject.path}/{name}") as answer:
                assert answer.status == 200
                assert sum(len(chunk) for chunk in answer.chunks()) == size

        list(pool.map(get, names))


def measure(subject: Subject, what: str, action: Callable[[], None]) -> None:
    cpu, began = subject.cpu_s(), time.perf_counter()
    action()
    subject.seconds.setdefault(what, []).append(time.perf_counter() - began)
    subject.cpu.setdefault(what, []).append(subject.cpu_s() - cpu)


def peak_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench serve", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--objects", type=int, default=24, help="objects a round")
    parser.add_argument("--mib", type=int, nargs="+", default=[8, 16], help="sizes of objects")
    parser.add_argument("--threads", type=int, nargs="+", default=[4], help="requests at once")
    parser.add_argument("--folder", default="/dev/shm", help="where both keep their files")
    parser.add_argument("--nginx", default=shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"))
    options = parser.parse_args(arguments)
    threading.stack_size(512 << 10)
    with (
        tempfile.TemporaryDirectory(prefix="megadesk-bench-", dir=options.folder) as scratch,
        contextlib.ExitStack() as stack,
    ):
        subjects = []
        for name, maker in (("megadesk", megadesk), ("nginx", lambda folder: nginx(options.nginx, folder))):
            if name == "nginx" and not options.nginx:
                print("nginx is not installed: there is nothing to compare with")
                continue
            folder = Path(scratch, name)
            folder.mkdir()
            subjects.append(stack.enter_context(maker(folder)))
        for size in options.mib:
            content = os.urandom(size * MIB)
            for threads in options.threads:
                run(subjects, content, options.objects, threads, options.rounds)
        print(f"peak memory of megadesk serve: {peak_mib(subjects[0].pid):.0f} MiB")


def run(subjects: list[Subject], content: bytes, objects: int, threads: int, rounds: int) -> None:
    for subject in subjects:
        subject.seconds.clear()
        subject.cpu.clear()
    for round_ in range(rounds + 1):
        # In turns, and each first as often as the other.
        for subject in subjects if round_ % 2 else reversed(subjects):
            names = [f"{number:032x}" for number in range(objects)]
            measure(subject, "put", lambda: put_all(subject, content, names, threads))  # noqa: B023 - called at once
            measure(subject, "get", lambda: get_all(subject, len(content), names, threads))  # noqa: B023
            if round_ == 0:  # a warm-up
                subject.seconds.clear()
                subject.cpu.clear()
    total = objects * len(content) / MIB
    for what in ("put", "get"):
        medians = {subject.name: statistics.median(subject.seconds[what]) for subject in subjects}
        told = [
            f"{subject.name} {total / medians[subject.name]:.0f} MiB/s"
            f" ({statistics.median(subject.cpu[what]) / total * 1024:.2f} s of processor a GiB)"
            for subject in subjects
        ]
        if len(subjects) == 2:
            told.append(f"ratio {medians['nginx'] / medians['megadesk serve']:.2f}")
        print(f"{what} {len(content) // MIB} MiB x {objects}, {threads} at once: {'; '.join(told)}", flush=True)
