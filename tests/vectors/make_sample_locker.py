#!/usr/bin/env python3
"""Makes the sample locker in tests/vectors/sample_locker: a folder store, its recovery key and what a reader must list.

    python3 tests/vectors/make_sample_locker.py [FOLDER]     default: the committed one, which is replaced

Keys are drawn anew each time, so the bytes differ from run to run; the listing differs in nothing but modification
times of folders and dates of conflict copies. It is what the program itself shows and downloads, not what the
independent reader does that is tested with it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from megadesk.core.app import App
from megadesk.core.locker import Locker
from megadesk.tree.views import NodeRow
from megadesk.types import NodeKind

DEFAULT = Path(__file__).resolve().parent / "sample_locker"
_MTIME_NS = 1_700_000_000_123_456_789
_STRANGE = b"caf\xe9.txt"  # Latin-1: not UTF-8


def make(folder: Path) -> None:
    """Write ``store/``, ``recovery_key.txt`` and ``expected.txt`` into ``folder``, which must not exist."""
    folder.mkdir(parents=True)
    store = folder / "store"
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        away = work / "away"
        desk_app, laptop_app = App(str(work / "desk-home")), App(str(work / "laptop-home"))
        try:
            new = desk_app.create_locker("desk", store=str(store), device_name="Desk")
            (folder / "recovery_key.txt").write_text(new.recovery_key + "\n")
            desk = new.locker
            _first_edits(desk, work)
            # The laptop works on a copy of the storage that is brought together later, as sync clients do: only so
            # can two edits be concurrent, for a device reads the log before it writes.
            shutil.copytree(store, away)
            laptop = laptop_app.join_locker(str(away), "laptop", new.recovery_key, device_name="Laptop")
            _concurrent_edits(desk, laptop, work)
            _bring_together(store, away)
            desk.refresh()
            laptop.refresh()
            desk.write_checkpoint()
            _upload(desk, work / "later", "/", {"after the checkpoint.txt": b"Logs go on after a checkpoint.\n"})
            (folder / "expected.txt").write_text("".join(sorted(_listing(desk, work / "download"))))
        finally:
            desk_app.close()
            laptop_app.close()


def _upload(locker: Locker, source: Path, dest: str, files: dict[str | bytes, bytes]) -> None:
    source.mkdir(exist_ok=True)
    for number, (name, data) in enumerate(files.items()):
        path = os.path.join(os.fsencode(source), os.fsencode(name))
        with open(path, "wb") as file:
            file.write(data)
        os.chmod(path, 0o755 if name == "run.sh" else 0o640)
        os.utime(path, ns=(_MTIME_NS, _MTIME_NS + number))
    _run_upload(locker, [os.path.join(source, os.fsdecode(name)) for name in files], dest)


def _run_upload(locker: Locker, sources: list[str], dest: str) -> None:
    transfer = locker.upload(sources, dest)
    locker.transfers.run_now(transfer)
    failures = locker.transfers.failures(transfer)
    assert not failures, failures


def _first_edits(desk: Locker, work: Path) -> None:
    tree = work / "Documents"
    (tree / "Letters" / "2023").mkdir(parents=True)
    (tree / "empty folder").mkdir()
    (tree / "Letters" / "2023" / "to the bank.txt").write_bytes(b"Dear Sir or Madam,\n" * 40)
    (tree / "Letters" / "draft.txt").write_bytes(b"first version\n")
    os.symlink("2023/to the bank.txt", tree / "Letters" / "latest")
    _run_upload(desk, [str(tree)], "/")
    _upload(
        desk,
        work / "files",
        "/Documents",
        {
            "empty.txt": b"",
            _STRANGE: b"a name that is not UTF-8\n",
            "run.sh": b"#!/bin/sh\necho hello\n",
            "pattern.bin": bytes(range(256)) * 128,
            "numbers.tar.gz": hashlib.sha256(b"noise").digest() * 100,
            "to be trashed.txt": b"in the trash\n",
            "to be purged.txt": b"gone\n",
            "old name.txt": b"renamed\n",
        },
    )
    (tree / "Letters" / "draft.txt").write_bytes(b"second version, longer than the first\n")
    _run_upload(desk, [str(tree / "Letters" / "draft.txt")], "/Documents/Letters")
    desk.move(["/Documents/old name.txt"], "/Documents/Letters", new_name="new name.txt")
    desk.copy(["/Documents/Letters/new name.txt"], "/", new_name="copy.txt")
    desk.trash_nodes(["/Documents/to be trashed.txt", "/Documents/to be purged.txt"])
    purged = [item.row.id for item in desk.trash() if item.row.name == "to be purged.txt"]
    desk.purge(purged)


def _concurrent_edits(desk: Locker, laptop: Locker, work: Path) -> None:
    for locker, word in ((desk, b"desk"), (laptop, b"laptop")):
        name = word.decode()
        _upload(locker, work / f"from {name}", "/Documents/Letters", {"draft.txt": b"edited on the %b\n" % word})
        _upload(locker, work / f"both {name}", "/", {"same name.txt": b"made on the %b\n" % word})
        locker.make_folder(f"/{name}")
        locker.move(["/Documents/run.sh"], f"/{name}")
    laptop.trash_nodes(["/Documents/Letters/2023/to the bank.txt"])


def _bring_together(one: Path, other: Path) -> None:
    for source, target in ((one, other), (other, one)):
        for path in source.rglob("*"):
            copy = target / path.relative_to(source)
            if path.is_file() and not copy.exists():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)


def _listing(locker: Locker, download: Path) -> Iterator[str]:
    """The lines of ``independent_reader.py hash``, in no particular order."""
    download.mkdir()
    for path, row in locker.walk("/"):
        yield from _lines(locker, f"/{path}", row, download)
    for item in locker.trash():
        top = f"trash:/{item.row.display_name}"
        yield from _lines(locker, top, item.row, download)
        if item.row.kind is NodeKind.FOLDER:
            for path, row in locker.walk(item.row.id):
                yield from _lines(locker, f"{top}/{path}", row, download)


def _lines(locker: Locker, path: str, row: NodeRow, download: Path) -> Iterator[str]:
    if row.kind is NodeKind.FOLDER:
        yield _line("folder", row.mode, 0, row.mtime_ns, "-", path)
        return
    assert row.head is not None
    kind = "link" if row.kind is NodeKind.LINK else "file"
    yield _line(kind, row.mode, row.size_bytes, row.mtime_ns, _sha256(locker, row, row.head, download), path)
    versions = locker.versions(row.id)
    if row.head == next(version.id for version in versions if version.current):
        for version in versions:
            if not version.current:
                digest = _sha256(locker, row, version.id, download)
                yield _line("old", version.mode, version.size_bytes, version.mtime_ns, digest, path)


def _sha256(locker: Locker, row: NodeRow, version: bytes, download: Path) -> str:
    path = locker.download_version(row.id, version, str(download))  # type: ignore[arg-type]
    data = os.fsencode(os.readlink(path)) if os.path.islink(path) else Path(path).read_bytes()
    os.unlink(path)
    return hashlib.sha256(data).hexdigest()


def _line(kind: str, mode: int, size: int, mtime_ns: int, digest: str, path: str) -> str:
    text = os.fsencode(path).replace(b"\\", rb"\\").decode("utf-8", "backslashreplace")
    return f"{kind}\t{mode:04o}\t{size}\t{mtime_ns}\t{digest}\t{text}\n"


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    os.environ["MEGADESK_KDF"] = "floor"
    if folder.exists():
        shutil.rmtree(folder)
    make(folder)


if __name__ == "__main__":
    main()
