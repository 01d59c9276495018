"""Rows of the kinds that the window shows, made up."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import msgspec

from megadesk.core.links import LinkRow
from megadesk.format.ops import LinkPlace
from megadesk.transfer.records import Direction, State, TransferRow
from megadesk.tree.rows import NodeRow
from megadesk.types import ROOT, NodeId, NodeKind, VersionId


def node_id(number: int) -> NodeId:
    return NodeId(number.to_bytes(16, "big"))


def row(
    number: int, name: str, *, parent: NodeId = ROOT, folder: bool = False, size: int = 0, mtime: int = 0
) -> NodeRow:
    kind = NodeKind.FOLDER if folder else NodeKind.FILE
    head = None if folder else VersionId(number.to_bytes(16, "big"))
    return NodeRow(node_id(number), parent, name, name, kind, size, mtime, 0o644, head, False, 0, None)


def many_rows(count: int, seed: int = 1) -> list[NodeRow]:
    """Names, sizes and times as they come, a hundredth of them folders."""
    chance = random.Random(seed)
    return [
        row(
            number + 10,
            f"{chance.choice(['IMG', 'Scan', 'rapport', 'Été'])}_{chance.randrange(count * 3)} {number}.jpg",
            folder=number % 100 == 0,
            size=chance.randrange(10**9),
            mtime=chance.randrange(10**18, 18 * 10**17),
        )
        for number in range(count)
    ]


def transfer(number: int = 1, state: State = State.RUNNING, **changes: Any) -> TransferRow:
    base = TransferRow(
        id=number,
        direction=Direction.UP,
        sources=("/home/me/Photos",),
        dest="/",
        state=state,
        title="Photos",
        done_bytes=0,
        total_bytes=0,
        done_files=0,
        total_files=0,
        unchanged_files=0,
        moved_bytes=0,
        scanning=False,
        speed_bps=0.0,
        eta_s=None,
        error="",
        failures=0,
        current="",
        created_ms=0,
    )
    return msgspec.structs.replace(base, **changes)


def link_row(number: int = 1, path: str = "/Photos/sea.jpg", **changes: Any) -> LinkRow:
    base = LinkRow(
        id=f"{number:032x}",
        path=path,
        node=node_id(number),
        is_folder=False,
        live=False,
        state="active",
        created_ms=1_800_000_000_000,
        expires_ms=None,
        max_downloads=None,
        downloads=3,
        has_password=False,
        note="",
        place=LinkPlace.SERVER,
        device="laptop",
        url="https://files.example.org/d/#key",
    )
    return replace(base, **changes)
