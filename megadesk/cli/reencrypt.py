"""``reencrypt``: what removed devices can still read, under keys that they do not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from megadesk.cli.context import Context
from megadesk.cli.output import Json, count_text, size_text
from megadesk.cli.progress import ProgressBar, Rate
from megadesk.errors import CancelledError

if TYPE_CHECKING:
    from megadesk.core.exposure import Left
    from megadesk.core.locker import Locker
    from megadesk.core.reencrypt import ReencryptReport
    from megadesk.transfer.control import Control
    from megadesk.types import Progress

EXPLAINED = (
    "A removed device had the keys of everything until then, and may have copied it. Encrypting it anew keeps it from"
    " reading later what is still in the storage: “megadesk reencrypt” does so, by sending it all once more."
)


def reencrypt(context: Context) -> int:
    """``reencrypt [run | status | later | pause | stop]``."""
    locker = context.unlock()
    action = context.args.action
    if action == "run":
        return run(context, locker)
    job = locker.reencryption
    if action == "later":
        job.ask()
    elif action == "pause":
        job.pause()
    elif action == "stop":
        job.give_up()
    return _status(context, locker)


def run(context: Context, locker: Locker) -> int:
    """Until it is done, or interrupted: then the next run, or the window, goes on. Status 1 if any is left."""
    from concurrent.futures import ThreadPoolExecutor
    from concurrent.futures import TimeoutError as NotYet

    from megadesk.cli.transfers import Interrupts
    from megadesk.transfer.control import Control

    out, control, rate = context.out, Control(), Rate()
    with Interrupts() as interrupts, ProgressBar(out, "Encrypting") as bar, ThreadPoolExecutor(1) as pool:

        def show(progress: Progress) -> None:
            speed = rate.update(progress.done)
            left = (progress.total - progress.done) / speed if speed > 0 and progress.total else None
            in_bytes = progress.what == "encrypt"
            bar.update(progress.done, progress.total, unit_is_bytes=in_bytes, speed=speed, eta_s=left, what="")

        running = pool.submit(locker.reencryption.run, progress=show, control=control)
        while True:
            try:
                report = running.result(timeout=0.2)
                break
            except NotYet:
                if interrupts.noticed.is_set():
                    _interrupt(locker, control)
            except CancelledError:
                out.note("megadesk: Stopped. What is done stays done: “megadesk reencrypt” goes on from there.")
                return 1
    return _told(context, report)


def _interrupt(locker: Locker, control: Control) -> None:
    if not control.cancelled:
        control.cancel(resumable=True)
        locker.stop_transfers()  # also where it waits for the storage


def _told(context: Context, report: ReencryptReport) -> int:
    out = context.out
    if out.json:
        out.value(
            {
                "files": report.files,
                "versions": report.versions,
                "bytes": report.bytes,
                "damaged": list[Json](report.damaged),
                "left": _left_json(report.left),
            }
        )
        return 1 if report.left.files else 0
    out.line(f"{count_text(report.files, 'file')}, {size_text(report.bytes)} encrypted anew.")
    for path in report.damaged:
        out.note(f"megadesk: {out.name(path)} could not be read, and was left as it is. See: megadesk check")
    _tell_left(context, report.left)
    return 1 if report.left.files else 0


def _tell_left(context: Context, left: Left) -> None:
    out = context.out
    if left.files:
        out.line(f"{count_text(left.files, 'file')}, {size_text(left.bytes)} can still be read by removed devices.")
    if left.conflicts:
        out.note(f"megadesk: {count_text(left.conflicts, 'file')} of them have a conflict: settle it, and do it again.")
    if left.linked_packs:
        out.note(
            f"megadesk: Links made before keep {count_text(left.linked_packs, 'pack')}: take those links back, and make"
            " them anew."
        )


def _status(context: Context, locker: Locker) -> int:
    status = locker.reencryption.status(survey=True)
    out = context.out
    if out.json:
        out.value(
            {
                "possible": status.possible,
                "wanted": status.wanted,
                "paused": status.paused,
                "left": _left_json(status.left),
            }
        )
        return 0
    if not status.possible:
        out.line("No device was ever removed: there is nothing to encrypt anew.")
        return 0
    if status.wanted:
        out.line("It is paused." if status.paused else "The window, or “megadesk sync run”, does it in the background.")
    if not status.left.files:
        out.line("Removed devices can read nothing of what is in the tree.")
    _tell_left(context, status.left)
    return 0


def _left_json(left: Left) -> dict[str, Json]:
    return {
        "files": left.files,
        "bytes": left.bytes,
        "conflicts": left.conflicts,
        "linked_packs": left.linked_packs,
    }
