"""Attack 8: mix two versions of one file. Each slice has a key of its own; segments, index and size are bound."""

from __future__ import annotations

import itertools

import pytest

from megadesk.core.locker import Locker
from megadesk.crypto.aead import slice_stored_size
from megadesk.errors import DamagedError
from megadesk.format import names
from megadesk.format.ops import FileContent, SliceRef, decode_content
from megadesk.transfer.upload import slice_size
from tests.attack.reading import refusal
from tests.attack.world import Bench, HostileStore, assert_never_wrong, fetch

FILES = ("/treasure.txt", "/whistleblower-notes.txt", "/Quarterly/big-archive.bin")


def versions(locker: Locker, path: str) -> list[FileContent]:
    """Newest first."""
    found = []
    with locker._index.read() as session:
        row = session.view.resolve(path)
        for version in session.view.versions(row.id):
            content = decode_content(session.view.content(row.id, version.id) or b"")
            assert isinstance(content, FileContent)
            found.append(content)
    return found


def stored(store: HostileStore, ref: SliceRef, size: int) -> bytes:
    return store.objects[names.pack(ref.pack)][ref.offset : ref.offset + slice_stored_size(size)]


def parts(data: bytes) -> list[bytes]:
    """IV, header tag, and the segments of a stored slice."""
    return [data[:32], data[32:64], *(data[start : start + 262_140] for start in range(64, len(data), 262_140))]


@pytest.mark.parametrize("path", FILES)
def test_every_mixture_of_two_versions(bench: Bench, path: str) -> None:
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        new, old = versions(locker, path)
        tried = 0
        for number, (mine, theirs) in enumerate(zip(new.slices, old.slices, strict=True)):
            if mine == theirs:
                continue  # unchanged, and so used again
            size, old_size = slice_size(new.size, number), slice_size(old.size, number)
            own, other = parts(stored(store, mine, size)), parts(stored(store, theirs, old_size))
            name = names.pack(mine.pack)
            whole = store.objects[name]
            for choice in itertools.product((0, 1), repeat=len(own)):
                if not any(choice):
                    continue
                mixed = b"".join((other if take else own)[i] for i, take in enumerate(choice))
                fitted = mixed[: len(b"".join(own))].ljust(slice_stored_size(size), b"\0")
                store.objects[name] = whole[: mine.offset] + fitted + whole[mine.offset + len(fitted) :]
                with pytest.raises(DamagedError):
                    locker._port._read_slice(mine, number, size)
                tried += 1
            store.objects[name] = whole
        assert tried >= 7


def test_the_old_version_in_the_new_ones_place(bench: Bench) -> None:
    store = bench.store()
    with bench.device("beta", store).unlocked() as locker:
        for path in FILES:
            new, old = versions(locker, path)
            mine, theirs = new.slices[-1], old.slices[-1]
            position = len(new.slices) - 1
            data = stored(store, theirs, slice_size(old.size, position))
            name = names.pack(mine.pack)
            whole = store.objects[name]
            store.objects[name] = (whole[: mine.offset] + data + whole[mine.offset + len(data) :])[: len(whole)]
            got, refused = fetch(locker, bench.fresh_folder("got"))
            assert path.lstrip("/") in refused
            assert_never_wrong(got, refused, bench.world.files)
            store.objects[name] = whole


def test_slices_of_one_file_in_each_others_place(bench: Bench) -> None:
    store = bench.store()
    with bench.device("beta", store).unlocked() as locker:
        new, old = versions(locker, "/Quarterly/big-archive.bin")
        for content in (new, old):
            sizes = [slice_size(content.size, number) for number in range(2)]
            for number, ref in enumerate(content.slices):
                for index in (0, 1, 2):
                    if index != number:
                        with pytest.raises(DamagedError):
                            locker._port._read_slice(ref, index, sizes[number])
                other = content.slices[1 - number]
                name = names.pack(ref.pack)
                whole = store.objects[name]
                data = stored(store, other, sizes[1 - number])[: slice_stored_size(sizes[number])]
                store.objects[name] = whole[: ref.offset] + data + whole[ref.offset + len(data) :]
                with pytest.raises(DamagedError):
                    locker._port._read_slice(ref, number, sizes[number])
                store.objects[name] = whole


def test_two_versions_of_metadata(bench: Bench) -> None:
    """Front and back of any two messages of one kind, cut at every part's border: log entries, checkpoints."""
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        for folder in ("log/", "checkpoints/"):
            group = [name for name in store.objects if name.startswith(folder)]
            for moment in bench.world.moments:
                for name in moment.objects:
                    if name.startswith(folder) and name not in store.objects:
                        group.append(name)
            everything = {name: data for moment in bench.world.moments for name, data in moment.objects.items()}
            for target, source in itertools.permutations(group, 2):
                if target not in store.objects:
                    continue
                own, other = everything[target], everything[source]
                for cut in (12, 22, 54, 86, 90, 102, len(own) - 16):
                    mixed = own[:cut] + other[cut : len(own)].ljust(len(own) - cut, b"\0")
                    assert refusal(locker, target, mixed) is not None
                    tail = other[:cut] + own[cut:]
                    assert tail == own or refusal(locker, target, tail) is not None
