"""Facts of a clause: a person is offered for those that nobody wrote and a person can find out."""

import re
from datetime import date
from types import SimpleNamespace
from typing import cast

import pytest

from handlers.clause_facts.fact_lines import tell
from handlers.clause_facts.facts import Fact
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from policies.guides.guide import Guide, GuideBook
from policies.library.library import Library
from policies.search.index import PolicyIndex


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


@pytest.mark.parametrize("fact", list(Fact))
def test_a_clause_without_departments_is_told_in_whole_sentences(context: Context, fact: Fact) -> None:
    index = context.knowledge.index
    clause = index.library.policies[0].model_copy(
        update={"departments": (), "basis": (), "amounts": (), "valid_until": date(2025, 12, 31)}
    )
    document = index.library.documents[0].model_copy(update={"policies": (clause,)})
    bare = cast(PolicyIndex, SimpleNamespace(library=Library.of([document]), policy={clause.key: clause}.get))
    told = tell((fact,), clause, Edition(bare, (), date(2026, 3, 2), "https://policy.example"))
    assert not re.search(r"没有写明的|是。|：。|向确认|由负责|、。|：\n(?![“·「]|条文|.{10})|None", told), (
        told
    )
