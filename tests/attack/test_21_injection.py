"""Attack 21: have a file of one's own stored beside a secret one, and see by sizes whether they are alike.

Nothing is stored once for two files, nothing is compressed: the sizes are those of any other content.
"""

from __future__ import annotations

import pytest

from megadesk.crypto.aead import SLICE_BYTES
from tests.attack.uploads import observe
from tests.attack.world import Bench, pattern

SIZES = (50, 4096, 200_000, 262_112, 1_000_000, SLICE_BYTES + 100_000)


@pytest.mark.parametrize("size", SIZES)
def test_a_guess_at_a_secret_file(bench: Bench, size: int) -> None:
    """After the secret, the adversary's guess: right, nearly right, wrong. The storage sees the same."""
    secret = pattern(21, size)
    near = secret[:-1] + bytes((secret[-1] ^ 1,))
    guesses = {"right": secret, "near": near, "wrong": pattern(22, size), "zeros": bytes(size)}
    seen = {what: observe(bench, {"secret": secret}, {"guess1": guess}) for what, guess in guesses.items()}
    assert len({repr(sent) for sent in seen.values()}) == 1
    packs = [object_size for kind, object_size in seen["right"][1] if kind == "packs"]
    assert sum(packs) > size, "the guess was not stored: it was recognised"


@pytest.mark.parametrize("size", SIZES[:5])
def test_duplicates_in_one_upload(bench: Bench, size: int) -> None:
    same = observe(bench, {"one": pattern(1, size), "two": pattern(1, size)})
    differ = observe(bench, {"one": pattern(1, size), "two": pattern(2, size)})
    assert same == differ


def test_a_guess_in_pieces(bench: Bench) -> None:
    """The guess beside the secret in one file, one directory, one batch: as compression oracles have it."""
    secret = b"password=hunter2;" * 20
    right = {"notes": secret + b"password=hunter2;" * 20, "other": secret}
    wrong = {"notes": secret + b"password=qwertz9;" * 20, "other": pattern(3, len(secret))}
    assert observe(bench, right) == observe(bench, wrong)


def test_names_are_not_compressed_either(bench: Bench) -> None:
    same = {f"the-same-long-name-again-and-again/{number:03d}": b"x" for number in range(60)}
    differ = {pattern(7, 17).hex() + f"/{number:03d}": b"x" for number in range(60)}
    assert observe(bench, same) == observe(bench, differ)


def test_a_known_file_uploaded_again_by_the_same_person(bench: Bench) -> None:
    """A copy of what is in the locker, put as a new file, is stored as any other."""
    secret = pattern(5, 700_000)
    again = observe(bench, {"a": secret, "b": b"1"}, {"c": secret})[1]
    fresh = observe(bench, {"a": secret, "b": b"1"}, {"c": pattern(6, 700_000)})[1]
    assert again == fresh
