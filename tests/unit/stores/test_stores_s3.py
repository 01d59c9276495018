"""S3 without a server: addresses, credentials, signatures."""

from __future__ import annotations

import datetime
import hashlib
import urllib.parse
from pathlib import Path

import pytest

from megadesk.errors import AddressError, InputError, StoreAccessError
from megadesk.stores.credentials import S3Credentials
from megadesk.stores.open import open_store
from megadesk.stores.s3 import S3Store
from megadesk.stores.s3_address import S3Address
from megadesk.stores.s3_credentials import AwsSettings
from megadesk.stores.s3_sign import EMPTY, UNSIGNED, presign, query_string, sign

NOW = datetime.datetime(2013, 5, 24, tzinfo=datetime.UTC)
# Amazon's documentation signs with these.
EXAMPLE = S3Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
HOST = "examplebucket.s3.amazonaws.com"


@pytest.mark.parametrize(
    ("method", "path", "query", "headers", "payload", "signature"),
    [
        (
            *("GET", "/test.txt", "", {"host": HOST, "range": "bytes=0-9"}, EMPTY),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            *("PUT", "/test%24file.text", ""),
            {"host": HOST, "date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
            hashlib.sha256(b"Welcome to Amazon S3.").hexdigest(),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
        (
            *("GET", "/", query_string({"prefix": "J", "max-keys": "2"}), {"host": HOST}, EMPTY),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ],
)
def test_signatures_as_documented(
    method: str, path: str, query: str, headers: dict[str, str], payload: str, signature: str
) -> None:
    """Examples of "Authenticating Requests: Using the Authorization Header", Amazon S3 API Reference."""
    signed = sign(method, path, query, headers, payload, EXAMPLE, "us-east-1", NOW)
    assert signed["authorization"].endswith(f"Signature={signature}")


def test_signatures_as_botocore_makes_them() -> None:
    pytest.importorskip("botocore")
    from botocore.auth import S3SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    now = datetime.datetime.now(datetime.UTC)
    query = {"list-type": "2", "prefix": "a b/~+é", "start-after": "x/y=z&"}
    mine = S3Credentials("AK", "SK/+=", "token==")
    headers = {"host": "127.0.0.1:9000", "if-none-match": "*"}
    url = f"https://127.0.0.1:9000/bucket/p/a.b_c-d~?{query_string(query)}"
    request = AWSRequest("GET", url, headers=dict(headers))
    request.context = {
        "client_config": None,
        "timestamp": now.strftime("%Y%m%dT%H%M%SZ"),
        "payload_signing_enabled": False,
    }
    auth = S3SigV4Auth(Credentials("AK", "SK/+=", "token=="), "s3", "eu-west-1")
    auth.add_auth(request)
    stamp = request.headers["X-Amz-Date"]
    at = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
    payload = request.headers["X-Amz-Content-SHA256"]
    signed = sign("GET", "/bucket/p/a.b_c-d~", query_string(query), headers, payload, mine, "eu-west-1", at)
    assert payload in (UNSIGNED, EMPTY)
    assert signed["authorization"] == request.headers["Authorization"]


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("s3://bucket", "https://bucket.s3.us-east-1.amazonaws.com:443"),
        ("s3://bucket/a/b/?region=eu-west-1", "https://bucket.s3.eu-west-1.amazonaws.com:443"),
        ("s3://bucket?region=cn-north-1", "https://bucket.s3.cn-north-1.amazonaws.com.cn:443"),
        ("s3://bucket?style=path", "https://s3.us-east-1.amazonaws.com:443/bucket"),
        ("s3://my.bucket", "https://s3.us-east-1.amazonaws.com:443/my.bucket"),
        ("s3://bucket?endpoint=http://host:9000", "http://host:9000/bucket"),
        ("s3://bucket?endpoint=http%3A%2F%2Fhost%3A9000%2F", "http://host:9000/bucket"),
        ("s3://bucket?endpoint=https://host/s3", "https://host:443/s3/bucket"),
        ("s3://bucket?endpoint=https://host&style=virtual", "https://bucket.host:443"),
        ("S3://bucket?endpoint=http://[::1]:9000", "http://::1:9000/bucket"),
    ],
)
def test_places(address: str, url: str) -> None:
    parts = S3Address.parse(address)
    at = parts.resolve(parts.region or "us-east-1")
    assert f"{at.scheme}://{at.hostname}:{at.port}{at.base}" == url
    assert S3Address.parse(str(parts)) == parts


def test_the_address_is_kept_whole() -> None:
    address = "s3://bucket/a/b-c.d?endpoint=http://host:9000&region=r1&style=virtual&profile=me%26you&ca=/a%20b"
    parts = S3Address.parse(address)
    assert (parts.prefix, parts.profile, parts.ca) == ("a/b-c.d/", "me&you", "/a b")
    assert str(parts) == address


@pytest.mark.parametrize(
    "address",
    [
        *("s3:", "s3:bucket", "s3://", "s3:///a", "s3://b", "s3://bucket:80", "s3://-x-", "s3://bucket#hunter2"),
        *("s3://AKTEST:hunter2@bucket/", "s3://hunter2@bucket", "s3://bucket?secret=hunter2", "s3://bucket?hunter2"),
        *(
            "s3://bucket/a//b",
            "s3://bucket/../b",
            "s3://bucket/.",
            "s3://bucket/a%00",
            "s3://bucket/a b",
            "s3://bucket/%ff",
        ),
        *("s3://bucket?endpoint=host", "s3://bucket?endpoint=ftp://host", "s3://bucket?endpoint=http://"),
        *("s3://bucket?endpoint=http://u:hunter2@host", "s3://bucket?endpoint=http://host:99999"),
        *("s3://bucket?endpoint=http://host%23x", "s3://bucket?endpoint=http://a%0d%0ab", "s3://bucket?region=a%0ab"),
        *("s3://bucket?style=x", "s3://bucket?region=a&region=b", "s3://[bucket"),
    ],
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(AddressError) as caught:
        S3Address.parse(address)
    assert "hunter2" not in caught.value.explanation
    assert caught.value.remedy


def write_profiles(home: Path) -> None:
    (home / ".aws").mkdir()
    (home / ".aws/credentials").write_text(
        "[default]\naws_access_key_id = AKDEFAULT\naws_secret_access_key = a%b\n"
        "[work]\naws_access_key_id=AKWORK\naws_secret_access_key=s\naws_session_token=t\n"
    )
    (home / ".aws/config").write_text(
        "[default]\nregion = eu-central-1\n[profile work]\nregion = ap-south-1\nendpoint_url = http://host:1\n"
        "[profile other]\naws_access_key_id = AKOTHER\naws_secret_access_key = o\nca_bundle = /ca\n"
    )


def test_variables_and_profiles(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreAccessError, match="no credentials") as caught:
        AwsSettings().credentials()
    assert "AWS_ACCESS_KEY_ID" in caught.value.remedy
    write_profiles(home)
    assert AwsSettings().credentials() == S3Credentials("AKDEFAULT", "a%b")
    assert AwsSettings().region == "eu-central-1"
    assert AwsSettings("work").credentials() == S3Credentials("AKWORK", "s", "t")
    assert AwsSettings("other").credentials() == S3Credentials("AKOTHER", "o")
    assert AwsSettings("other").ca == "/ca"
    monkeypatch.setenv("AWS_PROFILE", "work")
    assert AwsSettings().credentials().access_key == "AKWORK"
    assert (AwsSettings().region, AwsSettings().endpoint) == ("ap-south-1", "http://host:1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "e")
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    assert AwsSettings().credentials() == S3Credentials("AKENV", "e")
    assert AwsSettings("other").credentials().access_key == "AKOTHER"  # an address knows which account it is for
    assert AwsSettings().region == "us-west-2"
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://host:2")
    assert AwsSettings().endpoint == "http://host:2"
    with pytest.raises(StoreAccessError, match="profile 'nobody'"):
        AwsSettings("nobody")


def test_other_places_of_the_files(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_profiles(home)
    (home / ".aws").rename(home / "moved")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "~/moved/credentials")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(home / "moved/config"))
    assert AwsSettings().credentials().access_key == "AKDEFAULT"
    assert AwsSettings().region == "eu-central-1"


@pytest.mark.parametrize("content", [b"aws_secret_access_key = hunter2\n", b"[default]\nhunter2\n", b"\xff\xfehunter2"])
def test_broken_files_are_not_repeated(content: bytes, home: Path) -> None:
    (home / ".aws").mkdir()
    (home / ".aws/credentials").write_bytes(content)
    with pytest.raises(StoreAccessError) as caught:
        AwsSettings().credentials()
    assert "hunter2" not in caught.value.explanation
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_secrets_do_not_print(monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = S3Credentials("AKVERYLONG", "hunter2", "hunter2-token")
    store = S3Store("s3://bucket/p?endpoint=http://127.0.0.1:9", credentials)
    shown = f"{credentials!r} {credentials} {store!r} {store.properties}"
    assert "hunter2" not in shown
    assert "AKVERYLONG" not in shown
    store.close()
    for wrong in ("hunter2\n", "hunter2 ", "hunter2é"):
        with pytest.raises(StoreAccessError) as caught:
            S3Credentials("AK", wrong)
        assert "hunter2" not in caught.value.explanation


def test_the_environment_becomes_part_of_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a locker made under it is found without it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "here-1")
    with open_store("s3://bucket/p", credentials=S3Credentials("AK", "SK")) as store:
        assert store.properties.address == "s3://bucket/p?endpoint=http://127.0.0.1:9&region=here-1"


def test_certificates_that_are_not_there(tmp_path: Path) -> None:
    for content in (None, b"no certificate"):
        if content is not None:
            (tmp_path / "ca").write_bytes(content)
        with pytest.raises(AddressError, match="certificates"):
            S3Store(f"s3://bucket?endpoint=https://h&ca={urllib.parse.quote(str(tmp_path / 'ca'))}", EXAMPLE)


def test_presigned_as_in_the_documentation() -> None:
    """Amazon's example of a GET with the signature in its query."""
    now = datetime.datetime(2013, 5, 24, tzinfo=datetime.UTC)
    made = presign("/test.txt", {}, "examplebucket.s3.amazonaws.com", EXAMPLE, "us-east-1", now, 86400)
    assert made.endswith("&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")


def test_signed_urls_name_the_object_and_what_it_is() -> None:
    store = S3Store("s3://bucket/a/b?endpoint=http://127.0.0.1:9&region=r", S3Credentials("AK", "SK", "TOKEN"))
    url = urllib.parse.urlsplit(store.signed_url("links/x.html", lasts_s=60, content_type="text/html; charset=utf-8"))
    assert (url.scheme, url.netloc, url.path) == ("http", "127.0.0.1:9", "/bucket/a/b/links/x.html")
    query = dict(urllib.parse.parse_qsl(url.query))
    assert query["X-Amz-Expires"] == "60"
    assert query["response-content-type"] == "text/html; charset=utf-8"
    assert query["X-Amz-Security-Token"] == "TOKEN"
    for wrong in (0, 7 * 86400 + 1):
        with pytest.raises(InputError):
            store.signed_url("x", lasts_s=wrong)
    store.close()
