"""Lockers and their devices: init, join, status, devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from megadesk.cli.arguments import UsageError
from megadesk.cli.context import Context
from megadesk.cli.history import MIN_ID_DIGITS, short_ids
from megadesk.cli.output import Json, count_text, iso_time, size_text, time_text
from megadesk.cli.passphrase import confirm, recovery_key
from megadesk.cli.progress import ProgressBar
from megadesk.cli.storage import with_credentials
from megadesk.errors import InputError, LockerExistsError, MegaDeskError, PassphraseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from megadesk.core.answers import LockerStatus
    from megadesk.core.devices import DeviceRow
    from megadesk.core.locker import Locker
    from megadesk.core.redundancy import PartState
    from megadesk.state.registry import LockerRecord
    from megadesk.types import Progress

RECOVERY_ADVICE = (
    "This is the locker's recovery key. It opens the locker on any computer, and is shown only now.",
    "Write it down or print it, and keep it apart from this computer: without it, a lost computer or a forgotten",
    "passphrase means lost files. Whoever has it and the storage can read everything.",
)


def init(context: Context) -> int:
    """``init [STORE] [--name N]``: the recovery key alone on standard output, advice beside it."""
    args, out = context.args, context.out
    _check_free(context, args.name)
    passphrase = context.passphrase.new(f"the locker {args.name}")
    new = with_credentials(
        context,
        args.store,
        lambda given: context.app.create_locker(
            passphrase, store=args.store, name=args.name, device_name=args.device_name, credentials=given
        ),
    )
    record = new.locker.record
    if out.json:
        out.value(_record_json(record) | {"recovery_key": new.recovery_key})
    else:
        out.line(new.recovery_key)
    # The key must be out before anything else can go wrong.
    out.flush()
    for text in RECOVERY_ADVICE:
        out.note(text)
    out.note(f"The locker {record.name} is ready; its storage is {record.store_address}.")
    return 0


def join(context: Context) -> int:
    """``join [STORE] [--code CODE] [--name N]``."""
    from megadesk.format.recovery import parse_recovery_key

    args, out = context.args, context.out
    if args.name is not None:
        _check_free(context, args.name)
    store = _store_to_join(args.store, args.code)
    key = recovery_key(out, parse_recovery_key)
    passphrase = context.passphrase.new("the locker")
    with ProgressBar(out, "Reading the locker") as bar:

        def show(progress: Progress) -> None:
            bar.update(progress.done, progress.total, unit_is_bytes=False, what=progress.what)

        locker = with_credentials(
            context,
            store,
            lambda given: context.app.join_locker(
                store,
                passphrase,
                key,
                name=args.name,
                device_name=args.device_name,
                progress=show,
                credentials=given,
                code=args.code,
            ),
        )
    context.tell_trouble(locker)
    if out.json:
        out.value(_record_json(locker.record))
    else:
        totals = locker.totals()
        out.line(
            f"The locker {out.name(locker.record.name)} is open on this computer:"
            f" {count_text(totals.files, 'file')}, {size_text(totals.size_bytes)}."
        )
    return 0 if locker.trouble is None else 1


def _store_to_join(store: str | None, code: str | None) -> str:
    if code is not None:
        from megadesk.format.pairing import parse_pairing

        return store or parse_pairing(code).store
    if store is None:
        raise UsageError("Say where the locker is: megadesk join STORE, or --code CODE.", "megadesk join --help")
    return store


def _check_free(context: Context, name: str) -> None:
    """Before anything is asked for. Core looks again, and more closely."""
    if any(record.name.casefold() == name.casefold() for record in context.app.lockers()):
        raise LockerExistsError(
            f"There is already a locker named {name} on this computer.", remedy="Choose another name with --name."
        )


def status(context: Context) -> int:
    """``status``: every locker known here; more of those that open with the passphrase at hand."""
    out = context.out
    records = [context.record()] if context.args.locker is not None else context.app.lockers()
    damaged = context.registry.damaged() if context.args.locker is None else []
    # Nobody is asked for the passphrases of several lockers in turn.
    ask = context.passphrase.prepared or (len(records) == 1 and context.passphrase.available)
    shown: list[Json] = []
    failed = bool(damaged)
    for record in records:
        details, trouble = _details(context, record) if ask else (None, None)
        failed = failed or trouble is not None
        if out.json:
            shown.append(_record_json(record) | _status_json(details, trouble))
        else:
            _print_status(context, record, details, trouble)
    if out.json:
        out.value({"lockers": shown, "damaged": [f"{entry.folder}: {entry.reason}" for entry in damaged]})
    elif not records and not damaged:
        out.line("There is no locker on this computer yet. Make one with: megadesk init")
    for entry in damaged:
        out.note(f"megadesk: The locker in {entry.folder} is damaged: {entry.reason}")
    return 1 if failed else 0


def devices(context: Context) -> int:
    """``devices [ls | pair | revoke ID]``."""
    args, out = context.args, context.out
    if args.action == "revoke" and args.device is None:
        raise UsageError("Say which device: megadesk devices revoke ID.", "megadesk devices --help")
    if args.action != "revoke" and args.reencrypt:
        raise UsageError("`--reencrypt` belongs to `devices revoke`.", "megadesk devices --help")
    if args.action != "revoke" and args.device is not None:
        raise UsageError(f"`devices {args.action}` takes nothing else.", "megadesk devices --help")
    locker = context.unlock()
    if args.action == "pair":
        return _pair(context, locker)
    rows = locker.devices()
    if args.action == "revoke":
        return _revoke(context, locker, find_device(rows, args.device))
    if out.json:
        out.value([_device_json(row) for row in rows])
        return 0
    for row, short in zip(rows, short_ids([row.id for row in rows]), strict=True):
        marks = [text for text, on in (("this computer", row.this), ("revoked", row.revoked)) if on]
        seen = time_text(row.last_seen_ms * 1_000_000) if row.last_seen_ms else "never"
        out.line(
            f"{short}  last entry {seen:16}  {out.name(row.name)}{'  (' + ', '.join(marks) + ')' if marks else ''}"
        )
    return 0


def _pair(context: Context, locker: Locker) -> int:
    """The code alone on standard output; on a terminal also as a QR code."""
    out = context.out
    locker.refresh()
    code = locker.pairing_code()
    if out.json:
        out.value({"code": code, "store": locker.record.store_address})
        return 0
    if out.terminal:
        import segno

        segno.make_qr(code, error="m").terminal(compact=True)
    out.line(code)
    out.note(
        "On the other computer: megadesk join --code CODE, with the recovery key. The code is no secret, but tells"
        " where the storage is. It makes sure that the storage shows that computer no older state than this one knows."
    )
    return 0


def find_device(rows: Sequence[DeviceRow], wanted: str) -> DeviceRow:
    """By id, the first digits of it, or name. Raises InputError for none or several."""
    found = [row for row in rows if row.name == wanted]
    if len(wanted) >= MIN_ID_DIGITS:
        found = [row for row in rows if row.id.hex().startswith(wanted.lower())] or found
    if not found:
        raise InputError(f"There is no device {wanted}.", remedy="`megadesk devices` lists them.")
    if len(found) > 1:
        raise InputError(f"Several devices are meant by {wanted}.", remedy="Give more digits of the id.")
    return found[0]


def _revoke(context: Context, locker: Locker, device: DeviceRow) -> int:
    question = f"Shut {device.name} out of the locker? It can never write again, nor read what is new."
    if not context.args.yes and not confirm(question):
        context.out.note("megadesk: Nothing was changed.")
        return 1
    from megadesk.cli.reencrypt import EXPLAINED, run

    locker.revoke_device(device.id.hex())
    if context.out.json and context.args.reencrypt:
        return run(context, locker)
    if context.out.json:
        context.out.value({"revoked": device.id.hex()})
    else:
        context.out.line(f"{context.out.name(device.name)} is revoked.")
    if context.args.reencrypt:
        return run(context, locker)
    if not context.out.json:
        context.out.note(f"megadesk: {EXPLAINED}")
    return 0


def _details(context: Context, record: LockerRecord) -> tuple[LockerStatus | None, MegaDeskError | None]:
    """What an open locker tells; without a fitting passphrase nothing, or what went wrong."""
    try:
        locker = context.unlock(record)
        try:
            return locker.status(survey=True), None
        finally:
            locker.close()
    except PassphraseError as error:
        # One passphrase in the environment does not fit all lockers, and that is no failure.
        if context.passphrase.prepared and context.args.locker is None and len(context.app.lockers()) > 1:
            return None, None
        return None, error
    except MegaDeskError as error:
        return None, error


def _print_status(
    context: Context, record: LockerRecord, details: LockerStatus | None, trouble: MegaDeskError | None
) -> None:
    out = context.out
    lines = [("Storage", out.name(record.store_address))]
    if trouble is not None:
        lines.append(("Trouble", out.name(trouble.explanation)))
    elif details is None:
        lines.append(("State", "locked"))
    else:
        lines += _detail_lines(details)
    out.line(out.name(record.name))
    for label, text in lines:
        out.line(f"  {label:14}{text}")


def _detail_lines(details: LockerStatus) -> list[tuple[str, str]]:
    free = "unknown" if details.free_bytes is None else size_text(details.free_bytes)
    return [
        ("Files", f"{count_text(details.files, 'file')}, {size_text(details.bytes)}"),
        ("Free", free),
        ("Devices", f"{details.devices:,}"),
        ("Transfers", f"{details.pending_transfers} unfinished" if details.pending_transfers else "none unfinished"),
        ("Sync", _sync_text(details)),
        ("Refreshed", _when(details.refreshed_ms)),
        ("Verified", _when(details.checked_ms)),
        *(("Store", _store_text(store)) for store in details.stores),
    ]


def _store_text(store: PartState) -> str:
    lacks = [f"lacks {count_text(store.behind, 'object')}"] if store.behind else []
    lacks += [f"has {count_text(store.damaged, 'damaged object')}"] if store.damaged else []
    if not store.is_up:
        return f"{store.address}: down. {store.trouble}".strip()
    return f"{store.address}: up{', ' + ', '.join(lacks) if lacks else ''}"


def _sync_text(details: LockerStatus) -> str:
    if not details.sync_pairs:
        return "no folders"
    problems = f", {count_text(details.sync_problems, 'problem')}" if details.sync_problems else ""
    return count_text(details.sync_pairs, "folder") + problems


def _when(time_ms: int | None) -> str:
    return time_text(time_ms * 1_000_000) if time_ms else "never"


def _record_json(record: LockerRecord) -> dict[str, Json]:
    return {
        "name": record.name,
        "store": record.store_address,
        "locker_id": record.locker_id,
        "added": iso_time(record.created_ms * 1_000_000),
    }


def _status_json(details: LockerStatus | None, trouble: MegaDeskError | None) -> dict[str, Json]:
    if details is None:
        return {"unlocked": False} | ({"error": str(trouble), "remedy": trouble.remedy} if trouble else {})
    return {
        "unlocked": True,
        "store_kind": details.store_kind,
        "free_bytes": details.free_bytes,
        "files": details.files,
        "folders": details.folders,
        "bytes": details.bytes,
        "devices": details.devices,
        "entries": details.entries,
        "pending_transfers": details.pending_transfers,
        "refreshed": iso_time(details.refreshed_ms * 1_000_000) if details.refreshed_ms else None,
        "verified": iso_time(details.checked_ms * 1_000_000) if details.checked_ms else None,
        "read_only": details.read_only_reason,
        "trouble": details.trouble,
        "sync_pairs": details.sync_pairs,
        "sync_problems": details.sync_problems,
        "stores": [
            {
                "store": store.address,
                "up": store.is_up,
                "behind": store.behind,
                "damaged": store.damaged,
                "trouble": store.trouble,
            }
            for store in details.stores
        ],
    }


def _device_json(row: DeviceRow) -> dict[str, Json]:
    return {
        "id": row.id.hex(),
        "name": row.name,
        "this": row.this,
        "revoked": row.revoked,
        "enrolled": iso_time(row.enrolled_ms * 1_000_000),
        "last_seen": iso_time(row.last_seen_ms * 1_000_000) if row.last_seen_ms else None,
        "entries": row.entries,
    }
