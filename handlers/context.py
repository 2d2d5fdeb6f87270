"""What handlers may ask: the services of the floors below, handed down once by `bot`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.clock import Clock

if TYPE_CHECKING:
    from policies.knowledge import Knowledge
    from subscriptions.members import Members


@dataclass(frozen=True, slots=True)
class Context:
    knowledge: "Knowledge"
    members: "Members"
    clock: Clock
    public_url: str
