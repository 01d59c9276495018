"""What people see: listings, paths, conflicts, trash. The same from both tables."""

from __future__ import annotations

import pytest

from megadesk.errors import PathError
from megadesk.format.ops import AddVersion, Create, Move, Operation, Purge, SetAttributes
from megadesk.tree.ids import batch_ids, new_id
from megadesk.tree.merge import Merger
from megadesk.tree.rows import Order
from megadesk.tree.table import TreeTable
from megadesk.tree.views import TreeView
from megadesk.types import ROOT, TRASH, NodeId, NodeKind, VersionId
from tests.unit.tree.histories import TABLES, content, device_id, entry, some_id


class Tree:
    def __init__(self, table: TreeTable) -> None:
        self.table = table
        self.view = TreeView(table, lambda device: {device_id(0): "laptop", device_id(1): "phone"}[device])
        self.clock = 0

    def apply(self, *ops: Operation, device: int = 0, lamport: int = 0) -> set[NodeId]:
        self.clock = lamport or self.clock + 1
        return Merger(self.table).apply(entry(device, self.clock, self.clock, ops)).folders

    def folder(self, number: int, name: str, parent: NodeId = ROOT) -> NodeId:
        self.apply(Create(some_id(number), parent, name.encode(), 0, 0o755, 1, None))
        return some_id(number)

    def file(self, number: int, name: str, parent: NodeId = ROOT, *, device: int = 0) -> NodeId:
        self.apply(Create(some_id(number), parent, name.encode(), 1, 0o644, number, content(number)), device=device)
        return some_id(number)

    def names(self, folder: NodeId = ROOT, **options: object) -> list[str]:
        return [row.display_name for row in self.view.list_folder(folder, **options)]  # type: ignore[arg-type]


@pytest.fixture(params=TABLES)
def tree(request: pytest.FixtureRequest) -> Tree:
    return Tree(TABLES[request.param]())


def test_listing_orders_and_pages(tree: Tree) -> None:
    folder = tree.folder(1, "b")
    for number, name in ((10, "file 10.txt"), (2, "file 2.txt"), (30, "A.pdf"), (4, "file 1.txt")):
        tree.file(number, name)
    assert tree.names() == ["A.pdf", "b", "file 1.txt", "file 2.txt", "file 10.txt"]
    assert tree.names(order=Order.NAME) == ["A.pdf", "b", "file 1.txt", "file 10.txt", "file 2.txt"]
    assert tree.names(order=Order.NAME, offset=1, limit=2) == ["b", "file 1.txt"]
    assert tree.names(offset=3) == ["file 2.txt", "file 10.txt"]
    assert tree.names(order=Order.SIZE, descending=True)[0] == "A.pdf"
    assert tree.names(folders_first=True)[0] == "b"
    assert tree.names(order=Order.KIND)[:2] == ["b", "A.pdf"]
    assert tree.names(order=Order.MODIFIED)[:2] == ["b", "file 2.txt"]
    assert [row.display_name for row in tree.view.iter_folder(folder)] == []
    with pytest.raises(PathError):
        tree.view.list_folder(some_id(4))
    with pytest.raises(PathError):
        tree.view.list_folder(some_id(99))


def test_paths(tree: Tree) -> None:
    inner = tree.folder(2, "in", tree.folder(1, "out"))
    file = tree.file(3, "a.txt", inner)
    assert tree.view.path_of(file) == "/out/in/a.txt"
    assert tree.view.resolve("/out/in/a.txt").id == file
    assert tree.view.resolve("/").id == ROOT
    assert tree.view.get(file) == tree.view.resolve("out/in/a.txt")
    assert not tree.view.exists("/out/a.txt")
    for path, message in (("/out/x", "no “x” in “/out”"), ("/out/in/a.txt/b", "“/out/in/a.txt” is not a folder")):
        with pytest.raises(PathError, match=message):
            tree.view.resolve(path)
    assert [path for path, _ in tree.view.walk(ROOT)] == ["out", "out/in", "out/in/a.txt"]
    assert tree.view.totals(ROOT) == (1, 2, 0, 3)


