"""Asking for a storage's credentials on the terminal, when the storage wants some and nothing else has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from megadesk.cli.context import Context
from megadesk.cli.passphrase import TRIES, ask_line, ask_secret, can_prompt
from megadesk.errors import InputError, StoreError, StoreFault
from megadesk.stores.open import describe, parts_of, scheme_of

if TYPE_CHECKING:
    from megadesk.core.credentials import Given
    from megadesk.stores.open import AnyCredentials

_T = TypeVar("_T")


def with_credentials(context: Context, address: str | None, use: Callable[[Given], _T]) -> _T:
    """``use`` the credentials of the storage at ``address``: none at first, then those that somebody types.

    Raises what ``use`` raises.
    """
    given: dict[str, AnyCredentials] = {}
    tries: dict[str, int] = {}
    while True:
        try:
            return use(dict(given) if given else None)
        except StoreError as error:
            if address is None or error.fault is not StoreFault.CREDENTIALS or not can_prompt():
                raise
            part = error.store_address or address
            if part not in parts_of(address):
                raise  # of another storage that ``use`` needs as well
            tries[part] = tries.get(part, 0) + 1
            if tries[part] > TRIES:
                raise
            context.out.note(f"{describe(part)}: {error}")
        found = _ask(context, part)
        if found is None:
            raise InputError("No credentials were entered for the storage.")
        given[part] = found


def _ask(context: Context, address: str) -> AnyCredentials | None:
    """What somebody types for a store of this kind; None for nothing."""
    from megadesk.stores.credentials import BearerCredentials, PasswordCredentials, S3Credentials
    from megadesk.stores.sftp_place import SftpCredentials

    scheme = scheme_of(address)
    if scheme == "s3":
        key = ask_line("Access key: ")
        return S3Credentials(key, ask_secret("Secret key: ")) if key else None
    if scheme == "sftp":
        password = ask_secret("Password, or passphrase of the key: ")
        return SftpCredentials(password=password, passphrase=password) if password else None
    if scheme.startswith("megadesk+"):
        token = ask_secret("Token: ")
        return BearerCredentials(token) if token else None
    user = ask_line("User name (leave empty for a token): ")
    secret = ask_secret("Password: " if user else "Token: ")
    if user:
        return PasswordCredentials(user, secret)
    return BearerCredentials(secret) if secret else None
