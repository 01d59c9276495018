"""The form of a storage: addresses, credentials, what is wrong with a field, what a test found."""

from __future__ import annotations

import pytest

from megadesk.core.probe import StoreTestResult, Verdict
from megadesk.errors import AddressError
from megadesk.stores.credentials import BearerCredentials, PasswordCredentials, S3Credentials
from megadesk.stores.open import AVAILABLE
from megadesk.stores.sftp_place import SftpCredentials
from megadesk.ui.presenters.storage import (
    FormError,
    Kind,
    Place,
    credential_fields,
    credentials_of,
    fields_of,
    kind_name,
    kind_of,
    kind_text,
    kinds,
    place_of,
    report_of,
    spread_of,
    verdict_title,
)

WHO = {"user": "anna", "password": " pass word "}


@pytest.mark.parametrize(
    ("kind", "values", "address"),
    [
        (Kind.FOLDER, {"path": "/mnt/nas"}, "/mnt/nas"),
        (Kind.WEBDAV, {"url": "https://h.example/a/", **WHO}, "davs://h.example/a"),
        (Kind.WEBDAV, {"url": "http://192.168.1.2:8080/d", **WHO}, "dav://192.168.1.2:8080/d"),
        (Kind.WEBDAV, {"url": "davs://h.example/a", **WHO}, "davs://h.example/a"),
        (Kind.WEBDAV, {"url": "h.example", **WHO}, "davs://h.example"),
        (Kind.NEXTCLOUD, {"url": "cloud.example", **WHO}, "davs://cloud.example/remote.php/dav/files/anna/MegaDesk"),
        (
            Kind.NEXTCLOUD,
            {"url": "https://h.example/nc/index.php/apps/files", "folder": "/My locker/", **WHO},
            "davs://h.example/nc/remote.php/dav/files/anna/My%20locker",
        ),
        (
            Kind.NEXTCLOUD,
            {"url": "https://h.example/remote.php/dav/files/anna/", "user": "a@b.c", "password": "x"},
            "davs://h.example/remote.php/dav/files/a%40b.c/MegaDesk",
        ),
        (
            Kind.S3,
            {"bucket": "things", "folder": "a/b/", "endpoint": "h.example:9000", "access_key": "A", "secret_key": "s"},
            "s3://things/a/b?endpoint=https://h.example:9000",
        ),
        (
            Kind.S3,
            {"bucket": "things", "region": "eu-west-1", "access_key": "A", "secret_key": "s"},
            "s3://things/?region=eu-west-1",
        ),
        (Kind.SFTP, {"host": "h.example:2222", "user": "me"}, "sftp://me@h.example:2222/~/megadesk"),
        (Kind.SFTP, {"host": "h.example", "user": "me", "folder": "/srv/x y"}, "sftp://me@h.example/srv/x%20y"),
        (Kind.SERVER, {"url": "https://h.example/", "token": "t"}, "megadesk+https://h.example"),
        (Kind.SERVER, {"url": "http://127.0.0.1:8710", "token": "t"}, "megadesk+http://127.0.0.1:8710"),
    ],
)
def test_addresses(kind: Kind, values: dict[str, str], address: str) -> None:
    place = place_of(kind, values)
    assert place.address == address
    assert place.insecure == address.startswith(("dav:", "megadesk+http:"))
    assert kind_of(address) in (kind, Kind.WEBDAV)
    for value in ("pass word", "secret"):
        assert value not in repr(place)


def test_credentials_go_beside_the_address() -> None:
    assert place_of(Kind.WEBDAV, {"url": "h.example", **WHO}).credentials == PasswordCredentials("anna", " pass word ")
    s3 = {"bucket": "things", "access_key": " AK ", "secret_key": " SK "}
    assert place_of(Kind.S3, s3).credentials == S3Credentials("AK", "SK")
    sftp = {"host": "h", "user": "me", "password": "p"}
    assert place_of(Kind.SFTP, sftp).credentials == SftpCredentials(password="p")
    assert place_of(Kind.SFTP, {**sftp, "key_file": "/k"}).credentials == SftpCredentials(None, "/k", "p")
    assert place_of(Kind.SFTP, {"host": "h", "user": "me"}).credentials is None
    assert place_of(Kind.SERVER, {"url": "h", "token": "t"}).credentials == BearerCredentials("t")


