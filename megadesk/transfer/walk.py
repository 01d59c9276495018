"""What to upload: the local trees walked and compared with the locker's folders, one folder at a time."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence

from megadesk.errors import LocalFileError, MegaDeskError
from megadesk.format.ops import AddVersion, Create, LinkContent, Move, Operation, SetAttributes
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
        siblings = self._port.children(dest)
        for source in sources:
            path = os.path.abspath(source)
            try:
                status = os.lstat(path)
            except OSError as error:
                self._fail(path, local_error(path, error))
                continue
            name = os.path.basename(path) or "root"
            folders: list[tuple[str, NodeId, bool]] = []
            task = self._visit(path, name, status, dest, siblings, folders)
            if task:
                yield task
            while folders:
                yield from self._folder(*folders.pop(), folders)

    def _folder(
        self, path: str, node: NodeId, is_new: bool, folders: list[tuple[str, NodeId, bool]]
    ) -> Iterator[FileTask]:
        self._control.step()
        siblings = {} if is_new else self._port.children(node)
        inner: list[tuple[str, NodeId, bool]] = []
        try:
            with os.scandir(path) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            self._fail(path, local_error(path, error))
            return
        for entry in entries:
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError as error:
                self._fail(entry.path, local_error(entry.path, error))
                continue
            task = self._visit(entry.path, entry.name, status, node, siblings, inner)
            if task:
                yield task
        folders.extend(reversed(inner))

    def _visit(
        self,
        path: str,
        name: str,
        status: os.stat_result,
        parent: NodeId,
        siblings: dict[bytes, Existing],
        folders: list[tuple[str, NodeId, bool]],
    ) -> FileTask | None:
        kind = status.st_mode
        raw = os.fsencode(name)
        existing = siblings.get(raw)
        if stat.S_ISREG(kind):
            return self._file(path, raw, status, parent, existing, siblings)
        if stat.S_ISDIR(kind):
            if (status.st_dev, status.st_ino) in self._own:
                self._fail(path, LocalFileError(f"{path} belongs to this locker itself and was left out.", path=path))
                return None
            node, is_new = self._folder_node(raw, status, parent, existing)
            folders.append((path, node, is_new))
        elif stat.S_ISLNK(kind):
            self._link(path, raw, status, parent, existing)
        else:
            self._fail(
                path,
                LocalFileError(f"{path} is a device, a pipe or a socket, which a locker does not hold.", path=path),
            )
        return None

    def _folder_node(
        self, name: bytes, status: os.stat_result, parent: NodeId, existing: Existing | None
    ) -> tuple[NodeId, bool]:
        mode, mtime_ns = status.st_mode & _MODE, status.st_mtime_ns
        if existing and existing.kind is NodeKind.FOLDER:
            if (existing.mode, existing.mtime_ns) != (mode, mtime_ns):
                self._emit(SetAttributes(existing.node, mode, mtime_ns))
            return existing.node, False
        if existing:
            self._emit(Move(existing.node, TRASH, name))
        node = NodeId(self._ids.new())
        self._emit(Create(node, parent, name, NodeKind.FOLDER, mode, mtime_ns, None))
        return node, True

    def _link(self, path: str, name: bytes, status: os.stat_result, parent: NodeId, existing: Existing | None) -> None:
        try:
            target = os.fsencode(os.readlink(path))
        except OSError as error:
            self._fail(path, local_error(path, error))
            return
        mode, mtime_ns = status.st_mode & _MODE, status.st_mtime_ns
        content = LinkContent(target)
        if existing and existing.kind is NodeKind.LINK:
            if existing.mtime_ns == mtime_ns and self._port.link_target(existing.node) == target:
                self._board.add_unchanged(1, 0)
                return
            bases = (existing.head,) if existing.head else ()
            self._emit(AddVersion(existing.node, VersionId(self._ids.new()), bases, mode, mtime_ns, content))
        else:
            if existing:
                self._emit(Move(existing.node, TRASH, name))
            node = NodeId(self._ids.new())
            self._emit(Create(node, parent, name, NodeKind.LINK, mode, mtime_ns, content))
        self._board.add_done(1, 0)

    def _file(
        self,
        path: str,
        name: bytes,
        status: os.stat_result,
        parent: NodeId,
        existing: Existing | None,
        siblings: dict[bytes, Existing],
    ) -> FileTask | None:
        size, mtime_ns, mode = status.st_size, status.st_mtime_ns, status.st_mode & _MODE
        task = FileTask(path, parent, name, NodeId(b""))
        if existing:
            if existing.kind is NodeKind.FILE and (existing.size, existing.mtime_ns) == (size, mtime_ns):
                if existing.mode != mode:
                    self._emit(SetAttributes(existing.node, mode, mtime_ns))
                self._board.add_unchanged(1, size)
                return None
            question = ConflictQuestion(path, existing.size, existing.mtime_ns, size, mtime_ns)
            choice = self._resolver.choose(question)
            if choice is Conflict.SKIP:
                self._board.add_unchanged(1, size)
                return None
            if choice is Conflict.KEEP_BOTH:
                name = os.fsencode(alternative_name(os.fsdecode(name), lambda n: os.fsencode(n) in siblings))
                siblings[name] = existing
                task.name = name
            elif existing.kind is NodeKind.FILE:
                task.node = existing.node
                task.version = VersionId(self._ids.new())
                task.bases = (existing.head,) if existing.head else ()
                if size and existing.size:
                    task.old_slices = self._port.file_content(existing.node).slices
            else:
                self._emit(Move(existing.node, TRASH, name))
        if not task.node:
            task.node = NodeId(self._ids.new())
            task.version = VersionId(task.node)
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
        "FileNotFoundError": ("is not there", "Check the name, or whether its drive is connected."),
        "PermissionError": ("may not be read or written", "Check the file's permissions."),
        "IsADirectoryError": ("is a folder", ""),
        "NotADirectoryError": ("is not a folder", ""),
    }
    what, remedy = reasons.get(type(error).__name__, (f"cannot be used: {error.strerror or error}", ""))
    return LocalFileError(f"{path} {what}.", path=path, remedy=remedy)
