"""Real WebDAV servers on loopback, each with a temporary configuration, on a free port, behind a password."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

USER, PASSWORD = "anna", "correct horse; battery"
REALM = "files"
START_S = 30.0


@dataclass(frozen=True)
class Server:
    """``data``: the folder that it serves, at its top or below ``top``."""

    port: int
    data: Path
    top: str = ""

    def address(self, path: str = "") -> str:
        return f"dav://127.0.0.1:{self.port}/{self.top}{path}"


def find_program(name: str) -> str:
    """Its path; skips the test where it is not installed. Beside this Python, on PATH, or where servers lie."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", ""), "/usr/sbin"])
    found = shutil.which(name, path=path)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextlib.contextmanager
def _running(folder: Path, command: list[str], port: int) -> Iterator[None]:
    with open(folder / "output", "wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd=folder)
    try:
        end = time.monotonic() + START_S
        while True:
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"{command[0]} did not start: {(folder / 'output').read_text()[-2000:]}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Not pytest's: servers that give up root's rights must be able to get into it."""
    folder = Path(tempfile.mkdtemp(prefix="dav"))
    try:
        folder.chmod(0o755)
        (folder / "data").mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def rclone(*, password: bool = True) -> Iterator[Server]:
    program = find_program("rclone")
    with _folder() as folder:
        port = free_port()
        command = [program, "serve", "webdav", str(folder / "data"), "--addr", f"127.0.0.1:{port}"]
        command += ["--config", str(folder / "none"), *(["--user", USER, "--pass", PASSWORD] if password else [])]
        with _running(folder, command, port):
            yield Server(port, folder / "data")


@contextlib.contextmanager
def wsgidav() -> Iterator[Server]:
    program = find_program("wsgidav")
    with _folder() as folder:
        port = free_port()
        (folder / "conf.yaml").write_text(f"""
host: 127.0.0.1
port: {port}
provider_mapping: {{"/": "{folder / "data"}"}}
http_authenticator: {{accept_basic: false, accept_digest: true, default_to_digest: true}}
simple_dc: {{user_mapping: {{"*": {{"{USER}": {{password: "{PASSWORD}"}}}}}}}}
logging: {{enable: false}}
verbose: 1
""")
        with _running(folder, [program, "-c", str(folder / "conf.yaml")], port):
            yield Server(port, folder / "data")


@contextlib.contextmanager
def nginx(*, read_only: bool = False) -> Iterator[Server]:
    program = find_program("nginx")
    modules = Path("/usr/lib/nginx/modules/ngx_http_dav_ext_module.so")
    if not modules.exists():
        pytest.skip("nginx has no dav-ext module (Debian: nginx-extras)")
    with _folder() as folder:
        port = free_port()
        (folder / "password").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "conf").write_text(f"""
{"user root;" if os.geteuid() == 0 else ""}
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;
load_module {modules};
events {{}}
http {{
  access_log off; client_max_body_size 64m;
  {temporary}
  dav_ext_lock_zone zone=locks:1m;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      root {folder}/data;
      auth_basic "{REALM}"; auth_basic_user_file {folder}/password;
      dav_methods {"off" if read_only else "PUT DELETE MKCOL COPY MOVE"}; dav_ext_methods PROPFIND OPTIONS;
    }}
  }}
}}
""")
        command = [program, "-p", str(folder), "-e", str(folder / "errors"), "-c", str(folder / "conf")]
        with _running(folder, command, port):
            yield Server(port, folder / "data")


@contextlib.contextmanager
def apache(*, read_only: bool = False) -> Iterator[Server]:
    program = find_program("apache2")
    modules = Path("/usr/lib/apache2/modules")
    if not (modules / "mod_dav_fs.so").exists():
        pytest.skip("Apache has no mod_dav_fs")
    with _folder() as folder:
        port = free_port()
        digest = hashlib.md5(f"{USER}:{REALM}:{PASSWORD}".encode()).hexdigest()
        (folder / "password").write_text(f"{USER}:{REALM}:{digest}\n")
        names = "mpm_event authn_core authn_file authz_core authz_user auth_digest dav dav_fs dir autoindex mime"
        loads = "\n".join(f"LoadModule {name}_module {modules}/mod_{name}.so" for name in names.split())
        rights = ""
        if os.geteuid() == 0:
            rights = "User www-data\nGroup www-data"
            shutil.chown(folder / "data", "www-data", "www-data")
            (folder / "locks").mkdir()
            shutil.chown(folder / "locks", "www-data", "www-data")
        else:
            (folder / "locks").mkdir()
        (folder / "conf").write_text(f"""
{loads}
ServerRoot {folder}
ServerName 127.0.0.1
PidFile {folder}/pid
ErrorLog {folder}/errors
DefaultRuntimeDir {folder}
Mutex file:{folder}/locks default
TypesConfig /dev/null
Listen 127.0.0.1:{port}
{rights}
DocumentRoot {folder}/data
DavLockDB {folder}/locks/db
<Directory {folder}/data>
  Dav On
  Options Indexes
  AuthType Digest
  AuthName "{REALM}"
  AuthDigestProvider file
  AuthUserFile {folder}/password
  {"<LimitExcept GET PROPFIND OPTIONS>" if read_only else ""}
  {"Require all denied" if read_only else "Require valid-user"}
  {"</LimitExcept>" if read_only else ""}
  {"<Limit GET PROPFIND OPTIONS>" if read_only else ""}
  {"Require valid-user" if read_only else ""}
  {"</Limit>" if read_only else ""}
</Directory>
""")
        with _running(folder, [program, "-f", str(folder / "conf"), "-DFOREGROUND"], port):
            yield Server(port, folder / "data")


Start = Callable[[], contextlib.AbstractContextManager[Server]]


class Restarting:
    """rclone on one port and folder, for as long as the block lasts; `restart` kills it in between."""

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="dav"))
        (self._folder / "data").mkdir()
        self._program = find_program("rclone")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Restarting:
        self._start()
        return self

    def __exit__(self, *args: object) -> None:
        self._kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def restart(self, away_s: float) -> None:
        self._kill()
        time.sleep(away_s)
        self._start()

    def _kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def _start(self) -> None:
        command = [self._program, "serve", "webdav", str(self._folder / "data"), "--addr", f"127.0.0.1:{self.port}"]
        command += ["--config", str(self._folder / "none"), "--user", USER, "--pass", PASSWORD]
        null = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdout=null, stderr=null, stdin=null)
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.02)
        pytest.fail("rclone did not start")
