"""put and get: a transfer of the locker's queue, run to its end in this process, with a bar and a report."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import TYPE_CHECKING

from megadesk.cli.context import Context, local_folder, local_path, locker_path
from megadesk.cli.lockers import RECOVERY_ADVICE
from megadesk.cli.output import Json, count_text, one_line, size_text
from megadesk.cli.passphrase import can_prompt
from megadesk.cli.progress import REDRAW_S, ProgressBar
from megadesk.errors import CancelledError, LocalFileError, MegaDeskError, PathError, Retry
from megadesk.transfer.port import Conflict, ConflictAnswer, ConflictQuestion, FileFailure
from megadesk.transfer.records import State
from megadesk.types import NodeKind

if TYPE_CHECKING:
    from megadesk.core.locker import Locker
    from megadesk.transfer.queue import TransferManager
    from megadesk.transfer.records import TransferRow

_STOP_S = 5.0
_POLL_S = 0.1
_RESUME = "What is done is kept: run the same command again to go on from there."
_ANSWERS = {
    "r": Conflict.REPLACE,
    "k": Conflict.KEEP_BOTH,
    "s": Conflict.SKIP,
    "n": Conflict.NEWER,
}


def put(context: Context) -> int:
    """``put PATH... [--to /DIR]``; with no locker on this computer yet, the default one is made first."""
    args = context.args
    sources, failures = _existing(args.paths)
    if not sources:
        _tell_failures(context, failures)
        return 1
    locker = _locker_for_put(context)
    dest = locker_path(args.to)
    _make_destination(locker, dest)
    conflict = Conflict(args.on_conflict or "replace")
    transfer = locker.upload(sources, dest, conflict=conflict)
    status = _run(context, locker, transfer, "Uploading", failures, Interrupts())
    with contextlib.suppress(MegaDeskError):  # only spares the next device some work
        locker.write_checkpoint_if_due()
    return status


def get(context: Context) -> int:
    """``get /PATH... [--to DIR]``."""
    args = context.args
    locker = context.unlock()
    sources: list[str] = []
    failures: list[FileFailure] = []
    for path in dict.fromkeys(map(locker_path, args.paths)):
        try:
            locker.node(path)
            sources.append(path)
        except PathError as error:
            failures.append(FileFailure(path, error.title, str(error), error.remedy))
    if not sources:
        _tell_failures(context, failures)
        return 1
    dest = local_folder(args.to)
    interrupts = Interrupts()
    conflict, ask = _download_conflicts(context, interrupts.noticed)
    transfer = locker.download(sources, dest, conflict=conflict, ask=ask)
    return _run(context, locker, transfer, "Downloading", failures, interrupts)


# --- before


def _existing(paths: Sequence[str]) -> tuple[list[str], list[FileFailure]]:
    sources: list[str] = []
    failures: list[FileFailure] = []
    for path in paths:
        absolute = local_path(path)
        if os.path.lexists(absolute):
            sources.append(absolute)
        else:
            failures.append(FileFailure(path, LocalFileError.title, f"{path} is not there.", "Check the name."))
    return list(dict.fromkeys(sources)), failures


def _locker_for_put(context: Context) -> Locker:
    if context.args.locker is not None or context.registry.list() or context.registry.damaged():
        return context.unlock()
    out = context.out
    out.note("megadesk: There is no locker on this computer yet: making one, kept on this computer.")
    new = context.app.create_locker(context.passphrase.new("the new locker"))
    out.note("")
    out.note(f"    Recovery key:  {new.recovery_key}")
    out.note("")
    for text in RECOVERY_ADVICE:
        out.note(text)
    out.note("")
    return new.locker


def _make_destination(locker: Locker, dest: str) -> None:
    try:
        row = locker.node(dest)
    except PathError:
        locker.make_folder(dest, parents=True)
        return
    if row.kind != NodeKind.FOLDER:
        raise PathError(f"{dest} is not a folder.", remedy="Name another with --to.")


def _download_conflicts(context: Context, interrupted: threading.Event) -> tuple[Conflict, Asker | None]:
    if context.args.on_conflict is not None:
        return Conflict(context.args.on_conflict), None
    if sys.stdin is not None and sys.stdin.isatty() and can_prompt():
        return Conflict.ASK, Asker(context, interrupted)
    return Conflict.KEEP_BOTH, None


class Asker:
    """Asks on the terminal what to do with a file that is there already. Called by the transfer's thread.

    Raises CancelledError once ``interrupted`` is set, as nobody will answer.
    """

    def __init__(self, context: Context, interrupted: threading.Event) -> None:
        self._out = context.out
        self._interrupted = interrupted

    def __call__(self, question: ConflictQuestion) -> ConflictAnswer:
        self._out.note(
            f"{question.path} is there already: {size_text(question.existing_size)};"
            f" the locker's has {size_text(question.new_size)}."
        )
        while True:
            self._out.note("[r]eplace, [k]eep both, [s]kip, the [n]ewer one? A capital letter: the same for all.")
            answer = self._read_line()
            letter = answer.strip()[:1]
            if not answer:
                return ConflictAnswer(Conflict.KEEP_BOTH, apply_to_all=True)
            if letter.lower() in _ANSWERS:
                return ConflictAnswer(_ANSWERS[letter.lower()], apply_to_all=letter.isupper())

    def _read_line(self) -> str:
        if os.name != "posix":
            return sys.stdin.readline()
        # A thread that hangs in readline would hold stdin's lock when the interpreter wants to end.
        while not select.select([sys.stdin], [], [], _POLL_S)[0]:
            if self._interrupted.is_set():
                raise CancelledError("Cancelled.")
        return os.read(sys.stdin.fileno(), 4096).decode(errors="replace")


# --- the run


class Interrupts:
    """While entered, SIGINT and SIGTERM are noted instead of raised, so that nothing is torn in the middle.

    A second one ends the process at once, which the journal withstands. For the main thread.
    """

    def __init__(self) -> None:
        self.signal: int | None = None
        self.noticed = threading.Event()
        self._before: dict[int, signal.Handlers | int | Callable[[int, FrameType | None], object] | None] = {}

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                # Somebody who started us with it ignored (nohup, a shell's background) wants it so.
                if signal.getsignal(number) != signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *args: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.signal is not None:
            os._exit(128 + number)
        self.signal = number
        self.noticed.set()


class _Worker(threading.Thread):
    """Runs the transfer, so that the main thread is free for signals and the bar."""

    def __init__(self, manager: TransferManager, transfer: int, *, counted: bool) -> None:
        super().__init__(name="cli-transfer", daemon=True)
        self._manager = manager
        self._transfer = transfer
        self._counted = counted
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self._manager.run_now(self._transfer, counted=self._counted)
        except BaseException as error:  # noqa: BLE001 - raised in the main thread
            self.error = error


def _run(
    context: Context,
    locker: Locker,
    transfer: int,
    title: str,
    failures: list[FileFailure],
    interrupts: Interrupts,
) -> int:
    manager = locker.transfers
    started = time.monotonic()
    # Adding up the sizes first costs a scan, and only a bar needs them.
    worker = _Worker(manager, transfer, counted=context.out.error_terminal)
    with interrupts, ProgressBar(context.out, title) as bar:
        worker.start()
        while worker.is_alive() and not interrupts.noticed.is_set():
            worker.join(REDRAW_S)
            _draw(bar, manager.row(transfer))
        if interrupts.signal is not None:
            locker.stop_transfers()
            worker.join(_STOP_S)
        row = manager.row(transfer)
    if worker.error is not None and not isinstance(worker.error, Exception):
        raise worker.error
    failures = failures + list(manager.failures(transfer))
    if interrupts.signal is not None and row.state is not State.DONE:
        context.out.note(f"megadesk: Stopped at {size_text(row.done_bytes)}. {_RESUME}")
        return 128 + interrupts.signal
    if worker.error is not None:
        _tell_failures(context, failures)
        if isinstance(worker.error, MegaDeskError) and worker.error.retry in {Retry.RETRYABLE, Retry.PAUSE}:
            worker.error.remedy = f"{worker.error.remedy} {_RESUME}".lstrip()
        raise worker.error
    _report(context, row, failures, time.monotonic() - started)
    _tell_failures(context, failures)
    manager.remove(transfer)
    return 1 if failures or row.state is not State.DONE else 0


def _draw(bar: ProgressBar, row: TransferRow) -> None:
    bar.update(
        row.done_bytes,
        0 if row.scanning else row.total_bytes,
        speed=row.speed_bps,
        eta_s=row.eta_s,
        what=os.path.basename(row.current),
    )


# --- after


def _report(context: Context, row: TransferRow, failures: Sequence[FileFailure], seconds: float) -> None:
    speed = row.moved_bytes / seconds if seconds > 0 else 0.0
    out = context.out
    if out.json:
        out.value(
            {
                "files": row.done_files,
                "unchanged": row.unchanged_files,
                "bytes": row.done_bytes,
                "moved_bytes": row.moved_bytes,
                "seconds": round(seconds, 3),
                "state": row.state.name.lower(),
                "failures": [_failure_json(failure) for failure in failures],
            }
        )
        return
    out.line(
        f"{count_text(row.done_files, 'file')}, {row.unchanged_files:,} unchanged,"
        f" {size_text(row.done_bytes)}, {size_text(speed)}/s"
    )


def _tell_failures(context: Context, failures: Sequence[FileFailure]) -> None:
    for failure in failures:
        text = failure.message if failure.path in failure.message else f"{failure.path}: {failure.message}"
        context.out.note(one_line(f"megadesk: {text} {failure.remedy}".rstrip()))


def _failure_json(failure: FileFailure) -> Json:
    return {"path": failure.path, "message": failure.message, "remedy": failure.remedy}