def test_same_name_twice(tree: Tree) -> None:
    first = tree.file(1, "a.txt")
    second = tree.file(2, "a.txt", device=1)
    third = tree.file(3, "a.txt", device=1)
    shown = ["a.txt", "a (conflict, phone, 2023-11-14).txt", "a (conflict, phone, 2023-11-14 2).txt"]
    assert sorted(tree.names()) == sorted(shown)
    assert [tree.view.resolve("/" + name).id for name in shown] == [first, second, third]
    assert [tree.view.path_of(node) for node in (first, second, third)] == ["/" + name for name in shown]
    assert [tree.view.resolve(name).conflict for name in shown] == [False, True, True]
    tree.apply(Move(first, ROOT, b"b.txt"))
    assert tree.view.path_of(second) == "/a.txt"


def test_a_conflict_name_that_is_taken(tree: Tree) -> None:
    taken = tree.file(1, "a (conflict, phone, 2023-11-14).txt")
    tree.file(2, "a.txt")
    second = tree.file(3, "a.txt", device=1)
    assert tree.view.resolve("/a (conflict, phone, 2023-11-14).txt").id == taken
    assert tree.view.path_of(second) == "/a (conflict, phone, 2023-11-14 2).txt"


def test_concurrent_versions(tree: Tree) -> None:
    file = tree.file(1, "a.txt")
    one, two = (VersionId(some_id(number)) for number in (11, 12))
    tree.apply(AddVersion(file, one, (VersionId(file),), 0o600, 5, content(11)))
    tree.apply(AddVersion(file, two, (VersionId(file),), 0o640, 6, content(12)), device=1)
    rows = {row.display_name: row for row in tree.view.list_folder(ROOT)}
    assert set(rows) == {"a.txt", "a (conflict, laptop, 2023-11-14).txt"}
    assert (rows["a.txt"].head, rows["a.txt"].size_bytes, rows["a.txt"].mode) == (two, 12, 0o640)
    lost = rows["a (conflict, laptop, 2023-11-14).txt"]
    assert (lost.id, lost.head, lost.size_bytes, lost.mtime_ns, lost.conflict) == (file, one, 11, 5, True)
    assert tree.view.resolve("/a (conflict, laptop, 2023-11-14).txt") == lost
    assert tree.view.heads(file) == [two, one]
    assert [(row.id, row.current) for row in tree.view.versions(file)] == [(two, True), (one, True), (file, False)]
    merged = VersionId(some_id(13))
    tree.apply(AddVersion(file, merged, (one, two), 0o600, 7, content(13)))
    assert tree.names() == ["a.txt"]
    assert tree.view.heads(file) == [merged]


def test_dropping_versions(tree: Tree) -> None:
    file = tree.file(1, "a.txt")
    one, two = (VersionId(some_id(number)) for number in (11, 12))
    tree.apply(AddVersion(file, one, (VersionId(file),), 0o600, 5, content(11)))
    tree.apply(AddVersion(file, two, (one,), 0o600, 6, content(12)))
    tree.apply(Purge(file, (one,)))
    assert tree.view.heads(file) == [two]
    assert tree.view.content(file, one) is None
    tree.apply(Purge(file, (two,)))
    assert tree.view.heads(file) == [file]
    assert tree.view.counters()["version_bytes"] == 1
    tree.apply(Purge(file, (VersionId(file),)))
    assert tree.view.get(file) is None
    assert tree.names() == []
    tree.apply(AddVersion(file, VersionId(some_id(13)), (two,), 0o600, 8, content(13)), device=1)
    assert tree.names() == ["a.txt"]


def test_attributes(tree: Tree) -> None:
    file = tree.file(1, "a.txt")
    tree.apply(SetAttributes(file, 0o700, 77))
    assert (tree.view.resolve("a.txt").mode, tree.view.resolve("a.txt").mtime_ns) == (0o700, 77)
    tree.apply(AddVersion(file, VersionId(some_id(2)), (VersionId(file),), 0o600, 88, content(2)))
    assert tree.view.resolve("a.txt").mtime_ns == 88
    tree.apply(SetAttributes(file, 0o711, 99), lamport=2)
    assert tree.view.resolve("a.txt").mtime_ns == 88


