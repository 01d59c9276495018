"""``passphrase change | reset``: another passphrase for a locker on this computer."""

from __future__ import annotations

from megadesk.cli.context import Context
from megadesk.cli.passphrase import NewPassphraseSource, recovery_key
from megadesk.cli.storage import with_credentials
from megadesk.format.recovery import parse_recovery_key
from megadesk.state.registry import LockerRecord


def passphrase(context: Context) -> int:
    """``passphrase change`` by the old one, ``passphrase reset`` by the recovery key."""
    record = context.record()
    new = NewPassphraseSource(context.out, context.args.new_passphrase_file)
    if context.args.action == "reset":
        return _reset(context, record, new)
    from megadesk.state import keyfile

    keyfile.read_params(record.key_file)

    def tried(text: str) -> str:
        """A wrong one is told before a new one is asked for."""
        keyfile.load(record.key_file, text)
        return text

    old = context.passphrase.existing(record.name, tried)
    context.app.change_passphrase(record.name, old, new.new(record.name))
    _report(context, record, f"The locker {context.out.name(record.name)} has a new passphrase on this computer.")
    return 0


def _reset(context: Context, record: LockerRecord, new: NewPassphraseSource) -> int:
    key = recovery_key(context.out, parse_recovery_key)
    chosen = new.new(record.name)
    locker = with_credentials(
        context,
        record.store_address,
        lambda given: context.app.reset_passphrase(record.name, key, chosen, credentials=given),
    )
    context.tell_trouble(locker)
    _report(
        context,
        record,
        f"The locker {context.out.name(record.name)} has a new passphrase on this computer, which is a new device of it"
        " now. The old one can be shut out: megadesk devices",
    )
    return 0 if locker.trouble is None else 1


def _report(context: Context, record: LockerRecord, text: str) -> None:
    if context.out.json:
        context.out.value({"name": record.name, "locker_id": record.locker_id})
    else:
        context.out.line(text)
