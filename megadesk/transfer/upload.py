"""The upload pipeline: walk -> read, digest, seal -> pack -> put -> commit (docs/architecture.md, "Transfers").

Threads of one upload, all plain::

    feeder      walks the sources; reads and seals small files itself into its own pack
    sealers     read, digest and seal the slices of larger files into the shared pack
    putters     put finished packs into the store and note them in the journal
    run()       the caller: turns files whose packs are all stored into log entries

Queues are bounded by the pool of pack buffers, so memory does not grow with the upload. A file is in the tree only
after every pack it refers to is in the store. The first failure that concerns more than one file stops everything;
the journal then lets the next run go on without sending finished packs again.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from megadesk.crypto import aead
from megadesk.crypto.kdf import digest_once
from megadesk.crypto.keys import fresh_slice_key
from megadesk.errors import CancelledError, FileChangedError, MegaDeskError, ObjectExistsError, ObjectNotFoundError
from megadesk.format import names
from megadesk.format.entry import batches
from megadesk.format.envelope import slice_aad
from megadesk.format.ops import (
    MAX_INLINE_SLICES,
    AddVersion,
    Create,
    FileContent,
    Move,
    Operation,
    SliceRef,
    encode_slice_list,
)
from megadesk.pieces import let_go
from megadesk.transfer.control import Control
from megadesk.transfer.packs import FileTask, PackBuffer, PackMember, PackPool
from megadesk.transfer.port import ConflictResolver, FileFailure, LockerPort, StoredSlice
from megadesk.transfer.progress import Board
from megadesk.transfer.walk import UploadWalk, local_error
from megadesk.types import TRASH, NodeId, NodeKind

SMALL_BYTES = aead.SLICE_SEGMENT_PLAIN
"""Files up to this size are one segment, and are read by the feeder itself."""
_ROUNDS = 3
_COMMIT_OPS = 8192
_COMMIT_BYTES = 4 << 20
_COMMIT_EVERY_S = 5.0
_POLL_S = 0.1
_FILE = int(NodeKind.FILE)
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class UploadOptions:
    """Widths of the pipeline."""

    sealers: int = 2
    putters: int = 2
    packs: int = 6
    fetchers: int = 2
    """Of a download."""


@dataclass
class UploadReport:
    """What an upload did. ``failures`` lists files that were left out, with reasons."""

    failures: list[FileFailure] = field(default_factory=list)
    files: int = 0
    packs: int = 0


class Upload:
    """One upload; ``run`` once."""

    def __init__(
        self,
        port: LockerPort,
        transfer: int,
        sources: Sequence[str],
        dest: NodeId,
        resolver: ConflictResolver,
        control: Control,
        board: Board,
        options: UploadOptions | None = None,
        *,
        tasks: Callable[[Callable[[Operation], None]], Iterator[FileTask]] | None = None,
    ) -> None:
        """``tasks`` gives what to send in place of a walk over ``sources``; what needs no sending goes to its sink."""
        self._port = port
        self._transfer = transfer
        self._sources = sources
        self._dest = dest
        self._tasks = tasks
        self._control = Control(control)
        self._board = board
        self._options = options or UploadOptions()
        self._report = UploadReport()
        self._failure: BaseException | None = None
        self._pool = PackPool(self._options.packs, self._control)
        self._walk = UploadWalk(port, resolver, self._control, board, self._emit, self._fail)
        self._events: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        self._jobs: queue.Queue[tuple[FileTask, int] | None] = queue.Queue(maxsize=2 * self._options.sealers)
        self._puts: queue.SimpleQueue[PackBuffer | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._unfinished = 0  # slice jobs not done, under _lock
        self._again: list[FileTask] = []  # files that changed while being read, under _lock
        self._large_lock = threading.Lock()
        self._large: PackBuffer | None = None  # under _large_lock
        self._small: PackBuffer | None = None  # the feeder's
        self._stored: Mapping[bytes, Sequence[StoredSlice]] = {}  # by path; the feeder's
        self._first_aad = slice_aad(port.locker_id, 0)
        self._buffer = memoryview(bytearray(SMALL_BYTES + 1))  # the feeder's

    def run(self) -> UploadReport:
        """Upload everything. Raises CancelledError, StoreError, IntegrityError; single files' errors are in the report.

        After an error everything committed so far is in the tree, and the journal has the packs that are not.
        """
        threads = [threading.Thread(target=self._guard, args=(self._feed,), name="upload-feeder", daemon=True)]
        threads += [
            threading.Thread(target=self._guard, args=(work,), name=name, daemon=True)
            for count, work, name in (
                (self._options.sealers, self._seal_loop, "upload-sealer"),
                (self._options.putters, self._put_loop, "upload-putter"),
            )
            for _ in range(count)
        ]
        for thread in threads:
            thread.start()
        try:
            self._commit_loop()
        except BaseException as error:
            self._stop(error)
            raise
        finally:
            for thread in threads:
                thread.join()
            self._pool.close()
        if self._failure is not None:
            raise self._failure
        self._port.journal.clear(self._transfer)
        return self._report

    # --- failures

    def _guard(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  (handed to run(), which raises it)
            self._stop(error)

    def _stop(self, error: BaseException) -> None:
        with self._lock:
            if self._failure is None or (
                isinstance(self._failure, CancelledError) and not isinstance(error, CancelledError)
            ):
                self._failure = error
            self._control.cancel()
            self._idle.notify_all()
        self._events.put(None)

    def _fail(self, path: str, error: MegaDeskError) -> None:
        with self._lock:
            self._report.failures.append(FileFailure(path, error.title, str(error), error.remedy))
        self._board.add_failure()

    # --- feeder

    def _feed(self) -> None:
        self._stored = self._still_stored(self._port.journal.load())
        walked = self._tasks(self._emit) if self._tasks else self._walk.tasks(self._sources, self._dest)
        for task in walked:
            self._control.step()
            self._feed_task(task)
        while True:
            with self._lock:
                while self._unfinished and self._failure is None:
                    self._idle.wait()
                again, self._again = self._again, []
            self._control.step()
            if not again:
                break
            for task in again:
                self._feed_again(task)
        for _ in range(self._options.sealers):
            self._enqueue(None)
        self._dispatch(self._small)
        self._small = None
        with self._large_lock:
            self._dispatch(self._large)
            self._large = None
        # Putters see their sentinel only after the last pack: packs are dispatched by the feeder from here on.
        for _ in range(self._options.putters):
            self._puts.put(None)

    def _feed_task(self, task: FileTask) -> None:
        self._board.set_current(task.path)
        if self._stored:
            self._recall(task)
        if task.left == 0:
            self._events.put(task)
        elif task.size <= SMALL_BYTES:
            self._seal_small(task)
        else:
            self._feed_large(task)

    def _still_stored(self, journal: Mapping[bytes, Sequence[StoredSlice]]) -> Mapping[bytes, Sequence[StoredSlice]]:
        """What the journal says, less packs that the store has not: loss of power can take what was not flushed."""
        packs = {stored.ref.pack for slices in journal.values() for stored in slices}
        gone = set()
        for pack in packs:
            self._control.step()
            try:
                self._port.store.stat(names.pack(pack))
            except ObjectNotFoundError:
                gone.add(pack)
        if not gone:
            return journal
        return {path: [each for each in slices if each.ref.pack not in gone] for path, slices in journal.items()}

    def _recall(self, task: FileTask) -> None:
        """Take over slices that an interrupted run has stored."""
        for stored in self._stored.get(os.fsencode(task.path), ()):
            if (
                (stored.size, stored.mtime_ns, stored.inode) == (task.size, task.mtime_ns, task.inode)
                and stored.position < len(task.slices)
                and task.slices[stored.position] is None
            ):
                task.slices[stored.position] = stored.ref
                task.left -= 1

    def _feed_again(self, task: FileTask) -> None:
        try:
            task.observe(os.lstat(task.path))
        except OSError as error:
            self._fail(task.path, local_error(task.path, error))
            return
        self._feed_task(task)

    def _retry_changed(self, task: FileTask) -> None:
        """The file was written to while it was read: once more later, but not for ever."""
        again = task.again()
        if again.rounds < _ROUNDS:
            with self._lock:
                self._again.append(again)
            return
        self._fail(
            task.path,
            FileChangedError(
                f"{task.path} kept changing while it was being read.",
                path=task.path,
                remedy="It will be taken along next time; close the program that writes to it.",
            ),
        )

    def _seal_small(self, task: FileTask) -> None:
        try:
            descriptor = os.open(task.path, _OPEN_FLAGS)
            try:
                size = os.readv(descriptor, [self._buffer])
                status = os.fstat(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            self._fail(task.path, local_error(task.path, error))
            return
        if size != task.size or not task.is_still(status):
            self._retry_changed(task)
            return
        plain = self._buffer[:size]
        digest = digest_once(self._port.digest_key, plain)
        old = _same(task.old_slices, 0, digest) if len(task.old_slices) == 1 else None
        if old is not None:
            self._board.add_done(0, size, moved=False)
            self._events.put([(task, 0, old)])
            return
        key = fresh_slice_key(digest)
        pack, offset = self._place_small(aead.slice_stored_size(size))
        aead.seal_slice_into(key, self._first_aad, plain, pack.view[offset:])
        pack.members.append((task, 0, SliceRef(pack.id, offset, key, digest)))

    def _place_small(self, stored_bytes: int) -> tuple[PackBuffer, int]:
        while True:
            if self._small is None:
                self._small = self._pool.take()
            offset = self._small.place(stored_bytes)
            if offset is not None:
                return self._small, offset
            self._dispatch(self._small)
            self._small = None

    def _feed_large(self, task: FileTask) -> None:
        try:
            task.descriptor = os.open(task.path, _OPEN_FLAGS)
        except OSError as error:
            self._fail(task.path, local_error(task.path, error))
            return
        positions = [i for i, ref in enumerate(task.slices) if ref is None]
        with self._lock:
            self._unfinished += len(positions)
            task.unread = len(positions)
        for position in positions:
            self._enqueue((task, position))

    def _enqueue(self, job: tuple[FileTask, int] | None) -> None:
        while True:
            self._control.step()
            try:
                self._jobs.put(job, timeout=_POLL_S)
                return
            except queue.Full:
                continue

    # --- sealers

    def _seal_loop(self) -> None:
        plain = memoryview(bytearray(aead.SLICE_BYTES))
        while True:
            self._control.step()
            try:
                job = self._jobs.get(timeout=_POLL_S)
            except queue.Empty:
                continue
            if job is None:
                return
            task, position = job
            try:
                self._seal_slice(task, position, plain)
            finally:
                with self._lock:
                    self._unfinished -= 1
                    if not self._unfinished:
                        self._idle.notify_all()

    def _seal_slice(self, task: FileTask, position: int, buffer: memoryview) -> None:
        """Read one slice, seal it unless the file's last version has it already, and account for it."""
        if not task.spoilt:
            try:
                self._seal_unspoilt(task, position, buffer[: slice_size(task.size, position)])
            except OSError as error:
                task.spoilt = error
        with self._lock:
            task.unread -= 1
            if task.unread:
                return
        os.close(task.descriptor)
        if task.spoilt is True:
            self._retry_changed(task)
        elif isinstance(task.spoilt, OSError):
            self._fail(task.path, local_error(task.path, task.spoilt))

    def _seal_unspoilt(self, task: FileTask, position: int, plain: memoryview) -> None:
        if not _read_fully(task.descriptor, plain, position * aead.SLICE_BYTES):
            task.spoilt = True
            return
        digest = digest_once(self._port.digest_key, plain)
        ref = _same(task.old_slices, position, digest)
        pack = None
        if ref is None:
            pack, ref = self._seal_large(position, plain, digest)
        # What was sealed counts only if the file is still the one that was found.
        if not task.is_still(os.fstat(task.descriptor)):
            task.spoilt = True
        elif pack is None:
            self._board.add_done(0, len(plain), moved=False)
            self._events.put([(task, position, ref)])
        else:
            pack.members.append((task, position, ref))
        if pack is not None and pack.sealed():
            self._puts.put(pack)

    def _seal_large(self, position: int, plain: memoryview, digest: bytes) -> tuple[PackBuffer, SliceRef]:
        key = fresh_slice_key(digest)
        pack, offset = self._reserve_large(aead.slice_stored_size(len(plain)))
        aead.seal_slice_into(key, slice_aad(self._port.locker_id, position), plain, pack.view[offset:])
        return pack, SliceRef(pack.id, offset, key, digest)

    def _reserve_large(self, stored_bytes: int) -> tuple[PackBuffer, int]:
        with self._large_lock:
            while True:
                if self._large is None:
                    self._large = self._pool.take()
                offset = self._large.reserve(stored_bytes)
                if offset is not None:
                    return self._large, offset
                self._dispatch(self._large)
                self._large = None

    def _dispatch(self, pack: PackBuffer | None) -> None:
        """No more slices for this pack: on to the putters once all of its slices are sealed."""
        if pack is not None and pack.close():
            self._puts.put(pack)

    # --- putters

    def _put_loop(self) -> None:
        while (pack := self._next_pack()) is not None:
            if pack.members:
                self._put(pack)
            self._pool.give_back(pack)
        self._events.put(None)

    def _next_pack(self) -> PackBuffer | None:
        while True:
            self._control.step()
            try:
                return self._puts.get(timeout=_POLL_S)
            except queue.Empty:
                continue

    def _put(self, pack: PackBuffer) -> None:
        size_bytes = sum(slice_size(task.size, position) for task, position, _ in pack.members)
        with self._board.travelling(size_bytes) as travel:
            self._store_pack(pack)
            self._board.add_done(0, size_bytes, travel=travel)
        members = pack.members  # now: the pack may have got another id
        self._port.journal.done(
            self._transfer,
            pack.id,
            [
                (os.fsencode(task.path), task.size, task.mtime_ns, task.inode, position, ref)
                for task, position, ref in members
            ],
        )
        with self._lock:
            self._report.packs += 1
        self._events.put(members)

    def _store_pack(self, pack: PackBuffer) -> None:
        """Put a finished pack, never over another one: a machine cloned with its generator draws the same ids."""
        data = pack.finish()
        while True:
            self._port.journal.begin(self._transfer, pack.id)
            try:
                self._port.store.put(names.pack(pack.id), data, create_only=True)
                return
            except ObjectExistsError:
                pack.rename()

    # --- the caller of run(): commits

    def _commit_loop(self) -> None:
        ops: list[Operation] = []
        done: list[Sequence[Operation]]
        weight = 0
        running = self._options.putters
        last_s = time.monotonic()
        while running:
            event = self._next_event(last_s + _COMMIT_EVERY_S if ops else None)
            if event is None:
                if self._failure is not None:
                    return
                running -= 1
            elif isinstance(event, list):
                files = 0
                for task, position, ref in event:
                    task.slices[position] = ref
                    task.left -= 1
                    if not task.left:
                        self._add_file_ops(task, ops)
                        weight += _weight(task)
                        files += 1
                self._board.add_done(files, 0)
            elif isinstance(event, FileTask):
                self._board.add_done(1, event.size, moved=False)
                self._add_file_ops(event, ops)
                weight += _weight(event)
            else:
                ops.append(event)
                weight += _weight(None)
            late = time.monotonic() >= last_s + _COMMIT_EVERY_S
            if ops and (len(ops) >= _COMMIT_OPS or weight >= _COMMIT_BYTES or late or not running):
                self._commit(ops)
                done, ops, weight, last_s = [ops], [], 0, time.monotonic()
                let_go(done)

    def _next_event(self, until_s: float | None) -> _Event:
        if until_s is None:
            return self._events.get()
        try:
            return self._events.get(timeout=max(0.0, until_s - time.monotonic()))
        except queue.Empty:
            return []

    def _commit(self, ops: list[Operation]) -> None:
        for batch in batches(ops):
            self._port.commit(batch)

    def _emit(self, op: Operation) -> None:
        self._events.put(op)

    def _add_file_ops(self, task: FileTask, ops: list[Operation]) -> None:
        slices = cast(tuple[SliceRef, ...], tuple(task.slices))  # none is left out: task.left is 0
        content = FileContent(task.size, slices)
        if len(slices) > MAX_INLINE_SLICES:
            data = encode_slice_list(slices)
            content = FileContent(task.size, self._store_slice_list(data), indirect=len(data))
        self._report.files += 1
        if task.bases is not None:
            ops.append(AddVersion(task.node, task.version, task.bases, task.mode, task.mtime_ns, content))
            return
        if task.displaced:
            ops.append(Move(task.displaced, TRASH, task.name))
        ops.append(Create(task.node, task.parent, task.name, _FILE, task.mode, task.mtime_ns, content))

    def _store_slice_list(self, data: bytes) -> tuple[SliceRef, ...]:
        """Put a long slice list into packs of its own; the slices that hold it."""
        refs = []
        for position, start in enumerate(range(0, len(data), aead.SLICE_BYTES)):
            plain = memoryview(data)[start : start + aead.SLICE_BYTES]
            digest = digest_once(self._port.digest_key, plain)
            key = fresh_slice_key(digest)
            pack = self._pool.take()
            pack.place(aead.slice_stored_size(len(plain)))
            aead.seal_slice_into(key, slice_aad(self._port.locker_id, position), plain, pack.view)
            self._store_pack(pack)
            refs.append(SliceRef(pack.id, 0, key, digest))
            self._pool.give_back(pack)
        return tuple(refs)


def slice_size(file_bytes: int, position: int) -> int:
    """Plaintext bytes of slice ``position`` of a file of ``file_bytes``."""
    return min(aead.SLICE_BYTES, file_bytes - position * aead.SLICE_BYTES)


_Event: TypeAlias = Operation | list[PackMember] | FileTask | None


def _weight(task: FileTask | None) -> int:
    """Roughly the bytes that an operation takes in an entry."""
    return 400 if task is None else 400 + 100 * min(len(task.slices), MAX_INLINE_SLICES)


def _same(old: tuple[SliceRef | None, ...], position: int, digest: bytes) -> SliceRef | None:
    """The last version's slice at this position, if it holds the same bytes."""
    ref = old[position] if position < len(old) else None
    return ref if ref is not None and ref.digest == digest else None


def _read_fully(descriptor: int, buffer: memoryview, offset: int) -> bool:
    """Fill ``buffer`` from the file; False when the file is too short now."""
    done = 0
    while done < len(buffer):
        size = os.preadv(descriptor, [buffer[done:]], offset + done)
        if size == 0:
            return False
        done += size
    return True
