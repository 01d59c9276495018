"""Changes that people make, on the real core: done, taken back, done again; and what happens where names are taken."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes import FakeLocker
from manual import ManualRuns

from megadesk.core.app import App
from megadesk.core.locker import Locker
from megadesk.errors import CancelledError, LockerReadOnlyError, PathError
from megadesk.transfer.port import Conflict, ConflictQuestion
from megadesk.transfer.records import State
from megadesk.tree.rows import NodeRow
from megadesk.types import ROOT, NodeId
from megadesk.ui.presenters.changes import Changes, MakeFolder
from megadesk.ui.presenters.collisions import Asked, Collision, UploadQuestions
from megadesk.ui.presenters.dragging import DraggedNodes, dragged
from megadesk.ui.presenters.errors import Problem
from megadesk.ui.presenters.listing import RowKey, row_key
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.presenters.operations import Operations


class View:
    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.problems: list[Problem] = []
        self.collisions: list[Collision] = []
        self.answers: list[tuple[Conflict | None, bool]] = []
        self.reasons: list[str] = []
        self.woken = 0

    def notify(self, notice: Notice, tone: str = "info") -> None:
        self.notices.append(notice)

    def problem(self, problem: Problem) -> None:
        self.problems.append(problem)

    def ask_collision(self, collision: Collision, answered: Callable[[Conflict | None, bool], None]) -> None:
        self.collisions.append(collision)
        answered(*self.answers.pop(0))

    def read_only(self, reason: str) -> None:
        self.reasons.append(reason)

    def undo_changed(self) -> None:
        return

    def wake_transfers(self) -> None:
        self.woken += 1


class Bench:
    def __init__(self, locker: Locker) -> None:
        self.locker, self.view, self.runs = locker, View(), ManualRuns()
        self.questions = UploadQuestions("Locker", lambda _: None)
        self.operations = Operations(self.view, locker, self.runs, self.questions, lambda: "replace")

    def tree(self) -> list[str]:
        return sorted(path for path, _ in self.locker.walk("/"))

    def nodes(self, *paths: str) -> DraggedNodes:
        rows = [self.locker.node(path) for path in paths]
        return dragged(self.locker.record.locker_id, rows[0].parent, [row_key(row) for row in rows])

    def there_and_back(self, act: Callable[[], object], after: list[str]) -> None:
        """Do it, undo it, redo it, undo it again: each time the tree is what it should be."""
        before = self.tree()
        act()
        self.runs.all()
        assert self.view.problems == []
        assert self.tree() == after
        for _ in range(2):
            self.operations.undo()
            self.runs.all()
            assert self.view.problems == []
            assert self.tree() == before
            self.operations.redo()
            self.runs.all()
            assert self.view.problems == []
            assert self.tree() == after
        self.operations.undo()
        self.runs.all()
        assert self.tree() == before


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    app = App(str(tmp_path / "home"))
    locker = app.create_locker("passphrase").locker
    source = tmp_path / "source"
    (source / "Docs").mkdir(parents=True)
    (source / "a.txt").write_bytes(b"a")
    (source / "b.txt").write_bytes(b"bb")
    (source / "Docs" / "a.txt").write_bytes(b"another a")
    locker.transfers.run_now(locker.upload([str(source / name) for name in ("a.txt", "b.txt", "Docs")], "/"))
    yield Bench(locker)
    app.close()


START = ["Docs", "Docs/a.txt", "a.txt", "b.txt"]


def test_a_folder_is_made(bench: Bench) -> None:
    made: list[RowKey] = []
    refused: list[str] = []
    bench.there_and_back(
        lambda: bench.operations.make_folder(ROOT, "New", made.append, refused.append), sorted([*START, "New"])
    )
    assert len(made) == 1
    bench.operations.make_folder(ROOT, "a/b", made.append, refused.append)
    bench.operations.make_folder(ROOT, "Docs", made.append, refused.append)
    bench.runs.all()
    assert len(refused) == 2
    assert bench.view.problems == []


def test_a_rename(bench: Bench) -> None:
    row = bench.locker.node("/a.txt")
    bench.there_and_back(
        lambda: bench.operations.rename(row, "ä.txt", lambda: None), sorted(["Docs", "Docs/a.txt", "ä.txt", "b.txt"])
    )
    bench.operations.rename(row, "b.txt", lambda: None)
    bench.runs.all()
    assert "b.txt" in bench.view.problems[-1].text
    bench.operations.rename(row, "..", lambda: None)
    assert len(bench.view.problems) == 2


def test_deletion_of_several(bench: Bench) -> None:
    rows = [bench.locker.node("/Docs"), bench.locker.node("/b.txt")]
    bench.there_and_back(lambda: bench.operations.delete(rows), ["a.txt"])
    assert bench.view.notices[0].act is not None


def test_moving_and_copying_where_names_are_free(bench: Bench) -> None:
    docs = bench.locker.node("/Docs").id
    after = ["Docs", "Docs/a.txt", "Docs/b.txt", "a.txt"]
    bench.there_and_back(lambda: bench.operations.transfer(bench.nodes("/b.txt"), docs, copy=False), after)
    bench.there_and_back(
        lambda: bench.operations.transfer(bench.nodes("/b.txt"), docs, copy=True), sorted([*START, "Docs/b.txt"])
    )
    # A copy beside the original asks nothing and gets a name of its own.
    bench.there_and_back(
        lambda: bench.operations.transfer(bench.nodes("/b.txt"), ROOT, copy=True), sorted([*START, "b (2).txt"])
    )
    assert bench.view.collisions == []
    bench.operations.transfer(bench.nodes("/b.txt"), ROOT, copy=False)  # where it is already
    bench.runs.all()
    assert bench.tree() == START


@pytest.mark.parametrize(
    ("choice", "after"),
    [
        (Conflict.REPLACE, ["Docs", "Docs/a.txt", "Docs/b.txt"]),
        (Conflict.KEEP_BOTH, ["Docs", "Docs/a (2).txt", "Docs/a.txt", "Docs/b.txt"]),
        (Conflict.SKIP, ["Docs", "Docs/a.txt", "Docs/b.txt", "a.txt"]),
    ],
)
def test_moving_where_a_name_is_taken(bench: Bench, choice: Conflict, after: list[str]) -> None:
    docs = bench.locker.node("/Docs").id
    bench.view.answers = [(choice, False)]
    bench.there_and_back(lambda: bench.operations.transfer(bench.nodes("/a.txt", "/b.txt"), docs, copy=False), after)
    assert len(bench.view.collisions) == 1
    asked = bench.view.collisions[0]
    assert (asked.name, asked.existing.size_bytes, asked.new.size_bytes) == ("a.txt", 9, 1)


def test_newer_only_and_for_all(bench: Bench, tmp_path: Path) -> None:
    docs = bench.locker.node("/Docs").id
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_bytes(b"in docs")
        os.utime(tmp_path / name, (1, 1) if name == "b.txt" else (4_000_000_000, 4_000_000_000))
    bench.locker.transfers.run_now(bench.locker.upload([str(tmp_path / name) for name in ("a.txt", "b.txt")], docs))
    bench.view.answers = [(Conflict.NEWER, True)]
    bench.operations.transfer(bench.nodes("/a.txt", "/b.txt"), docs, copy=False)
    bench.runs.all()
    assert bench.tree() == ["Docs", "Docs/a.txt", "Docs/b.txt", "a.txt"]
    assert bench.view.collisions[0].more == 1
    assert len(bench.view.collisions) == 1
    bench.view.answers = [(None, False)]
    bench.operations.transfer(bench.nodes("/a.txt"), docs, copy=False)
    bench.runs.all()
    assert bench.tree() == ["Docs", "Docs/a.txt", "Docs/b.txt", "a.txt"]


def test_nodes_of_another_locker_are_not_taken_for_ours(bench: Bench) -> None:
    nodes = dragged("ff" * 32, ROOT, [(NodeId(bytes(15) + b"\x07"), None)])
    bench.operations.transfer(nodes, ROOT, copy=False)
    bench.runs.all()
    assert bench.tree() == START


def test_an_older_version_and_back(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"changed")
    bench.locker.transfers.run_now(bench.locker.upload([str(tmp_path / "a.txt")], "/"))
    versions = bench.locker.versions("/a.txt")
    row = bench.locker.node("/a.txt")
    bench.operations.restore_version(row, versions[1].id)
    bench.runs.all()
    assert bench.locker.read_file("/a.txt", max_bytes=100) == b"a"
    bench.operations.undo()
    bench.runs.all()
    assert bench.locker.read_file("/a.txt", max_bytes=100) == b"changed"
    bench.operations.redo()
    bench.runs.all()
    assert bench.locker.read_file("/a.txt", max_bytes=100) == b"a"


def test_an_upload_is_taken_back(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "up"
    (folder / "Sub").mkdir(parents=True)
    (folder / "Sub" / "x").write_bytes(b"x")
    (folder / "a.txt").write_bytes(b"newer a")
    (folder / "new.txt").write_bytes(b"new")

    def upload() -> None:
        bench.operations.upload([str(folder / name) for name in ("Sub", "a.txt", "new.txt")], ROOT)
        bench.runs.all()
        for row in bench.locker.transfers.rows():
            if row.state is State.QUEUED:
                bench.locker.transfers.run_now(row.id)

    bench.there_and_back(upload, sorted([*START, "Sub", "Sub/x", "new.txt"]))
    assert bench.locker.read_file("/a.txt", max_bytes=100) == b"a"
    bench.operations.redo()
    bench.runs.all()
    assert bench.locker.read_file("/a.txt", max_bytes=100) == b"newer a"
    assert "3 items" in bench.operations.changes.undo_text


def test_an_upload_that_still_waits_is_cancelled_by_undo(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    bench.operations.upload([str(tmp_path / "x")], ROOT)
    bench.runs.all()
    bench.operations.undo()
    bench.runs.all()
    assert [row.state for row in bench.locker.transfers.rows()][-1] is State.CANCELLED
    assert bench.tree() == START


def test_what_cannot_be_undone_is_said_and_dropped(bench: Bench) -> None:
    row = bench.locker.node("/a.txt")
    bench.operations.delete([row])
    bench.runs.all()
    bench.locker.purge([row.id])
    bench.operations.undo()
    bench.runs.all()
    assert bench.view.problems
    assert bench.operations.changes.undo_text == ""
    assert bench.operations.changes.redo_text == ""


def test_read_only_is_said(bench: Bench) -> None:
    bench.locker.read_only_reason = "The storage shows an older state."
    bench.operations.upload(["/etc/hostname"], ROOT)
    bench.operations.make_folder(ROOT, "New", lambda _: None, lambda _: None)
    bench.runs.all()
    assert bench.view.reasons == ["The storage shows an older state."] * 2
    bench.locker.read_only_reason = None


def test_changes_are_made_one_after_the_other() -> None:
    """Two at once could be carried out in the wrong order by two workers."""
    runs = ManualRuns()
    failures: list[Exception] = []
    changes = Changes(FakeLocker(), runs, failures.append, lambda: None)
    changes.run(MakeFolder(ROOT, "a"))
    changes.run(MakeFolder(ROOT, "b"))
    assert len(runs.tasks) == 1
    runs.step()
    assert changes.undo_text.endswith("“a”")
    assert len(runs.tasks) == 1
    runs.all()
    assert changes.undo_text.endswith("“b”")
    changes.forget()
    assert changes.undo_text == ""
    assert failures == []


def test_an_upload_asks_waits_and_is_answered_or_given_up() -> None:
    asked: list[Asked] = []
    questions = UploadQuestions("Locker", lambda message: asked.append(message))  # type: ignore[arg-type]
    answers: list[object] = []

    def ask() -> None:
        try:
            answers.append(questions.ask(ConflictQuestion("/a", 1, 2, 3, 4)).choice)
        except CancelledError as error:
            answers.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    while len(asked) < 3:
        threads[0].join(0.01)
    UploadQuestions.answer(asked[0].waiting, Conflict.SKIP, for_all=True)
    UploadQuestions.answer(asked[1].waiting, None, for_all=False)
    questions.stop()
    for thread in threads:
        thread.join(10)
    assert answers.count(Conflict.SKIP) == 1
    assert sum(isinstance(answer, CancelledError) for answer in answers) == 2
    with pytest.raises(CancelledError):
        questions.ask(ConflictQuestion("/a", 1, 2, 3, 4))


def test_errors_of_the_core_are_problems() -> None:
    view, runs = View(), ManualRuns()
    locker = FakeLocker()
    operations = Operations(view, locker, runs, UploadQuestions("x", lambda _: None))
    locker.fail = PathError("There is none.")
    operations.delete([_row()])
    runs.all()
    assert view.problems[-1].message == "There is none."
    locker.fail = LockerReadOnlyError("no")
    operations.delete([_row()])
    runs.all()
    assert view.reasons == ["no"]


def _row() -> NodeRow:
    from examples import row

    return row(1, "a")
