"""The links of a locker: ``link make``, ``ls``, ``url``, ``revoke``, ``refresh``, ``settings``, ``verify-page``."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from megadesk.cli.arguments import UsageError
from megadesk.cli.context import Context, locker_path
from megadesk.cli.output import Json, iso_time, time_text
from megadesk.cli.progress import ProgressBar, Rate

if TYPE_CHECKING:
    from collections.abc import Callable

    from megadesk.core.links import LinkRow
    from megadesk.types import Progress

_HELP = "megadesk link --help"
_UNITS_S = {"m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_ID_DIGITS = 12


def link(context: Context) -> int:
    """``link ACTION ...``."""
    action = context.args.action
    items = context.args.items
    wanted = {"make": 1, "ls": 0, "url": 1, "revoke": None, "refresh": 0, "settings": 0, "serve": 0, "verify-page": 1}
    count = wanted[action]
    if (count is None and not items) or (count is not None and len(items) != count):
        what = {"make": "/PATH", "url": "ID", "revoke": "ID...", "verify-page": "URL"}.get(action, "")
        raise UsageError(f"It is: megadesk link {action} {what}".rstrip() + ".", _HELP)
    if action == "serve":
        from megadesk.cli.sharing import serve

        return serve(context)
    actions: dict[str, Callable[[Context], int]] = {
        "make": _make,
        "ls": _ls,
        "url": _url,
        "revoke": _revoke,
        "refresh": _refresh,
        "settings": _settings,
        "verify-page": _verify_page,
    }
    return actions[action](context)


def _make(context: Context) -> int:
    """Prints the URL, alone on standard output, when the link was opened once."""
    from megadesk.core.links import LinkOptions

    args = context.args
    now_ms = time.time_ns() // 1_000_000
    path = locker_path(args.items[0])
    expires_ms = expiry_ms(args.expires, now_ms)
    password = None
    if args.password or args.password_file is not None:
        password = link_password(context, args.password_file, new=True)
    options = LinkOptions(
        expires_ms=expires_ms,
        password=password,
        max_downloads=args.max_downloads,
        live=args.live,
        note=args.note,
        html=args.html,
        base_url=args.base_url,
        check=not args.no_check,
    )
    locker = context.unlock()
    with ProgressBar(context.out, "Writing") as bar:
        row = locker.links.make(path, options, progress=_shower(bar))
    if context.out.json:
        context.out.value(_json(row, with_url=True))
        return 0
    context.out.line(row.url)
    context.out.note(row.abilities.text)
    if row.url.startswith("http://"):
        context.out.note("This address is plain http: whoever is on the way can change the page that opens the link.")
    return 0


def _ls(context: Context) -> int:
    out = context.out
    rows = context.unlock().links.list()
    if not context.args.all:
        rows = [row for row in rows if row.state != "revoked"]
    if out.json:
        out.values(_json(row, with_url=context.args.urls) for row in rows)
        return 0
    for row in rows:
        until = time_text(row.expires_ms * 1_000_000) if row.expires_ms else "never expires"
        used = "-" if row.downloads is None else str(row.downloads)
        if row.max_downloads is not None:
            used += f"/{row.max_downloads}"
        marks = "".join((" live" if row.live else "", " password" if row.has_password else ""))
        shown = f"{row.id[:_ID_DIGITS]}  {row.state:8}  {until:16}  {used:>7}  {row.path or '(gone)'}{marks}"
        out.line(out.name(shown))
        if context.args.urls and row.url:
            out.line(f"  {row.url}")
    return 0


def _url(context: Context) -> int:
    url = context.unlock().links.url(_named(context.args.items[0]))
    if context.out.json:
        context.out.value({"url": url})
    else:
        context.out.line(url)
    return 0


def _revoke(context: Context) -> int:
    locker = context.unlock()
    rows = []
    with ProgressBar(context.out, "Encrypting anew") as bar:
        for item in context.args.items:
            rows.append(locker.links.revoke(_named(item), rekey=context.args.rekey, progress=_shower(bar, files=True)))
    if context.args.rekey:
        report = locker.upkeep.collect_garbage()
        if report.waiting_for:
            names = ", ".join(report.waiting_for)
            context.out.note(f"What it showed is deleted when these computers have been online: {names}.")
    if context.out.json:
        context.out.value([_json(row, with_url=False) for row in rows])
        return 0
    for row in rows:
        context.out.line(f"{row.id[:_ID_DIGITS]}  {row.state}")
        if not row.abilities.revoking or row.place.name in ("SIGNED", "PUBLIC"):
            context.out.note(row.abilities.text)
    return 0


def _refresh(context: Context) -> int:
    """What an open window does by itself."""
    locker = context.unlock()
    changed = locker.links.upkeep.refresh_live()
    expired = locker.links.upkeep.tidy()
    if context.out.json:
        context.out.value({"changed": changed, "expired": expired})
    else:
        context.out.line(f"{changed} put anew, {expired} expired and taken back")
    return 0


def _settings(context: Context) -> int:
    from dataclasses import replace

    links = context.unlock().links
    settings = links.settings()
    args = context.args
    if args.base_url is not None:
        settings = replace(settings, base_url=args.base_url)
    if args.public_url is not None:
        settings = replace(settings, public_url=args.public_url)
    if args.base_url is not None or args.public_url is not None:
        links.set_settings(settings)
        settings = links.settings()
    places = links.places()
    if context.out.json:
        context.out.value(
            {
                "base_url": settings.base_url,
                "public_url": settings.public_url,
                "served_at": links.served_at(),
                "places": [
                    {
                        "place": each.place.name.lower(),
                        "expiry": each.expiry,
                        "downloads": each.downloads,
                        "revoking": each.revoking,
                        "max_days": each.max_days,
                        "text": each.text,
                    }
                    for each in places
                ],
            }
        )
        return 0
    context.out.line(f"Own domain:      {settings.base_url or '-'}")
    context.out.line(f"Public storage:  {settings.public_url or '-'}")
    context.out.line(f"Served now at:   {links.served_at() or '-'}")
    context.out.line(f"Links go to:     {places[0].title}. {places[0].text}")
    return 0


def _verify_page(context: Context) -> int:
    """Whether the page that a host serves is the one this program brings; status 1 when it is another."""
    from megadesk.share.verify import verify_page

    found = verify_page(context.args.items[0])
    if context.out.json:
        context.out.value({"sha256": found.sha256, "expected": found.expected, "right": found.right})
    elif found.right:
        context.out.line(f"right  {found.sha256}")
    else:
        context.out.line(f"wrong  {found.sha256 or 'no page of links'}")
        context.out.note(
            f"megadesk: The host does not serve the page of this version of MegaDesk, which is {found.expected}. "
            "Do not enter a password there; open the link with “megadesk fetch” instead."
        )
    return 0 if found.right else 1


# --- small things


def expiry_ms(text: str | None, now_ms: int) -> int | None:
    """``7d``, ``12h``, ``30m``, ``2w``, a day ``2031-12-31`` (its end, here), or ``never``. Raises UsageError."""
    if text is None or text == "never":
        return None
    found = re.fullmatch(r"([0-9]{1,6})([mhdw])", text)
    if found and int(found[1]):
        return now_ms + int(found[1]) * _UNITS_S[found[2]] * 1000
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            day = time.strptime(text, "%Y-%m-%d")
            return int(time.mktime((day.tm_year, day.tm_mon, day.tm_mday, 24, 0, 0, 0, 0, -1)) * 1000)
        except (ValueError, OverflowError):
            pass
    raise UsageError(f"{text!r} is no time: write 30m, 12h, 7d, 2w, 2031-12-31 or never.", _HELP)


def link_password(context: Context, file: str | None, *, new: bool) -> str:
    """From a file, MEGADESK_LINK_PASSWORD, or a prompt. Raises PassphraseError, LocalFileError."""
    from megadesk.cli.passphrase import LinkPasswordSource

    source = LinkPasswordSource(context.out, file)
    return source.new_password() if new else source.password()


def _named(item: str) -> str:
    return locker_path(item) if item.startswith("/") else item


def _shower(bar: ProgressBar, *, files: bool = False) -> Callable[[Progress], None]:
    rate = Rate()

    def show(progress: Progress) -> None:
        bar.update(progress.done, progress.total, unit_is_bytes=not files, speed=rate.update(progress.done))

    return show


def _json(row: LinkRow, *, with_url: bool) -> dict[str, Json]:
    value: dict[str, Json] = {
        "id": row.id,
        "path": row.path,
        "folder": row.is_folder,
        "live": row.live,
        "state": row.state,
        "created": iso_time(row.created_ms * 1_000_000),
        "expires": iso_time(row.expires_ms * 1_000_000) if row.expires_ms else None,
        "max_downloads": row.max_downloads,
        "downloads": row.downloads,
        "password": row.has_password,
        "note": row.note,
        "place": row.place.name.lower(),
        "device": row.device,
        "enforced": {
            "expiry": row.abilities.expiry,
            "downloads": row.abilities.downloads,
            "revoking": row.abilities.revoking,
        },
    }
    if with_url:
        value["url"] = row.url
    return value
