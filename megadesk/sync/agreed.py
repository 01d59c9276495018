"""The agreed state: what both sides of a pair last had in common, in the locker's encrypted index.

A row a folder. The files in it are one MessagePack value, decoded only where something is different, so that a scan
that finds nothing changed reads few rows and makes few objects. Beside them lie two prints (of the local folder, of the
locker's listing): where a print is the same, nothing inside can be different.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

import msgspec

from megadesk.state.index.index import Session
from megadesk.sync.pairs import PairRecord, SyncProblem
from megadesk.sync.values import FOLDER, ROOT_KEY, Entry, Key


class _Item(msgspec.Struct, frozen=True, array_like=True, gc=False):
    name: bytes
    key: Key
    kind: int
    content: bytes
    size: int
    mtime_ns: int
    mode: int
    ino: int
    ctime_ns: int


class FolderRow(msgspec.Struct):
    """A folder both sides have. The root's row has neither parent nor name."""

    parent: Key
    name: bytes
    mode: int = 0
    ino: int = 0
    dev: int = 0
    """1: another disk than its parent's was mounted there."""
    local_print: bytes = b""
    locker_print: bytes = b""

    def entry(self) -> Entry:
        return Entry(self.parent, self.name, FOLDER, mode=self.mode, ino=self.ino, dev=self.dev)


_items = msgspec.msgpack.Decoder(list[_Item])
_encode = msgspec.msgpack.Encoder().encode
Files = dict[bytes, tuple[Key, Entry]]


def with_contents(session: Session, pair: int, became: dict[bytes, bytes]) -> None:
    """Put other contents in the place of those that are agreed, in all folders of a pair."""
    run = session.connection.execute
    rows: Any = run("SELECT id, items FROM sync_folders WHERE pair = ? AND items IS NOT NULL", (pair,))
    changed = []
    for key, data in rows:
        items = _items.decode(data)
        if any(item.content in became for item in items):
            renewed = [msgspec.structs.replace(item, content=became.get(item.content, item.content)) for item in items]
            changed.append((_encode(renewed), pair, key))
    session.connection.executemany("UPDATE sync_folders SET items = ? WHERE pair = ? AND id = ?", changed)


class Sessions(Protocol):
    """The index, as far as it is needed here."""

    def read(self) -> AbstractContextManager[Session]: ...

    def write(self) -> AbstractContextManager[Session]: ...


