"""The services that the public pages may call. `bot` creates them once and passes them in."""

from dataclasses import dataclass
from datetime import date

from alerts.member.alerts_of_member import MemberAlerts
from policies.company_facts.fact_links import FactLinks
from policies.company_facts.match_service import MatchService
from policies.knowledge import Knowledge
from policies.windows.application_windows import Windows
from storage.clock import Clock, day_of
from subscriptions.directory import Members
from subscriptions.handoff import Handoffs
from subscriptions.members.member_tokens import MemberTokens
from subscriptions.profiles.profiles import Profiles


@dataclass(frozen=True, slots=True)
class PageServices:
    """The services by name. `clock` gives business time, which the sandbox can set."""

    knowledge: Knowledge
    members: Members
    clock: Clock
    public_url: str
    windows: Windows
    alerts: MemberAlerts
    member_tokens: MemberTokens
    handoffs: Handoffs
    matching: MatchService
    profiles: Profiles
    fact_links: FactLinks

    def today(self) -> date:
        """Return the business day in Shanghai."""
        return day_of(self.clock())

    def page_of(self, clause_id: int) -> str:
        """Return the address of a clause's page."""
        return f"{self.public_url}/p/{clause_id}"
