"""What checkpoints are held to: the very rules that log entries are (format.entry.check_entry), row by row.

A checkpoint is signed, but by a device that may have been taken over, and nothing compares it with the logs.
"""

from __future__ import annotations

from collections.abc import Iterable

from megadesk.errors import DecodeError
from megadesk.format.entry import link_problem, name_problem, slices_problem
from megadesk.format.ops import FileContent, LinkContent, decode_content, decode_make_link
from megadesk.tree.dump import DumpRow, LinkDumpRecord, MoveDumpRecord, NodeRecord, VersionRecord
from megadesk.types import NodeKind

_GHOST = -1
"""The kind of a node that is known by name only: it has none."""


def check_rows(rows: Iterable[DumpRow], object_name: str) -> None:
    """Raises DecodeError that names ``object_name`` for a name or a content that no log entry could bring."""
    for row in rows:
        if isinstance(row, NodeRecord):
            problem = _node_problem(row, object_name)
        elif isinstance(row, MoveDumpRecord):
            problem = _name_problem(row.name) or (name_problem(row.old.name) if row.old else "")
        elif isinstance(row, LinkDumpRecord):
            problem = _link_problem(row, object_name)
        else:
            continue
        if problem:
            raise DecodeError(f"{object_name} holds {problem}.", object_name=object_name)


def _name_problem(name: bytes) -> str:
    return name_problem(name) if name else "a name that is not a name"


def _node_problem(row: NodeRecord, object_name: str) -> str:
    problem = name_problem(row.place.name) if row.kind == _GHOST else _name_problem(row.place.name)
    if problem or row.place.origin_name:
        problem = problem or name_problem(row.place.origin_name)
    for version in row.versions:
        problem = problem or _version_problem(version, object_name)
    return problem


def _link_problem(row: LinkDumpRecord, object_name: str) -> str:
    if row.made is None:
        return "" if row.revoked else "a link of which nothing is known"
    op = decode_make_link(row.made, object_name)
    return link_problem(op) if op.link == row.link else "a link under another's id"


def _version_problem(version: VersionRecord, object_name: str) -> str:
    if version.content is None:
        return ""
    content = decode_content(version.content, object_name)
    if isinstance(content, FileContent):
        if version.kind != NodeKind.FILE or version.size != content.size:
            return "a version that differs from its content"
    elif version.kind != NodeKind.LINK or not isinstance(content, LinkContent):
        return "a version that differs from its content"
    return slices_problem(content)
