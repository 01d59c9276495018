"""``fetch URL``: open a link that somebody sent. Needs no locker and keeps nothing but the files."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import TYPE_CHECKING

from megadesk.cli.context import Context, local_folder, locker_path
from megadesk.cli.links import link_password
from megadesk.cli.output import Json, count_text, iso_time, one_line, size_text, time_text
from megadesk.cli.progress import REDRAW_S, ProgressBar, Rate
from megadesk.cli.transfers import Interrupts
from megadesk.errors import MegaDeskError, Retry
from megadesk.transfer.control import Control
from megadesk.transfer.port import Conflict
from megadesk.transfer.progress import Board
from megadesk.types import NodeKind

if TYPE_CHECKING:
    from megadesk.share.opening import OpenedLink
    from megadesk.transfer.download_items import DownloadReport

_MAX_LINE = 20_000
_KINDS = {NodeKind.FOLDER: "folder", NodeKind.FILE: "file", NodeKind.LINK: "link"}
_RESUME = "What is done is kept: run the same command again to go on from there."


def fetch(context: Context) -> int:
    """``fetch URL [--to DIR] [--password-file F] [--list] [--keep /DIR]``."""
    from megadesk.share.opening import open_address

    args = context.args
    control = Control()
    dest = None if args.list or args.keep is not None else local_folder(args.to)

    def password() -> str:
        return link_password(context, args.password_file, new=False)

    url = args.url if args.url != "-" else _from_standard_input()
    link = open_address(url, password, folder=dest, control=control)
    try:
        if link.record.note:
            context.out.note(f"Note from the sender: {one_line(link.record.note)}")
        if link.record.is_live:
            context.out.note(f"As of {time_text(link.record.created_ms * 1_000_000)}; the sender keeps it up to date.")
        if args.list:
            return _list(context, link)
        if dest is None:
            return _keep(context, link)
        return _download(context, link, dest, control)
    finally:
        link.close()


def _from_standard_input() -> str:
    """A link is a secret, and arguments can be seen by others on the same computer."""
    line = sys.stdin.buffer.readline(_MAX_LINE) if sys.stdin is not None else b""
    return line.decode("utf-8", "replace").strip()


def _list(context: Context, link: OpenedLink) -> int:
    out = context.out
    if out.json:
        out.values(
            {
                "path": entry.path,
                "name": entry.name,
                "kind": _KINDS[entry.kind],
                "size": entry.size,
                "mtime": iso_time(entry.mtime_ns),
            }
            for entry in link.entries()
        )
        return 0
    for entry in link.entries():
        slash = "/" if entry.kind is NodeKind.FOLDER else ""
        out.line(out.name(f"{entry.size:>14}  {entry.path}{slash}"))
    return 0


def _keep(context: Context, link: OpenedLink) -> int:
    """Into the locker instead of a folder here."""
    locker = context.unlock()
    with ProgressBar(context.out, "Keeping") as bar:
        rate = Rate()
        node = locker.links.keep(
            link,
            locker_path(context.args.keep),
            progress=lambda now: bar.update(now.done, now.total, speed=rate.update(now.done), what=now.what),
        )
    path = locker.path_of(node)
    if context.out.json:
        context.out.value({"path": path, "bytes": link.record.size_bytes})
    else:
        context.out.line(context.out.name(path))
    return 0


class _Worker(threading.Thread):
    """Downloads, so that the main thread is free for signals and the bar."""

    def __init__(self, link: OpenedLink, dest: str, conflict: Conflict, control: Control, board: Board) -> None:
        super().__init__(name="cli-fetch", daemon=True)
        self._link = link
        self._dest = dest
        self._conflict = conflict
        self._control = control
        self._board = board
        self.report: DownloadReport | None = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.report = self._link.download(
                self._dest, conflict=self._conflict, control=self._control, board=self._board
            )
        except BaseException as error:  # noqa: BLE001 - raised in the main thread
            self.error = error


def _download(context: Context, link: OpenedLink, dest: str, control: Control) -> int:
    started = time.monotonic()
    board = Board()
    interrupts = Interrupts()
    worker = _Worker(link, dest, Conflict(context.args.on_conflict or "keep-both"), control, board)
    with interrupts, ProgressBar(context.out, "Downloading") as bar:
        worker.start()
        while worker.is_alive():
            worker.join(REDRAW_S)
            if interrupts.noticed.is_set():
                control.cancel(resumable=True)
            now = board.snapshot()
            bar.update(
                now.done_bytes,
                now.total_bytes,
                speed=now.speed_bps,
                eta_s=now.eta_s,
                what=os.path.basename(now.current),
            )
    if interrupts.signal is not None and worker.report is None:
        context.out.note(f"megadesk: Stopped at {size_text(board.snapshot().done_bytes)}. {_RESUME}")
        return 128 + interrupts.signal
    if worker.error is not None:
        if isinstance(worker.error, MegaDeskError) and worker.error.retry in {Retry.RETRYABLE, Retry.PAUSE}:
            worker.error.remedy = f"{worker.error.remedy} {_RESUME}".lstrip()
        raise worker.error
    assert worker.report is not None
    return _tell(context, link, worker.report, board, time.monotonic() - started)


def _tell(context: Context, link: OpenedLink, report: DownloadReport, board: Board, seconds: float) -> int:
    now = board.snapshot()
    out = context.out
    failures = report.failures
    if out.json:
        out.value(
            {
                "files": now.done_files,
                "unchanged": now.unchanged_files,
                "bytes": now.done_bytes,
                "moved_bytes": now.moved_bytes,
                "seconds": round(seconds, 3),
                "note": link.record.note,
                "failures": [
                    dict[str, Json](path=each.path, message=each.message, remedy=each.remedy) for each in failures
                ],
            }
        )
    else:
        speed = now.moved_bytes / seconds if seconds > 0 else 0.0
        out.line(
            f"{count_text(now.done_files, 'file')}, {now.unchanged_files:,} unchanged,"
            f" {size_text(now.done_bytes)}, {size_text(speed)}/s"
        )
    for failure in failures:
        text = failure.message if failure.path in failure.message else f"{failure.path}: {failure.message}"
        out.note(one_line(f"megadesk: {text} {failure.remedy}".rstrip()))
    return 1 if failures else 0