class Agreed:
    """One pair's agreed state, for one run of it. Not thread-safe. Changes are in memory until ``flush``."""

    def __init__(self, index: Sessions, pair: int) -> None:
        self._index = index
        self._pair = pair
        self.folders: dict[Key, FolderRow] = {}
        self._files: dict[Key, Files] = {}
        self._children: dict[Key, set[Key]] | None = None
        self._dirty_rows: set[Key] = set()
        self._dirty_files: set[Key] = set()
        self._gone: set[Key] = set()
        with index.read() as session:
            for key, parent, name, mode, ino, dev, local, locker in session.connection.execute(
                "SELECT id, parent, name, mode, ino, dev, local_print, locker_print FROM sync_folders WHERE pair = ?",
                (pair,),
            ):
                self.folders[key] = FolderRow(parent, name, mode, ino, dev, local, locker)
        self.folders.setdefault(ROOT_KEY, FolderRow(b"", b""))

    # --- reading

    def files(self, folder: Key) -> Files:
        """Files and links of a folder, by name. Not to be changed."""
        found = self._files.get(folder)
        if found is None:
            found = {}
            if folder in self.folders:
                with self._index.read() as session:
                    row: Any = session.connection.execute(
                        "SELECT items FROM sync_folders WHERE pair = ? AND id = ?", (self._pair, folder)
                    ).fetchone()
                for item in _items.decode(row[0]) if row and row[0] else ():
                    found[item.name] = (
                        item.key,
                        Entry(
                            folder,
                            item.name,
                            item.kind,
                            item.content,
                            item.size,
                            item.mtime_ns,
                            item.mode,
                            True,
                            item.ino,
                            item.ctime_ns,
                        ),
                    )
            self._files[folder] = found
        return found

    def children(self, folder: Key) -> set[Key]:
        """Keys of the folders in a folder. Not to be changed."""
        if self._children is None:
            self._children = {}
            for key, row in self.folders.items():
                if key != ROOT_KEY:
                    self._children.setdefault(row.parent, set()).add(key)
        return self._children.get(folder, set())

    def below(self, folder: Key) -> Iterator[Key]:
        """A folder and all folders in it, every one before its contents."""
        pending = [folder]
        while pending:
            key = pending.pop()
            yield key
            pending.extend(self.children(key))

    def count(self) -> int:
        """How many files, folders and links are agreed."""
        with self._index.read() as session:
            rows: list[Any] = session.connection.execute(
                "SELECT items FROM sync_folders WHERE pair = ? AND items IS NOT NULL", (self._pair,)
            ).fetchall()
        files = sum(len(msgspec.msgpack.decode(row[0])) for row in rows)
        return files + len(self.folders) - 1

    # --- changing

    def _stale(self, folder: Key) -> None:
        """The prints of a folder stand for what was agreed before."""
        row = self.folders.get(folder)
        if row is not None and (row.local_print or row.locker_print):
            row.local_print = row.locker_print = b""
            self._dirty_rows.add(folder)

    def put(self, key: Key, entry: Entry) -> None:
        """Both sides have this now. A file replaces what bore the name; a folder keeps what is in it."""
        if entry.kind == FOLDER:
            row = self.folders.get(key)
            if row is None:
                row = self.folders[key] = FolderRow(entry.parent, entry.name)
            elif row.parent != entry.parent:
                self._stale(row.parent)
                if self._children is not None:
                    self._children.get(row.parent, set()).discard(key)
            self._stale(entry.parent)
            row.parent, row.name, row.mode, row.ino, row.dev = (
                entry.parent, entry.name, entry.mode, entry.ino, entry.dev,
            )  # fmt: skip
            if self._children is not None:
                self._children.setdefault(entry.parent, set()).add(key)
            self._gone.discard(key)
            self._dirty_rows.add(key)
            return
        files = self.files(entry.parent)
        files[entry.name] = (key, entry)
        self._dirty_files.add(entry.parent)

    def remove_file(self, folder: Key, name: bytes, key: Key) -> None:
        """Forget a file, if the name is still its own."""
        files = self.files(folder)
        if name in files and files[name][0] == key:
            del files[name]
            self._dirty_files.add(folder)

    def remove_folder(self, key: Key) -> None:
        """Forget a folder with all that is in it."""
        for each in list(self.below(key)):
            row = self.folders.pop(each, None)
            if row is not None and each == key:
                self._stale(row.parent)
                if self._children is not None:
                    self._children.get(row.parent, set()).discard(key)
            self._files.pop(each, None)
            self._dirty_rows.discard(each)
            self._dirty_files.discard(each)
            self._gone.add(each)

    def rekey_folder(self, old: Key, new: Key) -> None:
        """A folder is another node from now on; what is in it stays."""
        row = self.folders.pop(old, None)
        if row is None:
            return
        files = {
            name: (key, msgspec.structs.replace(entry, parent=new)) for name, (key, entry) in self.files(old).items()
        }
        inner = set(self.children(old))
        self._files.pop(old, None)
        row.local_print = row.locker_print = b""
        self.folders[new], self._files[new] = row, files
        self._stale(row.parent)
        self._gone.add(old)
        self._gone.discard(new)
        self._dirty_rows |= {new, *inner}
        self._dirty_files.add(new)
        for each in inner:
            self.folders[each].parent = new
        self._children = None

    def set_print(self, folder: Key, *, local: bytes | None = None, locker: bytes | None = None) -> None:
        """Note that nothing in a folder is different from what is agreed, on one of the sides."""
        row = self.folders.get(folder)
        if row is None:
            return
        if local is not None and row.local_print != local:
            row.local_print = local
            self._dirty_rows.add(folder)
        if locker is not None and row.locker_print != locker:
            row.locker_print = locker
            self._dirty_rows.add(folder)

    def forget_prints(self) -> None:
        """Every folder is looked at anew, on both sides."""
        for folder in self.folders:
            self._stale(folder)

    def flush(self) -> None:
        """Write what changed, in one transaction."""
        if not (self._dirty_rows or self._dirty_files or self._gone):
            return
        # What is agreed anew makes the prints of its folder stale: they stand for the state before.
        for folder in self._dirty_files:
            row = self.folders.get(folder)
            if row is not None:
                row.local_print = row.locker_print = b""
        with self._index.write() as session:
            run = session.connection.execute
            for key in self._gone:
                run("DELETE FROM sync_folders WHERE pair = ? AND id = ?", (self._pair, key))
            for key in self._dirty_rows | self._dirty_files:
                row = self.folders.get(key)
                if row is None:
                    continue
                values = (row.parent, row.name, row.mode, row.ino, row.dev, row.local_print, row.locker_print)
                run(
                    "INSERT INTO sync_folders (pair, id, parent, name, mode, ino, dev, local_print, locker_print)"
                    " VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (pair, id) DO UPDATE SET parent=excluded.parent,"
                    " name=excluded.name, mode=excluded.mode, ino=excluded.ino, dev=excluded.dev,"
                    " local_print=excluded.local_print, locker_print=excluded.locker_print",
                    (self._pair, key, *values),
                )
            for key in self._dirty_files:
                if key in self.folders:
                    run(
                        "UPDATE sync_folders SET items = ? WHERE pair = ? AND id = ?",
                        (_encode([_item(*each) for each in self.files(key).values()]), self._pair, key),
                    )
        self._gone.clear()
        self._dirty_rows.clear()
        self._dirty_files.clear()


