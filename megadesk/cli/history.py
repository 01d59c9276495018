"""What was before: trash, restore, versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from megadesk.cli.arguments import UsageError
from megadesk.cli.context import Context, local_folder, locker_path
from megadesk.cli.output import Json, count_text, iso_time, size_text, time_text
from megadesk.cli.passphrase import confirm
from megadesk.cli.rows import SHORT_ID, node_json
from megadesk.errors import PathError
from megadesk.types import NodeKind

if TYPE_CHECKING:
    from megadesk.core.locker import Locker
    from megadesk.tree.rows import TrashRow, VersionRow

MIN_ID_DIGITS = 4

_T = TypeVar("_T")


def trash(context: Context) -> int:
    """``trash [ls | empty | purge ID...]``."""
    args = context.args
    if args.action == "purge" and not args.items:
        raise UsageError("Say what to purge: megadesk trash purge ID.", "megadesk trash --help")
    if args.action != "purge" and args.items:
        raise UsageError(f"`trash {args.action}` takes nothing else.", "megadesk trash --help")
    locker = context.unlock()
    rows = locker.trash()
    if args.action == "ls":
        return _show_trash(context, rows)
    chosen = rows if args.action == "empty" else [find_in_trash(rows, item) for item in args.items]
    if chosen and not args.yes and not confirm(f"Delete {count_text(len(chosen), 'item')} in the trash for good?"):
        context.out.note("megadesk: Nothing was deleted.")
        return 1
    purged = locker.purge([item.row.id for item in chosen]) if chosen else 0
    if context.out.json:
        context.out.value({"purged": purged})
    else:
        context.out.line(f"{count_text(purged, 'item')} deleted for good. `megadesk gc` frees the space.")
    return 0


def restore(context: Context) -> int:
    """``restore NAME|ID|/PATH... [--to /DIR]``."""
    locker = context.unlock()
    rows = locker.trash()
    chosen = [find_in_trash(rows, item) for item in context.args.items]
    to = None if context.args.to is None else locker_path(context.args.to)
    restored = locker.restore([item.row.id for item in chosen], to=to)
    paths = [locker.path_of(row.id) for row in restored]
    if context.out.json:
        context.out.value([node_json(path, row) for path, row in zip(paths, restored, strict=True)])
    else:
        for path in paths:
            context.out.line(context.out.name(path))
    return 0


def versions(context: Context) -> int:
    """``versions /PATH [--restore ID | --get ID [--to DIR]]``."""
    args = context.args
    path = locker_path(args.paths)
    locker = context.unlock()
    row = locker.node(path)
    if row.kind == NodeKind.FOLDER:
        raise PathError(f"{path} is a folder.", remedy="Only files and links have versions.")
    known = locker.versions(row.id)
    if args.restore is not None:
        locker.restore_version(row.id, _version(known, args.restore, path).id)
        known = locker.versions(row.id)
    elif args.get is not None:
        written = locker.download_version(row.id, _version(known, args.get, path).id, local_folder(args.to))
        context.out.value({"path": written}) if context.out.json else context.out.line(context.out.name(written))
        return 0
    _show_versions(context, locker, known)
    return 0


def find_in_trash(rows: Sequence[TrashRow], wanted: str) -> TrashRow:
    """The item with this former path, name or id (or its first digits). Raises PathError for none or several."""
    name = wanted.rstrip("/")
    path = locker_path(wanted)
    tests: tuple[Callable[[TrashRow], bool], ...] = (
        lambda item: item.row.id.hex() == wanted.lower(),
        lambda item: "/" in wanted and item.original_path == path,
        lambda item: name in {item.row.name, item.row.display_name},
        lambda item: len(wanted) >= MIN_ID_DIGITS and item.row.id.hex().startswith(wanted.lower()),
    )
    for test in tests:
        found = [item for item in rows if test(item)]
        if len(found) > 1:
            ids = ", ".join(item.row.id.hex() for item in found)
            raise PathError(f"{len(found)} items in the trash are meant by {wanted}: {ids}.", remedy="Give an id.")
        if found:
            return found[0]
    raise PathError(f"There is no {wanted} in the trash.", remedy="`megadesk trash` shows what is in it.")


def by_id(items: Sequence[_T], wanted: str, id_of: Callable[[_T], bytes], what: str, remedy: str) -> _T:
    """The item whose id begins with the hex digits ``wanted``. Raises PathError for none or several."""
    found = [item for item in items if id_of(item).hex().startswith(wanted.lower())]
    if len(wanted) < MIN_ID_DIGITS or not found:
        raise PathError(f"There is no {what} {wanted}.", remedy=remedy)
    if len(found) > 1:
        raise PathError(f"Several {what}s begin with {wanted}.", remedy="Give more digits of the id.")
    return found[0]


def short_ids(ids: Sequence[bytes]) -> list[str]:
    """The ids' first digits, as many as tell them all apart."""
    digits = SHORT_ID
    texts = [value.hex() for value in ids]
    while digits < 32 and len({text[:digits] for text in texts}) < len(set(texts)):
        digits += 4
    return [text[:digits] for text in texts]


def _version(known: Sequence[VersionRow], wanted: str, path: str) -> VersionRow:
    return by_id(known, wanted, lambda item: item.id, "version", f"megadesk versions {path} lists them.")


def _show_trash(context: Context, rows: Sequence[TrashRow]) -> int:
    out = context.out
    if out.json:
        out.values(
            node_json(_was_at(item), item.row)
            | {"original_path": item.original_path, "trashed": iso_time((item.row.trashed_ms or 0) * 1_000_000)}
            for item in rows
        )
        return 0
    for item, short in zip(rows, short_ids([item.row.id for item in rows]), strict=True):
        is_folder = item.row.kind == NodeKind.FOLDER
        size = "-" if is_folder else size_text(item.row.size_bytes)
        name = out.name(_was_at(item)) + ("/" if is_folder else "")
        out.line(f"{short}  {time_text((item.row.trashed_ms or 0) * 1_000_000)}  {size:>10}  {name}")
    return 0


def _was_at(item: TrashRow) -> str:
    """Where it was; only the name when that is not known."""
    return item.original_path if item.original_path is not None else item.row.display_name


def _show_versions(context: Context, locker: Locker, known: Sequence[VersionRow]) -> None:
    out = context.out
    devices = {row.id: row.name for row in locker.devices()}
    if out.json:
        out.value([_version_json(item, devices.get(item.device, "")) for item in known])
        return
    for item, short in zip(known, short_ids([item.id for item in known]), strict=True):
        mark = "  current" if item.current else ""
        out.line(
            f"{short}  {time_text(item.mtime_ns)}  {item.size_bytes:>13}  saved {time_text(item.time_ms * 1_000_000)}"
            f" on {out.name(devices.get(item.device, '?'))}{mark}"
        )


def _version_json(item: VersionRow, device: str) -> dict[str, Json]:
    return {
        "id": item.id.hex(),
        "size": item.size_bytes,
        "mtime": iso_time(item.mtime_ns),
        "mtime_ns": item.mtime_ns,
        "saved": iso_time(item.time_ms * 1_000_000),
        "device": device,
        "current": item.current,
    }
