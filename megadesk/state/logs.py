"""The log files of this machine: a few MiB in ``log_dir``, and nothing in them that a thief of the disk could
use.

What the user keeps in a locker, and its keys, must not be readable on a disk whose locker is locked. So here:

* anything that looks like a secret is cut from every line (`redact`);
* names from inside a locker are logged as ``private(name)``, which prints as a tag that differs from run to
  run;
* errors are logged with type, error number and stack, but without their sentence, unless it is about opaque
  objects of a store: sentences are for the user's eyes and name files.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import logging
import os
import re
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

from megadesk.errors import IntegrityError, LockerBusyError, MegaDeskError, StoreError
from megadesk.state.files import private_folder
from megadesk.state.lock import FileLock
from megadesk.state.paths import Paths

LEVEL_VARIABLE = "MEGADESK_LOG"
FILE_NAME = "megadesk.log"
MAX_FILE_BYTES = 1 << 20
MAX_MESSAGE = 16 << 10
FILES = 5
"""The current one and four older."""

_CUT = "[redacted]"
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Variables and fields that carry secrets: to the end of the line, since passphrases have spaces.
    (
        re.compile(
            r"(?i)((?:PASSPHRASE|PASSWORD|RECOVERY_KEY|SECRET|SECRET_ACCESS_KEY|TOKEN)(?:[\"']?\s*=|[\"']\s*:)\s*)[^\n]+"
        ),
        rf"\1{_CUT}",
    ),
    (re.compile(r"(?i)(authorization[\"']?\s*[:=]\s*)[^\n]+"), rf"\1{_CUT}"),
    # Recovery keys: 13 groups of 5. Some groups of a mistyped one are secret as well, hence 4 and more.
    (
        re.compile(r"(?i)(?<![0-9a-z])[0-9a-z]{5}(?:[-\s][0-9a-z]{5}){3,12}(?:[-\s][0-9a-z]{1,6})?(?![0-9a-z])"),
        _CUT,
    ),
    (re.compile(r"(?i)(?<![0-9a-z])[0-9a-z]{65}(?![0-9a-z])"), _CUT),
    # 32 bytes as hex, wherever it stands; as base64 with its padding.
    (re.compile(r"[0-9a-fA-F]{64,}"), _CUT),
    (re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{43}="), _CUT),
    # URLs: the user part holds a password, the query a signature.
    (re.compile(r"://[^\s/@]+@"), f"://{_CUT}@"),
    (re.compile(r"(?i)([?&][\w.-]*(?:key|signature|credential)=)[^&\s]+"), rf"\1{_CUT}"),
)
_WORD = re.compile(r"\S+")
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029) if code != 9}
_RUN_KEY = os.urandom(16)

_ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def redact(text: str) -> str:
    """``text`` without what looks like a secret. Idempotent. Takes time linear in the text, which may be
    hostile.
    """
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return _WORD.sub(_cut_fragment, text) if "#" in text else text


def _cut_fragment(word: re.Match[str]) -> str:
    """The fragment of a URL holds a link's key."""
    url, _, fragment = word[0].partition("#")
    return f"{url}#{_CUT}" if fragment and ":" in url else word[0]


class Private:
    """A name from inside a locker, as a log argument: prints as a tag, equal for equal names in this run."""

    __slots__ = ("_tag",)

    def __init__(self, value: str | bytes) -> None:
        raw = value if isinstance(value, bytes) else value.encode(errors="surrogateescape")
        # Keyed with a value that is never stored, so that names cannot be guessed and tried.
        self._tag = hashlib.blake2b(raw, key=_RUN_KEY, digest_size=4).hexdigest()

    def __str__(self) -> str:
        return f"<name {self._tag}>"

    __repr__ = __str__


def private(value: str | bytes) -> Private:
    """``log.info("stored %s", private(path))``."""
    return Private(value)


def describe(error: BaseException) -> str:
    """One line about an error that names no file and no locker path."""
    kind = type(error).__name__
    if isinstance(error, StoreError | IntegrityError | LockerBusyError):
        return redact(f"{kind}: {error}".translate(_CONTROLS))
    if isinstance(error, OSError) and error.errno:
        return f"{kind}: {errno.errorcode.get(error.errno, error.errno)}"
    if isinstance(error, MegaDeskError):
        return f"{kind} ({error.title})"
    return kind


