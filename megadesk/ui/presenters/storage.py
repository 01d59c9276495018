"""The form of a storage: which fields each kind has, the address and credentials they make, and what a test found.

Pure: no Qt, no network. Secrets go from the fields into credentials and are kept nowhere here.
"""

from __future__ import annotations

import enum
import re
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from megadesk.core.credentials import Given
from megadesk.core.probe import StoreTestResult, Verdict
from megadesk.errors import InputError, MegaDeskError
from megadesk.stores.credentials import BearerCredentials, PasswordCredentials, S3Credentials
from megadesk.stores.open import AVAILABLE, AnyCredentials, describe, scheme_of
from megadesk.stores.s3_address import S3Address
from megadesk.stores.sftp_place import SftpCredentials
from megadesk.ui import formatting as fmt
from megadesk.ui.i18n import translate
from megadesk.ui.presenters.errors import words


class Kind(enum.Enum):
    """Kinds of storage as the form offers them."""

    FOLDER = "folder"
    NEXTCLOUD = "nextcloud"
    WEBDAV = "webdav"
    S3 = "s3"
    SFTP = "sftp"
    SERVER = "server"
    SPREAD = "spread"


_SCHEMES = {
    Kind.FOLDER: "file",
    Kind.NEXTCLOUD: "davs",
    Kind.WEBDAV: "davs",
    Kind.S3: "s3",
    Kind.SFTP: "sftp",
    Kind.SERVER: "megadesk+https",
    Kind.SPREAD: "spread",
}
ICONS = {
    Kind.FOLDER: "computer",
    Kind.NEXTCLOUD: "cloud",
    Kind.WEBDAV: "globe",
    Kind.S3: "bucket",
    Kind.SFTP: "terminal",
    Kind.SERVER: "server",
    Kind.SPREAD: "spread",
}
LEAST_PARTS = 2


def kinds(*, parts: bool = False) -> list[Kind]:
    """Those this version can open. ``parts``: for one of several, which cannot be several again."""
    return [kind for kind in Kind if _SCHEMES[kind] in AVAILABLE and not (parts and kind is Kind.SPREAD)]


def kind_name(kind: Kind) -> str:
    return {
        Kind.FOLDER: translate("storage", "This computer"),
        Kind.NEXTCLOUD: translate("storage", "Nextcloud"),
        Kind.WEBDAV: translate("storage", "WebDAV"),
        Kind.S3: translate("storage", "S3 bucket"),
        Kind.SFTP: translate("storage", "SFTP (SSH)"),
        Kind.SERVER: translate("storage", "MegaDesk server"),
        Kind.SPREAD: translate("storage", "Several at once"),
    }[kind]


def kind_text(kind: Kind) -> str:
    """One sentence on what it is."""
    return {
        Kind.FOLDER: translate("storage", "A folder that holds only encrypted objects: here, on a drive, on a NAS."),
        Kind.NEXTCLOUD: translate(
            "storage", "A folder in your Nextcloud or ownCloud. Make an app password under Settings, Security."
        ),
        Kind.WEBDAV: translate("storage", "A folder on any WebDAV server, such as a NAS or a hoster’s web space."),
        Kind.S3: translate("storage", "A bucket at Amazon or anybody who speaks S3. Make the bucket first."),
        Kind.SFTP: translate("storage", "A folder on a computer where you have an account by SSH."),
        Kind.SERVER: translate("storage", "A computer that runs “megadesk serve”. It shows the token when it starts."),
        Kind.SPREAD: translate(
            "storage", "The locker lies in pieces on several storages; some of them may fail or vanish."
        ),
    }[kind]


@dataclass(frozen=True)
class FieldSpec:
    """An input of the form. ``secret``: hidden while typed."""

    key: str
    name: str
    example: str = ""
    secret: bool = False
    optional: bool = False
    file: bool = False
    """A local file or folder: with a button to choose it."""


