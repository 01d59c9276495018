"""What the pictures of the window show: made-up lockers, the same at every call."""

from __future__ import annotations

import functools
import random
from dataclasses import dataclass, field

import msgspec
from examples import row, transfer
from fakes import FakeCore, FakeLinks, FakeLocker
from PySide6.QtCore import QBuffer, QIODevice, QPointF
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QLinearGradient,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPolygonF,
    QTextDocument,
)

from megadesk.core.devices import DeviceRow
from megadesk.core.link_places import ABILITIES, PlaceAbilities
from megadesk.core.links import LinkRow
from megadesk.core.sync import SyncPairRow
from megadesk.format.ops import LinkPlace
from megadesk.format.recovery import format_recovery_key
from megadesk.state.registry import LockerRecord
from megadesk.sync.pairs import Fix, PairState, ProblemKind, SyncProblem
from megadesk.sync.values import Mode
from megadesk.transfer.port import FileFailure
from megadesk.transfer.records import Direction, State
from megadesk.tree.rows import NodeRow, TrashRow, VersionRow
from megadesk.tree.table import Totals
from megadesk.types import ROOT, DeviceId, NodeId, VersionId

FONT = "DejaVu Sans"
"""Of Debian's fonts-dejavu-core, which the window itself needs there; no font in the repository."""
NOW_S = 1_779_105_600
"""18 May 2026, noon UTC."""
NOW_MS, NOW_NS = NOW_S * 1000, NOW_S * 10**9
HOUR_MS = 3_600_000
HOUR_NS = HOUR_MS * 10**6
HOME = LockerRecord("Locker", "/home/anna/.local/share/megadesk/store/Locker", "0" * 64, 0)
WORK = LockerRecord("Work", "/mnt/nas/megadesk-work", "1" * 64, 0)
CLOUD = LockerRecord("Locker", "davs://anna@cloud.example.org/remote.php/dav/files/anna/MegaDesk", "0" * 64, 0)
KEY = format_recovery_key(bytes((7 * number + 3) % 256 for number in range(32)))
LINK = "https://files.example.org/d/#AQtq0Zl3nS7cYpV1u8Hw2eKmXr5bTfGd9jLoQiPyRkE4"
ALBUM = "Photos 2025"
PHOTOS = (
    "Arrival in the fog.jpg",
    "Breton coast.jpg",
    "Dunes, evening.jpg",
    "First snow.jpg",
    "Harbour at night.jpg",
    "Lake before the storm.jpg",
    "Lisbon at dusk.jpg",
    "Meadow in June.jpg",
    "Pass road.jpg",
    "Red cliffs.jpg",
    "View from the hut.jpg",
)
SKIES = (
    "#27476E #F2A65A",
    "#86BBD8 #EAF4F4",
    "#4B3F72 #FFC857",
    "#B8C6DB #F5F7FA",
    "#0B1F3A #3E5C76",
    "#2F3E46 #84A98C",
)
HILLS = ("#1B3A4B", "#3F6C51", "#8C5E3C", "#7D8CA3", "#112233", "#24423A")


class KnownLockers(FakeCore):
    """The lockers that the sidebar shows too."""

    def lockers(self) -> list[LockerRecord]:
        return [HOME, WORK]


@dataclass
class Made:
    locker: FakeLocker
    recovery_key: str = KEY


class EmptyCore:
    """A computer on which nothing was made yet."""

    def lockers(self) -> list[LockerRecord]:
        return []

    def is_remembered(self, name: str | None, /) -> bool:
        return False

    def default_store_address(self, name: str, /) -> str:
        return "/home/anna/.local/share/megadesk/store/Locker"

    def create_locker(self, passphrase: str, /, **_: object) -> Made:
        return Made(FakeLocker())


@dataclass
class SharedLinks(FakeLinks):
    """``offered``: where links can live."""

    offered: list[PlaceAbilities] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def places(self) -> list[PlaceAbilities]:
        return self.offered


class Shown(FakeLocker):
    """A locker whose folders contain something, and whose files have older versions."""

    def path_of(self, node: NodeId, /) -> str:
        top = next((each for each in self.folders[ROOT] if each.id == node), None)
        return f"/{top.display_name}" if top is not None else super().path_of(node)

    def versions(self, where: str | NodeId, /) -> list[VersionRow]:
        return versions(self.node(where))

    def totals(self, where: str | NodeId, /) -> Totals:
        return Totals(214, 12, 0, 1_840_300_112) if where != ROOT else Totals(1912, 214, 0, 38_400_000_000)


