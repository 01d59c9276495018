"""Addresses of S3 stores: s3://bucket/prefix?endpoint=URL&region=R.

Further parameters: ``style`` (path or virtual), ``profile`` (of the AWS files) and ``ca`` (certificates, PEM).
No credentials: an address is kept in plain text and shown.
"""

from __future__ import annotations

import dataclasses
import re
import urllib.parse
from dataclasses import dataclass
from typing import Final

from megadesk.errors import AddressError

PARAMETERS: Final = ("endpoint", "region", "style", "profile", "ca")
_BUCKET: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]")
_DNS_LABEL: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_REGION: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
# Nothing that a server, a proxy or an encoding could write in two ways.
_PREFIX: Final = re.compile(r"(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*")
_MAX_PREFIX: Final = 500


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go: ``host`` as in the Host header, ``base`` the path before the key, already quoted."""

    scheme: str
    host: str
    hostname: str
    port: int
    base: str


@dataclass(frozen=True, slots=True)
class S3Address:
    """Parts of an address as written; "" is not given. ``prefix`` is "" or ends with '/'."""

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    style: str = ""
    profile: str = ""
    ca: str = ""

    @classmethod
    def parse(cls, address: str) -> S3Address:
        """AddressError, which never repeats the address, since people put passwords into those."""
        try:
            parts = urllib.parse.urlsplit(address)
            query = urllib.parse.parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
            bucket, prefix = parts.netloc, urllib.parse.unquote(parts.path, errors="strict").strip("/")
        except ValueError:
            raise _wrong("That is not an S3 address.") from None
        if parts.scheme.lower() != "s3" or not address[len("s3:") :].startswith("//"):
            raise _wrong("That is not an S3 address.")
        if "@" in bucket:
            raise AddressError(
                "An S3 address holds no access keys.",
                remedy="Leave them out; put them into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                "or a profile of ~/.aws/credentials.",
            )
        if parts.fragment or _BUCKET.fullmatch(bucket) is None:
            raise _wrong("The S3 address names no bucket that could exist.")
        if prefix and (_PREFIX.fullmatch(prefix) is None or len(prefix) > _MAX_PREFIX):
            raise _wrong("The folder in an S3 address may hold letters, digits, '.', '_', '~' and '-' only.")
        given = dict(query)
        if len(given) != len(query) or not set(given) <= set(PARAMETERS):
            raise _wrong(f"The parameters of an S3 address are {', '.join(PARAMETERS)}, each once.")
        if given.get("style", "") not in ("", "path", "virtual"):
            raise _wrong("The style in an S3 address is path or virtual.")
        if given.get("endpoint"):
            given["endpoint"] = check_endpoint(given["endpoint"])
        if given.get("region") and _REGION.fullmatch(given["region"]) is None:
            raise _wrong("The region in the S3 address cannot be one.")
        return cls(bucket=bucket, prefix=f"{prefix}/" if prefix else "", **given)

    def __str__(self) -> str:
        """The address again, in one spelling."""
        given = [(name, getattr(self, name)) for name in PARAMETERS if getattr(self, name)]
        query = urllib.parse.urlencode(given, safe=":/", quote_via=urllib.parse.quote)
        return f"s3://{self.bucket}/{self.prefix.rstrip('/')}{'?' if query else ''}{query}"

    def with_place(self, endpoint: str, region: str) -> S3Address:
        """The same with what the environment says about its place."""
        return dataclasses.replace(self, endpoint=check_endpoint(endpoint) if endpoint else "", region=region)

    def resolve(self, region: str) -> Endpoint:
        """Where the bucket is. Path style for own endpoints, virtual hosts at Amazon where the bucket's name allows."""
        if self.endpoint:
            url = urllib.parse.urlsplit(self.endpoint)
            virtual = self.style == "virtual"
        else:
            suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
            url = urllib.parse.urlsplit(f"https://s3.{region}.{suffix}")
            # A certificate for *.s3... does not cover a bucket with a dot.
            virtual = self.style != "path" and _DNS_LABEL.fullmatch(self.bucket) is not None
        hostname = url.hostname or ""
        base = urllib.parse.quote(url.path.rstrip("/"), safe="/%~")
        if virtual:
            hostname = f"{self.bucket.lower()}.{hostname}"
        else:
            base = f"{base}/{self.bucket}"
        default = 443 if url.scheme == "https" else 80
        port = url.port or default
        shown = f"[{hostname}]" if ":" in hostname else hostname
        return Endpoint(url.scheme, shown if port == default else f"{shown}:{port}", hostname, port, base)


def check_endpoint(url: str) -> str:
    """Give ``url`` back without a '/' at its end; AddressError unless it is http(s)://host[:port][/path]."""
    try:
        parts = urllib.parse.urlsplit(url)
        port = parts.port
    except ValueError:
        port = 0
    if port == 0 or parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise _wrong("The endpoint in the S3 address must be http:// or https:// and a host.")
    if "@" in parts.netloc or not url.isascii() or any(ord(char) <= 32 for char in url):
        raise _wrong(
            "The endpoint in the S3 address must be http:// or https:// and a host, without user and password."
        )
    return url.rstrip("/")


def _wrong(message: str) -> AddressError:
    return AddressError(message, remedy="Write s3://bucket/folder?endpoint=https://host&region=name .")
