"""Logging in over SSH: which server it is, strictly by known_hosts, and who we are.

As in OpenSSH: ~/.ssh/known_hosts or what ~/.ssh/config names, and /etc/ssh/ssh_known_hosts. A server that is not in
there is never connected to, nor is one with another key than there; nothing is ever added by itself.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from typing import Any, Final

import asyncssh

from megadesk.errors import (
    ChangedHostError,
    StoreAccessError,
    StoreError,
    StoreFault,
    StoreProtocolError,
    StoreUnavailableError,
    UnknownHostError,
)
from megadesk.stores.sftp_errors import reason
from megadesk.stores.sftp_place import SftpCredentials, SftpPlace

_WINDOW: Final = 8 << 20
_TIMEOUT_S: Final = 30
_SYSTEM_HOSTS: Final = "/etc/ssh/ssh_known_hosts"
_USER_HOSTS: Final = "~/.ssh/known_hosts"
_SSH_PORT: Final = 22
_KINDS: Final = (
    *("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    *("rsa-sha2-512", "rsa-sha2-256"),
)
_NO_ADDRESS: Final = "0.0.0.0"  # noqa: S104  (to look up a name alone; an empty one would be resolved)
# First, unless ~/.ssh/config says otherwise: a third less of CPU time than the library's own first choice.
_CIPHERS: Final = "^aes128-gcm@openssh.com,aes256-gcm@openssh.com"


class Visit(asyncssh.SSHClient):
    """One try to connect, and then the connection's life."""

    def __init__(self) -> None:
        self.lost = False
        self.known = False
        self.kinds: list[str] = []
        self.asked = ("", "", _SSH_PORT)
        self.shown: asyncssh.SSHKey | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        self.shown = key
        return False


async def connect(place: SftpPlace, credentials: SftpCredentials) -> tuple[asyncssh.SSHClientConnection, Visit]:
    """A connection that is logged in.

    Raises UnknownHostError, ChangedHostError, StoreAccessError (not let in, key file unusable), StoreUnavailableError,
    StoreProtocolError (not SSH, or nothing in common).
    """
    try:
        visit = Visit()
        try:
            return await _connect(place, credentials, visit), visit
        except (asyncssh.DisconnectError, ConnectionError) as error:
            # Perhaps it has no key of a known kind any more. Asked for any other too, it shows one to refuse.
            if not visit.known or visit.shown or isinstance(error, asyncssh.PermissionDenied):
                raise
            kinds = list(dict.fromkeys([*visit.kinds, *_KINDS]))
            visit = Visit()
            return await _connect(place, credentials, visit, server_host_key_algs=kinds), visit
    except asyncssh.HostKeyNotVerifiable as error:
        raise _not_verified(place, visit, error) from error
    except asyncssh.PermissionDenied as error:
        raise StoreAccessError(
            f"The server {place.server} did not let {place.user or 'this user'} in ({reason(error)}).",
            remedy="Check the user name, load the key into the SSH agent, or give the password or the key file.",
            fault=StoreFault.CREDENTIALS,
        ) from error
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise StoreAccessError(
            f"A key file for {place.server} cannot be used ({reason(error)}).",
            remedy="Give its passphrase, or load it into the SSH agent with ssh-add.",
            fault=StoreFault.CREDENTIALS,
        ) from error
    except asyncssh.ConfigParseError as error:
        raise StoreAccessError(
            f"The SSH settings of this user cannot be used ({reason(error)}).", remedy="Correct ~/.ssh/config."
        ) from error
    except (asyncssh.KeyExchangeFailed, asyncssh.ProtocolError, asyncssh.ProtocolNotSupported) as error:
        raise StoreProtocolError(
            f"The server {place.server} cannot be talked to over SSH ({reason(error)}).",
            fault=StoreFault.SPEAKS_OTHERWISE,
        ) from error
    except (asyncssh.Error, OSError) as error:
        raise StoreUnavailableError(
            f"The server {place.server} cannot be reached ({reason(error)}).",
            remedy="Check the address, the network, and that SSH is on there.",
            fault=_fault(error),
        ) from error
    except ValueError as error:  # what the library says to files and settings that it cannot make sense of
        raise StoreAccessError(f"The SSH settings for {place.server} cannot be used ({reason(error)}).") from error