@pytest.mark.parametrize(
    ("kind", "values", "key"),
    [
        (Kind.FOLDER, {"path": " "}, "path"),
        (Kind.WEBDAV, {"url": "ftp://h", **WHO}, "url"),
        (Kind.WEBDAV, {"url": "https://me:pw@h/x", **WHO}, "url"),
        (Kind.WEBDAV, {"url": "https://", **WHO}, "url"),
        (Kind.WEBDAV, {"url": "h", "user": "", "password": "x"}, "user"),
        (Kind.S3, {"bucket": "things", "access_key": "", "secret_key": ""}, "access_key"),
        (Kind.SFTP, {"host": "me@h", "user": "me"}, "host"),
        (Kind.SERVER, {"url": "h"}, "token"),
    ],
)
def test_a_wrong_field_is_named(kind: Kind, values: dict[str, str], key: str) -> None:
    with pytest.raises(FormError) as caught:
        place_of(kind, values)
    assert caught.value.key == key
    assert caught.value.key in {spec.key for spec in fields_of(kind)}


def test_what_the_store_itself_refuses() -> None:
    with pytest.raises(AddressError):
        place_of(Kind.S3, {"bucket": "no/bucket", "access_key": "A", "secret_key": "s"})


def test_several_at_once() -> None:
    one = place_of(Kind.WEBDAV, {"url": "http://h.example/a?b", **WHO})
    parts = [Place("/mnt/a"), one, place_of(Kind.SFTP, {"host": "h", "user": "me"})]
    whole = spread_of(parts, 2)
    assert whole.address.startswith("spread:?k=2&store=%2Fmnt%2Fa&store=dav%3A%2F%2Fh.example")
    assert whole.credentials == {one.address: one.credentials}
    assert whole.insecure
    for bad, needed, key in (([parts[0]], 1, "parts"), ([parts[0], parts[0]], 1, "parts"), (parts, 4, "needed")):
        with pytest.raises(FormError) as caught:
            spread_of(bad, needed)
        assert caught.value.key == key


def test_credentials_alone() -> None:
    assert credential_fields(Kind.FOLDER) == []
    assert credentials_of(Kind.WEBDAV, {"user": "", "password": ""}) is None
    assert credentials_of(Kind.WEBDAV, WHO) == PasswordCredentials("anna", " pass word ")
    assert credentials_of(Kind.S3, {"access_key": "A", "secret_key": "S"}) == S3Credentials("A", "S")
    assert credentials_of(Kind.SERVER, {"token": "t"}) == BearerCredentials("t")
    assert credentials_of(Kind.SFTP, {"password": "p", "key_file": ""}) == SftpCredentials(password="p")
    with pytest.raises(FormError):
        credentials_of(Kind.S3, {"access_key": "A", "secret_key": ""})


def test_every_kind_and_verdict_has_words() -> None:
    for kind in Kind:
        assert kind_name(kind)
        assert kind_text(kind)
    titles = {verdict_title(verdict) for verdict in Verdict}
    assert len(titles) == len(Verdict)
    assert Kind.FOLDER in kinds()
    assert Kind.SPREAD not in kinds(parts=True)
    assert (Kind.SPREAD in kinds()) == ("spread" in AVAILABLE)


def test_what_a_test_found_depends_on_what_is_wanted() -> None:
    works = StoreTestResult(Verdict.OK, free_bytes=5_000_000_000, answer_s=0.0312)
    made = report_of(works, joining=False)
    assert (made.tone, made.usable) == ("good", True)
    assert "5 GB free" in made.text
    assert "31 ms" in made.text
    assert not report_of(works, joining=True).usable
    holds = StoreTestResult(Verdict.HOLDS_LOCKER)
    assert report_of(holds, joining=True).usable
    assert report_of(holds, joining=False).holds_locker
    assert not report_of(holds, joining=False).usable
    wrong = report_of(StoreTestResult(Verdict.CREDENTIALS, "The server says no.", "Ask."), joining=False)
    assert (wrong.tone, wrong.usable, wrong.text) == ("danger", False, "The server says no. Ask.")
    new = report_of(StoreTestResult(Verdict.HOST_KEY_UNKNOWN, fingerprint="F", known_hosts_line="L"), joining=False)
    assert (new.fingerprint, new.known_hosts_line) == ("F", "L")
