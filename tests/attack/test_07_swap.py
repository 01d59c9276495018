"""Attack 7: serve one object, or file, in another's place. Ids and indexes are bound; names are in manifests only."""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest

from megadesk.crypto.aead import slice_stored_size
from megadesk.errors import DamagedError
from megadesk.format import names
from megadesk.format.ops import SliceRef
from megadesk.transfer.upload import slice_size
from tests.attack.reading import metadata, packs, refusal
from tests.attack.world import Bench, assert_never_wrong, contents, fetch, forgotten, is_typed, outcome, picture


def test_every_pair_of_metadata_objects(bench: Bench) -> None:
    store = bench.store()
    tried = 0
    with bench.device("alpha", store).unlocked() as locker:
        objects = {name: store.objects[name] for name in metadata(store.objects)}
        for served, name in itertools.permutations(objects, 2):
            error = refusal(locker, name, objects[served])
            assert error is not None, f"{served} was taken for {name}"
            if name.split("/")[0] == served.split("/")[0]:
                # Not for what is inside, which an object of the same kind could have right: it does not open here.
                assert isinstance(error, DamagedError), f"{served} opened in the place of {name}"
            tried += 1
    assert tried > 200


def test_objects_with_their_public_bytes_made_to_fit(bench: Bench) -> None:
    """The type byte and the epoch in front, altered to those of the place, do not help either."""
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        objects = {name: store.objects[name] for name in metadata(store.objects) if name != names.HEADER}
        for served, name in itertools.permutations(objects, 2):
            fitted = objects[name][:12] + objects[served][12:]
            assert refusal(locker, name, fitted) is not None, f"{served} was taken for {name}"


def test_every_pair_of_packs(bench: Bench) -> None:
    store = bench.store()
    honest = dict(store.objects)
    with bench.device("beta", store).unlocked() as locker:
        needed = {names.pack(ref.pack) for content in contents(locker).values() for ref in content.slices}
        for a, b in itertools.combinations(packs(honest), 2):
            store.show({**honest, a: honest[b], b: honest[a]})
            got, refused = fetch(locker, bench.fresh_folder("got"))
            assert_never_wrong(got, refused, bench.world.files)
            assert bool(refused) == bool({a, b} & needed)


def test_every_pair_of_slices(bench: Bench) -> None:
    """Files of one size, in one pack or in several: the bytes of one never open as another's, nor at another index."""
    store = bench.store()
    by_size: dict[int, list[tuple[SliceRef, int, bytes]]] = defaultdict(list)
    with bench.device("alpha", store).unlocked() as locker:
        for content in contents(locker).values():
            for number, ref in enumerate(content.slices):
                size = slice_size(content.size, number)
                stored = store.objects[names.pack(ref.pack)][ref.offset : ref.offset + slice_stored_size(size)]
                by_size[size].append((ref, number, stored))
                with pytest.raises(DamagedError):
                    locker._port._read_slice(ref, number + 1, size)
        tried = 0
        for size, slices in by_size.items():
            for (ref, number, own), (_, _, other) in itertools.permutations(slices, 2):
                name = names.pack(ref.pack)
                whole = store.objects[name]
                store.objects[name] = whole[: ref.offset] + other + whole[ref.offset + len(own) :]
                with pytest.raises(DamagedError):
                    locker._port._read_slice(ref, number, size)
                store.objects[name] = whole
                tried += 1
        assert tried > 300


def test_two_files_swapped_through_a_download(bench: Bench) -> None:
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        files = contents(locker)
        first, second = files["Quarterly/many/10"].slices[0], files["Quarterly/many/11"].slices[0]
        assert first.pack == second.pack
        name, length = names.pack(first.pack), slice_stored_size(2)
        pack = bytearray(store.objects[name])
        a, b = slice(first.offset, first.offset + length), slice(second.offset, second.offset + length)
        pack[a], pack[b] = pack[b], pack[a]
        store.objects[name] = bytes(pack)
        got, refused = fetch(locker, bench.fresh_folder("got"))
        assert set(refused) == {"Quarterly/many/10", "Quarterly/many/11"}
        assert_never_wrong(got, refused, bench.world.files)


def test_devices_that_have_the_locker(bench: Bench) -> None:
    """With any two objects exchanged, a device that has seen them all shows the truth."""
    store = bench.store()
    honest = dict(store.objects)
    with bench.device("beta", store).unlocked() as locker:
        for number, (a, b) in enumerate(itertools.combinations(metadata(honest), 2)):
            if number % 5:
                continue
            store.show({**honest, a: honest[b], b: honest[a]})
            locker.refresh()
            assert picture(locker) == bench.world.truth


def test_devices_that_read_everything_again(bench: Bench) -> None:
    honest = bench.store().objects
    kinds = {name.split("/")[0]: name for name in metadata(honest)}
    pairs = list(itertools.combinations(kinds.values(), 2))
    for kind in kinds:
        same = [name for name in metadata(honest) if name.startswith(kind)]
        pairs += list(itertools.combinations(same, 2))[:4]
    for a, b in pairs:
        store = bench.store()
        store.show({**honest, a: honest[b], b: honest[a]})
        with forgotten(bench.device("alpha", store)) as locker:
            assert locker.trouble is None or is_typed(locker.trouble)
            if locker.trouble is None and not locker.refresh().refused:
                assert picture(locker) == bench.world.truth, f"{a} and {b}"


def test_the_objects_of_another_locker(bench: Bench) -> None:
    """Each object of a second locker of the same person, under its own name and in the places of the first's."""
    other = bench.newcomer(foreign := bench.store(0))
    foreign.show({})
    made = other.app.create_locker("x", store=str(bench.world.folder / "store"), name="Other")
    made.locker.make_folder("/theirs")
    made.locker.write_checkpoint()
    made.locker.close()
    honest = bench.store().objects
    for name, data in foreign.objects.items():
        places = [name, *(place for place in metadata(honest) if place.split("/")[0] == name.split("/")[0])]
        for place in places[:6]:
            store = bench.store()
            store.show({**honest, place: data})
            shown, trouble = outcome(bench.device("alpha", store))
            assert shown == bench.world.truth
            assert trouble is None or is_typed(trouble)
