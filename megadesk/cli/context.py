"""What a command gets: its arguments, the output, and the locker, opened when asked for."""

from __future__ import annotations

import argparse
import contextlib
import gc
import logging
import os
import posixpath
import threading
from typing import TYPE_CHECKING

from megadesk.cli.output import Output
from megadesk.cli.passphrase import PassphraseSource
from megadesk.errors import LocalFileError, MegaDeskError

if TYPE_CHECKING:
    from pathlib import Path

    from megadesk.core.app import App
    from megadesk.core.locker import Locker
    from megadesk.state.registry import LockerRecord, Registry

log = logging.getLogger("megadesk.cli")


class _Opening:
    """A key file being opened in a thread of its own.

    The end of the program waits for it: Python ends threads that come back from a library by then by unwinding their
    stack, and one of Rust does not let itself be unwound. It aborts the process, once in a thousand commands.
    """

    def __init__(self, record: LockerRecord, passphrase: str) -> None:
        self._file = record.key_file
        self._passphrase = passphrase
        self._payload = b""
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._open, name="cli-unlock", daemon=True)
        self._thread.start()

    def is_for(self, record: LockerRecord, passphrase: str) -> bool:
        return (record.key_file, passphrase) == (self._file, self._passphrase)

    def wait(self) -> None:
        self._thread.join()

    def payload(self) -> bytes:
        """What the key file holds. Raises what opening it raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._payload

    def _open(self) -> None:
        from megadesk.state import keyfile

        try:
            self._payload = keyfile.load(self._file, self._passphrase)
        except BaseException as error:  # noqa: BLE001 - raised by payload()
            self._error = error


class Context:
    """One command's surroundings. For the main thread; ``close`` it at the end."""

    def __init__(self, args: argparse.Namespace, output: Output) -> None:
        self.args = args
        self.out = output
        output.json = args.json
        self.passphrase = PassphraseSource(output, args.passphrase_file)
        self._app: App | None = None
        self._ahead: _Opening | None = None

    @property
    def app(self) -> App:
        """Made at the first use."""
        if self._app is None:
            from megadesk.core.app import App

            # A put makes and drops hundreds of thousands of small objects without cycles; with Python's defaults the
            # cycle collector takes a sixth of the processor time. What is loaded by now stays for good.
            gc.freeze()
            gc.set_threshold(100_000, 50, 100)
            self._app = App()
        return self._app

    @property
    def registry(self) -> Registry:
        from megadesk.state.paths import Paths
        from megadesk.state.registry import Registry

        return Registry(Paths())

    def record(self) -> LockerRecord:
        """The locker that ``--locker`` names, or the only one. Raises NoLockerError, PathError, KeyFileError."""
        return self.registry.get(self.args.locker)

    def unlock_ahead(self) -> None:
        """Begin to derive the locker's key, in the background, if nobody has to be asked for the passphrase.

        Loading the program and deriving the key each take a good part of a short command. Errors wait for `unlock`.
        """
        if not self.passphrase.at_hand:
            return
        with contextlib.suppress(MegaDeskError):
            record = self.record()
            self._ahead = _Opening(record, self.passphrase.existing(record.name, str))

    def unlock(self, record: LockerRecord | None = None) -> Locker:
        """The open locker. What can be wrong without a passphrase is found before one is asked for.

        Storage that is away or in doubt is told; what the index knows can still be listed.
        """
        from megadesk.state import keyfile

        record = record or self.record()
        keyfile.read_params(record.key_file)
        locker = self.passphrase.existing(record.name, lambda text: self._unlock(record, text))
        self.tell_trouble(locker)
        return locker

    def _unlock(self, record: LockerRecord, passphrase: str) -> Locker:
        ahead, self._ahead = self._ahead, None
        if ahead is None or not ahead.is_for(record, passphrase):
            ahead = _Opening(record, passphrase)
        app = self.app  # loaded meanwhile
        return app.open_unlocked(record, ahead.payload())

    def tell_trouble(self, locker: Locker) -> None:
        """Say why the storage could not be read when the locker was opened, if so."""
        if locker.trouble is not None:
            state = " The locker is read-only." if locker.read_only_reason is not None else ""
            self.out.note(f"megadesk: {locker.trouble.explanation}{state}")

    def close(self) -> None:
        """Close the locker and everything else. Safe to repeat."""
        app, self._app = self._app, None
        if app is not None:
            app.close()
        if self._ahead is not None:
            self._ahead.wait()

    def log_failure(self, error: BaseException) -> Path | None:
        """Write the error, stack and all, to the log; returns the log's file if it is there."""
        from megadesk.state import logs
        from megadesk.state.paths import Paths

        paths = Paths()
        logs.configure(paths)
        log.error("the command failed: %s", error, exc_info=error)
        file = paths.log_dir / logs.FILE_NAME
        return file if file.exists() else None


def locker_path(text: str) -> str:
    """A path typed for the locker, in the form that core wants: absolute, without '.', '..' and double slashes.

    A path without a leading slash counts from the root. '..' is exact here, as links are never followed in a locker.
    """
    return posixpath.normpath("/" + text.lstrip("/"))


def local_path(path: str) -> str:
    """A local source as an absolute path that names the thing itself: a link stays a link unless '/' follows it."""
    stripped = path.rstrip(os.sep) or path
    parent, name = os.path.split(stripped)
    if name in {"", ".", ".."} or (stripped != path and os.path.islink(stripped)):
        return os.path.realpath(stripped)
    return os.path.join(os.path.realpath(parent or os.curdir), name)


def local_folder(path: str) -> str:
    """A folder here to download into, as an absolute path; made when missing. Raises LocalFileError."""
    dest = os.path.abspath(path)
    try:
        os.makedirs(dest, exist_ok=True)
    except FileExistsError:
        raise LocalFileError(f"{path} is not a folder.", path=path, remedy="Name another with --to.") from None
    except OSError as error:
        raise LocalFileError(f"{path} cannot be made: {error.strerror}.", path=path) from None
    return dest
