"""Questions that are alike find each other: what was collected is written into groups, many at once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz, process
from sqlalchemy import Connection, bindparam, select, update

from policies.question_tables import AskedQuestion, QuestionGroup
from storage.upsert import insert

_LIKE_GROUPS = 500
_ALIKE = 75.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A wording that was asked some times; `core` is what it is about."""

    text: str
    core: str
    reason: str
    times: int


def add(connection: Connection, asked: Sequence[Asked], now: datetime) -> None:
    """Count wordings, each in the group of the likeliest question lately asked, or in a new one.

    Args:
        connection: of a writing transaction.
        asked: each text and reason once, in one order everywhere: two processes must not deadlock.
        now: when they were asked.
    """
    if not asked:
        return
    groups = _Groups(connection, [one.text for one in asked], now)
    times: Counter[int] = Counter()
    rows = []
    for one in asked:
        group_id = groups.of(one)
        times[group_id] += one.times
        rows.append(
            {
                "group_id": group_id,
                "text": one.text,
                "reason": one.reason,
                "times": one.times,
                "last_at": now,
            }
        )
    raised = [{"group": group_id, "more": more} for group_id, more in sorted(times.items())]
    connection.execute(
        update(QuestionGroup.__table__)  # type: ignore[arg-type]  # declared as FromClause
        .where(QuestionGroup.id == bindparam("group"))
        .values(times=QuestionGroup.times + bindparam("more"), last_at=now, settled_at=None),
        raised,
    )
    counted = insert(connection, AskedQuestion)
    connection.execute(
        counted.on_conflict_do_update(
            index_elements=["text", "reason"],
            set_={"times": AskedQuestion.times + counted.excluded.times, "last_at": now},
        ),
        rows,
    )


class _Groups:
    """The groups that a question may belong to."""

    def __init__(self, connection: Connection, texts: Sequence[str], now: datetime) -> None:
        self._connection = connection
        self._now = now
        known = select(AskedQuestion.text, AskedQuestion.group_id).where(AskedQuestion.text.in_(texts))
        self._of_text = dict(connection.execute(known).all())
        lately = select(QuestionGroup.id, QuestionGroup.core).order_by(QuestionGroup.last_at.desc())
        self._cores = dict(connection.execute(lately.limit(_LIKE_GROUPS)).all())

    def of(self, asked: Asked) -> int:
        group_id = self._of_text.get(asked.text)
        if group_id is None:
            alike = process.extractOne(asked.core, self._cores, scorer=fuzz.ratio, score_cutoff=_ALIKE)
            group_id = int(alike[2]) if alike is not None else self._new(asked.core)
            self._of_text[asked.text] = group_id
        return group_id

    def _new(self, core: str) -> int:
        row = {"core": core, "times": 0, "first_at": self._now, "last_at": self._now, "settled_by": ""}
        self._connection.execute(insert(self._connection, QuestionGroup).values(row).on_conflict_do_nothing())
        found = select(QuestionGroup.id).where(QuestionGroup.core == core)
        group_id = self._connection.execute(found).scalar_one()
        self._cores[group_id] = core
        return group_id
