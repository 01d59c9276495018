"""A core and a locker of made-up rows, in the place of the real ones."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

import msgspec
from examples import node_id, row

from megadesk.core.answers import FoundRow, LockerStatus, StoredIn
from megadesk.core.check import CheckReport
from megadesk.core.credentials import KeptCredentials
from megadesk.core.devices import DeviceRow
from megadesk.core.link_places import ABILITIES, PlaceAbilities
from megadesk.core.links import LinkRow, LinkSettings
from megadesk.core.probe import StoreTestResult, Verdict
from megadesk.core.recent import RecentRow
from megadesk.core.reencryption import ReencryptStatus
from megadesk.core.remote import RemoteListing
from megadesk.core.sync import SyncPairRow
from megadesk.errors import MegaDeskError, PathError
from megadesk.format.ops import LinkPlace
from megadesk.format.pairing import make_pairing
from megadesk.state.keychain import KeychainStatus
from megadesk.state.registry import LockerRecord
from megadesk.state.settings import SettingsFile
from megadesk.stores.api import ObjectInfo
from megadesk.sync.pairs import Fix, PairState, SyncProblem
from megadesk.sync.values import Mode
from megadesk.transfer.port import Asker, Conflict, FileFailure
from megadesk.transfer.records import LIVE, State, TransferRow
from megadesk.tree.names import fold
from megadesk.tree.rows import NodeRow, Order, TrashRow, VersionRow
from megadesk.tree.table import Totals
from megadesk.types import ROOT, NodeId, NodeKind, VersionId

RECORD = LockerRecord("Test", "/somewhere/store", "00" * 32, 0, Path("/nowhere"))


@dataclass
class FakeTransfers:
    shown: list[TransferRow] = field(default_factory=list)
    calls: list[tuple[str, int]] = field(default_factory=list)
    left_out: list[FileFailure] = field(default_factory=list)

    def start(self) -> None:
        self.calls.append(("start", 0))

    def rows(self) -> list[TransferRow]:
        return list(self.shown)

    def count(self) -> int:
        return len(self.shown)

    def live_count(self) -> int:
        return sum(row.state in LIVE for row in self.shown)

    def failures(self, number: int, /) -> list[FileFailure]:
        return self.left_out

    def pause(self, number: int, /) -> None:
        self.calls.append(("pause", number))

    def resume(self, number: int, /) -> None:
        self.calls.append(("resume", number))

    def cancel(self, number: int, /) -> None:
        self.calls.append(("cancel", number))

    def retry(self, number: int, /) -> None:
        self.calls.append(("retry", number))

    def remove(self, number: int, /) -> None:
        self.calls.append(("remove", number))
        self.shown = [row for row in self.shown if row.id != number]

    def move_to(self, number: int, index: int, /) -> None:
        self.calls.append(("move", number))

    def retry_all(self) -> None:
        self.calls.append(("retry all", 0))

    def remove_ended(self) -> None:
        self.calls.append(("remove ended", 0))

    def pause_all(self) -> None:
        self.calls.append(("pause all", 0))

    def resume_all(self) -> None:
        self.calls.append(("resume all", 0))

    def revision(self) -> int:
        return hash(tuple((row.id, row.state) for row in self.shown))

    def running(self) -> list[TransferRow]:
        return [row for row in self.shown if row.state is State.RUNNING]


class FakeNotes:
    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.thumbnails: dict[bytes, bytes] = {}

    def get(self, name: str, /) -> bytes | None:
        return self.kept.get(name)

    def put(self, name: str, value: bytes, /) -> None:
        self.kept[name] = value

    def thumbnail(self, version: VersionId, /) -> bytes | None:
        return self.thumbnails.get(version)

    def put_thumbnail(self, version: VersionId, data: bytes, /) -> None:
        self.thumbnails[version] = data


STATUS = LockerStatus(
    name="",
    locker_id="00" * 32,
    store_address="",
    store_kind="folder",
    free_bytes=412_000_000_000,
    files=1_912,
    folders=214,
    bytes=38_400_000_000,
    entries=417,
    devices=2,
    pending_transfers=0,
    refreshed_ms=1_779_104_000_000,
    checked_ms=1_779_000_000_000,
    read_only_reason=None,
    trouble=None,
)


class FakeReencryption:
    """As it is told to be."""

    def __init__(self) -> None:
        self.now = ReencryptStatus()

    def status(self, *, survey: bool = False) -> ReencryptStatus:
        return self.now

    def ask(self) -> None:
        self.now = replace(self.now, wanted=True, paused=False)

    def pause(self) -> None:
        self.now = replace(self.now, paused=True)


class FakeUpkeep:
    def __init__(self) -> None:
        self.collected = 0

    def check(self, *, read_data: bool = False) -> CheckReport:
        return CheckReport()

    def collect_garbage(self) -> object:
        self.collected += 1
        return None


class FakeSync:
    """Pairs and problems as they are put in."""

    def __init__(self) -> None:
        self.rows: list[SyncPairRow] = []
        self.stuck: list[SyncProblem] = []
        self.done: list[tuple[object, ...]] = []
        self.refuse: Exception | None = None

    def pairs(self) -> list[SyncPairRow]:
        return self.rows

    def problems(self, pair: int | None = None, /) -> list[SyncProblem]:
        return self.stuck

    def state(self) -> PairState:
        return self.rows[0].state if self.rows else PairState.IDLE

    def add(self, root: str, folder: str, /, *, mode: Mode = Mode.TWO_WAY) -> int:
        if self.refuse is not None:
            raise self.refuse
        self.done.append(("add", root, folder, mode))
        return 1

    def remove(self, pair: int, /) -> None:
        self.done.append(("remove", pair))

    def pause(self, pair: int | None = None, /, *, until_ms: int = 0) -> None:
        self.done.append(("pause", pair, until_ms))

    def resume(self, pair: int | None = None, /) -> None:
        self.done.append(("resume", pair))

    def run_now(self, pair: int | None = None, /) -> None:
        self.done.append(("run", pair))

    def resolve(self, problem: str, fix: Fix, /) -> None:
        self.done.append(("resolve", problem, fix))
        self.stuck = [each for each in self.stuck if each.id != problem]


class FakeLinks:
    """Links of a locker whose storage serves them."""

    def __init__(self) -> None:
        self.rows: list[LinkRow] = []
        self.taken_back: list[str] = []
        self.served = ""

    def ledger(self) -> NoReturn:
        raise PathError("There is none.")

    def announce(self, base_url: str, /) -> None:
        self.served = base_url

    def served_at(self) -> str:
        return self.served

    def settings(self) -> LinkSettings:
        return LinkSettings()

    def set_settings(self, settings: LinkSettings, /) -> None: ...

    def places(self) -> list[PlaceAbilities]:
        return [ABILITIES[LinkPlace.SERVER], ABILITIES[LinkPlace.FILE]]

    def list(self, *, counts: bool = True) -> list[LinkRow]:
        return self.rows

    def make(self, where: str | NodeId, options: object = None, /, *, progress: object = None) -> LinkRow:
        return self.rows[0]

    def keep(self, link: object, dest: object, /, *, progress: object = None, control: object = None) -> NodeId:
        return node_id(1)

    def revoke(self, link: str, /, *, rekey: bool = False) -> LinkRow:
        self.taken_back.append(f"{link} anew" if rekey else link)
        return next(row for row in self.rows if row.id == link)


class FakeLocker:
    """Folders are lists of rows; a change is noted and done."""

    def __init__(self, rows: Sequence[NodeRow] = ()) -> None:
        self.record = RECORD
        self.read_only_reason: str | None = None
        self.transfers = FakeTransfers()
        self.folders: dict[NodeId, list[NodeRow]] = {ROOT: list(rows)}
        self.paths: dict[NodeId, str] = {ROOT: "/"}
        self.uploads: list[tuple[list[str], object]] = []
        self.upkeep = FakeUpkeep()
        self.downloads: list[tuple[list[object], str]] = []
        self.trashed: list[object] = []
        self.restored: list[NodeId] = []
        self.refreshed = 0
        self.closed = False
        self.fail: Exception | None = None
        self.fail_refresh: Exception | None = None
        self.notes = FakeNotes()
        self.links = FakeLinks()
        self.sync = FakeSync()
        self.trouble: MegaDeskError | None = None
        self.recents: list[RecentRow] = []
        self.in_trash: list[TrashRow] = []
        self.kept_versions: list[VersionRow] = []
        self.contents: dict[str, bytes] = {}
        self.computers: list[DeviceRow] = []
        self.reencryption = FakeReencryption()

    def _may(self) -> None:
        if self.fail is not None:
            raise self.fail

    def start(self) -> None:
        self.transfers.start()

    def refresh(self) -> None:
        self.refreshed += 1
        if self.fail_refresh is not None:
            raise self.fail_refresh

    def node(self, where: str | NodeId, /) -> NodeRow:
        for folder, rows in self.folders.items():
            for each in rows:
                path = f"{self.paths.get(folder, '').rstrip('/')}/{each.display_name}"
                if where in (each.id, path):
                    return each
        for item in self.in_trash:
            if item.row.id == where:
                return item.row
        raise PathError("There is none.")

    def path_of(self, node: NodeId, /) -> str:
        if node in self.paths:
            return self.paths[node]
        for folder, rows in self.folders.items():
            for each in rows:
                if each.id == node and folder in self.paths and each.kind is not NodeKind.FOLDER:
                    return f"{self.paths[folder].rstrip('/')}/{each.display_name}"
        for item in self.in_trash:
            if item.row.id == node:
                return item.path or f"/{item.row.name}"
        raise PathError("That file or folder is no longer in the locker.")

    def list_folder(
        self, where: str | NodeId, /, *, order: Order = Order.NATURAL, limit: int | None = None
    ) -> list[NodeRow]:
        self._may()
        if isinstance(where, str) or where not in self.folders:
            raise PathError("That folder is no longer in the locker.")
        return self.folders[where][:limit]

    def upload(
        self,
        sources: Sequence[str],
        dest: str | NodeId,
        /,
        *,
        conflict: Conflict = Conflict.REPLACE,
        ask: Asker | None = None,
    ) -> int:
        self._may()
        self.uploads.append((list(sources), dest))
        return 1

    def download(
        self, sources: Sequence[str | NodeId], dest_dir: str, /, *, conflict: Conflict = Conflict.KEEP_BOTH
    ) -> int:
        self._may()
        self.downloads.append((list(sources), dest_dir))
        return 1

    def make_folder(self, path: str, /) -> NodeRow:
        self._may()
        made = row(len(self.folders[ROOT]) + 1000, path.rpartition("/")[2], folder=True)
        self.folders[ROOT].append(made)
        self.folders[made.id] = []
        self.paths[made.id] = path
        return made

    def move(self, sources: Sequence[str | NodeId], dest: str | NodeId, /, *, new_name: str | None = None) -> None:
        self._may()
        rows = self.folders[ROOT]
        self.folders[ROOT] = [
            msgspec.structs.replace(each, name=new_name, display_name=new_name)
            if each.id in sources and new_name
            else each
            for each in rows
        ]

    def trash_nodes(self, sources: Sequence[str | NodeId], /) -> int:
        self._may()
        self.trashed += sources
        self.folders[ROOT] = [each for each in self.folders[ROOT] if each.id not in sources]
        return len(sources)

    def restore(self, nodes: Sequence[NodeId], /, *, to: str | NodeId | None = None) -> None:
        self._may()
        self.restored += nodes

    def copy(
        self, sources: Sequence[str | NodeId], dest: str | NodeId, /, *, new_name: str | None = None
    ) -> list[NodeRow]:
        self._may()
        return []

    def purge(self, nodes: Sequence[NodeId] | None, /) -> int:
        self._may()
        return 0

    def trash(self) -> list[TrashRow]:
        return list(self.in_trash)

    def versions(self, where: str | NodeId, /) -> list[VersionRow]:
        return list(self.kept_versions)

    def restore_version(self, where: str | NodeId, version: VersionId, /) -> None:
        self._may()

    def save_now(
        self, sources: Sequence[str | NodeId], dest_dir: str, /, *, control: object = None, board: object = None
    ) -> list[str]:
        self._may()
        return []

    def download_version(self, where: str | NodeId, version: VersionId, dest_dir: str, /) -> str:
        return dest_dir

    def find(self, text: str, /, *, limit: int = 1000) -> list[FoundRow]:
        needle = fold(text)
        return [
            FoundRow(f"{self.paths[folder].rstrip('/')}/{each.display_name}", each)
            for folder, rows in self.folders.items()
            for each in rows
            if needle in fold(each.display_name)
        ][:limit]

    def recent(self, limit: int = 200, /) -> list[RecentRow]:
        return [RecentRow(f"/{each.name}", each, each.mtime_ns // 10**6) for each in self.folders[ROOT]][:limit]

    def totals(self, where: str | NodeId, /) -> Totals:
        return Totals(0, 0, 0, 0)

    def stored(self, where: str | NodeId, /) -> StoredIn:
        return StoredIn(self.record.store_address, 1, 1)

    def read_file(self, where: str | NodeId, /, *, version: VersionId | None = None, max_bytes: int) -> bytes:
        return self.contents.get(self.node(where).name, b"")[:max_bytes]

    def devices(self) -> list[DeviceRow]:
        return self.computers

    def pairing_code(self) -> str:
        self._may()
        return make_pairing(bytes(32), "davs://cloud.example/files", ())

    def revoke_device(self, device: str, /) -> None:
        self._may()
        self.computers = [replace(row, revoked=row.revoked or row.id.hex() == device) for row in self.computers]

    def walk(self, where: str | NodeId, /) -> Iterator[tuple[str, NodeRow]]:
        for each in self.folders[ROOT]:
            yield each.display_name, each

    def status(self, *, survey: bool = False) -> LockerStatus:
        return replace(STATUS, name=self.record.name, store_address=self.record.store_address)

    def remote_listing(self, limit: int = 2000, /) -> RemoteListing:
        """As a folder with a few uploads looks."""
        chance = random.Random(7)
        packs = sorted(f"{chance.randrange(16**32):032x}" for _ in range(24))
        objects = [ObjectInfo("locker", 4288), ObjectInfo("devices/1", 2816), ObjectInfo("checkpoints/5d0e", 61_440)]
        device = f"{chance.randrange(16**32):032x}"
        objects += [ObjectInfo(f"log/{device}/{number}", 704 + 512 * (number % 5)) for number in range(1, 9)]
        for name in packs:
            objects.append(ObjectInfo(f"packs/{name[:2]}/{name}", 16_777_216 - 65_536 * (int(name[:2], 16) % 9)))
        return RemoteListing(tuple(sorted(objects)), complete=True)

    def close(self) -> None:
        self.closed = True


@dataclass
class FakeNewLocker:
    locker: FakeLocker
    recovery_key: str = ""


class FakeCore:
    """A computer without lockers."""

    settings = SettingsFile(Path("/nowhere/settings.json"))

    def lockers(self) -> list[LockerRecord]:
        return [RECORD]

    def default_store_address(self, name: str, /) -> str:
        return f"/somewhere/{name}"

    def create_locker(self, passphrase: str, /, **_: object) -> FakeNewLocker:
        return FakeNewLocker(FakeLocker())

    def join_locker(self, store: str, passphrase: str, recovery_key: str, /, **_: object) -> FakeLocker:
        return FakeLocker()

    def unlock(self, name: str | None, passphrase: str, /) -> FakeLocker:
        return FakeLocker()

    def reset_passphrase(self, name: str, recovery_key: str, new: str, /, **_: object) -> FakeLocker:
        return FakeLocker()

    def test_store(self, address: str, credentials: object = None, /, *, create: bool = False) -> StoreTestResult:
        return StoreTestResult(Verdict.OK, kind="folder", free_bytes=412_000_000_000, answer_s=0.003)

    def trust_host(self, known_hosts_line: str, /) -> None:
        return

    def change_passphrase(self, name: str | None, old: str, new: str, /) -> None:
        return

    def set_store_credentials(self, name: str | None, credentials: object, /) -> None:
        return

    def store_credentials(self, name: str | None, /) -> list[KeptCredentials]:
        return []

    def keychain(self) -> KeychainStatus:
        return KeychainStatus(True, "Secret Service", "")

    def is_remembered(self, name: str | None, /) -> bool:
        return False

    def remember(self, name: str | None, passphrase: str, /) -> None:
        return

    def unlock_remembered(self, name: str | None, /) -> FakeLocker | None:
        return None

    def forget_remembered(self, name: str | None, /) -> None:
        return

    def forget_locker(self, name: str, /) -> None:
        return

    def apply_limits(self) -> None:
        return

    def close(self) -> None:
        return
