"""A real OpenSSH server on loopback, as the current user, with keys and settings of its own."""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from megadesk.stores.sftp_place import SftpCredentials

_PATHS = ("/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/libexec/sshd")


def find_sshd() -> str | None:
    """sshd wants to be started by its absolute path, which is seldom in PATH."""
    return shutil.which("sshd") or next((path for path in _PATHS if os.access(path, os.X_OK)), None)


def make_key(path: Path, kind: str = "ed25519") -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "test", "-f", str(path)], check=True)
    return path


class SftpServer:
    """``folder`` holds everything; ``settings`` are further lines for sshd's configuration."""

    def __init__(self, folder: Path, *settings: str) -> None:
        self.folder = folder
        self.settings = settings
        self.user = getpass.getuser()
        self.process: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        folder.mkdir(parents=True, exist_ok=True)
        self.host_key = make_key(folder / "host_key")
        self.user_key = make_key(folder / "user_key")
        shutil.copy(folder / "user_key.pub", folder / "authorized_keys")

    @property
    def credentials(self) -> SftpCredentials:
        return SftpCredentials(key_file=str(self.user_key))

    def address(self, path: Path | str) -> str:
        return f"sftp://{self.user}@127.0.0.1:{self.port}{path}"

    def known_hosts_line(self) -> str:
        kind, key = (self.folder / "host_key.pub").read_text().split()[:2]
        return f"[127.0.0.1]:{self.port} {kind} {key}\n"

    def start(self) -> None:
        sshd = find_sshd()
        assert sshd is not None
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)  # the package's service makes it; as root sshd insists on it
        config = self.folder / "config"
        config.write_text(
            "\n".join(
                [
                    f"Port {self.port}",
                    "ListenAddress 127.0.0.1",
                    f"HostKey {self.host_key}",
                    "PidFile none",
                    f"AuthorizedKeysFile {self.folder}/authorized_keys",
                    "StrictModes no",
                    "PasswordAuthentication no",
                    "KbdInteractiveAuthentication no",
                    "PermitRootLogin yes",
                    "UsePAM no",
                    "UseDNS no",
                    "MaxStartups 100",
                    *self.settings,
                    *([] if any("Subsystem" in line for line in self.settings) else ["Subsystem sftp internal-sftp"]),
                    "",
                ]
            )
        )
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen([sshd, "-D", "-e", "-f", str(config)], stdin=subprocess.DEVNULL, stderr=log)
        end = time.monotonic() + 10
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < end
            time.sleep(0.01)

    def sessions(self) -> list[int]:
        """The processes that serve connections: all below the listening one."""
        assert self.process is not None
        found, parents = [], {self.process.pid}
        while parents:
            children = _children(parents)
            found += sorted(children)
            parents = children
        return found

    def kill_sessions(self) -> None:
        for pid in self.sessions():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        if self.process is not None:
            sessions = self.sessions()
            self.process.kill()
            self.process.wait()
            self.process = None
            for pid in sessions:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def _children(parents: set[int]) -> set[int]:
    children = set()
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                status = Path("/proc", entry, "stat").read_text()
                if int(status.rpartition(")")[2].split()[1]) in parents:
                    children.add(int(entry))
    return children


def need_sshd() -> None:
    """Skip where there is no server to be had. Nothing installs it: on Debian the package would start a service."""
    if find_sshd() is None or shutil.which("ssh-keygen") is None:
        pytest.skip("OpenSSH's server is not installed (on Debian: openssh-server)")
