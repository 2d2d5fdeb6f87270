"""What a web process holds besides the services: the search index, the conversation, the callback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from alerts.ledger.receipts import ReceiptWriter
from alerts.member.alerts_of_member import MemberAlerts
from bot.roles.background import Work
from bot.runtime.services import Services
from bot.webhook.callback import Callback
from bot.webhook.callback_metrics import CallbackMetrics
from bot.webhook.deferred_replies import DeferredReplies
from bot.webhook.pushes import Pushes
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.session import Session
from handlers.meaning_budget import MeaningBudget
from handlers.router import Router
from pages.services import PageServices
from policies.company_facts.fact_links import FactLinks
from policies.company_facts.match_service import MatchService, load_match_service
from policies.company_facts.rules_watch import RulesWatch
from policies.guides.store import GuideStore
from policies.knowledge import Knowledge
from policies.meanings.reading import MeaningReader
from policies.questions.daily_tally import QuestionTally
from policies.questions.lessons import Lessons
from policies.questions.log import QuestionLog
from policies.windows.application_windows import Windows
from storage.clock import system_clock
from storage.redis.pipeline import RedisPipeline
from storage.tasks.polling import Followed
from subscriptions.handoff import Handoffs
from subscriptions.members.member_tokens import MemberTokens
from subscriptions.messaging_rights.service_windows import ServiceWindowLog
from subscriptions.privacy.erasure import Erasing
from subscriptions.profiles.profiles import Profiles
from wechat.account import Capability
from wechat.push.messages import Inbound


@dataclass(frozen=True, slots=True)
class Conversation:
    """The objects of a web process besides the services; `context` holds those that the handlers use."""

    context: Context
    service_windows: ServiceWindowLog
    lessons: Lessons
    tally: QuestionTally
    callback: Callback
    rules_watch: RulesWatch

    def page_services(self) -> PageServices:
        """Return the objects that the public pages use; they are a part of `context`."""
        context = self.context
        return PageServices(
            knowledge=context.knowledge,
            members=context.members,
            clock=context.clock,
            public_url=context.public_url,
            windows=context.windows,
            alerts=context.alerts,
            member_tokens=context.member_tokens,
            handoffs=context.handoffs,
            matching=context.matching,
            profiles=context.profiles,
            fact_links=context.fact_links,
        )

    def followed(self) -> list[Followed]:
        """Return what a web process polls: what is published, unread alerts, open handoffs."""
        context = self.context
        return [
            context.knowledge.followed(),
            self.rules_watch.followed(),
            context.alerts.hints.followed(),
            context.handoffs.followed(),
        ]

    def background(self) -> list[Work]:
        """Return the background work: read clauses by meaning; write questions and acts."""
        return [
            self.context.knowledge.run_meanings(),
            self.context.questions.run(),
            self.service_windows.run(),
            self.tally.run(),
        ]


@asynccontextmanager
async def open_conversation(services: Services) -> AsyncIterator[Conversation]:
    """Build the search index and the conversation over it. At the end the pushes under way are finished."""
    service_windows = ServiceWindowLog(services.database, system_clock)
    lessons = Lessons(services.database, services.clock)
    rules_watch = RulesWatch(services.store, lambda *now: matching.become(load_match_service(*now)))
    await rules_watch.refresh()  # notes the version before its clauses are read
    matching = await asyncio.to_thread(load_match_service, services.rules, await services.store.texts())
    knowledge = Knowledge(
        services.store,
        lessons,
        guides=GuideStore(services.database),
        meanings=MeaningReader(services.database),
    )
    await knowledge.refresh()
    context = _context(services, knowledge, matching, service_windows)
    tally = QuestionTally(services.database, services.clock)
    callback = _callback(services, context, service_windows, tally)
    try:
        yield Conversation(context, service_windows, lessons, tally, callback, rules_watch)
    finally:
        await callback.finish()


def _context(
    services: Services, knowledge: Knowledge, matching: MatchService, service_windows: ServiceWindowLog
) -> Context:
    database, clock, secret = services.database, services.clock, services.secret
    return Context(
        knowledge=knowledge,
        members=services.members,
        clock=clock,
        public_url=services.settings.effective_public_url,
        questions=QuestionLog(database, clock),
        windows=Windows(database, clock),
        alerts=MemberAlerts(database, clock, services.links),
        erasing=Erasing(
            database, clock, secret=secret, service_windows=service_windows, redis=services.redis
        ),
        member_tokens=MemberTokens(secret, services.redis),
        handoffs=Handoffs(database, system_clock),
        receipts=ReceiptWriter(database, clock),
        matching=matching,
        profiles=Profiles(database, clock),
        fact_links=FactLinks(secret, services.settings.effective_public_url),
    )


def _callback(
    services: Services, context: Context, service_windows: ServiceWindowLog, tally: QuestionTally
) -> Callback:
    pipeline = RedisPipeline(services.redis)
    account = services.bot.account
    metrics = CallbackMetrics(services.registry)
    router = Router(context, words_decide=metrics.words_decide, budget=MeaningBudget())

    async def respond(inbound: Inbound, session: Session) -> Answer:
        answer = await router.respond(inbound, session)
        tally.note(answer.intent)
        return answer

    pushes = Pushes(
        app_id=account.app_id,
        secret=services.secret,
        respond=respond,
        pipeline=pipeline,
        deferred=DeferredReplies(
            services.wechat if account.may(Capability.CUSTOM_MESSAGE) else None, pipeline
        ),
        metrics=metrics,
        service_windows=service_windows,
        repeat=services.database.repeat_while_away,
    )
    return Callback(services.bot.envelope, pushes, metrics)
