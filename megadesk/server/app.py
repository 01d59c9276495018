"""The whole application of ``megadesk serve``: store API, links, health, behind the gate."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route, Router
from starlette.types import ASGIApp

from megadesk.server.answers import STRICT_HEADERS, plain
from megadesk.server.api import Api
from megadesk.server.backing import Backing
from megadesk.server.gate import Gate
from megadesk.server.links import Links
from megadesk.server.page import LinkPage
from megadesk.server.sessions import Sessions


def make_app(backing: Backing, page: LinkPage | None) -> ASGIApp:
    """Reads or makes the key of sessions: raises StoreError."""
    api = Api(backing)
    sessions = Sessions(backing.grants.session_key())
    links = Links(backing.store, backing.grants, sessions, backing.workers, page)
    router = Router(
        [
            Route("/healthz", _health),
            Route("/d", _to_page),
            Mount("/d", links.app),
            *api.routes(),
        ],
        redirect_slashes=False,
        default=api.nothing_here,
    )
    return Gate(router, backing.counts, backing.limits.max_requests)


async def _health(request: Request) -> Response:
    return plain("ok")


async def _to_page(request: Request) -> Response:
    # Relative, so that it holds behind any proxy; browsers keep the fragment.
    return RedirectResponse("d/", 308, headers=STRICT_HEADERS)
