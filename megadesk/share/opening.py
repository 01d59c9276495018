"""Opening a link: from its URL or file to a tree that can be looked at and downloaded. No locker is needed.

Where it is found out what an address is: a server of links (its routes answer), a page with a record in it (in a
bucket, or on anyone's web server), or such a page as a file here.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Final

from megadesk.crypto.aead import SLICE_BYTES
from megadesk.crypto.link import LinkSecret
from megadesk.errors import (
    DamagedError,
    DecodeError,
    LinkError,
    LinkPasswordError,
    StoreError,
    StoreProtocolError,
)
from megadesk.format.link import LinkNode, LinkPreamble, LinkRecord, open_link, open_preamble
from megadesk.format.ops import FileContent, SliceRef
from megadesk.share.address import LinkAddress, parse_link
from megadesk.share.fetch import LinkDownload, LinkPort
from megadesk.share.page import ConfigWatch, PageConfig, PageFile
from megadesk.share.resume import ResumeFile
from megadesk.share.safe import folded, safe_name, target_is_inside, unique_name
from megadesk.stores.api import Store
from megadesk.stores.http_net import Timeouts
from megadesk.stores.http_place import split_url
from megadesk.stores.link_web import ENOUGH, LinkServer, Web, WebPacks, fetch_page, gives_parts
from megadesk.stores.retry import RetryPolicy, RetryStore
from megadesk.transfer.control import Control
from megadesk.transfer.download_items import DownloadItem, DownloadReport
from megadesk.transfer.port import Asker, Conflict, ConflictResolver, FileFailure
from megadesk.transfer.progress import Board
from megadesk.types import NodeId, NodeKind

PasswordSource = Callable[[], str]
"""Asked only when a link needs a password."""
_RECORD: Final = "The link's record"
_WRONG: Final = "The link does not open with this password, or its record was altered."


@dataclass(frozen=True)
class LinkEntry:
    """One thing that a link shows. ``path`` is relative, of safe names; ``name`` as the maker wrote it."""

    index: int
    path: str
    name: str
    kind: NodeKind
    size: int
    mtime_ns: int


class OpenedLink:
    """A link's tree, and what fetches its contents. Thread-safe; ``close`` it at the end."""

    def __init__(self, record: LinkRecord, secret: LinkSecret, packs: Store, found: Found | None = None) -> None:
        """``packs``: has the record's packs under their names in a locker."""
        self.record = record
        self._secret = secret
        self._packs = packs
        self._found = found or Found()
        self._paths = _safe_paths(record.nodes)

    def __repr__(self) -> str:
        return f"<OpenedLink {self._secret.id.hex()}>"

    @property
    def link_id(self) -> str:
        return self._secret.id.hex()

    @property
    def downloads_left(self) -> int | None:
        """After this one; None where nobody counts."""
        return self._found.downloads_left

    def entries(self) -> Iterator[LinkEntry]:
        """All, the thing itself first, every folder before what is in it."""
        for index, node in enumerate(self.record.nodes):
            name = node.name.decode("utf-8", "surrogateescape")
            yield LinkEntry(index, self._paths[index], name, NodeKind(node.kind), node.size, node.mtime_ns)

    def download(
        self,
        folder: str,
        *,
        only: Iterable[int] | None = None,
        conflict: Conflict = Conflict.KEEP_BOTH,
        ask: Asker | None = None,
        control: Control | None = None,
        board: Board | None = None,
    ) -> DownloadReport:
        """Write it into ``folder``; ``only``: these entries with what is below. Raises LinkError, StoreError,
        LocalFileError, CancelledError; what single files cost is in the report.

        Goes on where an interrupted one stopped. A file gets its name when all of it is verified.
        """
        control, board = control or Control(), board or Board()
        chosen = self._chosen(only)
        failures: list[FileFailure] = []
        items = list(self._items(chosen, failures))
        for item in items:
            if item.kind is not NodeKind.FOLDER:
                board.add_total(1, item.size)
        with contextlib.suppress(OSError):
            os.makedirs(folder, exist_ok=True)
        resume = ResumeFile(os.path.abspath(folder), self._secret)
        if self._found.session:
            resume.keep_session(self._found.session)
        done = False
        try:
            port = LinkPort(self.record.locker, self._packs)
            resolver = ConflictResolver(conflict, ask)
            report = LinkDownload(port, items, folder, resolver, control, board, resume).run()
            for _ in failures:
                board.add_failure()
            report.failures += failures
            done = True
        finally:
            resume.close(done=done or (control.cancelled and not control.resumable))
        return report

    def read(self, index: int, offset: int = 0, length: int | None = None) -> bytes:
        """Bytes of one file, for a preview. Raises DamagedError, StoreError, LinkError."""
        node = self.record.nodes[index]
        stop = node.size if length is None else min(node.size, offset + length)
        port = LinkPort(self.record.locker, self._packs)
        content = self._content(node)
        return b"".join(port.pieces(content, offset, stop)) if content is not None else b""

    def slices(self, index: int) -> Iterator[bytes]:
        """One file's bytes, slice by slice, each verified."""
        node = self.record.nodes[index]
        content = self._content(node)
        if content is not None:
            yield from LinkPort(self.record.locker, self._packs).pieces(content, 0, node.size)

    def check(self, *, packs: int) -> None:
        """Fetch and open something of as many packs, spread over all, so that what was made is known to work."""
        chosen: dict[int, tuple[int, int]] = {}
        for index, node in enumerate(self.record.nodes):
            for position, ref in enumerate(node.content if isinstance(node.content, tuple) else ()):
                chosen.setdefault(ref.pack, (index, position * SLICE_BYTES))
        places = [chosen[pack] for pack in sorted(chosen)]
        for index, offset in places[:: max(1, len(places) // packs)]:
            self.read(index, offset, 1)

    def _chosen(self, only: Iterable[int] | None) -> set[int]:
        nodes = self.record.nodes
        if only is None:
            return set(range(len(nodes)))
        wanted = set(only)
        for index, node in enumerate(nodes):
            if node.parent in wanted:
                wanted.add(index)
        return wanted

    def _items(self, chosen: set[int], failures: list[FileFailure]) -> Iterator[DownloadItem]:
        nodes = self.record.nodes
        for index in sorted(chosen):
            node = nodes[index]
            kind = NodeKind(node.kind)
            top = index
            while nodes[top].parent in chosen:
                top = nodes[top].parent
            above = self._paths[nodes[top].parent] + "/" if top else ""
            path = self._paths[index][len(above) :]
            if kind is NodeKind.LINK:
                assert isinstance(node.content, bytes)
                if not target_is_inside(path, node.content):
                    why = "It is a symbolic link to something outside of what is shared, so it was left out."
                    failures.append(FileFailure(path, "Left out", why))
                    continue
                yield DownloadItem(path, kind, 0, 0o777, node.mtime_ns, None, node.content, _node_id(index))
                continue
            # Neither rights of another's user nor the special bits are somebody else's to give.
            mode = node.mode & 0o755 | (0o700 if kind is NodeKind.FOLDER else 0o600)
            content = self._content(node)
            yield DownloadItem(path, kind, node.size, mode, node.mtime_ns, content, b"", _node_id(index))

    def _content(self, node: LinkNode) -> FileContent | None:
        if not isinstance(node.content, tuple):
            return None
        packs = self.record.packs
        # The key stands for the digest, which a link's reader cannot know: it names the content just as well.
        slices = tuple(SliceRef(packs[ref.pack], ref.offset, ref.key, ref.key) for ref in node.content)
        return FileContent(node.size, slices)

    def close(self) -> None:
        self._found.close()


def _node_id(index: int) -> NodeId:
    return NodeId(index.to_bytes(16, "big"))


def _safe_paths(nodes: Sequence[LinkNode]) -> list[str]:
    paths: list[str] = []
    taken: dict[int, set[str]] = {}
    for index, node in enumerate(nodes):
        names = taken.setdefault(node.parent, set())
        name = unique_name(safe_name(node.name, hidden=index > 0), names)
        names.add(folded(name))
        paths.append(f"{paths[node.parent]}/{name}" if index else name)
    return paths


class Found:
    """What an address turned out to be: its record, and what must be closed in the end."""

    def __init__(self) -> None:
        self.record = b""
        self.session = ""
        self.downloads_left: int | None = None
        self.packs: Callable[[LinkRecord], Store]
        self._closing = contextlib.ExitStack()

    def keep(self, thing: contextlib.AbstractContextManager[object]) -> None:
        self._closing.enter_context(thing)

    def close(self) -> None:
        self._closing.close()


def open_address(
    text: str,
    password: PasswordSource | None = None,
    *,
    folder: str | None = None,
    control: Control | None = None,
    timeouts: Timeouts | None = None,
    policy: RetryPolicy | None = None,
) -> OpenedLink:
    """`look_at` and `Unopened.open` in one. ``password`` is asked if it needs one."""
    unopened = look_at(text, folder=folder, control=control, timeouts=timeouts, policy=policy)
    try:
        if unopened.needs_password and password is not None:
            return unopened.open(password())
        return unopened.open(None)
    except BaseException:
        unopened.close()
        raise


class Unopened:
    """A link whose record was fetched. `open` it, as often as its password takes, or `close` it."""

    def __init__(self, secret: LinkSecret, found: Found, patient: Callable[[Store], Store]) -> None:
        """Raises DecodeError, DamagedError for a record that is none of this link."""
        self._secret = secret
        self._found = found
        self._patient = patient
        self.needs_password = open_preamble(found.record, secret, _RECORD).password is not None

    def open(self, password: str | None) -> OpenedLink:
        """Nothing is fetched for it. Raises LinkPasswordError, DecodeError, DamagedError, StoreProtocolError. What it
        gives is to be closed instead of this."""
        record = open_record(self._found.record, self._secret, None if password is None else lambda: password)
        return OpenedLink(record, self._secret, self._patient(self._found.packs(record)), self._found)

    def close(self) -> None:
        self._found.close()


def look_at(
    text: str,
    *,
    folder: str | None = None,
    control: Control | None = None,
    timeouts: Timeouts | None = None,
    policy: RetryPolicy | None = None,
) -> Unopened:
    """Find out what a link that somebody was given leads to. ``folder``: where it will be downloaded to, if so: a
    download that was interrupted there goes on without counting as another.

    Raises LinkAddressError, LinkError (expired, revoked, used up, unknown), IntegrityError for what was altered,
    StoreError, LocalFileError, CancelledError.
    """
    address = parse_link(text)
    found = Found()
    waits = control or Control()

    def patient(store: Store) -> Store:
        return RetryStore(store, policy, wait=waits.wait)

    try:
        if address.file:
            _from_file(address, found)
        else:
            _from_web(address, found, folder, timeouts)
        return Unopened(address.secret, found, patient)
    except BaseException:
        found.close()
        raise


def open_record(data: bytes, secret: LinkSecret, password: PasswordSource | None) -> LinkRecord:
    """The record from its object. Raises LinkPasswordError, DecodeError, DamagedError."""
    preamble = open_preamble(data, secret, _RECORD)
    key = _password_key(preamble, secret, password)
    try:
        return open_link(data, secret, preamble, key, _RECORD)
    except DecodeError:
        raise
    except DamagedError:
        if not key:
            raise
    raise LinkPasswordError(_WRONG, remedy="Try again; capitals and spaces count.")


def _password_key(preamble: LinkPreamble, secret: LinkSecret, password: PasswordSource | None) -> bytes:
    if preamble.password is None:
        return b""
    if password is None:
        raise LinkPasswordError("This link needs a password.", remedy="Ask whoever sent it.")
    return secret.password_key(password(), preamble.password)


def _from_file(address: LinkAddress, found: Found) -> None:
    page = PageFile(address.file)
    found.keep(contextlib.closing(page))
    if page.config.record is None:
        raise DecodeError(f"{address.file} is the page of links without a link in it.")
    found.record = page.config.record
    if page.config.holds_packs:
        found.packs = lambda record: page.packs(record.packs)
        return
    web = Web()
    found.keep(contextlib.closing(web))
    server = page.config.server
    found.packs = lambda record: _web_packs(web, record, server, server, address.secret)


def _from_web(address: LinkAddress, found: Found, folder: str | None, timeouts: Timeouts | None) -> None:
    web = Web(timeouts)
    found.keep(contextlib.closing(web))
    is_folder = address.url.partition("?")[0].endswith("/")
    if is_folder and _from_server(web, address.base, address.secret, found, folder):
        return
    # A page of its own, in a bucket or on a web server; large when everything is in it.
    file = tempfile.NamedTemporaryFile(prefix=".megadesk-", suffix=".html")  # noqa: SIM115 - kept open
    found.keep(file)
    sink = _PageSink(file)
    fetch_page(web, address.url, sink.write)
    parts = sink.ends_at > 0 and gives_parts(web, address.url, sink.attached_at)
    if sink.ends_at and not parts:
        file.seek(0)
        file.truncate()
        fetch_page(web, address.url, file.write, sink.ends_at)
    file.flush()
    page = PageFile(file.name, whole=not parts)
    found.keep(contextlib.closing(page))
    if page.config.record is None:
        if is_folder or not _from_server(web, address.base, address.secret, found, folder):
            raise StoreProtocolError("The page at the link's address has no link in it, and its server knows none.")
        return
    found.record = page.config.record
    if parts:
        found.packs = lambda record: _attached_packs(web, record, address.url, page.config)
    elif page.config.holds_packs:
        found.packs = lambda record: page.packs(record.packs)
    else:
        server = page.config.server
        found.packs = lambda record: _web_packs(web, record, address.url, server, address.secret)


class _PageSink:
    """Takes a page into a file. Stops as soon as it is clear that there is no link in it, or that only packs follow."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._watch = ConfigWatch()

    @property
    def attached_at(self) -> int:
        """Where the page ends and packs begin; 0: it has none behind it."""
        config = self._watch.config
        return config.attached_at if config is not None else 0

    @property
    def ends_at(self) -> int:
        """Where the last of these packs ends."""
        config = self._watch.config
        return config.starts()[-1] if config is not None else 0

    def write(self, chunk: bytes) -> str:
        self._file.write(chunk)
        self._watch.add(chunk)
        return ENOUGH if 0 < self.attached_at <= self._file.tell() else ""


def _web_packs(web: Web, record: LinkRecord, page_url: str, base: str, secret: LinkSecret) -> Store:
    """The packs of a record that came in a page: at addresses of their own, or from a server."""
    if record.urls is not None:
        table = dict(zip((pack.hex() for pack in record.packs), record.urls, strict=True))
        absolute = {pack: _join(page_url, url) for pack, url in table.items()}
        return WebPacks(web, lambda pack: absolute[pack])
    if base:
        server = LinkServer(web, base if base.endswith("/") else base + "/", secret.id.hex())
        server.open()
        return server.packs()
    raise StoreProtocolError("The link does not say where its contents are.")


def _attached_packs(web: Web, record: LinkRecord, url: str, config: PageConfig) -> Store:
    """The packs of a record that follow its page, in one file on a web server."""
    starts = dict(zip((pack.hex() for pack in record.packs), config.starts(), strict=False))
    return WebPacks(web, lambda pack: url, lambda pack: starts[pack])


def _join(page_url: str, url: str) -> str:
    """A pack's URL, absolute or relative to the page's. Raises LinkAddressError for what is no http(s) URL."""
    import urllib.parse

    try:
        whole = urllib.parse.urljoin(page_url, url)
    except ValueError:
        whole = ""
    split_url(whole)
    return whole


def _from_server(web: Web, base: str, secret: LinkSecret, found: Found, folder: str | None) -> bool:
    """Whether a server of links answers at ``base``; its record then. Raises LinkError for what it says of the link."""
    server = LinkServer(web, base, secret.id.hex())
    resume = ResumeFile(os.path.abspath(folder), secret) if folder is not None else None
    if resume is not None and resume.session:
        with contextlib.suppress(LinkError, StoreError):
            server.use(resume.session)
            found.record = server.record()
            found.session = resume.session
    if not found.session:
        try:
            opened = server.open()
        except LinkError as error:
            if error.said:
                raise
            return False
        except StoreProtocolError:
            return False
        found.session, found.downloads_left = opened.session, opened.downloads_left
        found.record = server.record()
    found.packs = lambda record: server.packs()
    return True
