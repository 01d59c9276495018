"""Sync pairs: sync add, ls, rm, run, status, problems, resolve, approve, pause, resume, rules."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from megadesk.cli.arguments import UsageError
from megadesk.cli.context import Context, locker_path
from megadesk.cli.output import Json, count_text, iso_time, time_text
from megadesk.errors import CancelledError, InputError
from megadesk.sync.pairs import Fix, PairState, ProblemKind
from megadesk.sync.values import Mode

if TYPE_CHECKING:
    from collections.abc import Callable

    from megadesk.cli.transfers import Interrupts
    from megadesk.core.locker import Locker
    from megadesk.core.sync import SyncPairRow
    from megadesk.sync.pairs import SyncProblem
    from megadesk.sync.run import RunReport

_BUSY_TRIES = 4
_BUSY_WAIT_S = 2.2


def sync(context: Context) -> int:
    """``sync ACTION ...``."""
    return _ACTIONS[context.args.action](context)


def _add(context: Context) -> int:
    args, out = context.args, context.out
    local, folder = _items(context, 2, "sync add LOCAL /PATH")
    locker = context.unlock()
    pair = locker.sync.add(
        local, locker_path(folder), mode=Mode(args.mode), ignored=args.ignore or (), left_out=args.leave_out or ()
    )
    row = _row(locker, str(pair))
    if out.json:
        out.value(_row_json(row))
    else:
        out.line(f"{row.id}  {out.name(row.root)}  {_ARROWS[row.mode]}  {out.name(row.folder)}")
        out.note("megadesk: Nothing was moved yet. `megadesk sync run --dry-run` shows what would be.")
    return 0


def _ls(context: Context) -> int:
    out = context.out
    rows = context.unlock().sync.pairs()
    if out.json:
        out.value([_row_json(row) for row in rows])
        return 0
    for row in rows:
        out.line(
            f"{row.id}  {out.name(row.root)}  {_ARROWS[row.mode]}  {out.name(row.folder)}  {row.mode.value}"
            f"{_remarks(row)}"
        )
    return 0


def _rm(context: Context) -> int:
    (wanted,) = _items(context, 1, "sync rm PAIR")
    locker = context.unlock()
    row = _row(locker, wanted)
    locker.sync.remove(row.id)
    if context.out.json:
        context.out.value({"removed": row.id})
    else:
        context.out.line(f"{context.out.name(row.root)} is no longer kept in sync. No file was touched.")
    return 0


def _status(context: Context) -> int:
    out = context.out
    locker = context.unlock()
    rows, problems = locker.sync.pairs(), locker.sync.problems()
    if out.json:
        out.value(
            {
                "state": locker.sync.state().value,
                "pairs": [_row_json(row) for row in rows],
                "problems": [_problem_json(problem) for problem in problems],
            }
        )
        return 0
    for row in rows:
        when = time_text(row.synced_ms * 1_000_000) if row.synced_ms else "never"
        out.line(f"{row.id}  {out.name(row.root)}  {row.state.value}  equal on {when}{_remarks(row)}")
    return 0


def _problems(context: Context) -> int:
    """Exit status 1 when there are any."""
    out = context.out
    locker = context.unlock()
    wanted = context.args.items
    problems = locker.sync.problems(_row(locker, wanted[0]).id if wanted else None)
    if out.json:
        out.value([_problem_json(problem) for problem in problems])
    else:
        for problem in problems:
            out.line(f"{problem.id}  {_problem_text(context, problem)}")
            fixes = ", ".join(fix.value for fix in problem.fixes)
            if fixes:
                out.line(f"          megadesk sync resolve {problem.id} {fixes}")
    return 1 if problems else 0


def _resolve(context: Context) -> int:
    problem, choice = _items(context, 2, "sync resolve ID CHOICE")
    fix = next((fix for fix in Fix if fix.value == choice), None)
    if fix is None:
        raise UsageError(
            f"There is no choice {choice!r}: {', '.join(fix.value for fix in Fix)}.", "megadesk sync --help"
        )
    context.unlock().sync.resolve(problem, fix)
    _say(context, {"resolved": problem, "by": fix.value}, "It is done with the next run.")
    return 0


def _approve(context: Context) -> int:
    (wanted,) = _items(context, 1, "sync approve PAIR")
    locker = context.unlock()
    row = _row(locker, wanted)
    locker.sync.approve(row.id)
    _say(context, {"approved": row.id}, "The deletions go through with the next run.")
    return 0


def _pause(context: Context) -> int:
    locker = context.unlock()
    wanted = context.args.items
    locker.sync.pause(_row(locker, wanted[0]).id if wanted else None)
    _say(context, {"paused": True}, "Paused.")
    return 0


def _resume(context: Context) -> int:
    locker = context.unlock()
    wanted = context.args.items
    locker.sync.resume(_row(locker, wanted[0]).id if wanted else None)
    _say(context, {"paused": False}, "Going on.")
    return 0


def _rules(context: Context) -> int:
    """Without options: what the rules catch now. With them: the rules from now on."""
    args, out = context.args, context.out
    (wanted,) = _items(context, 1, "sync rules PAIR")
    locker = context.unlock()
    row = _row(locker, wanted)
    if args.ignore is not None or args.leave_out is not None:
        ignored = row.ignore if args.ignore is None else tuple(rule for rule in args.ignore if rule)
        left_out = row.left_out if args.leave_out is None else tuple(path for path in args.leave_out if path)
        if not args.dry_run:
            locker.sync.set_rules(row.id, ignored, left_out)
        caught = locker.sync.caught(row.id, ignored, left_out)
    else:
        caught = locker.sync.caught(row.id)
    if out.json:
        row = _row(locker, wanted)
        out.value(
            {"ignore": list[Json](row.ignore), "left_out": list[Json](row.left_out), "caught": list[Json](caught)}
        )
    else:
        for path in caught:
            out.line(out.name(path))
    return 0


# --- running


def _run(context: Context) -> int:
    args = context.args
    locker = context.unlock()
    rows = [_row(locker, wanted) for wanted in args.items] or locker.sync.pairs()
    if not rows:
        raise InputError("There are no sync pairs yet.", remedy="Make one with: megadesk sync add LOCAL /PATH")
    if args.dry_run:
        return _preview(context, locker, rows)
    if args.once:
        return _once(context, locker, rows)
    return _serve(context, locker)


def _preview(context: Context, locker: Locker, rows: list[SyncPairRow]) -> int:
    out = context.out
    planned = {row.id: locker.sync.run_once(row.id, dry=True) for row in rows}
    if out.json:
        out.value([_report_json(pair, report) for pair, report in planned.items()])
        return 0
    for pair, report in planned.items():
        for action in report.planned:
            to = f"  ->  {out.name(action.to)}" if action.to else ""
            out.line(f"{pair}  {action.what}: {out.name(action.path)}{to}")
        for problem in report.problems:
            out.note(f"megadesk: {_problem_text(context, problem)}")
    return 0


def _once(context: Context, locker: Locker, rows: list[SyncPairRow]) -> int:
    """Exit status 1 when something stands still."""
    from megadesk.cli.transfers import Interrupts

    out = context.out
    reports: dict[int, RunReport] = {}
    interrupts = Interrupts()
    with interrupts:
        for row in rows:
            if row.state is PairState.PAUSED:
                continue
            reports[row.id] = _run_until_quiet(locker, row.id, interrupts)
    failed = any(_is_bad(report) for report in reports.values())
    if out.json:
        out.value([_report_json(pair, report) for pair, report in reports.items()])
        return 1 if failed else 0
    for pair, report in reports.items():
        for problem in report.problems:
            out.note(f"megadesk: {_problem_text(context, problem)}")
        done = f"{count_text(report.done, 'step')} done" if report.done else "nothing to do"
        waiting = "; files that are being written to wait for the next run" if report.busy else ""
        out.line(f"{pair}  {done}{waiting}")
    return 1 if failed else 0


def _run_until_quiet(locker: Locker, pair: int, interrupts: Interrupts) -> RunReport:
    """Files that were written a moment ago are waited for."""
    done = 0
    for number in range(_BUSY_TRIES):
        report = _run_interruptibly(locker, pair, interrupts)
        done += report.done
        if not report.busy or number == _BUSY_TRIES - 1 or interrupts.noticed.is_set():
            break
        interrupts.noticed.wait(_BUSY_WAIT_S)
    report.done = done
    return report


def _run_interruptibly(locker: Locker, pair: int, interrupts: Interrupts) -> RunReport:
    """In a thread of its own, so that the main thread is free for signals. Raises what the run raises."""
    from concurrent.futures import ThreadPoolExecutor
    from concurrent.futures import TimeoutError as NotYet

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(locker.sync.run_once, pair)
        while True:
            try:
                return future.result(timeout=0.2)
            except NotYet:
                if interrupts.noticed.is_set():
                    locker.sync.control.cancel(resumable=True)
                    locker.stop_transfers()


def _is_bad(report: RunReport) -> bool:
    return report.pending or any(problem.kind is not ProblemKind.CONFLICT for problem in report.problems)


def _serve(context: Context, locker: Locker) -> int:
    """Until interrupted or terminated; a line for whatever changes, fit for a journal."""
    from megadesk.cli.transfers import Interrupts

    out = context.out
    shown: dict[int, str] = {}
    known: set[str] = set()

    def tell() -> None:
        for row in locker.sync.pairs():
            text = f"{row.state.value}{_remarks(row)}"
            if shown.get(row.id) != text:
                shown[row.id] = text
                out.note(f"pair {row.id} {row.root}: {text}")
        problems = locker.sync.problems()
        for problem in problems:
            if problem.id not in known:
                out.note(f"pair {problem.pair}: {_problem_text(context, problem)}")
        known.clear()
        known.update(problem.id for problem in problems)

    interrupts = Interrupts()
    with interrupts:
        locker.start()
        while not interrupts.noticed.wait(1.0):
            with contextlib.suppress(CancelledError):
                tell()
    out.note("stopping")
    return 0


# --- showing


def _items(context: Context, count: int, usage: str) -> list[str]:
    items: list[str] = context.args.items
    if len(items) != count:
        raise UsageError(f"This takes the form: megadesk {usage}.", "megadesk sync --help")
    return items


def _row(locker: Locker, wanted: str) -> SyncPairRow:
    """A pair by number, or by its local folder."""
    import os

    rows = locker.sync.pairs()
    path = os.path.realpath(wanted)
    for row in rows:
        if str(row.id) == wanted or row.root == path:
            return row
    raise InputError(f"There is no sync pair {wanted}.", remedy="`megadesk sync ls` lists them.")


_ARROWS = {Mode.TWO_WAY: "<->", Mode.UP: "->", Mode.DOWN: "<-", Mode.BACKUP: "->"}


def _remarks(row: SyncPairRow) -> str:
    remarks = []
    if row.state is PairState.PAUSED:
        until = f" until {time_text(row.paused_until_ms * 1_000_000)}" if row.paused_until_ms else ""
        remarks.append(f"paused{until}")
    if row.problems:
        remarks.append(count_text(row.problems, "problem"))
    return f"  ({', '.join(remarks)})" if remarks else ""


def _problem_text(context: Context, problem: SyncProblem) -> str:
    where = f"{context.out.name(problem.path)}: " if problem.path else ""
    also = f" The other one: {context.out.name(problem.other)}." if problem.kind is ProblemKind.CONFLICT else ""
    return f"{where}{problem.message}{also}{' ' + problem.remedy if problem.remedy else ''}"


def _say(context: Context, value: dict[str, Json], text: str) -> None:
    if context.out.json:
        context.out.value(value)
    else:
        context.out.line(text)


def _row_json(row: SyncPairRow) -> dict[str, Json]:
    return {
        "id": row.id,
        "local": row.root,
        "folder": row.folder,
        "mode": row.mode.value,
        "state": row.state.value,
        "paused_until": iso_time(row.paused_until_ms * 1_000_000) if row.paused_until_ms else None,
        "equal": iso_time(row.synced_ms * 1_000_000) if row.synced_ms else None,
        "problems": row.problems,
        "current": row.current or None,
        "ignore": list[Json](row.ignore),
        "left_out": list[Json](row.left_out),
    }


def _problem_json(problem: SyncProblem) -> dict[str, Json]:
    return {
        "id": problem.id,
        "pair": problem.pair,
        "kind": problem.kind.value,
        "path": problem.path,
        "message": problem.message,
        "remedy": problem.remedy,
        "fixes": [fix.value for fix in problem.fixes],
        "other": problem.other if problem.kind is not ProblemKind.DELETIONS_HELD else "",
        "since": iso_time(problem.since_ms * 1_000_000),
    }


def _report_json(pair: int, report: RunReport) -> dict[str, Json]:
    return {
        "pair": pair,
        "done": report.done,
        "scanned": report.scanned,
        "equal": report.is_equal,
        "planned": [{"what": action.what, "path": action.path, "to": action.to or None} for action in report.planned],
        "problems": [_problem_json(problem) for problem in report.problems],
        "at": iso_time(time.time_ns()),
    }


_ACTIONS: dict[str, Callable[[Context], int]] = {
    "add": _add,
    "ls": _ls,
    "rm": _rm,
    "run": _run,
    "status": _status,
    "problems": _problems,
    "resolve": _resolve,
    "approve": _approve,
    "pause": _pause,
    "resume": _resume,
    "rules": _rules,
}
