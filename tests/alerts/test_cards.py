"""A template's card leads to the alert's own page: twenty characters a field say too little."""

from datetime import date

from alerts.audience import Audience
from alerts.briefs import Brief
from alerts.channels import Channel, Reach
from alerts.composing import Composer, Outlet
from alerts.content import Change, Content, Kind
from alerts.links import AlertLinks
from alerts.people import Person
from subscriptions.preferences import Preferences
from tests.alerts.stage import PUBLIC_URL, Stage

LINKS = AlertLinks(b"secret", PUBLIC_URL)


def brief(campaign_id: int) -> Brief:
    content = Content(title="海水淡化", policy_id=45, changes=(Change(what="正文", old="甲", new="乙"),))
    everyone = Audience(everyone=True)
    key = f"key:{campaign_id}"
    return Brief(campaign_id, key, Kind.POLICY_CHANGED, content, everyone, "auto", None, None, None)


def address(stage: Stage, links: AlertLinks | None, *briefs: Brief, member: int = 7) -> str:
    outlet = Outlet(stage.client, stage.outlet.account, stage.outlet.templates, PUBLIC_URL, links)
    person = Person(member, "oX", True, Preferences(), Reach())
    letter = Composer(outlet, date(2026, 11, 2)).letter(briefs, Channel.TEMPLATE)
    assert letter is not None
    return str(letter.to(person, "id").keywords["url"])  # type: ignore[attr-defined]


async def test_each_member_gets_the_address_of_their_own_page(stage: Stage) -> None:
    mine, yours = (address(stage, LINKS, brief(3), member=member) for member in (7, 8))
    assert LINKS.read(mine.rsplit("/", 1)[1]) == (3, 7)
    assert LINKS.read(yours.rsplit("/", 1)[1]) == (3, 8)


async def test_gathered_alerts_lead_to_the_clause_of_the_most_urgent(stage: Stage) -> None:
    assert address(stage, LINKS, brief(3), brief(4)) == address(stage, None, brief(3)) == f"{PUBLIC_URL}/p/45"
