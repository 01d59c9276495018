"""Which devices are shut out, and from where on: a function of all Rekeys that were ever written. Pure.

Rekeys may contradict each other: two devices shut each other out without having seen it, and one that was shut out may
answer in kind whenever it likes, with an entry that looks old. So neither the order of arrival nor the stamps may
decide. A Rekey counts unless one that counts shuts its device out before it. Where that goes in circles, the one counts
whose device was let in last by the recovery key: whoever has that key can always have the last word, by joining anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from megadesk.types import DeviceId

NOTHING = bytes(32)
Rank = tuple[int, bytes, int, int, bytes]


class Enrolled(NamedTuple):
    """A device as its enrolment says it. ``enroller``: b"" is the recovery key."""

    device: DeviceId
    time_ms: int
    enroller: bytes


class RekeyFact(NamedTuple):
    """A Rekey and where it was written."""

    device: DeviceId
    seq: int
    position: int
    """In the entry."""
    cutoffs: tuple[tuple[DeviceId, int, bytes], ...]
    """Devices that it shuts out, each with number and hash of the last entry that counts."""


class Verdict(NamedTuple):
    """Which Rekeys count, by device, entry and position in it, and of each device shut out the last entry that does."""

    counting: frozenset[tuple[DeviceId, int, int]]
    cutoffs: dict[DeviceId, tuple[int, bytes]]
    """Number and hash."""


def judge(rekeys: Iterable[RekeyFact], devices: Iterable[Enrolled]) -> Verdict:
    """See docs/format.md, "Epochs"."""
    enrolled = {each.device: each for each in devices}
    undecided = {(rekey.device, rekey.seq, rekey.position): rekey for rekey in rekeys}
    let_in_by = {device: _chain(device, enrolled) for device in {*enrolled, *(key[0] for key in undecided)}}
    attackers = {
        key: {other for other, each in undecided.items() if _silences(each, rekey, let_in_by[rekey.device])}
        for key, rekey in undecided.items()
    }
    counting: dict[tuple[DeviceId, int, int], RekeyFact] = {}
    while undecided:
        fine = [key for key in undecided if attackers[key].isdisjoint(undecided)]
        if not fine:
            fine = [max(undecided, key=lambda key: (rank(key[0], enrolled), -key[1], -key[2]))]
        for key in fine:
            rekey = undecided.pop(key, None)
            if rekey is None:
                continue
            counting[key] = rekey
            # Whom it shuts out before, and who would have shut it out: decided against both.
            for other in [other for other in undecided if key in attackers[other] or other in attackers[key]]:
                del undecided[other]
    cutoffs: dict[DeviceId, tuple[int, bytes]] = {}
    for rekey in counting.values():
        for device, seq, entry_hash in rekey.cutoffs:
            if device != rekey.device:
                cutoffs[device] = min(cutoffs.get(device, (seq, entry_hash)), (seq, entry_hash))
    return Verdict(frozenset(counting), {**cutoffs, **let_in_by_others(cutoffs, enrolled.values())})


def let_in_by_others(cutoffs: Collection[DeviceId], devices: Iterable[Enrolled]) -> dict[DeviceId, tuple[int, bytes]]:
    """Whom a device let in that is shut out goes with it, and with all that it wrote."""
    enrolled = {each.device: each for each in devices}
    return {
        device: (0, NOTHING) for device in enrolled if any(above in cutoffs for above in _chain(device, enrolled)[1:])
    }


def _silences(rekey: RekeyFact, other: RekeyFact, chain: list[DeviceId]) -> bool:
    """Whether ``other`` would be of a device that is shut out before it. ``chain``: its device, and who let it in."""
    for device, seq, _ in rekey.cutoffs:
        if device != rekey.device and (device in chain[1:] or (device == other.device and seq < other.seq)):
            return True
    return False


def _chain(device: DeviceId, enrolled: Mapping[DeviceId, Enrolled]) -> list[DeviceId]:
    """A device, the one that let it in, and so on up to one that the recovery key let in."""
    found = [device]
    while (row := enrolled.get(found[-1])) is not None and row.enroller and row.enroller not in found:
        found.append(DeviceId(row.enroller))
    return found


def rank(device: DeviceId, enrolled: Mapping[DeviceId, Enrolled]) -> Rank:
    """Larger: has the last word. A device that another one let in comes after it, and after all let in before that."""
    chain = _chain(device, enrolled)
    top, own = enrolled.get(chain[-1]), enrolled.get(device)
    return (top.time_ms if top else -1, chain[-1], -len(chain), own.time_ms if own else -1, device)