def _fault(error: BaseException) -> StoreFault | None:
    if isinstance(error, socket.gaierror):
        return StoreFault.HOST_UNKNOWN
    if isinstance(error, ConnectionRefusedError):
        return StoreFault.REFUSED
    return StoreFault.NO_ANSWER if isinstance(error, TimeoutError) else None


async def _connect(
    place: SftpPlace, credentials: SftpCredentials, visit: Visit, **more: Any
) -> asyncssh.SSHClientConnection:
    who: dict[str, Any] = {}
    if place.user is not None:
        who["username"] = place.user
    if place.port is not None:
        who["port"] = place.port
    if credentials.key_file is not None:
        path = os.path.expanduser(credentials.key_file)
        if not os.access(path, os.R_OK):
            raise StoreAccessError("The key file that was given for the storage cannot be read.")
        who["client_keys"] = [path]
    # ~/.ssh/config is read by this; what it says about ciphers and known hosts is looked at below.
    settings = asyncssh.SSHClientConnectionOptions(
        host=place.host, **who, password=credentials.password, passphrase=credentials.passphrase
    )
    if not settings.config.get("Ciphers", ()):
        more["encryption_algs"] = _CIPHERS
    hosts = _known_hosts(settings.known_hosts)

    def look_up(host: str, addr: str, port: int | None) -> Sequence[Any]:
        visit.asked = (host, addr, port or _SSH_PORT)
        found = hosts.match(host, addr, port)
        visit.kinds = [kind.decode() for key in found[0] for kind in key.sig_algorithms]
        # An entry without the port will do if it fits, but does not make another key a changed one.
        names = [host, addr] if port is None else [f"[{host}]:{port}", f"[{addr}]:{port}"]
        visit.known = any(any(hosts.match(name, _NO_ADDRESS, None)[:2]) for name in names)
        return found

    options = asyncssh.SSHClientConnectionOptions(
        settings,
        client_factory=lambda: visit,
        known_hosts=look_up,
        compression_algs=None,
        connect_timeout=_TIMEOUT_S,
        login_timeout=2 * _TIMEOUT_S,
        keepalive_interval=15,
        keepalive_count_max=4,
        window=_WINDOW,
        **more,
    )
    return await asyncssh.connect(place.host, options=options)


def _known_hosts(named: Any) -> asyncssh.SSHKnownHosts:
    """``named``: what the settings say: files; None ("none" in ~/.ssh/config, which the library takes for "trust all")
    is no file at all here; empty: the usual ones."""
    files = [] if named is None else [str(path) for path in named] or [_USER_HOSTS, _SYSTEM_HOSTS]
    paths = [os.path.expanduser(path) for path in files]
    return asyncssh.read_known_hosts([path for path in paths if os.path.isfile(path)])


def _not_verified(place: SftpPlace, visit: Visit, error: Exception) -> StoreError:
    host, _, port = visit.asked
    where = host if port == _SSH_PORT else f"[{host}]:{port}"
    if visit.shown is None:  # a revoked key, or a certificate of an authority that is not trusted
        return ChangedHostError(
            f"The server {place.server} is not trusted: {reason(error)}.",
            remedy="Ask who runs the server. Nothing was sent to it.",
        )
    fingerprint = visit.shown.get_fingerprint()
    if visit.known:
        return ChangedHostError(
            f"The server {place.server} shows another key than the one that this computer knows: {fingerprint}. "
            "It was set up anew, or something else answers in its place.",
            remedy="Nothing was sent to it. Ask who runs the server; only if the new key is right, "
            f"remove the old one with: ssh-keygen -R '{where}'",
        )
    line = f"{where} {visit.shown.export_public_key().decode().strip()}"
    return UnknownHostError(
        f"The server {place.server} is not known to this computer. Its key is {fingerprint}.",
        fingerprint=fingerprint,
        known_hosts_line=line,
        remedy="Compare that with what the server's owner says. If it is the same, log in once with ssh, or add this "
        f"line to ~/.ssh/known_hosts: {line}",
    )
