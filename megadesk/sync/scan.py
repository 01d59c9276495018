"""What is different in the local folder: one listing a folder, one stat a file, compared with the agreed state.

The result is sparse: what is as agreed is not in it. Nothing is read but names, links' targets and stats; what follows
from them (moves, by inode with size and time; changed contents, by state) is worked out in memory. What cannot be read
is *held*: nothing is known of it, so nothing is concluded from it.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from megadesk.sync.agreed import Agreed
from megadesk.sync.guards import looks_like_journal
from megadesk.sync.ignore import Ignore
from megadesk.sync.values import FILE, FOLDER, LINK, ROOT_KEY, Entry, Key, own_key

MODE_BITS = 0o7777
_encode = msgspec.msgpack.Encoder().encode


class Unreadable(msgspec.Struct, frozen=True):
    """A place that could not be looked at, or is not what it was. ``kind``: unreadable, mount or special."""

    path: bytes
    kind: str
    reason: str


@dataclass
class Scan:
    """What differs from the agreed state, here."""

    local: dict[Key, Entry] = field(default_factory=dict)
    """New and changed items, moved ones among them."""
    agreed: dict[Key, Entry] = field(default_factory=dict)
    """The agreed entries of what changed or is gone."""
    gone: set[Key] = field(default_factory=set)
    """Agreed items that are not here any more."""
    held: set[Key] = field(default_factory=set)
    """Items of which nothing is known, or that are still being written."""
    busy: list[bytes] = field(default_factory=list)
    """Paths that wait for their writer to be done."""
    troubles: list[Unreadable] = field(default_factory=list)
    prints: dict[Key, bytes] = field(default_factory=dict)
    """Prints of folders in which nothing is different."""
    more: set[bytes] = field(default_factory=set)
    """Paths of folders that hold new items beyond those that were to be taken."""
    files: int = 0
    """How many entries were looked at."""


Facts = tuple[int, int, int]
"""Inode, size, time: alike in two stats, it is the same file, unchanged."""


def state_of(status: os.stat_result) -> bytes:
    """Content of a file that is known only by its stat: equal for the same state of the same file."""
    return b"?" + _encode((status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns))


def entry_of(status: os.stat_result, parent: Key, name: bytes, content: bytes = b"", *, verified: bool = True) -> Entry:
    """An entry with what ``status`` says."""
    kind = FOLDER if stat.S_ISDIR(status.st_mode) else LINK if stat.S_ISLNK(status.st_mode) else FILE
    return Entry(
        parent,
        name,
        kind,
        content,
        status.st_size if kind == FILE else 0,
        0 if kind == FOLDER else status.st_mtime_ns,
        status.st_mode & MODE_BITS,
        verified,
        status.st_ino,
        0 if kind == FOLDER else status.st_ctime_ns,
    )


def is_same(entry: Entry, status: os.stat_result) -> bool:
    """Whether a file, folder or link is still the one of ``entry``, untouched."""
    other = entry_of(status, entry.parent, entry.name)
    if entry.kind != other.kind or entry.ino != other.ino:
        return False
    return entry.kind == FOLDER or (entry.size, entry.mtime_ns) == (other.size, other.mtime_ns)


class Scanner:
    """One look at a pair's folder; ``run`` once."""

    def __init__(
        self,
        root: bytes,
        agreed: Agreed,
        ignore: Ignore,
        *,
        quiet: Callable[[bytes, os.stat_result, bool], bool],
        known: Mapping[bytes, bytes] | None = None,
        step: Callable[[], None] = lambda: None,
        only: Iterable[bytes] | None = None,
        at_most: int | None = None,
    ) -> None:
        """``quiet`` tells whether a changed file may be read by now; the last argument, whether anything that lies
        beside it looks like a database's journal. ``known``: states whose contents were compared.

        ``only``: folders, by path, in which something may be different; elsewhere nothing is looked at.
        ``at_most``: about so many new items are taken; what there is beyond is named in ``Scan.more``. That is of use
        only where nothing is missed: what is missed may be among it, under a new name.
        """
        self._root = root
        self._agreed = agreed
        self._ignore = ignore
        self._quiet = quiet
        self._known = known or {}
        self._step = step
        self._only = None if only is None else _with_parents(only)
        self._room = sys.maxsize if at_most is None else at_most
        self._found = Scan()
        self._device = 0
        self._visited: set[Key] = set()
        self._strangers: dict[Key, tuple[bytes, Entry, bool]] = {}
        """New names of files, by a key of their own: path, entry, and whether it may be read."""
        self._replaced: dict[Key, tuple[bytes, Entry, bool]] = {}
        """Files under an agreed name that are other files than the agreed ones."""
        self._new_folders: list[tuple[bytes, bytes, Key, bytes, os.stat_result]] = []
        self._lost: dict[Key, Entry] = {}
        """Agreed files whose names are gone."""

    def run(self) -> Scan:
        """Raises OSError when the root itself cannot be read."""
        self._device = os.stat(self._root).st_dev
        self._walk(ROOT_KEY, b"")
        self._descend()
        self._lose_folders()
        self._match_files()
        for key in list(self._found.held):
            self._hold_below(key)
        return self._found

    # --- walking

    def _walk(self, key: Key, path: bytes) -> None:
        """A folder that is agreed, and all agreed folders in it."""
        pending = [(key, path)]
        while pending:
            at, where = pending.pop()
            self._visited.add(at)
            if self._only is not None and where not in self._only:
                for child in self._agreed.children(at):
                    pending.append((child, _join(where, self._agreed.folders[child].name)))
                continue
            self._step()
            pending += self._folder(at, where)

    def _list(self, key: Key, path: bytes) -> list[tuple[bytes, os.stat_result]] | None:
        """The entries of a folder with their stats. None: it cannot be read, and is held."""
        full = os.path.join(self._root, path) if path else self._root
        try:
            with os.scandir(full) as listing:
                entries = []
                for entry in listing:
                    try:
                        entries.append((entry.name, entry.stat(follow_symlinks=False)))
                    except FileNotFoundError:
                        continue  # gone since the listing
                return entries
        except OSError as error:
            if not path:
                raise
            self._hold(key, path, "unreadable", error.strerror or str(error))
            return None

    def _hold(self, key: Key, path: bytes, kind: str, reason: str) -> None:
        self._found.held.add(key)
        self._found.troubles.append(Unreadable(path, kind, reason))

    def _folder(self, key: Key, path: bytes) -> list[tuple[Key, bytes]]:
        """Compare one agreed folder; the agreed folders in it, to be walked next."""
        entries = self._list(key, path)
        if entries is None:
            return []
        self._found.files += len(entries)
        row = self._agreed.folders[key]
        children = {self._agreed.folders[child].name: child for child in self._agreed.children(key)}
        mark = self._print(entries)
        if mark == row.local_print:
            return [(child, _join(path, name)) for name, child in children.items()]
        files = self._agreed.files(key)
        journals = _has_journal(entries)
        below: list[tuple[Key, bytes]] = []
        clean = True
        seen: set[bytes] = set()
        kept: set[bytes] = set()
        for name, status in entries:
            where = _join(path, name)
            kind = status.st_mode
            if stat.S_ISDIR(kind):
                if self._ignore.catches(where, is_folder=True):
                    continue
                child = children.get(name)
                if child is None:
                    self._new_folders.append((where, path, key, name, status))
                    clean = False
                    continue
                kept.add(name)
                below.append((child, where))
                clean &= self._known_folder(child, where, status)
                continue
            if self._ignore.catches(where, is_folder=False):
                continue
            if not (stat.S_ISREG(kind) or stat.S_ISLNK(kind)):
                self._found.troubles.append(Unreadable(where, "special", "a device, a pipe or a socket"))
                continue
            there = files.get(name)
            if there is None or there[1].kind != (LINK if stat.S_ISLNK(kind) else FILE):
                self._stranger(where, path, key, name, status, journals)
                clean = False
                continue
            seen.add(name)
            clean &= self._known_file(there[0], there[1], where, status, journals)
        for name, (file, entry) in files.items():
            if name not in seen:
                self._lost[file] = entry
                clean = False
        clean &= len(kept) == len(children)
        if clean:
            self._found.prints[key] = mark
        return [(child, where) for child, where in below if child not in self._found.held]

    def _print(self, entries: list[tuple[bytes, os.stat_result]]) -> bytes:
        flat: list[int | bytes] = [self._ignore.digest]
        for name, status in entries:
            if stat.S_ISDIR(status.st_mode):
                flat += (name, status.st_mode, status.st_ino, status.st_dev != self._device)
            else:
                flat += (name, status.st_mode, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        return hashlib.blake2b(_encode(flat), digest_size=16).digest()

    def _known_folder(self, key: Key, path: bytes, status: os.stat_result) -> bool:
        agreed = self._agreed.folders[key].entry()
        mounted = int(status.st_dev != self._device)
        if agreed.dev != mounted:
            what = "another disk was here before" if agreed.dev else "another disk is mounted here now"
            self._hold(key, path, "mount", what)
            return False
        entry = msgspec.structs.replace(entry_of(status, agreed.parent, agreed.name), dev=mounted)
        if entry != agreed:
            self._found.local[key], self._found.agreed[key] = entry, agreed
            return False
        return True

    def _known_file(self, key: Key, agreed: Entry, path: bytes, status: os.stat_result, journals: bool) -> bool:
        """Compare a file or link with the agreed one of its name; whether it is as agreed."""
        if agreed.kind == LINK:
            entry = self._link(path, agreed.parent, agreed.name, status)
            if entry is None:
                self._hold(key, path, "unreadable", "the link cannot be read")
                return False
            if entry.content == agreed.content and is_same(agreed, status):
                return True
            self._found.local[key], self._found.agreed[key] = entry, agreed
            return False
        facts = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        known = (agreed.ino, agreed.size, agreed.mtime_ns, agreed.ctime_ns)
        if facts == known and status.st_mode & MODE_BITS == agreed.mode:
            return True
        entry = self._file(agreed.parent, agreed.name, status)
        settled = self._quiet(path, status, journals)
        if status.st_ino != agreed.ino:
            self._replaced[key] = (path, entry, settled)
            self._found.agreed[key] = agreed
            return False
        self._changed(key, agreed, path, entry, settled)
        return False

    def _changed(self, key: Key, agreed: Entry, path: bytes, entry: Entry, settled: bool) -> None:
        self._found.local[key], self._found.agreed[key] = entry, agreed
        if not settled:
            self._found.held.add(key)
            self._found.busy.append(path)

    def _file(self, parent: Key, name: bytes, status: os.stat_result) -> Entry:
        state = state_of(status)
        content = self._known.get(state)
        return entry_of(status, parent, name, content or state, verified=content is not None)

    def _link(self, path: bytes, parent: Key, name: bytes, status: os.stat_result) -> Entry | None:
        try:
            target = os.readlink(os.path.join(self._root, path))
        except OSError:
            return None
        return entry_of(status, parent, name, b"=" + target)

    def _stranger(
        self, path: bytes, folder: bytes, parent: Key, name: bytes, status: os.stat_result, journals: bool
    ) -> None:
        """A file or link under a name that is not agreed."""
        if self._room <= 0:
            self._found.more.add(folder)
            return
        self._room -= 1
        key = own_key(b"+", path)
        settled = True
        if stat.S_ISLNK(status.st_mode):
            entry = self._link(path, parent, name, status)
            if entry is None:
                self._hold(key, path, "unreadable", "the link cannot be read")
                entry = entry_of(status, parent, name, b"=")
        else:
            entry = self._file(parent, name, status)
            settled = self._quiet(path, status, journals)
        self._strangers[key] = (path, entry, settled)

    # --- folders under new names

    def _descend(self) -> None:
        """New folders, each with what is in it; those that are agreed ones under a new name are walked as such."""
        candidates: dict[int, list[Key]] | None = None
        while self._new_folders:
            self._step()
            path, above, parent, name, status = self._new_folders.pop()
            if self._room <= 0:
                self._found.more.add(above)
                continue
            if candidates is None:
                candidates = {}
                for key, row in self._agreed.folders.items():
                    if key not in self._visited and key != ROOT_KEY and not self._below_held(key):
                        candidates.setdefault(row.ino, []).append(key)
            moved = next(
                (
                    key
                    for key in candidates.get(status.st_ino, ())
                    if key not in self._visited and self._is_that_folder(key, path)
                ),
                None,
            )
            mounted = int(status.st_dev != self._device)
            if moved is not None:
                agreed = self._agreed.folders[moved].entry()
                entry = msgspec.structs.replace(entry_of(status, parent, name), dev=mounted)
                self._found.local[moved], self._found.agreed[moved] = entry, agreed
                self._walk(moved, path)
                continue
            key = own_key(b"+", path)
            self._room -= 1
            self._found.local[key] = msgspec.structs.replace(entry_of(status, parent, name), dev=mounted)
            entries = self._list(key, path) or []
            journals = _has_journal(entries)
            for inner, inner_status in entries:
                self._found.files += 1
                where = _join(path, inner)
                is_folder = stat.S_ISDIR(inner_status.st_mode)
                if self._ignore.catches(where, is_folder=is_folder):
                    continue
                if is_folder:
                    self._new_folders.append((where, path, key, inner, inner_status))
                elif stat.S_ISREG(inner_status.st_mode) or stat.S_ISLNK(inner_status.st_mode):
                    self._stranger(where, path, key, inner, inner_status, journals)
                else:
                    self._found.troubles.append(Unreadable(where, "special", "a device, a pipe or a socket"))

    def _below_held(self, key: Key) -> bool:
        while key != ROOT_KEY and key in self._agreed.folders:
            if key in self._found.held:
                return True
            key = self._agreed.folders[key].parent
        return False

    def _is_that_folder(self, key: Key, path: bytes) -> bool:
        """Inodes are used again: one of the agreed names must be in it too, unless the agreed folder was empty."""
        names = set(self._agreed.files(key)) | {self._agreed.folders[c].name for c in self._agreed.children(key)}
        if not names:
            return True
        try:
            return not names.isdisjoint(os.listdir(os.path.join(self._root, path)))
        except OSError:
            return False

    # --- what is gone, and what was only moved

    def _lose_folders(self) -> None:
        for key in list(self._agreed.folders):
            if key == ROOT_KEY or key in self._visited or self._below_held(key):
                continue
            self._found.gone.add(key)
            self._found.agreed[key] = self._agreed.folders[key].entry()
            for file, entry in self._agreed.files(key).values():
                self._lost[file] = entry

    def _match_files(self) -> None:
        """Files under new names that have the inode, size and time of one that is missed are that one, moved."""
        missed: dict[Facts, Key] = {}
        targets: dict[bytes, Key] = {}
        for key, entry in self._lost.items():
            self._found.agreed[key] = entry
            if entry.kind == LINK:
                targets[_encode((entry.ino, entry.content))] = key
            else:
                missed[entry.ino, entry.size, entry.mtime_ns] = key
        vacated = {(e.ino, e.size, e.mtime_ns): k for k, e in self._found.agreed.items() if k in self._replaced}
        # Names that were swapped or passed on: under an agreed name lies another agreed file.
        took = {}
        for key, (_, entry, _) in self._replaced.items():
            facts = (entry.ino, entry.size, entry.mtime_ns)
            other = missed.get(facts) or vacated.get(facts)
            if other is not None and other != key:
                took[key] = other
        for key in took:
            agreed = self._found.agreed[key]
            missed[agreed.ino, agreed.size, agreed.mtime_ns] = key
            self._lost[key] = agreed
        claimed: set[Key] = set()
        for key, (path, entry, settled) in self._replaced.items():
            other = took.get(key)
            if other is not None and other in self._lost and other not in claimed:
                self._moved(other, entry)
                claimed.add(other)
            elif other is not None:
                self._strangers[own_key(b"+", path)] = (path, entry, settled)
            else:
                self._changed(key, self._found.agreed[key], path, entry, settled)
        for key, (path, entry, settled) in self._strangers.items():
            if entry.kind == LINK:
                other = targets.get(_encode((entry.ino, entry.content)))
            else:
                other = missed.get((entry.ino, entry.size, entry.mtime_ns))
            if other is not None and other in self._lost and other not in claimed:
                self._moved(other, entry)
                claimed.add(other)
                continue
            self._found.local[key] = entry
            if not settled:
                self._found.held.add(key)
                self._found.busy.append(path)
        for key in self._lost:
            if key not in claimed and key not in self._found.local:
                self._found.gone.add(key)

    def _moved(self, key: Key, entry: Entry) -> None:
        agreed = self._lost[key]
        self._found.local[key] = msgspec.structs.replace(entry, content=agreed.content, verified=True)

    def _hold_below(self, folder: Key) -> None:
        """A folder that is held must be in the result, so that the planner can see what hangs on it."""
        row = self._agreed.folders.get(folder)
        if row is not None and folder not in self._found.local:
            self._found.agreed[folder] = self._found.local[folder] = row.entry()


def _has_journal(entries: list[tuple[bytes, os.stat_result]]) -> bool:
    return any(looks_like_journal(name) for name, _ in entries)


def _join(folder: bytes, name: bytes) -> bytes:
    return folder + b"/" + name if folder else name


def _with_parents(folders: Iterable[bytes]) -> set[bytes]:
    """A folder that is not agreed yet is found from the one above it."""
    found: set[bytes] = set()
    for folder in folders:
        while folder not in found:
            found.add(folder)
            folder = os.path.dirname(folder)
    return found
