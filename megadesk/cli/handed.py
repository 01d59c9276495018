"""Links that other programs hand over: ``megadesk megadesk:https://...``, as desktops call what a browser clicked on.

Such a link is a secret, and a process's arguments can be read by every user of the computer. So the program starts
itself again at once with nothing but a number in its arguments, from which the link is read: a pipe that no one else
has. What remains is the moment before, and the arguments of whoever called (docs/threat-model.md).
"""

from __future__ import annotations

import os
import sys

SCHEME = "megadesk:"
LINK_OPTION = "--link-from"
"""Ours alone: followed by the number of an open file."""
_MAX = 20_000


def is_scheme_link(argument: str) -> bool:
    return argument[: len(SCHEME)].lower() == SCHEME


def hide_link(link: str) -> None:
    """Start this program again without the link in its arguments; does not return where that is possible."""
    data = os.fsencode(link)
    if os.name == "nt" or len(data) > _MAX:
        return
    reading, writing = os.pipe()
    os.write(writing, data)  # a pipe holds more than a link may have
    os.close(writing)
    os.set_inheritable(reading, True)
    before = [] if getattr(sys, "frozen", False) else sys.orig_argv[1:-1]
    try:
        os.execv(sys.executable, [sys.executable, *before, LINK_OPTION, str(reading)])  # noqa: S606 - ourselves
    except OSError:
        os.close(reading)  # then it is opened as it is


def read_link(descriptor: int) -> str:
    """What `hide_link` left; "" for anything else."""
    try:
        with os.fdopen(descriptor, "rb") as pipe:
            data = pipe.read(_MAX + 1)
    except OSError:
        return ""
    text = os.fsdecode(data)
    return text if len(data) <= _MAX and is_scheme_link(text) else ""
