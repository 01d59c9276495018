"""Opening a locker without its passphrase, through the operating system's keychain. Optional, off by default.

The passphrase never enters the keychain, nor does a key that it opens anything else with: `remember` draws a
fresh 32-byte wrapping key W, writes a second copy of the key file's payload under W beside the key file, and
gives W to the keychain. Either half alone is worthless, and forgetting is deleting both.

    "MDKC" || version 0x01 || handle 16 || FLOE message; AAD: all before it, then the locker id's hex text

The handle names the entry in the keychain and is drawn anew each time, so that a crash between the two writes
leaves a working pair and perhaps an orphan, never a mixed one.

The ``keyring`` package lets the environment and a configuration file choose any class, a plaintext one too.
Here only the classes listed below are ever instantiated, by name, and cut off from their environment
variables; without one of them there is no keychain, never a fallback. (A desktop keychain with an empty
password of its own is outside our sight.) Calls may show the system's unlock dialog and wait for the user:
not on the UI thread.
"""

from __future__ import annotations

import functools
import importlib
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from megadesk.crypto import aead
from megadesk.errors import DamagedError, KeyFileError, LocalFileError
from megadesk.state.files import local_error, read_small, replace_file
from megadesk.state.logs import redact

log = logging.getLogger(__name__)

MAGIC = b"MDKC\x01"
HANDLE_BYTES = 16
MAX_FILE_BYTES = 64 << 10
PROBE_TIMEOUT_S = 10.0
PROMPT_TIMEOUT_S = 120.0
"""How long the user has to answer the system's unlock dialog."""

_HEAD_BYTES = len(MAGIC) + HANDLE_BYTES
_SERVICE = "MegaDesk"
_T = TypeVar("_T")


