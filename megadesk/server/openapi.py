"""The description of the store API, for people and for programs that try it (OpenAPI 3.0)."""

from __future__ import annotations

from typing import Any, Final

from megadesk import __version__
from megadesk.stores.api import MAX_NAME

_HEX: Final = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_SIZE: Final = {"type": "integer", "minimum": 0}
_OR_NULL_TIME: Final = {"type": "integer", "minimum": 0, "maximum": (1 << 53) - 1, "nullable": True}
_OR_NULL_COUNT: Final = {"type": "integer", "minimum": 1, "maximum": 100_000, "nullable": True}
_SEGMENT: Final = "[a-z0-9_-]([a-z0-9._-]*[a-z0-9_-])?"
# What Windows keeps for itself may be the beginning of no segment.
_RESERVED: Final = {"pattern": r"(^|/)(con|prn|aux|nul|com[0-9]|lpt[0-9])([./]|$)"}
_NAME: Final = {
    "type": "string",
    "minLength": 1,
    "maxLength": MAX_NAME,
    "pattern": f"^{_SEGMENT}(/{_SEGMENT})*$",
    "not": _RESERVED,
}
_PREFIX: Final = {
    "type": "string",
    "maxLength": MAX_NAME + 1,
    "pattern": f"^({_SEGMENT}/)*$",
    "not": _RESERVED,
    "description": "Empty, or a folder that ends with /.",
}
_BYTES: Final = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}

_REFUSALS: Final = {
    400: "What was sent cannot be understood",
    401: "No token, or none that is known",
    403: "The token is not for that",
    404: "There is no such object",
    405: "Not by this method",
    411: "No Content-Length",
    412: "There is an object of this name",
    413: "Too large",
    415: "Bodies are sent without a content encoding",
    416: "The object has no such bytes",
    500: "The storage behind failed",
    503: "Too much at once, or the storage behind is away; with Retry-After",
    507: "The storage or the quota is full",
}


def _refusals(*codes: int) -> dict[str, Any]:
    wanted = {400, 401, 403, 405, 503, 500, *codes}
    return {str(code): {"$ref": f"#/components/responses/{code}"} for code in sorted(wanted)}


def _object(**properties: object) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _json(schema: object, text: str) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _done(text: str) -> dict[str, Any]:
    return {"204": {"description": text}}


def _query(name: str, schema: object, text: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": text}


def _header(name: str, schema: object, text: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "schema": schema, "description": text}


def _path(name: str, schema: object) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _info() -> dict[str, Any]:
    return _object(
        server={"type": "string"},
        version={"type": "string"},
        api={"type": "integer"},
        max_object_bytes=_SIZE,
        atomic_create={"type": "boolean"},
        events={"type": "boolean"},
        scopes={"type": "array", "items": {"type": "string", "enum": ["read", "write", "create-only"]}},
        prefix={"type": "string"},
        public_url={"type": "string"},
    )


def _grant() -> dict[str, Any]:
    return _object(
        id=_HEX,
        expires_ms=_OR_NULL_TIME,
        max_downloads=_OR_NULL_COUNT,
        downloads=_SIZE,
        packs=_SIZE,
        folder={"type": "string"},
    )


def _grant_body() -> dict[str, Any]:
    body = _object(
        packs={"type": "array", "items": _HEX, "maxItems": 100_000},
        expires_ms=_OR_NULL_TIME,
        max_downloads=_OR_NULL_COUNT,
        folder={**_PREFIX, "default": ""},
    )
    return {**body, "required": ["packs"]}


def description() -> dict[str, Any]:
    """The whole document."""
    head = {"description": "It is there", "headers": {"content-length": {"schema": _SIZE}}}
    part = {"description": "The part that Range names", "content": _BYTES}
    objects = _object(objects={"type": "array", "items": _object(name=_NAME, size=_SIZE)}, more={"type": "boolean"})
    get_object = {
        "operationId": "get",
        "parameters": [_header("Range", {"type": "string"}, "One range of bytes; what is none is ignored.")],
        "responses": {
            "200": {"description": "The whole object", "content": _BYTES},
            "206": part,
            **_refusals(404, 416),
        },
    }
    put_object = {
        "operationId": "put",
        "parameters": [_header("If-None-Match", {"type": "string", "enum": ["*"]}, "Only where there is none.")],
        "requestBody": {"required": False, "description": "The content; none for an empty object.", "content": _BYTES},
        "responses": {**_done("It is stored, durably"), **_refusals(411, 412, 413, 415, 507)},
    }
    listing = {
        "operationId": "list",
        "parameters": [
            _query("prefix", _PREFIX, "Only below this folder."),
            _query(
                "after", {"type": "string", "maxLength": MAX_NAME + 1, "pattern": "^[ -~]*$"}, "Only greater names."
            ),
            _query("limit", {"type": "integer", "minimum": 1, "maximum": 1000}, "At most so many (default 1000)."),
        ],
        "responses": {"200": _json(objects, "Names in ascending order"), **_refusals()},
    }
    events = {
        "operationId": "events",
        "parameters": [
            _query("prefix", _PREFIX, "Only below this folder."),
            _header("Last-Event-ID", {"type": "string", "maxLength": 64}, "The last event that was seen."),
        ],
        "responses": {
            "200": {"description": "Events: hello, put, reset", "content": {"text/event-stream": {"schema": {}}}},
            **_refusals(),
        },
    }
    free = _object(free_bytes={"type": "integer", "minimum": 0, "nullable": True})
    put_grant = {
        "operationId": "put_grant",
        "requestBody": {"required": True, "content": {"application/json": {"schema": _grant_body()}}},
        "responses": {**_done("Granted"), **_refusals(411, 413, 415, 507)},
    }
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "MegaDesk server",
            "version": __version__,
            "description": "Opaque objects by name. Errors have their code in the header megadesk-error.",
        },
        "security": [{"token": []}],
        "paths": {
            "/v1/": {"get": {"operationId": "info", "responses": {"200": _json(_info(), "About"), **_refusals()}}},
            "/v1/objects": {"get": listing},
            "/v1/objects/{name}": {
                "parameters": [_path("name", _NAME)],
                "get": get_object,
                "head": {"operationId": "stat", "responses": {"200": head, **_refusals(404)}},
                "put": put_object,
                "delete": {"operationId": "delete", "responses": {**_done("It is not there"), **_refusals()}},
            },
            "/v1/flush": {
                "post": {"operationId": "flush", "responses": {**_done("Deletes are durable too"), **_refusals(507)}}
            },
            "/v1/free": {"get": {"operationId": "free", "responses": {"200": _json(free, "Room"), **_refusals()}}},
            "/v1/events": {"get": events},
            "/v1/grants": {
                "get": {
                    "operationId": "grants",
                    "responses": {
                        "200": _json(_object(grants={"type": "array", "items": _grant()}), "Links"),
                        **_refusals(),
                    },
                }
            },
            "/v1/grants/{id}": {
                "parameters": [_path("id", _HEX)],
                "put": put_grant,
                "delete": {"operationId": "revoke", "responses": {**_done("Revoked"), **_refusals(507)}},
            },
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {
                str(code): _json(_object(error={"type": "string"}, message={"type": "string"}), text)
                for code, text in _REFUSALS.items()
            },
        },
    }
