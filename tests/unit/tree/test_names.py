"""Names, paths, conflict names, sorting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from megadesk.errors import PathError
from megadesk.tree.names import (
    check_name,
    conflict_name,
    fold,
    join_path,
    natural_key,
    printable,
    split_extension,
    split_path,
    to_bytes,
    to_text,
)

DAY = 1_700_000_000_000


@given(st.binary(max_size=300))
def test_every_name_survives(name: bytes) -> None:
    text = to_text(name)
    assert to_bytes(text) == name
    printable(text).encode()
    fold(text).encode()
    natural_key(text)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\0b", "x" * 256, "é" * 128, "\ud800"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(PathError) as caught:
        check_name(name)
    str(caught.value).encode()


@pytest.mark.parametrize("name", ["a", "...", " ", "x" * 255, "caf\udce9", "CON", "-rf"])
def test_what_is_a_name(name: str) -> None:
    assert check_name(name) == to_bytes(name)


def test_paths() -> None:
    assert split_path("/") == split_path("") == ()
    assert split_path("/a//b/") == ("a", "b")
    assert join_path("/", "a") == "/a"
    assert join_path("/a", "b") == "/a/b"
    with pytest.raises(PathError):
        split_path("/a/../b")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("a.txt", ("a", ".txt")),
        (".profile", (".profile", "")),
        ("a.tar.gz", ("a", ".tar.gz")),
        ("no", ("no", "")),
        ("v1. final copy", ("v1. final copy", "")),
        ("a.", ("a.", "")),
    ],
)
def test_extensions(name: str, parts: tuple[str, str]) -> None:
    assert split_extension(name) == parts


def test_conflict_names() -> None:
    assert conflict_name("a.txt", "laptop", DAY) == "a (conflict, laptop, 2023-11-14).txt"
    assert conflict_name("a.txt", "laptop", DAY, 3) == "a (conflict, laptop, 2023-11-14 3).txt"
    assert conflict_name("a", "../e\x1bv(i)l\u202e", DAY) == "a (conflict, .. e v i l, 2023-11-14)"
    assert conflict_name("a", "", 1 << 62) == "a (conflict, ?, ?)"


@given(st.text(min_size=1, max_size=255), st.text(max_size=60), st.integers(0, 2**63), st.integers(1, 999))
def test_conflict_names_are_names(name: str, device: str, time_ms: int, number: int) -> None:
    if "/" in name or "\0" in name:
        return
    try:
        to_bytes(name)
    except PathError:
        return
    check_name(conflict_name(name, device, time_ms, number))


def test_long_conflict_names_stay_apart() -> None:
    one, two = ("é" * 120 + end for end in ("ab.txt", "ac.txt"))
    assert conflict_name(one, "d", DAY) != conflict_name(two, "d", DAY)
    assert "\udcc3" not in conflict_name(one, "d", DAY)


def test_natural_order() -> None:
    names = ["file 10", "File 2", "file 1b", "file 1", "a", "10", "9", "file 0" + "1" * 40]
    assert sorted(names, key=natural_key) == [
        "9",
        "10",
        "a",
        "file 1",
        "file 1b",
        "File 2",
        "file 10",
        "file 0" + "1" * 40,
    ]
