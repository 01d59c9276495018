"""What is different on the locker's side: its folder read from the index and compared with the agreed state.

Sparse, like the scan. A folder whose listing has the print that was agreed costs one query and one hash.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from megadesk.errors import PathError
from megadesk.format.ops import LinkContent, decode_content
from megadesk.state.index.index import Session
from megadesk.sync.agreed import Agreed
from megadesk.sync.ignore import Ignore
from megadesk.sync.values import FILE, FOLDER, LINK, ROOT_KEY, Entry, Key
from megadesk.tree.names import to_bytes
from megadesk.types import NodeId, VersionId

_encode = msgspec.msgpack.Encoder().encode
_ID_BYTES = 16


@dataclass
class LockerSide:
    """What differs from the agreed state, in the locker."""

    locker: dict[Key, Entry] = field(default_factory=dict)
    agreed: dict[Key, Entry] = field(default_factory=dict)
    gone: set[Key] = field(default_factory=set)
    prints: dict[Key, bytes] = field(default_factory=dict)
    more: bool = False
    """There are new items beyond those that were to be taken."""


def node_of(key: Key) -> NodeId:
    return NodeId(key[:_ID_BYTES])


def is_copy(key: Key) -> bool:
    """Whether a key stands for a losing version that is shown as a conflict copy."""
    return len(key) == 2 * _ID_BYTES


class LockerReader:
    """One look at a pair's folder in the locker; ``run`` once, in the session's transaction."""

    def __init__(
        self,
        session: Session,
        folder: NodeId,
        agreed: Agreed,
        ignore: Ignore,
        step: Callable[[], None] = lambda: None,
        *,
        at_most: int | None = None,
    ) -> None:
        """``at_most``: about so many new items are taken, which is of use only where nothing is missed."""
        self._room = sys.maxsize if at_most is None else at_most
        self._session = session
        self._folder = folder
        self._agreed = agreed
        self._ignore = ignore
        self._step = step
        self._found = LockerSide()
        self._lost: dict[Key, Entry] = {}
        self._new: dict[Key, Entry] = {}
        self._visited: set[Key] = {ROOT_KEY}

    def run(self) -> LockerSide:
        """Raises PathError when the folder is no longer in the locker, or lies in its trash."""
        if self._session.view.is_trashed(self._folder):
            raise PathError("The folder of this pair is in the locker's trash.")
        top = self._session.table.key_of(self._folder)
        assert top is not None
        pending = [(ROOT_KEY, top, self._folder, b"")]
        while pending:
            self._step()
            pending += self._read(*pending.pop())
        for key, row in self._agreed.folders.items():
            if key not in self._visited:
                self._found.gone.add(key)
                self._found.agreed[key] = row.entry()
                for file, entry in self._agreed.files(key).values():
                    self._lost[file] = entry
        for key, entry in self._new.items():
            agreed = self._lost.pop(key, None)
            self._found.locker[key] = entry
            if agreed is not None:
                self._found.agreed[key] = agreed
        for key, entry in self._lost.items():
            self._found.gone.add(key)
            self._found.agreed[key] = entry
        return self._found

    def _read(self, key: Key, number: int, node: NodeId, path: bytes) -> list[tuple[Key, int, NodeId, bytes]]:
        """One folder; the folders in it."""
        rows = self._session.table.listing(number)
        mark = hashlib.blake2b(_encode((self._ignore.digest, rows)), digest_size=16).digest()
        row = self._agreed.folders.get(key)
        if row is not None and mark == row.locker_print:
            below = []
            for number, inner, name, kind, *_ in rows:
                if kind == FOLDER and inner in self._agreed.folders:
                    self._visited.add(inner)
                    below.append((inner, number, NodeId(inner), _join(path, name)))
            return below
        return self._compare(key, node, path, rows, mark)

    def _compare(
        self, key: Key, node: NodeId, path: bytes, rows: list[tuple[Any, ...]], mark: bytes
    ) -> list[tuple[Key, int, NodeId, bytes]]:
        files = self._agreed.files(key)
        below = []
        clean = key in self._agreed.folders
        seen: set[bytes] = set()
        for number, inner, entry in self._entries(key, node, rows):
            where = _join(path, entry.name)
            if self._ignore.catches(where, is_folder=entry.kind == FOLDER):
                continue
            if entry.kind == FOLDER:
                below.append((inner, number, NodeId(inner), where))
                self._visited.add(inner)
                known = self._agreed.folders.get(inner)
                agreed = known.entry() if known is not None else None
            else:
                file = files.get(entry.name)
                agreed = file[1] if file is not None and file[0] == inner else None
                if agreed is not None:
                    seen.add(entry.name)
            if agreed is None:
                clean = False
                if self._room <= 0:
                    self._found.more = True
                    if entry.kind == FOLDER:
                        below.pop()
                    continue
                self._room -= 1
                self._new[inner] = entry
            elif not _alike(entry, agreed):
                clean = False
                self._found.locker[inner] = entry
                self._found.agreed[inner] = agreed
        for name, (file_key, entry) in files.items():
            if name not in seen:
                clean = False
                self._lost[file_key] = entry
        if clean:
            self._found.prints[key] = mark
        return below

    def _entries(self, key: Key, node: NodeId, rows: list[tuple[Any, ...]]) -> list[tuple[int, Key, Entry]]:
        """A folder's items as they are shown; names that several bear are told apart as everywhere else."""
        names = [row[2] for row in rows]
        contested = len(set(names)) != len(names) or any(row[8] > 1 for row in rows)
        if not contested:
            return [
                (number, inner, self._entry(key, inner, name, kind, mode, mtime, size, head))
                for number, inner, name, kind, mode, mtime, size, head, _ in rows
            ]
        numbers = {row[1]: row[0] for row in rows}
        found = []
        for row in self._session.view.iter_folder(node):
            heads = self._session.view.heads(row.id)
            loser = row.conflict and row.head is not None and bool(heads) and row.head != heads[0]
            inner = row.id + row.head if loser and row.head is not None else row.id
            name = to_bytes(row.display_name)
            entry = self._entry(key, inner, name, row.kind, row.mode, row.mtime_ns, row.size_bytes, row.head)
            found.append((numbers[row.id], inner, entry))
        return found

    def _entry(
        self, parent: Key, key: Key, name: bytes, kind: int, mode: int, mtime_ns: int, size: int, head: bytes | None
    ) -> Entry:
        if kind == FOLDER:
            return Entry(parent, name, FOLDER, mode=mode)
        content = bytes(head or key[:_ID_BYTES])
        if kind == LINK:
            content = b"=" + link_target(self._session, node_of(key), VersionId(content))
        return Entry(parent, name, kind, content, size if kind == FILE else 0, mtime_ns, mode)


def link_target(session: Session, node: NodeId, version: VersionId) -> bytes:
    """Where a symbolic link points to; empty when that is not known."""
    data = session.view.content(node, version)
    content = decode_content(data) if data is not None else None
    return content.target if isinstance(content, LinkContent) else b""


def _alike(entry: Entry, agreed: Entry) -> bool:
    if (entry.parent, entry.name, entry.kind, entry.content) != (
        agreed.parent, agreed.name, agreed.kind, agreed.content,
    ):  # fmt: skip
        return False
    if entry.kind == LINK:
        return True
    if entry.kind == FOLDER:
        return entry.mode == agreed.mode
    return (entry.mode, entry.mtime_ns) == (agreed.mode, agreed.mtime_ns)


def _join(folder: bytes, name: bytes) -> bytes:
    return folder + b"/" + name if folder else name
