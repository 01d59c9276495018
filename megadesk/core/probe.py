"""Trying out a store before a locker is put there, and naming what is wrong with it: the Test button, and scripts."""

from __future__ import annotations

import enum
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from megadesk.errors import (
    AddressError,
    ChangedHostError,
    InputError,
    MegaDeskError,
    ObjectNotFoundError,
    StoreAccessError,
    StoreBusyError,
    StoreError,
    StoreFault,
    StoreFullError,
    StoreProtocolError,
    StoreReadOnlyError,
    StoreUnavailableError,
    UnknownHostError,
)
from megadesk.format import names
from megadesk.stores.api import Store

log = logging.getLogger(__name__)

TIMEOUT_S: Final = 30.0
PROBE_BYTES: Final = 256 << 10
SMALLEST_FREE_BYTES: Final = 64 << 20
SLOWEST_ANSWER_S: Final = 10.0
SLOWEST_BYTES_PER_S: Final = 16 << 10


class Verdict(enum.Enum):
    """What a test of a store found."""

    OK = "ok"
    HOLDS_LOCKER = "holds a locker"
    """It works, and a locker is there: to be joined, not made."""
    ADDRESS = "address"
    HOST_UNKNOWN = "host unknown"
    REFUSED = "refused"
    NO_ANSWER = "no answer"
    TLS = "tls"
    HOST_KEY_UNKNOWN = "host key unknown"
    """SFTP: compare ``fingerprint`` with the server's, then add ``known_hosts_line``."""
    HOST_KEY_CHANGED = "host key changed"
    CREDENTIALS = "credentials"
    NO_PLACE = "no such bucket or folder"
    NOT_READABLE = "no right to read"
    NOT_WRITABLE = "no right to write"
    CLOCK = "clock skew"
    FULL = "full"
    TOO_SLOW = "too slow"
    NOT_A_STORE = "not a store"
    """Something answers, but not as such a store does; or it gives back other bytes than it was given."""
    TROUBLE = "trouble"
    """Anything else; the message says what."""


@dataclass(frozen=True)
class StoreTestResult:
    """``message`` and ``remedy`` are for people, in English; ``verdict`` is for programs."""

    verdict: Verdict
    message: str = ""
    remedy: str = ""
    kind: str = ""
    """As `StoreProperties.kind`, once it was opened."""
    free_bytes: int | None = None
    answer_s: float | None = None
    """How long a small request took."""
    bytes_per_s: float | None = None
    """Speed of a small upload: a lower bound."""
    fingerprint: str = ""
    known_hosts_line: str = ""

    @property
    def usable(self) -> bool:
        """A locker can be made or joined there."""
        return self.verdict in (Verdict.OK, Verdict.HOLDS_LOCKER)


_FAULTS: Final = {
    StoreFault.HOST_UNKNOWN: Verdict.HOST_UNKNOWN,
    StoreFault.REFUSED: Verdict.REFUSED,
    StoreFault.NO_ANSWER: Verdict.NO_ANSWER,
    StoreFault.TLS: Verdict.TLS,
    StoreFault.CREDENTIALS: Verdict.CREDENTIALS,
    StoreFault.NO_PLACE: Verdict.NO_PLACE,
    StoreFault.CLOCK: Verdict.CLOCK,
    StoreFault.SPEAKS_OTHERWISE: Verdict.NOT_A_STORE,
}
_TYPES: Final[tuple[tuple[type[MegaDeskError], Verdict], ...]] = (
    (AddressError, Verdict.ADDRESS),
    (InputError, Verdict.ADDRESS),
    (UnknownHostError, Verdict.HOST_KEY_UNKNOWN),
    (ChangedHostError, Verdict.HOST_KEY_CHANGED),
    (StoreReadOnlyError, Verdict.NOT_WRITABLE),
    (StoreFullError, Verdict.FULL),
    (StoreAccessError, Verdict.NOT_READABLE),
    (StoreBusyError, Verdict.TOO_SLOW),
    (StoreProtocolError, Verdict.NOT_A_STORE),
    (StoreUnavailableError, Verdict.TROUBLE),
)


