"""A locker of a million files: what one command costs from a cold process.

    python3 tests/bench/million_nodes.py [--nodes 1000000] [--work DIR]

The files are made as log entries with invented slices, through the same History that uploads use, so that everything
but the packs' bytes is real. Then whole commands are timed, with their peak memory.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

PER_FOLDER = 1000
PER_ENTRY = 8192


def build(home: Path, nodes: int) -> str:
    """Make the locker; its recovery key."""
    from megadesk.core.app import App
    from megadesk.format.ops import Create, FileContent, Operation, SliceRef
    from megadesk.transfer.port import NodeIds
    from megadesk.types import ROOT, NodeId, NodeKind, PackId

    app = App(str(home))
    made = app.create_locker("passphrase")
    ids = NodeIds()
    ops: list[Operation] = []
    pack = PackId(os.urandom(16))
    folder = ROOT
    now = time.time_ns()
    history = made.locker._history
    for number in range(nodes):
        if number % PER_FOLDER == 0:
            folder = NodeId(ids.new())
            name = b"folder %04d" % (number // PER_FOLDER)
            ops.append(Create(folder, ROOT, name, NodeKind.FOLDER, 0o755, now, None))
        content = FileContent(1000, (SliceRef(pack, number % 1000, os.urandom(32), os.urandom(32)),))
        name = b"file number %07d.txt" % number
        ops.append(Create(NodeId(ids.new()), folder, name, NodeKind.FILE, 0o644, now, content))
        if len(ops) >= PER_ENTRY:
            history.append(ops)
            ops = []
    history.append(ops)
    made.locker.write_checkpoint()
    app.close()
    return made.recovery_key


def timed(arguments: list[str], env: dict[str, str]) -> tuple[float, float]:
    """(seconds, peak MiB) of one megadesk command."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "megadesk", *arguments], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments}: {errors.decode(errors='replace')}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=1_000_000)
    parser.add_argument("--work", type=Path, default=Path("build/million"))
    options = parser.parse_args()
    os.environ["MEGADESK_KDF"] = "floor"
    work = options.work.resolve()
    shutil.rmtree(work, ignore_errors=True)
    home = work / "home"
    started = time.perf_counter()
    key = build(home, options.nodes)
    print(f"made {options.nodes} nodes in {time.perf_counter() - started:.1f} s", end=", ")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    index = next(home.rglob("index.db"))
    print(f"index {index.stat().st_size >> 20} MiB")
    env = dict(os.environ) | {"MEGADESK_HOME": str(home), "MEGADESK_PASSPHRASE": "passphrase"}
    commands = [["ls", "/folder 0500"], ["ls", "/"], ["ls", "-l", "/folder 0500"], ["status"], ["mkdir", "/new"]]
    commands += [["find", "0500123"], ["find", "0500124"], ["mv", "/folder 0001", "/renamed"]]
    for command in commands:
        seconds, peak = timed(command, env)
        print(f"{' '.join(command):28} {seconds:6.2f} s {peak:6.0f} MiB")
    store = next(home.rglob("locker")).parent
    env |= {"MEGADESK_HOME": str(work / "second"), "MEGADESK_RECOVERY_KEY": key}
    seconds, peak = timed(["join", str(store)], env)
    print(f"{'join':28} {seconds:6.2f} s {peak:6.0f} MiB")


if __name__ == "__main__":
    main()
