"""The secret of a link and what is derived from it (docs/format.md, "Links").

::

    link secret (32 random bytes, in the fragment of the link's URL)
    ├── link id         16 bytes, public: names the record
    ├── preamble key    FLOE key of the record's preamble
    ├── link salt       16 bytes: the salt of the password
    └── link key        FLOE key of the record; with a password its Argon2id output is a context

So the password is needed beside the secret, and a server that knows neither can test no guess. Everything here is
immutable and thread-safe.
"""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass

from megadesk.crypto import kdf
from megadesk.crypto.kdf import SECRET_BYTES, derive
from megadesk.crypto.keys import SecretBytes
from megadesk.errors import DecodeError, LinkAddressError
from megadesk.types import LinkId

LINK_ID_BYTES = 16
TOKEN_CHARACTERS = 44
_TOKEN_VERSION = 1

# Named here so that a test may count or replay what is drawn.
_urandom = os.urandom


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """Cost of one guess at a link's password: Argon2id with one lane, since browsers compute it on one thread."""

    memory_kib: int
    passes: int

    def check(self, object_name: str = "") -> None:
        """Raise DecodeError unless the cost is between the floor and the caps. To be called before a password is
        asked for: below, guessing would be cheap; above, opening would take the machine down."""
        if not (
            MIN_COST.memory_kib <= self.memory_kib <= MAX_COST.memory_kib
            and MIN_COST.passes <= self.passes <= MAX_COST.passes
        ):
            raise DecodeError(
                "The link asks for less protection of its password, or more memory or time, than MegaDesk allows.",
                object_name=object_name,
            )


MIN_COST = PasswordCost(memory_kib=19 * 1024, passes=1)
MAX_COST = PasswordCost(memory_kib=1024 * 1024, passes=16)
DEFAULT_COST = PasswordCost(memory_kib=64 * 1024, passes=3)


class LinkSecret(SecretBytes):
    """The 32 bytes in a link's fragment. ``id`` is public."""

    __slots__ = ("id",)

    def __init__(self, secret: bytes) -> None:
        super().__init__(secret)
        self.id = LinkId(derive(secret, "link id", length=LINK_ID_BYTES))

    @classmethod
    def generate(cls) -> LinkSecret:
        return cls(_urandom(SECRET_BYTES))

    def __repr__(self) -> str:
        return f"<LinkSecret {self.id.hex()}: redacted>"

    def token(self) -> str:
        """The fragment of the link's URL: base64url of a version byte and the secret, 44 characters. Secret."""
        return base64.urlsafe_b64encode(bytes([_TOKEN_VERSION]) + self._secret).decode().rstrip("=")

    @classmethod
    def from_token(cls, token: str) -> LinkSecret:
        """Reverse of ``token``; LinkAddressError, which never quotes it, for anything else."""
        data = b""
        if len(token) == TOKEN_CHARACTERS and token.isascii():
            try:
                data = base64.b64decode(token, altchars=b"-_", validate=True)
            except binascii.Error:
                data = b""
        if len(data) == 1 + SECRET_BYTES and data[0] != _TOKEN_VERSION:
            raise LinkAddressError(
                "This link is of a version that this program does not know.", remedy="Update MegaDesk."
            )
        if len(data) != 1 + SECRET_BYTES:
            raise LinkAddressError(
                "The link is not complete: the part behind # is missing or was cut short.",
                remedy="Copy the whole link and try again.",
            )
        return cls(data[1:])

    def preamble_key(self) -> bytes:
        """The 32-byte FLOE key of the preamble."""
        return derive(self._secret, "link preamble")

    def password_key(self, password: str, cost: PasswordCost) -> bytes:
        """32 bytes from the password (NFC, UTF-8). Takes the cost's memory and about its time, without the GIL.

        Raises DecodeError for a cost out of bounds, PassphraseError for what is no text, KeyFileError where the
        memory cannot be had.
        """
        cost.check()
        salt = derive(self._secret, "link salt", length=kdf.SALT_BYTES)
        return kdf.argon2id_unchecked(password, salt, kdf.Argon2Params(cost.memory_kib, cost.passes, 1))

    def link_key(self, password_key: bytes = b"") -> bytes:
        """The 32-byte FLOE key of the record; ``password_key`` is empty for a link without a password."""
        context = (password_key,) if password_key else ()
        return derive(self._secret, "link key", *context)
