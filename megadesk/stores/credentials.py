"""What proves to a store who asks. Given beside an address, never inside it; no value here shows up in a repr."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TypeAlias

from megadesk.errors import InputError, StoreAccessError


class PasswordScheme(enum.Enum):
    """How a password is proven over HTTP."""

    AUTO = "auto"
    """Digest where the server offers it, Basic elsewhere."""
    BASIC = "basic"
    """Sent as it is, with the first request already."""
    DIGEST = "digest"
    """Never sent itself. A server that offers only Basic gets nothing."""


@dataclass(frozen=True, slots=True)
class PasswordCredentials:
    """User and password (RFC 7617, RFC 7616). For Nextcloud and ownCloud: an app password."""

    user: str
    password: str = field(repr=False)
    scheme: PasswordScheme = PasswordScheme.AUTO

    def __post_init__(self) -> None:
        if ":" in self.user:
            raise InputError("A user name cannot have a colon in it.")
        _check(self.user, "A user name")
        _check(self.password, "A password")


@dataclass(frozen=True, slots=True)
class BearerCredentials:
    """A token (RFC 6750)."""

    token: str = field(repr=False)

    def __post_init__(self) -> None:
        _check(self.token, "A token")
        if not self.token.isascii() or " " in self.token:
            raise InputError("A token cannot have spaces or accented letters in it.")


@dataclass(frozen=True, slots=True)
class S3Credentials:
    """An access key. Prints as its first four characters."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        for text in (self.access_key, self.secret_key, self.session_token):
            if not text.isascii() or any(ord(char) <= 32 for char in text):
                raise StoreAccessError(
                    "The S3 credentials hold characters that no credentials have.", remedy="Copy them once more."
                )

    def __repr__(self) -> str:
        return f"<S3Credentials {self.access_key[:4]}…: redacted>"


HttpCredentials: TypeAlias = PasswordCredentials | BearerCredentials
Credentials: TypeAlias = HttpCredentials
"""All kinds that `open_store` takes."""


def _check(text: str, what: str) -> None:
    if any(ord(letter) < 32 or ord(letter) == 127 or 0xD800 <= ord(letter) < 0xE000 for letter in text):
        raise InputError(f"{what} cannot have control characters in it.")
