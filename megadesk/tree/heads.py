"""Which versions of a node are current: a pure function of all that is known of them."""

from __future__ import annotations

from collections.abc import Sequence

from megadesk.tree.table import NO_VERSION, Attributes, Node, Version
from megadesk.types import VersionId


def current_heads(versions: Sequence[Version], kind: int) -> list[Version]:
    """Heads of a node of ``kind``, the winner (largest stamp) first.

    A head is a kept version that is no ancestor of a kept version; ancestry passes through dropped ones, so dropping a
    version in the middle makes no old one current again, and dropping the newest brings back the one before it.
    A base counts only when its stamp is smaller, so whatever an entry claims, ancestry has no cycle and a node with
    kept versions always has a head. Versions of another kind than the node's are nonsense and do not count.
    """
    usable = {version.id: version for version in versions if version.kind == kind}
    kept = [version for version in usable.values() if not version.dropped]
    superseded: set[VersionId] = set()
    stack = list(kept)
    while stack:
        version = stack.pop()
        for base_id in version.bases:
            base = usable.get(base_id)
            if base is not None and base_id not in superseded and base.stamp < version.stamp:
                superseded.add(base_id)
                if base.dropped:
                    stack.append(base)
    heads = [version for version in kept if version.id not in superseded]
    heads.sort(key=lambda version: version.stamp, reverse=True)
    return heads


def take_heads(node: Node, heads: Sequence[Version], attributes: Attributes | None) -> None:
    """Set what a file's or link's row caches of its heads and of the last SetAttributes."""
    node.heads = len(heads)
    node.gone = not heads
    if not heads:
        node.head, node.size = NO_VERSION, 0
        return
    head = heads[0]
    node.head, node.size, node.mode, node.mtime_ns = head.id, head.size, head.mode, head.mtime_ns
    if attributes is not None and attributes.stamp > head.stamp:
        node.mode, node.mtime_ns = attributes.mode, attributes.mtime_ns


def contract(
    versions: Sequence[Version], lamport: int
) -> tuple[list[VersionId], dict[VersionId, tuple[VersionId, ...]]]:
    """How to forget the versions dropped at or before ``lamport``: (ids to delete, new bases of those that stay).

    What named a forgotten version as its base now names that version's bases, so heads stay what they were.
    """
    known = {version.id: version for version in versions}
    doomed = {version.id for version in versions if 0 < version.dropped <= lamport}
    changed: dict[VersionId, tuple[VersionId, ...]] = {}
    for version in versions:
        if version.id in doomed or not any(base in doomed for base in version.bases):
            continue
        bases: dict[VersionId, None] = {}
        seen: set[VersionId] = set()
        # An edge counts only from a larger stamp to a smaller one: see current_heads.
        stack = [(base, version) for base in reversed(version.bases)]
        while stack:
            base_id, child = stack.pop()
            base = known.get(base_id)
            if base is None or base_id not in doomed:
                bases[base_id] = None
            elif base_id not in seen and base.stamp < child.stamp and base.kind == child.kind:
                seen.add(base_id)
                stack.extend((older, base) for older in reversed(base.bases))
        changed[version.id] = tuple(bases)
    return list(doomed), changed
