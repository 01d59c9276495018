"""From what httpx raises and servers answer to this program's errors: one place for all stores over HTTP."""

from __future__ import annotations

import email.utils
import socket
import ssl
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import httpcore
import httpx

from megadesk.errors import (
    StoreAccessError,
    StoreBusyError,
    StoreError,
    StoreFault,
    StoreFullError,
    StoreProtocolError,
    StoreReadOnlyError,
    StoreUnavailableError,
)

FOREIGN: Final = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpcore.ConnectionNotAvailable,
    OSError,
)
"""All that a request may raise, but for RuntimeError when the client was closed meanwhile."""

_MAX_RETRY_AFTER: Final = 12


def convert(error: BaseException, name: str = "") -> StoreError:
    """The error for one of FOREIGN. Its message has nothing of the request in it but the object's name."""
    cause = _root_cause(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return StoreError(
            f"The storage's certificate cannot be trusted: {cause.verify_message.rstrip('.')}.",
            object_name=name,
            remedy="Check the address. For a certificate of your own, add its authority to the system's.",
            fault=StoreFault.TLS,
        )
    fault: StoreFault | None = None
    remedy = ""
    if isinstance(cause, ssl.SSLError):
        fault = StoreFault.TLS
        message = "The storage does not speak TLS as it should."
        remedy = "Check the port, and whether the server speaks https at all."
    elif isinstance(cause, socket.gaierror):
        fault = StoreFault.HOST_UNKNOWN
        message = "The storage's host is not known, or this computer is offline."
        remedy = "Check the address, and the network."
    elif isinstance(cause, ConnectionRefusedError):
        fault = StoreFault.REFUSED
        message = "The storage's host is there, but nothing answers at this port."
        remedy = "Is the server running, and is the port right?"
    elif isinstance(error, httpcore.ConnectTimeout | httpx.ConnectTimeout | httpcore.PoolTimeout | httpx.PoolTimeout):
        fault = StoreFault.NO_ANSWER
        message = "The storage does not answer."
    elif isinstance(error, httpcore.TimeoutException | httpx.TimeoutException):
        fault = StoreFault.NO_ANSWER
        message = "The storage stopped answering in the middle."
    elif isinstance(error, httpcore.LocalProtocolError | httpx.LocalProtocolError):
        return StoreProtocolError("The storage's answer led to a request that cannot be made.", object_name=name)
    elif isinstance(error, httpcore.ProtocolError | httpx.ProtocolError):
        # An answer that broke off looks like one that was never HTTP, and is by far the more frequent.
        fault = StoreFault.SPEAKS_OTHERWISE
        message = "The storage's answer broke off, or was no HTTP."
    else:
        message = "The connection to the storage failed."
    return StoreUnavailableError(message, object_name=name, remedy=remedy, fault=fault)


def _root_cause(error: BaseException) -> BaseException:
    """What the system said, where it said anything. Beyond it in the chain is what was handled at the time, such as the
    failure of the try before."""
    found = error
    for _ in range(8):
        if isinstance(found, OSError):
            return found
        inner = found.__cause__ or found.__context__
        if inner is None:
            break
        found = inner
    return error


def error_for(status: int, headers: Mapping[str, str], *, name: str = "", writing: bool = False) -> StoreError:
    """The error for an answer that its caller has no better reading of. 404 and 412 are for the caller to read."""
    what = f"for the object {name}" if name else "to this request"
    if status == 401:
        return StoreAccessError(
            "The storage did not accept the user name, password or token.",
            object_name=name,
            remedy="Enter them anew. Nextcloud and ownCloud want an app password where a second factor is on.",
            fault=StoreFault.CREDENTIALS,
        )
    if status == 403 and not writing:
        return StoreAccessError(
            "The storage does not let this user read there.",
            object_name=name,
            remedy="Give this user the right to read, or choose another folder there.",
        )
    if status in (403, 405) and writing:
        return StoreReadOnlyError(
            "The storage does not let this user write there.",
            object_name=name,
            remedy="Give this user the right to write, or choose another folder there.",
        )
    if status == 407:
        return StoreAccessError("The network's proxy wants a password.", object_name=name)
    if status in (408, 423, 425, 429, 503):
        why = {423: "The storage has locked the object.", 429: "The storage asks to go slower."}
        busy = why.get(status, "The storage is busy or under maintenance.")
        return StoreBusyError(busy, object_name=name, retry_after_s=retry_after_s(headers))
    if status in (402, 507):
        return StoreFullError("The storage has no room left.", object_name=name, remedy="Free or buy space there.")
    if status == 413:
        return StoreError(
            f"The storage refuses something as large as the object {name}.",
            object_name=name,
            remedy="Let its server accept 17 MiB (nginx: client_max_body_size; PHP: upload_max_filesize).",
        )
    if 300 <= status < 400:
        return StoreProtocolError(
            f"The storage says that it is elsewhere now (status {status}).",
            object_name=name,
            remedy="Give its new address; for https that begins with davs://.",
        )
    if status >= 500 and status not in (501, 505):
        return StoreUnavailableError(f"The storage failed inside (status {status}).", object_name=name)
    return StoreProtocolError(f"The storage answered with status {status} {what}.", object_name=name)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that the answer asks to wait (RFC 9110, 10.2.3), None if it does not or cannot be read; never negative.

    A date is taken relative to the server's own clock where it tells that.
    """
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text) if len(text) <= _MAX_RETRY_AFTER else None
    then = http_date(text)
    if then is None:
        return None
    now = http_date(headers.get("date", ""))
    return max(0.0, then - (time.time() if now is None else now))


def http_date(text: str) -> float | None:
    """Seconds since 1970, None for what is no date."""
    try:
        moment = email.utils.parsedate_to_datetime(text[:64])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
