"""The lockers that this machine knows: one folder each, below ``data_dir/lockers``.

The folder is named after the locker's first name and never renamed, since open databases live in it; the name
that counts is in its ``info.json``. Folders whose name begins with a dot are unfinished or going and are not
lockers.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

import msgspec

from megadesk.errors import (
    AddressError,
    InputError,
    KeyFileError,
    LocalFileError,
    LockerExistsError,
    NoLockerError,
    PathError,
)
from megadesk.state.files import local_error, private_folder, read_small, replace_file, sync_folder
from megadesk.state.lock import FileLock
from megadesk.state.paths import Paths, check_locker_name, folder_name

log = logging.getLogger(__name__)

INFO_FILE = "info.json"
MAX_INFO_BYTES = 64 << 10
_STALE_S = 24 * 3600.0


@dataclass(frozen=True)
class LockerRecord:
    """A locker known here, and where its files are. Nothing in it is secret."""

    name: str
    store_address: str
    locker_id: str
    """64 hex digits."""
    created_ms: int
    """When it was added on this machine: Unix time in milliseconds."""
    folder: Path = field(default=Path(), compare=False)

    @property
    def key_file(self) -> Path:
        return self.folder / "keys"

    @property
    def keychain_file(self) -> Path:
        """The copy of the keys that the system's keychain opens; see `megadesk.state.keychain`."""
        return self.folder / "keys.keychain"

    @property
    def index_file(self) -> Path:
        return self.folder / "index.db"

    def lock_file(self, purpose: str) -> Path:
        """The lock file for a purpose ("append", "sync"); the index has its own."""
        return self.folder / f"{purpose}.lock"


@dataclass(frozen=True)
class DamagedRecord:
    """A folder among the lockers whose description cannot be read."""

    folder: Path
    reason: str


# Named, since inside Registry ``list`` is its method.
_Records: TypeAlias = list[LockerRecord]
_Damaged: TypeAlias = list[DamagedRecord]


class _Info(msgspec.Struct, kw_only=True):
    """info.json. Keys that are not known are dropped by a rename and harm nothing else."""

    version: int
    name: str
    store_address: str
    locker_id: str
    created_ms: int


class NewLocker:
    """A locker that is being made in a hidden folder. `finish` makes it known, all at once."""

    def __init__(self, registry: Registry, name: str, folder: Path) -> None:
        self._registry = registry
        self.name = name
        self.folder = folder
        self.key_file = folder / "keys"
        self.finished = False

    def finish(self, store_address: str, locker_id: str) -> LockerRecord:
        """Move the folder into place and return the record with its final folder. Nothing in it may be open.

        Raises LockerExistsError if somebody took the name meanwhile, AddressError, LocalFileError.
        """
        record = self._registry._publish(self, store_address, locker_id)
        self.finished = True
        return record