def fields_of(kind: Kind) -> Sequence[FieldSpec]:
    password = FieldSpec("password", translate("storage", "Pass&word"), secret=True)
    user = FieldSpec("user", translate("storage", "&User"))
    folder = FieldSpec("folder", translate("storage", "&Folder"), "MegaDesk", optional=True)
    return {
        Kind.FOLDER: (FieldSpec("path", translate("storage", "&Folder"), file=True),),
        Kind.NEXTCLOUD: (
            FieldSpec("url", translate("storage", "Ser&ver"), "https://cloud.example.org"),
            user,
            FieldSpec("password", translate("storage", "App pass&word"), secret=True),
            folder,
        ),
        Kind.WEBDAV: (
            FieldSpec("url", translate("storage", "A&ddress"), "https://dav.example.org/files/me"),
            user,
            password,
        ),
        Kind.S3: (
            FieldSpec("bucket", translate("storage", "B&ucket")),
            FieldSpec("folder", translate("storage", "&Folder in it"), "megadesk", optional=True),
            FieldSpec(
                "endpoint", translate("storage", "&Endpoint"), translate("storage", "empty: Amazon"), optional=True
            ),
            FieldSpec("region", translate("storage", "Re&gion"), "eu-central-1", optional=True),
            FieldSpec("access_key", translate("storage", "A&ccess key")),
            FieldSpec("secret_key", translate("storage", "&Secret key"), secret=True),
        ),
        Kind.SFTP: (
            FieldSpec("host", translate("storage", "&Host"), translate("storage", "host or host:port")),
            user,
            FieldSpec(
                "folder",
                translate("storage", "&Folder"),
                translate("storage", "below your home folder there"),
                optional=True,
            ),
            FieldSpec(
                "key_file",
                translate("storage", "Ke&y file"),
                translate("storage", "empty: the usual ones"),
                optional=True,
                file=True,
            ),
            FieldSpec(
                "password",
                translate("storage", "Pass&word"),
                translate("storage", "empty: by key"),
                secret=True,
                optional=True,
            ),
        ),
        Kind.SERVER: (
            FieldSpec("url", translate("storage", "A&ddress"), "https://locker.example.org"),
            FieldSpec("token", translate("storage", "Toke&n"), secret=True),
        ),
        Kind.SPREAD: (),
    }[kind]


