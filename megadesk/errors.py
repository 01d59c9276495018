"""Every error that MegaDesk raises on purpose, and what may be done about each.

::

    MegaDeskError                   title, remedy, retry
    ├── InputError                  the request itself is wrong; nothing was changed
    │   ├── PathError               no such path, not a folder, already there, not a name
    │   ├── AddressError            a store address that cannot be read
    │   ├── RecoveryKeyError        mistyped (names the group) or of another locker
    │   └── LinkAddressError        not a link, or one that was cut short
    ├── LinkError                   permanent: the link is fine as such, but does not open
    │   ├── LinkNotFoundError       its place knows no such link
    │   ├── LinkRevokedError        taken back by who made it
    │   ├── LinkExpiredError        its time is over
    │   ├── LinkUsedUpError         downloaded as often as it may be
    │   ├── LinkPasswordError       the password is missing or wrong
    │   └── LinkPlaceError          there is nowhere to put it, or what is there does not work
    ├── LockerError
    │   ├── NoLockerError           nothing here to open
    │   ├── LockerExistsError       something is already here
    │   ├── PassphraseError         wrong passphrase, or a damaged key file: one error for both
    │   ├── KeyFileError            key file missing, unreadable, or asking for unsafe parameters
    │   ├── LockerReadOnlyError     integrity is in doubt or the device was revoked: no writes
    │   └── LockerBusyError         another process holds the append lock for too long
    ├── IntegrityError              the storage shows what no honest storage would show
    │   ├── DecodeError             bytes that are not what the format allows
    │   ├── DamagedError            an object does not open under its key
    │   ├── RollbackError           history that this machine has seen is gone
    │   ├── WithheldError           history that another device vouches for is missing
    │   └── ForkError               two signed histories contradict each other
    ├── StoreError
    │   ├── ObjectNotFoundError     permanent
    │   ├── ObjectExistsError       permanent; create-only put found the name taken
    │   ├── StoreUnavailableError   retryable: vanished folder, connection, time-out
    │   ├── StoreBusyError          retryable: throttled; ``retry_after_s`` when the store said
    │   ├── StoreFullError          pauses: no space or quota left
    │   ├── StoreReadOnlyError      permanent: no right to write
    │   ├── StoreAccessError        permanent: credentials or rights refused
    │   │   ├── UnknownHostError    the server's key is not known here; shows it, and how to accept it
    │   │   └── ChangedHostError    the server's key is not the one that is known here
    │   └── StoreProtocolError      permanent: the store answered nonsense
    ├── LocalFileError              a file of the user's that cannot be read or written
    │   ├── LocalFullError          pauses: the disk here is full
    │   └── FileChangedError        retryable: changed while it was being read
    └── CancelledError              the user asked for it; nothing is wrong

``retry`` is part of the type: RETRYABLE may succeed if simply tried again, PAUSE needs the user to do something
first and then continues by itself, PERMANENT will fail again, FATAL puts the locker into read-only mode.
Messages say what happened, to which file or object, and what to do. They never hold a secret.
"""

from __future__ import annotations

import enum


class Retry(enum.Enum):
    """What trying again would do."""

    RETRYABLE = "retryable"
    PAUSE = "pause"
    PERMANENT = "permanent"
    FATAL = "fatal"


class MegaDeskError(Exception):
    """Base of all. ``str(error)`` is one sentence for people; ``remedy`` is what to do about it (may be empty)."""

    title = "Something went wrong"
    retry = Retry.PERMANENT

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy

    @property
    def explanation(self) -> str:
        """Message and remedy as running text."""
        message = str(self)
        return f"{message} {self.remedy}" if self.remedy else message


class InputError(MegaDeskError):
    title = "That cannot be done"


class PathError(InputError):
    title = "Check the path"


class AddressError(InputError):
    title = "Check the storage address"


class RecoveryKeyError(InputError):
    title = "Check the recovery key"


class LinkAddressError(InputError):
    title = "Check the link"


class LinkError(MegaDeskError):
    title = "The link does not open"
    said = False
    """Whether a server of links said so itself, about a link that it was asked for."""


