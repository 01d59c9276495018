"""Attack 23: a device that was shut out reads and writes on. It keeps what it had, gets no new key, and nothing that it
writes counts, whatever the others had believed before they knew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.core.app import App
from megadesk.core.check import Checker
from megadesk.core.secrets import LockerSecrets
from megadesk.crypto import aead
from megadesk.errors import IntegrityError, LockerReadOnlyError, MegaDeskError
from megadesk.format import names
from megadesk.format.device import make_enrolment
from megadesk.format.entry import Entry, Head, seal_entry
from megadesk.format.envelope import ObjectType, seal_object, slice_aad
from megadesk.format.ops import Create, Cutoff, EpochSlot, Operation, Rekey
from megadesk.types import ROOT, DeviceId, EpochId, NodeId, NodeKind
from tests.lockers import Device
from tests.system.gossip import Gossip, shown, shut_out
from tests.system.test_reencrypt import World, read_by


@pytest.fixture
def gossip(tmp_path: Path, expected_warnings: object) -> Iterator[Gossip]:
    made = Gossip(tmp_path, 3)
    one, lost, other = made.devices
    made.write(lost, "lost")
    made.tell_all()
    made.revoke(one, lost)
    made.tell(one, other)
    other.locker.refresh()
    yield made
    made.close()


def forged(lost: Device, ops: list[Operation], *, seq: int, lamport: int, seen: tuple[Head, ...] = ()) -> bytes:
    """What a thief signs with the lost device's key, under a key that it has."""
    secrets = LockerSecrets.from_bytes(lost._secrets)
    head = lost.locker._history.heads()[lost.id]
    prev = head.hash if seq == head.seq + 1 else secrets.locker_id
    entry = Entry(1, lost.id, seq, lamport, prev, seen, 1, tuple(ops))
    record = seal_entry(entry, secrets.locker_id, secrets.device_keys.signing)
    return seal_object(
        ObjectType.ENTRY, secrets.locker_id, names.entry(lost.id, seq), secrets.first_epoch, record
    )  # fmt: skip


def folder(name: bytes) -> Create:
    return Create(NodeId(name.ljust(16, b"x")), ROOT, name, NodeKind.FOLDER, 0o755, 1, None)


def test_it_gets_no_key_of_what_comes_after(gossip: Gossip) -> None:
    one, lost, _ = gossip.devices
    gossip.write(one, "secret")
    gossip.tell(one, lost)
    with pytest.raises(MegaDeskError):
        lost.locker.refresh()
    current = one.locker._secrets.current_epoch().id
    assert current not in lost.locker._secrets.by_id()
    assert "secret" not in shown(lost)
    with pytest.raises(LockerReadOnlyError):
        lost.locker.make_folder("/more")


@pytest.mark.parametrize("honest", ["has seen it", "has not"])
def test_what_it_writes_does_not_count(gossip: Gossip, honest: str) -> None:
    one, lost, other = gossip.devices
    head = lost.locker._history.heads()[lost.id]
    data = forged(lost, [folder(b"planted")], seq=head.seq + 1, lamport=head.lamport + 1)
    place = names.entry(lost.id, head.seq + 1)
    late = gossip.devices[2]
    for device in (one, late):
        device.rig.store.put(place, data)
        device.locker.refresh()
        assert "planted" not in shown(device)
        assert device.locker.read_only_reason is None
    gossip.write(other, "later")
    gossip.tell(other, one)
    one.locker.refresh()
    assert "later" in shown(one)
    assert shown(gossip.joined()).keys() == shown(one).keys()