def _item(key: Key, entry: Entry) -> _Item:
    return _Item(
        entry.name, key, entry.kind, entry.content, entry.size, entry.mtime_ns, entry.mode, entry.ino, entry.ctime_ns
    )


class PairTable:
    """Pairs and their problems in the index. Thread-safe; shared by all processes on this machine."""

    def __init__(self, index: Sessions) -> None:
        self._index = index

    def add(self, record: PairRecord) -> int:
        with self._index.write() as session:
            session.connection.execute("INSERT INTO sync_pairs (record) VALUES (?)", (_encode(record),))
            return session.connection.last_insert_rowid()

    def all(self) -> dict[int, PairRecord]:
        with self._index.read() as session:
            rows: list[Any] = session.connection.execute("SELECT id, record FROM sync_pairs ORDER BY id").fetchall()
        return {number: _pairs.decode(record) for number, record in rows}

    def get(self, pair: int) -> PairRecord | None:
        with self._index.read() as session:
            row: Any = session.connection.execute("SELECT record FROM sync_pairs WHERE id = ?", (pair,)).fetchone()
        return _pairs.decode(row[0]) if row else None

    def change(self, pair: int, **changes: object) -> PairRecord | None:
        """Replace some fields; None when there is no such pair any more."""
        with self._index.write() as session:
            row: Any = session.connection.execute("SELECT record FROM sync_pairs WHERE id = ?", (pair,)).fetchone()
            if not row:
                return None
            record = msgspec.structs.replace(_pairs.decode(row[0]), **changes)
            session.connection.execute("UPDATE sync_pairs SET record = ? WHERE id = ?", (_encode(record), pair))
            return record

    def remove(self, pair: int) -> None:
        """Forget a pair with its agreed state; no file is touched on either side."""
        with self._index.write() as session:
            for table, column in (("sync_pairs", "id"), ("sync_folders", "pair"), ("sync_problems", "pair")):
                session.connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (pair,))  # noqa: S608

    def problems(self, pair: int | None = None) -> list[SyncProblem]:
        with self._index.read() as session:
            rows: list[Any] = session.connection.execute(
                "SELECT record FROM sync_problems WHERE ?1 IS NULL OR pair = ?1 ORDER BY pair, id", (pair,)
            ).fetchall()
        return [_problems.decode(row[0]) for row in rows]

    def set_problems(self, pair: int, problems: list[SyncProblem]) -> bool:
        """What stands still now; times of those that are known already stay. Whether anything changed."""
        old = {problem.id: problem for problem in self.problems(pair)}
        new = {
            problem.id: msgspec.structs.replace(problem, since_ms=old[problem.id].since_ms)
            if problem.id in old
            else problem
            for problem in problems
        }
        if new == old:
            return False
        with self._index.write() as session:
            session.connection.execute("DELETE FROM sync_problems WHERE pair = ?", (pair,))
            session.connection.executemany(
                "INSERT INTO sync_problems (pair, id, record) VALUES (?,?,?)",
                [(pair, problem.id, _encode(problem)) for problem in new.values()],
            )
        return True


_pairs = msgspec.msgpack.Decoder(PairRecord)
_problems = msgspec.msgpack.Decoder(SyncProblem)
