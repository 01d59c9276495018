"""Credentials of a locker's stores: kept on this machine, sealed; never in an address, in the store, or in a log.

They lie beside the key file, under a key that follows from the locker's keys on this machine:

    "MDSC" || version 0x01 || FLOE message of the records below; AAD: the five bytes before it, then the locker's id

So they are there once the locker is unlocked, by passphrase or keychain, and whoever takes the disk has nothing.
Another machine, or a new set of keys after a forgotten passphrase, asks for them again.

Who wins: what the caller gives; the environment; what is kept. In a spread, which has several stores, the environment
speaks only for those that have nothing of their own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from megadesk.core.secrets import LockerSecrets
from megadesk.crypto import aead, kdf
from megadesk.errors import DamagedError, DecodeError, InputError, KeyFileError
from megadesk.format.wire import Decoder, Record, encode
from megadesk.state.files import read_small, replace_file
from megadesk.stores.credentials import BearerCredentials, PasswordCredentials, PasswordScheme, S3Credentials
from megadesk.stores.open import AnyCredentials, parts_of, scheme_of
from megadesk.stores.sftp_place import SftpCredentials

STORE_USER_VARIABLE = "MEGADESK_STORE_USER"
STORE_PASSWORD_VARIABLE = "MEGADESK_STORE_PASSWORD"  # noqa: S105  (its name)
STORE_TOKEN_VARIABLE = "MEGADESK_STORE_TOKEN"  # noqa: S105

Given: TypeAlias = "AnyCredentials | Mapping[str, AnyCredentials] | None"
"""What callers pass: for the one store, or for each part of a spread by the part's address."""

FILE_NAME: Final = "store.keys"
_MAGIC: Final = b"MDSC\x01"
_MAX_BYTES: Final = 256 << 10
_LABEL: Final = "store-credentials"


class _Secret(Record, frozen=True):
    def __repr__(self) -> str:
        return f"<{type(self).__name__}: redacted>"


class _Password(_Secret, frozen=True, tag="password"):
    user: str
    password: str
    scheme: PasswordScheme


class _Token(_Secret, frozen=True, tag="token"):
    token: str


class _S3(_Secret, frozen=True, tag="s3"):
    access_key: str
    secret_key: str
    session_token: str


class _Sftp(_Secret, frozen=True, tag="sftp"):
    password: str | None
    key_file: str | None
    passphrase: str | None


class _Kept(Record, frozen=True):
    parts: tuple[tuple[str, _Password | _Token | _S3 | _Sftp], ...]


_decoder = Decoder(_Kept, "credentials of the storage", _MAX_BYTES)


@dataclass(frozen=True)
class KeptCredentials:
    """What is kept for one store, without the secret: for a form that shows it."""

    address: str
    kind: str
    """password, token, s3 or sftp."""
    user: str
    """User name, or the access key's beginning; may be empty."""


def as_map(address: str, given: Given) -> dict[str, AnyCredentials]:
    """Credentials by the address of the store that they are for."""
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return dict(given)
    if scheme_of(address) == "spread":
        raise InputError("The credentials of a spread are given for each of its stores.")
    return {address: given}


def resolve(address: str, given: Mapping[str, AnyCredentials], kept: Mapping[str, AnyCredentials]) -> Given:
    """What to open ``address`` with; see the module for who wins."""
    parts = parts_of(address)
    if parts == [address]:
        return given.get(address) or of_environment(address) or kept.get(address)
    found = ((part, given.get(part) or kept.get(part) or of_environment(part)) for part in parts)
    return {part: credentials for part, credentials in found if credentials is not None}


def of_environment(address: str) -> AnyCredentials | None:
    """What the environment has for a store of this kind."""
    scheme = scheme_of(address)
    password = os.environ.get(STORE_PASSWORD_VARIABLE)
    if scheme == "sftp":
        return SftpCredentials(password=password) if password else None
    if scheme == "s3":
        key, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
        if key and secret and "profile=" not in address:
            return S3Credentials(key.strip(), secret.strip(), os.environ.get("AWS_SESSION_TOKEN", "").strip())
        return None
    if scheme in ("", "file"):
        return None
    token = os.environ.get(STORE_TOKEN_VARIABLE)
    if token:
        return BearerCredentials(token)
    user = os.environ.get(STORE_USER_VARIABLE)
    return PasswordCredentials(user, password or "") if user else None


def save(folder: Path, secrets: LockerSecrets, kept: Mapping[str, AnyCredentials]) -> None:
    """Keep these and no others for the locker in ``folder``. Raises LocalFileError; then what was kept stays."""
    path = folder / FILE_NAME
    if not kept:
        path.unlink(missing_ok=True)
        return
    parts = tuple((address, _record(credentials)) for address, credentials in kept.items())
    replace_file(path, _MAGIC + aead.seal(_key(secrets), _aad(secrets), encode(_Kept(parts))))


def load(folder: Path, secrets: LockerSecrets) -> dict[str, AnyCredentials]:
    """What is kept. Raises KeyFileError when it does not open, LocalFileError."""
    path = folder / FILE_NAME
    try:
        data = read_small(path, _MAX_BYTES)
    except FileNotFoundError:
        return {}
    try:
        if not data.startswith(_MAGIC):
            raise DecodeError("not such a file")
        payload = aead.open_sealed(_key(secrets), _aad(secrets), data[len(_MAGIC) :])
        parts = _decoder.decode(payload, FILE_NAME).parts
    except (DamagedError, DecodeError):
        # Not chained: a decoder's error quotes what it met.
        raise KeyFileError(
            f"The credentials of the storage, kept in {path}, are damaged or of other keys.",
            remedy="Delete that file and enter them again.",
        ) from None
    return {address: _credentials(record) for address, record in parts}


def forget(folder: Path) -> None:
    """Keep none."""
    (folder / FILE_NAME).unlink(missing_ok=True)


def described(kept: Mapping[str, AnyCredentials]) -> Iterator[KeptCredentials]:
    for address, credentials in kept.items():
        record = _record(credentials)
        user = record.user if isinstance(record, _Password) else ""
        if isinstance(record, _S3):
            user = f"{record.access_key[:4]}…"
        yield KeptCredentials(address, str(record.__struct_config__.tag), user)


def _record(credentials: AnyCredentials) -> _Password | _Token | _S3 | _Sftp:
    if isinstance(credentials, PasswordCredentials):
        return _Password(credentials.user, credentials.password, credentials.scheme)
    if isinstance(credentials, BearerCredentials):
        return _Token(credentials.token)
    if isinstance(credentials, S3Credentials):
        return _S3(credentials.access_key, credentials.secret_key, credentials.session_token)
    return _Sftp(credentials.password, credentials.key_file, credentials.passphrase)


def _credentials(record: _Password | _Token | _S3 | _Sftp) -> AnyCredentials:
    if isinstance(record, _Password):
        return PasswordCredentials(record.user, record.password, record.scheme)
    if isinstance(record, _Token):
        return BearerCredentials(record.token)
    if isinstance(record, _S3):
        return S3Credentials(record.access_key, record.secret_key, record.session_token)
    return SftpCredentials(record.password, record.key_file, record.passphrase)


def _key(secrets: LockerSecrets) -> bytes:
    return kdf.derive(secrets.index_key, _LABEL)


def _aad(secrets: LockerSecrets) -> bytes:
    return _MAGIC + secrets.locker_id
