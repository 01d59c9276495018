"""What is known of the chosen file: facts, versions, where it is stored. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from megadesk.errors import MegaDeskError, PathError
from megadesk.tree.rows import NodeRow
from megadesk.types import NodeKind, VersionId
from megadesk.ui import formatting as fmt
from megadesk.ui.i18n import translate
from megadesk.ui.ports import Locker
from megadesk.ui.presenters.listing import size_of_files


@dataclass(frozen=True)
class VersionLine:
    """A version in words."""

    id: VersionId
    headline: str
    detail: str
    current: bool
    size_bytes: int


@dataclass(frozen=True)
class Details:
    """Of one row."""

    row: NodeRow
    facts: Sequence[tuple[str, str]]
    """(name, value), in order."""
    versions: Sequence[VersionLine]
    stored: str


def look_up(locker: Locker, row: NodeRow) -> Details:
    """For worker threads. What cannot be learned (the storage is away) is left out. Raises PathError."""
    facts: list[tuple[str, str]] = []
    versions: list[VersionLine] = []
    stored = ""
    if row.kind is NodeKind.FOLDER:
        totals = locker.totals(row.id)
        inside = [fmt.files(totals.files)]
        if totals.folders:
            inside.append(fmt.folders(totals.folders))
        facts.append((translate("details", "Contains"), ", ".join(inside)))
        facts.append((translate("details", "Size"), exact_size(totals.size_bytes)))
    elif row.kind is NodeKind.FILE:
        facts.append((translate("details", "Size"), exact_size(row.size_bytes)))
    facts.append((translate("details", "Modified"), fmt.when(row.mtime_ns) or "–"))
    if row.created_ms:
        facts.append((translate("details", "Added"), fmt.when(row.created_ms * 1_000_000)))
    above = locker.path_of(row.id).rpartition("/")[0] or "/"
    facts.append((translate("details", "Folder"), fmt.shown_name(above)))
    if row.kind is NodeKind.FILE:
        names = {device.id: device.name for device in locker.devices()}
        for version in locker.versions(row.id):
            device = names.get(version.device, translate("details", "an unknown device"))
            versions.append(
                VersionLine(
                    version.id,
                    fmt.when(version.time_ms * 1_000_000),
                    f"{fmt.size(version.size_bytes)} · {device}",
                    version.id == row.head,
                    version.size_bytes,
                )
            )
        try:
            where = locker.stored(row.id)
        except MegaDeskError as error:
            if isinstance(error, PathError):
                raise
        else:
            if where.packs == 0:
                stored = translate("details", "Empty: nothing but its entry in the locker's history.")
            elif where.packs == 1:
                stored = translate("details", "Encrypted in 1 object in %1").replace("%1", where.address)
            else:
                stored = (
                    translate("details", "Encrypted in %1 objects in %2")
                    .replace("%1", fmt.number(where.packs))
                    .replace("%2", where.address)
                )
    return Details(row, facts, versions, stored)


def exact_size(size_bytes: int) -> str:
    """ "4.81 MB (4,812,332 bytes)": breaks before the bracket alone."""
    if size_bytes < 1000:
        return fmt.size(size_bytes)
    exact = translate("details", "%1 bytes").replace("%1", fmt.number(size_bytes))
    return f"{fmt.unbroken(fmt.size(size_bytes))} ({fmt.unbroken(exact)})"


@dataclass(frozen=True)
class Several:
    """Selected rows, added up."""

    count: int
    folders: int
    size_bytes: int
    """Of the files."""

    @classmethod
    def of(cls, rows: Sequence[NodeRow]) -> Several:
        """Of 100,000 rows it takes some 20 ms: for a worker, where there may be so many."""
        return cls(len(rows), [row.kind for row in rows].count(NodeKind.FOLDER), size_of_files(rows))


def summary(several: Several) -> tuple[str, str]:
    """(headline, detail)."""
    count, folders = several.count, several.folders
    parts = []
    if folders:
        parts.append(fmt.folders(folders))
    if count > folders:
        parts.append(f"{fmt.files(count - folders)} ({fmt.size(several.size_bytes)})")
    return translate("details", "%1 selected").replace("%1", fmt.items(count)), ", ".join(parts)
