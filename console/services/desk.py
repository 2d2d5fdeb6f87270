"""All services that a page or an API call may use. `bot` builds them once and hands them down."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from alerts.channels.template.settings import Templates
from console.access.api_keys import ApiKeys
from console.access.credentials import Credentials
from console.access.operators import Operators
from console.services.broadcasts import Broadcasts
from console.services.member_replies import MemberReplies
from console.services.testers import Testers
from policies.company_facts.match_service import MatchService
from policies.district.store import DistrictStore
from policies.guides.drafts import GuideDrafts
from policies.guides.store import GuideStore
from policies.importing.imports import Imports
from policies.knowledge import Knowledge
from policies.publishing.drafts import Drafts
from policies.publishing.store import PolicyStore
from policies.questions.daily_tally import QuestionTally
from policies.questions.lessons import Lessons
from policies.questions.log import QuestionLog
from policies.windows.application_windows import Windows
from storage.clock import Clock
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.handoff import Handoffs
from subscriptions.profiles.profiles import Profiles
from wechat.account import Account


@dataclass(frozen=True, slots=True)
class Desk:
    """`menu`: usual labels of the account's menu buttons, by key."""

    database: Database
    operators: Operators
    credentials: Credentials
    api_keys: ApiKeys
    broadcasts: Broadcasts
    testers: Testers
    store: PolicyStore
    drafts: Drafts
    district: DistrictStore
    imports: Imports
    windows: Windows
    guides: GuideStore
    guide_drafts: GuideDrafts
    members: Members
    knowledge: Knowledge
    questions: QuestionLog
    lessons: Lessons
    handoffs: Handoffs
    matching: MatchService
    profiles: Profiles
    replies: MemberReplies
    tally: QuestionTally
    account: Account
    templates: Templates
    clock: Clock
    public_url: str
    menu: Mapping[str, str]


DESK = web.AppKey("desk", Desk)
