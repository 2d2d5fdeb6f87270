"""What a broadcast will look like on each channel, and how many people get it by which."""

from dataclasses import dataclass

from aiohttp import web

from alerts.channels.choice import offer
from alerts.channels.template.values import template_values
from alerts.model.channel import Channel
from alerts.model.content import AlertKind, Content
from alerts.wording.wording import facts, one, page_of
from console.approval.reach import BroadcastReach, reach_of_broadcast
from console.broadcasts.form import AUTO, BroadcastForm
from console.services.desk import DESK
from console.services.fitting import fitting_of
from storage.clock import day_of
from subscriptions.members import recipients


@dataclass(frozen=True, slots=True)
class Preview:
    """What each channel would show, and to how many it goes by which.

    Attributes:
        opens: the address that a tap on the card opens; "" for none.
    """

    text: str
    text_bytes: int
    card: dict[str, str]
    opens: str
    reach: BroadcastReach


async def preview_of(request: web.Request, form: BroadcastForm, *, named: tuple[int, ...] = ()) -> Preview:
    """Return the preview of a form; `named`: members by number, in place of everyone and tracks."""
    desk, values = request.app[DESK], form.values
    content = Content(title=values.get("title", ""), body=values.get("body", ""), url=values.get("url", ""))
    alert, today = (AlertKind.ANNOUNCEMENT, content), day_of(desk.clock())
    known, channel = facts([alert], today), values.get("channel") or AUTO
    offered = offer(AlertKind.ANNOUNCEMENT, channel, known, desk.account, desk.templates)
    card = offered.templates.get(Channel.TEMPLATE)
    text = one(alert, today, desk.public_url)
    audience = None
    reach = None
    if form.fits is not None:
        found = await fitting_of(desk.profiles, form.fits, desk.matching.catalogue, alerts_only=True)
        reach = BroadcastReach(found.fitting, ())
    elif named:
        audience = recipients.MemberQuery(members=named)
    elif form.everyone or form.tracks:
        audience = recipients.MemberQuery(everyone=form.everyone, tracks=() if form.everyone else form.tracks)
    return Preview(
        text=text,
        text_bytes=len(text.encode()),
        card=template_values(card.fields, known) if card else {},
        opens=page_of([alert], desk.public_url),
        reach=reach or await reach_of_broadcast(desk, audience, channel, content, form.begins(desk.clock())),
    )
