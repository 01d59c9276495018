"""Lockers that are filled once, and what the storage sees of it: names it never saw before, and their sizes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from tests.attack.world import Bench, Device, HostileStore

WHEN_NS = 1_700_000_000_000_000_000


def write_files(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """The top entries of what was written."""
    folder.mkdir()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for path in (*folder.rglob("*"), folder):
        os.utime(path, ns=(WHEN_NS, WHEN_NS))
    return [str(path) for path in sorted(folder.iterdir())]


def observe(bench: Bench, *rounds: Mapping[str, bytes]) -> list[list[tuple[str, int]]]:
    """Upload each round to one new locker: per round, (kind, size) of every object that came, in sorted order."""
    store = HostileStore()
    device = Device(bench.fresh_folder("observed"), store)
    new = device.app.create_locker("x", store=str(bench.world.folder / "store"), device_name="device")
    seen: list[list[tuple[str, int]]] = []
    with contextlib.closing(new.locker) as locker:
        for number, files in enumerate(rounds):
            store.received.clear()
            sources = write_files(bench.fresh_folder("files") / str(number), files)
            locker.transfers.run_now(locker.upload(sources, "/"))
            seen.append(sorted((name.split("/")[0], len(data)) for name, data in store.received))
    return seen