class LinkNotFoundError(LinkError):
    title = "There is no such link"


class LinkRevokedError(LinkError):
    title = "The link was taken back"


class LinkExpiredError(LinkError):
    title = "The link has expired"


class LinkUsedUpError(LinkError):
    title = "The link is used up"


class LinkPasswordError(LinkError):
    title = "The link needs its password"


class LinkPlaceError(LinkError):
    title = "The link has no place"


class LockerError(MegaDeskError):
    title = "The locker cannot be used"


class NoLockerError(LockerError):
    title = "No locker here"


class LockerExistsError(LockerError):
    title = "There is already a locker"


class PassphraseError(LockerError):
    title = "The locker did not open"


class KeyFileError(LockerError):
    title = "The key file cannot be used"


class LockerReadOnlyError(LockerError):
    title = "The locker is read-only"


class LockerBusyError(LockerError):
    title = "The locker is busy"
    retry = Retry.RETRYABLE


class IntegrityError(MegaDeskError):
    title = "The storage has been altered"
    retry = Retry.FATAL

    def __init__(self, message: str, *, object_name: str = "", remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.object_name = object_name


class DecodeError(IntegrityError):
    title = "An object is not in MegaDesk's format"


class DamagedError(IntegrityError):
    title = "An object is damaged"


class RollbackError(IntegrityError):
    title = "The storage shows an older state"


class WithheldError(IntegrityError):
    title = "The storage holds something back"


class ForkError(IntegrityError):
    title = "The storage shows two different histories"


class StoreFault(enum.Enum):
    """What is wrong with a store, where its error knows more than its type: for forms that ask for an address."""

    HOST_UNKNOWN = "host unknown"
    REFUSED = "connection refused"
    NO_ANSWER = "no answer"
    TLS = "certificate"
    CREDENTIALS = "credentials"
    NO_PLACE = "no such folder or bucket"
    CLOCK = "clock"
    SPEAKS_OTHERWISE = "no such service"


class StoreError(MegaDeskError):
    """``fault`` says more exactly what is wrong, where that is known."""

    title = "The storage failed"

    def __init__(
        self, message: str, *, object_name: str = "", remedy: str = "", fault: StoreFault | None = None
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.object_name = object_name
        self.fault = fault
        self.store_address = ""
        """Which of several stores, where more than one is asked; may be empty."""


class ObjectNotFoundError(StoreError):
    title = "An object is missing from the storage"


class ObjectExistsError(StoreError):
    title = "The name is taken in the storage"


class StoreUnavailableError(StoreError):
    title = "The storage cannot be reached"
    retry = Retry.RETRYABLE


class StoreBusyError(StoreError):
    title = "The storage is busy"
    retry = Retry.RETRYABLE

    def __init__(
        self,
        message: str,
        *,
        object_name: str = "",
        remedy: str = "",
        fault: StoreFault | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message, object_name=object_name, remedy=remedy, fault=fault)
        self.retry_after_s = retry_after_s


class StoreFullError(StoreError):
    title = "The storage is full"
    retry = Retry.PAUSE


class StoreReadOnlyError(StoreError):
    title = "The storage cannot be written"


class StoreAccessError(StoreError):
    title = "The storage refused access"


class UnknownHostError(StoreAccessError):
    """``fingerprint`` is to be compared with the server's own; ``known_hosts_line`` added there accepts the key."""

    title = "The server is not known yet"

    def __init__(self, message: str, *, fingerprint: str, known_hosts_line: str, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.fingerprint = fingerprint
        self.known_hosts_line = known_hosts_line


class ChangedHostError(StoreAccessError):
    title = "The server is not the one it was"


class StoreProtocolError(StoreError):
    title = "The storage gave an answer that makes no sense"


class LocalFileError(MegaDeskError):
    title = "A file here cannot be used"

    def __init__(self, message: str, *, path: str = "", remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.path = path


class LocalFullError(LocalFileError):
    title = "The disk here is full"
    retry = Retry.PAUSE


class FileChangedError(LocalFileError):
    title = "A file kept changing"
    retry = Retry.RETRYABLE


class CancelledError(MegaDeskError):
    title = "Cancelled"
