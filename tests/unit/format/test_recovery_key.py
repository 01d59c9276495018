"""The recovery key: every slip of the pen is found, and its group is named."""

from __future__ import annotations

import itertools
import os
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from megadesk.errors import RecoveryKeyError
from megadesk.format.recovery import GROUPS, format_recovery_key, parse_recovery_key

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KEYS = [bytes(32), b"\xff" * 32, bytes(range(32)), random.Random(1).randbytes(32)]


def groups_named(text: str) -> set[int]:
    """The groups that the error names."""
    with pytest.raises(RecoveryKeyError) as caught:
        parse_recovery_key(text)
    named = re.match(r"Groups? ([0-9, and]+) of", str(caught.value))
    assert named is not None, str(caught.value)
    return {int(number) for number in re.findall(r"\d+", named[1])}


@given(st.binary(min_size=32, max_size=32))
def test_round_trip(key: bytes) -> None:
    text = format_recovery_key(key)
    assert re.fullmatch(rf"([{ALPHABET}]{{5}}-){{12}}[{ALPHABET}]{{5}}", text)
    assert parse_recovery_key(text) == key


@pytest.mark.parametrize("key", KEYS)
def test_every_single_wrong_symbol_is_found_and_its_group_named(key: bytes) -> None:
    text = format_recovery_key(key).replace("-", "")
    for place, right in enumerate(text):
        for wrong in ALPHABET:
            if wrong != right:
                assert groups_named(text[:place] + wrong + text[place + 1 :]) == {place // 5 + 1}


@pytest.mark.parametrize("key", KEYS)
def test_every_swap_of_two_symbols_is_found(key: bytes) -> None:
    """Within a group, its check symbol included, and over the whole key; the groups that were touched are named."""
    text = format_recovery_key(key).replace("-", "")
    for a, b in itertools.combinations(range(len(text)), 2):
        if text[a] == text[b]:
            continue
        swapped = list(text)
        swapped[a], swapped[b] = swapped[b], swapped[a]
        assert groups_named("".join(swapped)) == {a // 5 + 1, b // 5 + 1}


@pytest.mark.parametrize("key", KEYS)
def test_every_two_groups_exchanged_are_found(key: bytes) -> None:
    groups = format_recovery_key(key).split("-")
    for a, b in itertools.combinations(range(GROUPS), 2):
        swapped = list(groups)
        swapped[a], swapped[b] = swapped[b], swapped[a]
        assert groups_named("-".join(swapped)) == {a + 1, b + 1}


@pytest.mark.parametrize("key", KEYS)
def test_a_group_left_out_or_written_twice(key: bytes) -> None:
    groups = format_recovery_key(key).split("-")
    for place in range(GROUPS):
        for changed in (groups[:place] + groups[place + 1 :], groups[: place + 1] + groups[place:]):
            with pytest.raises(RecoveryKeyError, match="65 in all"):
                parse_recovery_key("-".join(changed))


@pytest.mark.parametrize("key", KEYS)
def test_as_people_write_it(key: bytes) -> None:
    text = format_recovery_key(key)
    for written in (
        text.lower(),
        text.replace("-", ""),
        text.replace("-", " "),
        f"  {text}\n",
        "\n".join(text.split("-")),
        text.replace("0", "O").replace("1", "I"),
        text.lower().replace("1", "l").replace("0", "o"),
        text.replace("-", "\u2013"),
        text.replace("-", "\u00a0"),
    ):
        assert parse_recovery_key(written) == key


@pytest.mark.parametrize("wrong", ["U", "u", "!", "\u00c4", "\u0660", "\uff11", "\U0001f511", "\0", "="])
def test_a_foreign_character_is_refused_and_its_group_named(wrong: str) -> None:
    text = format_recovery_key(KEYS[2]).replace("-", "")
    for place in range(0, len(text), 7):
        assert groups_named(text[:place] + wrong + text[place + 1 :]) == {place // 5 + 1}


def test_keys_of_a_later_version_are_told_apart_from_typos() -> None:
    """A first symbol that says version 1, its check symbol right."""
    from megadesk.format import recovery

    text = format_recovery_key(KEYS[2]).replace("-", "")
    values = [recovery._VALUES[symbol] for symbol in text[:4]]
    values[0] |= 0b10000
    check = recovery._check(0, values)
    first = "".join(recovery._ALPHABET[value] for value in [*values, check])
    with pytest.raises(RecoveryKeyError, match="version"):
        parse_recovery_key(first + text[5:])


def test_the_error_never_quotes_the_key() -> None:
    for _ in range(50):
        text = format_recovery_key(os.urandom(32))
        for wrong in (text[:-1] + ("0" if text[-1] != "0" else "1"), text[:-2], "U" + text[1:]):
            with pytest.raises(RecoveryKeyError) as caught:
                parse_recovery_key(wrong)
            shown = caught.value.explanation + repr(caught.value)
            assert not any(group in shown for group in wrong.split("-"))


@pytest.mark.parametrize("size", [0, 31, 33])
def test_only_32_bytes_are_a_key(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        format_recovery_key(bytes(size))
