"""A template's card leads to the alert's own page: twenty characters a field say too little."""

from datetime import date

from alerts.channels.choice import ChannelChoice
from alerts.channels.outlet import Outlet
from alerts.delivery.compose import Composer
from alerts.member.inbox import told_together
from alerts.member.page_links import AlertLinks
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_cache import CachedCampaign
from alerts.model.channel import Channel, Reach
from alerts.model.content import AlertKind, ClauseChange, Content
from alerts.model.recipients import Person
from storage.sql.database import Database
from subscriptions.members.preferences import Preferences
from tests.alerts.delivery_stage import PUBLIC_URL, Stage

LINKS = AlertLinks(b"secret", PUBLIC_URL)


def campaign(campaign_id: int) -> CachedCampaign:
    content = Content(
        title="海水淡化", policy_id=45, changes=(ClauseChange(what="正文", old="甲", new="乙"),)
    )
    everyone = Audience(everyone=True)
    key = f"key:{campaign_id}"
    return CachedCampaign(
        campaign_id, key, AlertKind.POLICY_CHANGED, content, everyone, "auto", None, None, None
    )


def address(stage: Stage, links: AlertLinks | None, *campaigns: CachedCampaign, member: int = 7) -> str:
    outlet = Outlet(stage.client, stage.outlet.account, stage.outlet.templates, PUBLIC_URL, links)
    person = Person(member, "oX", True, Preferences(), Reach())
    composer = Composer(ChannelChoice(outlet, date(2026, 11, 2), {}))
    [way] = composer.ways(campaigns, (Channel.TEMPLATE, Channel.INBOX))
    return str(way.call(person, "id").keywords["url"])  # type: ignore[attr-defined]


async def test_each_member_gets_the_address_of_their_own_page(stage: Stage) -> None:
    mine, yours = (address(stage, LINKS, campaign(3), member=member) for member in (7, 8))
    assert LINKS.read(mine.rsplit("/", 1)[1]) == (3, 7)
    assert LINKS.read(yours.rsplit("/", 1)[1]) == (3, 8)


async def test_gathered_alerts_lead_to_the_page_of_the_most_urgent_which_names_the_others(
    stage: Stage,
) -> None:
    assert LINKS.read(address(stage, LINKS, campaign(3), campaign(4)).rsplit("/", 1)[1]) == (3, 7)
    assert address(stage, None, campaign(3), campaign(4)) == f"{PUBLIC_URL}/p/45"


async def test_what_a_gathered_card_brought_is_found_again(stage: Stage, database: Database) -> None:
    """In the ledger, when its page is opened."""
    (member,) = await stage.members(digest="daily")
    campaigns = [await stage.campaign([member]) for _ in range(3)]
    alone = await stage.campaign([member], closes_on=None)  # no card has room for it
    await stage.deliver()
    async with database.read() as session:
        found = [await told_together(session, one, member) for one in (*campaigns, alone)]
    assert (await stage.wechat.stats())["delivered"] == 1
    together = set(campaigns)
    assert [{other for other, _ in each} for each in found] == [
        *(together - {one} for one in campaigns),
        set(),
    ]
