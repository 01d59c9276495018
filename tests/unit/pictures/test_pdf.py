"""Pages of PDFs, drawn in a process of their own: what honest files look like, and what hostile ones cannot do."""

from __future__ import annotations

import gc
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.pictures import child
from megadesk.pictures.pdf import ARGUMENT, PdfError, PdfPages, Trouble
from tests.pdfs import encrypted, pdf

LINUX = Path("/proc/self/status").exists()


@pytest.fixture
def three() -> Iterator[PdfPages]:
    document = PdfPages(pdf(3))
    yield document
    document.close()


def trouble(data: bytes, limit_s: float = 8.0) -> Trouble:
    def draw() -> None:
        document = PdfPages(data, limit_s)
        try:
            document.page(0, 300)
        finally:
            document.close()

    with pytest.raises(PdfError) as caught:
        draw()
    return caught.value.trouble


def test_a_page_has_the_size_asked_for_and_what_is_drawn_on_it(three: PdfPages) -> None:
    assert three.pages == 3
    page = three.page(2, 300)
    assert (page.width, page.height) == (200, 300)

    def pixel(x: int, y: int) -> bytes:
        at = y * page.stride + x * 4
        return page.pixels[at : at + 3]

    assert pixel(70, 230) == bytes((0, 0, 255)), "blue, green, red"
    assert pixel(150, 30) == bytes((255, 255, 255))
    assert "pixels" not in repr(page)


def test_the_process_has_no_environment_and_ends_with_the_document(three: PdfPages) -> None:
    number = three._process.pid
    if LINUX:
        environment = Path(f"/proc/{number}/environ").read_bytes()
        assert b"MEGADESK" not in environment
        assert b"HOME" not in environment
        limits = Path(f"/proc/{number}/limits").read_text()
        assert f"{child.MEMORY_BYTES}" in next(line for line in limits.splitlines() if "address space" in line)
        assert " 0 " in next(line for line in limits.splitlines() if "core file" in line)
        assert " 0 " in next(line for line in limits.splitlines() if "Max file size" in line)
    three.close()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
    with pytest.raises(PdfError):
        three.page(0, 300)


def test_who_forgets_a_document_ends_its_process() -> None:
    document = PdfPages(pdf())
    number = document._process.pid
    del document
    gc.collect()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_document_with_a_password_says_so() -> None:
    assert trouble(encrypted()) is Trouble.ENCRYPTED


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.4\nnothing", pdf()[:200], b"\0" * 5000], ids=["", "head", "cut", "zeros"]
)
def test_what_is_damaged_says_so(data: bytes) -> None:
    assert trouble(data) is Trouble.DAMAGED


def test_any_bytes_give_a_picture_or_a_reason() -> None:
    whole = bytearray(pdf(2))
    chance = random.Random(7)
    for _ in range(5):
        damaged = bytearray(whole)
        for _ in range(20):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            document = PdfPages(bytes(damaged))
            document.page(0, 100)
        except PdfError:
            continue
        document.close()


@pytest.mark.parametrize("size", [(100_000, 100_000), (100_000, 0.01), (0.0001, 0.0001), (1e30, 1e30), (-5, 0)])
def test_pages_of_any_size_are_bounded(size: tuple[float, float]) -> None:
    try:
        document = PdfPages(pdf(width=size[0], height=size[1]))
        page = document.page(0, 300)
    except PdfError:
        return
    assert max(page.width, page.height) <= 300
    assert len(page.pixels) == page.stride * page.height
    document.close()


def test_the_last_of_many_pages() -> None:
    document = PdfPages(pdf(10_000))
    assert document.pages == 10_000
    assert document.page(9_999, 100).height == 100
    document.close()


def test_what_takes_for_ever_is_ended() -> None:
    """A few kilobytes that unpack to tens of millions of lines to draw."""
    endless = pdf(content=b"0 0 m 200 300 l S\n" * 1_500_000)
    assert len(endless) < 200_000
    began = time.monotonic()
    assert trouble(endless, limit_s=0.8) is Trouble.TOO_MUCH
    assert time.monotonic() - began < 5


def test_a_process_that_answers_nonsense_is_not_believed(three: PdfPages, monkeypatch: pytest.MonkeyPatch) -> None:
    for answer in ((3, 100_000, 100_000, 400_000), (3, 10, 10, 8), (3, 0, 10, 40)):
        monkeypatch.setattr(three, "_answer", lambda answer=answer: answer)
        with pytest.raises(PdfError):
            three.page(0, 300)


def test_the_program_itself_can_be_that_process() -> None:
    """As in the built program, which has no Python beside it."""
    document = pdf()
    request = child.LENGTH.pack(len(document)) + document + child.WANTED.pack(0, 30)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "megadesk", ARGUMENT],
        input=request,
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    size = child.MADE.size
    assert child.MADE.unpack(done.stdout[:size])[:2] == (child.OK, 1)
    status, _, width, height, stride = child.MADE.unpack(done.stdout[size : 2 * size])
    assert (status, width, height) == (child.OK, 20, 30)
    assert len(done.stdout) == 2 * size + stride * height
