"""What is left out: gitignore's own rules, the built-in names, and that both ways of asking agree."""

from __future__ import annotations

import random

import pytest

from megadesk.errors import PathError
from megadesk.sync.ignore import TEMPORARY, Ignore, escaped


def test_the_short_way_and_the_long_way_agree() -> None:
    """A negation makes all rules one list; one that catches nothing must change nothing."""
    rng = random.Random(1)
    rules = ["*.o", "/build/", "doc/*.txt", "a b"]
    short, long = Ignore(rules), Ignore([*rules, "!no such name at all"])
    parts = [
        "a",
        "a~",
        "x.o",
        "build",
        "doc",
        "n.txt",
        "#a#",
        ".#a",
        "a b",
        "film.part",
        "~$x",
        "4913",
        "ü.o",
        ".DS_Store",
    ]
    for _ in range(3000):
        path = "/".join(rng.choice(parts) for _ in range(rng.randrange(1, 3))).encode()
        for is_folder in (False, True):
            caught = short.catches(path, is_folder=is_folder)
            assert caught == long.catches(path, is_folder=is_folder) or _above_is_caught(short, path), path


def _above_is_caught(rules: Ignore, path: bytes) -> bool:
    """What lies in a folder that is left out is never asked about."""
    above = path.rpartition(b"/")[0]
    return bool(above) and rules.catches(above, is_folder=True)


def test_temporary_names_can_be_taken_in_again() -> None:
    assert Ignore(()).catches(b"d/film.part", is_folder=False)
    assert not Ignore(("!*.part",)).catches(b"d/film.part", is_folder=False)
    assert len(set(TEMPORARY)) == len(TEMPORARY)


def test_own_names_are_always_left_out() -> None:
    assert Ignore(("!.megadesk-*",)).catches(b"d/.megadesk-x", is_folder=False)
    assert not Ignore(()).catches(b".megadeskignore", is_folder=False)


def test_folders_left_out_are_meant_literally() -> None:
    rules = Ignore((), ["a[1]", "b/c !"])
    assert rules.catches(b"a[1]", is_folder=True)
    assert not rules.catches(b"a1", is_folder=True)
    assert rules.catches(b"b/c !", is_folder=True)
    assert not rules.catches(b"x/a[1]", is_folder=True)
    assert Ignore(["/" + escaped("#x*")]).catches(b"#x*", is_folder=False)


def test_bytes_that_are_no_text() -> None:
    assert Ignore(["*.o"]).catches(b"caf\xe9.o", is_folder=False)
    assert not Ignore(["*.o"]).catches(b"caf\xe9", is_folder=False)


def test_rules_change_the_digest_and_nonsense_is_refused() -> None:
    assert Ignore(["a"]).digest != Ignore(["b"]).digest
    with pytest.raises(PathError):
        Ignore(["!"])
