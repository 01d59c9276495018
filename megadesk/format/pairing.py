"""The pairing code: what a second computer needs beside the recovery key, and what it must find in the storage.

``megadesk-pair:`` and base64url (without padding) of a record and four bytes of its SHA-256. No secret is in it:
whoever reads it learns where the storage is and which locker is meant. What it adds is the heads that the first
computer knows: a storage that shows the second one an older state is found out (docs/threat-model.md, 13).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Annotated

import msgspec

from megadesk.errors import DecodeError, InputError
from megadesk.format.wire import Bytes32, Decoder, DeviceField, Record, Unsigned, encode

PREFIX = "megadesk-pair:"
_VERSION = 1
_CHECK_BYTES = 4
_MAX_BYTES = 16 << 10


class PairingHead(Record, frozen=True):
    """The last entry of a device that the first computer had applied."""

    device: DeviceField
    seq: Unsigned
    hash: Bytes32


class Pairing(Record, frozen=True):
    """What a pairing code holds."""

    version: Annotated[int, msgspec.Meta(ge=_VERSION, le=_VERSION)]
    locker: Bytes32
    store: Annotated[str, msgspec.Meta(max_length=4096)]
    heads: Annotated[tuple[PairingHead, ...], msgspec.Meta(max_length=256)]


_decoder: Decoder[Pairing] = Decoder(Pairing, "pairing code", _MAX_BYTES)


def make_pairing(locker: bytes, store: str, heads: tuple[PairingHead, ...]) -> str:
    """The code as text, for the clipboard and for a QR code."""
    data = encode(Pairing(_VERSION, locker, store, heads))
    return PREFIX + base64.urlsafe_b64encode(data + _check(data)).rstrip(b"=").decode()


def parse_pairing(text: str) -> Pairing:
    """Reverse of ``make_pairing``; spaces and line breaks do not count. Raises InputError, saying what is wrong."""
    packed = "".join(text.split())
    if not packed.startswith(PREFIX):
        raise InputError(f"That is no pairing code: it does not begin with “{PREFIX}”.", remedy="Copy all of it.")
    body = packed.removeprefix(PREFIX)
    try:
        data = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InputError(
            "The pairing code holds characters that do not belong there.", remedy="Copy it anew."
        ) from None
    record, check = data[:-_CHECK_BYTES], data[-_CHECK_BYTES:]
    if len(data) <= _CHECK_BYTES or check != _check(record):
        raise InputError("The pairing code is not complete, or was changed.", remedy="Copy all of it.")
    try:
        return _decoder.decode(record, "the pairing code")
    except DecodeError as error:
        raise InputError(
            f"The pairing code cannot be read: {error}", remedy="Update MegaDesk here and there."
        ) from None


def _check(data: bytes) -> bytes:
    return hashlib.sha256(b"megadesk pairing" + data).digest()[:_CHECK_BYTES]
