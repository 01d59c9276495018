"""An open locker: the only way in which windows, commands and tests reach its contents."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from megadesk.core.answers import FoundRow, LockerStatus, StoredIn
from megadesk.core.checkpoints import Checkpoints
from megadesk.core.devices import DeviceRow, device_rows, revoke
from megadesk.core.edit import Editor, Where, find_row
from megadesk.core.events import (
    EventSink,
    FoldersChanged,
    LinksChanged,
    LockerStateChanged,
    ReencryptionChanged,
    StoreTrouble,
    SyncChanged,
    TransferChanged,
)
from megadesk.core.garbage import GcReport
from megadesk.core.history import History, RefreshResult
from megadesk.core.links import Links
from megadesk.core.notes import Notes
from megadesk.core.pairing import Expected, code_for
from megadesk.core.port import Port, download_source
from megadesk.core.recent import RecentRow, recent
from megadesk.core.redundancy import PartState, Redundancy
from megadesk.core.reencryption import Reencryption
from megadesk.core.remote import RemoteListing, remote_listing
from megadesk.core.renewals import as_saved
from megadesk.core.secrets import LockerSecrets
from megadesk.core.sync import SyncPairs
from megadesk.core.sync_port import LockerSyncPort
from megadesk.core.upkeep import META_CHECKED, Upkeep
from megadesk.core.watch import Others, Watch
from megadesk.crypto.hpke import HpkeKey
from megadesk.errors import (
    IntegrityError,
    LockerReadOnlyError,
    MegaDeskError,
    PathError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)
from megadesk.format import names
from megadesk.state.beacon import Beacon
from megadesk.state.floor import SeqFloor
from megadesk.state.index.index import Index
from megadesk.state.lock import FileLock
from megadesk.state.registry import LockerRecord
from megadesk.stores.api import Store
from megadesk.stores.handles import Listening
from megadesk.stores.open import folder_path, parts_of, scheme_of
from megadesk.sync.vanished import forget_vanished
from megadesk.transfer.control import Control
from megadesk.transfer.download import Download
from megadesk.transfer.port import Asker, Conflict, ConflictResolver
from megadesk.transfer.progress import Board
from megadesk.transfer.queue import TransferManager
from megadesk.transfer.tables import SqlTransfers
from megadesk.transfer.upload import UploadOptions
from megadesk.tree.rows import NodeRow, Order, TrashRow, VersionRow
from megadesk.tree.table import Totals
from megadesk.types import ROOT, TRASH, DeviceId, LockerId, NodeId, ProgressCallback, VersionId

if TYPE_CHECKING:
    from megadesk.core.sync_engine import SyncEngine

log = logging.getLogger(__name__)

_META_REFRESHED = "refreshed_ms"


class Locker:
    """Thread-safe. Every method may wait for the disk or the storage: never call one on a window's thread.

    Reading needs no storage, only the index. Changes raise LockerReadOnlyError while the history is in doubt.
    """

    def __init__(
        self,
        record: LockerRecord,
        secrets: LockerSecrets,
        store: Store,
        sink: EventSink,
        *,
        recovery: HpkeKey | None = None,
        options: UploadOptions | None = None,
        waits: Control | None = None,
        probe: Callable[[], object] | None = None,
    ) -> None:
        """``waits`` is what the store's retries and speed limits wait by: cancelled, they give up at once. ``probe``
        asks the storage whether it is there, without retries."""
        self.record = record
        self.locker_id: LockerId = secrets.locker_id
        self.device_id: DeviceId = secrets.device
        self.read_only_reason: str | None = None
        self.trouble: MegaDeskError | None = None
        """Why the last refresh failed; None when it did not."""
        self._secrets = secrets
        self._store = store
        self._sink = sink
        self._recovery = recovery
        self._waits = waits or Control()
        self._closed = False
        self._close_lock = threading.Lock()
        self._watch: Watch | None = None
        self._index = Index(str(record.index_file), secrets.index_key)
        self._history = History(
            store,
            self._index,
            secrets,
            FileLock(record.lock_file("append")),
            SeqFloor(record.folder / "own_seq"),
            self._changed,
            recovery=recovery,
            on_rebuilt=forget_vanished,
        )
        self._uploads_lock = FileLock(record.lock_file("uploads"), what="The locker's storage")
        own = [str(record.folder)]
        own += [folder_path(part) for part in parts_of(record.store_address) if scheme_of(part) in ("", "file")]
        self._port = Port(store, self._index, self._history, secrets, self._uploads_lock, own)
        self._editor = Editor(self._index, self._history)
        self.notes = Notes(self._index)
        self.links = Links(
            self._index,
            self._history,
            self._port,
            secrets.device,
            record.name,
            Beacon(record.folder / "sharing", FileLock(record.lock_file("sharing"), what="The sharing of links")),
            self._changing,
            lambda: sink(LinksChanged(record.name)),
        )
        self._redundancy = Redundancy(store)
        self._sync_engine: SyncEngine | None = None
        self.sync = SyncPairs(
            LockerSyncPort(self._port, self._index, self._history, secrets.device),
            self._index,
            FileLock(record.lock_file("sync"), what="Sync"),
            own,
            self._folder_for_sync,
            lambda pair: sink(SyncChanged(record.name, pair)),
        )
        self._expected = Expected(self._index, self._history)
        self._checkpoints = Checkpoints(store, self._index, self._history, secrets)
        self.reencryption = Reencryption(
            self._index,
            self._history,
            self._port,
            secrets,
            FileLock(record.lock_file("reencrypt"), what="The encryption"),
            self._changing,
            lambda: bool(self.transfers.running()),
            self._tidy,
            lambda: sink(ReencryptionChanged(record.name)),
        )
        self.upkeep = Upkeep(
            store,
            self._index,
            self._history,
            self._port,
            secrets.device,
            self._uploads_lock,
            self._checkpoints,
            self._redundancy,
            self.reencryption,
            self._changing,
            self.refresh,
        )
        self.transfers = TransferManager(
            self._port,
            SqlTransfers(self._index),
            record.folder,
            self._port.items,
            lambda transfer: sink(TransferChanged(record.name, transfer)),
            upload_options=options,
            probe=probe,
        )

    def __repr__(self) -> str:
        return f"<Locker {self.record.name!r}>"

    @property
    def closed(self) -> bool:
        return self._closed

    # --- history

    def _folder_for_sync(self, path: str) -> NodeId:
        with self._changing():
            return self._editor.make_folder(path, parents=True)

    def _changed(self, changes: object) -> None:
        if getattr(changes, "links", 0):
            self._sink(LinksChanged(self.record.name))
        if self._sync_engine is not None:
            self._sync_engine.locker_changed()
        folders = getattr(changes, "folders", None)
        self._sink(FoldersChanged(self.record.name, frozenset(folders) if folders else None))

    def refresh(self) -> RefreshResult:
        """Take in what other devices wrote. Raises IntegrityError (and turns read-only) or StoreError."""
        try:
            result = self._history.refresh()
            self._checkpoints.check_vouched()
            self._expected.check()
            condemned = result.changes.condemned or (result.changes.purged_versions and self._any_condemned())
            if condemned or (self._history.owes_keys and not self._is_shut_out()):
                # Packs are deleted when everyone is known to have seen this. The next entry says it as well.
                with contextlib.suppress(StoreReadOnlyError, StoreFullError):
                    self._history.acknowledge()
        except IntegrityError as error:
            self._turn_read_only(error)
            raise
        except StoreError as error:
            self.trouble = error
            self._sink(StoreTrouble(self.record.name, str(error), error.remedy))
            raise
        had_trouble, self.trouble = self.trouble is not None, None
        if had_trouble or self.read_only_reason is not None:
            self.read_only_reason = None
            self._sink(LockerStateChanged(self.record.name, None))
        with self._index.write() as session:
            session.records.set_meta(_META_REFRESHED, b"%d" % _now_ms())
        return result

    def _is_shut_out(self) -> bool:
        return self._history.devices()[self.device_id].revoked

    def _any_condemned(self) -> bool:
        with self._index.read() as session:
            return bool(session.records.condemned())

    def _turn_read_only(self, error: IntegrityError) -> None:
        self.trouble = error
        self.read_only_reason = error.explanation
        log.error("read-only: %s", error)
        self._sink(LockerStateChanged(self.record.name, self.read_only_reason))

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        if self.read_only_reason is not None:
            raise LockerReadOnlyError(
                f"The locker {self.record.name} is read-only: {self.read_only_reason}",
                remedy="It can be written again once a refresh finds the storage whole.",
            )
        try:
            yield
        except IntegrityError as error:
            self._turn_read_only(error)
            raise

    def load_checkpoint(self, progress: ProgressCallback | None = None) -> bool:
        """Fill a fresh index from the newest checkpoint; False when there is none that holds. Raises StoreError."""
        return self._checkpoints.load_newest(self._recovery, progress)

    def checkpoint_is_doubtful(self) -> bool:
        """Whether the checkpoint this index was filled from is by a device that was removed later."""
        signer = self._checkpoints.loaded_from
        return signer is not None and self._history.devices()[signer].revoked

    def write_checkpoint(self) -> None:
        """Write one now. Raises StoreError, LockerReadOnlyError, IntegrityError when the header is another locker's."""
        with self._changing():
            self._checkpoints.write(self._history.header().genesis.recovery_key)

    def write_checkpoint_if_due(self) -> bool:
        """After large changes; whether one was written. Raises as ``write_checkpoint``."""
        if not self._checkpoints.is_due():
            return False
        self.write_checkpoint()
        return True

    # --- reading

    def node(self, where: Where) -> NodeRow:
        """The node at a path or of an id. Raises PathError."""
        with self._index.read() as session:
            return find_row(session, where)

    def path_of(self, node: NodeId) -> str:
        """Raises PathError when there is no such node."""
        with self._index.read() as session:
            return session.view.path_of(node)

    def list_folder(
        self,
        where: Where,
        *,
        order: Order = Order.NATURAL,
        descending: bool = False,
        folders_first: bool = False,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[NodeRow]:
        """Rows of a folder. Raises PathError."""
        with self._index.read() as session:
            folder = self._folder_id(where)
            return session.view.list_folder(
                folder,
                order=order,
                descending=descending,
                folders_first=folders_first,
                limit=limit,
                offset=offset,
            )

    def _folder_id(self, where: Where) -> NodeId:
        if not isinstance(where, str) and where in (ROOT, TRASH):
            return where
        return self.node(where).id

    def walk(self, where: Where) -> Iterator[tuple[str, NodeRow]]:
        """(path relative to ``where``, row), every folder before its contents; one snapshot. Raises PathError."""
        folder = self._folder_id(where)
        with self._index.read() as session:
            yield from session.view.walk(folder)

    def find(self, text: str, *, limit: int = 1000) -> list[FoundRow]:
        """Nodes whose name holds ``text``; case and accents do not count."""
        while not self._index.catch_up_search():
            continue
        return [FoundRow(path, row) for path, row in self._index.search(text, limit)]

    def trash(self) -> list[TrashRow]:
        """Tops of what lies in the trash, newest first."""
        with self._index.read() as session:
            return session.view.trash()

    def versions(self, where: Where) -> list[VersionRow]:
        """Newest first. Raises PathError."""
        with self._index.read() as session:
            rows = session.view.versions(find_row(session, where).id)
        return as_saved(self._index, rows)

    def stored(self, where: Where) -> StoredIn:
        """Where a file's present content lies. Raises PathError for what is none, StoreError for long files."""
        row = self.node(where)
        slices = self._port.file_content(row.id, row.head).slices
        return StoredIn(self.record.store_address, len({ref.pack for ref in slices}), len(slices))

    def recent(self, limit: int = 200) -> list[RecentRow]:
        """Files added or changed last, newest first."""
        return recent(self._index, limit)

    def read_file(self, where: Where, *, version: VersionId | None = None, max_bytes: int) -> bytes:
        """The beginning of a file, in memory and verified. Raises PathError, IntegrityError, StoreError."""
        row = self.node(where)
        return self._port.read(row.id, version or row.head, max_bytes)

    def totals(self, where: Where = "/") -> Totals:
        """What is below a folder. Raises PathError."""
        folder = self._folder_id(where)
        with self._index.read() as session:
            return session.view.totals(folder)

    # --- changing

    def make_folder(self, path: str, *, parents: bool = False) -> NodeRow:
        with self._changing():
            return self.node(self._editor.make_folder(path, parents=parents))

    def move(self, sources: Sequence[Where], dest: Where, *, new_name: str | None = None) -> None:
        """Into the folder ``dest``; ``new_name`` renames a single source."""
        with self._changing():
            self._editor.move(sources, dest, new_name=new_name)

    def copy(self, sources: Sequence[Where], dest: Where, *, new_name: str | None = None) -> list[NodeRow]:
        """The copies. No bytes are sent."""
        with self._changing():
            return [self.node(made) for made in self._editor.copy(sources, dest, new_name=new_name)]

    def trash_nodes(self, sources: Sequence[Where]) -> int:
        with self._changing():
            return self._editor.trash(sources)

    def restore(self, nodes: Sequence[NodeId], *, to: Where | None = None) -> list[NodeRow]:
        """Bring back from the trash, by id."""
        with self._changing():
            return [self.node(node) for node in self._editor.restore(nodes, to=to)]

    def purge(self, nodes: Sequence[NodeId] | None) -> int:
        """Remove from the trash for good; None empties it."""
        with self._changing():
            return self._editor.purge(nodes)

    def restore_version(self, where: Where, version: VersionId) -> None:
        with self._changing():
            self._editor.restore_version(where, version)

    # --- transfers

    def upload(
        self, sources: Sequence[str], dest: Where, *, conflict: Conflict = Conflict.REPLACE, ask: Asker | None = None
    ) -> int:
        """Queue local files and folders for a locker folder; the transfer's id. Raises PathError."""
        if self.read_only_reason is not None:
            raise LockerReadOnlyError(f"The locker is read-only: {self.read_only_reason}")
        folder = self._folder_id(dest)
        text = self.path_of(folder) if folder != ROOT else "/"
        return self.transfers.add_upload(sources, folder, text, conflict=conflict, ask=ask)

    def download(
        self,
        sources: Sequence[Where],
        dest_dir: str,
        *,
        conflict: Conflict = Conflict.KEEP_BOTH,
        ask: Asker | None = None,
    ) -> int:
        """Queue nodes for a local folder; the transfer's id. Raises PathError."""
        rows = [self.node(source) for source in sources]
        names = [row.display_name for row in rows]
        return self.transfers.add_download(
            [download_source(row) for row in rows], names, dest_dir, conflict=conflict, ask=ask
        )

    def save_now(
        self, sources: Sequence[Where], dest_dir: str, *, control: Control | None = None, board: Board | None = None
    ) -> list[str]:
        """Download past the queue, in this thread, for copies that must not outlive the lock; why files were left out.

        Nothing of it is kept: what a crash interrupts is not taken up again. Raises as a transfer does.
        """
        rows = [self.node(source) for source in sources]
        items = self._port.items([download_source(row) for row in rows])
        resolver = ConflictResolver(Conflict.KEEP_BOTH, None)
        download = Download(self._port, items, dest_dir, resolver, control or Control(), board or Board())
        return [f"{each.path}: {each.message}" for each in download.run().failures]

    def download_version(self, where: Where, version: VersionId, dest_dir: str) -> str:
        """Write one version of a file into a local folder, under a name that is free; its path."""
        row = self.node(where)
        return self._port.write_version(row.id, version, os.path.abspath(dest_dir))

    # --- devices

    def devices(self) -> list[DeviceRow]:
        return device_rows(self._index, self._history, self.device_id)

    def pairing_code(self) -> str:
        """What a second computer joins by, beside the recovery key: no secret. Text, also for a QR code."""
        return code_for(self._history, self.locker_id, self.record.store_address)

    def expect(self, code: str) -> None:
        """Insist on the history that a pairing code names, from the next refresh on."""
        self._expected.keep(code)

    def revoke_device(self, device: str) -> None:
        """Shut a device out, by id or unique beginning of one, or by name: a new epoch begins without it."""
        with self._changing():
            chosen = [row for row in self.devices() if row.name == device or row.id.hex().startswith(device.lower())]
            if len(chosen) != 1:
                raise PathError(
                    f"{len(chosen)} devices match “{device}”.", remedy="See “megadesk devices ls” for names and ids."
                )
            revoke(self._history, self._secrets, self._history.header().genesis.recovery_key, chosen[0].id)

    def _tidy(self) -> GcReport:
        self.links.upkeep.keep_up()
        return self.upkeep.collect_garbage()

    def status(self, *, survey: bool = False) -> LockerStatus:
        """Never fails for want of storage. ``survey``: as in `store_states`."""
        kind, free = "", None
        stores: list[PartState] = []
        with contextlib.suppress(StoreError):
            kind, free = self._store.properties.kind, self._store.free_bytes()
            stores = self.store_states(survey=survey)
        with self._index.read() as session:
            counters = session.view.counters()
            heads = session.records.heads()
            devices = session.records.devices()
            refreshed = session.records.meta(_META_REFRESHED)
            checked = session.records.meta(META_CHECKED)
        return LockerStatus(
            name=self.record.name,
            locker_id=self.locker_id.hex(),
            store_address=self.record.store_address,
            store_kind=kind,
            free_bytes=free,
            files=counters["files"],
            folders=counters["folders"],
            bytes=counters["bytes"],
            entries=sum(head.seq for head in heads.values()),
            devices=sum(not device.revoked for device in devices.values()),
            pending_transfers=self.transfers.pending(),
            refreshed_ms=int(refreshed) if refreshed else None,
            checked_ms=int(checked) if checked else None,
            read_only_reason=self.read_only_reason,
            trouble=str(self.trouble) if self.trouble else None,
            sync_pairs=len(self.sync.table.all()),
            sync_problems=len(self.sync.problems()),
            stores=stores,
        )

    def start(self) -> None:
        """The background work of a program that stays open: transfers and sync go on, what others write is noticed.

        The sink hears of it. Ends with ``close``.
        """
        self.transfers.start()
        if self._watch is None:
            self._watch = Watch(
                self._history.entries,
                self._look_after,
                self._others_wrote,
                stamp=self._index.stamp,
                listen=self._listen,
            )
            self._watch.start()
        if self._sync_engine is None:
            from megadesk.core.sync_engine import SyncEngine  # here: what watches folders is not needed by commands

            self._sync_engine = SyncEngine(self.sync, lambda: self.read_only_reason is not None, self.refresh)
            self._sync_engine.start()
        self.reencryption.start()

    def _others_wrote(self) -> None:
        """Another program on this machine wrote entries."""
        if self._sync_engine is not None:
            self._sync_engine.locker_changed()
        self._sink(FoldersChanged(self.record.name, None))

    def _listen(self) -> Listening | None:
        """What other devices write to their logs, as it comes; None where the storage does not tell."""
        if not self._store.properties.push:
            return None
        return Others(self._store.listen(names.LOG), names.log_folder(self.device_id))

    def remote_listing(self, limit: int = 2000) -> RemoteListing:
        """What the storage's owner sees. Raises StoreError."""
        return remote_listing(self._store, limit)

    def store_states(self, *, survey: bool = False) -> list[PartState]:
        """How each store of a spread does; none for other storage. ``survey``: see `Redundancy.states`. StoreError."""
        return self._redundancy.states(survey=survey)

    def _look_after(self) -> int:
        """What is due now and then: others' entries (how many came), and what waits for a moment with nothing else."""
        entries = self.refresh().entries
        if self.read_only_reason is None:
            self.links.upkeep.keep_up()
        if not entries and not self.transfers.pending():
            self.write_checkpoint_if_due()
            self._redundancy.look_after()
        return entries

    def stop_transfers(self) -> None:
        """Stop them now, even where they wait for the storage or a speed limit; the next run takes them up.

        For a program that is about to end: the storage can hardly be used after it.
        """
        self._waits.cancel(resumable=True)
        self.transfers.stop()

    def close(self) -> None:
        """Stop transfers in an orderly way, close the index, drop the keys. May be called twice."""
        with self._close_lock:
            if self._closed:
                return
            self._closed = True
        if self._sync_engine is not None:
            self._sync_engine.stop()
        self.stop_transfers()
        self.reencryption.stop()
        if self._watch is not None:
            self._watch.stop()
        self.links.close()
        with contextlib.suppress(MegaDeskError):
            self._index.compact()
        self._index.close()
        self._store.close()
        self._secrets.forget()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
