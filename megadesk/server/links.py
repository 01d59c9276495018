"""Links over HTTP: the page, and what it asks for. docs/format.md has the contract.

An ASGI application over a `Store` and `Grants`, mounted where the page lives (``/d``). Everybody may ask: a link's id
is all that proves a right, and it reaches only the record of that link and the packs of its grant. The secret stays in
the URL's fragment, which browsers do not send.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from megadesk.errors import MegaDeskError
from megadesk.server.answers import Refusal, plain, refusal, refusal_for, reply
from megadesk.server.outgoing import ObjectResponse
from megadesk.server.page import VIEWER_FILE, LinkPage
from megadesk.server.sessions import Sessions
from megadesk.server.work import Workers
from megadesk.stores.api import Store

_T = TypeVar("_T")
_ID: Final = re.compile(r"[0-9a-f]{32}")
# No cookies are used, so it gives nothing away that a page from disk may read the answers too.
_OPEN_TO_ALL: Final = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "content-length, content-range, accept-ranges, megadesk-error",
    "cross-origin-resource-policy": "cross-origin",
}
_PREFLIGHT: Final = {
    **_OPEN_TO_ALL,
    "access-control-allow-methods": "GET, HEAD, POST",
    "access-control-allow-headers": "range, content-type",
    "access-control-max-age": "86400",
}


def is_link_id(text: str) -> bool:
    """32 lower-case hexadecimal digits; pack ids look the same."""
    return _ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Grant:
    """What a server knows of a link. ``folder``: where in the store its locker lies, "" or "a/b/"."""

    link_id: str
    packs: frozenset[str]
    expires_ms: int | None = None
    max_downloads: int | None = None
    folder: str = ""
    revoked: bool = False

    def gone(self, now_ms: int) -> str:
        """Why the link does not hold any more: "revoked", "expired", or ""."""
        if self.revoked:
            return "revoked"
        return "expired" if self.expires_ms is not None and now_ms >= self.expires_ms else ""


class UsedUpError(Exception):
    """All downloads of the link were made."""


class Grants(Protocol):
    """Where grants come from. Both are called in several threads at once, and may raise StoreError."""

    def find(self, link_id: str) -> Grant | None:
        """None for a link that was never granted here. A revoked one is still found. Called for every request."""

    def count(self, grant: Grant) -> int | None:
        """Count one download, for good before this returns; how many are left, None without a limit.

        Raises UsedUpError when none was left: then nothing is counted.
        """


class Links:
    """The routes. Give `app` to a server or mount it."""

    def __init__(
        self,
        store: Store,
        grants: Grants,
        sessions: Sessions,
        workers: Workers,
        page: LinkPage | None,
        *,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._store = store
        self._grants = grants
        self._sessions = sessions
        self._workers = workers
        self._page = page
        self._now_ms = now_ms
        self.app: ASGIApp = Router(
            [
                Route("/", self._show_page),
                Route("/sw.js", self._show_worker),
                Route(f"/{VIEWER_FILE}", self._show_viewer),
                Route("/l/{id}/open", self._guarded(self._open), methods=["POST", "OPTIONS"]),
                Route("/l/{id}/record", self._guarded(self._record), methods=["GET", "OPTIONS"]),
                Route("/l/{id}/packs/{pack}", self._guarded(self._pack), methods=["GET", "OPTIONS"]),
            ],
            redirect_slashes=False,
            default=_nothing_here,
        )

    async def _show_page(self, request: Request) -> Response:
        if self._page is None:
            return plain("This program was built without the page for links. Open the link with MegaDesk itself.", 404)
        return self._page.page_response()

    async def _show_worker(self, request: Request) -> Response:
        answer = self._page.worker_response() if self._page is not None else None
        return answer or plain("There is nothing here.", 404)

    async def _show_viewer(self, request: Request) -> Response:
        gzipped = "gzip" in request.headers.get("accept-encoding", "")
        answer = self._page.viewer_response(gzipped) if self._page is not None else None
        return answer or plain("There is nothing here.", 404)

    def _guarded(self, endpoint: Callable[[Request], object]) -> Callable[[Request], object]:
        async def guarded(request: Request) -> object:
            if request.method == "OPTIONS":
                return Response(status_code=204, headers=_PREFLIGHT)
            try:
                return await endpoint(request)  # type: ignore[misc]
            except Refusal as error:
                return refusal(error, _OPEN_TO_ALL)

        return guarded

    async def _open(self, request: Request) -> Response:
        grant = await self._grant(request)
        record_bytes = await self._run(lambda: self._store.stat(_record_name(grant)).size_bytes)
        try:
            left = await self._run(lambda: self._grants.count(grant))
        except UsedUpError:
            raise Refusal(410, "used-up", "This link was used as often as it may be.") from None
        session = self._sessions.make(grant.link_id, self._now_ms())
        answer = {"session": session, "record_bytes": record_bytes, "downloads_left": left}
        return reply(answer, headers=_OPEN_TO_ALL)

    async def _record(self, request: Request) -> ObjectResponse:
        grant = await self._session_grant(request)
        return await self._object(request, _record_name(grant), {"cache-control": "no-store"})

    async def _pack(self, request: Request) -> ObjectResponse:
        grant = await self._session_grant(request)
        pack = request.path_params["pack"]
        if pack not in grant.packs:
            raise Refusal(403, "not-granted", "This link does not reach that pack.")
        name = f"{grant.folder}packs/{pack[:2]}/{pack}"
        return await self._object(request, name, {"cache-control": "private, immutable, max-age=86400"})

    async def _object(self, request: Request, name: str, headers: dict[str, str]) -> ObjectResponse:
        asked = request.headers.get("range")
        return await ObjectResponse.open(self._store, name, asked, self._workers, {**_OPEN_TO_ALL, **headers})

    async def _session_grant(self, request: Request) -> Grant:
        grant = await self._grant(request)
        if not self._sessions.holds(request.query_params.get("s", ""), grant.link_id, self._now_ms()):
            raise Refusal(403, "session", "The session is over, or was never one. Open the link again.")
        return grant

    async def _grant(self, request: Request) -> Grant:
        link_id = request.path_params["id"]
        grant = await self._run(lambda: self._grants.find(link_id)) if is_link_id(link_id) else None
        if grant is None:
            raise Refusal(404, "unknown", "There is no such link here.")
        gone = grant.gone(self._now_ms())
        if gone:
            raise Refusal(410, gone, f"This link has {'expired' if gone == 'expired' else 'been revoked'}.")
        return grant

    async def _run(self, action: Callable[[], _T]) -> _T:
        try:
            return await self._workers.run(action)
        except MegaDeskError as error:
            raise refusal_for(error) from error


async def _nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    await plain("There is nothing here.", 404)(scope, receive, send)


def _record_name(grant: Grant) -> str:
    return f"{grant.folder}links/{grant.link_id}"
