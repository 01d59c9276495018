"""How nodes of the locker look: the columns of ``ls -l`` and the fields in JSON, the same in every command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from megadesk.cli.output import Json, Output, iso_time, mode_text, time_text
from megadesk.types import NodeKind

if TYPE_CHECKING:
    from megadesk.tree.rows import NodeRow

TYPES = {NodeKind.FOLDER: "folder", NodeKind.FILE: "file", NodeKind.LINK: "link"}
SHORT_ID = 8


def node_json(path: str, row: NodeRow) -> dict[str, Json]:
    """A node in JSON. ``mtime`` is RFC 3339 in UTC; ``mode`` four octal digits; folders have no size."""
    is_folder = row.kind == NodeKind.FOLDER
    return {
        "name": row.display_name,
        "path": path,
        "type": TYPES[NodeKind(row.kind)],
        "size": None if is_folder else row.size_bytes,
        "mtime": iso_time(row.mtime_ns),
        "mtime_ns": row.mtime_ns,
        "mode": f"{row.mode & 0o7777:04o}",
        "id": row.id.hex(),
        "conflict": row.conflict,
    }


def short_line(output: Output, shown: str, row: NodeRow) -> str:
    """The name; folders end with a slash."""
    end = "/" if row.kind == NodeKind.FOLDER and not shown.endswith("/") else ""
    return output.name(shown) + end


def long_line(output: Output, shown: str, row: NodeRow) -> str:
    """Type and mode, size in bytes, local time, name, and a mark on conflicts."""
    kind = NodeKind(row.kind)
    size = "-" if kind is NodeKind.FOLDER else str(row.size_bytes)
    mark = "  [conflict]" if row.conflict else ""
    return f"{mode_text(kind, row.mode)} {size:>13}  {time_text(row.mtime_ns)}  {short_line(output, shown, row)}{mark}"
