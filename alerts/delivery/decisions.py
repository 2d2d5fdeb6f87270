"""The decisions on rows without a message: they are settled, or put off to a later instant."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.model.rows.row_states import ClaimedRow, RowState, Settlement


@dataclass(slots=True)
class Decisions:
    """Gathered while a chunk passes, written in one transaction.

    Attributes:
        settlements: rows that end now.
        deferred: rows that wait, by the business instant they wait for and the reason.
    """

    settlements: list[Settlement] = field(default_factory=list)
    deferred: dict[tuple[datetime, str], list[ClaimedRow]] = field(default_factory=dict)

    def settle(self, rows: Sequence[ClaimedRow], state: RowState, reason: str) -> None:
        """End these rows. A row whose fate is unknown keeps the channel it went by."""
        for row in rows:
            channel = row.channel if state is RowState.UNKNOWN else None
            self.settlements.append(Settlement(row, state, reason, channel=channel, attempts=row.attempts))

    def defer(self, row: ClaimedRow, until: datetime, reason: str) -> None:
        """Put a row off."""
        self.deferred.setdefault((until, reason), []).append(row)
