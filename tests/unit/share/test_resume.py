"""Fetches that are cut off go on where they were, without counting again, and trust nothing that lies there."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from megadesk.core.links import LinkOptions
from megadesk.crypto.aead import SLICE_BYTES
from megadesk.crypto.link import LinkSecret
from megadesk.errors import CancelledError, LinkUsedUpError, StoreUnavailableError
from megadesk.server.share_server import ShareServer
from megadesk.share.opening import open_address
from megadesk.share.resume import ResumeFile
from megadesk.stores.link_web import WebPacks
from megadesk.stores.retry import RetryPolicy
from megadesk.transfer.control import Control
from megadesk.transfer.progress import Board, Travel
from tests.lockers import Device, write

SLICES = 9
ONCE = RetryPolicy(tries=1)


@pytest.fixture
def content(device: Device, tmp_path: Path) -> bytes:
    content = os.urandom((SLICES - 1) * SLICE_BYTES + 1000)
    device.put(write(tmp_path / "big.bin", content))
    return content


class Line:
    """Breaks after so many requests, each for up to two slices."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = 10**9
        self.fetched = 0
        real = WebPacks.get_into

        def get_into(packs: WebPacks, name: str, buffer: memoryview, offset: int = 0) -> None:
            if self.left <= 0:
                raise StoreUnavailableError("The line is down.")
            self.left -= 1
            self.fetched += 1
            real(packs, name, buffer, offset)

        monkeypatch.setattr(WebPacks, "get_into", get_into)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    return Line(monkeypatch)


def hidden(folder: Path) -> list[str]:
    return sorted(name for name in os.listdir(folder) if name.startswith("."))


def broken(url: str, folder: Path, line: Line, pieces: int) -> None:
    line.left = pieces
    link = open_address(url, folder=str(folder), policy=ONCE)
    with contextlib.closing(link), pytest.raises(StoreUnavailableError):
        link.download(str(folder))
    line.left = 10**9


def test_it_goes_on(device: Device, server: ShareServer, content: bytes, tmp_path: Path, line: Line) -> None:
    url = device.locker.links.make("/big.bin", LinkOptions(max_downloads=1)).url
    folder = tmp_path / "in"
    broken(url, folder, line, 3)
    assert len(hidden(folder)) == 2
    with pytest.raises(LinkUsedUpError):
        open_address(url)
    line.fetched = 0
    with contextlib.closing(open_address(url, folder=str(folder))) as link:
        board = Board()
        link.download(str(folder), board=board)
    assert (folder / "big.bin").read_bytes() == content
    assert line.fetched <= SLICES - 2, "what was written is not fetched again"
    assert hidden(folder) == []


def test_what_lies_there_is_not_trusted(
    device: Device, server: ShareServer, content: bytes, tmp_path: Path, line: Line
) -> None:
    url = device.locker.links.make("/big.bin").url
    folder = tmp_path / "in"
    broken(url, folder, line, 4)
    part = next(folder / name for name in hidden(folder) if name.endswith(".part"))
    with part.open("r+b") as file:
        for position in range(SLICES):
            file.seek(position * SLICE_BYTES + 77)
            file.write(b"altered")
    with contextlib.closing(open_address(url, folder=str(folder))) as link:
        link.download(str(folder))
    assert (folder / "big.bin").read_bytes() == content


@pytest.mark.parametrize("damage", ["cut", "noise", "empty", "folder", "symlink"])
def test_a_damaged_resume_file_costs_time_only(
    device: Device, server: ShareServer, content: bytes, tmp_path: Path, line: Line, damage: str
) -> None:
    url = device.locker.links.make("/big.bin").url
    folder = tmp_path / "in"
    broken(url, folder, line, 4)
    resume = next(folder / name for name in hidden(folder) if name.endswith(".resume"))
    data = resume.read_bytes()
    precious = tmp_path / "precious"
    precious.write_bytes(b"mine")
    resume.unlink()
    if damage == "cut":
        resume.write_bytes(data[:-7])
    elif damage == "noise":
        resume.write_bytes(os.urandom(500))
    elif damage == "empty":
        resume.write_bytes(b"")
    elif damage == "folder":
        resume.mkdir()
    else:
        resume.symlink_to(precious)
    with contextlib.closing(open_address(url, folder=str(folder))) as link:
        link.download(str(folder))
    assert (folder / "big.bin").read_bytes() == content
    assert precious.read_bytes() == b"mine"


def test_cancelled_for_good_leaves_nothing(device: Device, server: ShareServer, content: bytes, tmp_path: Path) -> None:
    url = device.locker.links.make("/big.bin").url
    folder = tmp_path / "in"
    for resumable, left in ((True, True), (False, False)):
        control = Control()
        link = open_address(url, folder=str(folder), control=control)
        board = _CancelAfter(control, 2, resumable=resumable)
        with contextlib.closing(link), pytest.raises(CancelledError):
            link.download(str(folder), control=control, board=board)
        assert bool(hidden(folder)) is left
        assert not (folder / "big.bin").exists()


class _CancelAfter(Board):
    def __init__(self, control: Control, pieces: int, *, resumable: bool) -> None:
        super().__init__()
        self._control_left = (control, pieces, resumable)

    def add_done(self, files: int, size_bytes: int, *, moved: bool = True, travel: Travel | None = None) -> None:
        control, left, resumable = self._control_left
        self._control_left = (control, left - 1, resumable)
        if left <= 1:
            control.cancel(resumable=resumable)
        super().add_done(files, size_bytes, moved=moved, travel=travel)


def test_digests_are_of_one_link_only(tmp_path: Path) -> None:
    first, second = LinkSecret.generate(), LinkSecret.generate()
    kept = ResumeFile(str(tmp_path), first)
    kept.add(b"k" * 32, memoryview(b"content"))
    kept.keep_session("abc")
    kept.close(done=False)
    again = ResumeFile(str(tmp_path), first)
    assert again.session == "abc"
    assert again.holds(b"k" * 32, memoryview(b"content"))
    assert not again.holds(b"k" * 32, memoryview(b"kontent"))
    assert not again.holds(b"j" * 32, memoryview(b"content"))
    os.rename(again.path, ResumeFile(str(tmp_path), second).path)
    stolen = ResumeFile(str(tmp_path), second)
    assert not stolen.holds(b"k" * 32, memoryview(b"content"))