def result_of(error: MegaDeskError) -> StoreTestResult:
    """What an error met on the way to a store means."""
    verdict = next((verdict for kind, verdict in _TYPES if isinstance(error, kind)), Verdict.TROUBLE)
    if isinstance(error, StoreError) and error.fault is not None:
        verdict = _FAULTS[error.fault]
    result = StoreTestResult(verdict, str(error), error.remedy)
    if isinstance(error, UnknownHostError):
        return replace(result, fingerprint=error.fingerprint, known_hosts_line=error.known_hosts_line)
    return result


def probe(opener: Callable[[], Store], *, timeout_s: float = TIMEOUT_S) -> StoreTestResult:
    """Open a store, look for a locker, list, write, read back and delete a small object. Never raises StoreError.

    Returns after ``timeout_s`` at the latest; what still hangs then goes on in a thread of its own, and cleans up.
    """
    results: list[StoreTestResult] = []
    opened = threading.Event()

    def run() -> None:
        try:
            with opener() as store:
                opened.set()
                results.append(_probe(store))
        except MegaDeskError as error:
            results.append(result_of(error))
        except Exception as error:  # a thread's end would be silent
            log.error("testing a storage failed: %s", error, exc_info=error)
            results.append(StoreTestResult(Verdict.TROUBLE, f"The test itself failed: {type(error).__name__}."))

    thread = threading.Thread(target=run, name="store-test", daemon=True)
    thread.start()
    thread.join(timeout_s)
    if results:
        return results[0]
    if opened.is_set():
        return StoreTestResult(
            Verdict.TOO_SLOW,
            f"The storage answers, but had not finished a small test after {timeout_s:.0f} seconds.",
            "Try again when the network or the server has less to do.",
        )
    return StoreTestResult(
        Verdict.NO_ANSWER, f"The storage did not answer within {timeout_s:.0f} seconds.", "Check address and network."
    )


def _probe(store: Store) -> StoreTestResult:
    kind = store.properties.kind
    began = time.monotonic()
    holds = _holds_locker(store)
    answer_s = time.monotonic() - began
    next(iter(store.list()), None)
    free = store.free_bytes()
    base = StoreTestResult(Verdict.OK, kind=kind, free_bytes=free, answer_s=answer_s)
    name, content = f"probe-{secrets.token_hex(8)}", os.urandom(PROBE_BYTES)
    began = time.monotonic()
    try:
        store.put(name, content)
    except StoreError as error:
        found = result_of(error)
        return replace(base, verdict=found.verdict, message=found.message, remedy=found.remedy)
    base = replace(base, bytes_per_s=PROBE_BYTES / max(1e-6, time.monotonic() - began))
    try:
        same = store.get(name, max_bytes=PROBE_BYTES) == content
    finally:
        undeleted = _delete(store, name)
    if not same:
        return replace(
            base,
            verdict=Verdict.NOT_A_STORE,
            message="The storage gave back other bytes than it was given.",
            remedy="Do not use it: files would be damaged.",
        )
    if free is not None and free < SMALLEST_FREE_BYTES:
        return replace(
            base, verdict=Verdict.FULL, message="The storage has hardly any room left.", remedy="Make room there."
        )
    if answer_s > SLOWEST_ANSWER_S or (base.bytes_per_s or 0) < SLOWEST_BYTES_PER_S:
        return replace(base, verdict=Verdict.TOO_SLOW, message="The storage works, but is too slow to be of use.")
    if holds:
        return replace(base, verdict=Verdict.HOLDS_LOCKER, message="The storage works, and holds a locker already.")
    if undeleted is not None:
        return replace(
            base,
            message="The storage works, but does not let this user delete.",
            remedy="Space is then never freed.",
        )
    return replace(base, message="The storage works.")


def _holds_locker(store: Store) -> bool:
    try:
        store.stat(names.HEADER)
    except ObjectNotFoundError:
        return False
    return True


def _delete(store: Store, name: str) -> StoreError | None:
    try:
        store.delete(name)
    except StoreError as error:
        return error
    return None
