"""What handlers may ask: the services of the floors below, handed down once by `bot`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.clock import SHANGHAI, Clock

if TYPE_CHECKING:
    from datetime import date

    from alerts.member_alerts import MemberAlerts
    from alerts.receipts import Receipts
    from policies.knowledge import Knowledge
    from policies.questions import QuestionLog
    from policies.windows import Windows
    from subscriptions.erasing import Erasing
    from subscriptions.handing_over import HandOvers
    from subscriptions.links import Passes
    from subscriptions.members import Members


@dataclass(frozen=True, slots=True)
class Context:
    """Append fields for a new service; never reorder, `bot` passes them by name."""

    knowledge: "Knowledge"
    members: "Members"
    clock: Clock
    public_url: str
    questions: "QuestionLog"
    windows: "Windows"
    alerts: "MemberAlerts"
    erasing: "Erasing"
    passes: "Passes"
    hand_overs: "HandOvers"
    receipts: "Receipts"

    def today(self) -> "date":
        """The business day in Shanghai."""
        return self.clock().astimezone(SHANGHAI).date()

    def page_of(self, clause_id: int) -> str:
        """The address of a clause's page."""
        return f"{self.public_url}/p/{clause_id}"