class Backend(Protocol):
    """The part of keyring's ``KeyringBackend`` that is used."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


class _Allowed(NamedTuple):
    platform: str
    module: str
    class_name: str
    title: str
    pinned: dict[str, object]
    """Class attributes set over whatever the environment put there."""


ALLOWED = (
    _Allowed("linux", "keyring.backends.SecretService", "Keyring", "Secret Service", {"appid": "MegaDesk"}),
    _Allowed("linux", "keyring.backends.kwallet", "DBusKeyring", "KWallet", {"appid": "MegaDesk"}),
    _Allowed("darwin", "keyring.backends.macOS", "Keyring", "macOS Keychain", {"keychain": None}),
    _Allowed("win32", "keyring.backends.Windows", "WinVaultKeyring", "Windows Credential Manager", {}),
)


@dataclass(frozen=True)
class KeychainStatus:
    available: bool
    title: str
    """Of the keychain, for people; empty when there is none."""
    reason: str
    """Why there is none; empty when there is one."""


class Keychain:
    """The keychain of this system, looked for once, at first use. Thread-safe."""

    def __init__(self, backend: Backend | None = None, *, title: str = "test keychain") -> None:
        """``backend`` is for tests; without it the allow list is searched."""
        self._lock = threading.Lock()
        self._backend = backend
        self._status = KeychainStatus(True, title, "") if backend is not None else None

    def status(self) -> KeychainStatus:
        """Whether there is a keychain. Never raises; takes PROBE_TIMEOUT_S a back end when D-Bus hangs."""
        with self._lock:
            if self._status is None:
                self._backend, self._status = _find()
            return self._status

    def remember(self, path: Path, locker_id: str, payload: bytes) -> None:
        """Let the keychain open ``payload`` from now on, in place of an earlier one; the copy goes to
        ``path``.

        Raises KeyFileError, which says why, when there is no keychain or it refuses; LocalFileError. Then
        what was remembered before still works.
        """
        earlier = self._handle(path)
        handle = os.urandom(HANDLE_BYTES)
        wrapping = os.urandom(aead.KEY_BYTES)
        head = MAGIC + handle
        data = head + aead.seal(wrapping, _aad(head, locker_id), payload)
        if len(data) > MAX_FILE_BYTES:
            raise KeyFileError(f"There is more to keep than the {MAX_FILE_BYTES} bytes of a key file.")
        self._call(lambda backend: backend.set_password(*_entry(handle), wrapping.hex()))
        try:
            # Some services accept and keep nothing; believe what can be read back.
            if self._call(lambda backend: backend.get_password(*_entry(handle))) != wrapping.hex():
                raise KeyFileError("The keychain of this system did not keep what it was given.")
            replace_file(path, data)
        except BaseException:
            self._drop(handle)
            raise
        if earlier is not None:
            self._drop(earlier)

    def recall(self, path: Path, locker_id: str) -> bytes | None:
        """The payload; None when nothing is remembered here (no file, or no entry in the keychain).

        Raises KeyFileError when the keychain cannot be asked or the copy does not open with what it holds.
        """
        try:
            data = read_small(path, MAX_FILE_BYTES)
        except FileNotFoundError:
            return None
        except LocalFileError as error:
            raise KeyFileError(str(error)) from error
        if not data.startswith(MAGIC) or len(data) < _HEAD_BYTES:
            raise KeyFileError(_DAMAGED, remedy=_BY_HAND)
        head = data[:_HEAD_BYTES]
        text = self._call(lambda backend: backend.get_password(*_entry(head[len(MAGIC) :])))
        if text is None:
            return None
        try:
            return aead.open_sealed(bytes.fromhex(text), _aad(head, locker_id), data[_HEAD_BYTES:])
        except (DamagedError, ValueError):
            pass  # not chained: a ValueError of fromhex would quote what the keychain holds
        raise KeyFileError(_DAMAGED, remedy=_BY_HAND)

    def forget(self, path: Path) -> None:
        """Delete the copy and, if the keychain can be reached, its entry. Nothing there is fine.

        The copy goes first: without it the entry opens nothing. Raises LocalFileError if it cannot be
        deleted.
        """
        handle = self._handle(path)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise local_error(error, path, "delete") from error
        if handle is not None:
            self._drop(handle)

    def _handle(self, path: Path) -> bytes | None:
        try:
            data = read_small(path, MAX_FILE_BYTES)
        except (FileNotFoundError, LocalFileError):
            return None
        return data[len(MAGIC) : _HEAD_BYTES] if data.startswith(MAGIC) and len(data) >= _HEAD_BYTES else None

    def _drop(self, handle: bytes) -> None:
        try:
            self._call(lambda backend: backend.delete_password(*_entry(handle)))
        except KeyFileError:
            log.info("An entry could not be deleted from the keychain; nothing is left that it opens")

    def _call(self, ask: Callable[[Backend], _T]) -> _T:
        status = self.status()
        backend = self._backend
        if backend is None:
            raise KeyFileError(status.reason, remedy=_BY_HAND)
        try:
            return _within(PROMPT_TIMEOUT_S, lambda: ask(backend))
        except Exception as error:  # noqa: BLE001 - back ends raise whatever D-Bus, COM and the like raise
            reason = f"The keychain of this system ({status.title}) failed: {_words(error)}."
        # Outside the handler: the frames of a foreign traceback hold the wrapping key.
        raise KeyFileError(reason, remedy=_BY_HAND)


_DAMAGED = "The copy of the keys for the keychain is damaged or of another locker."
_BY_HAND = "Open the locker with its passphrase."


def _entry(handle: bytes) -> tuple[str, str]:
    """Service and user name. The service is unique: Windows keeps one user a service and shuffles the rest."""
    return f"{_SERVICE} {handle.hex()}", handle.hex()


def _aad(head: bytes, locker_id: str) -> bytes:
    return head + locker_id.encode()


def _find(allowed: tuple[_Allowed, ...] = ALLOWED) -> tuple[Backend | None, KeychainStatus]:
    reasons = []
    for entry in allowed:
        if not sys.platform.startswith(entry.platform):
            continue
        try:
            backend = _within(PROBE_TIMEOUT_S, functools.partial(_instantiate, entry))
        except Exception as error:  # noqa: BLE001 - see _call
            reasons.append(f"{entry.title}: {_words(error)}")
        else:
            return backend, KeychainStatus(True, entry.title, "")
    why = "; ".join(reasons) or "none is known for this system"
    return None, KeychainStatus(False, "", f"The keychain of this system is not available ({why}).")


def _instantiate(entry: _Allowed) -> Backend:
    """An instance of the very class, deaf to the environment. Raises anything when it cannot work here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of D-Bus bindings on import
        module = importlib.import_module(entry.module)
    base: Any = getattr(module, entry.class_name)
    # keyring's __init__ sets any attribute from KEYRING_PROPERTY_*: another collection, another keychain.
    pinned = {**entry.pinned, "set_properties_from_env": lambda self: None}
    cls: Any = type(f"Pinned{entry.class_name}", (base,), {"__module__": __name__, **pinned})
    cls.priority  # noqa: B018 - raises RuntimeError with the reason when the back end cannot work here
    backend: Backend = cls()
    return backend


def _within(timeout_s: float, work: Callable[[], _T]) -> _T:
    """The result of ``work``, or its error, or TimeoutError: a hung D-Bus service must not hang MegaDesk.

    The thread is left behind then, a daemon with nothing of ours in its hands.
    """
    results: list[_T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - carried to the caller
            errors.append(error)

    thread = threading.Thread(target=run, name="keychain", daemon=True)
    thread.start()
    thread.join(timeout_s)
    if results:
        return results[0]
    if errors:
        raise errors[0]
    raise TimeoutError(f"no answer in {timeout_s:g} s")


def _words(error: BaseException) -> str:
    """A foreign error in one line. Back ends put no secrets into theirs; what looks like one is cut."""
    text = redact(" ".join(str(error).split())).rstrip(".")[:300]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
