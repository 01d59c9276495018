"""The real command line in processes of its own, with a home in a temporary folder; on a pipe or on a terminal."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import select
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BIDI = "invoice\u202efdp.exe"
NOT_UTF8 = b"caf\xe9.txt"
NEWLINE = "two\nlines"
PASSPHRASE = "correct horse battery staple"
DEADLINE_S = 60.0
_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Ran:
    """A finished process."""

    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode("utf-8", "surrogateescape")

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Machine:
    """One computer with MegaDesk on it: a home, an environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        folder.mkdir(parents=True, exist_ok=True)
        passed_on = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")
        self.environment = {name: os.environ[name] for name in passed_on if name in os.environ} | {
            "HOME": str(folder),
            "MEGADESK_HOME": str(self.home),
            "MEGADESK_PASSPHRASE": PASSPHRASE,
            "MEGADESK_KDF": "floor",
            "PYTHONPATH": str(_ROOT),
            "PYTHONWARNINGS": "error",
            "TERM": "xterm",
        }

    def command(self, words: Sequence[str | bytes]) -> list[str | bytes]:
        return [sys.executable, "-m", "megadesk", *words]

    def env(self, changes: dict[str, str | None]) -> dict[str, str]:
        """The environment with changes; None takes a variable away."""
        together: dict[str, str | None] = {**self.environment, **changes}
        return {name: value for name, value in together.items() if value is not None}

    def popen(
        self, *words: str | bytes, env: dict[str, str | None] | None = None, **options: Any
    ) -> subprocess.Popen[bytes]:
        """Started without a controlling terminal."""
        defaults: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "cwd": self.folder,
            "start_new_session": True,
        }
        return subprocess.Popen(self.command(words), env=self.env(env or {}), **{**defaults, **options})

    def run(
        self,
        *words: str | bytes,
        status: int = 0,
        env: dict[str, str | None] | None = None,
        stdin: bytes | None = None,
        **options: Any,
    ) -> Ran:
        """Run to the end and insist on the exit status; never a traceback."""
        if stdin is not None:
            options["stdin"] = subprocess.PIPE
        with self.popen(*words, env=env, **options) as process:
            out, err = process.communicate(stdin, timeout=DEADLINE_S)
        ran = Ran(process.returncode, out or b"", (err or b"").decode("utf-8", "replace"))
        assert "Traceback" not in ran.err, ran.err
        assert ran.status == status, f"{words} exited with {ran.status}: {ran.err}{ran.text}{self.log()}"
        return ran

    def log(self) -> str:
        """The end of the program's log."""
        file = self.home / "log" / "megadesk.log"
        return file.read_text()[-3000:] if file.exists() else ""

    def json(self, *words: str | bytes, **options: Any) -> Any:
        return self.run("--json", *words, **options).json

    @contextlib.contextmanager
    def terminal(self, *words: str | bytes, env: dict[str, str | None] | None = None) -> Iterator[Terminal]:
        """The command with a terminal of its own for everything."""
        master, slave = pty.openpty()
        os.set_inheritable(slave, True)
        process = subprocess.Popen(
            # A new session's first terminal becomes its controlling one when it is opened.
            [sys.executable, "-c", _ON_TERMINAL, os.ttyname(slave), *self.command(words)],
            env=self.env({"COLUMNS": None, **(env or {})}),
            cwd=self.folder,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        terminal = Terminal(process, master)
        try:
            yield terminal
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            os.close(master)


_ON_TERMINAL = "import os, sys; os.close(os.open(sys.argv[1], os.O_RDWR)); os.execv(sys.argv[2], sys.argv[2:])"


class Terminal:
    """A person at the keyboard."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.process = process
        self._master = master
        self.seen = b""
        self._read_to = 0

    def expect(self, text: str) -> None:
        """Read until ``text`` has appeared behind what was expected last."""
        wanted = text.encode()
        until = time.monotonic() + DEADLINE_S
        while (found := self.seen.find(wanted, self._read_to)) < 0:
            assert time.monotonic() < until, f"{text!r} did not appear in {self.seen!r}"
            if not self._read(1.0) and self.process.poll() is not None and not self._read(0.1):
                raise AssertionError(f"ended without {text!r}: {self.seen!r}")
        self._read_to = found + len(wanted)

    def type(self, text: str) -> None:
        os.write(self._master, text.encode() + b"\n")

    def interrupt(self) -> None:
        """Ctrl-C, by way of the terminal."""
        os.write(self._master, b"\x03")

    def end(self, status: int = 0) -> str:
        """Read to the end; everything that was on the screen."""
        until = time.monotonic() + DEADLINE_S
        while self._read(1.0) or self.process.poll() is None:
            assert time.monotonic() < until, f"did not end: {self.seen!r}"
        assert self.process.returncode == status, self.seen
        assert b"Traceback" not in self.seen
        return self.seen.decode("utf-8", "surrogateescape").replace("\r\n", "\n")

    def _read(self, timeout_s: float) -> bool:
        if not select.select([self._master], [], [], timeout_s)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # EIO: the other side is closed
            return False
        self.seen += data
        return bool(data)


def send(process: subprocess.Popen[bytes], number: int = signal.SIGINT) -> None:
    """A signal to that process alone."""
    os.kill(process.pid, number)


def make_tree(root: Path) -> None:
    """Files, folders, links, modes, times, and names that are no text."""
    (root / "docs" / "empty folder").mkdir(parents=True)
    (root / "docs" / "a.txt").write_text("alpha\n")
    (root / "docs" / "script.sh").write_text("#!/bin/sh\n")
    (root / "docs" / "script.sh").chmod(0o755)
    (root / "docs" / "secret").write_bytes(b"")
    (root / "docs" / "secret").chmod(0o600)
    (root / "big.bin").write_bytes(os.urandom(3_000_000))
    (root / "link").symlink_to("docs/a.txt")
    (root / "dangling").symlink_to("nowhere")
    (root / BIDI).write_text("b")
    (root / NEWLINE).write_text("n")
    (root / "Grüße 日本.txt").write_text("u")
    with open(os.fsencode(root) + b"/" + NOT_UTF8, "wb") as file:
        file.write(b"e")
    os.utime(root / "docs" / "a.txt", ns=(0, 1_600_000_000_123_456_789))
    os.chmod(root / "docs", 0o750)
    os.utime(root / "docs", ns=(0, 1_500_000_000_000_000_001))


def fingerprint(root: Path) -> dict[bytes, tuple[object, ...]]:
    """Type, mode, mtime and content of everything below."""
    found: dict[bytes, tuple[object, ...]] = {}
    for folder, folders, files in os.walk(os.fsencode(root)):
        for name in folders + files:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            content: object = None
            if stat.S_ISLNK(status.st_mode):
                content = os.readlink(path)
            elif stat.S_ISREG(status.st_mode):
                content = Path(os.fsdecode(path)).read_bytes()
            key = os.path.relpath(path, os.fsencode(root))
            found[key] = (stat.filemode(status.st_mode), status.st_mtime_ns, content)
    return found


def put_files(machine: Machine, *paths: str) -> None:
    for path in paths:
        file = machine.folder / "scratch" / os.path.basename(path)
        file.parent.mkdir(exist_ok=True)
        file.write_text(path)
        machine.run("put", str(file), "--to", os.path.dirname(path))
