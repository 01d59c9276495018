"""The tree from the terminal: ls, find, mkdir, mv, cp, rm."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from megadesk.cli.context import Context, locker_path
from megadesk.cli.output import Json
from megadesk.cli.rows import long_line, node_json, short_line
from megadesk.errors import PathError
from megadesk.types import NodeKind

if TYPE_CHECKING:
    from megadesk.core.locker import Locker
    from megadesk.tree.rows import NodeRow
    from megadesk.types import NodeId


class Entry(NamedTuple):
    """One line of a listing: what is shown, the whole path, the node."""

    shown: str
    path: str
    row: NodeRow


class Failures:
    """Paths that could not be served: told at once, counted for the exit status."""

    def __init__(self, context: Context) -> None:
        self._out = context.out
        self.count = 0

    def add(self, error: PathError) -> None:
        self._out.note(f"megadesk: {error.explanation}")
        self.count += 1

    @property
    def status(self) -> int:
        return 1 if self.count else 0


def ls(context: Context) -> int:
    """``ls [-l] [-R] [/PATH...]``."""
    locker = context.unlock()
    failures = Failures(context)
    paths = [locker_path(path) for path in context.args.paths] or ["/"]
    entries = _listing(locker, paths, recursive=context.args.recursive, failures=failures)
    _print(context, entries)
    return failures.status


def find(context: Context) -> int:
    """``find TEXT``: whole paths of everything with the text in its name."""
    locker = context.unlock()
    limit = context.args.limit
    found = locker.find(context.args.text, limit=limit)
    _print(context, (Entry(item.path, item.path, item.row) for item in found))
    if len(found) >= limit:
        context.out.note(f"megadesk: There may be more than {limit}. Raise it with --limit.")
    return 0


def mkdir(context: Context) -> int:
    """``mkdir [-p] /PATH...``."""
    locker = context.unlock()
    failures = Failures(context)
    made: list[Json] = []
    for path in map(locker_path, context.args.paths):
        try:
            row = locker.make_folder(path, parents=context.args.parents)
        except PathError as error:
            failures.add(error)
        else:
            made.append(node_json(path, row))
    if context.out.json:
        context.out.value(made)
    return failures.status


def mv(context: Context) -> int:
    """``mv /SOURCE... /DEST``, as POSIX has it; what it replaces goes to the trash."""
    return _move_or_copy(context, copy=False)


def cp(context: Context) -> int:
    """``cp /SOURCE... /DEST``: folders whole; what it replaces goes to the trash."""
    return _move_or_copy(context, copy=True)


def rm(context: Context) -> int:
    """``rm /PATH...``: into the trash, or with --purge for good."""
    locker = context.unlock()
    failures = Failures(context)
    rows: dict[str, NodeRow] = {}
    for path in dict.fromkeys(map(locker_path, context.args.paths)):
        if path == "/":
            failures.add(PathError("The locker's root cannot be removed.", remedy="Name what is in it."))
            continue
        try:
            rows[path] = locker.node(path)
        except PathError as error:
            if not context.args.force:
                failures.add(error)
    # What lies in a folder that goes too goes with it.
    going = [path for path in rows if rows.keys().isdisjoint(_parents(path))]
    if going:
        before = {item.row.id for item in locker.trash()} if context.args.purge else set()
        # By path: a conflict copy has the id of the file that it is a copy of, until it is moved.
        locker.trash_nodes(going)
        if context.args.purge:
            was_at = {posixpath.join(posixpath.dirname(path), rows[path].name) for path in going}
            locker.purge([i.row.id for i in locker.trash() if i.row.id not in before and i.original_path in was_at])
    if context.out.json:
        context.out.value({"removed": list[Json](rows), "purged": bool(context.args.purge)})
    return failures.status


def node_or_none(locker: Locker, path: str) -> NodeRow | None:
    """The node at ``path``, None when there is none."""
    try:
        return locker.node(path)
    except PathError:
        return None


# --- listings


def _listing(locker: Locker, paths: Sequence[str], *, recursive: bool, failures: Failures) -> Iterator[Entry]:
    for path in paths:
        try:
            row = locker.node(path)
            if row.kind != NodeKind.FOLDER:
                yield Entry(path if len(paths) > 1 else posixpath.basename(path), path, row)
                continue
            # With several folders only whole paths tell what is where.
            prefix = path if len(paths) > 1 else ""
            items = locker.walk(path) if recursive else ((item.display_name, item) for item in locker.list_folder(path))
            for below, item in items:
                yield Entry(posixpath.join(prefix, below), posixpath.join(path, below), item)
        except PathError as error:
            failures.add(error)


def _print(context: Context, entries: Iterator[Entry]) -> None:
    out = context.out
    if out.json:
        out.values(node_json(path, row) for _, path, row in entries)
        return
    line = long_line if context.args.long else short_line
    for shown, _, row in entries:
        out.line(line(out, shown, row))


# --- moving and copying


class _Step(NamedTuple):
    source: str
    folder: NodeId
    new_name: str | None
    """None: it keeps its name."""
    target: str
    replaces: bool


def _move_or_copy(context: Context, *, copy: bool) -> int:
    locker = context.unlock()
    failures = Failures(context)
    steps = _plan(locker, context.args.sources, context.args.dest, "copied" if copy else "moved", failures)
    done: list[Json] = []
    for step in steps:
        if step.replaces:
            locker.trash_nodes([step.target])
        if copy:
            locker.copy([step.source], step.folder, new_name=step.new_name)
        else:
            locker.move([step.source], step.folder, new_name=step.new_name)
        if context.out.json:
            done.append(node_json(step.target, locker.node(step.target)))
    if context.out.json:
        context.out.value(done)
    return failures.status


def _plan(locker: Locker, sources: Sequence[str], dest_text: str, done: str, failures: Failures) -> list[_Step]:
    """What to do for each source. Sources that cannot go are told and left out; PathError when DEST will not do."""
    dest = locker_path(dest_text)
    dest_row = node_or_none(locker, dest)
    if dest_row is None or dest_row.kind != NodeKind.FOLDER:
        if len(sources) > 1 or dest_text.endswith("/"):
            what = "does not exist" if dest_row is None else "is not a folder"
            raise PathError(f"{dest} {what}.", remedy=f"Name a folder, or make it with: megadesk mkdir {dest}")
        folder = locker.node(posixpath.dirname(dest))
        if folder.kind != NodeKind.FOLDER:
            raise PathError(f"{posixpath.dirname(dest)} is not a folder.")
        into, new_name = folder.id, posixpath.basename(dest)
    else:
        into, new_name = dest_row.id, None
    steps: list[_Step] = []
    for source in map(locker_path, sources):
        try:
            steps.append(_step(locker, source, dest, into, new_name, done))
            if steps[-1].target in {step.target for step in steps[:-1]}:
                steps.pop()
                raise PathError(f"{source} was not {done}: another source has the same name.")
        except PathError as error:
            failures.add(error)
    return steps


def _step(locker: Locker, source: str, dest: str, into: NodeId, new_name: str | None, done: str) -> _Step:
    if source == "/":
        raise PathError(f"The locker's root cannot be {done}.")
    row = locker.node(source)
    target = dest if new_name is not None else posixpath.join(dest, posixpath.basename(source))
    if row.kind == NodeKind.FOLDER and (target == source or target.startswith(source + "/")):
        raise PathError(f"The folder {source} cannot be {done} into itself.")
    replaced = node_or_none(locker, target)
    if replaced is None:
        return _Step(source, into, new_name, target, False)
    if replaced.id == row.id:
        if target == source:
            raise PathError(f"{source} and {target} are the same.")
        raise PathError(
            f"{source} and {target} are contents of one file.", remedy=f"Choose one: megadesk versions {target}"
        )
    if replaced.kind == NodeKind.FOLDER:
        if row.kind != NodeKind.FOLDER:
            raise PathError(f"{target} is a folder, and {source} is not: it was not {done}.")
        if locker.list_folder(replaced.id, limit=1):
            raise PathError(
                f"{target} exists and is not empty: {source} was not {done}.",
                remedy="Move it away or choose another name.",
            )
    elif row.kind == NodeKind.FOLDER:
        raise PathError(f"{target} is not a folder, and {source} is: it was not {done}.")
    return _Step(source, into, new_name, target, True)


def _parents(path: str) -> Iterator[str]:
    while (path := posixpath.dirname(path)) != "/":
        yield path
