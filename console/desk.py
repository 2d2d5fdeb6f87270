"""What the desk's pages and the API may ask: the services of the floors below, handed down once by `bot`."""

from dataclasses import dataclass

from aiohttp import web

from alerts.channels import Templates
from console.answering import Answers
from console.api_keys import ApiKeys
from console.broadcasts import Broadcasts
from console.credentials import Credentials
from console.operators import Operators
from console.testers import Testers
from policies.daily_tally import QuestionTally
from policies.drafts import Drafts
from policies.knowledge import Knowledge
from policies.lessons import Lessons
from policies.questions import QuestionLog
from policies.store import PolicyStore
from policies.windows import Windows
from storage.clock import Clock
from storage.database import Database
from subscriptions.handing_over import HandOvers
from subscriptions.members import Members
from wechat.account import Account


@dataclass(frozen=True, slots=True)
class Desk:
    database: Database
    operators: Operators
    credentials: Credentials
    api_keys: ApiKeys
    broadcasts: Broadcasts
    testers: Testers
    store: PolicyStore
    drafts: Drafts
    windows: Windows
    members: Members
    knowledge: Knowledge
    questions: QuestionLog
    lessons: Lessons
    hand_overs: HandOvers
    answers: Answers
    tally: QuestionTally
    account: Account
    templates: Templates
    clock: Clock
    public_url: str


DESK = web.AppKey("desk", Desk)
