"""The recovery key as people write it down: 13 groups of 5 symbols, the fifth checking its group.

Crockford's base32 alphabet. The 52 payload symbols carry a 4-bit version (0) and 256 bits. The check symbol of group g
(0..12) over GF(32), reduced by x^5 + x^2 + 1, is ``g + sum(a^(i+1) * s_i)`` for the group's symbols s_0..s_3, a = 2:
it finds every single wrong symbol, every swap of two of a group's four symbols, and every two groups exchanged.
"""

from __future__ import annotations

from megadesk.errors import RecoveryKeyError

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {symbol: value for value, symbol in enumerate(_ALPHABET)} | {"I": 1, "L": 1, "O": 0}
GROUPS = 13
_DATA_SYMBOLS = 4
_GROUP_SYMBOLS = _DATA_SYMBOLS + 1
_KEY_BYTES = 32
_MAX_TEXT = 1000


def _times_alpha(value: int, power: int) -> int:
    for _ in range(power):
        value <<= 1
        if value & 32:
            value ^= 0b100101
    return value


def _check(group: int, symbols: list[int]) -> int:
    total = group
    for i, symbol in enumerate(symbols):
        total ^= _times_alpha(symbol, i + 1)
    return total


def format_recovery_key(key: bytes) -> str:
    """``key`` (32 bytes) as 13 groups joined by dashes."""
    if len(key) != _KEY_BYTES:
        raise ValueError("a recovery key is 32 bytes")
    number = int.from_bytes(key, "big")
    groups = []
    for group in range(GROUPS):
        shift = 5 * _DATA_SYMBOLS * (GROUPS - 1 - group)
        bits = number >> shift
        symbols = [bits >> 5 * (_DATA_SYMBOLS - 1 - i) & 31 for i in range(_DATA_SYMBOLS)]
        groups.append("".join(_ALPHABET[s] for s in [*symbols, _check(group, symbols)]))
    return "-".join(groups)


def parse_recovery_key(text: str) -> bytes:
    """The 32 bytes. Raises RecoveryKeyError that says what is wrong and in which group; never quotes the key."""
    if len(text) > _MAX_TEXT:
        raise RecoveryKeyError(f"A recovery key has {GROUPS * _GROUP_SYMBOLS} characters; this is much longer.")
    plain = "".join(c for c in text.upper() if not c.isspace() and c not in "-\u2010\u2011\u2012\u2013\u2014\u2212")
    for position, symbol in enumerate(plain):
        if symbol not in _VALUES:
            raise RecoveryKeyError(
                f"Group {position // _GROUP_SYMBOLS + 1} of the recovery key has a character that no key has.",
                remedy="Keys are made of digits and letters without I, L, O and U.",
            )
    if len(plain) != GROUPS * _GROUP_SYMBOLS:
        raise RecoveryKeyError(
            f"A recovery key has {GROUPS} groups of {_GROUP_SYMBOLS} characters, {GROUPS * _GROUP_SYMBOLS} in all; "
            f"this one has {len(plain)}."
        )
    values = [_VALUES[symbol] for symbol in plain]
    number = 0
    wrong = []
    for group in range(GROUPS):
        *symbols, check = values[group * _GROUP_SYMBOLS : (group + 1) * _GROUP_SYMBOLS]
        if _check(group, symbols) != check:
            wrong.append(group + 1)
        for value in symbols:
            number = number << 5 | value
    if wrong:
        remedy = "Compare with what you wrote down and correct it."
        last = wrong.pop()
        if not wrong:
            raise RecoveryKeyError(f"Group {last} of the recovery key is mistyped.", remedy=remedy)
        others = ", ".join(map(str, wrong))
        raise RecoveryKeyError(f"Groups {others} and {last} of the recovery key are mistyped.", remedy=remedy)
    if number >> 256:
        raise RecoveryKeyError("This recovery key is of a version that this program does not know.")
    return number.to_bytes(_KEY_BYTES, "big")