def test_it_shuts_out_the_others_with_an_entry_that_looks_old(gossip: Gossip) -> None:
    """It is believed by those whom it outranks, until somebody joins with the recovery key and overrules it."""
    one, lost, other = gossip.devices
    gossip.write(one, "by one")
    gossip.write(other, "by other")
    gossip.tell(one, other)
    gossip.tell(other, one)
    for honest in (one, other):
        honest.locker.refresh()
    head = lost.locker._history.heads()[lost.id]
    cutoffs = tuple(Cutoff(device.id, 0, bytes(32)) for device in (one, other))
    rekey = Rekey(2**40, EpochId(b"of thief"), cutoffs, (EpochSlot(lost.id, b""),))
    data = forged(lost, [rekey], seq=head.seq + 1, lamport=head.lamport + 1)
    for honest in (one, other):
        honest.rig.store.put(names.entry(lost.id, head.seq + 1), data)
        gossip.refresh(honest)
        assert one.id in shut_out(honest)  # it was let in before the lost one
    new = gossip.joined()
    new.locker.revoke_device(lost.id.hex())
    assert set(shut_out(new)) == {lost.id}
    gossip.tell(one, other)
    for honest in (one, other, new):
        honest.locker.refresh()
        assert set(shut_out(honest)) == {lost.id}
        assert {"by one", "by other", "lost"} == set(shown(honest))
        current = honest.locker._secrets.current_epoch().id
        assert current not in (b"of thief", *lost.locker._secrets.by_id())


def test_whom_it_lets_in_goes_with_it(gossip: Gossip) -> None:
    one, lost, other = gossip.devices
    secrets = LockerSecrets.from_bytes(lost._secrets)
    stranger = gossip.rig.enrol("stranger")
    keys = LockerSecrets.from_bytes(stranger._secrets).device_keys
    device, record = make_enrolment(keys, "stranger", 10**15, secrets.locker_id, lost.id, secrets.device_keys.signing)
    place = names.device(DeviceId(device))
    data = seal_object(ObjectType.DEVICE, secrets.locker_id, place, secrets.first_epoch, record)
    entry = Entry(1, DeviceId(device), 1, 1, secrets.locker_id, (), 1, (folder(b"planted"),))
    sealed = seal_object(
        ObjectType.ENTRY, secrets.locker_id, names.entry(DeviceId(device), 1), secrets.first_epoch,
        seal_entry(entry, secrets.locker_id, keys.signing),
    )  # fmt: skip
    for honest in (one, other):
        honest.rig.store.put(place, data)
        honest.rig.store.put(names.entry(DeviceId(device), 1), sealed)
        honest.locker.refresh()
        assert "planted" not in shown(honest)
        assert DeviceId(device) in shut_out(honest)
    gossip.write(other, "later")
    gossip.tell(other, one)
    one.locker.refresh()
    assert "later" in shown(one)


def test_of_what_was_encrypted_anew_it_reads_nothing(tmp_path: Path) -> None:
    """With all keys that it has, all that the storage shows, and its own index of before."""
    world = World(tmp_path)
    world.fill(3, 1)
    for device in (world.lost, world.other):
        device.locker.refresh()
    known = [
        (use.ref, use.position, use.size)
        for use in Checker(
            world.lost.locker._index, world.lost.locker._history, world.lost.locker._port, None, None
        ).uses()
    ]
    world.remove()
    assert len(read_by(world.lost)) == len(known) == 5
    world.one.locker.reencryption.run()
    world.collect()
    assert read_by(world.lost) == set()
    packs = {name: bytes(world.rig.store.get(name)) for name in world.one.packs()}
    secrets = LockerSecrets.from_bytes(world.lost._secrets)
    for ref, position, size in known:
        for data in packs.values():
            with pytest.raises(IntegrityError):
                aead.open_slice(
                    ref.key, slice_aad(secrets.locker_id, position), data[ref.offset :][: aead.slice_stored_size(size)],
                    size, object_name="x",
                )  # fmt: skip
    assert world.fetched() == world.fetched(world.other) == world.contents
    world.rig.close()


def test_who_joins_comes_last_whatever_the_clocks_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a stolen computer whose clock went ahead could not be overruled."""
    monkeypatch.setenv("MEGADESK_KDF", "floor")
    first = App(str(tmp_path / "one"))
    with monkeypatch.context() as ahead:
        ahead.setattr("time.time_ns", lambda: 4 * 10**18)
        new = first.create_locker("one", store=str(tmp_path / "store"))
    second = App(str(tmp_path / "two"))
    joined = second.join_locker(str(tmp_path / "store"), "two", new.recovery_key)
    times = [row.enrolled_ms for row in joined.devices()]
    assert len(set(times)) == 2
    assert max(joined.devices(), key=lambda row: row.enrolled_ms).this
    second.close()
    first.close()
