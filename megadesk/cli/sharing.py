"""``link serve``: this computer serves the locker's links, until it is told to stop."""

from __future__ import annotations

from megadesk.cli.context import Context
from megadesk.cli.transfers import Interrupts
from megadesk.errors import LinkPlaceError

_POLL_S = 1.0


def serve(context: Context) -> int:
    """The address on standard output, then a line of what goes on at the end. Ends by SIGINT or SIGTERM."""
    from megadesk.format.ops import LinkPlace
    from megadesk.server.share_server import DEFAULT_LISTEN, ShareServer

    args = context.args
    out = context.out
    locker = context.unlock()
    links = locker.links
    if links.places()[0].place is LinkPlace.SERVER:
        raise LinkPlaceError("The locker's storage serves its links itself.", remedy="Nothing needs to be started.")
    server = ShareServer(links.ledger())
    public_url = args.public_url or links.settings().base_url
    with Interrupts() as interrupts:
        try:
            status = server.start(
                args.listen or DEFAULT_LISTEN, public_url=public_url, tls_cert=args.tls_cert, tls_key=args.tls_key
            )
            links.announce(status.base_url)
            if out.json:
                out.value({"base_url": status.base_url, "urls": list(status.urls), "exposed": status.exposed})
            else:
                out.line(status.base_url)
            out.flush()
            for url in status.urls:
                out.note(f"Links are served at {url}")
            if status.exposed and status.plain_http:
                out.note(
                    "Plain http: the contents stay encrypted, but whoever is on the way can change the page that "
                    "opens them. Give --tls-cert and --tls-key, or put a server with https in front."
                )
            # Notices what other devices made or took back, and keeps live links up to date.
            locker.start()
            while not interrupts.noticed.wait(_POLL_S):
                continue
        finally:
            links.announce("")
            last = server.status()
            server.stop()
    if last is not None:
        out.note(f"Stopped after {last.requests:,} requests.")
    return 0