def test_trash_and_restore(tree: Tree) -> None:
    inner = tree.folder(2, "in", tree.folder(1, "out"))
    file = tree.file(3, "a.txt", inner)
    other = tree.file(4, "b.txt")
    touched = tree.apply(Move(inner, TRASH, b"in"))
    assert touched == {some_id(1), TRASH}
    tree.apply(Move(other, TRASH, b"b.txt"))
    tops = tree.view.trash()
    assert [(item.row.id, item.original_path) for item in tops] == [(other, "/b.txt"), (inner, "/out/in")]
    assert tops[0].row.trashed_ms == 1_700_000_000_000 + tree.clock
    assert tree.view.is_trashed(file)
    assert tree.view.path_of(file) == "/in/a.txt"
    assert tree.view.totals(ROOT) == (0, 1, 0, 0)
    assert [path for path, _ in tree.view.search("A.TX", trashed=True)] == ["/in/a.txt"]
    assert tree.view.search("a.tx") == []
    tree.apply(Move(inner, ROOT, b"back"))
    assert tree.view.path_of(file) == "/back/a.txt"
    assert tree.view.resolve("/back").trashed_ms is None


def test_purging_a_folder_spares_what_came_meanwhile(tree: Tree) -> None:
    inner = tree.folder(2, "in", tree.folder(1, "out"))
    file = tree.file(3, "a.txt", inner)
    tree.apply(Move(some_id(1), TRASH, b"out"))
    tree.apply(Purge(some_id(1), ()), Purge(inner, ()), Purge(file, (VersionId(file),)))
    assert tree.view.trash() == []
    assert tree.view.counters() == {"folders": 0, "files": 0, "links": 0, "bytes": 0, "version_bytes": 0}
    late = tree.file(5, "new.txt", inner, device=1)
    assert [item.row.display_name for item in tree.view.trash()] == ["out"]
    assert tree.view.path_of(late) == "/out/in/new.txt"


def test_a_file_whose_folder_never_existed_is_recovered(tree: Tree) -> None:
    file = tree.file(3, "a.txt", some_id(50))
    (item,) = tree.view.trash()
    assert (item.row.id, item.recovered, item.original_path) == (file, True, None)
    tree.apply(Move(file, ROOT, b"a.txt"))
    assert tree.view.trash() == []
    assert tree.view.path_of(file) == "/a.txt"


def test_late_moves_make_no_cycle(tree: Tree) -> None:
    a, b = tree.folder(1, "a"), tree.folder(2, "b")
    tree.apply(Move(b, a, b"b"), lamport=11, device=1)
    tree.apply(Move(a, b, b"a"), lamport=10)
    assert [path for path, _ in tree.view.walk(ROOT)] == ["b", "b/a"]
    tree.apply(Move(a, TRASH, b"a"), lamport=9)
    assert [path for path, _ in tree.view.walk(ROOT)] == ["b", "b/a"]


def test_big_folder_of_one_name_is_quick(tree: Tree) -> None:
    ids = batch_ids()
    tree.apply(*(Create(next(ids), ROOT, b"same", 0, 0, 0, None) for _ in range(300)))
    names = tree.names()
    assert len(set(names)) == 300
    assert tree.view.resolve("/same (conflict, laptop, 2023-11-14 299)").kind is NodeKind.FOLDER


def test_ids() -> None:
    ids = batch_ids()
    one, two = next(ids), next(ids)
    assert len(one) == 16
    assert one[:12] == two[:12]
    assert one < two
    assert new_id() != new_id()


def test_a_version_cannot_replace_a_later_one(tree: Tree) -> None:
    file = tree.file(1, "a.txt")
    later, earlier = (VersionId(some_id(number)) for number in (11, 12))
    tree.apply(AddVersion(file, later, (VersionId(file),), 0o600, 5, content(11)), lamport=9)
    tree.apply(AddVersion(file, earlier, (later,), 0o600, 6, content(12)), lamport=8)
    assert tree.view.heads(file) == [later, earlier]
