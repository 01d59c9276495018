"""Accepting the key of an SSH server: a line more in the user's known_hosts. Only ever when the user says so."""

from __future__ import annotations

import os

from megadesk.errors import InputError, LocalFileError

USER_HOSTS = "~/.ssh/known_hosts"
_MAX_CHARS = 20_000
_FIELDS = 3


def accept_host(line: str) -> None:
    """Add ``line``, as `UnknownHostError` has it (host, kind, key), to ~/.ssh/known_hosts; twice is as once.

    Raises InputError for what is not such a line, LocalFileError when the file cannot be written.
    """
    if len(line) > _MAX_CHARS or not line.isprintable() or len(line.split()) != _FIELDS or line.startswith(("#", "@")):
        raise InputError("That is not the key of a server.")
    path = os.path.expanduser(USER_HOSTS)
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+", encoding="utf-8") as file:
            known = file.read()
            if line not in known.splitlines():
                file.write(f"{line}\n" if not known or known.endswith("\n") else f"\n{line}\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is not text"
        raise LocalFileError(
            f"{path} could not be written: {reason}.",
            path=path,
            remedy="Add the line yourself, or log in to the server once with ssh.",
        ) from error
