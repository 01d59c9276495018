"""The download pipeline: plan -> fetch -> open -> write -> rename (docs/architecture.md, "Transfers").

Files are taken in batches and grouped by pack, so that a pack that holds a thousand small files is fetched once.
Every byte is verified before the file bears its real name: small files are checked in memory, larger ones are
written to a hidden temporary file beside the target, which is renamed after its last slice has been opened.
"""

from __future__ import annotations

import contextlib
import functools
import os
import queue
import stat
import threading
from collections.abc import Iterable, Sequence

from megadesk.crypto import aead
from megadesk.crypto.kdf import digest_once
from megadesk.errors import (
    CancelledError,
    IntegrityError,
    MegaDeskError,
    Retry,
    StoreProtocolError,
)
from megadesk.format import names
from megadesk.format.envelope import slice_aad
from megadesk.format.ops import SliceRef
from megadesk.stores.verified import verified
from megadesk.transfer.control import Control
from megadesk.transfer.download_items import (
    DownloadItem,
    DownloadReport,
    Target,
    is_folder,
    is_link,
    is_same,
    lstat,
    raise_full,
)
from megadesk.transfer.fetching import Buffers, Pack, requests
from megadesk.transfer.large_file import CREATE_FLAGS, LargeFile, write_fully
from megadesk.transfer.port import (
    Conflict,
    ConflictQuestion,
    ConflictResolver,
    FileFailure,
    LockerPort,
    alternative_name,
)
from megadesk.transfer.progress import Board, Travel
from megadesk.transfer.rename import rename_new
from megadesk.transfer.temporaries import Temporaries
from megadesk.transfer.upload import slice_size
from megadesk.transfer.walk import local_error
from megadesk.types import NodeKind, PackId

_SMALL_BYTES = aead.SLICE_BYTES
_BATCH_FILES = 2000
_BATCH_BYTES = 64 << 20
_TOLD_FILES = 64
"""So many small files are done before the board hears of them."""
_MODE = 0o7777