class FormError(InputError):
    """A field that cannot be so; ``key`` names it."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True)
class Place:
    """Where a locker is to be, or is: what the core takes."""

    address: str
    credentials: Given = field(default=None, repr=False)
    insecure: bool = False
    """Over http: others in the network see when and how much is sent, and could meddle."""


def place_of(kind: Kind, values: Mapping[str, str]) -> Place:
    """The address and credentials that the fields make. Raises FormError; AddressError and InputError of the stores."""
    given = {key: value.strip() if key != "password" else value for key, value in values.items()}
    for spec in fields_of(kind):
        if not spec.optional and not given.get(spec.key):
            raise FormError(spec.key, translate("storage", "This is needed."))
    if kind is Kind.FOLDER:
        return Place(given["path"])
    if kind in (Kind.NEXTCLOUD, Kind.WEBDAV):
        return _webdav(kind, given)
    if kind is Kind.S3:
        address = S3Address(
            bucket=given["bucket"],
            prefix=f"{given.get('folder', '').strip('/')}/" if given.get("folder", "").strip("/") else "",
            endpoint=_with_scheme(given["endpoint"]) if given.get("endpoint") else "",
            region=given.get("region", ""),
        )
        text = str(S3Address.parse(str(address)))
        credentials = S3Credentials(given["access_key"], given["secret_key"])
        return Place(text, credentials, insecure=address.endpoint.startswith("http:"))
    if kind is Kind.SFTP:
        return _sftp(given)
    if kind is Kind.SERVER:
        scheme, rest = _http(given["url"])
        return Place(f"megadesk+{scheme}://{rest}", BearerCredentials(given["token"]), insecure=scheme == "http")
    raise ValueError("a spread is made of places: spread_of")


def _with_scheme(url: str) -> str:
    return url if "://" in url else f"https://{url}"


def _http(url: str) -> tuple[str, str]:
    """http or https, and the rest without a '/' at its end."""
    scheme, _, rest = _with_scheme(url).partition("://")
    known = {"dav": "http", "davs": "https", "megadesk+http": "http", "megadesk+https": "https"}
    scheme = known.get(scheme.lower(), scheme.lower())
    if scheme not in ("http", "https"):
        raise FormError("url", translate("storage", "It begins with https:// (or http:// in your own network)."))
    if "@" in rest.partition("/")[0]:
        raise FormError("url", translate("storage", "Leave user and password out of the address."))
    rest = rest.rstrip("/")
    if not rest:
        raise FormError("url", translate("storage", "This is needed."))
    return scheme, rest


def _webdav(kind: Kind, given: Mapping[str, str]) -> Place:
    scheme, rest = _http(given["url"])
    user = given["user"]
    if kind is Kind.NEXTCLOUD:
        # People paste what the browser or Nextcloud's own settings show.
        base = re.split(r"/(?:remote\.php|index\.php|apps|login)(?:/|$)", f"{rest}/", maxsplit=1)[0].rstrip("/")
        folder = given.get("folder", "").strip("/") or "MegaDesk"
        rest = f"{base}/remote.php/dav/files/{urllib.parse.quote(user, safe='')}/{urllib.parse.quote(folder)}"
    return Place(
        f"{'davs' if scheme == 'https' else 'dav'}://{rest}",
        PasswordCredentials(user, given["password"]),
        insecure=scheme == "http",
    )


def _sftp(given: Mapping[str, str]) -> Place:
    host = given["host"].removeprefix("sftp://").rstrip("/")
    if "/" in host or "@" in host:
        raise FormError("host", translate("storage", "Only the host here, with a port if need be; the rest below."))
    folder = given.get("folder", "") or "megadesk"
    path = folder if folder.startswith("/") else f"/~/{folder}"
    user = urllib.parse.quote(given["user"], safe="")
    address = f"sftp://{user}@{host}{urllib.parse.quote(path, safe='/~')}"
    return Place(address, _sftp_credentials(given))


def spread_of(parts: Sequence[Place], needed: int) -> Place:
    """Several storages as one, any ``needed`` of which are enough. Raises FormError."""
    if len(parts) < LEAST_PARTS:
        raise FormError("parts", translate("storage", "Add at least two storages."))
    if len({part.address for part in parts}) < len(parts):
        raise FormError("parts", translate("storage", "Two of the storages are the same."))
    if not 1 <= needed <= len(parts):
        raise FormError("needed", translate("storage", "So many storages are not there."))
    stores = [("store", part.address) for part in parts]
    query = urllib.parse.urlencode([("k", str(needed)), *stores], quote_via=urllib.parse.quote, safe="")
    credentials: dict[str, AnyCredentials] = {}
    for part in parts:
        if part.credentials is not None and not isinstance(part.credentials, Mapping):
            credentials[part.address] = part.credentials
    return Place(f"spread:?{query}", credentials or None, insecure=any(part.insecure for part in parts))


def shown_place(address: str) -> str:
    """An address for people: no user, no password, no parameters."""
    return words(describe(address).removeprefix("folder "))


def kind_of(address: str) -> Kind:
    """The kind that an address is shown as."""
    try:
        scheme = scheme_of(address)
    except MegaDeskError:
        return Kind.FOLDER
    if scheme in ("dav", "davs"):
        return Kind.NEXTCLOUD if "/remote.php/" in address else Kind.WEBDAV
    if scheme.startswith("megadesk+"):
        return Kind.SERVER
    return {"s3": Kind.S3, "sftp": Kind.SFTP, "spread": Kind.SPREAD}.get(scheme, Kind.FOLDER)


# --- credentials alone, for a storage whose address is known

_SECRETS = ("user", "password", "access_key", "secret_key", "token", "key_file")


def credential_fields(kind: Kind) -> Sequence[FieldSpec]:
    """What a storage of that kind asks for besides its address; empty for a folder."""
    fields = [spec for spec in fields_of(kind) if spec.key in _SECRETS]
    return [spec for spec in fields if not (kind is Kind.SFTP and spec.key == "user")]  # that is in the address


def credentials_of(kind: Kind, values: Mapping[str, str]) -> AnyCredentials | None:
    """None: nothing was given, and the environment or keys are to do. Raises FormError; InputError of the stores."""
    given = {key: value.strip() if key != "password" else value for key, value in values.items()}
    if not any(given.values()):
        return None
    for spec in credential_fields(kind):
        if not spec.optional and not given.get(spec.key):
            raise FormError(spec.key, translate("storage", "This is needed."))
    if kind in (Kind.NEXTCLOUD, Kind.WEBDAV):
        return PasswordCredentials(given["user"], given["password"])
    if kind is Kind.S3:
        return S3Credentials(given["access_key"], given["secret_key"])
    if kind is Kind.SERVER:
        return BearerCredentials(given["token"])
    if kind is Kind.SFTP:
        return _sftp_credentials(given)
    return None


def _sftp_credentials(given: Mapping[str, str]) -> SftpCredentials | None:
    password, key_file = given.get("password", ""), given.get("key_file", "")
    if key_file:
        return SftpCredentials(key_file=key_file, passphrase=password or None)
    return SftpCredentials(password=password) if password else None


# --- the Test button


@dataclass(frozen=True)
class TestReport:
    """What a test found, in words. ``tone``: good, warn or danger."""

    tone: str
    title: str
    text: str
    usable: bool
    known_hosts_line: str = ""
    fingerprint: str = ""
    holds_locker: bool = False

    __test__ = False


def verdict_title(verdict: Verdict) -> str:
    return {
        Verdict.OK: translate("storage", "The storage works"),
        Verdict.HOLDS_LOCKER: translate("storage", "It works, and a locker is there"),
        Verdict.ADDRESS: translate("storage", "The address cannot be right"),
        Verdict.HOST_UNKNOWN: translate("storage", "No such computer is known"),
        Verdict.REFUSED: translate("storage", "The computer is there, but nothing answers at that port"),
        Verdict.NO_ANSWER: translate("storage", "No answer"),
        Verdict.TLS: translate("storage", "The secure connection failed"),
        Verdict.HOST_KEY_UNKNOWN: translate("storage", "This server is new here"),
        Verdict.HOST_KEY_CHANGED: translate("storage", "This is not the server it was"),
        Verdict.CREDENTIALS: translate("storage", "User, password or key is wrong"),
        Verdict.NO_PLACE: translate("storage", "There is no such folder or bucket"),
        Verdict.NOT_READABLE: translate("storage", "No right to read there"),
        Verdict.NOT_WRITABLE: translate("storage", "No right to write there"),
        Verdict.CLOCK: translate("storage", "This computer’s clock is wrong"),
        Verdict.FULL: translate("storage", "It is full"),
        Verdict.TOO_SLOW: translate("storage", "It is too slow"),
        Verdict.NOT_A_STORE: translate("storage", "What answers there is no such storage"),
        Verdict.TROUBLE: translate("storage", "The test failed"),
    }[verdict]


def report_of(result: StoreTestResult, *, joining: bool) -> TestReport:
    """``joining``: a locker is looked for; otherwise a place for a new one."""
    title = verdict_title(result.verdict)
    if not result.usable:
        text = f"{words(result.message)} {words(result.remedy)}".strip()
        return TestReport("danger", title, text, False, result.known_hosts_line, result.fingerprint, holds_locker=False)
    holds = result.verdict is Verdict.HOLDS_LOCKER
    text = _facts(result)
    if joining and not holds:
        missing = translate("storage", "It works, but no locker is there")
        return TestReport("warn", missing, text, usable=False)
    if holds and not joining:
        occupied = translate("storage", "A locker is there already: open it with its recovery key")
        return TestReport("warn", occupied, text, usable=False, holds_locker=True)
    if result.remedy:
        text = f"{words(result.message)} {words(result.remedy)}"
        return TestReport("warn", title, text, usable=True, holds_locker=holds)
    return TestReport("good", title, text, usable=True, holds_locker=holds)


def _facts(result: StoreTestResult) -> str:
    facts = []
    if result.free_bytes is not None:
        facts.append(translate("storage", "{0} free").format(fmt.size(result.free_bytes)))
    if result.answer_s is not None:
        facts.append(
            translate("storage", "answers in {0} ms").format(fmt.number(max(1, round(result.answer_s * 1000))))
        )
    return " · ".join(facts)
