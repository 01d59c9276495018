"""The composition root: which parts a running MegaDesk is made of. One App a process."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from megadesk.core import credentials as kept_credentials
from megadesk.core.credentials import Given, KeptCredentials
from megadesk.core.enrolments import latest_enrolment_ms
from megadesk.core.events import EventSink, no_sink
from megadesk.core.limits import SpeedLimits
from megadesk.core.locker import Locker
from megadesk.core.move import Copier, CopyReport
from megadesk.core.probe import StoreTestResult, probe
from megadesk.core.secrets import LockerSecrets
from megadesk.core.storage import PATIENT, LockerStorage, Storage, StoreWrapper
from megadesk.crypto.hpke import HpkeKey
from megadesk.crypto.kdf import FLOOR, Argon2Params
from megadesk.crypto.keys import DeviceKeys, EpochSecret, LockerKey
from megadesk.errors import (
    IntegrityError,
    LockerExistsError,
    MegaDeskError,
    NoLockerError,
    ObjectNotFoundError,
    PassphraseError,
    RecoveryKeyError,
    StoreError,
)
from megadesk.format import names
from megadesk.format.device import make_enrolment
from megadesk.format.envelope import ObjectType, seal_object
from megadesk.format.header import MAX_HEADER_BYTES, Header, make_header, open_epoch_zero, open_header
from megadesk.format.pairing import parse_pairing
from megadesk.format.recovery import format_recovery_key, parse_recovery_key
from megadesk.state import keyfile
from megadesk.state.paths import Paths
from megadesk.state.registry import LockerRecord, Registry
from megadesk.state.settings import SettingsFile
from megadesk.stores.api import Store
from megadesk.stores.open import folder_path, parts_of, scheme_of
from megadesk.stores.retry import RetryPolicy, RetryStore
from megadesk.stores.spread_address import SpreadAddress
from megadesk.stores.verified import verified
from megadesk.transfer.control import Control
from megadesk.types import DeviceId, ProgressCallback

KDF_VARIABLE = "MEGADESK_KDF"
"""``floor``: new key files take the cheapest parameters allowed, for tests and slow machines."""

_IN_A_HURRY = RetryPolicy(tries=3, total_s=1.0)

if TYPE_CHECKING:
    from megadesk.state.keychain import Keychain, KeychainStatus
    from megadesk.stores.open import AnyCredentials


@dataclass(frozen=True)
class NewLocker:
    """A locker just made, and its recovery key: shown now and never again."""

    locker: Locker
    recovery_key: str

    def __repr__(self) -> str:
        return f"<NewLocker {self.locker.record.name!r}: redacted>"


class App:
    """Lockers of this machine. Thread-safe; methods do I/O and key derivation, so not for a window's thread."""

    def __init__(
        self,
        home: str | None = None,
        *,
        event_sink: EventSink = no_sink,
        store_wrapper: StoreWrapper | None = None,
    ) -> None:
        """``home`` overrides MEGADESK_HOME. ``store_wrapper`` goes around every store, for tests that inject faults."""
        self.paths = Paths(home)
        self.settings = SettingsFile(self.paths.settings_file)
        self._registry = Registry(self.paths)
        self._sink = event_sink
        self._storage = Storage(store_wrapper)
        self._open: list[tuple[Locker, LockerStorage]] = []
        self._limits = SpeedLimits(self.settings.load)

    # --- lockers known here

    def lockers(self) -> list[LockerRecord]:
        return self._registry.list()

    def record(self, name: str | None) -> LockerRecord:
        """The locker of that name, or the only one. Raises NoLockerError, PathError, KeyFileError."""
        return self._registry.get(name)

    def default_store_address(self, name: str) -> str:
        """The folder on this computer where a locker of that name goes when nothing else is said."""
        return str(self.paths.default_store(name))

    def forget_locker(self, name: str) -> None:
        """Remove a locker's keys and index from this machine; the storage keeps everything."""
        self._registry.remove(name)

    # --- the storage's credentials

    def test_store(self, address: str, credentials: Given = None, *, create: bool = False) -> StoreTestResult:
        """Try out a store, with a small object, and name what is wrong with it. Takes 30 seconds at most; never raises.

        ``credentials`` as in ``create_locker``; without them those of the environment are used. A folder that is not
        there is made with ``create``, as ``create_locker`` would do, and is NO_PLACE without it.
        """

        def opener() -> Store:
            where = _absolute(address)
            return self._storage.open(where, kept_credentials.as_map(where, credentials), {}, create=create)

        return probe(opener)

    @staticmethod
    def trust_host(known_hosts_line: str) -> None:
        """The user has compared the fingerprint of a test: accept the server's key. Raises LocalFileError."""
        from megadesk.stores.known_hosts import accept_host

        accept_host(known_hosts_line)

    def set_store_credentials(self, name: str | None, credentials: Given, *, passphrase: str | None = None) -> None:
        """Keep these credentials for a locker's storage, in place of all that were kept; None keeps none.

        For a spread: by the address of each part. An open locker uses them at its next request; for one that is not
        open, the passphrase is needed. Raises NoLockerError, PassphraseError, KeyFileError, LocalFileError.
        """
        record = self._registry.get(name)
        for locker, storage in self._open:
            if locker.record.folder == record.folder and not locker.closed:
                storage.keep(credentials)
                return
        secrets = self._secrets(record, passphrase)
        kept_credentials.save(record.folder, secrets, kept_credentials.as_map(record.store_address, credentials))

    def store_credentials(self, name: str | None, *, passphrase: str | None = None) -> list[KeptCredentials]:
        """What is kept, without the secrets themselves. Raises as ``set_store_credentials``."""
        record = self._registry.get(name)
        for locker, storage in self._open:
            if locker.record.folder == record.folder and not locker.closed:
                return list(kept_credentials.described(storage.kept()))
        return list(kept_credentials.described(kept_credentials.load(record.folder, self._secrets(record, passphrase))))

    @staticmethod
    def _secrets(record: LockerRecord, passphrase: str | None) -> LockerSecrets:
        if passphrase is None:
            raise PassphraseError(f"The locker {record.name} is locked.", remedy="Unlock it first.")
        return LockerSecrets.from_bytes(keyfile.load(record.key_file, passphrase))

    def apply_limits(self) -> None:
        """Take over speed limits that were changed in the settings; open lockers obey at once."""
        self._limits.apply(self.settings.load())

    # --- making, joining, opening

    def create_locker(
        self,
        passphrase: str,
        *,
        store: str | None = None,
        name: str = "Locker",
        device_name: str | None = None,
        credentials: Given = None,
    ) -> NewLocker:
        """A new locker. ``credentials`` of the storage are kept on this machine, sealed.

        Raises LockerExistsError, AddressError, PathError, StoreError; then nothing is left behind.
        """
        address = _absolute(store or self.default_store_address(name))
        given = kept_credentials.as_map(address, credentials)
        key, epoch = LockerKey.generate(), EpochSecret.generate()
        opening = contextlib.closing(self._storage.open_patiently(address, given, {}, create=True))
        with self._registry.building(name) as new, opening as opened:
            _refuse_locker(opened)
            header, data = make_header(key, epoch)
            secrets = self._enrol(opened, header, key, epoch, device_name)
            keyfile.save(new.key_file, secrets.to_bytes(), passphrase, _params())
            kept_credentials.save(new.folder, secrets, _kept_for(address, opened, given))
            opened.flush()
            # The header comes last: before it there is no locker, after it everything is in place.
            opened.put(names.HEADER, data, create_only=True)
            opened.flush()
            record = new.finish(_kept(address, opened), header.locker_id.hex())
        locker = self._locker(record, secrets)
        with contextlib.suppress(StoreError):  # in locker.trouble; the recovery key must be shown whatever happens
            locker.refresh()
        return NewLocker(locker, format_recovery_key(key.to_bytes()))

    def join_locker(
        self,
        store: str,
        passphrase: str,
        recovery_key: str,
        *,
        name: str | None = None,
        device_name: str | None = None,
        progress: ProgressCallback | None = None,
        credentials: Given = None,
        code: str | None = None,
    ) -> Locker:
        """Open an existing locker on this machine as a new device. ``credentials`` as in ``create_locker``.

        ``code``: a pairing code from another computer; the storage must then hold that locker, and all that the other
        computer knew of it. Otherwise the locker opens read-only, until it does.

        Raises NoLockerError when the storage holds none, RecoveryKeyError, LockerExistsError, StoreError,
        IntegrityError. A join that was interrupted may be repeated.
        """
        address = _absolute(store)
        given = kept_credentials.as_map(address, credentials)
        key = LockerKey(parse_recovery_key(recovery_key))
        with contextlib.closing(self._storage.open_patiently(address, given, {})) as opened:
            header = _read_header(opened, address)
            if code is not None and parse_pairing(code).locker != header.locker_id:
                raise RecoveryKeyError(f"{address} holds another locker than the one of the pairing code.")
            epoch = open_epoch_zero(header, key)
            with self._registry.building(name or _name_for(address)) as new:
                secrets = self._enrol(opened, header, key, epoch, device_name)
                opened.flush()
                keyfile.save(new.key_file, secrets.to_bytes(), passphrase, _params())
                kept_credentials.save(new.folder, secrets, _kept_for(address, opened, given))
                record = new.finish(_kept(address, opened), header.locker_id.hex())
        try:
            return self._first_open(record, secrets, key.root_keys().recovery, progress, code)
        except StoreError:
            self._registry.remove(record.name)  # so that it can be repeated
            raise

    def unlock(self, name: str | None, passphrase: str) -> Locker:
        """Open a locker of this machine; raises PassphraseError, KeyFileError, NoLockerError.

        Storage that is away or in doubt does not prevent it: ``locker.trouble`` says so, and reading works.
        """
        record = self._registry.get(name)
        return self.open_unlocked(record, keyfile.load(record.key_file, passphrase))

    # --- the system's keychain, if the user wants it

    def keychain(self) -> KeychainStatus:
        """Whether this system has a keychain that can be trusted with a locker, and its name."""
        return self._keychain().status()

    def is_remembered(self, name: str | None) -> bool:
        """Whether `unlock_remembered` has something to try. Asks the disk only, not the keychain."""
        return self._registry.get(name).keychain_file.exists()

    def remember(self, name: str | None, passphrase: str) -> None:
        """From now on ``unlock_remembered`` opens it. Raises PassphraseError; KeyFileError without a keychain."""
        record = self._registry.get(name)
        payload = keyfile.load(record.key_file, passphrase)
        self._keychain().remember(record.keychain_file, record.locker_id, payload)

    def unlock_remembered(self, name: str | None) -> Locker | None:
        """The locker opened by the keychain; None when it is not remembered there. May wait for the user's consent."""
        record = self._registry.get(name)
        payload = self._keychain().recall(record.keychain_file, record.locker_id)
        return self.open_unlocked(record, payload) if payload is not None else None

    def forget_remembered(self, name: str | None) -> None:
        """The passphrase is asked for again."""
        self._keychain().forget(self._registry.get(name).keychain_file)

    @staticmethod
    def _keychain() -> Keychain:
        from megadesk.state.keychain import Keychain  # here: looking for one loads much

        return Keychain()

    # --- opening

    def open_unlocked(self, record: LockerRecord, payload: bytes) -> Locker:
        """As ``unlock``, when the key file has been opened already: ``payload`` is what it holds."""
        secrets = LockerSecrets.from_bytes(payload)
        if secrets.locker_id.hex() != record.locker_id:
            raise PassphraseError(f"The key file of {record.name} belongs to another locker.")
        is_new = not record.index_file.exists()
        locker, retries = self._locker_and_retries(record, secrets)
        # Somebody waits to see the files, and the index has them even when the storage is away.
        retries.set_policy(_IN_A_HURRY)
        with contextlib.suppress(StoreError, IntegrityError):  # kept in locker.trouble
            if is_new:
                locker.load_checkpoint()
            locker.refresh()
        retries.set_policy(PATIENT)
        return locker

    def _first_open(
        self,
        record: LockerRecord,
        secrets: LockerSecrets,
        recovery: HpkeKey,
        progress: ProgressCallback | None,
        code: str | None = None,
    ) -> Locker:
        payload = secrets.to_bytes()
        locker = self._locker(record, secrets, recovery)
        try:
            if code is not None:
                locker.expect(code)
            locker.load_checkpoint(progress)
            locker.refresh()
            if locker.checkpoint_is_doubtful():
                # A device that was removed may have made it up together with the storage: the logs tell.
                locker.close()
                _remove_index(record)
                locker = self._locker(record, LockerSecrets.from_bytes(payload), recovery)
                if code is not None:
                    locker.expect(code)
                locker.refresh()
        except IntegrityError as error:
            locker.trouble = error
        except BaseException:
            locker.close()
            raise
        return locker

    # --- moving

    def copy_storage(
        self,
        source: str,
        target: str,
        *,
        source_credentials: Given = None,
        credentials: Given = None,
        progress: ProgressCallback | None = None,
        control: Control | None = None,
    ) -> CopyReport:
        """Copy whatever locker is in one storage to another, verified. No keys are needed. See `Copier`."""
        at, to = _absolute(source), _absolute(target)
        given = kept_credentials.as_map(at, source_credentials)
        with (
            contextlib.closing(self._storage.open_patiently(at, given, {}, policy=RetryPolicy())) as opened,
            contextlib.closing(self._target(to, credentials)) as there,
        ):
            return Copier(opened, there, progress, control).run()

    def copy_locker(
        self,
        locker: Locker,
        target: str,
        *,
        credentials: Given = None,
        progress: ProgressCallback | None = None,
        control: Control | None = None,
    ) -> CopyReport:
        """Copy an open locker's storage to another, which is made when it is missing. See `Copier`.

        May be interrupted and repeated, and repeated later to take along what came since.
        """
        with contextlib.closing(self._target(_absolute(target), credentials)) as there:
            return locker.upkeep.copy_to(there, progress=progress, control=control)

    def switch_store(self, locker: Locker, address: str, *, credentials: Given = None) -> LockerRecord:
        """Use an open locker from another storage from now on. It is closed; unlock it again.

        Raises RollbackError when that storage lacks anything that is known here, NoLockerError, LockerBusyError,
        StoreError; then nothing has changed. Other devices go on with the old storage until they switch too.
        """
        where = _absolute(address)
        given = kept_credentials.as_map(where, credentials)
        storage = next(storage for each, storage in self._open if each is locker)
        with contextlib.closing(self._storage.open_patiently(where, given, {}, policy=RetryPolicy())) as there:
            kept, for_kept = _kept(where, there), _kept_for(where, there, given)

            def commit() -> None:
                before = storage.kept()
                storage.keep(for_kept)
                try:
                    self._registry.set_store_address(locker.record.name, kept)
                except BaseException:
                    storage.keep(before)
                    raise

            locker.upkeep.switch_to(there, commit)
        locker.close()
        return self._registry.get(locker.record.name)

    def _target(self, address: str, credentials: Given) -> Store:
        given = kept_credentials.as_map(address, credentials)
        return self._storage.open_patiently(address, given, {}, create=True, policy=RetryPolicy())

    # --- passphrases

    def change_passphrase(self, name: str | None, old: str, new: str) -> None:
        """Raises PassphraseError when ``old`` is wrong."""
        keyfile.change_passphrase(self._registry.get(name).key_file, old, new, _params())

    def reset_passphrase(self, name: str | None, recovery_key: str, new: str, *, credentials: Given = None) -> Locker:
        """By the recovery key, for a forgotten passphrase. This machine becomes a new device of the locker.

        Credentials of the storage that were kept cannot be opened without the old keys: give them again.
        Transfers that were waiting are forgotten, since the index cannot be opened either. Raises RecoveryKeyError.
        """
        record = self._registry.get(name)
        given = kept_credentials.as_map(record.store_address, credentials)
        key = LockerKey(parse_recovery_key(recovery_key))
        with contextlib.closing(self._storage.open_patiently(record.store_address, given, {})) as opened:
            header = _read_header(opened, record.store_address)
            if header.locker_id.hex() != record.locker_id:
                raise RecoveryKeyError("The storage holds another locker than this one.")
            epoch = open_epoch_zero(header, key)
            secrets = self._enrol(opened, header, key, epoch, None)
            opened.flush()
        _remove_index(record)
        with contextlib.suppress(FileNotFoundError):
            (record.folder / "own_seq").unlink()  # a new device begins with a log of its own
        keyfile.save(record.key_file, secrets.to_bytes(), new, _params())
        kept_credentials.save(record.folder, secrets, given)
        return self._first_open(record, secrets, key.root_keys().recovery, None)

    # --- parts

    def _enrol(
        self, store: Store, header: Header, key: LockerKey, epoch: EpochSecret, device_name: str | None
    ) -> LockerSecrets:
        """Make device keys and put the enrolment, signed by the root key."""
        keys = DeviceKeys.generate()
        name = (device_name or socket.gethostname() or "computer")[:100]
        # After all others, whatever this computer's clock says: who comes last has the last word (tree.revoking).
        latest = latest_enrolment_ms(store, header.locker_id, header.genesis.root_key, epoch)
        now = max(time.time_ns() // 1_000_000, latest + 1)
        device, record = make_enrolment(keys, name, now, header.locker_id, None, key.root_keys().signing)
        object_name = names.device(DeviceId(device))
        store.put(
            object_name, seal_object(ObjectType.DEVICE, header.locker_id, object_name, epoch, record), create_only=True
        )
        return LockerSecrets.fresh(header.locker_id, header.genesis.root_key, device, keys, epoch)

    def _locker(self, record: LockerRecord, secrets: LockerSecrets, recovery: HpkeKey | None = None) -> Locker:
        return self._locker_and_retries(record, secrets, recovery)[0]

    def _locker_and_retries(
        self, record: LockerRecord, secrets: LockerSecrets, recovery: HpkeKey | None = None
    ) -> tuple[Locker, RetryStore]:
        storage = LockerStorage(self._storage, record, secrets)
        self._limits.add(storage.limited)
        self.apply_limits()
        locker = Locker(
            record,
            secrets,
            storage.store,
            self._sink,
            recovery=recovery,
            waits=storage.waits,
            options=storage.widths(),
            probe=storage.probe,
        )
        self._open.append((locker, storage))
        return locker, storage.retries

    def close(self) -> None:
        """Close every locker that is still open."""
        self._limits.stop()
        for locker, _ in self._open:
            with contextlib.suppress(MegaDeskError):
                locker.close()
        self._open.clear()


def _remove_index(record: LockerRecord) -> None:
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{record.index_file}{suffix}")


def _params() -> Argon2Params | None:
    """None: calibrated when the key file is written."""
    return FLOOR if os.environ.get(KDF_VARIABLE) == "floor" else None


def _absolute(address: str) -> str:
    """A folder's path as an absolute one, since it is kept; other addresses as they are."""
    scheme = scheme_of(address)
    if scheme == "spread":
        spread = SpreadAddress.parse(address)
        return str(SpreadAddress(spread.k, tuple(_absolute(part) for part in spread.stores)))
    return os.path.abspath(os.path.expanduser(folder_path(address))) if scheme == "" else address


def _kept(address: str, store: Store) -> str:
    """The address to open it by from now on: what the environment said about an S3 store's place becomes part of it."""
    return store.properties.address if scheme_of(address) in ("s3", "spread") else address


def _kept_for(address: str, store: Store, given: Mapping[str, AnyCredentials]) -> dict[str, AnyCredentials]:
    """``given`` by the address that is kept."""
    kept = dict(zip(parts_of(address), parts_of(_kept(address, store)), strict=True))
    return {kept.get(part, part): value for part, value in given.items()}


def _name_for(address: str) -> str:
    if scheme_of(address) in ("", "file"):
        return os.path.basename(folder_path(address).rstrip("/")) or "Locker"
    return "Locker"


def _refuse_locker(store: Store) -> None:
    try:
        store.stat(names.HEADER)
    except ObjectNotFoundError:
        return
    raise LockerExistsError(
        "This storage already holds a locker.",
        remedy="Open it with “megadesk join”, or choose another folder for the new one.",
    )


def _read_header(store: Store, address: str) -> Header:
    try:
        return verified(store, names.HEADER, lambda: open_header(store.get(names.HEADER, max_bytes=MAX_HEADER_BYTES)))
    except ObjectNotFoundError:
        raise NoLockerError(
            "This storage holds no MegaDesk locker.", remedy="Check the address, or make a locker with “megadesk init”."
        ) from None
