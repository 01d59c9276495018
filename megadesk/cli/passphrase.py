"""Where secrets come from: a file, the environment, a prompt. Never the command line, which others can read."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from typing import TypeVar

from megadesk.cli.output import Output
from megadesk.errors import LinkPasswordError, LocalFileError, PassphraseError, RecoveryKeyError

PASSPHRASE_VARIABLE = "MEGADESK_PASSPHRASE"  # noqa: S105 - a name
NEW_PASSPHRASE_VARIABLE = "MEGADESK_NEW_PASSPHRASE"  # noqa: S105 - a name
RECOVERY_VARIABLE = "MEGADESK_RECOVERY_KEY"
TRIES = 3
_MAX_LINE = 4096

_T = TypeVar("_T")


class PassphraseSource:
    """The passphrase of one command, from ``--passphrase-file``, MEGADESK_PASSPHRASE, or a prompt, in this order."""

    _variable = PASSPHRASE_VARIABLE
    _option = "--passphrase-file"

    def __init__(self, output: Output, file: str | None) -> None:
        self._output = output
        self._file = file
        self._given: str | None = None

    def __repr__(self) -> str:
        return "PassphraseSource()"

    @property
    def prepared(self) -> bool:
        """A file or variable is there: nobody will be asked."""
        return self._file is not None or self._variable in os.environ

    @property
    def at_hand(self) -> bool:
        """It can be had at once: nobody is asked, and standard input is not read before its turn."""
        return self.prepared and self._file != "-"

    @property
    def available(self) -> bool:
        """There is one, or somebody to ask."""
        return self.prepared or can_prompt()

    def existing(self, what: str, use: Callable[[str], _T]) -> _T:
        """``use`` the passphrase of ``what``. At a prompt, a wrong one may be tried again.

        Raises what ``use`` raises, PassphraseError when there is none, LocalFileError for the file.
        """
        if self.prepared:
            return use(self._prepared())
        for attempt in range(TRIES):
            passphrase = self._prompt(f"Passphrase of {what}: ")
            try:
                return use(passphrase)
            except PassphraseError as error:
                if attempt == TRIES - 1:
                    raise
                self._output.note(error.explanation)
        raise AssertionError("the loop returns or raises")

    def new(self, what: str) -> str:
        """A new passphrase for ``what``, asked twice at a prompt. Raises as `existing`."""
        if self.prepared:
            return self._prepared()
        for _ in range(TRIES):
            passphrase = self._prompt(f"New passphrase for {what} on this computer: ")
            if not passphrase:
                self._output.note("The passphrase must not be empty.")
            elif self._prompt("Once more: ") != passphrase:
                self._output.note("The two are not the same.")
            else:
                return passphrase
        raise PassphraseError("No passphrase was chosen.", remedy="Nothing was made. Try again.")

    def _prompt(self, question: str) -> str:
        return _prompt(question, self._variable, self._option)

    def _prepared(self) -> str:
        if self._given is None:
            if self._file is not None:
                self._given = self._from_file(self._file)
                origin = f"The first line of {self._file}"
            else:
                self._given = _text(_raw_variable(self._variable), self._variable)
                origin = self._variable
            if not self._given:
                self._given = None
                raise PassphraseError(f"{origin} is empty.", remedy="A passphrase must have at least one character.")
        return self._given

    def _from_file(self, path: str) -> str:
        if path == "-":
            if sys.stdin is None:
                raise PassphraseError("Standard input, where the passphrase should come from, is closed.")
            return _text(sys.stdin.buffer.readline(_MAX_LINE + 1), "standard input")
        try:
            with open(path, "rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                line = file.readline(_MAX_LINE + 1)
        except OSError as error:
            raise LocalFileError(
                f"The passphrase file {path} cannot be read: {error.strerror}.",
                path=path,
                remedy=f"Check {self._option}.",
            ) from None
        if os.name == "posix" and stat.S_ISREG(mode) and mode & 0o077:
            self._output.note(f"megadesk: Warning: others may be able to read {path}. Do: chmod 600 {path}")
        return _text(line, path)


class NewPassphraseSource(PassphraseSource):
    """The passphrase that takes another's place: ``--new-passphrase-file``, MEGADESK_NEW_PASSPHRASE, or a prompt."""

    _variable = NEW_PASSPHRASE_VARIABLE
    _option = "--new-passphrase-file"

    def __repr__(self) -> str:
        return "NewPassphraseSource()"


