"""What to upload: the local trees walked and compared with the locker's folders, one folder at a time."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from megadesk.errors import LocalFileError, MegaDeskError
from megadesk.format.ops import AddVersion, Create, LinkContent, Move, Operation, SetAttributes
from megadesk.pieces import empty, sort_in_pieces
from megadesk.transfer.control import Control
from megadesk.transfer.packs import FileTask
from megadesk.transfer.port import (
    Conflict,
    ConflictQuestion,
    ConflictResolver,
    Existing,
    LockerPort,
    NodeIds,
    alternative_name,
)
from megadesk.transfer.progress import Board
from megadesk.types import TRASH, NodeId, NodeKind, VersionId

_MODE = 0o7777


class _Into(NamedTuple):
    """The locker folder that is being filled."""

    node: NodeId
    siblings: dict[bytes, Existing]
    """What it held before."""
    taken: set[bytes]
    """Names that this upload has given."""

    def leave(self) -> None:
        """It is filled. What it held may be a hundred thousand names."""
        empty(self.siblings)
        empty(self.taken)


class _Place(NamedTuple):
    """Where something new goes: ``older`` gets a new version, ``displaced`` makes room, or the name is free."""

    name: bytes
    older: Existing | None = None
    displaced: Existing | None = None


class UploadWalk:
    """Walks sources depth first, in name order. Folders and links become operations at once; changed files, tasks.

    Every folder's Create is emitted before anything inside it. For one thread. Errors of single files go to
    ``fail`` and the walk goes on.
    """

    def __init__(
        self,
        port: LockerPort,
        resolver: ConflictResolver,
        control: Control,
        board: Board,
        emit: Callable[[Operation], None],
        fail: Callable[[str, MegaDeskError], None],
    ) -> None:
        self._port = port
        self._resolver = resolver
        self._control = control
        self._board = board
        self._emit = emit
        self._fail = fail
        self._ids = NodeIds()
        self._own = {(status.st_dev, status.st_ino) for path in port.own_folders() if (status := _status(path))}

    def tasks(self, sources: Sequence[str], dest: NodeId) -> Iterator[FileTask]:
        """Files to be sent, of every source, into the locker folder ``dest``."""
        into = _Into(dest, self._port.children(dest), set())
        for source in sources:
            path = os.path.abspath(source)
            try:
                status = os.lstat(path)
            except OSError as error:
                self._fail(path, local_error(path, error))
                continue
            name = os.path.basename(path) or "root"
            folders: list[tuple[str, NodeId, bool]] = []
            task = self._visit(path, name, status, into, folders)
            if task:
                yield task
            while folders:
                yield from self._folder(*folders.pop(), folders)
        into.leave()

    def _folder(
        self, path: str, node: NodeId, is_new: bool, folders: list[tuple[str, NodeId, bool]]
    ) -> Iterator[FileTask]:
        self._control.step()
        into = _Into(node, {} if is_new else self._port.children(node), set())
        inner: list[tuple[str, NodeId, bool]] = []
        try:
            with os.scandir(path) as listing:
                entries = sort_in_pieces(list(listing), lambda entry: entry.name)
        except OSError as error:
            self._fail(path, local_error(path, error))
            return
        entries.reverse()
        while entries:
            entry = entries.pop()
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError as error:
                self._fail(entry.path, local_error(entry.path, error))
                continue
            task = self._visit(entry.path, entry.name, status, into, inner)
            if task:
                yield task
        folders.extend(reversed(inner))
        into.leave()

    def _visit(
        self, path: str, name: str, status: os.stat_result, into: _Into, folders: list[tuple[str, NodeId, bool]]
    ) -> FileTask | None:
        kind = status.st_mode
        raw = os.fsencode(name)
        if stat.S_ISREG(kind):
            return self._file(path, raw, status, into)
        if stat.S_ISDIR(kind):
            if (status.st_dev, status.st_ino) in self._own:
                self._fail(path, LocalFileError(f"{path} belongs to this locker itself and was left out.", path=path))
                return None
            self._folder_node(path, raw, status, into, folders)
        elif stat.S_ISLNK(kind):
            self._link(path, raw, status, into)
        else:
            self._fail(
                path,
                LocalFileError(f"{path} is a device, a pipe or a socket, which a locker does not hold.", path=path),
            )
        return None

    def _settle(
        self,
        path: str,
        name: bytes,
        kind: NodeKind,
        status: os.stat_result,
        into: _Into,
        is_same: Callable[[Existing], bool],
    ) -> _Place | Existing | None:
        """Where it goes; or what is there and is the same already; or None when it is to be left out.

        A name that this upload itself has given is never given twice. Under KEEP_BOTH a copy that an interrupted run
        has made is found again.
        """
        if name in into.taken:
            name = os.fsencode(alternative_name(os.fsdecode(name), lambda n: os.fsencode(n) in into.taken))
        existing = into.siblings.get(name)
        place: _Place | Existing | None = _Place(name)
        if existing and is_same(existing):
            place = existing
        elif existing:
            question = ConflictQuestion(path, existing.size, existing.mtime_ns, status.st_size, status.st_mtime_ns)
            choice = self._resolver.choose(question)
            if choice is Conflict.SKIP:
                self._board.add_unchanged(1, status.st_size if kind is NodeKind.FILE else 0)
                return None
            if choice is Conflict.KEEP_BOTH:
                copies: list[Existing] = []

                def is_taken(candidate: str) -> bool:
                    raw = os.fsencode(candidate)
                    copy = into.siblings.get(raw)
                    if copy and raw not in into.taken and is_same(copy):
                        copies.append(copy)
                        return False
                    return copy is not None or raw in into.taken

                name = os.fsencode(alternative_name(os.fsdecode(name), is_taken))
                place = copies[0] if copies else _Place(name)
            else:
                place = _Place(name, existing, None) if existing.kind is kind else _Place(name, None, existing)
        into.taken.add(name)
        return place

    def _folder_node(
        self,
        path: str,
        name: bytes,
        status: os.stat_result,
        into: _Into,
        folders: list[tuple[str, NodeId, bool]],
    ) -> None:
        mode, mtime_ns = status.st_mode & _MODE, status.st_mtime_ns
        place = self._settle(path, name, NodeKind.FOLDER, status, into, lambda there: there.kind is NodeKind.FOLDER)
        if isinstance(place, Existing):
            if (place.mode, place.mtime_ns) != (mode, mtime_ns):
                self._emit(SetAttributes(place.node, mode, mtime_ns))
            folders.append((path, place.node, False))
        elif place is not None:
            if place.displaced:
                self._emit(Move(place.displaced.node, TRASH, place.name))
            node = NodeId(self._ids.new())
            self._emit(Create(node, into.node, place.name, NodeKind.FOLDER, mode, mtime_ns, None))
            folders.append((path, node, True))

    def _link(self, path: str, name: bytes, status: os.stat_result, into: _Into) -> None:
        try:
            target = os.fsencode(os.readlink(path))
        except OSError as error:
            self._fail(path, local_error(path, error))
            return
        mode, mtime_ns = status.st_mode & _MODE, status.st_mtime_ns

        def is_same(there: Existing) -> bool:
            return (there.kind, there.mtime_ns) == (NodeKind.LINK, mtime_ns) and (
                self._port.link_target(there.node) == target
            )

        place = self._settle(path, name, NodeKind.LINK, status, into, is_same)
        if isinstance(place, Existing):
            self._board.add_unchanged(1, 0)
            return
        if place is None:
            return
        content = LinkContent(target)
        if place.older:
            bases = (place.older.head,) if place.older.head else ()
            self._emit(AddVersion(place.older.node, VersionId(self._ids.new()), bases, mode, mtime_ns, content))
        else:
            if place.displaced:
                self._emit(Move(place.displaced.node, TRASH, place.name))
            node = NodeId(self._ids.new())
            self._emit(Create(node, into.node, place.name, NodeKind.LINK, mode, mtime_ns, content))
        self._board.add_done(1, 0)

    def _file(self, path: str, name: bytes, status: os.stat_result, into: _Into) -> FileTask | None:
        size, mtime_ns, mode = status.st_size, status.st_mtime_ns, status.st_mode & _MODE
        if name not in into.taken:
            # By far the most files are new, or what they were: without the ceremony of the other cases.
            there = into.siblings.get(name)
            if there is None:
                into.taken.add(name)
                return self._new_file(path, name, status, into)
            if (there.kind, there.size, there.mtime_ns, there.mode) == (NodeKind.FILE, size, mtime_ns, mode):
                into.taken.add(name)
                self._board.add_unchanged(1, size)
                return None

        def is_same(there: Existing) -> bool:
            return (there.kind, there.size, there.mtime_ns) == (NodeKind.FILE, size, mtime_ns)

        place = self._settle(path, name, NodeKind.FILE, status, into, is_same)
        if isinstance(place, Existing):
            if place.mode != mode:
                self._emit(SetAttributes(place.node, mode, mtime_ns))
            self._board.add_unchanged(1, size)
            return None
        if place is None:
            return None
        if not place.older:
            task = self._new_file(path, place.name, status, into)
            task.displaced = place.displaced.node if place.displaced else None
        else:
            task = FileTask(path, into.node, place.name, place.older.node)
            task.version = VersionId(self._ids.new())
            task.bases = (place.older.head,) if place.older.head else ()
            if size and place.older.size:
                task.old_slices = self._port.reusable_slices(place.older.node)
            task.observe(status)
        return task

    def _new_file(self, path: str, name: bytes, status: os.stat_result, into: _Into) -> FileTask:
        task = FileTask(path, into.node, name, NodeId(self._ids.new()))
        task.observe(status)
        return task


def count(sources: Sequence[str], control: Control, board: Board) -> None:
    """Add up what the sources hold, so that progress has a total. Unreadable places are left to the walk to report."""
    board.set_scanning(True)
    try:
        pending = [os.path.abspath(source) for source in sources]
        while pending:
            control.step()
            path = pending.pop()
            try:
                status = os.lstat(path)
                if not stat.S_ISDIR(status.st_mode):
                    board.add_total(1, status.st_size if stat.S_ISREG(status.st_mode) else 0)
                    continue
                files = size_bytes = 0
                with os.scandir(path) as listing:
                    for entry in listing:
                        if entry.is_dir(follow_symlinks=False):
                            pending.append(entry.path)
                            continue
                        files += 1
                        if entry.is_file(follow_symlinks=False):
                            size_bytes += entry.stat(follow_symlinks=False).st_size
                board.add_total(files, size_bytes)
            except OSError:
                continue
    finally:
        board.set_scanning(False)


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except OSError:
        return None


def local_error(path: str, error: OSError) -> LocalFileError:
    """A LocalFileError that says in plain words what the system said."""
    reasons = {
        "FileNotFoundError": (f"{path} is not there.", "Check the name, or whether its drive is connected."),
        "PermissionError": (f"{path} may not be read or written.", "Check the file's permissions."),
        "IsADirectoryError": (f"{path} is a folder.", ""),
        "NotADirectoryError": (f"{path} is not a folder.", ""),
    }
    other = (f"{path} cannot be used: {error.strerror or error}.", "")
    message, remedy = reasons.get(type(error).__name__, other)
    return LocalFileError(message, path=path, remedy=remedy)
