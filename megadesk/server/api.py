"""The store API: opaque objects over HTTP under ``/v1``, for those who have a token.

What each route takes and answers is described in openapi.py. A put is durable when it is answered.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Scope_

from megadesk import __version__
from megadesk.errors import MegaDeskError, ObjectExistsError, ObjectNotFoundError
from megadesk.server.answers import STRICT_HEADERS, Refusal, refusal, refusal_for, reply
from megadesk.server.backing import Backing
from megadesk.server.events import EventResponse
from megadesk.server.gate import WHO
from megadesk.server.grants import MAX_DOWNLOADS
from megadesk.server.incoming import announced_size, read_json, take_object
from megadesk.server.links import Grant, is_link_id
from megadesk.server.metrics import metrics_text
from megadesk.server.openapi import description
from megadesk.server.outgoing import ObjectResponse
from megadesk.server.quota import Quota
from megadesk.server.space import OWN, reachable_name, reachable_prefix
from megadesk.server.tokens import Scope, Token
from megadesk.stores.api import MAX_NAME, ObjectInfo

_T = TypeVar("_T")
Endpoint = Callable[[Request, Token], Awaitable[ASGIApp]]

PAGE: Final = 1000
_MAX_PACKS: Final = 100_000
_ANY: Final = frozenset(Scope)
_READ: Final = frozenset([Scope.READ])
_WRITE: Final = frozenset([Scope.WRITE])
_PUT: Final = frozenset([Scope.WRITE, Scope.CREATE])


class _GrantBody(msgspec.Struct, forbid_unknown_fields=True):
    """What a client says of a link."""

    packs: list[str]
    expires_ms: int | None = None
    max_downloads: int | None = None
    folder: str = ""


class _Endpoint:
    """An ASGI application: proves who asks and that they may, then answers; refusals become answers too.

    Not a function, so that Starlette leaves methods to it: a wrong one is told to those with a token only.
    """

    def __init__(
        self,
        authenticate: Callable[[Request], Awaitable[Token]],
        **endpoints: tuple[frozenset[Scope], Endpoint],
    ) -> None:
        self._authenticate = authenticate
        self._endpoints = endpoints

    async def __call__(self, scope: Scope_, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            answer = await self._answer(request)
        except Refusal as error:
            answer = refusal(error)
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> ASGIApp:
        token = await self._authenticate(request)
        chosen = self._endpoints.get(request.method)
        if chosen is None and request.method == "HEAD":
            chosen = self._endpoints.get("GET")
        if chosen is None:
            raise Refusal(405, "method", "Not by this method.", {"allow": ", ".join(self._endpoints)})
        scopes, endpoint = chosen
        if not token.scopes & scopes:
            raise Refusal(403, "scope", f"This token is not for that ({_shown(token.scopes)}).")
        return await endpoint(request, token)


class Api:
    """The routes over one `Backing`."""

    def __init__(self, backing: Backing) -> None:
        self._behind = backing
        self._workers = backing.workers

    def routes(self) -> list[BaseRoute]:
        """For the top of the application."""
        route = self._route
        return [
            route("/v1/", _ANY, GET=self._info),
            route("/v1/openapi.json", _ANY, GET=self._description),
            route("/v1/objects", _READ, GET=self._list),
            Route(
                "/v1/objects/{name:path}",
                _Endpoint(
                    self.authenticate,
                    GET=(_READ, self._get),
                    HEAD=(_READ, self._stat),
                    PUT=(_PUT, self._put),
                    DELETE=(_WRITE, self._delete),
                ),
            ),
            route("/v1/flush", _PUT, POST=self._flush),
            route("/v1/free", _ANY, GET=self._free),
            route("/v1/events", _READ, GET=self._events),
            route("/v1/grants", _READ, GET=self._list_grants),
            route("/v1/grants/{id}", _WRITE, PUT=self._put_grant, DELETE=self._delete_grant),
            route("/metrics", _READ, GET=self._metrics),
        ]

    def _route(self, path: str, scopes: frozenset[Scope], **endpoints: Endpoint) -> Route:
        by_method = {method: (scopes, endpoint) for method, endpoint in endpoints.items()}
        return Route(path, _Endpoint(self.authenticate, **by_method))

    async def nothing_here(self, scope: Scope_, receive: Receive, send: Send) -> None:
        """For all other paths. Without a token not even that is told."""
        try:
            await self.authenticate(Request(scope, receive))
            raise Refusal(404, "no-route", "There is nothing at this path.")
        except Refusal as error:
            await refusal(error)(scope, receive, send)

    async def authenticate(self, request: Request) -> Token:
        """The token of a request. Raises Refusal (401)."""
        kind, _, text = request.headers.get("authorization", "").partition(" ")
        tokens, found = self._behind.tokens, None
        if kind.lower() == "bearer" and text:
            known = tokens.is_known(text)
            found = tokens.cached(text) if known else await self._run(lambda: tokens.find(text))
        if found is None:
            raise Refusal(401, "token", "A token is needed here.", {"www-authenticate": 'Bearer realm="MegaDesk"'})
        request.scope[WHO] = found.id[:6]
        return found

    # --- objects

    async def _info(self, request: Request, token: Token) -> ASGIApp:
        properties = self._behind.store.properties
        return reply(
            {
                "server": "MegaDesk",
                "version": __version__,
                "api": 1,
                "max_object_bytes": self._max_object_bytes(),
                "atomic_create": properties.atomic_create,
                "events": True,
                "scopes": _shown(token.scopes).split(", "),
                "prefix": token.prefix,
                "public_url": self._behind.public_url,
            }
        )

    def _max_object_bytes(self) -> int:
        return min(self._behind.limits.max_object_bytes, self._behind.store.properties.max_object_bytes)

    async def _get(self, request: Request, token: Token) -> ASGIApp:
        name = self._name(request, token)
        return await ObjectResponse.open(self._behind.store, name, request.headers.get("range"), self._workers, {})

    async def _stat(self, request: Request, token: Token) -> ASGIApp:
        name = self._name(request, token)
        info = await self._run(lambda: self._behind.store.stat(name))
        headers = {
            **STRICT_HEADERS,
            "content-type": "application/octet-stream",
            "content-length": str(info.size_bytes),
            "accept-ranges": "bytes",
        }
        return Response(headers=headers)

    async def _put(self, request: Request, token: Token) -> ASGIApp:
        name = self._name(request, token)
        create_only = _is_create_only(request)
        size_bytes = announced_size(request, self._max_object_bytes())
        quotas = self._quotas(token)
        counting = bool(quotas) or self._behind.usage.is_counting
        before = await self._size(name) if counting and not create_only else 0
        more = max(0, size_bytes - before)
        await self._behind.usage.reserve(quotas, more)
        try:
            if create_only or Scope.WRITE in token.scopes:
                await self._take(request, name, size_bytes, create_only=create_only)
            else:
                await self._create(request, name, size_bytes)
            self._behind.usage.changed(name, size_bytes - before)
        finally:
            self._behind.usage.release(quotas, more)
        self._behind.hub.publish(name)
        return Response(status_code=204, headers=STRICT_HEADERS)

    async def _take(self, request: Request, name: str, size_bytes: int, *, create_only: bool) -> None:
        store = self._behind.store
        try:
            await take_object(request.receive, store, name, size_bytes, self._workers, create_only=create_only)
        except MegaDeskError as error:
            raise refusal_for(error) from error
        await self._behind.make_durable()

    async def _create(self, request: Request, name: str, size_bytes: int) -> None:
        """A put that may replace, by a token that may not: what is there already with the same content is fine, since
        clients repeat a put whose answer was lost."""
        digest = hashlib.sha256()
        receive = request.receive

        async def digested() -> object:
            message = await receive()
            digest.update(message.get("body", b""))
            return message

        store = self._behind.store
        try:
            await take_object(digested, store, name, size_bytes, self._workers, create_only=True)  # type: ignore[arg-type]
        except ObjectExistsError:
            if await self._run(lambda: _digest_of(self._behind, name)) != digest.digest():
                raise Refusal(403, "scope", "This token cannot replace an object.") from None
        except MegaDeskError as error:
            raise refusal_for(error) from error
        await self._behind.make_durable()

    async def _delete(self, request: Request, token: Token) -> ASGIApp:
        name = self._name(request, token)
        before = await self._size(name) if self._behind.usage.is_counting else 0
        await self._run(lambda: self._behind.store.delete(name))
        self._behind.usage.changed(name, -before)
        return Response(status_code=204, headers=STRICT_HEADERS)

    async def _size(self, name: str) -> int:
        try:
            return (await self._workers.run(self._behind.store.stat, name)).size_bytes
        except ObjectNotFoundError:
            return 0
        except MegaDeskError as error:
            raise refusal_for(error) from error

    async def _list(self, request: Request, token: Token) -> ASGIApp:
        prefix = self._prefix(request, token)
        after = request.query_params.get("after", "")
        if len(after) > MAX_NAME + 1 or not after.isascii() or not after.isprintable():
            raise Refusal(400, "name", "What the list is to start after cannot be part of a name.")
        limit = _number(request, "limit", PAGE, 1, PAGE)
        found = await self._run(lambda: self._page(prefix, after, limit + 1))
        objects = [{"name": info.name, "size": info.size_bytes} for info in found[:limit]]
        return reply({"objects": objects, "more": len(found) > limit})

    def _page(self, prefix: str, after: str, count: int) -> list[ObjectInfo]:
        found = self._behind.store.list(prefix, after)
        own = [OWN] if not prefix else []
        return list(itertools.islice((info for info in found if not info.name.startswith(tuple(own))), count))

    async def _flush(self, request: Request, token: Token) -> ASGIApp:
        try:
            await self._behind.flusher.flush()
        except MegaDeskError as error:
            raise refusal_for(error) from error
        return Response(status_code=204, headers=STRICT_HEADERS)

    async def _free(self, request: Request, token: Token) -> ASGIApp:
        free = await self._run(self._behind.store.free_bytes)
        left = await self._behind.usage.left(self._quotas(token))
        known = [count for count in (free, left) if count is not None]
        return reply({"free_bytes": min(known, default=None)})

    # --- events

    async def _events(self, request: Request, token: Token) -> ASGIApp:
        prefix = self._prefix(request, token)
        hub, limits = self._behind.hub, self._behind.limits
        of_token = sum(listener.owner == token.id for listener in hub.listeners)
        full = len(hub.listeners) >= limits.max_listeners or of_token >= limits.max_listeners_per_token
        if full or hub.closed:
            raise Refusal(503, "busy", "Too many listen already.", {"retry-after": "30"})
        listener = hub.subscribe(prefix, token.id)
        try:
            await self._behind.poll.ready(prefix)
        except BaseException as error:
            hub.leave(listener)
            if isinstance(error, MegaDeskError):
                raise refusal_for(error) from error
            raise
        hub.welcome(listener, request.headers.get("last-event-id", ""))

        async def still_allowed() -> bool:
            try:
                return Scope.READ in (await self.authenticate(request)).scopes
            except Refusal as error:
                return error.status != 401  # the store may be away for a moment

        return EventResponse(hub, listener, limits.heartbeat_s, self._behind.counts, still_allowed)

    # --- grants

    async def _list_grants(self, request: Request, token: Token) -> ASGIApp:
        found = await self._run(lambda: self._behind.grants.list(token.prefix))
        return reply(
            {
                "grants": [
                    {
                        "id": each.grant.link_id,
                        "expires_ms": each.grant.expires_ms,
                        "max_downloads": each.grant.max_downloads,
                        "downloads": each.downloads,
                        "packs": len(each.grant.packs),
                        "folder": each.grant.folder,
                    }
                    for each in found
                ]
            }
        )

    async def _put_grant(self, request: Request, token: Token) -> ASGIApp:
        link_id = _link_id(request)
        body = await read_json(request, _GrantBody, self._behind.limits.max_json_bytes)
        folder = reachable_prefix(body.folder)
        if not token.covers(folder):
            raise Refusal(403, "prefix", "This token does not reach that folder.")
        if len(body.packs) > _MAX_PACKS or not all(is_link_id(pack) for pack in body.packs):
            raise Refusal(400, "json", f"A grant has up to {_MAX_PACKS} packs, named by 32 hexadecimal digits each.")
        if body.expires_ms is not None and not 0 <= body.expires_ms < 1 << 53:
            raise Refusal(400, "json", "expires_ms is no time.")
        if body.max_downloads is not None and not 1 <= body.max_downloads <= MAX_DOWNLOADS:
            raise Refusal(400, "json", f"max_downloads is between 1 and {MAX_DOWNLOADS}.")
        grant = Grant(link_id, frozenset(body.packs), body.expires_ms, body.max_downloads, folder)
        await self._existing_grant(link_id, token)
        await self._run(lambda: self._behind.grants.put(grant))
        return Response(status_code=204, headers=STRICT_HEADERS)

    async def _delete_grant(self, request: Request, token: Token) -> ASGIApp:
        grant = await self._existing_grant(_link_id(request), token)
        if grant is not None and not grant.revoked:
            await self._run(lambda: self._behind.grants.revoke(grant))
        return Response(status_code=204, headers=STRICT_HEADERS)

    async def _existing_grant(self, link_id: str, token: Token) -> Grant | None:
        grant = await self._run(lambda: self._behind.grants.find(link_id))
        if grant is not None and not token.covers(grant.folder):
            raise Refusal(403, "prefix", "This token does not reach the folder of that link.")
        return grant

    # --- the rest

    async def _description(self, request: Request, token: Token) -> ASGIApp:
        return reply(description())

    async def _metrics(self, request: Request, token: Token) -> ASGIApp:
        return Response(metrics_text(self._behind), headers=STRICT_HEADERS, media_type="text/plain; version=0.0.4")

    def _name(self, request: Request, token: Token) -> str:
        name = reachable_name(request.path_params["name"])
        if not token.covers(name):
            raise Refusal(403, "prefix", "This token does not reach that name.")
        return name

    def _prefix(self, request: Request, token: Token) -> str:
        prefix = reachable_prefix(request.query_params.get("prefix", ""))
        if not token.covers(prefix):
            raise Refusal(403, "prefix", "This token does not reach that folder.")
        return prefix

    def _quotas(self, token: Token) -> list[Quota]:
        return self._behind.quotas(token)

    async def _run(self, action: Callable[[], _T]) -> _T:
        try:
            return await self._workers.finish(action)
        except MegaDeskError as error:
            raise refusal_for(error) from error


def _is_create_only(request: Request) -> bool:
    for header in ("if-match", "if-modified-since", "if-unmodified-since", "content-range"):
        if header in request.headers:
            raise Refusal(400, "condition", f"{header} is not understood here.")
    condition = request.headers.get("if-none-match")
    if condition not in (None, "*"):
        raise Refusal(400, "condition", "Only “If-None-Match: *” is understood here.")
    return condition is not None


def _link_id(request: Request) -> str:
    link_id: str = request.path_params["id"]
    if not is_link_id(link_id):
        raise Refusal(400, "name", "A link is named by 32 hexadecimal digits.")
    return link_id


def _number(request: Request, name: str, default: int, least: int, most: int) -> int:
    text = request.query_params.get(name, str(default))
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else least - 1
    if not least <= number <= most:
        raise Refusal(400, "number", f"{name} is a number between {least} and {most}.")
    return number


def _digest_of(backing: Backing, name: str) -> bytes:
    digest = hashlib.sha256()
    with backing.store.open_read(name) as handle:
        for start in range(0, handle.size_bytes, 1 << 20):
            digest.update(handle.read(start, min(1 << 20, handle.size_bytes - start)))
    return digest.digest()


def _shown(scopes: frozenset[Scope]) -> str:
    return ", ".join(sorted(scope.value for scope in scopes))
