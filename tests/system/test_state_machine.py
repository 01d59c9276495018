"""Devices, crashes and bad storage in any order (issue: "Hypothesis state machine").

Two machines. In ``Many`` two to four devices act without waiting for each other, on storage that fails, on storage that
an adversary owns, and die at any step. Whatever happens: no wrong bytes, no loss of what was not purged, no entry
number signed twice; and when all is quiet every device has the same tree, which is the one that a plain merge of all
entries in memory gives. In ``OneByOne`` every device looks before it acts, so the tree is known exactly.
"""

from __future__ import annotations

import copy
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from megadesk.core.locker import Locker
from megadesk.errors import IntegrityError, LockerReadOnlyError, PathError, StoreError
from megadesk.stores.fault import Fault, Kind
from megadesk.transfer.records import LIVE
from megadesk.tree.rows import NodeRow, Order
from megadesk.types import ROOT, NodeId, NodeKind, VersionId
from tests.lockers import Device, Killed, LockerRig, write
from tests.system.storage_model import Ledger, OwnedStore, Version, read_content, replayed_digest, scratch_folder

NAMES = ("a", "b", "a.txt", "ü")
INDEX = st.integers(0, 99)
STEP = st.integers(1, 40)


class Many(RuleBasedStateMachine):
    """See the module. Rules take numbers; what they mean is chosen among what is there."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=scratch_folder(Path(tempfile.gettempdir()))))
        self.store = OwnedStore()
        self.rig = LockerRig(self.folder / "homes", self.store)
        self.ledger = Ledger()
        self.faulty: set[str] = set()
        self.snapshots: list[dict[str, bytes]] = []
        self.counter = 0

    @initialize(devices=st.integers(2, 3))
    def begin(self, devices: int) -> None:
        for _ in range(devices):
            self.rig.enrol().open()
        self.put_folder(0, 0, 3)
        self.check_quiet()

    def teardown(self) -> None:
        try:
            if self.rig.devices:
                self.check_quiet()
        finally:
            self.rig.close()
            shutil.rmtree(self.folder)

    # --- choosing

    def device(self, number: int) -> Device:
        return self.rig.devices[number % len(self.rig.devices)]

    @staticmethod
    def rows(device: Device) -> list[NodeRow]:
        return [row for _, row in device.locker.walk(ROOT)]

    def pick_row(self, device: Device, number: int) -> NodeRow | None:
        rows = self.rows(device)
        return rows[number % len(rows)] if rows else None

    def pick_folder(self, device: Device, number: int) -> NodeId:
        folders = [ROOT, *(row.id for row in self.rows(device) if row.kind is NodeKind.FOLDER)]
        return folders[number % len(folders)]

    # --- what is allowed to happen

    def excuses(self, device: Device) -> tuple[type[Exception], ...]:
        if self.store.owned or device.name in self.faulty or device.locker.read_only_reason:
            return (IntegrityError, StoreError, LockerReadOnlyError)
        return ()

    @contextmanager
    def acting(self, device: Device) -> Iterator[None]:
        """One action: names may vanish meanwhile; more goes wrong only where somebody makes it; death is death."""
        try:
            yield
        except PathError:
            pass
        except Killed:
            device.bury()
            return
        except self.excuses(device):
            pass
        if device.dead:
            device.bury()
            return
        device.kill_at(0)
        self.ledger.learn(device.locker, may_fail=self.excuses(device))

    # --- what people do

    def source(self, name: str, size: int) -> Path:
        self.counter += 1
        content = b"%s %d " % (name.encode(), self.counter)
        content += b"." * (size - len(content))
        self.ledger.offered.add(content)
        return write(self.folder / "out" / str(self.counter) / name, content)

    @rule(d=INDEX, where=INDEX, name=st.sampled_from(NAMES), size=st.sampled_from([0, 300, 5000]))
    def put(self, d: int, where: int, name: str, size: int) -> None:
        device = self.device(d)
        with self.acting(device):
            device.put(self.source(name, size), to=self.pick_folder(device, where))

    @rule(d=INDEX, where=INDEX, count=st.integers(2, 4))
    def put_folder(self, d: int, where: int, count: int) -> None:
        device = self.device(d)
        self.counter += 1
        top = self.folder / "out" / f"{self.counter}" / "tree"
        for number in range(count):
            content = b"tree %d %d" % (self.counter, number)
            self.ledger.offered.add(content)
            write(top / NAMES[number % 2] / f"{number}", content)
        with self.acting(device):
            device.put(top, to=self.pick_folder(device, where))

    @rule(d=INDEX, pick=INDEX)
    def replace(self, d: int, pick: int) -> None:
        device = self.device(d)
        files = [row for row in self.rows(device) if row.kind is NodeKind.FILE and not row.conflict]
        if files:
            row = files[pick % len(files)]
            with self.acting(device):
                device.put(self.source(row.name, 200), to=row.parent)

    @rule(d=INDEX, where=INDEX, name=st.sampled_from(NAMES))
    def mkdir(self, d: int, where: int, name: str) -> None:
        device = self.device(d)
        with self.acting(device):
            folder = self.pick_folder(device, where)
            above = "" if folder == ROOT else device.locker.path_of(folder)
            device.locker.make_folder(f"{above}/{name}")

    @rule(d=INDEX, pick=INDEX, where=INDEX, name=st.none() | st.sampled_from(NAMES))
    def move(self, d: int, pick: int, where: int, name: str | None) -> None:
        device = self.device(d)
        with self.acting(device):
            if row := self.pick_row(device, pick):
                device.locker.move([row.id], self.pick_folder(device, where), new_name=name)

    @rule(d=INDEX, pick=INDEX, where=INDEX)
    def copy(self, d: int, pick: int, where: int) -> None:
        device = self.device(d)
        with self.acting(device):
            if row := self.pick_row(device, pick):
                device.locker.copy([row.id], self.pick_folder(device, where))

    @rule(d=INDEX, pick=INDEX)
    def trash(self, d: int, pick: int) -> None:
        device = self.device(d)
        with self.acting(device):
            paths = [path for path, _ in device.locker.walk(ROOT)]
            if paths:  # by path, so that conflict copies are among them
                device.locker.trash_nodes(["/" + paths[pick % len(paths)]])

    @rule(d=INDEX, pick=INDEX)
    def restore(self, d: int, pick: int) -> None:
        device = self.device(d)
        with self.acting(device):
            if trash := device.locker.trash():
                device.locker.restore([trash[pick % len(trash)].row.id])

    @rule(d=INDEX, pick=INDEX, everything=st.booleans())
    def purge(self, d: int, pick: int, everything: bool) -> None:
        device = self.device(d)
        with self.acting(device):
            trash = [item.row for item in device.locker.trash()]
            if not trash:
                return
            # What comes meanwhile is not purged: it is decided on the newest tree, so look before.
            try:
                device.locker.refresh()
            except (IntegrityError, StoreError):
                return
            trash = [item.row for item in device.locker.trash()]
            chosen = trash if everything else [trash[pick % len(trash)]] if trash else []
            doomed = self.below(device, chosen)
            self.ledger.doubtful |= doomed
            device.locker.purge(None if everything else [row.id for row in chosen])
            self.ledger.doubtful -= doomed
            self.ledger.purged |= doomed

    def below(self, device: Device, tops: list[NodeRow]) -> set[Version]:
        rows = list(tops)
        for top in tops:
            if top.kind is NodeKind.FOLDER:
                rows += [row for _, row in device.locker.walk(top.id)]
        return {(row.id, version.id) for row in rows for version in device.locker.versions(row.id)}

    @rule(d=INDEX, pick=INDEX, which=INDEX)
    def restore_version(self, d: int, pick: int, which: int) -> None:
        device = self.device(d)
        with self.acting(device):
            row = self.pick_row(device, pick)
            if row and (versions := device.locker.versions(row.id)):
                device.locker.restore_version(row.id, versions[which % len(versions)].id)

    @rule(d=INDEX, pick=INDEX)
    def read(self, d: int, pick: int) -> None:
        device = self.device(d)
        with self.acting(device):
            found = self.ledger.learn(device.locker, may_fail=self.excuses(device))
            if found:
                encoded = [*found.values()][pick % len(found)]
                self.ledger.check_read(device.locker, encoded, may_fail=self.excuses(device))

    @rule(d=INDEX)
    def refresh(self, d: int) -> None:
        device = self.device(d)
        with self.acting(device):
            device.locker.refresh()

    @rule(d=INDEX)
    def collect_garbage(self, d: int) -> None:
        device = self.device(d)
        with self.acting(device):
            device.locker.upkeep.collect_garbage()

    @rule(d=INDEX)
    def checkpoint(self, d: int) -> None:
        device = self.device(d)
        with self.acting(device):
            device.locker.write_checkpoint()

    @precondition(lambda self: len(self.rig.devices) < 4)
    @rule()
    def join(self) -> None:
        if self.store.owned:
            return  # what a new device can be shown is another test's (attack row 2)
        device = self.rig.enrol()
        device.open(fresh=True)

    # --- what goes wrong

    @rule(d=INDEX, step=STEP)
    def die_later(self, d: int, step: int) -> None:
        """At one of the next steps: whichever action comes to it."""
        self.device(d).kill_at(step)

    @rule(d=INDEX)
    def die_now(self, d: int) -> None:
        self.device(d).bury()

    @rule(d=INDEX, kinds=st.sets(st.sampled_from([Kind.BEFORE, Kind.AFTER, Kind.TRUNCATE, Kind.CORRUPT, Kind.FULL])))
    def fail(self, d: int, kinds: set[Kind]) -> None:
        device = self.device(d)
        assert device.locker is not None
        assert device.faults is not None
        device.faults.set_faults([Fault(kind, probability=0.3, times=6) for kind in sorted(kinds, key=str)])
        self.faulty.add(device.name)

    @rule()
    def remember(self) -> None:
        self.snapshots.append(self.store.snapshot())

    @precondition(lambda self: self.snapshots)
    @rule(which=INDEX)
    def roll_back(self, which: int) -> None:
        self.store.become(self.snapshots[which % len(self.snapshots)])

    @rule(kind=st.sampled_from(["drop", "flip", "swap", "cut", "plant", "junk"]), pick=st.integers(0, 1 << 20))
    def attack(self, kind: str, pick: int) -> None:
        self.store.attack(kind, pick)

    @rule()
    def heal(self) -> None:
        self.store.heal()

    # --- when all is quiet

    @rule()
    def check_quiet(self) -> None:
        self.store.heal()
        self.faulty.clear()
        for device in self.rig.devices:
            device.kill_at(0)
            if device.faults is not None:
                device.faults.set_faults([])
            device.locker.refresh()
            self.finish_transfers(device)
        for _ in range(4):
            for device in self.rig.devices:
                device.locker.refresh()
        digests = {device.digest() for device in self.rig.devices}
        assert len(digests) == 1, "the devices differ"
        assert digests == {replayed_digest(self.rig, self.store)}, "not what the entries say"
        for device in self.rig.devices:
            assert device.locker.read_only_reason is None
            self.ledger.check_whole(device.locker)
        report = self.rig.devices[0].locker.upkeep.check(read_data=True)
        assert not report.problems, report.problems

    def finish_transfers(self, device: Device) -> None:
        """What was interrupted goes on when it is asked for again."""
        transfers = device.locker.transfers
        for kept in transfers._table.load():
            if kept.record.state in LIVE:
                with self.acting(device):
                    known = any(row.id == kept.id for row in transfers.rows())
                    number = kept.id if known else transfers._add(kept.record, None)
                    transfers.run_now(number)


class Item:
    """A file (``versions``, the current one last) or a folder (``children``) of the known tree."""

    def __init__(self, name: str, versions: list[bytes] | None = None) -> None:
        self.name = name
        self.versions = versions or []
        self.children: dict[str, Item] | None = None if versions else {}

    def copy(self, name: str) -> Item:
        made = Item(name, self.versions[-1:])
        made.children = None if self.children is None else {n: c.copy(n) for n, c in self.children.items()}
        return made

    def shape(self) -> object:
        if self.children is None:
            return sorted(self.versions), self.versions[-1]
        return {name: child.shape() for name, child in sorted(self.children.items())}


class Known:
    """The tree as it must be."""

    def __init__(self) -> None:
        self.root = Item("")
        self.trash: list[tuple[Item, str]] = []  # with the path of the folder that it was in

    def at(self, path: str) -> Item | None:
        item: Item | None = self.root
        for part in path.strip("/").split("/") if path.strip("/") else ():
            item = item.children.get(part) if item is not None and item.children is not None else None
        return item

    def paths(self, *, folders: bool = False) -> list[str]:
        found = [""] if folders else []
        pending = [("", self.root)]
        while pending:
            path, item = pending.pop()
            for name, child in sorted((item.children or {}).items()):
                if child.children is not None or not folders:
                    found.append(f"{path}/{name}")
                if child.children is not None:
                    pending.append((f"{path}/{name}", child))
        return found

    def take(self, path: str) -> Item:
        above, _, name = path.rpartition("/")
        folder = self.at(above)
        assert folder is not None
        assert folder.children is not None
        return folder.children.pop(name)

    def give(self, item: Item, folder: str) -> None:
        parent = self.at(folder)
        assert parent is not None
        assert parent.children is not None
        assert item.name not in parent.children
        parent.children[item.name] = item

    def shape(self) -> object:
        return self.root.shape(), sorted((repr((item.name, item.shape())) for item, _ in self.trash))


class OneByOne(RuleBasedStateMachine):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=scratch_folder(Path(tempfile.gettempdir()))))
        self.store = OwnedStore()
        self.rig = LockerRig(self.folder / "homes", self.store)
        self.known = Known()
        self.counter = 0
        self.bytes_of: dict[bytes, bytes] = {}

    @initialize(devices=st.integers(2, 3))
    def begin(self, devices: int) -> None:
        for _ in range(devices):
            self.rig.enrol().open()

    def teardown(self) -> None:
        try:
            for device in self.rig.devices:
                device.locker.refresh()
                assert self.shape(device) == self.known.shape()
            if self.rig.devices:
                self.download(0)
                assert not self.rig.devices[0].locker.upkeep.check(read_data=True).problems
        finally:
            self.rig.close()
            shutil.rmtree(self.folder)

    def shape(self, device: Device) -> object:
        """What this device shows, in the form of ``Known.shape``."""
        locker = device.locker
        root = {row.display_name: self.item_shape(locker, row) for row in locker.list_folder(ROOT)}
        return root, sorted(repr((entry.row.name, self.item_shape(locker, entry.row))) for entry in locker.trash())

    def item_shape(self, locker: Locker, row: NodeRow) -> object:
        """In the form of ``Item.shape``."""
        if row.kind is NodeKind.FOLDER:
            rows = locker.list_folder(row.id, order=Order.NAME)
            assert all(not child.conflict for child in rows)
            return {child.display_name: self.item_shape(locker, child) for child in rows}
        assert row.head is not None
        versions = [self.content(locker, row.id, version.id) for version in locker.versions(row.id)]
        return sorted(versions), self.content(locker, row.id, row.head)

    def content(self, locker: Locker, node: NodeId, version: VersionId) -> bytes:
        with locker._index.read() as session:
            encoded = session.view.content(node, version)
        assert encoded is not None
        if encoded not in self.bytes_of:
            self.bytes_of[encoded] = read_content(locker, encoded)
        return self.bytes_of[encoded]

    def act(self, d: int, kill: int, real: Callable[[Device], object], known: Callable[[Known], None]) -> None:
        """Do it on a device and on the known tree; dying in the middle, it was done or it was not."""
        device = self.rig.devices[d % len(self.rig.devices)]
        device.locker.refresh()
        before, after = copy.deepcopy(self.known), copy.deepcopy(self.known)
        known(after)
        device.kill_at(kill)
        try:
            real(device)
        except Killed:
            pass
        if device.dead:
            device.bury()
            device.open()
            if self.shape(device) == before.shape():
                real(device)
        device.kill_at(0)
        self.known = after
        assert self.shape(device) == after.shape()

    @staticmethod
    def choose(options: list[str], number: int) -> str:
        return options[number % len(options)]

    kills = st.just(0) | STEP

    @rule(d=INDEX, kill=kills, where=INDEX, name=st.sampled_from(NAMES))
    def put(self, d: int, kill: int, where: int, name: str) -> None:
        folder = self.choose(self.known.paths(folders=True), where)
        self.counter += 1
        content = b"%d" % self.counter
        source = write(self.folder / "out" / str(self.counter) / name, content)

        def known(tree: Known) -> None:
            parent = tree.at(folder)
            assert parent is not None
            assert parent.children is not None
            there = parent.children.get(name)
            if there is not None and there.children is None:
                there.versions.append(content)
                return
            if there is not None:
                tree.trash.append((tree.take(f"{folder}/{name}"), folder))
            tree.give(Item(name, [content]), folder)

        self.act(d, kill, lambda device: device.put(source, to=folder or "/"), known)

    @rule(d=INDEX, kill=kills, where=INDEX, name=st.sampled_from(NAMES))
    def mkdir(self, d: int, kill: int, where: int, name: str) -> None:
        folder = self.choose(self.known.paths(folders=True), where)
        if self.known.at(f"{folder}/{name}") is None:
            path = f"{folder}/{name}"
            self.act(
                d, kill, lambda device: device.locker.make_folder(path), lambda tree: tree.give(Item(name), folder)
            )

    @precondition(lambda self: self.known.paths())
    @rule(d=INDEX, kill=kills, pick=INDEX, where=INDEX, name=st.none() | st.sampled_from(NAMES))
    def move(self, d: int, kill: int, pick: int, where: int, name: str | None) -> None:
        source = self.choose(self.known.paths(), pick)
        folder = self.choose(self.known.paths(folders=True), where)
        wanted = name or source.rpartition("/")[2]
        if f"{folder}/{wanted}" == source:
            return
        if f"{folder}/".startswith(f"{source}/") or self.known.at(f"{folder}/{wanted}") is not None:
            self.rig.devices[0].locker.refresh()
            with pytest.raises(PathError):
                self.rig.devices[0].locker.move([source], folder or "/", new_name=name)
            return

        def known(tree: Known) -> None:
            item = tree.take(source)
            item.name = wanted
            tree.give(item, folder)

        self.act(d, kill, lambda device: device.locker.move([source], folder or "/", new_name=name), known)

    @precondition(lambda self: self.known.paths())
    @rule(d=INDEX, kill=kills, pick=INDEX, where=INDEX)
    def copy_to(self, d: int, kill: int, pick: int, where: int) -> None:
        source = self.choose(self.known.paths(), pick)
        folder = self.choose(self.known.paths(folders=True), where)
        self.counter += 1
        name = f"copy{self.counter}"
        if f"{folder}/".startswith(f"{source}/"):
            return

        def known(tree: Known) -> None:
            item = tree.at(source)
            assert item is not None
            tree.give(item.copy(name), folder)

        self.act(d, kill, lambda device: device.locker.copy([source], folder or "/", new_name=name), known)

    @precondition(lambda self: self.known.paths())
    @rule(d=INDEX, kill=kills, pick=INDEX)
    def trash(self, d: int, kill: int, pick: int) -> None:
        path = self.choose(self.known.paths(), pick)

        def known(tree: Known) -> None:
            tree.trash.append((tree.take(path), path.rpartition("/")[0]))

        self.act(d, kill, lambda device: device.locker.trash_nodes([path]), known)

    @precondition(lambda self: self.known.trash)
    @rule(d=INDEX, kill=kills, where=INDEX)
    def restore(self, d: int, kill: int, where: int) -> None:
        """What lies on top of its name, to a folder of choice."""
        item = self.known.trash[-1][0]
        folder = self.choose(self.known.paths(folders=True), where)
        if self.known.at(f"{folder}/{item.name}") is not None:
            return
        shape = repr(item.shape())

        def known(tree: Known) -> None:
            at = next(i for i, (it, _) in enumerate(tree.trash) if it.name == item.name and repr(it.shape()) == shape)
            tree.give(tree.trash.pop(at)[0], folder)

        def real(device: Device) -> None:
            for entry in device.locker.trash():
                if entry.row.name == item.name and repr(self.item_shape(device.locker, entry.row)) == shape:
                    device.locker.restore([entry.row.id], to=folder or "/")
                    return
            raise AssertionError("not in the trash")

        self.act(d, kill, real, known)

    @precondition(lambda self: self.known.trash)
    @rule(d=INDEX, kill=kills)
    def empty_trash(self, d: int, kill: int) -> None:
        self.act(d, kill, lambda device: device.locker.purge(None), lambda tree: tree.trash.clear())

    @rule(d=INDEX, kill=kills)
    def collect_garbage(self, d: int, kill: int) -> None:
        self.act(d, kill, lambda device: device.locker.upkeep.collect_garbage(), lambda tree: None)

    @rule(d=INDEX, kill=kills)
    def checkpoint(self, d: int, kill: int) -> None:
        self.act(d, kill, lambda device: device.locker.write_checkpoint(), lambda tree: None)

    @precondition(lambda self: len(self.rig.devices) < 4)
    @rule()
    def join(self) -> None:
        device = self.rig.enrol()
        device.open(fresh=True)
        assert self.shape(device) == self.known.shape()

    @rule(d=INDEX)
    def download(self, d: int) -> None:
        """Everything as files."""
        device = self.rig.devices[d % len(self.rig.devices)]
        device.locker.refresh()
        self.counter += 1
        out = self.folder / "in" / str(self.counter)
        tops = [row.id for row in device.locker.list_folder(ROOT)]
        if not tops:
            return
        device.get(*tops, to=out)

        def shape(path: Path) -> object:
            return {at.name: shape(at) if at.is_dir() else at.read_bytes() for at in path.iterdir()}

        def expected(item: Item) -> object:
            if item.children is None:
                return item.versions[-1]
            return {name: expected(child) for name, child in item.children.items()}

        assert shape(out) == expected(self.known.root)


CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@pytest.mark.usefixtures("expected_warnings")
@pytest.mark.parametrize("machine", [Many, OneByOne])
def test_devices_on_bad_storage(machine: type[RuleBasedStateMachine]) -> None:
    run_state_machine_as_test(
        machine, settings=settings(max_examples=25, stateful_step_count=20, suppress_health_check=CHECKS)
    )


@pytest.mark.long
@pytest.mark.usefixtures("expected_warnings")
@pytest.mark.parametrize("machine", [Many, OneByOne])
def test_devices_on_bad_storage_for_long(machine: type[RuleBasedStateMachine]) -> None:
    """At least 20,000 steps each."""
    run_state_machine_as_test(
        machine, settings=settings(max_examples=450, stateful_step_count=50, suppress_health_check=CHECKS)
    )
