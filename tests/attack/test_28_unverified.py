"""Attack 28: have plaintext released before it is verified. A file bears its name after its last byte is checked."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from megadesk.core.locker import Locker
from megadesk.crypto.aead import slice_stored_size
from megadesk.errors import MegaDeskError, StoreAccessError, StoreError
from megadesk.format import names
from megadesk.format.ops import SliceRef
from megadesk.transfer.upload import slice_size
from tests.attack.world import Bench, HostileStore, assert_never_wrong, contents, fetch, local_files

FILES = (
    "treasure.txt",
    "whistleblower-notes.txt",
    "one-segment.bin",
    "segments.bin",
    "Quarterly/big-archive.bin",
    "Quarterly/many/07",
)


def last_segment(store: HostileStore, ref: SliceRef, size: int, back: int) -> None:
    """Change one bit ``back`` bytes before the end of a stored slice."""
    name = names.pack(ref.pack)
    pack = bytearray(store.objects[name])
    pack[ref.offset + slice_stored_size(size) - back] ^= 1
    store.objects[name] = bytes(pack)


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("back", [1, 17, 20])
def test_the_last_segment_of_the_last_slice(bench: Bench, path: str, back: int) -> None:
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        content = contents(locker)[path]
        last = len(content.slices) - 1
        last_segment(store, content.slices[last], slice_size(content.size, last), back)
        folder = bench.fresh_folder("got")
        got, refused = fetch(locker, folder)
        assert set(refused) == {path}
        assert path not in got
        assert_never_wrong(got, refused, bench.world.files)


@pytest.mark.parametrize("path", FILES)
def test_a_file_of_the_user_under_that_name_stays(bench: Bench, path: str) -> None:
    """What is there already is replaced by verified bytes or not at all."""
    from megadesk.transfer.port import Conflict

    store = bench.store()
    with bench.device("beta", store).unlocked() as locker:
        content = contents(locker)[path]
        last = len(content.slices) - 1
        last_segment(store, content.slices[last], slice_size(content.size, last), 1)
        folder = bench.fresh_folder("got")
        target = folder / path.rpartition("/")[2]
        target.write_bytes(b"the user's own")
        number = locker.download([f"/{path}"], str(folder), conflict=Conflict.REPLACE)
        locker.transfers.run_now(number)
        assert target.read_bytes() == b"the user's own"
        assert local_files(folder).keys() == {target.name}
        assert locker.transfers.failures(number)


def test_nothing_bears_its_name_while_it_is_fetched(bench: Bench) -> None:
    """At every request to the storage, each file that is there under its name is whole and right."""
    store = bench.store()
    folder = bench.fresh_folder("got")
    looked = 0
    get_into = store.get_into

    def looking(name: str, buffer: memoryview, offset: int = 0) -> None:
        nonlocal looked
        for found, content in settled(folder).items():
            assert content == bench.world.files[found], f"{found} is there, and is not right"
        looked += 1
        get_into(name, buffer, offset)

    store.get_into = looking  # type: ignore[method-assign]
    with bench.device("alpha", store).unlocked() as locker:
        got, refused = fetch(locker, folder)
    assert looked >= 6
    assert (got, refused) == (bench.world.files, {})


def settled(folder: Path) -> dict[str, bytes | str | None]:
    """Files under their names; other threads may be writing hidden ones."""
    found: dict[str, bytes | str | None] = {}
    for top, _, files in os.walk(folder):
        for name in files:
            path = Path(top) / name
            if not name.startswith(".megadesk-"):
                relative = path.relative_to(folder).as_posix()
                found[relative] = os.readlink(path) if path.is_symlink() else path.read_bytes()
    return found


def test_every_segment_of_a_large_file(bench: Bench) -> None:
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        content = contents(locker)["segments.bin"]
        ref = content.slices[0]
        name = names.pack(ref.pack)
        whole = store.objects[name]
        for segment in range(5):
            pack = bytearray(whole)
            pack[ref.offset + 64 + segment * 262_140 + 12] ^= 0x80
            store.objects[name] = bytes(pack)
            folder = bench.fresh_folder("got")
            number = locker.download(["/segments.bin"], str(folder))
            locker.transfers.run_now(number)
            assert local_files(folder) == {}
            assert "altered" in locker.transfers.failures(number)[0].message


@pytest.mark.parametrize("which", [0, 1])
def test_the_storage_fails_in_the_middle_of_a_large_file(bench: Bench, which: int) -> None:
    """The real name appears neither then nor when what was written so far is changed before it is taken up again."""
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        refs = contents(locker)["Quarterly/big-archive.bin"].slices
        failing, offset = names.pack(refs[which].pack), refs[which].offset
        get_into = store.get_into

        def refusing(name: str, buffer: memoryview, at: int = 0) -> None:
            if (name, at) == (failing, offset):
                raise StoreAccessError("Injected.")
            get_into(name, buffer, at)

        store.get_into = refusing  # type: ignore[method-assign]
        folder = bench.fresh_folder("got")
        attempt(locker, folder)
        assert "big-archive.bin" not in local_files(folder)
        for path in folder.rglob(".megadesk-*"):  # what an interrupted download leaves to go on from
            data = bytearray(path.read_bytes())
            data[1234] ^= 0xFF
            path.write_bytes(bytes(data))
        store.get_into = get_into  # type: ignore[method-assign]
        attempt(locker, folder)
        got = local_files(folder)
        assert got == {"big-archive.bin": bench.world.files["Quarterly/big-archive.bin"]}


def attempt(locker: Locker, folder: Path) -> None:
    number = locker.download(["/Quarterly/big-archive.bin"], str(folder))
    with contextlib.suppress(StoreError):
        locker.transfers.run_now(number)


def test_versions_one_by_one(bench: Bench) -> None:
    """Fetching one version of a file is held to the same."""
    store = bench.store()
    with bench.device("beta", store).unlocked() as locker:
        for path in ("/treasure.txt", "/Quarterly/big-archive.bin"):
            for version in locker.versions(path):
                content = locker._port.file_content(locker.node(path).id, version.id)
                last = len(content.slices) - 1
                name = names.pack(content.slices[last].pack)
                whole = store.objects[name]
                last_segment(store, content.slices[last], slice_size(content.size, last), 2)
                folder = bench.fresh_folder("got")
                with pytest.raises(MegaDeskError):
                    locker.download_version(path, version.id, str(folder))
                assert local_files(folder) == {}
                store.objects[name] = whole
                written = Path(locker.download_version(path, version.id, str(folder)))
                assert written.stat().st_size == version.size_bytes
