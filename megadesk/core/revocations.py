"""Devices that are shut out: what of them counts here, and which epochs they know (docs/format.md, "Epochs").

An entry that does not count is verified and remembered like any other, since others may have seen it before they knew;
only its operations are left out. When it turns out later that applied entries do not count, or that others do, the tree
is made anew from the logs. So what a locker holds does not depend on the order in which entries arrive.
"""

from __future__ import annotations

import heapq
import logging
from collections.abc import Callable, Iterator
from typing import TypeAlias

from megadesk.core.secrets import LockerSecrets
from megadesk.crypto import hpke
from megadesk.crypto.keys import EpochSecret
from megadesk.errors import IntegrityError
from megadesk.format.entry import Entry, Head
from megadesk.format.ops import Cutoff, EpochSlot, Rekey
from megadesk.format.wire import Decoder, encode
from megadesk.state.index.index import Index, Session
from megadesk.state.index.records import DeviceRow, HeadRow
from megadesk.tree.revoking import NOTHING, Enrolled, RekeyFact, judge, let_in_by_others, rank
from megadesk.types import DeviceId

log = logging.getLogger(__name__)

_META_ALL = "all_rekeys"
"""Set: every Rekey of the entries that are applied is in the index. An index from a checkpoint lacks earlier ones."""

_Written: TypeAlias = tuple[DeviceId, int, int, Rekey]
"""Device, entry, position in it."""

_decoder = Decoder(Rekey, "Rekey", 16 << 20)


