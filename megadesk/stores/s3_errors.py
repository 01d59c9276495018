"""What S3 servers answer when they do not do what was asked, as our errors. Pure.

After "Error responses", Amazon S3 API Reference, and what Ceph, MinIO and others add.
"""

from __future__ import annotations

import datetime
import email.utils
import re
from collections.abc import Mapping
from typing import Final

from megadesk.errors import (
    InputError,
    MegaDeskError,
    ObjectNotFoundError,
    StoreAccessError,
    StoreBusyError,
    StoreFault,
    StoreFullError,
    StoreProtocolError,
    StoreReadOnlyError,
    StoreUnavailableError,
)

_BUSY: Final = {
    *("SlowDown", "ServiceUnavailable", "TooManyRequests", "Throttling", "ThrottlingException", "RequestLimitExceeded"),
    *("OperationAborted", "ConditionalRequestConflict", "RequestThrottled", "SlowDownRead", "SlowDownWrite"),
}
_AGAIN: Final = {"InternalError", "RequestTimeout", "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody"}
_FULL: Final = {"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "EntityTooLargeForQuota"}
_KEYS: Final = "Check the access key and the secret key."
_REFUSED: Final = {
    "InvalidAccessKeyId": ("The S3 server does not know the access key.", _KEYS),
    "SignatureDoesNotMatch": ("The S3 server does not accept the secret key.", _KEYS),
    "ExpiredToken": ("The S3 server says that the session token has expired.", "Fetch new credentials."),
    "InvalidToken": ("The S3 server does not accept the session token.", "Fetch new credentials."),
    "TokenRefreshRequired": ("The S3 server says that the session token has expired.", "Fetch new credentials."),
    "AccountProblem": ("The S3 server says that there is a problem with the account.", "Ask the provider."),
    "InvalidObjectState": (
        "The S3 server has put the object into an archive.",
        "Have the object restored, and turn archiving off.",
    ),
}
_NO_KEYS_HELP: Final = {"AccountProblem", "InvalidObjectState"}
NEW_CREDENTIALS: Final = {"ExpiredToken", "InvalidToken", "TokenRefreshRequired", "InvalidAccessKeyId"}
"""Codes after which it is worth looking whether the credentials have been renewed."""


def convert(
    status: int,
    code: str,
    message: str,
    headers: Mapping[str, str],
    *,
    bucket: str,
    name: str = "",
    writing: bool = False,
    now: datetime.datetime | None = None,
) -> MegaDeskError:
    """The error for an answer of that status. ``code`` and ``message`` as in its body, "" when it had none.

    ObjectNotFoundError only where the server says that the key is missing, never for a missing bucket.
    """
    said = f" ({code}: {message})" if code and message else f" ({code or f'status {status}'})"
    if code == "NoSuchKey":
        return ObjectNotFoundError(f"The object {name} is not in the storage.", object_name=name)
    if code == "NoSuchBucket":
        return StoreUnavailableError(
            f"There is no S3 bucket {bucket} here.",
            remedy="Check the bucket's name, the endpoint and the region, or create the bucket.",
            fault=StoreFault.NO_PLACE,
            object_name=name,
        )
    if code == "RequestTimeTooSkewed":
        return StoreAccessError(
            f"The clocks of this computer and of the S3 server disagree{_difference(headers, now)}.",
            remedy="Set the clock of this computer.",
            fault=StoreFault.CLOCK,
            object_name=name,
        )
    if code in _REFUSED:
        said, remedy = _REFUSED[code]
        fault = None if code in _NO_KEYS_HELP else StoreFault.CREDENTIALS
        return StoreAccessError(said, remedy=remedy, fault=fault, object_name=name)
    if status in (301, 302, 303, 307, 308) or code in ("AuthorizationHeaderMalformed", "PermanentRedirect"):
        return _elsewhere(headers, bucket, name)
    if code in _BUSY or status in (429, 503):
        return StoreBusyError(
            f"The S3 server asks to slow down{said}.", retry_after_s=_retry_after(headers, now), object_name=name
        )
    if code in _FULL or status == 507:
        return StoreFullError(
            "The S3 storage is full.", remedy="Make room, or have the quota raised.", object_name=name
        )
    if code in _AGAIN or status == 408 or (status >= 500 and status != 501):
        return StoreUnavailableError(f"The S3 server failed{said}.", object_name=name)
    if code == "EntityTooLarge" or status == 413:
        return InputError(f"The object {name} is larger than the storage allows.")
    if status in (401, 403):
        if writing and code in ("AccessDenied", ""):
            return StoreReadOnlyError(
                f"The S3 server does not let these credentials write to the bucket {bucket}{said}.",
                remedy="They need the rights s3:PutObject and s3:DeleteObject.",
                object_name=name,
            )
        return StoreAccessError(
            f"The S3 server refuses access to the bucket {bucket}{said}.",
            remedy="The credentials need the rights s3:GetObject and s3:ListBucket.",
            object_name=name,
        )
    return StoreProtocolError(
        f"The S3 server did not understand{said}.",
        remedy="Check endpoint, region and style in the address.",
        object_name=name,
    )


def _elsewhere(headers: Mapping[str, str], bucket: str, name: str) -> StoreAccessError:
    region = headers.get("x-amz-bucket-region", "")
    known = re.fullmatch(r"[a-z0-9-]{1,40}", region) is not None
    return StoreAccessError(
        f"The S3 bucket {bucket} is in another region{f', {region}' if known else ''}.",
        remedy=f"Write region={region if known else 'NAME'} into the address, or check the endpoint: redirects are not "
        "followed.",
        object_name=name,
    )


def _difference(headers: Mapping[str, str], now: datetime.datetime | None) -> str:
    theirs = _date(headers.get("date", ""))
    if theirs is None:
        return ""
    minutes = round(((now or datetime.datetime.now(datetime.UTC)) - theirs).total_seconds() / 60)
    if minutes > 0:
        return f" by {minutes} minutes (this one is ahead)"
    return f" by {-minutes} minutes (this one is behind)" if minutes else ""


def _retry_after(headers: Mapping[str, str], now: datetime.datetime | None) -> float | None:
    """RFC 9110 section 10.2.3: seconds or a date."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    then = _date(text)
    if then is None:
        return None
    return max(0.0, (then - (now or datetime.datetime.now(datetime.UTC))).total_seconds())


def _date(text: str) -> datetime.datetime | None:
    try:
        date = email.utils.parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=datetime.UTC)
