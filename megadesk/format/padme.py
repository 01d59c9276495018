"""Padmé: sizes that leak O(log log L) bits at under 12 % overhead.

Source: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", PETS 2019,
section 4.
"""

from __future__ import annotations


def padme(length: int) -> int:
    """The smallest Padmé size of at least ``length`` bytes."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    mantissa_bits = exponent.bit_length()
    unit = 1 << (exponent - mantissa_bits) if exponent > mantissa_bits else 1
    return -(-length // unit) * unit


def is_padme(length: int) -> bool:
    """Whether an object may have this size."""
    return length >= 0 and padme(length) == length