def landscape(seed: int, width: int = 720, height: int = 480) -> bytes:
    """A JPEG of hills under a sky."""
    chance = random.Random(seed)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    above, below = SKIES[seed % len(SKIES)].split()
    sky = QLinearGradient(0, 0, 0, height)
    sky.setColorAt(0, QColor(above))
    sky.setColorAt(0.75, QColor(below))
    painter.fillRect(0, 0, width, height, sky)
    painter.setPen(QColor(0, 0, 0, 0))
    painter.setBrush(QColor(255, 244, 214, 220))
    painter.drawEllipse(QPointF(width * chance.uniform(0.2, 0.8), height * chance.uniform(0.2, 0.5)), 34, 34)
    hill = QColor(HILLS[seed % len(HILLS)])
    for layer in range(4):
        painter.setBrush(hill.lighter(190 - 30 * layer))
        top = height * (0.48 + 0.13 * layer)
        points, y = [QPointF(0, height)], top
        for step in range(13):
            y = max(top - 70, min(top + 40, y + chance.uniform(-34, 34)))
            points.append(QPointF(width * step / 12, y))
        points.append(QPointF(width, height))
        painter.drawPolygon(QPolygonF(points))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG", 88)
    return bytes(buffer.data().data())


def thesis() -> bytes:
    """A PDF of three pages."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    writer.setCreator("")
    text = QTextDocument()
    text.setDefaultFont(QFont(FONT, 9))
    words = "Whoever keeps a key keeps a promise: that what was closed stays so until its own hand opens it. "
    text.setHtml("<h2>On keeping things</h2>" + "".join(f"<p>{number}. {words * 3}</p>" for number in range(1, 19)))
    text.print_(writer)
    return bytes(buffer.data().data())


def rows() -> list[NodeRow]:
    """What lies in the locker itself."""
    folders = ["Documents", "Été à Montréal", "Music", ALBUM, "Projects"]
    files = [
        ("An exceedingly long name that somebody gave to a scanned contract, with its addenda (signed).pdf", 4_812_332),
        ("Budget 2026.xlsx", 48_213),
        ("choir rehearsal.flac", 38_120_004),
        ("holiday film.mp4", 1_834_225_118),
        ("notes.txt", 812),
        ("Passport scan.png", 2_301_887),
        ("taxes 2024.zip", 18_230_411),
        ("thesis v2.pdf", 1_200_344),
        ("thesis v10.pdf", 1_312_877),
    ]
    old_ns, late_ns = 40 * HOUR_NS, 70 * HOUR_NS
    made = [row(n, name, folder=True, mtime=NOW_NS - n * old_ns) for n, name in enumerate(folders, 10)]
    made += [row(n, name, size=size, mtime=NOW_NS - (n - 99) * late_ns) for n, (name, size) in enumerate(files, 100)]
    return made


def strange_rows() -> list[NodeRow]:
    """Names as they come, too."""
    names = [
        "A" * 120 + " and no end of it, since 255 bytes is what a file system gives " + "Z" * 70 + ".pdf",
        "Sehrlangeswortohnejedeslueckenzeichendassichnirgendsumbrechenlaesstundtrotzdemhierhineinpassenmuss.tar.gz",
        "عقد الإيجار ٢٠٢٦.pdf",
        "חשבונית מס 4411.pdf",
        "harmless \u202efdp.exe",
        "line\nbreak\tand tab.txt",
        "e\u0301te\u0301 (combining).txt",
        "   three spaces first.txt",
        "&Ampersand & <b>markup</b>.html",
        ".hidden",
        "no extension at all",
    ]
    sizes = [0, 1, 999, 1000, 1_048_576, 999_999_999_999_999]
    made = [
        row(n, name, size=sizes[n % len(sizes)], mtime=NOW_NS - (n - 299) * 9 * HOUR_NS)
        for n, name in enumerate(names, 300)
    ]
    return [row(299, "B" * 250, folder=True, mtime=0), *made]


def computer(number: int, name: str, seen_h: float | None, *, revoked: bool = False) -> DeviceRow:
    seen_ms = None if seen_h is None else int(NOW_MS - seen_h * HOUR_MS)
    return DeviceRow(DeviceId(bytes([number]) * 16), name, number == 1, NOW_MS - 10**10, seen_ms, 9, revoked)


def computers() -> list[DeviceRow]:
    return [
        computer(1, "anna-desktop", 0.2),
        computer(2, "Anna's laptop", 3),
        computer(3, "studio-mac", None),
        computer(4, "old laptop (stolen)", 900, revoked=True),
    ]


@functools.cache
def photos() -> dict[str, bytes]:
    return {name: landscape(seed, *((720, 480) if seed % 4 else (480, 640))) for seed, name in enumerate(PHOTOS)}


def versions(of: NodeRow) -> list[VersionRow]:
    """Three, of which the first is what the row shows."""
    assert of.head is not None
    return [
        VersionRow(
            VersionId((int.from_bytes(of.head) + 1000 * number).to_bytes(16, "big")),
            of.size_bytes * part // 100,
            NOW_NS - hours * HOUR_NS,
            0o644,
            NOW_MS - hours * HOUR_MS,
            DeviceId(bytes([device]) * 16),
            number == 0,
        )
        for number, (part, hours, device) in enumerate([(100, 20, 1), (97, 75, 2), (58, 2200, 1)])
    ]


def full() -> Shown:
    """Files, an album, a PDF, older versions."""
    locker = Shown(rows())
    locker.record = HOME
    locker.computers = computers()
    locker.contents["thesis v10.pdf"] = thesis()
    locker.contents["Passport scan.png"] = landscape(3)
    album = next(each for each in locker.folders[ROOT] if each.name == ALBUM)
    locker.paths[album.id] = f"/{ALBUM}"
    pictures = [
        row(400 + at, name, parent=album.id, size=len(data), mtime=NOW_NS - at * 20 * HOUR_NS)
        for at, (name, data) in enumerate(photos().items())
    ]
    clip = row(450, "Ferry.mp4", parent=album.id, size=88_301_220, mtime=NOW_NS - 91 * HOUR_NS)
    locker.folders[album.id] = [row(451, "Raw", parent=album.id, folder=True, mtime=NOW_NS), *pictures, clip]
    locker.contents |= photos()
    return locker


def uploading() -> Shown:
    """While a folder is being sent."""
    locker = Shown(rows())
    locker.record = HOME
    locker.computers = computers()
    locker.transfers.shown = [
        transfer(
            1,
            title="Photos 2026",
            done_bytes=3_412_000_000,
            total_bytes=8_120_000_000,
            done_files=1412,
            total_files=3377,
            speed_bps=86_300_000,
            eta_s=54,
            current="/home/anna/Photos 2026/August/Lisbon/DSC_0412.jpg",
        ),
        transfer(2, State.QUEUED, title="backup.tar"),
        transfer(3, State.DONE, title="Music", done_files=412, total_files=415, done_bytes=4 * 10**9, failures=3),
        transfer(4, State.DONE, title="Budget 2026.xlsx", direction=Direction.DOWN, done_files=1, done_bytes=48_213),
    ]
    locker.transfers.left_out = [
        FileFailure(
            "/home/anna/Music/private/demo.flac",
            "",
            "/home/anna/Music/private/demo.flac may not be read or written.",
            "Check the file's permissions.",
        ),
        FileFailure(
            "/home/anna/Music/.cache/socket",
            "",
            "/home/anna/Music/.cache/socket is a device, a pipe or a socket, which a locker does not hold.",
        ),
        FileFailure(
            "/home/anna/Music/live set.wav", "", "/home/anna/Music/live set.wav kept changing while it was being read."
        ),
    ]
    return locker


def queue() -> Shown:
    """A queue with everything that can be in it."""
    locker = uploading()
    away = "The storage does not answer."
    locker.transfers.shown += [
        transfer(
            5,
            State.PAUSED,
            title="A folder whose name somebody made very long indeed, because it says all that is in it",
            done_bytes=210_000_000,
            total_bytes=940_000_000,
            done_files=22,
            total_files=140,
        ),
        transfer(6, State.QUEUED, title="Projects", error=away),
        transfer(7, State.FAILED, title="disk image.iso", error="The S3 storage is full."),
        transfer(8, State.CANCELLED, title="old stuff", direction=Direction.DOWN),
    ]
    return locker


def trashed() -> Shown:
    locker = full()
    locker.contents["IMG_2231.jpg"] = landscape(5)
    gone = [
        ("draft letter.odt", 31_004, "/Documents/Letters", 2),
        ("IMG_2231.jpg", 4_120_888, f"/{ALBUM}", 26),
        ("old invoices", 0, "/Documents/2019/Accounts/Paper that nobody needs any more, but keeps", 50),
        ("screen recording.mp4", 640_118_004, "/", 200),
        ("Makefile~", 1_204, None, 700),
    ]
    for number, (name, size, place, hours) in enumerate(gone, 500):
        made = row(number, name, size=size, folder=not size, mtime=NOW_NS - hours * HOUR_NS)
        made = msgspec.structs.replace(made, trashed_ms=NOW_MS - hours * HOUR_MS)
        path = None if place is None else f"{place.rstrip('/')}/{name}"
        locker.in_trash.append(TrashRow(made, path, place is None))
    return locker


def a_link(number: int, path: str, **changes: object) -> LinkRow:
    values: dict[str, object] = {
        "id": f"{number:032x}",
        "path": path,
        "node": NodeId(number.to_bytes(16, "big")),
        "is_folder": False,
        "live": False,
        "state": "active",
        "created_ms": NOW_MS - number * HOUR_MS,
        "expires_ms": None,
        "max_downloads": None,
        "downloads": 0,
        "has_password": False,
        "note": "",
        "place": LinkPlace.SERVER,
        "device": "anna-desktop",
        "url": LINK,
    }
    return LinkRow(**(values | changes))  # type: ignore[arg-type]


def linked(*offered: LinkPlace) -> Shown:
    """With links, on storage that offers such places."""
    locker = full()
    links = SharedLinks(offered=[ABILITIES[each] for each in offered or (LinkPlace.SERVER, LinkPlace.FILE)])
    links.rows = [
        a_link(103, "/holiday film.mp4", downloads=3, max_downloads=5, has_password=True),
        a_link(13, f"/{ALBUM}", is_folder=True, live=True, downloads=41, expires_ms=NOW_MS + 6 * 24 * HOUR_MS),
        a_link(108, "/thesis v10.pdf", downloads=None, place=LinkPlace.SIGNED, expires_ms=NOW_MS + 7 * HOUR_MS),
        a_link(100, f"/{rows()[5].name}", downloads=0),
        a_link(101, "/Budget 2026.xlsx", state="missing", downloads=2),
        a_link(104, "/notes.txt", state="expired", downloads=9, expires_ms=NOW_MS - 400 * HOUR_MS),
    ]
    locker.links = links
    return locker


def synced(*, well: bool = False) -> Shown:
    """With folders kept equal; in all states, or all well."""
    locker = full()

    def pair(number: int, root: str, folder: str, state: PairState, **changes: object) -> SyncPairRow:
        values: dict[str, object] = {
            "id": number,
            "root": root,
            "folder": folder,
            "mode": Mode.TWO_WAY,
            "state": state,
            "paused_until_ms": None,
            "synced_ms": NOW_MS - 5 * 60_000,
            "problems": 0,
            "current": "",
            "ignore": (),
            "left_out": (),
        }
        return SyncPairRow(**(values | changes))  # type: ignore[arg-type]

    if well:
        locker.sync.rows = [pair(1, "/home/anna/Documents", "/Documents", PairState.IDLE)]
        return locker
    locker.sync.rows = [
        pair(1, "/home/anna/Documents", "/Documents", PairState.PROBLEM, problems=2),
        pair(2, "/home/anna/Pictures/2026", "/Photos 2026", PairState.SYNCING, current="/May/DSC_0412.jpg"),
        pair(3, "/media/anna/Backup disk/Projects", "/Projects", PairState.PAUSED, paused_until_ms=NOW_MS + HOUR_MS),
    ]
    locker.sync.stuck = [
        SyncProblem(
            id="a",
            pair=1,
            kind=ProblemKind.CONFLICT,
            path="Letters/To the landlord.odt",
            message="It was changed here and elsewhere. Both were kept.",
            fixes=(Fix.KEEP_BOTH, Fix.KEEP_MINE, Fix.KEEP_THEIRS),
        ),
        SyncProblem(
            id="b",
            pair=1,
            kind=ProblemKind.DELETIONS_HELD,
            path="",
            message="412 of 415 files and folders would go into the trash here: “Letters”, “2025”, “Taxes”",
            remedy="If that is right, let it pass. If not, have them brought back.",
            fixes=(Fix.APPROVE, Fix.RESTORE),
        ),
    ]
    return locker
