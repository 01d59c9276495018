"""Where an SFTP store is, and who asks for it. Pure: no library, no connection."""

from __future__ import annotations

import re
import urllib.parse
from dataclasses import dataclass, field
from typing import Final, Self

from megadesk.errors import AddressError

_HOST: Final = re.compile(r"\[([0-9A-Fa-f:.]+(?:%[0-9A-Za-z._-]+)?)\]|([0-9A-Za-z_](?:[0-9A-Za-z._-]*[0-9A-Za-z_])?)")
_SAFE: Final = "/~!$&'()*+,;=:@"
_EXAMPLE: Final = "Write it as sftp://user@host/absolute/path or sftp://user@host/~/path/below/home."
_MAX_PORT: Final = 65535


@dataclass(frozen=True, slots=True)
class SftpCredentials:
    """What is not in the agent, in ~/.ssh/config and in the usual key files. No value shows up in a repr.

    ``key_file`` is used instead of the usual ones; ``passphrase`` opens it (or those).
    """

    password: str | None = field(default=None, repr=False)
    key_file: str | None = None
    passphrase: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SftpPlace:
    """An address, read. ``user`` and ``port`` are None where ~/.ssh/config or the usual ones decide.

    ``path`` is what the server gets: absolute, or relative to the user's home folder (b"." for that itself).
    """

    host: str
    user: str | None
    port: int | None
    path: bytes

    @classmethod
    def parse(cls, address: str) -> Self:
        """Of ``sftp://[user@]host[:port]/path`` or ``.../~/path``, percent-encoded. AddressError never repeats it."""
        rest = address.partition("://")[2]
        if "?" in rest or "#" in rest:
            raise AddressError("In an SFTP address, ? and # must be written %3F and %23.")
        authority, slash, path = rest.partition("/")
        login, at, where = authority.rpartition("@")
        if ":" in login:
            raise AddressError(
                "An SFTP address has no place for a password: it would be kept in the clear.",
                remedy="Leave it out; use a key or the SSH agent, or give the password when asked for it.",
            )
        match = _HOST.match(where)
        port = where[match.end() :] if match else ""
        if match is None or not slash or (at and not login) or not re.fullmatch(r"(?::[0-9]{1,5})?", port):
            raise AddressError("This is not an SFTP address.", remedy=_EXAMPLE)
        if port and not 0 < int(port[1:]) <= _MAX_PORT:
            raise AddressError(f"There is no port {port[1:]}.")
        user = urllib.parse.unquote(login, errors="strict") if _is_text(login) else ""
        if at and (not user or any(ord(letter) < 32 or ord(letter) == 127 for letter in user)):
            raise AddressError("The user name in the SFTP address cannot be one.")
        return cls((match[1] or match[2]).lower(), user or None, int(port[1:]) if port else None, _path(path))

    @property
    def address(self) -> str:
        """The address, as `parse` reads it."""
        user = f"{urllib.parse.quote(self.user, safe='')}@" if self.user else ""
        if self.path.startswith(b"/"):
            path = urllib.parse.quote(self.path, safe=_SAFE)
        else:
            path = "/~/" + ("" if self.path == b"." else urllib.parse.quote(self.path, safe=_SAFE))
        return f"sftp://{user}{self.server}{path}"

    @property
    def server(self) -> str:
        """Host and port, for messages."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    def below(self, name: str) -> bytes:
        """The path of a name in the store; of the store's own folder for an empty name."""
        if not name:
            return self.path
        return self.path.rstrip(b"/") + b"/" + name.encode("ascii")


def _is_text(quoted: str) -> bool:
    try:
        urllib.parse.unquote_to_bytes(quoted).decode()
    except UnicodeError:
        return False
    return True


def _path(quoted: str) -> bytes:
    try:
        raw = urllib.parse.unquote_to_bytes(quoted)
    except UnicodeError:
        raise AddressError("The path in the SFTP address holds characters that no path can have.") from None
    parts = [part for part in raw.split(b"/") if part not in (b"", b".")]
    if b".." in parts or b"\0" in raw:
        raise AddressError("The path in the SFTP address may not have .. or a zero byte in it.")
    if quoted == "~" or quoted.startswith("~/"):
        return b"/".join(parts[1:]) or b"."
    return b"/" + b"/".join(parts)
