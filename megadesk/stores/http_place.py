"""Where a store that is reached over HTTP lies. Knows no HTTP library, so that reading an address costs nothing."""

from __future__ import annotations

import ipaddress
import re
import urllib.parse
from dataclasses import dataclass
from typing import Final

from megadesk.errors import AddressError, LinkAddressError, MegaDeskError

_HOST: Final = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?\.?")
_PORTS: Final = {"http": 80, "https": 443}
_PLAIN: Final = re.compile(r"[A-Za-z0-9%/._~!$&'()*+,;=:@?\[\]-]*")
_CONTROL: Final = re.compile(rb"[\x00-\x1f\x7f/\\]")


@dataclass(frozen=True, slots=True)
class HttpPlace:
    """An origin and a folder in it. ``host`` is ASCII, an IPv6 address without brackets. ``path`` is percent-encoded
    and begins but does not end with '/'; "" is the top."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def netloc(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def parse_place(address: str, scheme: str) -> HttpPlace:
    """The place that ``address`` (xyz://host[:port]/path) names, as http or https by ``scheme``.

    Raises AddressError, without a word of the address in it: people put passwords there.
    """
    rest = address.split(":", 1)[1]
    if not rest.startswith("//"):
        raise AddressError("The storage address needs // and a host after the colon.")
    authority, _, path = rest[2:].partition("/")
    if "@" in authority:
        raise AddressError(
            "The storage address has a user name or password in it.",
            remedy="Leave them out of the address; they are asked for and kept separately.",
        )
    if "?" in rest or "#" in rest:
        raise AddressError("In a storage address, ? and # must be written %3F and %23.")
    host, port = _split_port(authority)
    return HttpPlace(scheme, _host(host), _PORTS[scheme] if port is None else port, _path(path))


def split_url(url: str) -> tuple[HttpPlace, str]:
    """Origin, and path with query as sent. Raises LinkAddressError, which does not repeat the URL."""
    scheme, _, rest = url.partition(":")
    where, _, query = rest.partition("?")
    if scheme.lower() not in ("http", "https") or "#" in url or not _PLAIN.fullmatch(query):
        raise LinkAddressError("That is not the address of a web page.")
    try:
        place = parse_place(f"{scheme}:{where}", scheme.lower())
    except MegaDeskError:
        raise LinkAddressError("The address in the link cannot be read.") from None
    path = "/" + where[2:].partition("/")[2]
    if not _PLAIN.fullmatch(path):
        path = urllib.parse.quote(path, safe="/%:@!$&'()*+,;=~")
    return place, f"{path}?{query}" if query else path


def _split_port(authority: str) -> tuple[str, int | None]:
    match = re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]*)(?::([0-9]{0,5}))?", authority)
    if match is None:
        raise AddressError("The host in the storage address cannot be read.")
    if not match[2]:
        return match[1], None
    port = int(match[2])
    if not 0 < port < 65536:
        raise AddressError("The port in the storage address is not between 1 and 65535.")
    return match[1], port


def _host(host: str) -> str:
    try:
        if host.startswith("["):
            return str(ipaddress.IPv6Address(host[1:-1]))
        name = host.encode("idna").decode("ascii").lower()
    except (ValueError, UnicodeError):
        name = ""
    if len(name) > 253 or ".." in name or not _HOST.fullmatch(name):
        raise AddressError("The host in the storage address cannot be read.")
    return name


def _path(path: str) -> str:
    try:
        parts = [urllib.parse.unquote_to_bytes(part) for part in path.split("/") if part]
    except UnicodeError:
        raise AddressError("The path in the storage address is not Unicode text.") from None
    if any(part in (b".", b"..") or _CONTROL.search(part) for part in parts):
        raise AddressError("The path in the storage address has parts that cannot name a folder.")
    return "".join("/" + urllib.parse.quote(part, safe="") for part in parts)
