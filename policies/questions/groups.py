"""Writes collected questions into groups of like questions, many in one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz, process
from sqlalchemy import Connection, bindparam, select, update

from policies.questions.tables import AskedQuestion, QuestionGroup
from storage.sql.upsert import insert

_LIKE_GROUPS = 500
_ALIKE = 75.0


@dataclass(frozen=True, slots=True)
class AskedWording:
    """A wording with how many times it was asked.

    Attributes:
        core: the wording without words of speech and of asking for support.
        reason: declined, useless or person.
    """

    text: str
    core: str
    reason: str
    times: int


def add_to_groups(connection: Connection, asked: Sequence[AskedWording], now: datetime) -> None:
    """Count wordings, each in the most similar of the latest groups, or in a new group.

    Args:
        connection: of a writing transaction.
        asked: each pair of text and reason once, sorted, so that two processes do not deadlock.
        now: when they were asked.
    """
    if not asked:
        return
    groups = _Groups(connection, [one.text for one in asked])
    of_text = {one.text: groups.of(one) for one in asked}
    ids = groups.written(now)
    times: Counter[int] = Counter()
    rows = []
    for one in asked:
        group_id = ids[of_text[one.text]]
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
    counted = insert(connection, AskedQuestion.__table__)
    connection.execute(
        counted.on_conflict_do_update(
            index_elements=["text", "reason"],
            set_={"times": AskedQuestion.times + counted.excluded.times, "last_at": now},
        ),
        rows,
    )


class _Groups:
    """The groups that a question may belong to: the latest ones and new ones. New groups are written all at once.

    Groups are told apart by their core.
    """

    def __init__(self, connection: Connection, texts: Sequence[str]) -> None:
        self._connection = connection
        group = select(QuestionGroup.id, QuestionGroup.core)
        lately = connection.execute(group.order_by(QuestionGroup.last_at.desc()).limit(_LIKE_GROUPS))
        self._ids = {core: group_id for group_id, core in lately}
        self._cores = list(self._ids)
        known = select(AskedQuestion.text, QuestionGroup.id, QuestionGroup.core).join(QuestionGroup)
        self._of_text: dict[str, str] = {}
        for text, group_id, core in connection.execute(known.where(AskedQuestion.text.in_(texts))):
            self._ids[core], self._of_text[text] = group_id, core

    def of(self, asked: AskedWording) -> str:
        """Return the core of the group that a wording belongs to."""
        core = self._of_text.get(asked.text)
        if core is None:
            alike = process.extractOne(asked.core, self._cores, scorer=fuzz.ratio, score_cutoff=_ALIKE)
            core = alike[0] if alike is not None else asked.core
            if alike is None:
                self._cores.append(core)
            self._of_text[asked.text] = core
        return core

    def written(self, now: datetime) -> Mapping[str, int]:
        """Write the new groups, and return the id of every group by its core."""
        new = sorted(core for core in set(self._of_text.values()) if core not in self._ids)
        if new:
            row = {"times": 0, "first_at": now, "last_at": now, "settled_by": ""}
            added = insert(self._connection, QuestionGroup.__table__).on_conflict_do_nothing()
            self._connection.execute(added, [row | {"core": core} for core in new])
            written = select(QuestionGroup.core, QuestionGroup.id).where(QuestionGroup.core.in_(new))
            self._ids.update(self._connection.execute(written).all())
        return self._ids
