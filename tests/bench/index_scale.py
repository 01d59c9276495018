"""The index at scale: insertion, size on disk, cold listing, search, checkpoint.

Run: python -m tests.bench.index_scale [nodes]
Prints one line a measure. Needs about 500 bytes of disk a node. Not part of the tests.
"""

from __future__ import annotations

import os
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import TypeVar

import apsw
import msgspec

from megadesk.format.entry import Entry
from megadesk.format.ops import Create, FileContent, Move, Operation, Purge, SliceRef
from megadesk.state.index import Index
from megadesk.tree.dump import encode_rows
from megadesk.tree.ids import batch_ids
from megadesk.types import ROOT, TRASH, DeviceId, NodeId, PackId, VersionId

OPS_IN_ENTRY = 20_000
FILES_IN_FOLDER = 99
DEVICE = DeviceId(b"\x07" * 16)
T = TypeVar("T")

COLD = """
import sys, time
from megadesk.state.index import Index
start = time.perf_counter()
index = Index(sys.argv[1], bytes.fromhex(sys.stdin.read()))
with index.read() as session:
    rows = session.view.list_folder(session.view.resolve(sys.argv[2]).id)
print(f"cold listing of {len(rows)} rows: {time.perf_counter() - start:.4f} s,"
      f" interpreter and all: {open('/proc/self/status').read().split('VmHWM:')[1].split(chr(10))[0].strip()}")
"""


def timed(what: str, action: Callable[[], T], amount: int = 0) -> T:
    start = time.perf_counter()
    result = action()
    took = time.perf_counter() - start
    print(f"{what}: {took:.4f} s" + (f", {amount / took:,.0f}/s" if amount else ""), flush=True)
    return result


def ciphers(folder: str) -> None:
    """Writing and scanning 50 MB under each cipher."""
    for cipher in ("aegis", "chacha20", "aes256cbc", "sqlcipher"):
        connection = apsw.Connection(os.path.join(folder, cipher))
        connection.pragma("cipher", cipher)
        connection.pragma("key", "raw:" + secrets.token_hex(32))
        connection.execute("PRAGMA page_size=8192; PRAGMA journal_mode=wal; PRAGMA synchronous=normal")
        connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)")
        rows = [(number, secrets.token_bytes(250)) for number in range(200_000)]

        def write(connection: apsw.Connection = connection, rows: list[tuple[int, bytes]] = rows) -> None:
            with connection:
                connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

        timed(f"cipher {cipher}: write", write)
        timed(f"cipher {cipher}: scan", lambda c=connection: c.execute("SELECT sum(length(b)) FROM t").fetchall())
        connection.close()


def entries(total: int) -> list[bytes]:
    """Encoded entries that create ``total`` nodes, 99 files to a folder."""
    ids = batch_ids()
    folders: list[NodeId] = [ROOT]
    made, encoded = 0, []
    while made < total:
        ops: list[Operation] = []
        pack = PackId(secrets.token_bytes(16))
        for place in range(min(OPS_IN_ENTRY, total - made)):
            node, mtime = next(ids), 1_700_000_000_123_456_789 + made
            if made % (FILES_IN_FOLDER + 1) == 0:
                ops.append(Create(node, folders[len(folders) // 10], b"folder %d" % made, 0, 0o755, mtime, None))
                folders.append(node)
            else:
                ref = SliceRef(pack, place * 800, secrets.token_bytes(32), secrets.token_bytes(32))
                content = FileContent(4096, (ref,))
                ops.append(Create(node, folders[-1], b"document number %d.txt" % made, 1, 0o644, mtime, content))
            made += 1
        number = len(encoded) + 1
        encoded.append(
            msgspec.msgpack.encode(Entry(1, DEVICE, number, number, bytes(32), (), 1_700_000_000_000, tuple(ops)))
        )
    return encoded


def main(total: int) -> None:
    decoder = msgspec.msgpack.Decoder(Entry)
    with tempfile.TemporaryDirectory() as folder:
        ciphers(folder)
        path, key = os.path.join(folder, "index.db"), secrets.token_bytes(32)
        index = Index(path, key)
        encoded = entries(total)
        base_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10

        def apply(ops: list[Operation] | None = None, data: bytes = b"") -> None:
            nonlocal clock
            clock += 1
            if ops is not None:
                entry = Entry(1, DEVICE, clock, clock, bytes(32), (), 1_700_000_000_000, tuple(ops))
            else:
                entry = decoder.decode(data)
            with index.write() as session:
                session.apply(entry)

        def apply_all() -> None:
            for data in encoded:
                apply(None, data)

        clock = 0
        timed(f"apply {total} creates, decoding included", apply_all, total)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10) - base_mib
        print(f"RSS grew by at most {grown} MiB over the {base_mib} MiB of the test data")
        encoded.clear()
        index.compact()
        size = os.path.getsize(path)
        print(f"size {size >> 20} MiB, {size / total:.0f} bytes a node")
        with index.read() as session:
            some = next(row for _, row in session.view.walk(ROOT) if row.kind == 0)
            deep = session.view.path_of(some.id)
            files = [row for _, row in zip(range(10_000), session.view.walk(ROOT), strict=False) if row[1].kind == 1]
            timed("totals of everything", lambda: print(session.view.totals(ROOT)))
            timed("count of nodes", session.view.counters)
        subprocess.run([sys.executable, "-c", COLD, path, deep], input=key.hex(), text=True, check=True)
        timed(
            f"trash {len(files)} files",
            lambda: apply([Move(row.id, TRASH, row.name.encode()) for _, row in files]),
            len(files),
        )
        timed("list the trash", lambda: index_trash(index))
        purges: list[Operation] = [Purge(row.id, (VersionId(row.id),)) for _, row in files]
        timed(f"purge {len(files)} files", lambda: apply(purges), len(files))

        def prune() -> None:
            with index.write() as session:
                print("pruned", session.prune(clock))

        timed("prune", prune)
        timed("search before the table is filled", lambda: index.search("number 123456"))
        timed("fill the search table", lambda: fill(index), total)
        timed("search, 9 letters", lambda: index.search("number 12", 1000))
        timed("search, rare", lambda: index.search(f"{total - 7}.txt"))
        index.compact()
        print(f"size with search {os.path.getsize(path) >> 20} MiB")

        def dump() -> list[bytes]:
            with index.read() as session:
                return [encode_rows(batch) for batch in session.dump()]

        parts = timed("dump, encoding included", dump, total)
        print(f"checkpoint {sum(map(len, parts)) >> 20} MiB")
        copy = Index(os.path.join(folder, "copy.db"), key)

        def load() -> None:
            from megadesk.tree.dump import decode_rows

            with copy.write() as session:
                session.load(decode_rows(part, "bench") for part in parts)

        timed("load, decoding included", load, total)


def index_trash(index: Index) -> None:
    with index.read() as session:
        session.view.trash()


def fill(index: Index) -> None:
    while not index.catch_up_search():
        pass


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
