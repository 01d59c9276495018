"""What a download is asked for, and whether it is there already."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass, field
from typing import NamedTuple

from megadesk.errors import LocalFullError
from megadesk.format.ops import FileContent
from megadesk.transfer.port import FileFailure
from megadesk.types import NodeId, NodeKind


class DownloadItem(NamedTuple):
    """A node to be written: ``path`` relative to the destination, with ``/``. Folders come before what they hold."""

    path: str
    kind: NodeKind
    size: int
    mode: int
    mtime_ns: int
    content: FileContent | None
    """None for folders and links. A slice list may still be in packs of its own."""
    target: bytes
    """A link's target."""
    node: NodeId


@dataclass
class DownloadReport:
    failures: list[FileFailure] = field(default_factory=list)
    files: int = 0


class Target(NamedTuple):
    """A file or link still to be written and where it goes."""

    item: DownloadItem
    path: str
    replaces: bool
    """What is there may be overwritten: so the resolver said."""


def raise_full(path: str, error: OSError) -> None:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        raise LocalFullError(
            f"There is no room left for {path}.",
            path=path,
            remedy="Free some space; the download then goes on where it stopped.",
        ) from error


def lstat(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except FileNotFoundError:
        return None


def is_same(path: str, status: os.stat_result, item: DownloadItem) -> bool:
    """Whether what is there is what would be written."""
    if item.kind is NodeKind.FOLDER:
        return is_folder(status)
    if item.kind is NodeKind.LINK:
        return is_link(status) and os.fsencode(os.readlink(path)) == item.target
    return stat.S_ISREG(status.st_mode) and (status.st_size, status.st_mtime_ns) == (item.size, item.mtime_ns)


def is_folder(status: os.stat_result) -> bool:
    return stat.S_ISDIR(status.st_mode)


def is_link(status: os.stat_result) -> bool:
    return stat.S_ISLNK(status.st_mode)
