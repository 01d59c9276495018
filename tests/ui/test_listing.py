"""The order of rows, and the words and numbers in them."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest
from examples import many_rows, row
from hypothesis import given
from hypothesis import strategies as st

from megadesk.types import ROOT, NodeKind
from megadesk.ui import formatting as fmt
from megadesk.ui.presenters.listing import (
    Column,
    Sort,
    arrange,
    name_key,
    rearrange,
    row_key,
)


def test_natural_order() -> None:
    names = ["file 10", "File 2", "file 002b", "élan", "Eland", "zebra", "10", "9", "_x"]
    assert sorted(names, key=name_key) == ["9", "10", "_x", "élan", "Eland", "File 2", "file 002b", "file 10", "zebra"]


@given(st.text(max_size=30), st.text(max_size=30))
def test_name_keys_never_fail(one: str, other: str) -> None:
    assert (name_key(one) < name_key(other)) in (True, False)


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_sort_as_numbers(one: int, other: int) -> None:
    assert (name_key(f"a{one}") < name_key(f"a{other}")) == (one < other)


def test_folders_first_in_every_order() -> None:
    listing = arrange(ROOT, many_rows(3000), Sort())
    for column in Column:
        for descending in (False, True):
            rows = rearrange(listing, Sort(column, descending)).rows
            kinds = [each.kind is NodeKind.FOLDER for each in rows]
            assert kinds == sorted(kinds, reverse=True)
            assert len(rows) == 3000


def test_position_tells_conflict_copies_apart() -> None:
    copy = msgspec.structs.replace(row(2, "b (conflict)"), id=row(1, "a").id, conflict=True)
    listing = arrange(ROOT, [row(1, "a"), copy, row(3, "c")], Sort())
    assert listing.position(row_key(row(1, "a"))) == 0
    assert listing.position(row_key(copy)) == 1
    assert listing.position(row_key(row(4, "d"))) is None


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (1234, "1.23 kB"),
        (999_499, "999 kB"),
        (700_000, "700 kB"),
        (20_000, "20 kB"),
        (999_500, "1 MB"),
        (5 * 10**9, "5 GB"),
        (123_456_789_012_345, "123 TB"),
    ],
)
def test_sizes(size: int, text: str) -> None:
    assert fmt.size(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "1 s"), (7.2, "8 s"), (31, "35 s"), (119, "2 min"), (4800, "1 h 20 min"), (1e6, "12 days")],
)
def test_durations(seconds: float, text: str) -> None:
    assert fmt.duration(seconds) == text


def test_times_far_out_do_not_fail() -> None:
    assert fmt.when(0) == ""
    assert fmt.when(2**62) != ""
    assert fmt.when(-(2**62)) != ""


@given(st.text())
def test_names_are_shown_on_one_line(name: str) -> None:
    assert "\n" not in fmt.shown_name(name)
    fmt.shown_name(name).encode()


def test_presenters_know_no_qt() -> None:
    code = (
        "import importlib, pkgutil, sys, megadesk.ui.presenters as package, megadesk.ui.runner, megadesk.ui.display\n"
        "for module in pkgutil.iter_modules(package.__path__, package.__name__ + '.'):\n"
        "    importlib.import_module(module.name)\n"
        "sys.exit('PySide6' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
