"""Mass sends (群发, docs/wechat.md §5.4): one call to a list of members, or to all who follow the account.

- Needs: a verified account; lists are for service accounts only. An operator chooses this channel.
- Limits: lists of 2 to 10,000; WeChat delivers 4 mass sends a month to a member (service account), or one a day
  to all (subscription account).
- Repeats: WeChat remembers `clientmsgid` for 24 hours, so a call in doubt is made again under the same id.
- Receipt: MASSSENDJOBFINISH tells counts only, so rows are `accepted`, never `delivered` (`jobs`). Where it does
  not come, `status_poll` asks.
- Errors: 45065 WeChat has the job already; 45066 the repeat came too fast; 45028 no mass sends are left (the
  campaign pauses); 40130, 40031 the list is too short or holds a wrong openid. Nobody has refused a mass send: it
  never takes another channel.

A list is a message like any other (`alerts.sending`). A send to all is one call for a whole campaign, and has its
own sequence (`send_to_all`).
"""

from collections.abc import Sequence
from datetime import date

from alerts.channels.member_channel import SendCall
from alerts.channels.outlet import Outlet
from alerts.model.campaigns.campaign_cache import CachedCampaign
from alerts.model.recipients import Person
from alerts.wording import wording
from wechat.api.calls import Gate

FEWEST, MOST = 2, 10_000
"""Members a list may have (40130, 40031)."""


def words_of(outlet: Outlet, campaign: CachedCampaign, today: date) -> str:
    """Return the text of a campaign's mass send."""
    return wording.text([(campaign.kind, campaign.content)], today, outlet.public_url)


def call_for_list(
    outlet: Outlet, campaign: CachedCampaign, people: Sequence[Person], today: date, client_id: str
) -> SendCall:
    """Send a campaign to a list. Return the job's id, even if WeChat had the job already."""
    openids = [person.openid for person in people]
    words, client = words_of(outlet, campaign, today), outlet.client

    async def send(*, gate: Gate) -> str:
        return await client.mass_send(openids, words, client_msg_id=client_id, gate=gate)

    return send
