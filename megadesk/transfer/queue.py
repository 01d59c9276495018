"""The transfer queue: kept on disk, worked off by threads, shared with other processes of this machine.

Every transfer belongs to one process at a time, known by a lock it holds for as long as it lives. What a process that
has died left unfinished is taken over by the next one that starts its queue, or that asks for the same transfer.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from megadesk.errors import CancelledError, MegaDeskError, PathError, Retry, StoreUnavailableError
from megadesk.transfer import walk
from megadesk.transfer.circuit import Circuit
from megadesk.transfer.control import Control
from megadesk.transfer.download import Download
from megadesk.transfer.download_items import DownloadItem
from megadesk.transfer.line import Line, Live
from megadesk.transfer.owner import Owner
from megadesk.transfer.port import Asker, Conflict, ConflictResolver, FileFailure, LockerPort
from megadesk.transfer.progress import Board
from megadesk.transfer.records import (
    LIVE,
    Direction,
    KeptTransfer,
    State,
    TransferRecord,
    TransferRow,
    TransferTable,
)
from megadesk.transfer.upload import Upload, UploadOptions
from megadesk.types import NodeId

log = logging.getLogger(__name__)

_RETRY_AFTER_S: Final = 30.0
_MAX_KEPT_FAILURES: Final = 10_000


class TransferManager:
    """The queue of one open locker. Thread-safe; ``rows`` never blocks on I/O."""

    def __init__(
        self,
        port: LockerPort,
        table: TransferTable,
        lock_folder: Path,
        items: Callable[[Sequence[bytes]], Iterable[DownloadItem]],
        on_change: Callable[[int], None],
        *,
        upload_options: UploadOptions | None = None,
        probe: Callable[[], object] | None = None,
    ) -> None:
        """``items`` walks the nodes of a download; ``on_change`` hears of transfers whose state changed. ``probe``: see
        Circuit; without it, transfers that found the storage away try again after a while."""
        self._port = port
        self._table = table
        self._items = items
        self._on_change = on_change
        self._options = upload_options
        self._lock_folder = lock_folder
        self._owner = Owner(lock_folder)
        self._lock = threading.Condition()
        self._line = Line()
        self._threads: list[threading.Thread] = []
        self._stopping = False
        self._circuit = Circuit(probe, self._storage_is_back) if probe is not None else None
        self._away = ""
        """While the circuit is open: why nothing is begun."""

    # --- adding

    def add_upload(
        self,
        sources: Sequence[str],
        dest: NodeId,
        dest_text: str,
        *,
        conflict: Conflict = Conflict.REPLACE,
        ask: Asker | None = None,
    ) -> int:
        """Queue local files and folders for the locker folder ``dest``; the transfer's id.

        An upload of the same sources to the same place that a killed process left is continued instead.
        Raises PathError when a source does not exist.
        """
        paths = [os.path.abspath(source) for source in sources]
        for path in paths:
            if not os.path.lexists(path):
                raise PathError(f"{path} is not there.", remedy="Check the name, or whether its drive is connected.")
        record = TransferRecord(
            direction=Direction.UP,
            sources=tuple(os.fsencode(path) for path in paths),
            dest=dest,
            dest_text=dest_text,
            title=_title([os.path.basename(path) or path for path in paths]),
            conflict=conflict,
            created_ms=_now_ms(),
        )
        return self._add(record, ask)

    def add_download(
        self,
        sources: Sequence[bytes],
        names: Sequence[str],
        dest_dir: str,
        *,
        conflict: Conflict = Conflict.KEEP_BOTH,
        ask: Asker | None = None,
    ) -> int:
        """Queue nodes for the local folder ``dest_dir``; the transfer's id. ``names`` are for the title."""
        path = os.path.abspath(dest_dir)
        record = TransferRecord(
            direction=Direction.DOWN,
            sources=tuple(sources),
            dest=os.fsencode(path),
            dest_text=path,
            title=_title(names),
            conflict=conflict,
            created_ms=_now_ms(),
        )
        return self._add(record, ask)

    def _add(self, record: TransferRecord, ask: Asker | None) -> int:
        kept = self._take_over_same(record)
        if kept is None:
            number = self._table.add(record, self._owner.token)
            kept = KeptTransfer(number, float(number), self._owner.token, record)
        live = Live(kept)
        live.ask = ask
        with self._lock:
            self._line.add(live)
            self._lock.notify_all()
        self._on_change(live.id)
        return live.id

    def _take_over_same(self, record: TransferRecord) -> KeptTransfer | None:
        for kept in self._table.load(not_of=self._owner.token):
            old = kept.record
            if (
                old.state in LIVE
                and (old.direction, old.sources, old.dest) == (record.direction, record.sources, record.dest)
                and self._claim(kept)
            ):
                return KeptTransfer(kept.id, kept.position, self._owner.token, record)
        return None

    def _claim(self, kept: KeptTransfer) -> bool:
        return self._owner.is_gone(kept.owner) and self._table.claim(kept.id, kept.owner, self._owner.token)

    # --- the queue's threads

    def start(self) -> None:
        """Take over what dead processes left, and work off the queue: one upload and one download at a time."""
        for kept in self._table.load():
            if kept.record.state in LIVE and self._claim(kept):
                live = Live(kept)
                if kept.record.state is State.RUNNING:
                    live.record = msgspec.structs.replace(kept.record, state=State.QUEUED)
                with self._lock:
                    if live.id not in self._line:
                        self._line.add(live)
        with self._lock:
            if self._threads:
                return
            self._threads = [
                threading.Thread(target=self._work, args=(direction,), name=f"transfers-{direction.value}", daemon=True)
                for direction in Direction
            ]
        for thread in self._threads:
            thread.start()

    def _work(self, direction: Direction) -> None:
        while (live := self._next(direction)) is not None:
            try:
                self._run(live)
            except MegaDeskError as error:
                log.info("transfer %d ended: %s", live.id, type(error).__name__)
            except Exception:  # the queue must go on with the next one
                log.exception("transfer %d failed", live.id)

    def _next(self, direction: Direction) -> Live | None:
        with self._lock:
            while not self._stopping:
                if self._circuit is not None and self._circuit.is_open:
                    self._lock.wait()
                    continue
                chosen, wait_s = self._line.take(direction, time.monotonic())
                if chosen is not None:
                    return chosen
                self._lock.wait(wait_s)
            return None

    def _storage_is_away(self, error: StoreUnavailableError) -> None:
        """Nothing is begun until it is back, and all that waits says why."""
        if self._circuit is not None:
            with self._lock:
                self._away = error.explanation
                self._line.show_anew()
            self._circuit.open()

    def _storage_is_back(self) -> None:
        """What waits for the storage goes on at once; what then fails again, waits its time."""
        now = time.monotonic()
        with self._lock:
            self._away = ""
            self._line.show_anew()
            for live in self._line.ordered():
                waits = live.record.state is State.QUEUED and bool(live.record.error) and not live.running
                if waits and now - live.hurried_s >= _RETRY_AFTER_S:
                    live.hurried_s = now
                    live.not_before_s = 0.0
            self._lock.notify_all()

    def run_now(self, transfer: int, *, counted: bool = False) -> TransferRow:
        """Work off one transfer in the calling thread, for programs without a running queue.

        ``counted``: add up the total first, for progress that has an end. Raises what the transfer raises; it then
        stays in the queue and is continued when it is asked for again.
        """
        with self._lock:
            live = self._line[transfer]
            self._line.begin(live)
        self._run(live, counted=counted, retry=False)
        return live.row(self._away)

    def _run(self, live: Live, *, counted: bool = True, retry: bool = True) -> None:
        live.board = Board()
        live.ended.clear()
        self._save(live, state=State.RUNNING, error="", failures=())
        try:
            if live.record.direction is Direction.UP:
                with self._port.uploading():
                    failures = self._upload(live, counted)
            else:
                failures = self._download(live)
        except CancelledError:
            with self._lock:
                self._line.leave(live)
            if self._stopping:
                paused = live.record.state is State.PAUSED
                self._save(live, state=State.PAUSED if paused else State.QUEUED)
            elif live.record.state is State.RUNNING:
                self._end(live, State.CANCELLED, "")
            raise
        except MegaDeskError as error:
            with self._lock:
                self._line.leave(live)
            if error.retry in (Retry.RETRYABLE, Retry.PAUSE):
                # It waits and tries again by itself; whoever asked for it now is told.
                live.not_before_s = time.monotonic() + _RETRY_AFTER_S
                self._save(live, state=State.QUEUED, error=error.explanation)
                if retry and isinstance(error, StoreUnavailableError):
                    self._storage_is_away(error)
                    self._on_change(live.id)
                if not retry:
                    live.ended.set()
            else:
                self._end(live, State.FAILED, error.explanation)
            raise
        except Exception as error:
            with self._lock:
                self._line.leave(live)
            self._end(live, State.FAILED, f"An unexpected error: {type(error).__name__}. The log has the details.")
            raise
        with self._lock:
            self._line.leave(live)
        state = State.FAILED if failures and not live.board.snapshot().done_files else State.DONE
        self._end(live, state, "", failures)

    def _upload(self, live: Live, counted: bool) -> Sequence[FileFailure]:
        record = live.record
        sources = [os.fsdecode(source) for source in record.sources]
        if counted:
            threading.Thread(
                target=_count, args=(sources, live.control, live.board), name="upload-counter", daemon=True
            ).start()
        resolver = ConflictResolver(record.conflict, live.ask)
        upload = Upload(
            self._port, live.id, sources, NodeId(record.dest), resolver, live.control, live.board, self._options
        )
        return upload.run().failures

    def _download(self, live: Live) -> Sequence[FileFailure]:
        record = live.record
        resolver = ConflictResolver(record.conflict, live.ask)
        items = self._items(record.sources)
        dest = os.fsdecode(record.dest)
        # This process owns the transfer, and all owners have this folder.
        origin = f"{self._lock_folder}:{live.id}"
        fetchers = (self._options or UploadOptions()).fetchers
        download = Download(
            self._port, items, dest, resolver, live.control, live.board, fetchers=fetchers, origin=origin
        )
        return download.run().failures

    def _end(self, live: Live, state: State, error: str, failures: Sequence[FileFailure] = ()) -> None:
        if state is State.CANCELLED and live.record.direction is Direction.UP:
            self._port.journal.clear(live.id)
        self._save(live, state=state, error=error, failures=tuple(failures[:_MAX_KEPT_FAILURES]))
        live.ended.set()

    def _save(
        self, live: Live, *, state: State, error: str = "", failures: tuple[FileFailure, ...] | None = None
    ) -> None:
        now = live.board.snapshot()
        with self._lock:
            self._line.unfinished += (state in LIVE) - (live.record.state in LIVE)
            live.record = msgspec.structs.replace(
                live.record,
                state=state,
                error=error,
                failures=live.record.failures if failures is None else failures,
                done_files=now.done_files,
                done_bytes=now.done_bytes,
                total_files=now.total_files,
                total_bytes=now.total_bytes,
                unchanged_files=now.unchanged_files,
            )
            record = live.record
            self._line.touched(live)
            self._lock.notify_all()
        self._table.save(live.id, record)
        self._on_change(live.id)

    # --- looking

    def rows(self) -> list[TransferRow]:
        """This process's transfers in queue order."""
        with self._lock:
            lives = self._line.ordered()
        return [live.shown or live.row(self._away) for live in lives]

    def count(self) -> int:
        """How many ``rows`` would give."""
        return len(self._line)

    def live_count(self) -> int:
        """How many of them have not ended."""
        return self._line.unfinished

    def revision(self) -> int:
        """Another number whenever a transfer came, went, or changed its state or place. Progress does not count."""
        return self._line.revision

    def running(self) -> list[TransferRow]:
        """Those at work, fresh."""
        with self._lock:
            lives = self._line.running()
        return [live.row(self._away) for live in lives]

    def row(self, transfer: int) -> TransferRow:
        with self._lock:
            live = self._line[transfer]
        return live.row(self._away)

    def failures(self, transfer: int) -> list[FileFailure]:
        """Files that a transfer left out, and why."""
        with self._lock:
            return list(self._line[transfer].record.failures)

    @property
    def is_offline(self) -> bool:
        """Whether the queue waits for a storage that cannot be reached. The row of what found it so says why."""
        return self._circuit is not None and self._circuit.is_open

    def pending(self) -> int:
        """Transfers that have not ended, of all processes."""
        return sum(kept.record.state in LIVE for kept in self._table.load())

    def wait(self, transfer: int, timeout_s: float | None = None) -> TransferRow:
        """Until the transfer has ended (done, failed, cancelled), or the time is up."""
        with self._lock:
            live = self._line[transfer]
        live.ended.wait(timeout_s)
        return live.row(self._away)

    # --- steering

    def pause(self, transfer: int) -> None:
        """Stop sending after what is in flight; kept over a restart."""
        live = self._line[transfer]
        if live.record.state in (State.QUEUED, State.RUNNING):
            live.control.pause()
            self._save(live, state=State.PAUSED)

    def resume(self, transfer: int) -> None:
        live = self._line[transfer]
        if live.record.state is State.PAUSED:
            live.not_before_s = 0.0
            self._save(live, state=State.RUNNING if live.running else State.QUEUED)
            live.control.resume()

    def pause_all(self) -> None:
        for live in self._line.ordered():
            self.pause(live.id)

    def resume_all(self) -> None:
        for live in self._line.ordered():
            self.resume(live.id)

    def cancel(self, transfer: int) -> None:
        """Give up; what is in the tree stays, packs stored for nothing are collected later."""
        live = self._line[transfer]
        if live.record.state not in LIVE:
            return
        live.control.cancel()
        if not live.running:
            self._end(live, State.CANCELLED, "")
        else:
            with self._lock:
                live.record = msgspec.structs.replace(live.record, state=State.RUNNING)

    def retry(self, transfer: int) -> None:
        """Once more, from where it stopped."""
        live = self._line[transfer]
        if live.record.state in (State.FAILED, State.CANCELLED, State.DONE) or live.record.error:
            live.control = Control()
            live.not_before_s = 0.0
            live.ended.clear()
            if self._circuit is not None:
                self._circuit.close()
                self._away = ""
            self._save(live, state=State.QUEUED)

    def retry_all(self) -> None:
        """All that failed, once more."""
        for live in self._line.ordered():
            if live.record.state is State.FAILED:
                self.retry(live.id)

    def remove(self, transfer: int) -> None:
        """Forget a transfer that has ended."""
        live = self._line[transfer]
        if live.record.state not in LIVE:
            self._table.remove(transfer)
            with self._lock:
                self._line.remove(live)
            self._on_change(transfer)

    def remove_ended(self) -> None:
        """Forget all that have ended well or were cancelled; what failed stays until somebody looked at it."""
        for live in self._line.ordered():
            if live.record.state in (State.DONE, State.CANCELLED):
                self.remove(live.id)

    def move_to(self, transfer: int, index: int) -> None:
        """Make it the ``index``-th of the queue."""
        with self._lock:
            live = self._line[transfer]
            self._line.move(live, index)
            self._lock.notify_all()
        self._table.set_position(transfer, live.position)
        self._on_change(transfer)

    def stop(self, timeout_s: float = 10.0) -> None:
        """End all work in an orderly way; what was running is taken up at the next start."""
        if self._circuit is not None:
            self._circuit.stop()
        with self._lock:
            self._stopping = True
            self._lock.notify_all()
            lives = self._line.ordered()
        for live in lives:
            if live.running:
                live.control.cancel(resumable=True)
        until_s = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, until_s - time.monotonic()))
        with self._lock:  # run_now works in threads that are not ours
            self._lock.wait_for(lambda: not any(live.running for live in lives), max(0.0, until_s - time.monotonic()))
        self._owner.close()


def _count(sources: Sequence[str], control: Control, board: Board) -> None:
    try:
        walk.count(sources, control, board)
    except CancelledError:
        return


def _title(names: Sequence[str]) -> str:
    if not names:
        return ""
    return names[0] if len(names) == 1 else f"{names[0]} + {len(names) - 1}"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
