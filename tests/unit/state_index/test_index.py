"""The encrypted index: keys, damage, transactions, processes, records."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from megadesk.errors import DecodeError, KeyFileError, LocalFileError, LockerBusyError, MegaDeskError
from megadesk.format.ops import Condemn, Create, Cutoff, FileContent, Move, Purge, Rekey
from megadesk.state.index import DeviceRow, HeadRow, Index
from megadesk.state.index.database import Database
from megadesk.state.index.migrations import MIGRATIONS
from megadesk.types import ROOT, TRASH, DeviceId, EpochId, NodeId, PackId, Stamp, VersionId
from tests.unit.tree.histories import content, device_id, entry, some_id

KEY = bytes(range(32))


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "index.db")


@pytest.fixture
def index(path: str) -> Iterator[Index]:
    opened = Index(path, KEY)
    yield opened
    opened.close()


def fill(index: Index, count: int = 50) -> None:
    ops = [Create(some_id(n), ROOT, b"secret name %d" % n, 1, 0o600, n, content(n)) for n in range(count)]
    with index.write() as session:
        session.apply(entry(0, 1, 1, ops))


def test_everything_survives_reopening(path: str, index: Index) -> None:
    fill(index)
    with index.read() as session:
        before = session.digest()
    index.close()
    again = Index(path, KEY, create=False)
    with again.read() as session:
        assert session.digest() == before
        assert len(session.view.list_folder(ROOT)) == 50
    assert again.check() == []
    again.close()


def test_nothing_readable_on_disk(path: str, index: Index) -> None:
    fill(index)
    assert index.search("secret name 7")
    files = [path, path + "-wal"]
    data = b"".join(Path(name).read_bytes() for name in files)
    index.compact()
    data += Path(path).read_bytes()
    for needle in (b"secret", b"SQLite", b"CREATE", KEY, KEY.hex().encode()):
        assert needle not in data
    if sys.platform != "win32":
        assert os.stat(path).st_mode & 0o077 == 0


def test_wrong_key(path: str, index: Index) -> None:
    fill(index)
    index.close()
    with pytest.raises(KeyFileError) as caught:
        Index(path, bytes(32))
    assert "rebuilt" in caught.value.remedy
    with pytest.raises(KeyFileError):
        Index(path, b"short")
    Index(path, KEY).close()


def test_every_damaged_page_is_noticed(path: str, index: Index) -> None:
    fill(index, 200)
    index.close()
    sound = Path(path).read_bytes()
    for place in range(100, len(sound), 8192):
        damaged = bytearray(sound)
        damaged[place] ^= 1
        Path(path).write_bytes(damaged)
        with pytest.raises((LocalFileError, KeyFileError)) as caught:  # noqa: PT012
            opened = Index(path, KEY)
            try:
                problems = opened.check()
                with opened.read() as session:
                    session.digest()
            finally:
                opened.close()
            if problems:
                raise LocalFileError("found", remedy="rebuilt")
        assert "rebuilt" in caught.value.remedy


def test_missing_and_foreign_files(path: str) -> None:
    with pytest.raises(LocalFileError):
        Index(path, KEY, create=False)
    assert not os.path.exists(path)
    Path(path).write_bytes(b"not a database" * 1000)
    with pytest.raises(KeyFileError):
        Index(path, KEY)


def test_the_key_is_shown_nowhere(path: str) -> None:
    database = Database(path, KEY)
    statements: list[str] = []
    with database.read() as connection:
        statements += [row["query"] for row in connection.cache_stats(True)["entries"]]
    shown = repr(database) + repr(Index(path, KEY)) + repr(statements)
    assert KEY.hex() not in shown
    assert "PRAGMA" in shown
    database.close()


def test_an_exception_undoes_everything(index: Index) -> None:
    with pytest.raises(ValueError, match="stop"), index.write() as session:  # noqa: PT012
        session.apply(entry(0, 1, 1, [Create(some_id(1), ROOT, b"a", 0, 0, 0, None)]))
        session.records.set_head(HeadRow(device_id(0), 1, bytes(32), 1, 0))
        raise ValueError("stop")
    with index.read() as session:
        assert session.view.list_folder(ROOT) == []
        assert session.records.heads() == {}
    fill(index, 3)
    with index.read() as session:
        assert session.view.counters()["files"] == 3


def test_readers_keep_their_snapshot_and_do_not_wait(index: Index) -> None:
    with index.read() as reading:
        assert reading.view.list_folder(ROOT) == []
        writer = threading.Thread(target=fill, args=(index,))
        writer.start()
        writer.join(30)
        assert not writer.is_alive()
        assert reading.view.list_folder(ROOT) == []
    with index.write(), index.read() as reading:
        assert len(reading.view.list_folder(ROOT)) == 50


def test_a_second_writer_waits_then_is_told(path: str, index: Index) -> None:
    other = Index(path, KEY, busy_timeout_s=0.05)
    with index.write():
        with pytest.raises(LockerBusyError), other.write():
            pass
        assert other.catch_up_search() is True
    fill(index)
    with index.write():
        assert other.catch_up_search() is False
        assert len(other.search("secret", limit=5)) == 5
    with other.write():
        pass
    other.close()


def test_write_is_not_reentrant(index: Index) -> None:
    with index.write(), pytest.raises(RuntimeError), index.write():
        pass


def test_closed(index: Index) -> None:
    index.close()
    with pytest.raises(LocalFileError), index.read():
        pass


def _other_process(path: str, number: int) -> None:
    index = Index(path, KEY)
    for step in range(10):
        with index.write() as session:
            lamport = session.records.lamport() + 1
            node = some_id(number * 10 + step)
            session.apply(entry(number, step + 1, lamport, [Create(node, ROOT, b"n", 0, 0, 0, None)]))
            session.records.set_head(HeadRow(device_id(number), step + 1, bytes(32), lamport, 0))
    index.close()


def test_processes_share_it(path: str) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_other_process, args=(path, number)) for number in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    index = Index(path, KEY)
    with index.read() as session:
        assert session.records.lamport() == 20
        assert session.view.counters()["folders"] == 20
    index.close()


def test_migrations_run_once_and_newer_files_are_refused(path: str) -> None:
    Database(path, KEY).close()
    more = (*MIGRATIONS, "CREATE TABLE of_tests (id INTEGER PRIMARY KEY)")
    for _ in range(2):
        database = Database(path, KEY, migrations=more)
        with database.write() as connection:
            connection.execute("INSERT INTO of_tests DEFAULT VALUES")
        database.close()
    with pytest.raises(LocalFileError, match="newer"):
        Database(path, KEY)
    broken = Database(path, KEY, migrations=more)
    broken.close()
    with pytest.raises(apsw.SQLError):
        Database(path, KEY, migrations=(*more, "CREATE TABLE a (b); NONSENSE"))
    database = Database(path, KEY, migrations=more)
    with database.read() as connection:
        assert connection.execute("SELECT count(*) FROM of_tests").fetchall() == [(2,)]
        assert connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'a'").fetchall() == []
    database.close()


def test_records(index: Index) -> None:
    one, two = device_id(0), device_id(1)
    head = HeadRow(one, 3, b"h" * 32, 9, 1234, ((two, 4),))
    with index.write() as session:
        records = session.records
        records.add_device(DeviceRow(one, b"s", b"k", "laptop", 5, b""))
        records.add_device(DeviceRow(one, b"x", b"y", "other", 5, b""))
        records.add_device(DeviceRow(two, b"s2", b"k2", "phone", 6, one))
        records.set_head(head)
        records.set_pending(4, b"record")
        records.set_meta("store", b"1")
        records.set_epoch_secret(EpochId(b"e" * 8), b"\x05" * 32, 0)
        cutoff = Cutoff(two, 7, b"c" * 32)
        rekey = Rekey(1, EpochId(b"f" * 8), (cutoff, Cutoff(two, 8, b"c" * 32)), ())
        changes = session.apply(entry(0, 4, 10, [rekey, Condemn((PackId(b"p" * 16),))]))
        assert changes.rekeys == [(Stamp(10, one, 0), rekey)]
        records.set_epoch_secret(EpochId(b"f" * 8), b"\x06" * 32)
    with index.read() as session:
        records = session.records
        assert records.heads() == {one: head}
        assert records.head(one) == head
        assert records.head(two) is None
        assert records.lamport() == 9
        assert [row.name for row in records.devices().values()] == ["laptop", "phone"]
        assert records.devices()[two].cutoff_seq == 7
        assert records.devices()[two].revoked
        assert records.pending() == (4, b"record")
        assert records.meta("store") == b"1"
        epochs = records.epochs()
        assert [(row.number, row.secret) for row in epochs.values()] == [(0, b"\x05" * 32), (1, b"\x06" * 32)]
        assert "\\x05" not in repr(epochs)
        assert [(row.pack, row.seq, row.stamp) for row in records.condemned()] == [(b"p" * 16, 4, Stamp(10, one, 1))]
        assert records.device_name(one) == "laptop"
        assert records.device_name(DeviceId(b"\xab" * 16)) == "abababab"
    with index.write() as session:
        session.records.clear_pending()
        session.records.forget_condemned([PackId(b"p" * 16)])
        session.records.set_meta("store", None)
        assert session.records.pending() is None
        assert session.records.condemned() == []
        assert session.records.meta("store") is None


def test_stable_lamport(index: Index) -> None:
    one, two = device_id(0), device_id(1)
    with index.write() as session:
        records = session.records
        records.add_device(DeviceRow(one, b"s", b"k", "laptop", 5, b""))
        assert records.stable_lamport() == 0
        records.set_head(HeadRow(one, 1, bytes(32), 5, 0))
        records.set_head(HeadRow(one, 2, bytes(32), 6, 0))
        assert records.stable_lamport() == 6
        records.add_device(DeviceRow(two, b"s", b"k", "phone", 5, b""))
        assert records.stable_lamport() == 0
        records.set_head(HeadRow(two, 1, bytes(32), 8, 0, ((one, 1),)))
        assert records.stable_lamport() == 5  # the phone has not seen the laptop's second entry, whatever its clock
        session.table.add_cutoff(two, 1, bytes(32))
        assert records.stable_lamport() == 6


def test_search_follows_creates_renames_and_purges(index: Index) -> None:
    names = ["Report 2023.pdf", "Übergröße.txt", "café", "日本語の本.txt", 'quo"te OR x', "ab"]
    ops = [Create(some_id(n), ROOT, name.encode(), 1, 0, 0, content(n)) for n, name in enumerate(names)]
    ops.append(Create(some_id(6), ROOT, b"bad \xff\xfe name", 1, 0, 0, content(6)))
    with index.write() as session:
        session.apply(entry(0, 1, 1, ops))

    def found(text: str, *, trashed: bool = False) -> list[str]:
        return sorted(row.name for _, row in index.search(text, trashed=trashed))

    for _ in range(2):  # first while the table is being filled, then from it
        assert found("PORT 20") == ["Report 2023.pdf"]
        assert found("ubergrosse") == ["Übergröße.txt"]
        assert found("CAFÉ") == found("cafe") == ["café"]
        assert found("日本語") == found("本語の本") == ["日本語の本.txt"]
        assert found('o"te or') == ['quo"te OR x']
        assert found("b") == ["ab", "bad \udcff\udcfe name", "Übergröße.txt"]
        assert found("bad ") == ["bad \udcff\udcfe name"]
        assert found("nothing") == found("") == []
    with index.write() as session:
        session.apply(entry(0, 2, 2, [Move(some_id(0), ROOT, b"Summary.pdf"), Move(some_id(2), TRASH, b"caf\xc3\xa9")]))
    for _ in range(2):
        assert found("report") == []
        assert found("summary") == ["Summary.pdf"]
        assert found("café") == []
        assert found("café", trashed=True) == ["café"]
        assert index.catch_up_search()


def test_a_checkpoint_that_contradicts_itself_is_refused(path: str, index: Index, tmp_path: Path) -> None:
    folders = [Create(some_id(n), ROOT, b"d%d" % n, 0, 0, 0, None) for n in range(2)]
    with index.write() as session:
        session.apply(entry(0, 1, 1, folders))
    with index.read() as session:
        rows = [row for batch in session.dump() for row in batch]
    first, second = rows
    from msgspec.structs import replace

    loop = [
        replace(first, place=replace(first.place, parent=second.key)),  # type: ignore[union-attr,type-var]
        replace(second, place=replace(second.place, parent=first.key)),  # type: ignore[union-attr,type-var]
    ]
    missing = [replace(first, place=replace(first.place, parent=999))]  # type: ignore[union-attr,type-var]
    for number, bad in enumerate((loop, missing, [first, first])):
        other = Index(str(tmp_path / f"{number}.db"), KEY)
        with pytest.raises(DecodeError), other.write() as session:
            session.load([bad])  # type: ignore[list-item]
        with other.write() as session:
            session.load([rows])
            assert len(session.view.list_folder(ROOT)) == 2
        other.close()


def test_errors_are_ours(path: str, index: Index) -> None:
    with pytest.raises(MegaDeskError), Database(path, KEY).errors():
        raise apsw.IOError("disk I/O error")


def test_no_sizes_that_are_claimed_are_too_much(index: Index) -> None:
    """The largest file that the format allows is 2**53 bytes: 1,100 of them are more than SQLite can count."""
    huge = FileContent(1 << 53, (), 1 << 20)
    count = 1100
    ids = [NodeId(b"\xab" * 14 + n.to_bytes(2, "big")) for n in range(count)]
    ops = [Create(ids[n], ROOT, b"%d" % n, 1, 0o600, n, huge) for n in range(count)]
    with index.write() as session:
        session.apply(entry(0, 1, 1, ops))
    with index.read() as session:
        assert session.view.counters()["bytes"] == count << 53
        assert session.view.totals(ROOT).size_bytes == count << 53
    with index.write() as session:
        session.apply(entry(0, 2, 2, [Purge(each, (VersionId(each),)) for each in ids]))
    with index.read() as session:
        assert session.view.counters()["bytes"] == 0
        assert session.view.totals(ROOT).size_bytes == 0
