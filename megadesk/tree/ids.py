"""New node and version ids."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from megadesk.types import NodeId, VersionId


def new_id() -> NodeId:
    """16 random bytes."""
    return NodeId(secrets.token_bytes(16))


def new_version_id() -> VersionId:
    """16 random bytes."""
    return VersionId(secrets.token_bytes(16))


def batch_ids() -> Iterator[NodeId]:
    """Endless ids that share 12 random bytes and count in the last 4, so that inserts into an index are local.

    96 random bits keep batches of different devices apart; a batch longer than 2**32 starts a new prefix.
    """
    while True:
        prefix = secrets.token_bytes(12)
        for counter in range(1 << 32):
            yield NodeId(prefix + counter.to_bytes(4, "big"))