class Download:
    """One download; ``run`` once. Local files are never overwritten but as the resolver says."""

    def __init__(
        self,
        port: LockerPort,
        items: Iterable[DownloadItem],
        dest: str,
        resolver: ConflictResolver,
        control: Control,
        board: Board,
        *,
        fetchers: int = 2,
        origin: str = "",
    ) -> None:
        """``origin`` names the transfer, if nobody else can be working on it: see Temporaries."""
        self._port = port
        self._items = items
        self._dest = os.path.abspath(dest)
        self._resolver = resolver
        self._control = Control(control)
        self._board = board
        self._fetchers = fetchers
        self._report = DownloadReport()
        self._failure: BaseException | None = None
        self._lock = threading.Lock()
        self._folder_paths = {"": self._dest}  # by path relative to the destination
        self._folders: list[tuple[str, int, int]] = []  # path, mode, mtime_ns, to be set when all is written
        self._given: set[str] = set()  # paths that only this run may write to
        self._new_folders: set[str] = set()  # made by this run: nothing is in them but what it writes
        self._unfinished: list[LargeFile] = []  # large files, the first of them first
        self._first_aad = slice_aad(port.locker_id, 0)
        self._temporaries = Temporaries(origin)
        self._work: queue.Queue[Pack | LargeFile | None] = queue.Queue(maxsize=2 * fetchers)

    def run(self) -> DownloadReport:
        """Download everything. Raises CancelledError, LocalFullError and store errors; single files' are reported."""
        try:
            os.makedirs(self._dest, exist_ok=True)
        except OSError as error:
            raise_full(self._dest, error)
            raise local_error(self._dest, error) from error
        self._temporaries.sweep(self._dest)
        threads = [
            threading.Thread(target=self._guard, name="download-fetcher", daemon=True) for _ in range(self._fetchers)
        ]
        for thread in threads:
            thread.start()
        try:
            self._plan()
        except BaseException as error:  # noqa: BLE001  (raised below, when the fetchers have ended)
            self._stop(error)
        finally:
            for _ in threads:
                self._enqueue(None)
            for thread in threads:
                thread.join()
        if self._failure is not None:
            for large in self._unfinished:
                # What the user gave up goes; what was interrupted is taken up by the next run.
                if isinstance(self._failure, CancelledError) and not self._control.resumable:
                    large.discard()
                else:
                    large.leave()
            raise self._failure
        for path, mode, mtime_ns in reversed(self._folders):
            try:
                os.chmod(path, mode)
                os.utime(path, ns=(mtime_ns, mtime_ns))
            except OSError as error:
                self._fail(path, local_error(path, error))
        return self._report

    def _guard(self) -> None:
        try:
            self._fetch_loop()
        except BaseException as error:  # noqa: BLE001  (handed to run(), which raises it)
            self._stop(error)

    def _stop(self, error: BaseException) -> None:
        with self._lock:
            if self._failure is None or isinstance(self._failure, CancelledError):
                self._failure = error
        self._control.cancel()

    def _fail(self, path: str, error: MegaDeskError) -> None:
        with self._lock:
            self._report.failures.append(FileFailure(path, error.title, str(error), error.remedy))
        self._board.add_failure()

    # --- planning, in the thread of run()

    def _plan(self) -> None:
        batch: list[Target] = []
        size_bytes = 0
        for item in self._items:
            self._control.step()
            path = self._local_path(item.path)
            if path is None:
                continue
            try:
                target = self._prepare(item, path)
            except OSError as error:
                self._local_failure(path, error)
                continue
            if target is None:
                continue
            if item.size > _SMALL_BYTES:
                assert item.content is not None
                try:
                    content = self._port.resolved(item.content)
                except MegaDeskError as error:
                    self._object_failure([target.path], error)
                    continue
                large = LargeFile(
                    target.path, content, item.mode, item.mtime_ns, functools.partial(self._publish, target)
                )
                with self._lock:
                    self._unfinished.append(large)
                self._enqueue(large)
                continue
            batch.append(target)
            size_bytes += item.size
            if len(batch) >= _BATCH_FILES or size_bytes >= _BATCH_BYTES:
                self._enqueue_batch(batch)
                batch, size_bytes = [], 0
        self._enqueue_batch(batch)

    def _local_path(self, relative: str) -> str | None:
        """Where an item goes; None when the folder above it could not be made, which was reported."""
        parent, _, name = relative.rpartition("/")
        folder = self._folder_paths.get(parent)
        return None if folder is None else os.path.join(folder, name)

    def _prepare(self, item: DownloadItem, path: str) -> Target | None:
        """Make folders and links; decide about files. None: nothing to fetch."""
        self._board.set_current(path)
        if "/" not in item.path:
            # Several sources may bear one name, and the first of them need not be written yet.
            if path in self._given:
                path = self._other_name(path, item)
            self._given.add(path)
        is_new = item.kind is not NodeKind.FOLDER and path.rpartition(os.sep)[0] in self._new_folders
        status = None if is_new else lstat(path)
        if item.kind is NodeKind.FOLDER:
            # A link in the way is not followed: what it points to is not ours to fill.
            if status is not None and is_folder(status):
                self._temporaries.sweep(path)
            else:
                if status is not None:
                    path = self._other_name(path, item)
                if status is None or not os.path.lexists(path):
                    os.mkdir(path, 0o700)
                    self._new_folders.add(path)
            self._folder_paths[item.path] = path
            self._folders.append((path, item.mode, item.mtime_ns))
            return None
        replaces = False
        if status is not None:
            if is_same(path, status, item):
                self._keep(path, status, item)
                return None
            choice = self._choose(path, status, item)
            if choice is Conflict.SKIP:
                self._board.add_unchanged(1, item.size)
                return None
            if choice is Conflict.KEEP_BOTH or is_folder(status):
                path = self._other_name(path, item)
                with contextlib.suppress(FileNotFoundError):
                    # What an interrupted run has written beside it.
                    self._keep(path, os.lstat(path), item)
                    return None
            else:
                replaces = True
        target = Target(item, path, replaces)
        if item.kind is NodeKind.LINK:
            self._write_link(target)
            return None
        if item.size == 0:
            self._write_small(target, b"")
            self._files_done(1, 0)
            return None
        return target

    def _choose(self, path: str, status: os.stat_result, item: DownloadItem) -> Conflict:
        same_kind = is_link(status) if item.kind is NodeKind.LINK else stat.S_ISREG(status.st_mode)
        if same_kind and (status.st_size, status.st_mtime_ns) in self._port.known_states(item.node):
            # An older copy of the same file, not the user's work.
            return Conflict.REPLACE
        question = ConflictQuestion(path, status.st_size, status.st_mtime_ns, item.size, item.mtime_ns)
        return self._resolver.choose(question)

    def _keep(self, path: str, status: os.stat_result, item: DownloadItem) -> None:
        if item.kind is NodeKind.FILE and status.st_mode & _MODE != item.mode:
            os.chmod(path, item.mode)
        self._board.add_unchanged(1, item.size)

    def _other_name(self, path: str, item: DownloadItem) -> str:
        """Beside ``path``: the first name that is free, or that has the very file or link already."""
        folder, name = os.path.split(path)

        def is_taken(candidate: str) -> bool:
            other = os.path.join(folder, candidate)
            try:
                return other in self._given or not is_same(other, os.lstat(other), item)
            except FileNotFoundError:
                return False

        chosen = os.path.join(folder, alternative_name(name, is_taken))
        self._given.add(chosen)
        return chosen

    def _enqueue_batch(self, batch: list[Target]) -> None:
        packs: dict[PackId, list[tuple[SliceRef, Target]]] = {}
        for target in batch:
            content = target.item.content
            assert content is not None
            ref = content.slices[0]
            packs.setdefault(ref.pack, []).append((ref, target))
        for pack, members in packs.items():
            members.sort(key=lambda member: member[0].offset)
            self._enqueue(Pack(pack, members))

    def _enqueue(self, work: Pack | LargeFile | None) -> None:
        while True:
            try:
                self._work.put(work, timeout=0.1)
                return
            except queue.Full:
                if self._failure is not None:
                    return
                self._control.step()

    # --- fetchers

    def _fetch_loop(self) -> None:
        buffers = Buffers()
        while True:
            is_last = False
            try:
                work = self._work.get(timeout=0.1)
                is_last = work is None
            except queue.Empty:
                work = None
            if self._failure is not None:
                return
            self._control.step()
            if isinstance(work, Pack):
                self._fetch_pack(work, buffers)
            elif work is not None:
                self._fetch_large(work, buffers)
            else:
                self._help(buffers)
            if is_last:
                return

    def _help(self, buffers: Buffers) -> None:
        """Nothing else is to be done: share the large files that others have begun."""
        with self._lock:
            larges = list(self._unfinished)
        for large in larges:
            self._fetch_large(large, buffers)

    def _fetch_pack(self, work: Pack, buffers: Buffers) -> None:
        runs = list(requests(work.members))
        while runs:
            run = runs.pop(0)
            start = run[0][0].offset
            last_ref, last = run[-1]
            length = last_ref.offset + aead.slice_stored_size(last.item.size) - start
            stored = buffers.stored[:length]
            name = names.pack(work.pack)
            with self._board.travelling(length) as buffers.travel:
                try:
                    self._port.store.get_into(name, stored, start)
                except MegaDeskError as error:
                    if isinstance(error, StoreProtocolError) and len(run) > 1:
                        # The pack is cut short: what lies before the cut can still be had.
                        runs[:0] = [[member] for member in run]
                    else:
                        self._object_failure([target.path for _, target in run], error)
                    continue
                runs += [[member] for member in self._write_run(name, run, stored, start, buffers)]

    def _write_run(
        self,
        name: str,
        run: Sequence[tuple[SliceRef, Target]],
        stored: memoryview,
        start: int,
        buffers: Buffers,
    ) -> list[tuple[SliceRef, Target]]:
        """Open and write the files whose slices were fetched together: ``stored`` is the pack from ``start``.

        Gives those that did not verify and that the storage may have otherwise elsewhere (`Store.doubt`).
        """
        again: list[tuple[SliceRef, Target]] = []
        files = size_bytes = 0
        try:
            for ref, target in run:
                self._control.step()
                size = target.item.size
                offset = ref.offset - start
                piece = stored[offset : offset + aead.slice_stored_size(size)]
                plain = buffers.plain[:size]
                try:
                    aead.open_slice_into(ref.key, self._first_aad, piece, size, plain, object_name=name)
                except IntegrityError as error:
                    if self._port.store.doubt(name):
                        again.append((ref, target))
                    else:
                        self._object_failure([target.path], error)
                    continue
                try:
                    self._write_small(target, plain)
                except OSError as error:
                    self._local_failure(target.path, error)
                    continue
                files += 1
                size_bytes += size
                if files == _TOLD_FILES:
                    self._files_done(files, size_bytes, buffers.travel)
                    files = size_bytes = 0
        finally:
            self._files_done(files, size_bytes, buffers.travel)
        return again

    def _fetch_large(self, work: LargeFile, buffers: Buffers) -> None:
        """Slices of a large file, a stretch of a pack at a time, until all of its slices are claimed."""
        while (run := work.claim()) is not None:
            size_bytes = sum(slice_size(work.content.size, position) for position in run)
            with self._board.travelling(size_bytes) as buffers.travel:
                self._fetch_run(work, run, buffers)

    def _fetch_run(self, work: LargeFile, run: range, buffers: Buffers) -> None:
        for position in run:
            self._control.step()
            try:
                if position == run.start:
                    self._fetch_ahead(work, run, buffers)
                if not work.spoilt:
                    self._fetch_slice(work, position, buffers)
            except CancelledError:
                raise
            except MegaDeskError as error:
                if work.spoil():
                    self._object_failure([work.path], error)
            except OSError as error:
                if work.spoil():
                    self._local_failure(work.path, error)
            if work.finished_one():
                self._finish_large(work)

    def _fetch_ahead(self, work: LargeFile, run: range, buffers: Buffers) -> None:
        """Several slices of one pack in one request: each request waits for the network once."""
        buffers.base, end = work.stretch(run)
        buffers.ahead.clear()
        work.open()
        if len(run) == 1 or work.resumed:
            return
        name = names.pack(work.content.slices[run.start].pack)
        try:
            self._port.store.get_into(name, buffers.stored[: end - buffers.base], buffers.base)
        except MegaDeskError as error:
            if isinstance(error, CancelledError) or error.retry is not Retry.PERMANENT:
                raise
            return  # each slice for itself: one of them may still be had
        buffers.ahead.update(run)

    def _fetch_slice(self, work: LargeFile, position: int, buffers: Buffers) -> None:
        ref = work.content.slices[position]
        size = slice_size(work.content.size, position)
        plain = buffers.plain[:size]
        descriptor = work.open()
        if work.resumed and self._is_there(descriptor, plain, position, ref):
            self._board.add_done(0, size, moved=False)
            return
        start = ref.offset - buffers.base
        stored = buffers.stored[start : start + aead.slice_stored_size(size)]
        name = names.pack(ref.pack)
        aad = slice_aad(self._port.locker_id, position)

        def read() -> None:
            if position in buffers.ahead:
                buffers.ahead.remove(position)
            else:
                self._port.store.get_into(name, stored, ref.offset)
            aead.open_slice_into(ref.key, aad, stored, size, plain, object_name=name)

        verified(self._port.store, name, read)
        write_fully(descriptor, plain, position * aead.SLICE_BYTES)
        self._board.add_done(0, size, travel=buffers.travel)

    def _is_there(self, descriptor: int, buffer: memoryview, position: int, ref: SliceRef) -> bool:
        """Whether an earlier run has written this slice."""
        size = os.preadv(descriptor, [buffer], position * aead.SLICE_BYTES)
        return size == len(buffer) and digest_once(self._port.digest_key, buffer) == ref.digest

    def _finish_large(self, work: LargeFile) -> None:
        problem: OSError | None = None
        try:
            if work.spoilt:
                work.discard()
            else:
                work.finish()
        except OSError as error:
            work.discard()
            problem = error
        with self._lock:
            self._unfinished.remove(work)
        if problem is not None:
            self._local_failure(work.path, problem)
        elif not work.spoilt:
            self._files_done(1, 0)

    # --- writing

    def _write_small(self, target: Target, plain: memoryview | bytes) -> None:
        item = target.item
        temporary = self._temporaries.name(target.path)
        descriptor = os.open(temporary, CREATE_FLAGS, 0o600)
        try:
            try:
                if plain and os.write(descriptor, plain) != len(plain):
                    write_fully(descriptor, memoryview(plain), 0)
                os.fchmod(descriptor, item.mode)
                os.utime(descriptor, ns=(item.mtime_ns, item.mtime_ns))
            finally:
                os.close(descriptor)
            self._publish(target, temporary)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise

    def _write_link(self, target: Target) -> None:
        item = target.item
        temporary = self._temporaries.name(target.path)
        os.symlink(item.target, os.fsencode(temporary))
        try:
            os.utime(temporary, ns=(item.mtime_ns, item.mtime_ns), follow_symlinks=False)
            self._publish(target, temporary)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
        self._files_done(1, 0)

    def _publish(self, target: Target, temporary: str) -> None:
        """Give what is whole its name. What took the name meanwhile is not overwritten: both are kept."""
        path = target.path
        if target.replaces:
            os.replace(temporary, path)
            return
        while True:
            try:
                rename_new(os.fsencode(temporary), os.fsencode(path))
                return
            except FileExistsError:
                status = lstat(path)
                if status is not None and is_same(path, status, target.item):
                    os.unlink(temporary)
                    return
                path = self._other_name(path, target.item)

    def _files_done(self, files: int, size_bytes: int, travel: Travel | None = None) -> None:
        if files:
            with self._lock:
                self._report.files += files
            self._board.add_done(files, size_bytes, travel=travel)

    # --- failures of one file, or of all

    def _object_failure(self, paths: Sequence[str], error: MegaDeskError) -> None:
        """A pack that is missing or damaged costs its files; a store that cannot be reached stops the download."""
        if not isinstance(error, IntegrityError) and error.retry is not Retry.PERMANENT:
            raise error
        for path in paths:
            self._fail(path, error)

    def _local_failure(self, path: str, error: OSError) -> None:
        raise_full(path, error)
        self._fail(path, local_error(path, error))
