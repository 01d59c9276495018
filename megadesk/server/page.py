"""The page of links: a file that is built elsewhere, served as it is.

Its policy is read from the page itself, so that the header and the page's own <meta> can never differ; what only a
header can say is added.
"""

from __future__ import annotations

import gzip
import html.parser
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.responses import Response

from megadesk.server.answers import STRICT_HEADERS

PAGE_FILE: Final = "page.html"
WORKER_FILE: Final = "sw.js"
VIEWER_FILE: Final = "pdf-viewer.js"
_HEADER_ONLY: Final = "frame-ancestors 'none'"
_NOTHING: Final = "default-src 'none'"


@dataclass(frozen=True, slots=True)
class LinkPage:
    """``worker`` is the page's service worker, where it needs one as a file; ``viewer`` what shows PDF, gzipped.

    The page compares the viewer with the digest that was built into it before anything of it runs.
    """

    html: bytes
    policy: str
    worker: bytes | None
    viewer: bytes | None = None

    def page_response(self) -> Response:
        return Response(self.html, headers=self._headers(), media_type="text/html")

    def worker_response(self) -> Response | None:
        if self.worker is None:
            return None
        return Response(self.worker, headers=self._headers(), media_type="text/javascript")

    def viewer_response(self, gzipped: bool) -> Response | None:
        """``gzipped``: whether the client takes it as it is kept, a third of its size."""
        if self.viewer is None:
            return None
        # Pages that were opened as files ask for it from wherever they are.
        headers = {**self._headers(), "access-control-allow-origin": "*", "vary": "accept-encoding"}
        headers["cross-origin-resource-policy"] = "cross-origin"
        if gzipped:
            headers["content-encoding"] = "gzip"
        content = self.viewer if gzipped else gzip.decompress(self.viewer)
        return Response(content, headers=headers, media_type="text/javascript")

    def _headers(self) -> dict[str, str]:
        return {**STRICT_HEADERS, "content-security-policy": self.policy, "cache-control": "no-cache"}


def resources_folder() -> Path:
    """``resources/link`` of the checkout, of the built program, or beside the installed package."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "resources" / "link"
    package = Path(__file__).resolve().parents[1]
    inside = package / "resources"
    return (inside if inside.is_dir() else package.parent / "resources") / "link"


def load_page(folder: Path | None = None) -> LinkPage | None:
    """The page in ``folder`` (default: the program's own); None where the program was built without it."""
    folder = folder or resources_folder()
    try:
        content = (folder / PAGE_FILE).read_bytes()
    except OSError:
        return None
    worker = _read(folder / WORKER_FILE)
    viewer = _read(folder / VIEWER_FILE)
    return LinkPage(content, policy_of(content), worker, gzip.compress(viewer, mtime=0) if viewer else None)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def policy_of(page: bytes) -> str:
    """The Content-Security-Policy to send with a page. One that declares none is allowed nothing."""
    reader = _MetaReader()
    reader.feed(page.decode("utf-8", "replace"))
    declared = [" ".join(policy.split()).rstrip("; ") for policy in reader.policies]
    # Several policies are separated by commas; each holds by itself.
    return ", ".join(f"{policy}; {_HEADER_ONLY}" for policy in declared or [_NOTHING])


class _MetaReader(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.policies: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "meta" and values.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(values.get("content", ""))

    handle_startendtag = handle_starttag
