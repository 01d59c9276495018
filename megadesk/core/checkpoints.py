"""Writing and loading checkpoints (format/checkpoint.py): a new device starts from a state, not from the logs."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

from megadesk.core.checkpoint_rows import check_rows
from megadesk.core.history import History
from megadesk.core.revocations import epoch_info
from megadesk.core.secrets import LockerSecrets
from megadesk.crypto import hpke
from megadesk.crypto.hpke import HpkeKey
from megadesk.crypto.keys import EpochSecret
from megadesk.errors import (
    DamagedError,
    DecodeError,
    IntegrityError,
    ObjectNotFoundError,
    StoreError,
    StoreUnavailableError,
    WithheldError,
)
from megadesk.format import names
from megadesk.format.checkpoint import (
    MAX_PART_BYTES,
    CheckpointHead,
    CheckpointLogHead,
    SealedEpoch,
    SeenHead,
    open_checkpoint,
    part_digest,
    seal_checkpoint,
    verify_checkpoint,
)
from megadesk.format.envelope import MAX_OBJECT_BYTES, ObjectType, open_object, seal_object
from megadesk.format.wire import Bytes32, Decoder, DeviceField, Record, Unsigned, encode
from megadesk.state.index.index import Index, Session
from megadesk.state.index.records import DeviceRow, HeadRow
from megadesk.stores.api import Store
from megadesk.stores.verified import verified
from megadesk.tree.dump import DumpRow, decode_rows, encode_rows
from megadesk.types import DeviceId, Progress, ProgressCallback

log = logging.getLogger(__name__)

_META = "checkpointed_entries"
_META_VOUCHED = "vouched_heads"
_EVERY_ENTRIES = 256
_NODES_PER_ENTRY = 1000
"""A checkpoint costs what the tree is large: large trees wait for more entries."""


@dataclass(frozen=True)
class _Found:
    id: bytes
    head: CheckpointHead


class _Vouched(Record, frozen=True):
    """That ``signer`` had applied this entry."""

    signer: DeviceField
    device: DeviceField
    seq: Unsigned
    hash: Bytes32


_vouched_decoder = Decoder(tuple[_Vouched, ...], "list of entries", 64 << 20)


class Checkpoints:
    """One locker's checkpoints. ``write`` is for one process at a time (the caller holds the append lock's order)."""

    def __init__(self, store: Store, index: Index, history: History, secrets: LockerSecrets) -> None:
        self._store = store
        self._index = index
        self._history = history
        self._secrets = secrets
        self.loaded_from: DeviceId | None = None
        """Who wrote the checkpoint that this index was filled from, in this run."""

    def is_due(self) -> bool:
        """Whether so many entries were written since the last one that the next device would feel it."""
        with self._index.read() as session:
            nodes = _size(session)
            entries = sum(head.seq for head in session.records.heads().values())
            last = int(session.records.meta(_META) or b"0")
        return entries - last >= _EVERY_ENTRIES + nodes // _NODES_PER_ENTRY

    def write(self, recovery_public: bytes) -> bool:
        """Write one and remove older ones; False when a node has too many large versions to fit into a part.

        A crash in between leaves parts without a head, which nobody reads. Raises StoreError.
        """
        secrets = self._secrets
        checkpoint = os.urandom(16)
        digests = []
        with self._index.read() as session:
            heads = tuple(
                CheckpointLogHead(
                    row.device, row.seq, row.hash, row.lamport, row.time_ms, tuple(SeenHead(*seen) for seen in row.seen)
                )
                for _, row in sorted(session.records.heads().items())
            )
            for number, batch in enumerate(session.dump()):
                body = encode_rows(batch)
                if len(body) > MAX_PART_BYTES:
                    log.warning("no checkpoint was written: one node's versions take %d bytes", len(body))
                    return False
                digests.append(part_digest(body))
                self._put(checkpoint, number + 1, secrets.current_epoch(), body)
        epochs = tuple(
            SealedEpoch(number, hpke.seal(recovery_public, epoch_info(secrets.locker_id, number), secret.to_bytes()))
            for number, secret in secrets.epochs()
            if number
        )
        head = CheckpointHead(1, secrets.device, time.time_ns() // 1_000_000, heads, epochs, tuple(digests))
        self._store.flush()
        self._put(
            checkpoint, 0, secrets.first_epoch, seal_checkpoint(head, secrets.locker_id, secrets.device_keys.signing)
        )
        self._store.flush()
        with self._index.write() as session:
            session.records.set_meta(_META, b"%d" % sum(head.seq for head in heads))
        self._remove_others(checkpoint)
        return True

    def _put(self, checkpoint: bytes, part: int, secret: EpochSecret, body: bytes) -> None:
        name = names.checkpoint_part(checkpoint, part)
        self._store.put(name, seal_object(ObjectType.CHECKPOINT, self._secrets.locker_id, name, secret, body))

    def _remove_others(self, keep: bytes) -> None:
        """Older checkpoints go; one that another device is just writing has no head yet and stays."""
        heads = {found.id for found in self._list()}
        for info in list(self._store.list(names.CHECKPOINTS)):
            parsed = names.parse_checkpoint_part(info.name)
            if parsed is not None and parsed[0] != keep and parsed[0] in heads:
                self._store.delete(info.name)

    def _list(self) -> list[_Found]:
        """Checkpoints whose heads are signed by a device of this locker."""
        found = []
        devices = self._history.devices()
        for info in self._store.list(names.CHECKPOINTS):
            parsed = names.parse_checkpoint_part(info.name)
            if parsed is None or parsed[1] != 0:
                continue
            try:
                found.append(_Found(parsed[0], self._open_head(info.name, devices)))
            except (IntegrityError, ObjectNotFoundError) as error:
                log.warning("ignored the checkpoint %s: %s", info.name, type(error).__name__)
        return found

    def _open_head(self, name: str, devices: dict[DeviceId, DeviceRow]) -> CheckpointHead:
        return verified(self._store, name, lambda: self._read_head(name, devices))

    def _read_head(self, name: str, devices: dict[DeviceId, DeviceRow]) -> CheckpointHead:
        secrets = self._secrets
        data = self._store.get(name, max_bytes=MAX_OBJECT_BYTES)
        first = {secrets.first_epoch.id: secrets.first_epoch}
        record = open_object(ObjectType.CHECKPOINT, secrets.locker_id, name, first, data)
        head, signed = open_checkpoint(record, secrets.locker_id, name)
        device = devices.get(head.device)
        if device is None or device.revoked:
            raise DamagedError("The checkpoint is by a device that is not of this locker.", object_name=name)
        verify_checkpoint(record, signed, device.sign_pk, head.device, name)
        return head

    def problems(self, *, read_parts: bool) -> Iterator[tuple[str, str]]:
        """(object, what) for every checkpoint that does not hold. Raises StoreUnavailableError."""
        devices = self._history.devices()
        for info in list(self._store.list(names.CHECKPOINTS)):
            parsed = names.parse_checkpoint_part(info.name)
            if parsed is None or parsed[1] != 0:
                continue
            name = info.name
            try:
                found = _Found(parsed[0], self._open_head(name, devices))
                for number in range(len(found.head.parts) if read_parts else 0):
                    name = names.checkpoint_part(found.id, number + 1)
                    self._part(found, number)
            except StoreUnavailableError:
                raise
            except (IntegrityError, StoreError) as error:
                yield name, f"{error} A new device reads the logs instead."

    def load_newest(self, recovery: HpkeKey | None, progress: ProgressCallback | None = None) -> bool:
        """Fill an empty index from the newest checkpoint that holds; False when the logs must be replayed instead.

        Only a checkpoint whose log heads are all in the storage, with the very hashes, is believed. Raises StoreError.
        """
        self._history.read_devices()
        for found in sorted(self._list(), key=lambda found: sum(head.seq for head in found.head.heads), reverse=True):
            try:
                self._load(found, recovery, progress)
            except (IntegrityError, ObjectNotFoundError) as error:
                log.warning("the checkpoint %s does not hold: %s", found.id.hex(), type(error).__name__)
                self._remember(found.head)
                continue
            self.loaded_from = found.head.device
            return True
        return False

    def _remember(self, head: CheckpointHead) -> None:
        """Its parts may be damaged, but its head is signed: what that names exists, and the logs must show it."""
        with self._index.write() as session:
            kept = _vouched(session)
            kept += [_Vouched(head.device, each.device, each.seq, each.hash) for each in head.heads]
            session.records.set_meta(_META_VOUCHED, encode(kept))

    def check_vouched(self) -> None:
        """After a refresh of a new index: do the logs hold what signed checkpoints that did not load stand for?

        Raises WithheldError, ForkError, DamagedError; again after each refresh, until the storage is whole.
        """
        with self._index.read() as session:
            vouched = _vouched(session)
            devices, heads = session.records.devices(), session.records.heads()
        for each in vouched:
            signer = devices.get(each.signer)
            if signer is None or signer.revoked:
                continue  # it could have made them up together with the storage
            name = names.entry(each.device, each.seq)
            head = heads.get(each.device)
            if head is None or head.seq < each.seq:
                raise WithheldError(
                    f"The storage holds back entry {each.seq} of the device {each.device.hex()[:8]}: "
                    f"a checkpoint by the device {signer.name} stands for it.",
                    object_name=name,
                    remedy="Nothing was changed here. Check the storage, or restore what is missing from a backup.",
                )
            self._history.logs.verify_head(each.device, each.seq, each.hash)
        if vouched:
            with self._index.write() as session:
                session.records.set_meta(_META_VOUCHED, None)

    def _load(self, found: _Found, recovery: HpkeKey | None, progress: ProgressCallback | None) -> None:
        secrets = self._secrets
        later: list[tuple[int, EpochSecret]] = []
        for sealed in found.head.epochs:
            if recovery is not None:
                info = epoch_info(secrets.locker_id, sealed.number)
                later.append((sealed.number, EpochSecret(recovery.open(sealed.sealed, info))))
                secrets.add_epoch(*later[-1])
        for head in found.head.heads:
            self._history.logs.verify_head(head.device, head.seq, head.hash)
        with self._index.write() as session:
            session.load(self._parts(found, progress))
            for number, secret in later:
                session.records.set_epoch_secret(secret.id, secret.to_bytes(), number)
            cutoffs = session.table.cutoff_heads()
            for head in found.head.heads:
                seen = tuple((each.device, each.seq) for each in head.seen)
                session.records.set_head(HeadRow(head.device, head.seq, head.hash, head.lamport, head.time_ms, seen))
                cutoff = cutoffs.get(head.device)
                if cutoff is not None and head.seq > cutoff[0]:
                    session.records.mute(head.device, cutoff[0] + 1)
            session.records.set_meta(_META, b"%d" % sum(head.seq for head in found.head.heads))

    def _parts(self, found: _Found, progress: ProgressCallback | None) -> Iterator[list[DumpRow]]:
        total = len(found.head.parts)
        for number in range(total):
            yield self._part(found, number)
            if progress:
                progress(Progress(number + 1, total, "checkpoint"))

    def _part(self, found: _Found, number: int) -> list[DumpRow]:
        name = names.checkpoint_part(found.id, number + 1)
        return verified(self._store, name, lambda: self._read_part(found, number, name))

    def _read_part(self, found: _Found, number: int, name: str) -> list[DumpRow]:
        data = self._store.get(name, max_bytes=MAX_OBJECT_BYTES)
        body = open_object(ObjectType.CHECKPOINT, self._secrets.locker_id, name, self._secrets.by_id(), data)
        if len(body) > MAX_PART_BYTES or part_digest(body) != found.head.parts[number]:
            raise DecodeError(f"{name} is not the part that the checkpoint names.", object_name=name)
        rows = decode_rows(body, name)
        check_rows(rows, name)
        return rows


def _vouched(session: Session) -> list[_Vouched]:
    kept = session.records.meta(_META_VOUCHED)
    return list(_vouched_decoder.decode(kept, "the index")) if kept else []


def _size(session: Session) -> int:
    counters = session.view.counters()
    return counters["files"] + counters["folders"] + counters["links"]
