"""Links of a locker on a MegaDesk server: the server's grants, asked for over its API."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from megadesk.stores.http import HttpClient
from megadesk.stores.link_host import HostedLink
from megadesk.stores.server_answers import decoded, fail

PAGE = "/d/"
"""Where the server has the page of links."""


class _Grant(msgspec.Struct):
    id: str
    downloads: int
    folder: str
    expires_ms: int | None = None
    max_downloads: int | None = None


class _Grants(msgspec.Struct):
    grants: list[_Grant]


class ServerLinkHost:
    """A `LinkHost` for the locker below ``folder`` of a server."""

    def __init__(self, client: HttpClient, folder: str, url: str) -> None:
        """``url``: where browsers reach the server, without a slash at its end."""
        self._client = client
        self._folder = folder
        self.base_url = f"{url}{PAGE}"

    def grant(self, link: str, packs: Sequence[str], expires_ms: int | None, max_downloads: int | None) -> None:
        body = msgspec.json.encode(
            {
                "packs": list(packs),
                "expires_ms": expires_ms,
                "max_downloads": max_downloads,
                "folder": self._folder,
            }
        )
        headers = {"content-type": "application/json"}
        with self._client.request("PUT", f"/v1/grants/{link}", headers=headers, body=body) as answer:
            if answer.status != 204:
                fail(answer, f"links/{link}", writing=True)

    def revoke(self, link: str) -> None:
        with self._client.request("DELETE", f"/v1/grants/{link}") as answer:
            if answer.status != 204:
                fail(answer, f"links/{link}", writing=True)

    def hosted(self) -> list[HostedLink]:
        with self._client.request("GET", "/v1/grants") as answer:
            if answer.status != 200:
                fail(answer, "")
            found = decoded(answer, _Grants).grants
        return [
            HostedLink(each.id, each.downloads, each.expires_ms, each.max_downloads)
            for each in found
            if each.folder == self._folder
        ]
