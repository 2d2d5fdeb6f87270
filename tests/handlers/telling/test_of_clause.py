"""Facts of a clause: a person is offered for those that nobody wrote and a person can find out."""

from datetime import date

import pytest

from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.telling.facts import Fact
from handlers.telling.of_clause import tell
from policies.guides.guide import Guide, GuideBook


@pytest.mark.parametrize(
    ("facts", "offered"),
    [((Fact.PHONE, Fact.VALIDITY), False), ((Fact.PHONE, Fact.MATERIALS), True)],
)
def test_a_person_is_offered_for_what_is_missing(
    context: Context, facts: tuple[Fact, ...], offered: bool
) -> None:
    index = context.knowledge.index
    clause = next(one for one in index.library.policies if one.valid_until is None)
    guides = GuideBook({clause.key: Guide(phone="0532-1", checked_on=date(2026, 3, 1))})
    told = tell(facts, clause, Edition(index, (), date(2026, 3, 2), "https://policy.example", guides))
    assert "0532-1" in told
    assert "文件没有写" in told
    assert ("人工" in told) is offered