class Revocations:
    """Called inside the append lock; part of History."""

    def __init__(
        self,
        index: Index,
        secrets: LockerSecrets,
        log_of: Callable[[HeadRow, int], Iterator[Entry]],
        on_rebuilt: Callable[[Session], None],
    ) -> None:
        """``log_of`` reads a device's log up to a number; ``on_rebuilt`` is called within the making of a tree anew."""
        self.wants_epoch = False
        """Whether every epoch is known to a device that is shut out: whoever writes next begins another."""
        self._lacking: list[tuple[Rekey, frozenset[DeviceId]]] = []
        """After a quarrel: epochs, and who was not given their secrets but is not shut out."""
        self._index = index
        self._secrets = secrets
        self._log_of = log_of
        self._on_rebuilt = on_rebuilt

    def begin(self) -> None:
        """An index that is empty has all Rekeys that there are."""
        with self._index.write() as session:
            session.records.set_meta(_META_ALL, b"1")

    def catch_up(self) -> None:
        """Take in what other programs of this machine learnt of devices and epochs."""
        with self._index.read() as session:
            for epoch in session.records.epochs().values():
                if epoch.secret is not None and epoch.number is not None:
                    self._secrets.add_epoch(epoch.number, EpochSecret(epoch.secret))
            changed = self._judged(session)
        if changed is not None:
            with self._index.write() as session:
                self.decide(session)

    def note(self, session: Session, entry: Entry) -> bool:
        """Keep the Rekeys of an entry, whether it counts or not; whether there are any."""
        found = [(index, op) for index, op in enumerate(entry.ops) if isinstance(op, Rekey)]
        for index, op in found:
            session.records.add_rekey(entry.device, entry.seq, index, encode(op))
        return bool(found)

    def decide(self, session: Session) -> None:
        """Write down who is shut out, and from where on, by all that is known (write sessions only)."""
        cutoffs = self._judged(session)
        if cutoffs is not None:
            session.records.set_cutoffs(cutoffs)

    def _judged(self, session: Session) -> dict[DeviceId, tuple[int, bytes]] | None:
        """The cut-offs by all that is known; None when they are those that are written down."""
        rows = session.records.devices()
        devices = [Enrolled(row.id, row.enrolled_ms, row.enroller) for row in rows.values()]
        before = session.table.cutoff_heads()
        if not self._has_all(session):
            later = let_in_by_others(before, devices)
            return None if later.keys() <= before.keys() else {**before, **later}
        rekeys = self._rekeys(session)
        if not rekeys:
            return None
        verdict = judge([_fact(*each) for each in rekeys], devices)
        known_outside = {
            rekey.epoch
            for device, seq, index, rekey in rekeys
            if (device, seq, index) not in verdict.counting
            or any(slot.recipient in verdict.cutoffs for slot in rekey.slots)
        }
        self._secrets.avoid(known_outside)
        current = self._secrets.current_epoch().id
        self.wants_epoch = bool(verdict.cutoffs) and current in {self._secrets.first_epoch.id, *known_outside}
        self._lacking = []
        if len(verdict.counting) < len(rekeys):
            # Never to one that ranks above: it may be a thief's, who answered a revocation and won.
            by_id = {each.device: each for each in devices}
            own = rank(self._secrets.device, by_id)
            inside = frozenset(each for each in rows if each not in verdict.cutoffs and rank(each, by_id) < own)
            by_epoch = {rekey.epoch: rekey for _, _, _, rekey in rekeys}
            for epoch, rekey in by_epoch.items():
                given = {slot.recipient for _, _, _, each in rekeys if each.epoch == epoch for slot in each.slots}
                self._lacking.append((rekey, inside - given))
        return None if verdict.cutoffs == before else verdict.cutoffs

    @staticmethod
    def _rekeys(session: Session) -> list[_Written]:
        return [
            (device, seq, index, _decoder.decode(data, "the index"))
            for device, seq, index, data in session.records.rekeys()
        ]

    def cutoff(self, device: DeviceId) -> Cutoff:
        """Where to cut a device off that is to be shut out: at what is known of it.

        But before it shut out those who had shut it out: whoever does so again takes their side.
        """
        with self._index.read() as session:
            head = session.records.head(device)
            seq, found = (head.seq, head.hash) if head else (0, NOTHING)
            facts = [_fact(*each) for each in self._rekeys(session)]
            against = {
                (fact.device, at) for fact in facts for victim, at, _ in fact.cutoffs if victim == device
            }  # fmt: skip
            for fact in facts:
                answered = {victim for victim, _, _ in fact.cutoffs}
                if fact.device == device and any(who in answered and at < fact.seq for who, at in against):
                    known = session.records.applied(device, fact.seq - 1)[0] if fact.seq > 1 else NOTHING
                    if known is not None:
                        return Cutoff(device, fact.seq - 1, known)
        return Cutoff(device, seq, found)

    @staticmethod
    def _has_all(session: Session) -> bool:
        return session.records.meta(_META_ALL) is not None

    # --- the tree without what does not count

    def settle(self) -> bool:
        """Make the tree anew when not exactly those entries were applied that count; whether it was.

        The index is locked meanwhile. Raises IntegrityError, StoreError; then nothing is changed, and it is due still.
        """
        with self._index.read() as session:
            # Those before a checkpoint are read only when another Rekey comes: it could contradict them.
            complete = self._has_all(session) or not session.records.rekeys()
            settled = self._is_settled(session)
        if not complete:
            with self._index.write() as session:
                for entry in self._entries(session, {}):
                    self.note(session, entry)
                session.records.set_meta(_META_ALL, b"1")
                self.decide(session)
                settled = self._is_settled(session)
        if settled:
            return False
        log.info("entries of devices that are shut out do not count: the tree is made anew from the logs")
        with self._index.write() as session:
            cutoffs = {device: seq for device, (seq, _) in session.table.cutoff_heads().items()}
            session.forget_tree()
            for entry in self._entries(session, cutoffs):
                session.apply(entry)
            self.decide(session)
            for device, head in session.records.heads().items():
                if head.seq > cutoffs.get(device, head.seq):
                    session.records.mute(device, cutoffs[device] + 1)
            self._on_rebuilt(session)
        return True

    @staticmethod
    def _is_settled(session: Session) -> bool:
        muted, heads = session.records.muted(), session.records.heads()
        cutoffs = session.table.cutoff_heads()
        expected = {device: cut[0] + 1 for device, cut in cutoffs.items() if device in heads}
        return muted == {device: seq for device, seq in expected.items() if heads[device].seq >= seq}

    def _entries(self, session: Session, cutoffs: dict[DeviceId, int]) -> Iterator[Entry]:
        """All entries that were read and are not beyond these, in an order in which they may be applied."""
        known = session.table.cutoff_heads()
        logs = []
        for device, head in session.records.heads().items():
            last = min(head.seq, cutoffs.get(device, head.seq))
            counted = min(last, known[device][0]) if device in known else last
            logs.append(self._log(head, counted, last))
        return heapq.merge(*logs, key=lambda entry: (entry.lamport, entry.device))

    def _log(self, head: HeadRow, counted: int, last: int) -> Iterator[Entry]:
        """Up to entry ``last``; what comes after ``counted`` need not be there any more."""
        entries = self._log_of(head, last)
        for _ in range(counted):
            yield next(entries)
        try:
            yield from entries
        except IntegrityError as error:
            log.info("the rest of a log that does not count cannot be read: %s", type(error).__name__)

    # --- writing

    def seen(self) -> tuple[tuple[Head, ...], int]:
        """What the next entry says this device has applied of the others, as far as it counts; the latest clock in it.

        A device that is shut out could make as many entries and devices as it likes: they are not passed on.
        """
        with self._index.read() as session:
            cutoffs, heads = session.table.cutoff_heads(), session.records.heads()
            seen, latest = [], 0
            for device, head in sorted(heads.items()):
                if device == self._secrets.device:
                    continue
                seq, found, lamport = head.seq, head.hash, head.lamport
                if device in cutoffs and seq > cutoffs[device][0]:
                    seq = cutoffs[device][0]
                    known, lamport = session.records.applied(device, seq)
                    if known is None:  # none counts, or a checkpoint stood for it
                        continue
                    found = known
                seen.append(Head(device, seq, found))
                latest = max(latest, lamport)
        return tuple(seen), latest

    @property
    def owes_keys(self) -> bool:
        """Whether some device needs a secret that this one has."""
        secrets = self._secrets.by_id()
        return any(devices and rekey.epoch in secrets for rekey, devices in self._lacking)

    def shares(self) -> list[Rekey]:
        """After a quarrel: Rekeys that shut nobody out, but give secrets of epochs to devices that were not given them.

        They go into an entry under the first epoch, which those devices have.
        """
        with self._index.read() as session:
            devices = session.records.devices()
        locker_id, secrets = self._secrets.locker_id, self._secrets.by_id()
        found = []
        for rekey, devices_without in self._lacking:
            if devices_without and rekey.epoch in secrets:
                info, secret = epoch_info(locker_id, rekey.number), secrets[rekey.epoch].to_bytes()
                slots = [EpochSlot(each, hpke.seal(devices[each].kem_pk, info, secret)) for each in devices_without]
                found.append(Rekey(rekey.number, rekey.epoch, (), tuple(slots)))
        return found

    def fresh_epoch(self, recovery_public: bytes) -> Rekey:
        """A Rekey that shuts nobody out, for the devices that are not."""
        fresh, number = EpochSecret.generate(), self._secrets.epochs()[-1][0] + 1
        with self._index.read() as session:
            devices = session.records.devices()
        slots = sealed_epoch(self._secrets.locker_id, number, fresh, devices, recovery_public)
        return Rekey(number, fresh.id, (), slots)


def _fact(device: DeviceId, seq: int, index: int, rekey: Rekey) -> RekeyFact:
    return RekeyFact(device, seq, index, tuple((cut.device, cut.seq, cut.hash) for cut in rekey.revoked))


def epoch_info(locker_id: bytes, number: int) -> bytes:
    """What an epoch secret sealed in a Rekey is bound to."""
    return b"megadesk/1 rekey" + locker_id + number.to_bytes(8, "big")


def sealed_epoch(
    locker_id: bytes,
    number: int,
    fresh: EpochSecret,
    devices: dict[DeviceId, DeviceRow],
    recovery_public: bytes,
    *,
    without: bytes = b"",
) -> tuple[EpochSlot, ...]:
    """Its secret for each device that is not shut out, but ``without``, and for the recovery key."""
    info = epoch_info(locker_id, number)
    remaining = [row for row in devices.values() if not row.revoked and row.id != without]
    slots = [EpochSlot(row.id, hpke.seal(row.kem_pk, info, fresh.to_bytes())) for row in remaining]
    return (*slots, EpochSlot(b"", hpke.seal(recovery_public, info, fresh.to_bytes())))
