"""Keeping the locker well: check and gc."""

from __future__ import annotations

from typing import TYPE_CHECKING

from megadesk.cli.context import Context
from megadesk.cli.output import Json, count_text, size_text
from megadesk.cli.progress import ProgressBar, Rate

if TYPE_CHECKING:
    from collections.abc import Callable

    from megadesk.types import Progress


def check(context: Context) -> int:
    """``check [--read-data] [--repair]``: the list of what is damaged on standard output; status 1 if there is any."""
    out = context.out
    read_data = context.args.read_data
    locker = context.unlock()
    with ProgressBar(out, "Checking") as bar:
        report = locker.upkeep.check(
            read_data=read_data, repair=context.args.repair, progress=_shower(bar, in_bytes=read_data)
        )
    problems = report.problems
    if out.json:
        out.value(
            {
                "objects": report.objects,
                "bytes": report.bytes,
                "read_data": bool(read_data),
                "repaired": report.repaired,
                "repaired_bytes": report.repaired_bytes,
                "readable_by_removed_devices": report.exposed.bytes if report.exposed is not None else 0,
                "problems": [
                    {"object": problem.object_name, "what": problem.what, "files": list[Json](problem.files)}
                    for problem in problems
                ],
            }
        )
        return 1 if problems else 0
    for problem in problems:
        out.line(f"{problem.object_name}: {out.name(problem.what)}")
        for file in problem.files:
            out.line(f"    {out.name(file)}")
    if report.repaired:
        out.line(f"{count_text(report.repaired, 'object')}, {size_text(report.repaired_bytes)} repaired.")
    if report.exposed is not None and report.exposed.files:
        left = report.exposed
        out.note(
            f"megadesk: {count_text(left.files, 'file')}, {size_text(left.bytes)} can still be read by removed devices"
            " that can read the storage. Encrypt them anew with: megadesk reencrypt"
        )
    done = f"{count_text(report.objects, 'object')}, {size_text(report.bytes)} checked"
    if problems:
        out.line(f"{done}: {count_text(len(problems), 'problem')}.")
        if not context.args.repair and locker.store_states():
            out.note("megadesk: Not everything is whole in every store. Do: megadesk check --repair")
        if any(problem.files for problem in problems) or not locker.store_states():
            out.note(
                "megadesk: The locker is damaged. Put the files that are named again if you still have them, or bring"
                " the storage back from a copy."
            )
        return 1
    out.line(f"{done}{' with all data' if read_data else ''}: no problems.")
    return 0


def gc(context: Context) -> int:
    """``gc``: delete packs that nothing refers to."""
    out = context.out
    locker = context.unlock()
    with ProgressBar(out, "Collecting") as bar:
        report = locker.upkeep.collect_garbage(progress=_shower(bar, in_bytes=False))
    if out.json:
        out.value(
            {
                "packs_deleted": report.packs_deleted,
                "bytes_freed": report.bytes_freed,
                "waiting_for": list[Json](report.waiting_for),
            }
        )
        return 0
    out.line(f"{count_text(report.packs_deleted, 'pack')} deleted, {size_text(report.bytes_freed)} freed.")
    if report.waiting_for:
        names = ", ".join(report.waiting_for)
        out.note(f"megadesk: More can go when these devices have opened the locker again: {names}")
    return 0


def _shower(bar: ProgressBar, *, in_bytes: bool) -> Callable[[Progress], None]:
    rate = Rate()

    def show(progress: Progress) -> None:
        speed = rate.update(progress.done)
        left = (progress.total - progress.done) / speed if speed > 0 and progress.total else None
        bar.update(progress.done, progress.total, unit_is_bytes=in_bytes, speed=speed, eta_s=left, what=progress.what)

    return show
