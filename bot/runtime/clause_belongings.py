"""Everything that may hang on a clause, for `Drafts`: publishing an edition asks each kind what becomes of it."""

from alerts.member.followers_of_clauses import FollowersOfClauses
from policies.guides.of_clauses import GuidesOfClauses
from policies.publishing.belongings import Belongings
from policies.questions.of_clauses import ConfirmedOfClauses, WordsOfClauses
from policies.windows.of_clauses import WindowsOfClauses
from storage.clock import Clock


def clause_belongings(clock: Clock) -> tuple[Belongings, ...]:
    """Return one of each kind."""
    return (
        WindowsOfClauses(clock),
        GuidesOfClauses(clock),
        WordsOfClauses(),
        ConfirmedOfClauses(),
        FollowersOfClauses(clock),
    )
