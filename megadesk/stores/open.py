"""From a store's address to a store. See the table of addresses in the documentation of the command line."""

from __future__ import annotations

import os
import re
import urllib.parse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar, get_args

from megadesk.errors import AddressError, InputError
from megadesk.stores.api import Store
from megadesk.stores.credentials import Credentials
from megadesk.stores.folder import FolderStore
from megadesk.stores.folder_root import printable
from megadesk.stores.http_place import parse_place
from megadesk.stores.sftp_place import SftpCredentials, SftpPlace

if TYPE_CHECKING:
    from megadesk.stores.credentials import S3Credentials

T = TypeVar("T")

AnyCredentials: TypeAlias = "Credentials | S3Credentials | SftpCredentials"
CredentialsByAddress: TypeAlias = "Mapping[str, AnyCredentials]"

AVAILABLE: Final = ("file", "dav", "davs", "s3", "sftp", "megadesk+http", "megadesk+https", "spread")
PLANNED: Final[tuple[str, ...]] = ()
# Two characters at least: "C:\\lockers" is a path. A path that begins so can be written as "./dav:..." .
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):(//)?")


def open_store(
    address: str, *, create: bool = False, credentials: AnyCredentials | CredentialsByAddress | None = None
) -> Store:
    """The store at ``address``: a path, ``file:///path`` with percent-encoded bytes, ``dav://host[:port]/path`` (WebDAV
    over http) or ``davs://`` (https), ``s3://bucket/folder?...`` (s3_address.py), ``sftp://user@host[:port]/path``
    (absolute) or ``sftp://user@host/~/path`` (below the user's home), ``megadesk+http://host[:port]/folder`` or
    ``megadesk+https://`` (a MegaDesk server).

    With ``create`` a folder that is missing is made; without it, it raises StoreUnavailableError. AddressError for what
    is not an address, is not available in this version, or is not a folder. Messages never repeat an address with a
    scheme, since people put passwords into those. ``credentials`` are those of the kind of store, and come before what
    the environment has; the store keeps them in memory only. Those of several stores come by address. InputError when
    they are for another kind.
    """
    if scheme_of(address) == "spread":
        return _open_spread(address, credentials, create=create)
    if isinstance(credentials, Mapping):
        credentials = credentials.get(address)
    scheme = scheme_of(address)
    # The stores are imported here, since every command starts with this module and their libraries take up to a third
    # of a second.
    if scheme in ("dav", "davs"):
        from megadesk.stores.webdav import WebDavStore

        place = parse_place(address, "https" if scheme == "davs" else "http")
        return WebDavStore(place, _of_kind(credentials, get_args(Credentials)), create=create)
    if scheme in ("megadesk+http", "megadesk+https"):
        from megadesk.stores.server import ServerStore

        place = parse_place(address, scheme.removeprefix("megadesk+"))
        return ServerStore(place, _of_kind(credentials, get_args(Credentials)))
    if scheme == "s3":
        from megadesk.stores.credentials import S3Credentials
        from megadesk.stores.s3 import S3Store

        return S3Store(address, _of_kind(credentials, (S3Credentials,)))
    if scheme == "sftp":
        from megadesk.stores.sftp import SftpStore

        return SftpStore(SftpPlace.parse(address), _of_kind(credentials, (SftpCredentials,)), create=create)
    path = folder_path(address)
    return FolderStore.create(path) if create else FolderStore(path)


def _open_spread(address: str, credentials: AnyCredentials | CredentialsByAddress | None, *, create: bool) -> Store:
    from megadesk.stores.spread import SpreadStore
    from megadesk.stores.spread_address import SpreadAddress

    def opener(part: str, create: bool) -> Store:
        return open_store(part, create=create, credentials=credentials)

    return SpreadStore(SpreadAddress.parse(address), opener, create=create)


def _of_kind(credentials: AnyCredentials | None, kinds: tuple[type[T], ...]) -> T | None:
    if credentials is None or isinstance(credentials, kinds):
        return credentials
    raise InputError("These credentials are for another kind of storage.")


def folder_path(address: str) -> str:
    """The path that a folder's address names; AddressError for all other addresses."""
    scheme = scheme_of(address)
    if scheme == "":
        return address
    if scheme != "file":
        raise AddressError(
            f"Addresses that begin with {scheme}: are not available in this version of MegaDesk.",
            remedy="Give a folder: its path, or file:///path.",
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
    path = os.fsdecode(urllib.parse.unquote_to_bytes(os.fsencode(rest)))
    if os.name == "nt":
        path = path.lstrip("/").replace("/", "\\")
    return path


def parts_of(address: str) -> list[str]:
    """The addresses of the stores that ``address`` is made of: itself, unless it is a spread."""
    if scheme_of(address) != "spread":
        return [address]
    from megadesk.stores.spread_address import SpreadAddress

    return list(SpreadAddress.parse(address).stores)


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
