"""Attack 4: plant keys, files, entries. Only what is signed and in the log exists; the tree does not change."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from megadesk.errors import ForkError, IntegrityError, LockerReadOnlyError
from megadesk.format import names
from megadesk.format.checkpoint import CheckpointHead, CheckpointLogHead, part_digest, seal_checkpoint
from megadesk.format.entry import Head
from megadesk.format.envelope import ObjectType
from megadesk.format.ops import Create, FileContent, Move, Operation, Purge
from megadesk.format.padme import padme
from megadesk.tree.dump import encode_rows
from megadesk.types import ROOT, TRASH, NodeId, NodeKind
from tests.attack.forger import Forger, next_seq
from tests.attack.world import (
    DEVICES,
    Bench,
    Objects,
    assert_never_wrong,
    fetch,
    forgotten,
    is_typed,
    outcome,
    picture,
)

EVIL = Create(NodeId(b"e" * 16), ROOT, b"evil.txt", NodeKind.FILE, 0o644, 0, FileContent(0, ()))


def harmless(bench: Bench) -> Iterator[tuple[str, bytes]]:
    """Objects that are none of the locker's, under every sort of name that it might look at."""
    honest = bench.world.end.objects
    pack = next(data for name, data in honest.items() if name.startswith(names.PACKS))
    device = os.urandom(16).hex()
    for data in (b"", b"x", b"MD\x01\x02" + bytes(252), os.urandom(1024), honest["locker"], pack[:4096]):
        size = padme(len(data))
        data = data.ljust(size, b"\0")
        yield f"packs/{device[:2]}/{device}", data
        yield f"packs/ff/{device}", data
        yield f"checkpoints/{device}/00000000", data
        yield f"checkpoints/{device}/00000001", data
        yield f"log/{device}/0000000000000001", data
        yield f"devices/{device}", data
        yield f"devices/{device}.bak", data
        yield "devices/thumbs.db", data
        yield f"log/{device}/1", data
        yield "log/readme.txt", data
        yield "links/x", data
        yield "locker.old", data
        yield "checkpoints/latest", data


def test_foreign_objects_change_nothing(bench: Bench) -> None:
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        for name, data in harmless(bench):
            store.objects[name] = data
            refused = locker.refresh().refused
            assert refused == ([name] if name.startswith("devices/") and len(name) == 40 else [])
            assert picture(locker) == bench.world.truth
            del store.objects[name]
        for name, data in harmless(bench):
            store.objects[name] = data
        locker.refresh()
        assert locker.make_folder("/still works").name == "still works"
    del store.objects[max(name for name in store.objects if name.startswith(f"log/{locker.device_id.hex()}"))]
    with forgotten(bench.device("beta", store)) as locker:
        assert picture(locker) == bench.world.truth
        got, failed = fetch(locker, bench.fresh_folder("got"))
        assert (got, failed) == (bench.world.files, {})


def forged_operations(bench: Bench) -> list[Operation]:
    with bench.device("alpha", bench.store()).unlocked() as locker:
        note = locker.node("/treasure.txt")
        return [EVIL, Move(note.id, TRASH, b"treasure.txt"), Purge(note.id, (note.head,) if note.head else ())]


@pytest.mark.parametrize("who", DEVICES)
def test_forged_entries(bench: Bench, who: str) -> None:
    """Entries that decrypt, with the right numbers, chains and clocks, signed by everyone but their device."""
    forger = Forger(bench.world)
    with bench.device(who, bench.store()).unlocked() as locker:
        heads = locker._history.heads()
    clock = 1 + max(head.lamport for head in heads.values())
    seen_of = {d: [Head(h.device, h.seq, h.hash) for h in heads.values() if h.device != d] for d in heads}
    for op in forged_operations(bench):
        for device in (forger.alpha, forger.beta):
            seq = next_seq(bench.world.end.objects, device)
            name, data = forger.entry(device, seq, [op], prev=heads[device].hash, seen=seen_of[device], lamport=clock)
            store = bench.store()
            store.objects[name] = data
            with bench.device(who, store).unlocked() as locker:
                assert isinstance(locker.trouble, IntegrityError)
                assert name in str(locker.trouble) or locker.trouble.object_name == name
                assert picture(locker) == bench.world.truth
                with pytest.raises(LockerReadOnlyError):
                    locker.make_folder("/x")
            with forgotten(bench.device(who, store)) as locker:
                assert is_typed(locker.trouble)
                assert "evil.txt" not in picture(locker)


