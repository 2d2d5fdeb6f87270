"""What publishing or approving would send, to how many, and by which way; nothing is made or sent."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from alerts.announcing import publication_campaigns
from alerts.campaigns import NewCampaign
from alerts.profiles import profiles
from alerts.wording import one
from console.desk import Desk
from policies.changes import PolicyChange
from policies.revisions import Publication
from storage.clock import SHANGHAI


@dataclass(frozen=True, slots=True)
class Foreseen:
    """An alert that publishing would send: its words as a text message, and to how many."""

    title: str
    words: str
    people: int


@dataclass(frozen=True, slots=True)
class Reach:
    """What a publication would send.

    Attributes:
        people: those who would get at least one alert.
    """

    alerts: tuple[Foreseen, ...]
    people: int


async def reach_of(desk: Desk, changes: Sequence[PolicyChange]) -> Reach:
    """What publishing these changes together would send; one walk over the members, whatever their number."""
    now = desk.clock()
    imagined = Publication(0, "", "", now, tuple(changes), edition_changed=False)
    tracks = [track.id for track in (await desk.store.tracks()).tracks]
    campaigns = publication_campaigns(imagined, tracks)
    counts, people = await _count(desk, campaigns)
    today = now.astimezone(SHANGHAI).date()
    return Reach(
        tuple(
            Foreseen(new.content.title, one((new.kind, new.content), today, desk.public_url), counts[at])
            for at, new in enumerate(campaigns)
        ),
        people,
    )


async def _count(desk: Desk, campaigns: Sequence[NewCampaign]) -> tuple[Counter[int], int]:
    counts: Counter[int] = Counter()
    people = 0
    if not campaigns:
        return counts, people
    async for alike in profiles(desk.database, ()):
        for profile, members in alike.items():
            concerned = [at for at, new in enumerate(campaigns) if profile.concerns(new.audience)]
            counts.update(dict.fromkeys(concerned, members))
            people += members if concerned else 0
    return counts, people
