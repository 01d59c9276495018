"""Which operations every live device has seen, by what their own logs say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from megadesk.types import DeviceId


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A device's last entry applied here, and the numbers of the other devices' entries that it had applied by then."""

    seq: int
    lamport: int
    seen: Mapping[DeviceId, int]


def stable_lamport(
    heads: Mapping[DeviceId, Acknowledged], live: Collection[DeviceId], floor: Callable[[DeviceId, int], int]
) -> int:
    """Largest clock up to which all operations are causally stable here; 0 when none is.

    Stable: applied here, and seen by the last applied entry of every live device, so whatever is still to come was
    made with knowledge of it. ``heads``: all devices with entries here. ``live``: devices that may still write; a
    revoked one is live until all that counts of it is applied. ``floor``: a number below the Lamport clocks of all the
    device's entries after the given one, as large as is known.

    That everything to come has a larger clock, which suffices for moves, is not enough to remove what was purged: an
    entry with a larger clock may come from a device that had not seen the purge.
    """
    if not live or any(device not in heads for device in live):
        return 0
    bounds = []
    for author, head in heads.items():
        cut = min(head.seq if device == author else min(heads[device].seen.get(author, 0), head.seq) for device in live)
        if cut < head.seq:
            bounds.append(floor(author, cut))
        elif author in live:
            bounds.append(head.lamport)
    return min(bounds, default=0)
