"""A desk with one of everything, where each text that people outside wrote is an attack on the page."""

import re
from datetime import timedelta

from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_counts import add_counts
from alerts.model.campaigns.campaign_states import CampaignAction, Status
from alerts.model.campaigns.moves import act
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.tables import Delivery
from console.access.roles import Route
from console.routes import ROUTES
from policies.importing.imports import Imports
from policies.library.changes import PolicyChange
from policies.library.library_file import load_library
from policies.publishing.drafts import Drafts
from policies.publishing.imported import Imported
from policies.publishing.store import PolicyStore
from policies.questions.lessons import Lessons
from policies.questions.log import QuestionLog
from policies.windows.application_windows import Windows
from policies.windows.window_fields import WindowFields
from storage.clock import SHANGHAI, system_clock
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.handoff import Handoffs
from subscriptions.members.track_subscriptions import ChangeSource
from subscriptions.tables import Member
from tests.policies.importing.editions import as_text, seed

HOSTILE = '<img src=x onerror="document.title=1">"\'></textarea></title><script>document.title=2</script>'
NO_PAGES = ("/export", ".csv", "/deliveries.", ".ics", "/live", "/sign-in")


async def furnish(database: Database) -> None:
    """Put in one of everything; each has the id 1, the clause with a draft the number 22."""
    today = system_clock().astimezone(SHANGHAI).date()
    members = Members(database, system_clock)
    member = (await members.follow("o_hostile_person")).member_id
    await members.subscribe(member, ["ai"], source=ChangeSource.CHAT)
    await members.companies.bind(member, "91370211MA3DQ0RX6H", HOSTILE[:100])
    await Handoffs(database, system_clock).say(member, HOSTILE, begin=True)
    log = QuestionLog(database)
    await log.record(HOSTILE, "declined")
    await log.flush()
    await Lessons(database).teach(22, "挂起的词", HOSTILE[:64], waits=True)
    closes = today + timedelta(days=9)
    await Windows(database, system_clock).put(
        [WindowFields(22, today, closes, HOSTILE, "https://apply.example/22")]
    )
    clause = next(policy for policy in load_library().policies if policy.key == 22)
    changed = clause.model_copy(update={"title": HOSTILE[:60], "text": f"{clause.text}{HOSTILE}"})
    await Drafts(database, system_clock).begin_all(
        Imported([PolicyChange(22, clause, changed)], None), author="editor", note=HOSTILE
    )  # as an import makes it: an editor's save would be refused
    await Lessons(database).teach(22, "外面的叫法", "editor", waits=True)
    await _edition(database)
    await _broadcast(database, member)


async def _edition(database: Database) -> None:
    """An import that waits: one clause is gone, another is changed."""
    document, parts = seed()
    parts[0][2][0] += HOSTILE
    parts[4][2].pop(1)
    raw = as_text(document, parts, f"2027年1月\n{HOSTILE}")
    store, drafts = PolicyStore(database, system_clock), Drafts(database, system_clock)
    await Imports(database, system_clock, store, drafts).read(f"{HOSTILE[:60]}.txt", raw, author="editor")


async def _broadcast(database: Database, member: int) -> None:
    content = Content(title=HOSTILE[:64], body=HOSTILE, summary=HOSTILE)
    new = NewCampaign(
        "broadcast:1",
        AlertKind.ANNOUNCEMENT,
        content,
        Audience(everyone=True),
        status=Status.DRAFT,
        created_by="editor",
    )
    now = system_clock()
    async with database.write() as session:
        made = await create_campaign(session, new, now)
        assert made
        await act(session, made, CampaignAction.SUBMIT, now, by="editor")
        await act(session, made, CampaignAction.APPROVE, now, by="approver")
        await act(session, made, CampaignAction.PAUSE, now, reason=HOSTILE)
        other = Member(openid="o_other_person", followed_at=now)
        session.add(other)
        await session.flush()
        for whose, state in ((member, "failed"), (other.id, "unknown")):
            row = Delivery(campaign_id=made, member_id=whose, state=state, reason=HOSTILE, channel="custom")
            session.add(row)
        await add_counts(session, made, {"failed": 1, "unknown": 1})


def concrete(route: Route, identity: str) -> str:
    """A route's path with this id, and the first of other choices, in its places."""
    path = re.sub(r"\{id:[^/]*?\}\}", identity, route.path)
    path = re.sub(r"\{track:[^/]*?\}\}", "ai", path)
    return "/console" + re.sub(r"\{\w+:(\w+)[^}]*\}", r"\1", path)


PAGES = sorted(
    concrete(route, "22" if route.path.startswith("/policies/{id") else "1")
    for route in ROUTES
    if route.method == "GET" and not any(part in route.path for part in NO_PAGES)
)
"""Every page of a furnished desk that an operator can look at."""