def test_entries_of_a_rogue_device(bench: Bench) -> None:
    """A device that nobody let in, with a log of its own, perfect but for that."""
    forger = Forger(bench.world)
    with bench.device("alpha", bench.store()).unlocked() as locker:
        heads = [Head(h.device, h.seq, h.hash) for h in locker._history.heads().values()]
        clock = 1 + max(head.lamport for head in locker._history.heads().values())
    device, name, data = forger.enrolment()
    store = bench.store()
    store.objects[name] = data
    entry, content = forger.entry(device, 1, [EVIL], seen=sorted(heads, key=lambda head: head.device), lamport=clock)
    store.objects[entry] = content
    for who in DEVICES:
        assert outcome(bench.device(who, store)) == (bench.world.truth, None)
    with bench.joined(store) as locker:
        assert locker.trouble is None
        assert picture(locker) == bench.world.truth


def test_entries_planted_in_every_place_of_a_log(bench: Bench) -> None:
    """Copies of honest objects and junk as the next entry, after a gap, and at the end of all numbers."""
    forger = Forger(bench.world)
    honest = bench.world.end.objects
    sources: Objects = {"junk": os.urandom(1024), "header": honest["locker"]}
    sources |= {name: honest[name] for name in list(honest)[::4] if not name.startswith("packs/")}
    for device in (forger.alpha, forger.beta):
        following = next_seq(honest, device)
        for seq in (following, following + 1, following + 5, 2**63 - 1, 2**63, 2**64 - 1, 0):
            for what, data in sources.items():
                store = bench.store()
                store.objects[names.entry(device, seq)] = data
                shown, trouble = outcome(bench.device("alpha", store))
                assert shown == bench.world.truth, what
                assert isinstance(trouble, IntegrityError) or seq == 0


def test_the_next_name_of_the_own_log_taken_while_writing(bench: Bench) -> None:
    """The name is taken between the look and the write: nothing is overwritten, nothing is shown as done."""
    store = bench.store()
    device = bench.device("alpha", store)
    with device.unlocked() as locker:
        name = names.entry(locker.device_id, locker._history.heads()[locker.device_id].seq + 1)
        put = store.put

        def planting(object_name: str, data: object, *, create_only: bool = False) -> None:
            if object_name == name:
                store.objects.setdefault(name, b"planted".ljust(1024))
            put(object_name, data, create_only=create_only)  # type: ignore[arg-type]

        store.put = planting  # type: ignore[method-assign]
        with pytest.raises(ForkError):
            locker.make_folder("/x")
        assert store.objects[name] == b"planted".ljust(1024)
        assert locker.read_only_reason
        assert picture(locker) == bench.world.truth
        # Taken away again, the very same entry is sent; the folder appears.
        store.put = put  # type: ignore[method-assign]
        del store.objects[name]
        locker.refresh()
        assert locker.node("/x").name == "x"


def test_forged_checkpoints(bench: Bench) -> None:
    """An empty tree at the newest heads, or with a file of the adversary's: signed by it, or by nobody."""
    forger = Forger(bench.world)
    with bench.device("alpha", bench.store()).unlocked() as locker:
        rows = [
            CheckpointLogHead(h.device, h.seq, h.hash, h.lamport, h.time_ms, ())
            for _, h in sorted(locker._history.heads().items())
        ]
    for signer in (forger.keys.signing, forger.root):
        for owner in (forger.alpha, forger.beta, forger.enrolment()[0]):
            checkpoint = os.urandom(16)
            part = encode_rows([])
            head = CheckpointHead(1, owner, 2**60, tuple(rows), (), (part_digest(part),))
            store = bench.store()
            for number, body in enumerate((seal_checkpoint(head, forger.locker_id, signer), part)):
                name = names.checkpoint_part(checkpoint, number)
                store.objects[name] = forger.seal(ObjectType.CHECKPOINT, name, body)
            with bench.joined(store) as locker:
                assert locker.trouble is None
                assert picture(locker) == bench.world.truth
            with bench.device("alpha", store).unlocked() as locker:
                named = [problem.object_name for problem in locker.upkeep.check().problems]
                assert names.checkpoint_part(checkpoint, 0) in named


def test_packs_planted_over_packs(bench: Bench) -> None:
    store = bench.store()
    for name in [name for name in store.objects if name.startswith(names.PACKS)]:
        store.objects[name] = os.urandom(len(store.objects[name]))
    with bench.device("beta", store).unlocked() as locker:
        got, refused = fetch(locker, bench.fresh_folder("got"))
        assert_never_wrong(got, refused, bench.world.files)
        assert {path for path, content in got.items() if isinstance(content, bytes)} == {"empty"}
