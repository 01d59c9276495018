"""How many tries a passphrase withstands, by zxcvbn. Advice while typing, never a gate."""

from __future__ import annotations

import enum
import math
import re

_WEAK_BITS, _FAIR_BITS, _GOOD_BITS = 32, 44, 60
_LOOKED_AT = 40
"""Characters: the time taken grows faster than the length, and what is longer is strong or a repetition."""
_KNOWN = re.findall(
    r"\w+",
    "megadesk mega locker coffre passphrase motdepasse passwort azerty qwertz bonjour soleil chouchou doudou loulou "
    "marseille amour jetaime geheim hallo schatz sommer contraseña hola",
)
"""Words that its English lists lack and that people here begin with."""


class Strength(enum.IntEnum):
    EMPTY = 0
    WEAK = 1
    FAIR = 2
    GOOD = 3
    STRONG = 4


def warm_up() -> None:
    """Load the dictionaries; a twentieth of a second, for another thread before somebody types."""
    guess_bits("a")


def guess_bits(passphrase: str) -> float:
    """log2 of the number of guesses. At most about ten milliseconds."""
    from zxcvbn import zxcvbn  # here: it brings its dictionaries

    if not passphrase:
        return 0.0
    looked_at = passphrase[:_LOOKED_AT]
    bits = math.log2(max(1, int(zxcvbn(looked_at, user_inputs=_KNOWN)["guesses"])))
    # It has no dictionary of other languages and takes their words for jumbles: no word is worth more than this.
    words = looked_at.split()
    letters = all(word.isalpha() for word in words)
    return min(bits, 14.0 * len(words)) if letters else bits


def strength(passphrase: str) -> Strength:
    """WEAK: guessed in hours if the key file is stolen. GOOD: out of reach of a person; STRONG: of anybody."""
    if not passphrase:
        return Strength.EMPTY
    bits = guess_bits(passphrase)
    if bits < _WEAK_BITS:
        return Strength.WEAK
    if bits < _FAIR_BITS:
        return Strength.FAIR
    return Strength.GOOD if bits < _GOOD_BITS else Strength.STRONG
