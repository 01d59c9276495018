"""What goes back to a client: headers that every answer bears, JSON, and errors as codes that the client store reads.

An error has its code in the header ``megadesk-error`` (also where there is no body: HEAD) and a sentence in the body.
The client believes nothing without that header: a 404 of some proxy must not look like a missing object.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from starlette.responses import Response

from megadesk.errors import (
    InputError,
    MegaDeskError,
    ObjectExistsError,
    ObjectNotFoundError,
    StoreAccessError,
    StoreBusyError,
    StoreFullError,
    StoreProtocolError,
    StoreReadOnlyError,
    StoreUnavailableError,
)

ERROR_HEADER: Final = "megadesk-error"
STRICT_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Refusal(Exception):
    """The request ends with this status, code and sentence."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})


_CODES: Final[tuple[tuple[type[MegaDeskError], int, str], ...]] = (
    (ObjectNotFoundError, 404, "not-found"),
    (ObjectExistsError, 412, "exists"),
    (StoreFullError, 507, "full"),
    (StoreBusyError, 503, "busy"),
    (StoreUnavailableError, 503, "unavailable"),
    (StoreReadOnlyError, 500, "read-only"),
    (StoreAccessError, 500, "storage-access"),
    (StoreProtocolError, 500, "storage"),
    (InputError, 400, "input"),
)


def refusal_for(error: MegaDeskError) -> Refusal:
    """How an error of the store behind is told to a client. Sentences about the store behind stay in the server's log:
    they may hold its address."""
    status, code = next(((status, code) for kind, status, code in _CODES if isinstance(error, kind)), (500, "storage"))
    headers = {"retry-after": "1"} if status == 503 else {}
    if isinstance(error, StoreBusyError) and error.retry_after_s is not None:
        headers["retry-after"] = str(max(1, round(min(error.retry_after_s, 3600.0))))
    told = isinstance(error, ObjectNotFoundError | ObjectExistsError | InputError)
    return Refusal(status, code, str(error) if told else _SENTENCES[code], headers)


_SENTENCES: Final = {
    "full": "The storage behind this server is full.",
    "busy": "The storage behind this server is busy.",
    "unavailable": "The storage behind this server cannot be reached.",
    "read-only": "The storage behind this server cannot be written.",
    "storage-access": "The storage behind this server refused access.",
    "storage": "The storage behind this server failed.",
}


def refusal(error: Refusal, headers: Mapping[str, str] | None = None) -> Response:
    body = {"error": error.code, "message": str(error)}
    return reply(body, error.status, {**(headers or {}), **error.headers, ERROR_HEADER: error.code})


def reply(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(
        msgspec.json.encode(value),
        status,
        {**STRICT_HEADERS, **(headers or {})},
        media_type="application/json",
    )


def plain(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A line of text."""
    return Response(f"{text}\n", status, {**STRICT_HEADERS, **(headers or {})}, media_type="text/plain")
