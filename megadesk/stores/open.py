"""From a store's address to a store. See the table of addresses in the documentation of the command line."""

from __future__ import annotations

import os
import re
import urllib.parse
from typing import Final

from megadesk.errors import AddressError
from megadesk.stores.api import Store
from megadesk.stores.folder import FolderStore
from megadesk.stores.folder_root import printable
from megadesk.stores.sftp_place import SftpCredentials, SftpPlace

AVAILABLE: Final = ("file", "sftp")
PLANNED: Final = ("dav", "davs", "s3", "megadesk+http", "megadesk+https", "spread")
# Two characters at least: "C:\\lockers" is a path. A path that begins so can be written as "./dav:..." .
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):(//)?")


def open_store(address: str, *, create: bool = False, credentials: SftpCredentials | None = None) -> Store:
    """The store at ``address``: a path, ``file:///path`` with percent-encoded bytes, ``sftp://user@host[:port]/path``
    (absolute) or ``sftp://user@host/~/path`` (below the user's home).

    With ``create`` a folder that is missing is made; without it, it raises StoreUnavailableError. AddressError for what
    is not an address, is not available in this version, or is not a folder. Messages never repeat an address with a
    scheme, since people put passwords into those. ``credentials`` are for stores that ask for some; the store keeps
    them in memory only.
    """
    if scheme_of(address) == "sftp":
        place = SftpPlace.parse(address)
        # Here, since every command starts with this module and the SSH library takes a third of a second.
        from megadesk.stores.sftp import SftpStore

        return SftpStore(place, credentials, create=create)
    path = folder_path(address)
    return FolderStore.create(path) if create else FolderStore(path)


def folder_path(address: str) -> str:
    """The path that a folder's address names; AddressError for all other addresses."""
    scheme = scheme_of(address)
    if scheme == "":
        return address
    if scheme != "file":
        known = f"Addresses that begin with {scheme}: are" if scheme in PLANNED else f"{scheme}: addresses are"
        raise AddressError(
            f"{known} not available in this version of MegaDesk.",
            remedy="Give a folder: its path, or file:///path; or sftp://user@host/path.",
        )
    rest = address.split(":", 1)[1]
    host = ""
    if rest.startswith("//"):
        host, slash, below = rest[2:].partition("/")
        rest = slash + below
    if host.lower() not in ("", "localhost") or not rest.startswith("/"):
        raise AddressError("A file address must be file:/// and an absolute path on this computer.")
    if "?" in rest or "#" in rest:
        raise AddressError("In a file address, ? and # must be written %3F and %23.")
    path = os.fsdecode(urllib.parse.unquote_to_bytes(rest))
    if os.name == "nt":
        path = path.lstrip("/").replace("/", "\\")
    return path


def scheme_of(address: str) -> str:
    """The address's scheme in lower case, "" for a path. AddressError for an empty address."""
    if not address.strip():
        raise AddressError("The storage address is empty.")
    match = _SCHEME.match(address)
    if match is None:
        return ""
    scheme = match[1].lower()
    return scheme if match[2] or scheme in AVAILABLE or scheme in PLANNED else ""


def describe(address: str) -> str:
    """The address for people and logs: user names, passwords, queries and fragments left out. Never raises."""
    match = _SCHEME.match(address)
    scheme = match[1].lower() if match else ""
    if match is None or not (match[2] or scheme in AVAILABLE or scheme in PLANNED):
        return f"folder {printable(address)}"
    if scheme == "file":
        try:
            return f"folder {printable(folder_path(address))}"
        except AddressError:
            return "file:"
    if scheme == "spread":
        return "spread over several stores"
    place = re.split(r"[?#]", address[match.end() :], maxsplit=1)[0]
    host, slash, below = place.partition("/")
    return printable(f"{scheme}://{host.rpartition('@')[2]}{slash}{below}")
