"""Where a link can live, and what each place really enforces. Said before a link is made and wherever one is shown."""

from __future__ import annotations

from dataclasses import dataclass

from megadesk.format.ops import LinkPlace


@dataclass(frozen=True)
class PlaceAbilities:
    """``expiry``, ``downloads``, ``revoking``: whether the place enforces it, whatever the reader does."""

    place: LinkPlace
    title: str
    expiry: bool
    downloads: bool
    revoking: bool
    max_days: int | None
    """For how long a link can live there at most; None: without limit."""
    text: str
    """What is enforced and what is not, in full sentences."""


ABILITIES: dict[LinkPlace, PlaceAbilities] = {
    LinkPlace.SERVER: PlaceAbilities(
        LinkPlace.SERVER,
        title="MegaDesk server",
        expiry=True,
        downloads=True,
        revoking=True,
        max_days=None,
        text="The server enforces expiry and the number of downloads, and refuses the link as soon as it is taken "
        "back.",
    ),
    LinkPlace.SHARE: PlaceAbilities(
        LinkPlace.SHARE,
        title="Shared by this computer",
        expiry=True,
        downloads=True,
        revoking=True,
        max_days=None,
        text="The link works while this computer shares links. It enforces expiry and the number of downloads, and "
        "refuses the link as soon as it is taken back. Downloads are counted by each computer for itself.",
    ),
    LinkPlace.SIGNED: PlaceAbilities(
        LinkPlace.SIGNED,
        title="Signed addresses of a bucket",
        expiry=True,
        downloads=False,
        revoking=True,
        max_days=7,
        text="The bucket enforces expiry, after seven days at most. Downloads are not counted. Taking the link back "
        "deletes its page from the bucket: whoever has opened it before can fetch the contents until it expires.",
    ),
    LinkPlace.PUBLIC: PlaceAbilities(
        LinkPlace.PUBLIC,
        title="Public storage",
        expiry=False,
        downloads=False,
        revoking=True,
        max_days=None,
        text="Anyone can read the storage, encrypted as it is. Expiry happens when MegaDesk runs and deletes the "
        "link's page. Downloads are not counted. Whoever has opened the link before can still fetch the contents after "
        "it was taken back, unless they are encrypted anew.",
    ),
    LinkPlace.FILE: PlaceAbilities(
        LinkPlace.FILE,
        title="HTML file",
        expiry=False,
        downloads=False,
        revoking=False,
        max_days=None,
        text="The file holds everything. Whoever has it and its key can open it, for as long as there is a copy: it "
        "cannot be taken back, and nobody enforces expiry or counts. Beyond 64 MiB, its page asks the reader to choose "
        "the file once more.",
    ),
}
