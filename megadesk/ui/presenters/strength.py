"""A rough guess of how many tries a passphrase withstands. Advice while typing, never a gate.

Characters that follow from the one before (repeats, runs, keyboard rows) and common words count little. The figure is
deliberately low; zxcvbn, which knows large dictionaries, may replace it.
"""

from __future__ import annotations

import enum
import math
import re

_COMMON = frozenset(
    [
        "password",
        "passwort",
        "motdepasse",
        "passphrase",
        "letmein",
        "welcome",
        "admin",
        "login",
        "master",
        "secret",
        "dragon",
        "monkey",
        "football",
        "baseball",
        "superman",
        "batman",
        "princess",
        "sunshine",
        "iloveyou",
        "azerty",
        "qwerty",
        "qwertz",
        "asdf",
        "zxcvb",
        "hello",
        "bonjour",
        "hallo",
        "geheim",
        "locker",
        "megadesk",
        "mega",
        "changeme",
        "default",
        "test",
        "user",
        "guest",
        "root",
        "access",
        "trustno",
        "whatever",
        "shadow",
        "michael",
        "jordan",
    ]
)
_ROWS = (
    "qwertyuiop asdfghjkl zxcvbnm azertyuiop qsdfghjklm wxcvbn qwertzuiop yxcvbnm 1234567890 abcdefghijklmnopqrstuvwxyz"
)
_WORD_BITS = 11.0
_LEET = str.maketrans("013457@$!", "oieastasi")


class Strength(enum.IntEnum):
    EMPTY = 0
    WEAK = 1
    FAIR = 2
    GOOD = 3
    STRONG = 4


def guess_bits(passphrase: str) -> float:
    """log2 of a guess at the number of guesses."""
    return sum(_token_bits(token) for token in passphrase.split()) + passphrase.count(" ") * 0.5


def _token_bits(token: str) -> float:
    """What stands between two blanks: a word in disguise, words, or a jumble."""
    plain = token.lower().translate(_LEET)
    for common in _COMMON:
        if len(common) >= 4 and common in plain:
            return 5.0 + 2.0 * (len(token) - len(common))
    word = re.match(r"[^\W\d_]+", plain)
    disguised = word is not None and len(word.group()) >= max(4, 0.7 * len(token))
    if word is not None and disguised:
        rest = token[len(word.group()) :]
        changed = sum(one != other for one, other in zip(token, plain, strict=False))
        return _word_bits(word.group()) + min(changed, 4) + _letters(rest)
    bits = 0.0
    for part in re.findall(r"[^\W\d_]{5,}", token):
        bits += _word_bits(part.lower())
        token = token.replace(part, "", 1)
    return bits + _letters(token)


def _word_bits(word: str) -> float:
    """A word of a language is worth a dictionary, not its letters."""
    if _is_run(word):
        return 4.0
    return min(_letters(word), _WORD_BITS + max(0, len(word) - 9) * 2.0)


def _letters(text: str) -> float:
    pool = 0
    for pattern, size in ((r"[a-z]", 26), (r"[A-Z]", 26), (r"[0-9]", 10), (r"[^a-zA-Z0-9]", 24)):
        if re.search(pattern, text):
            pool += size
    if not pool:
        return 0.0
    bits = 0.0
    for at, char in enumerate(text):
        previous = text[at - 1] if at else ""
        follows = previous and (char == previous or abs(ord(char) - ord(previous)) == 1 or previous + char in _ROWS)
        bits += 1.0 if follows else math.log2(pool)
    return bits


def _is_run(word: str) -> bool:
    return word in _ROWS or len(set(word)) <= 2


def strength(passphrase: str) -> Strength:
    """WEAK: guessed in hours if the key file is stolen. GOOD: out of reach of a person; STRONG: of anybody."""
    if not passphrase:
        return Strength.EMPTY
    bits = guess_bits(passphrase)
    if bits < 32:
        return Strength.WEAK
    if bits < 44:
        return Strength.FAIR
    return Strength.GOOD if bits < 60 else Strength.STRONG
