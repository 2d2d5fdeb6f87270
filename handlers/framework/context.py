"""The services that handlers may call. `bot` creates them once and passes them in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.clock import Clock, day_of

if TYPE_CHECKING:
    from datetime import date

    from alerts.ledger.receipts import ReceiptWriter
    from alerts.member.alerts_of_member import MemberAlerts
    from policies.company_facts.fact_links import FactLinks
    from policies.company_facts.match_service import MatchService
    from policies.knowledge import Knowledge
    from policies.questions.log import QuestionLog
    from policies.windows.application_windows import Windows
    from subscriptions.directory import Members
    from subscriptions.handoff import Handoffs
    from subscriptions.members.member_tokens import MemberTokens
    from subscriptions.privacy.erasure import Erasing
    from subscriptions.profiles.profiles import Profiles


@dataclass(frozen=True, slots=True)
class Context:
    """The services by name. `clock` gives business time, which the sandbox can set."""

    knowledge: "Knowledge"
    members: "Members"
    clock: Clock
    public_url: str
    questions: "QuestionLog"
    windows: "Windows"
    alerts: "MemberAlerts"
    erasing: "Erasing"
    member_tokens: "MemberTokens"
    handoffs: "Handoffs"
    receipts: "ReceiptWriter"
    matching: "MatchService"
    profiles: "Profiles"
    fact_links: "FactLinks"

    def today(self) -> "date":
        """Return the business day in Shanghai."""
        return day_of(self.clock())

    def page_of(self, clause_id: int) -> str:
        """Return the address of a clause's page."""
        return f"{self.public_url}/p/{clause_id}"