class Registry:
    """The lockers of one home. Every call looks at the disk; any thread or process may call any method."""

    def __init__(self, paths: Paths) -> None:
        self._dir = paths.lockers_dir

    def list(self) -> _Records:
        """All readable records, by name. Damaged ones are logged and left out; see `damaged`."""
        return self._scan()[0]

    def damaged(self) -> _Damaged:
        """The folders that should hold a locker and cannot be read."""
        return self._scan()[1]

    def get(self, name: str | None = None) -> LockerRecord:
        """The locker of that name, or with no name the only one there is.

        Raises NoLockerError when there is none (of that name), PathError when several are there and no name
        was given, KeyFileError when its record is damaged. With a damaged one about, a name is asked for even
        though only one other is left: a command meant for the damaged one must not hit another.
        """
        good, bad = self._scan()
        if name is None:
            return self._only(good, bad)
        wanted = check_locker_name(name)
        found = [record for record in good if record.name == wanted]
        if len(found) > 1:
            folders = " and ".join(str(record.folder) for record in found)
            raise PathError(f"Two lockers here are named {wanted!r}: {folders}.", remedy="Move one of them away.")
        if found:
            return found[0]
        for entry in bad:
            if entry.folder.name == folder_name(wanted):
                raise _damaged_error(entry)
        known = ", ".join(record.name for record in good)
        raise NoLockerError(
            f"There is no locker named {wanted!r} on this machine.",
            remedy=f"Known here: {known}." if known else "Make one with: megadesk init",
        )

    def _only(self, good: _Records, bad: _Damaged) -> LockerRecord:
        if not good and not bad:
            raise NoLockerError(
                "There is no locker on this machine.",
                remedy="Make one with: megadesk init; or open one from its storage with: megadesk join",
            )
        if not good:
            raise _damaged_error(bad[0])
        if len(good) + len(bad) > 1:
            names = [record.name for record in good] + [f"{entry.folder.name} (damaged)" for entry in bad]
            raise PathError(
                f"There are several lockers on this machine: {', '.join(names)}.",
                remedy="Name one with --locker.",
            )
        return good[0]

    @contextlib.contextmanager
    def building(self, name: str) -> Iterator[NewLocker]:
        """A new locker's folder to be filled; without ``finish``, or on an error, it is removed at the end.

        Nobody else sees the locker before ``finish``. Raises PathError for a bad name, LockerExistsError,
        LocalFileError.
        """
        name = check_locker_name(name)
        self._check_free(name)
        folder = self._dir / f".new-{secrets.token_hex(8)}"
        private_folder(folder)
        new = NewLocker(self, name, folder)
        try:
            yield new
        finally:
            if not new.finished:
                _delete_folder(folder)

    def add(
        self, name: str, store_address: str, locker_id: str, *, build: Callable[[Path], None] | None = None
    ) -> LockerRecord:
        """`building` in one call: ``build`` may put files into the folder before it appears."""
        with self.building(name) as new:
            if build is not None:
                build(new.folder)
            return new.finish(store_address, locker_id)

    def remove(self, name: str) -> None:
        """Forget a locker: its folder, with the keys of this device, is deleted. Its storage is not touched.

        The caller holds the locker's own locks. Raises as `get`, and LocalFileError.
        """
        with self._lock():
            record = self.get(check_locker_name(name))
            going = self._dir / f".gone-{secrets.token_hex(8)}"
            try:
                os.rename(record.folder, going)  # at once gone for everybody, then deleted at leisure
                sync_folder(self._dir)
            except OSError as error:
                raise local_error(error, record.folder, "delete") from error
            self._sweep()

    def rename(self, name: str, new_name: str) -> LockerRecord:
        """Give a locker another name here; its folder stays where it is, so it may be open meanwhile.

        Raises as `get`; PathError for a bad name, LockerExistsError, LocalFileError.
        """
        new_name = check_locker_name(new_name)
        with self._lock():
            record = self.get(check_locker_name(name))
            self._check_free(new_name, besides=record.folder)
            renamed = replace(record, name=new_name)
            _write_info(record.folder, renamed)
            return replace(renamed, folder=record.folder)

    def set_store_address(self, name: str, store_address: str) -> LockerRecord:
        """Note that the locker's storage has moved. Raises as `get`; AddressError, LocalFileError."""
        _check_address(store_address)
        with self._lock():
            record = replace(self.get(check_locker_name(name)), store_address=store_address)
            _write_info(record.folder, record)
            return record

    def _publish(self, new: NewLocker, store_address: str, locker_id: str) -> LockerRecord:
        _check_address(store_address)
        if not re.fullmatch(r"[0-9a-f]{64}", locker_id):
            raise InputError("A locker's id has 64 hex digits.")
        record = LockerRecord(new.name, store_address, locker_id, time.time_ns() // 1_000_000)
        _write_info(new.folder, record)
        with self._lock():
            self._sweep()
            self._check_free(new.name)
            base = folder_name(new.name)
            final, n = self._dir / base, 1
            while os.path.lexists(final):  # of a locker that has got another name since
                n += 1
                final = self._dir / f"{base}~{n}"
            try:
                os.rename(new.folder, final)
                sync_folder(self._dir)
            except OSError as error:
                raise local_error(error, final, "create") from error
        return replace(record, folder=final)

    def _check_free(self, name: str, *, besides: Path | None = None) -> None:
        """Names that differ in case only count as the same: people would mix them up."""
        good, bad = self._scan()
        folded = name.casefold()
        for record in good:
            if record.name.casefold() == folded and record.folder != besides:
                raise LockerExistsError(
                    f"There is already a locker named {record.name!r} on this machine.",
                    remedy="Choose another name with --name.",
                )
        for entry in bad:
            if entry.folder.name.casefold() == folder_name(name).casefold():
                raise LockerExistsError(
                    f"There is already a locker named {name!r} here, and it is damaged: {entry.reason}",
                    remedy=f"Choose another name with --name, or move {entry.folder} away.",
                )

    def _scan(self) -> tuple[_Records, _Damaged]:
        good: _Records = []
        bad: _Damaged = []
        try:
            names = sorted(os.listdir(self._dir))
        except FileNotFoundError:
            names = []
        except OSError as error:
            raise local_error(error, self._dir, "read") from error
        for name in names:
            folder = self._dir / name
            if name.startswith(".") or not folder.is_dir():
                continue
            try:
                good.append(_read_info(folder))
            except (InputError, LocalFileError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                bad.append(DamagedRecord(folder, f"{INFO_FILE}: {error}"))
            except FileNotFoundError:
                if folder.is_dir():  # else it was removed while we looked
                    bad.append(DamagedRecord(folder, f"{INFO_FILE} is missing."))
        for entry in bad:
            log.warning("The locker in %s is damaged: %s", entry.folder, entry.reason)
        good.sort(key=lambda record: (record.name.casefold(), record.name))
        return good, bad

    def _lock(self) -> FileLock:
        return FileLock(self._dir / ".lock", what="The list of lockers")

    def _sweep(self) -> None:
        """Delete what removals and crashed beginnings left. Call with the lock held."""
        for entry in os.scandir(self._dir):
            with contextlib.suppress(OSError):
                stale = entry.name.startswith(".new-") and time.time() - entry.stat().st_mtime > _STALE_S
                if stale or entry.name.startswith(".gone-"):
                    _delete_folder(Path(entry.path))


def _delete_folder(folder: Path) -> None:
    import shutil  # here, because it costs every start of the program some milliseconds

    shutil.rmtree(folder, ignore_errors=True)


def _damaged_error(entry: DamagedRecord) -> KeyFileError:
    return KeyFileError(
        f"The locker in {entry.folder} cannot be used, its description is damaged: {entry.reason}",
        remedy="Its storage is unharmed: move that folder away and join the locker with its recovery key.",
    )


def _check_address(store_address: str) -> None:
    """Addresses are shown and stored in clear, so a password inside one is refused. Raises AddressError."""
    try:
        password = urlsplit(store_address).password
    except ValueError:
        password = None  # not a URL at all; the stores say what is wrong with it
    if password:
        raise AddressError(
            "A storage address must not hold a password.",
            remedy="Leave it out; you will be asked, and it is kept in the secret store.",
        )


def _write_info(folder: Path, record: LockerRecord) -> None:
    info = _Info(
        version=1,
        name=record.name,
        store_address=record.store_address,
        locker_id=record.locker_id,
        created_ms=record.created_ms,
    )
    replace_file(folder / INFO_FILE, msgspec.json.format(msgspec.json.encode(info), indent=2) + b"\n")


def _read_info(folder: Path) -> LockerRecord:
    info = msgspec.json.decode(read_small(folder / INFO_FILE, MAX_INFO_BYTES), type=_Info)
    if info.version != 1:
        raise InputError(f"it is of version {info.version}, which this MegaDesk does not know.")
    if not re.fullmatch(r"[0-9a-f]{64}", info.locker_id):
        raise InputError("the locker's id is not one.")
    name = check_locker_name(info.name)
    return LockerRecord(name, info.store_address, info.locker_id, info.created_ms, folder)