class RedactingFormatter(logging.Formatter):
    """Time, level, process, thread, logger, message by the module's rules; one line each but for stacks."""

    converter = time.gmtime  # type: ignore[assignment]  # typeshed takes the built-in for a method

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s.%(msecs)03dZ %(levelname)s %(process)d %(threadName)s %(name)s: %(message)s",
            "%Y-%m-%dT%H:%M:%S",
        )

    def format(self, record: logging.LogRecord) -> str:
        # A copy: other handlers get the record as it was.
        record = logging.makeLogRecord(record.__dict__)
        if isinstance(record.msg, BaseException):
            record.msg, record.args = describe(record.msg), None
        elif isinstance(record.args, tuple):
            record.args = tuple(describe(arg) if isinstance(arg, BaseException) else arg for arg in record.args)
        elif isinstance(record.args, Mapping):
            record.args = {
                key: describe(arg) if isinstance(arg, BaseException) else arg for key, arg in record.args.items()
            }
        # Shortened last: half a secret might not look like one.
        message = redact(record.getMessage()).translate(_CONTROLS)
        record.msg, record.args = message[:MAX_MESSAGE] + "..." * (len(message) > MAX_MESSAGE), None
        record.exc_text = None  # another formatter's, with sentences
        return redact(super().format(record))

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the name is logging's
        lines: list[str] = []
        error, seen = ei[1], set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            frames = traceback.extract_tb(error.__traceback__)
            lines = [f"  {Path(f.filename).name}:{f.lineno} in {f.name}" for f in frames] + [
                describe(error),
                *lines,
            ]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


class RotatingFile(logging.FileHandler):
    """Appends to a file (0600) and keeps ``FILES`` of them. Several processes may write to the same: lines
    are appended whole, one process turns the files over under a lock, the others notice and follow.

    The file is made with the first record. What cannot be written is dropped: a full disk must not stop the
    work, and logging's own complaint would print the record, unredacted, to stderr.
    """

    def __init__(self, path: Path, max_bytes: int = MAX_FILE_BYTES, files: int = FILES) -> None:
        super().__init__(path, encoding="utf-8", errors="backslashreplace", delay=True)
        self._path, self._max_bytes, self._files = path, max_bytes, files
        self._turning = FileLock(path.with_name(f".{path.name}.lock"), what="The log")
        self.setFormatter(RedactingFormatter())

    def _open(self) -> io.TextIOWrapper:
        private_folder(self._path.parent)
        return open(
            self._path,
            "a",
            encoding=self.encoding,
            errors=self.errors,
            opener=lambda p, f: os.open(p, f, 0o600),
        )

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._follow()
        except (OSError, MegaDeskError):
            return
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Silent; see the class. What is stuck in the stream's buffer goes with it."""
        self._leave()

    def close(self) -> None:
        self._leave()
        super().close()

    def _follow(self) -> None:
        """Leave a file that is full or was turned over. Called with the handler's lock held."""
        if self.stream is None:
            self.stream = self._open()
        there = self._stat()
        if there is not None and there.st_size >= self._max_bytes:
            held = self._turning.try_hold()
            if held is None:
                return  # somebody is at it: this line still goes to the old file
            with held:
                self._leave()
                there = self._stat()
                if there is not None and there.st_size >= self._max_bytes:
                    self._turn()
                self.stream = self._open()
        elif there is None or not os.path.samestat(there, os.fstat(self.stream.fileno())):
            self._leave()
            self.stream = self._open()

    def _stat(self) -> os.stat_result | None:
        try:
            return os.stat(self._path)
        except FileNotFoundError:
            return None

    def _leave(self) -> None:
        stream = self.stream
        self.stream = None
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()

    def _turn(self) -> None:
        names = [self._path.with_name(f"{self._path.name}.{number}") for number in range(self._files)]
        # The current one first: on Windows another process may have it open, then the older ones stay as they are.
        with contextlib.suppress(OSError):
            os.replace(self._path, names[0])
            for number in range(self._files - 1, 0, -1):
                with contextlib.suppress(FileNotFoundError):
                    os.replace(names[number - 1], names[number])


def configure(paths: Paths) -> logging.Handler:
    """Log to ``paths.log_dir`` from now on; a second call with the same folder changes nothing.

    Our own records from the level in ``MEGADESK_LOG`` (debug, info, warning, error; else info); other
    packages' from warning, whatever the level, as they log URLs and headers. Nothing is printed. Returns the
    handler, for tests to take away. Raises nothing: without a writable folder there is no log.
    """
    path = paths.log_dir / FILE_NAME
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if isinstance(handler, RotatingFile):
            if Path(handler.baseFilename) == path:
                return handler
            root.removeHandler(handler)
            handler.close()
    wish = os.environ.get(LEVEL_VARIABLE, "").strip().upper()
    known = wish in {"DEBUG", "INFO", "WARNING", "ERROR"}
    added = RotatingFile(path)
    root.addHandler(added)
    ours = logging.getLogger("megadesk")
    ours.setLevel(wish if known else "INFO")
    if wish and not known:
        ours.warning("%s should be debug, info, warning or error; info is used", LEVEL_VARIABLE)
    return added
