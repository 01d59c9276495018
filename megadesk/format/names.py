"""Names of objects in a store (docs/format.md, "Objects"). Ids in, names out, and strictly back."""

from __future__ import annotations

import re

from megadesk.types import DeviceId, LinkId, PackId

HEADER = "locker"
DEVICES = "devices/"
LOG = "log/"
PACKS = "packs/"
CHECKPOINTS = "checkpoints/"
LINKS = "links/"

_DEVICE = re.compile(r"devices/([0-9a-f]{32})")
_ENTRY = re.compile(r"log/([0-9a-f]{32})/([0-9a-f]{16})")
_PACK = re.compile(r"packs/([0-9a-f]{2})/(\1[0-9a-f]{30})")
_LINK = re.compile(r"links/([0-9a-f]{32})(\.html)?")
_CHECKPOINT = re.compile(r"checkpoints/([0-9a-f]{32})/([0-9a-f]{8})")


def device(device_id: DeviceId) -> str:
    return DEVICES + device_id.hex()


def log_folder(device_id: DeviceId) -> str:
    return f"{LOG}{device_id.hex()}/"


def entry(device_id: DeviceId, seq: int) -> str:
    return f"{LOG}{device_id.hex()}/{seq:016x}"


def pack(pack_id: PackId) -> str:
    text = pack_id.hex()
    return f"{PACKS}{text[:2]}/{text}"


def checkpoint_part(checkpoint_id: bytes, part: int) -> str:
    return f"{CHECKPOINTS}{checkpoint_id.hex()}/{part:08x}"


def link(link_id: LinkId) -> str:
    return LINKS + link_id.hex()


def link_page(link_id: LinkId) -> str:
    """A page with the record in it, where no server makes one of the two."""
    return f"{LINKS}{link_id.hex()}.html"


def parse_link(name: str) -> LinkId | None:
    """The id in the name of a record or a page."""
    found = _LINK.fullmatch(name)
    return LinkId(bytes.fromhex(found[1])) if found else None


def parse_device(name: str) -> DeviceId | None:
    """The device id, or None when this is not such a name."""
    found = _DEVICE.fullmatch(name)
    return DeviceId(bytes.fromhex(found[1])) if found else None


def parse_entry(name: str) -> tuple[DeviceId, int] | None:
    found = _ENTRY.fullmatch(name)
    return (DeviceId(bytes.fromhex(found[1])), int(found[2], 16)) if found else None


def parse_pack(name: str) -> PackId | None:
    found = _PACK.fullmatch(name)
    return PackId(bytes.fromhex(found[2])) if found else None


def parse_checkpoint_part(name: str) -> tuple[bytes, int] | None:
    found = _CHECKPOINT.fullmatch(name)
    return (bytes.fromhex(found[1]), int(found[2], 16)) if found else None