LINK_VARIABLE = "MEGADESK_LINK_PASSWORD"


class LinkPasswordSource:
    """The password of a link, from a file, MEGADESK_LINK_PASSWORD, or a prompt, in this order."""

    def __init__(self, output: Output, file: str | None) -> None:
        self._output = output
        self._file = file

    def __repr__(self) -> str:
        return "LinkPasswordSource()"

    def password(self) -> str:
        """Raises PassphraseError where there is none and nobody to ask, LocalFileError for the file."""
        if self._file is not None:
            return PassphraseSource(self._output, self._file)._from_file(self._file)
        if LINK_VARIABLE in os.environ:
            return _text(_raw_variable(LINK_VARIABLE), LINK_VARIABLE)
        if not can_prompt():
            raise LinkPasswordError(
                "This link needs a password.", remedy=f"Give --password-file, or set {LINK_VARIABLE}."
            )
        return ask_secret("Password of the link: ")

    def new_password(self) -> str:
        """The same, asked for twice at a prompt."""
        if self._file is not None or LINK_VARIABLE in os.environ or not can_prompt():
            return self.password()
        for _ in range(TRIES):
            password = ask_secret("Password for the link: ")
            if not password:
                self._output.note("The password must not be empty.")
            elif ask_secret("Once more: ") != password:
                self._output.note("The two are not the same.")
            else:
                return password
        raise LinkPasswordError("No password was chosen.", remedy="Nothing was made. Try again.")


def recovery_key(output: Output, check: Callable[[str], object]) -> str:
    """The recovery key from MEGADESK_RECOVERY_KEY or a prompt; ``check`` raises RecoveryKeyError for a mistyped one."""
    given = os.environ.get(RECOVERY_VARIABLE)
    if given is not None:
        check(given)
        return given
    if not can_prompt():
        raise RecoveryKeyError(
            "There is no recovery key to open the locker with.",
            remedy=f"Set {RECOVERY_VARIABLE}, or run this on a terminal to be asked for it.",
        )
    for attempt in range(TRIES):
        key = _prompt("Recovery key: ")
        try:
            check(key)
        except RecoveryKeyError as error:
            if attempt == TRIES - 1:
                raise
            output.note(error.explanation)
        else:
            return key
    raise AssertionError("the loop returns or raises")


def can_prompt() -> bool:
    """Somebody is there to ask: a terminal of ours, with input or error output on it (`xargs` takes the input)."""
    if not any(stream is not None and not stream.closed and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        return False
    if os.name != "posix":
        return True
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def confirm(question: str) -> bool:
    """Ask yes or no on the terminal; no is the default. Where nobody can be asked, the command itself is the answer."""
    if not (sys.stdin is not None and sys.stdin.isatty() and can_prompt()):
        return True
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _prompt(question: str, variable: str = PASSPHRASE_VARIABLE, option: str = "--passphrase-file") -> str:
    if not can_prompt():
        raise PassphraseError(
            "There is no passphrase to use.",
            remedy=f"Set {variable}, give {option}, or run this on a terminal to be asked for it.",
        )
    import getpass

    try:
        return getpass.getpass(question)
    except EOFError:
        raise PassphraseError("No passphrase was entered.") from None


def ask_secret(question: str) -> str:
    """What is typed, unseen; for `can_prompt` only."""
    import getpass

    try:
        return getpass.getpass(question)
    except EOFError:
        return ""


def ask_line(question: str) -> str:
    """What is typed, seen; for `can_prompt` only."""
    if os.name != "posix":
        try:
            return input(question).strip()
        except EOFError:
            return ""
    with open("/dev/tty", "w", encoding="utf-8") as output:
        output.write(question)
    with open("/dev/tty", encoding="utf-8", errors="replace") as typed:
        return typed.readline(_MAX_LINE).strip()


def _raw_variable(name: str) -> bytes:
    """A passphrase is UTF-8 whatever the locale, which Python would decode it by."""
    return os.environb[name.encode()] if os.supports_bytes_environ else os.environ[name].encode()


def _text(line: bytes, origin: str) -> str:
    if len(line) > _MAX_LINE:
        raise PassphraseError(f"The passphrase in {origin} is longer than {_MAX_LINE} bytes.")
    try:
        return line.rstrip(b"\r\n").decode()
    except UnicodeDecodeError:
        raise PassphraseError(f"The passphrase in {origin} is not UTF-8 text.") from None
