"""The lockers of this computer, and moving them: locker ls, copy, switch, forget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from megadesk.cli.arguments import UsageError
from megadesk.cli.context import Context
from megadesk.cli.output import Json, count_text, iso_time, size_text
from megadesk.cli.passphrase import confirm
from megadesk.cli.progress import ProgressBar, Rate
from megadesk.cli.storage import with_credentials
from megadesk.stores.open import describe

if TYPE_CHECKING:
    from megadesk.core.credentials import Given
    from megadesk.core.move import CopyReport
    from megadesk.state.registry import LockerRecord
    from megadesk.types import Progress

_HELP = "megadesk locker --help"
_COUNTS = {"ls": (0, 0), "copy": (1, 2), "switch": (1, 1), "forget": (1, 1)}


def locker(context: Context) -> int:
    """``locker [ls | copy [FROM] TO [--switch] | switch STORE | forget NAME]``."""
    args = context.args
    least, most = _COUNTS[args.action]
    if not least <= len(args.where) <= most or (args.switch and args.action != "copy"):
        raise UsageError(f"`locker {args.action}` does not take that.", _HELP)
    return {"ls": _ls, "copy": _copy, "switch": _switch, "forget": _forget}[args.action](context)


def _ls(context: Context) -> int:
    out = context.out
    records = context.app.lockers()
    if out.json:
        out.value([_json(record) for record in records])
        return 0
    for record in records:
        out.line(f"{out.name(record.name)}  {out.name(record.store_address)}")
    if not records:
        out.note("megadesk: There is no locker on this computer yet. Make one with: megadesk init")
    return 0


def _json(record: LockerRecord) -> dict[str, Json]:
    return {
        "name": record.name,
        "store": record.store_address,
        "locker_id": record.locker_id,
        "added": iso_time(record.created_ms * 1_000_000),
    }


def _copy(context: Context) -> int:
    args, out, app = context.args, context.out, context.app
    *first, target = args.where
    known = {record.name: record for record in app.lockers()}
    record = None
    if not first:
        record = context.record()
    elif first[0] in known:
        record = known[first[0]]
    if record is None and args.switch:
        raise UsageError("--switch is for a locker of this computer: give its name.", _HELP)
    used: list[Given] = []
    with ProgressBar(out, "Copying") as bar:
        rate = Rate()

        def show(progress: Progress) -> None:
            speed = rate.update(progress.done)
            left = (progress.total - progress.done) / speed if speed > 0 and progress.total else None
            bar.update(progress.done, progress.total, unit_is_bytes=True, speed=speed, eta_s=left, what=progress.what)

        if record is None:

            def copy_storage(source: Given) -> CopyReport:
                return with_credentials(
                    context,
                    target,
                    lambda given: app.copy_storage(
                        first[0], target, source_credentials=source, credentials=given, progress=show
                    ),
                )

            report = with_credentials(context, first[0], copy_storage)
        else:
            opened = context.unlock(record)

            def copy_locker(given: Given) -> CopyReport:
                used[:] = [given]
                return app.copy_locker(opened, target, credentials=given, progress=show)

            report = with_credentials(context, target, copy_locker)
    if record is not None and args.switch:
        record = app.switch_store(opened, target, credentials=used[0])
    if out.json:
        out.value(
            {
                "copied": report.copied,
                "copied_bytes": report.copied_bytes,
                "kept": report.kept,
                "verified_bytes": report.verified_bytes,
                "switched": bool(args.switch),
            }
        )
        return 0
    out.line(
        f"{count_text(report.copied, 'object')}, {size_text(report.copied_bytes)} copied;"
        f" {report.kept:,} were there; all verified."
    )
    if args.switch:
        _tell_switched(context, target)
    return 0


def _switch(context: Context) -> int:
    args = context.args
    opened = context.unlock()
    record = with_credentials(
        context, args.where[0], lambda given: context.app.switch_store(opened, args.where[0], credentials=given)
    )
    if context.out.json:
        context.out.value(_json(record))
    else:
        _tell_switched(context, args.where[0])
    return 0


def _tell_switched(context: Context, target: str) -> None:
    context.out.line(f"The locker is used from {context.out.name(describe(target))} now.")
    context.out.note(
        "megadesk: Switch the other computers too (megadesk locker switch STORE): until then, what they write goes to"
        " the old storage, and comes along when it is copied again."
    )


def _forget(context: Context) -> int:
    (name,) = context.args.where
    record = context.registry.get(name)
    question = (
        f"Forget the locker {record.name} on this computer? Its storage keeps everything, but only another computer or"
        " the recovery key opens it then."
    )
    if not context.args.yes and not confirm(question):
        context.out.note("megadesk: Nothing was changed.")
        return 1
    context.app.forget_locker(record.name)
    if context.out.json:
        context.out.value({"forgotten": record.name})
    else:
        context.out.line(f"{context.out.name(record.name)} is forgotten on this computer.")
    return 0
