"""Signatures of requests to S3: AWS Signature Version 4 in the Authorization header, or in a URL to give away.

After "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)", Amazon S3 API Reference.
Pure.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import urllib.parse
from collections.abc import Mapping
from typing import Final

from megadesk.stores.credentials import S3Credentials

UNSIGNED: Final = "UNSIGNED-PAYLOAD"
EMPTY: Final = hashlib.sha256(b"").hexdigest()
MAX_PRESIGNED_S: Final = 7 * 24 * 3600
_ALGORITHM: Final = "AWS4-HMAC-SHA256"


def quote(text: str, safe: str = "") -> str:
    """As the signature wants it: all but letters, digits and -_.~ (and ``safe``) percent-encoded."""
    return urllib.parse.quote(text, safe=f"-_.~{safe}")


def query_string(parameters: Mapping[str, str]) -> str:
    """In the canonical order, which is also what is sent."""
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in sorted(parameters.items()))


def sign(
    method: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    payload_hash: str,
    credentials: S3Credentials,
    region: str,
    now: datetime.datetime,
) -> dict[str, str]:
    """``headers`` (lower case, with host) and those that authenticate the request.

    ``path`` and ``query`` are encoded already, as they are sent. ``payload_hash``: SHA-256 in hex, or UNSIGNED.
    """
    stamp = _stamp(now)
    signed = {**headers, "x-amz-content-sha256": payload_hash, "x-amz-date": stamp}
    if credentials.session_token:
        signed["x-amz-security-token"] = credentials.session_token
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name].strip()}\n" for name in sorted(signed))
    request = "\n".join((method, path, query, lines, names, payload_hash))
    scope = f"{stamp[:8]}/{region}/s3/aws4_request"
    signature = _signature(request, scope, stamp, credentials)
    access = f"{_ALGORITHM} Credential={credentials.access_key}/{scope}, SignedHeaders={names}"
    return {**signed, "authorization": f"{access}, Signature={signature}"}


def presign(
    path: str,
    parameters: Mapping[str, str],
    host: str,
    credentials: S3Credentials,
    region: str,
    now: datetime.datetime,
    lasts_s: int,
) -> str:
    """Path and query of a GET that anyone may send to ``host`` until ``lasts_s`` (1 to MAX_PRESIGNED_S) have passed.

    "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)", Amazon S3 API Reference. ``path`` is
    encoded already, ``parameters`` are not. Only the host is signed beside it, so ranges may be asked for.
    """
    stamp = _stamp(now)
    scope = f"{stamp[:8]}/{region}/s3/aws4_request"
    whole = {
        **parameters,
        "X-Amz-Algorithm": _ALGORITHM,
        "X-Amz-Credential": f"{credentials.access_key}/{scope}",
        "X-Amz-Date": stamp,
        "X-Amz-Expires": str(lasts_s),
        "X-Amz-SignedHeaders": "host",
    }
    if credentials.session_token:
        whole["X-Amz-Security-Token"] = credentials.session_token
    query = query_string(whole)
    request = "\n".join(("GET", path, query, f"host:{host}\n", "host", UNSIGNED))
    return f"{path}?{query}&X-Amz-Signature={_signature(request, scope, stamp, credentials)}"


def _stamp(now: datetime.datetime) -> str:
    return now.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")


def _signature(request: str, scope: str, stamp: str, credentials: S3Credentials) -> str:
    text = "\n".join((_ALGORITHM, stamp, scope, hashlib.sha256(request.encode()).hexdigest()))
    key = f"AWS4{credentials.secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()
