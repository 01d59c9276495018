"""Contents of files, up and down, by the transfer pipelines: whole batches, so that small files share packs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple

import msgspec

from megadesk.errors import FileChangedError, LocalFullError, MegaDeskError
from megadesk.format.ops import AddVersion, Create, FileContent, LinkContent, Operation, SetAttributes, SliceRef
from megadesk.stores.api import Store
from megadesk.sync.executor import Executor
from megadesk.sync.guards import free_bytes, has_open_journal
from megadesk.sync.localtrash import Trash
from megadesk.sync.lockertree import is_copy, node_of
from megadesk.sync.pairs import ProblemKind
from megadesk.sync.place import ChangedMeanwhile, move_new, replace, require
from megadesk.sync.port import Wish
from megadesk.sync.scan import entry_of, is_same
from megadesk.sync.values import FILE, LINK, Action, Entry, Key
from megadesk.transfer.download import Download
from megadesk.transfer.download_items import DownloadItem
from megadesk.transfer.packs import FileTask
from megadesk.transfer.port import Conflict, ConflictResolver, Existing, FileFailure, Journal, LockerPort
from megadesk.transfer.upload import Upload
from megadesk.types import LockerId, NodeId, NodeKind, VersionId

_BATCH_FILES = 2000
_BATCH_BYTES = 1 << 30
_SWAP = b"swap-"


class _Going(NamedTuple):
    """An upload under way."""

    key: Key
    action: Action
    found: Entry
    """What the file was before it was read."""
    fresh: bytes
    """The id of the new node or version."""


class Uploads:
    """One batch of uploads."""

    def __init__(self, executor: Executor) -> None:
        self._x = executor
        self._going: dict[bytes, _Going] = {}
        """By the id of the new node or version."""

    def run(self, actions: Sequence[Action]) -> None:
        """Raises what transfer.upload raises for all files."""
        x = self._x
        source = _Source(self, actions)
        port = _CheckedPort(x.port.transfers, source)
        number = -x.pair  # transfers of the queue have positive numbers
        try:
            with x.port.transfers.uploading():
                report = Upload(
                    port, number, [], NodeId(b""), _resolver(), x.control, x.board, tasks=source.tasks
                ).run()  # fmt: skip
        finally:
            source.forget()
        for failure in report.failures:
            self._failed(failure)

    def _failed(self, failure: FileFailure) -> None:
        x = self._x
        path = x.relative(os.fsencode(failure.path))
        if failure.title == FileChangedError.title:
            x.fail(path, ProblemKind.BUSY, "It is being written to.", "It is taken along once it is left alone.")
        elif not os.path.lexists(failure.path):
            x.outcome.again = True
        else:
            x.fail(path, ProblemKind.UNREADABLE, failure.message, failure.remedy)

    def _tasks(self, actions: Sequence[Action], emit: Callable[[Operation], None]) -> Iterator[FileTask]:
        x = self._x
        for action in actions:
            try:
                task = self._task(action)
            except ChangedMeanwhile:
                x.outcome.again = True
                continue
            except OSError as error:
                x.fail_os(x.shown(action.parent, action.name), error)
                continue
            if isinstance(task, FileTask):
                yield task
            else:
                emit(task)

    def _task(self, action: Action) -> FileTask | Operation:
        x = self._x
        key = x.now(action.key)
        mine, theirs = x.mine(key), x.trees.locker.get(key)
        path = x.path(key)
        status = require(path, mine)
        fresh = x.ids.new()
        self._going[fresh] = _Going(key, action, entry_of(status, mine.parent, mine.name), fresh)
        is_new = theirs is None or is_copy(key)
        parent = x.node(action.parent)
        if mine.kind == LINK:
            content = LinkContent(mine.content[1:])
            if is_new:
                return Create(NodeId(fresh), parent, action.name, NodeKind.LINK, mine.mode, mine.mtime_ns, content)
            return AddVersion(node_of(key), VersionId(fresh), (), mine.mode, mine.mtime_ns, content)
        task = FileTask(os.fsdecode(path), parent, action.name, NodeId(fresh))
        if not is_new:
            task.node, task.version = node_of(key), VersionId(fresh)
            task.bases = (VersionId(action.base),)
            if mine.size:
                task.old_slices = x.port.transfers.reusable_slices(task.node)
        task.observe(status)
        return task

    def committed(self, ops: Sequence[Operation]) -> None:
        """Write what the pipeline has stored, as far as the locker is still what the plan was made for."""
        x = self._x
        x.hook("before upload is in the log")
        wishes = []
        going: list[tuple[_Going, Entry]] = []
        for op in ops:
            wish, entry, each = self._wish(op)
            going.append((each, entry))
            wishes.append(wish)
        results = x.port.commit([wish for wish in wishes if wish is not None])
        x.hook("after upload is in the log")
        answers = iter(results)
        for wish, (each, entry) in zip(wishes, going, strict=True):
            if wish is not None and not next(answers):
                x.outcome.again = True
                continue
            self._agree(each, entry)
        x.agreed.flush()

    def _wish(self, op: Operation) -> tuple[Wish | None, Entry, _Going]:
        x = self._x
        if isinstance(op, Create):
            each = self._going[op.node]
            key = each.key
            content = x.trees.local[key].content if op.kind == NodeKind.LINK else bytes(op.node)
            entry = Entry(op.parent, op.name, op.kind, content, 0, op.mtime_ns, op.mode)
            return Wish(op, settle=key if is_copy(key) else b""), entry, each
        assert isinstance(op, AddVersion)
        each = self._going[op.version]
        theirs = x.trees.locker[each.key]
        place = x.node(theirs.parent), theirs.name
        if isinstance(op.content, LinkContent):
            entry = msgspec.structs.replace(theirs, content=b"=" + op.content.target)
            return Wish(op, *place, content=theirs.content), entry, each
        known = x.port.content(each.key, each.action.base) if op.content.size == theirs.size else None
        if isinstance(known, FileContent) and known.slices == op.content.slices:
            # The same bytes: no version, at most another time or mode.
            entry = msgspec.structs.replace(theirs, mode=op.mode, mtime_ns=op.mtime_ns)
            if (theirs.mode, theirs.mtime_ns) == (op.mode, op.mtime_ns):
                return None, entry, each
            return Wish(SetAttributes(op.node, op.mode, op.mtime_ns), *place, content=theirs.content), entry, each
        entry = msgspec.structs.replace(theirs, content=bytes(op.version), mode=op.mode, mtime_ns=op.mtime_ns)
        return Wish(op, *place, content=theirs.content), entry, each

    def _agree(self, each: _Going, entry: Entry) -> None:
        """``entry``: what the locker has now."""
        x = self._x
        key = x.now(each.key)
        mine = x.trees.local[key]
        local = msgspec.structs.replace(each.found, parent=mine.parent, name=mine.name, content=entry.content)
        self._going.pop(each.fresh, None)
        theirs = x.trees.locker.get(key)
        if theirs is None or is_copy(key):
            made = node_of(entry.content) if entry.kind == FILE else NodeId(each.fresh)
            x.trees.locker.pop(key, None)
            old = x.trees.agreed.pop(key, None)
            if old is not None:
                x.agreed.remove_file(x.now(old.parent), old.name, key)
            x.rename_key(key, made)
            key = made
        parent = x.now(each.action.parent) if theirs is None else x.now(theirs.parent)
        name = each.action.name if theirs is None else theirs.name
        x.trees.local[key] = local
        x.trees.locker[key] = msgspec.structs.replace(entry, parent=parent, name=name, size=local.size)
        x.settle(key)


class _Source:
    """What an upload asks for its files, and tells of them.

    A pipeline refers to itself, so it lives on until cycles are looked for, and all that hangs on it with it: here
    the trees of a whole plan. So this lets go of them when the upload is over.
    """

    def __init__(self, uploads: Uploads, actions: Sequence[Action]) -> None:
        self._uploads: Uploads | None = uploads
        self._actions = actions

    def forget(self) -> None:
        self._uploads, self._actions = None, ()

    def tasks(self, emit: Callable[[Operation], None]) -> Iterator[FileTask]:
        return self._uploads._tasks(self._actions, emit) if self._uploads is not None else iter(())

    def committed(self, ops: Sequence[Operation]) -> None:
        if self._uploads is not None:
            self._uploads.committed(ops)


class _CheckedPort:
    """transfer.port.LockerPort whose commits are checked against what the plan was made for."""

    def __init__(self, port: LockerPort, source: _Source) -> None:
        self._source = source
        self._port = port
        self.locker_id: LockerId = self._port.locker_id
        self.digest_key = self._port.digest_key

    @property
    def journal(self) -> Journal:
        return self._port.journal

    @property
    def store(self) -> Store:
        return self._port.store

    def children(self, folder: NodeId) -> dict[bytes, Existing]:
        return self._port.children(folder)

    def file_content(self, node: NodeId, version: VersionId | None = None) -> FileContent:
        return self._port.file_content(node, version)

    def resolved(self, content: FileContent) -> FileContent:
        return self._port.resolved(content)

    def reusable_slices(self, node: NodeId) -> tuple[SliceRef | None, ...]:
        return self._port.reusable_slices(node)

    def link_target(self, node: NodeId) -> bytes:
        return self._port.link_target(node)

    def known_states(self, node: NodeId) -> frozenset[tuple[int, int]]:
        return self._port.known_states(node)

    def own_folders(self) -> Sequence[str]:
        return self._port.own_folders()

    def uploading(self) -> AbstractContextManager[object]:
        return self._port.uploading()

    def commit(self, ops: Sequence[Operation]) -> None:
        self._source.committed(ops)


class Downloads:
    """One batch of downloads: into a hidden folder on the same disk, and from there to their names."""

    def __init__(self, executor: Executor) -> None:
        self._x = executor

    def run(self, actions: Sequence[Action]) -> None:
        """Raises what transfer.download raises for all files."""
        x = self._x
        os.makedirs(x.staging, mode=0o700, exist_ok=True)
        room = free_bytes(x.root)
        batch: list[Action] = []
        size_bytes = 0
        for action in actions:
            theirs = x.trees.locker.get(x.now(action.key))
            if theirs is None:
                x.outcome.again = True
                continue
            if room is not None and theirs.size > room:
                x.fail(
                    x.shown(action.parent, action.name), ProblemKind.DISK_FULL,
                    "There is not enough room on this disk for it.", "Free some space.",
                )  # fmt: skip
                continue
            if room is not None:
                room -= theirs.size
            batch.append(action)
            size_bytes += theirs.size
            if len(batch) >= _BATCH_FILES or size_bytes >= _BATCH_BYTES:
                self._batch(batch)
                batch, size_bytes = [], 0
        self._batch(batch)

    def _batch(self, actions: Sequence[Action]) -> None:
        x = self._x
        staged: dict[str, Action] = {}
        items = []
        keys = [x.now(action.key) for action in actions]
        # One question for all of them: asked one by one they take a third of the time.
        contents = x.port.contents([(key, x.trees.locker[key].content) for key in keys])
        for number, (action, content) in enumerate(zip(actions, contents, strict=True)):
            theirs = x.trees.locker[keys[number]]
            name = f"{number:x}"
            if theirs.kind == LINK:
                self._link(name, action, theirs)
                continue
            item = self._item(name, action, theirs, content)
            if item is not None:
                items.append(item)
                staged[name] = action
        if not items:
            return
        for name in staged:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(x.staging, os.fsencode(name)))
        x.hook("before download")
        folder = os.fsdecode(x.staging)
        download = Download(x.port.transfers, items, folder, _resolver(), x.control, x.board)
        try:
            report = download.run()
        except LocalFullError as error:
            x.fail(b"", ProblemKind.DISK_FULL, str(error), error.remedy)
            return
        for failure in report.failures:
            name = os.path.basename(failure.path)
            if name in staged:
                action = staged.pop(name)
                shown = x.shown(action.parent, action.name)
                x.fail(shown, ProblemKind.TRANSFER, failure.message.replace(failure.path, "It"), failure.remedy)
        for name, action in staged.items():
            self._place(os.path.join(x.staging, os.fsencode(name)), action)
        x.agreed.flush()

    def _item(
        self, name: str, action: Action, theirs: Entry, content: FileContent | LinkContent | None
    ) -> DownloadItem | None:
        x = self._x
        key = x.now(action.key)
        try:
            if isinstance(content, FileContent):
                content = x.port.transfers.resolved(content)
        except MegaDeskError as error:
            x.fail(x.shown(action.parent, action.name), ProblemKind.TRANSFER, str(error), error.remedy)
            return None
        if not isinstance(content, FileContent):
            x.outcome.again = True
            return None
        return DownloadItem(
            name, NodeKind.FILE, content.size, theirs.mode, theirs.mtime_ns, content, b"", node_of(key)
        )  # fmt: skip

    def _link(self, name: str, action: Action, theirs: Entry) -> None:
        x = self._x
        path = os.path.join(x.staging, os.fsencode(name))
        try:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            os.symlink(theirs.content[1:], path)
        except OSError as error:
            x.fail_os(x.shown(action.parent, action.name), error)
            return
        self._place(path, action)

    def _place(self, fresh: bytes, action: Action) -> None:
        """Give a file that is all here its name."""
        x = self._x
        key = x.now(action.key)
        theirs, mine = x.trees.locker[key], x.trees.local.get(key)
        try:
            target = x.path_in(action.parent, action.name)
            status = os.lstat(fresh)
            x.hook("before a file gets its name")
            if mine is None:
                move_new(fresh, target)
            else:
                self._replace(fresh, target, mine, action)
            x.hook("after a file got its name")
        except ChangedMeanwhile:
            x.outcome.again = True
            self._discard(fresh)
            return
        except FileNotFoundError:
            x.outcome.again = True  # its folder is gone again, or it could not be staged
            self._discard(fresh)
            return
        except OSError as error:
            x.fail_os(x.shown(action.parent, action.name), error)
            self._discard(fresh)
            return
        # What is noted is what was put there: somebody may have written to it by now.
        entry = entry_of(status, x.now(action.parent), action.name, theirs.content)
        with contextlib.suppress(OSError):
            now = os.lstat(target)
            if is_same(entry, now):
                entry = msgspec.structs.replace(entry, ctime_ns=now.st_ctime_ns)
        mode = theirs.mode if entry.kind == FILE else entry.mode
        x.trees.local[key] = msgspec.structs.replace(entry, mode=mode)
        x.settle(key)

    def _replace(self, fresh: bytes, target: bytes, mine: Entry, action: Action) -> None:
        x = self._x
        if has_open_journal(target):
            x.fail(x.relative(target), ProblemKind.BUSY, "It is in use here.", "Close the program that has it open.")
            raise ChangedMeanwhile
        # Under this name a file of the user's may lie for a moment: what a crash leaves there is never removed.
        swap = os.path.join(x.staging, _SWAP + os.urandom(8).hex().encode())
        move_new(fresh, swap)
        try:
            kept = replace(swap, target, mine, lambda status: x.conflict_path(action.parent, action.name, status))
        except ChangedMeanwhile:
            os.unlink(swap)
            raise
        if kept is not None:
            x.outcome.again = True

    @staticmethod
    def _discard(path: bytes) -> None:
        with contextlib.suppress(OSError):
            os.unlink(path)


def clear_staging(trash: Trash, root: bytes, staging: bytes) -> None:
    """What a run that was killed left behind: downloads are removed, what may be a user's file goes to the trash."""
    try:
        names = os.listdir(staging)
    except OSError:
        return
    for name in names:
        path = os.path.join(staging, name)
        with contextlib.suppress(OSError):
            if name.startswith(_SWAP):
                trash.put(root, path)
            elif not name.startswith(b".megadesk-"):
                os.unlink(path)


def _resolver() -> ConflictResolver:
    return ConflictResolver(Conflict.REPLACE, None)
