"""Whoever is shut out, and whenever the others hear of it: in the end all have the same tree."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.format import names
from megadesk.format.ops import Cutoff
from tests.lockers import write
from tests.syncing import Pair, settle, tree_of
from tests.system.gossip import Gossip, play, shown, shut_out
from tests.vectors.test_independent_reader import reader

RUNS = 25
LONG_RUNS = 1000
PAST_FAILURES = (1041, 1160, 1253)


@pytest.fixture
def make(tmp_path: Path, expected_warnings: object) -> Iterator[object]:
    made: list[Gossip] = []

    def make(count: int, name: str = "g") -> Gossip:
        made.append(Gossip(tmp_path / f"{name}{len(made)}", count))
        return made[-1]

    yield make
    for gossip in made:
        gossip.close()


def judge(gossip: Gossip) -> None:
    """After everybody heard of everything."""
    devices = [*gossip.tell_all(), gossip.joined(), gossip.joined(checkpoint=True)]
    first = devices[0]
    for other in devices[1:]:
        assert shut_out(other) == shut_out(first), other.name
        assert shown(other).keys() == shown(first).keys(), other.name
        assert other.digest() == first.digest(), other.name


def test_entries_that_were_applied_before_their_device_was_shut_out(make) -> None:  # type: ignore[no-untyped-def]
    gossip = make(3)
    one, lost, other = gossip.devices
    gossip.write(lost, "before")
    gossip.tell(lost, one)
    gossip.tell(lost, other)
    gossip.refresh(one)
    gossip.write(lost, "after")
    gossip.tell(lost, other)
    gossip.refresh(other)
    gossip.revoke(one, lost)
    assert "after" in shown(other)
    gossip.write(other, "meanwhile")  # built on what will not count
    judge(gossip)
    assert shown(one).keys() == {"before", "meanwhile"}
    gossip.write(other, "later")
    gossip.write(one, "later still")
    judge(gossip)
    assert "later" in shown(one)


def test_two_that_shut_each_other_out(make) -> None:  # type: ignore[no-untyped-def]
    """The one counts that was let in last by the recovery key."""
    gossip = make(3)
    one, two, witness = gossip.devices
    gossip.write(one, "one")
    gossip.write(two, "two")
    gossip.tell_all()
    gossip.revoke(one, two)
    gossip.revoke(two, one)
    gossip.tell(one, witness)
    gossip.refresh(witness)
    assert set(shut_out(witness)) == {two.id}
    judge(gossip)
    assert set(shut_out(witness)) == {one.id}


def test_whoever_joins_by_the_recovery_key_has_the_last_word(make) -> None:  # type: ignore[no-untyped-def]
    gossip = make(2)
    one, stolen = gossip.devices
    gossip.tell_all()
    gossip.revoke(one, stolen)
    gossip.revoke(stolen, one)
    gossip.tell(stolen, one)
    gossip.tell(one, stolen)
    for device in (one, stolen):
        gossip.refresh(device)
    new = gossip.joined()
    assert set(shut_out(new)) == {one.id}
    new.locker.revoke_device(stolen.id.hex())
    judge(gossip)
    assert set(shut_out(one)) == {stolen.id}


def test_a_log_that_counts_for_a_while_as_it_is_read(make) -> None:  # type: ignore[no-untyped-def]
    """One who reads all logs at once: shut out by the first, let back by its own, shut out by the last.

    The ids, by whose order logs are read, must be in the order in which the devices were let in, which decides.
    """
    gossip = make(3)
    while sorted(ids := [device.id for device in gossip.devices]) != ids:
        gossip = make(3)
    low, middle, top = gossip.devices
    gossip.revoke(low, middle)
    gossip.write(low, "low")
    gossip.revoke(middle, low)
    gossip.write(middle, "middle")
    gossip.revoke(top, middle)
    gossip.write(top, "top")
    judge(gossip)
    assert shown(low).keys() == {"low", "top"}


def test_what_a_revoked_device_writes_on_holds_nobody_up(make) -> None:  # type: ignore[no-untyped-def]
    """Whatever lies beyond the cut-off may be damaged, or vanish, or have been seen by others."""
    gossip = make(3)
    one, lost, other = gossip.devices
    gossip.tell_all()
    known = one.locker._history.heads()[lost.id].seq
    gossip.revoke(one, lost)
    for number in range(5):
        gossip.write(lost, f"late{number}")
    gossip.tell(lost, other)
    gossip.refresh(other)
    gossip.write(other, "meanwhile")
    gossip.tell(lost, one)
    objects = one.rig.store._objects  # type: ignore[attr-defined]
    del objects[names.entry(lost.id, known + 3)]
    objects[names.entry(lost.id, known + 2)] = b"MD\x01\x02" + bytes(100)
    one.locker.refresh()
    gossip.tell(other, one, other)
    one.locker.refresh()
    gossip.write(one, "fine")
    assert set(shown(one)) == {"fine", "meanwhile"}
    assert one.locker.read_only_reason is None
    for seq in range(known + 1, known + 6):  # somebody cleans up
        objects.pop(names.entry(lost.id, seq), None)
    one.locker.refresh()
    assert set(shown(gossip.joined())) == {"fine", "meanwhile"}


def test_new_writes_are_under_an_epoch_that_no_revoked_device_has(make) -> None:  # type: ignore[no-untyped-def]
    """Two devices each shut out another one at once: each new epoch is known to the one that the other shut out."""
    gossip = make(4)
    one, two, bad, worse = gossip.devices
    gossip.tell_all()
    gossip.revoke(one, bad)
    gossip.revoke(two, worse)
    gossip.tell(one, two)
    gossip.tell(two, one)
    for device in (one, two):
        device.locker.refresh()
        gossip.write(device, f"a{device.name}")
        gossip.write(device, f"b{device.name}")
    gossip.tell_all()
    for device in (one, two):
        current = device.locker._secrets.current_epoch().id
        for outside in (bad, worse):
            assert current not in outside.locker._secrets.by_id()
    judge(gossip)


def random_order_of_arrival(seed: int, make) -> Gossip:  # type: ignore[no-untyped-def]
    rng = random.Random(seed)
    gossip: Gossip = make(rng.choice([2, 3, 4]))
    play(rng, gossip, 25)
    judge(gossip)
    return gossip


@pytest.mark.parametrize("seed", [*range(RUNS), *PAST_FAILURES])
def test_any_order_of_arrival(make, seed: int) -> None:  # type: ignore[no-untyped-def]
    random_order_of_arrival(seed, make)


@pytest.mark.long
@pytest.mark.usefixtures("expected_warnings")
def test_many_orders_of_arrival(tmp_path: Path) -> None:
    for seed in range(RUNS, LONG_RUNS):
        # Each is gone before the next: all together they would hold more files open than a process may.
        folder = tmp_path / str(seed)
        random_order_of_arrival(seed, lambda count, folder=folder: Gossip(folder, count)).close()
        shutil.rmtree(folder)


def test_the_independent_reader_agrees(make, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """It shares no code with the program, and was written from docs/format.md."""
    module = reader()
    for seed in range(500, 508):
        gossip = make(3)
        play(random.Random(seed), gossip, 25)
        inside = gossip.tell_all()
        store = tmp_path / f"store{seed}"
        for name, data in gossip.joined().rig.store._objects.items():  # type: ignore[attr-defined]
            path = store / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        locker = module.Locker(store)
        locker.open(gossip.rig.key.to_bytes())
        paths = sorted(row.path.decode().lstrip("/") for row in module.Tree(locker).walk(bytes(16)))
        for device in inside:
            assert sorted(shown(device)) == paths


def test_what_was_fetched_from_it_stays_as_new(make, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """A folder that is kept equal loses nothing when what it had agreed upon turns out not to count."""
    gossip = make(2)
    one, lost = gossip.devices
    gossip.tell_all()
    pair, source = Pair(one, tmp_path / "here"), Pair(lost, tmp_path / "there")
    write(source.root / "common", b"first")
    settle(source)
    gossip.tell(lost, one)
    settle(pair)
    known = one.locker._history.heads()[lost.id]
    write(source.root / "common", b"second, much longer")
    write(source.root / "folder" / "only there", b"precious")
    settle(source)
    gossip.tell(lost, one)
    settle(pair)
    assert (pair.root / "common").read_bytes() == b"second, much longer"
    # A third one had shut it out before that.
    third = gossip.joined()
    history = third.locker._history
    cutoff = Cutoff(lost.id, known.seq, known.hash)
    monkey = history.cutoff
    history.cutoff = lambda _: cutoff  # type: ignore[method-assign]
    third.locker.revoke_device(lost.id.hex())
    history.cutoff = monkey  # type: ignore[method-assign]
    one.locker.refresh()
    assert "folder" not in shown(one)
    assert one.locker.node("/common").size_bytes == 5
    settle(pair)
    contents = {data for path, data in tree_of(pair.root).items() if not path.endswith("/")}
    assert {b"first", b"second, much longer", b"precious"} <= contents
    assert tree_of(pair.root).keys() >= {"common", "folder/only there"}
    assert "folder/only there" in shown(one)
