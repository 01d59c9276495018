"""The key file: a device's secrets, the payload of a FLOE message, under a passphrase.

    "MDKF" || version 0x01 || salt 16 || u32be memory_kib || u32be passes || u32be lanes || FLOE message

Everything in front of the FLOE message is its associated data, so neither salt nor cost can be altered
unnoticed. What can be seen to be wrong before a passphrase is asked for is a KeyFileError: no such file, not
a key file, a cost below the floor (guessing would be cheap) or above the caps (opening would take the machine
down). After it there is one PassphraseError, the same for a wrong passphrase and for every tampering.

`save`, `load` and `change_passphrase` take about a second and the memory of the parameters; call them off the
UI thread.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

from megadesk.crypto import aead, kdf
from megadesk.crypto.kdf import Argon2Params
from megadesk.errors import DamagedError, InputError, KeyFileError, LocalFileError, PassphraseError
from megadesk.state.files import read_small, replace_file

MAGIC = b"MDKF"
VERSION = 1
MAX_FILE_BYTES = 64 << 10

_HEAD = struct.Struct(f">4sB{kdf.SALT_BYTES}sIII")
_WRONG = "The passphrase is wrong, or the key file is damaged."
_REMEDY = "Try again; if you have lost it, the recovery key opens the locker."
_RESTORE = "Restore the file, or join the locker again with its recovery key."


def read_params(path: Path) -> Argon2Params:
    """The cost of opening the key file, checked against floor and caps: call it before asking a passphrase.

    Takes no time and no memory. Raises KeyFileError.
    """
    return _split(_read(path), path)[1]


def load(path: Path, passphrase: str) -> bytes:
    """The payload. Raises KeyFileError, before any work; PassphraseError."""
    return _open(_read(path), path, passphrase)


def save(path: Path, payload: bytes, passphrase: str, params: Argon2Params | None = None) -> None:
    """Write the key file anew, with a fresh salt: durable on return; if anything fails the old one stands.

    Without ``params`` the cost is set to about a second on this machine. Raises InputError for an empty
    passphrase, KeyFileError for parameters out of bounds or a payload over about 63 KiB, PassphraseError for
    a passphrase that is not text, LocalFileError, LocalFullError.
    """
    if not passphrase:
        raise InputError("The passphrase must not be empty.")
    if _HEAD.size + aead.sealed_size(len(payload)) > MAX_FILE_BYTES:
        raise KeyFileError(f"There is more to keep than the {MAX_FILE_BYTES} bytes of a key file.")
    if params is None:
        params = kdf.calibrate()
    params.check()
    salt = os.urandom(kdf.SALT_BYTES)
    head = _HEAD.pack(MAGIC, VERSION, salt, params.memory_kib, params.passes, params.lanes)
    replace_file(path, head + aead.seal(kdf.argon2id(passphrase, salt, params), head, payload))


def change_passphrase(path: Path, old: str, new: str, params: Argon2Params | None = None) -> None:
    """Put the same payload under another passphrase; without ``params`` at the cost it had.

    A copy of the old file still opens with the old passphrase. Callers that also `save` hold a lock around
    both. Raises as `load` and `save`; then nothing has changed.
    """
    data = _read(path)
    kept = _split(data, path)[1]
    if not new:
        raise InputError("The passphrase must not be empty.")
    save(path, _open(data, path, old), new, params or kept)


def _read(path: Path) -> bytes:
    try:
        return read_small(path, MAX_FILE_BYTES)
    except FileNotFoundError:
        raise KeyFileError(f"The key file {path} is missing.", remedy=_RESTORE) from None
    except LocalFileError as error:
        raise KeyFileError(f"The key file cannot be read: {error}", remedy=_RESTORE) from error


def _split(data: bytes, path: Path) -> tuple[bytes, Argon2Params, bytes]:
    """Salt, checked parameters, FLOE message."""
    if not data.startswith(MAGIC) or len(data) < _HEAD.size:
        raise KeyFileError(f"{path} is not a key file of MegaDesk.", remedy=_RESTORE)
    _, version, salt, memory_kib, passes, lanes = _HEAD.unpack_from(data)
    if version != VERSION:
        raise KeyFileError(
            f"The key file {path} is of version {version}, which this MegaDesk does not know.",
            remedy="Use the MegaDesk that wrote it, or a newer one.",
        )
    params = Argon2Params(memory_kib, passes, lanes)
    params.check()
    return salt, params, data[_HEAD.size :]


def _open(data: bytes, path: Path, passphrase: str) -> bytes:
    salt, params, message = _split(data, path)
    key = kdf.argon2id(passphrase, salt, params)
    try:
        return aead.open_sealed(key, data[: _HEAD.size], message)
    except DamagedError:
        pass  # not chained: the two causes must look the same
    raise PassphraseError(_WRONG, remedy=_REMEDY)
