"""Tells how to reach a department, as operators entered it. It never shows another office's number. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, islice, zip_longest

from handlers.answers import department
from handlers.clause_facts.facts import Fact
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.taps import clause_tap, tap
from policies.search.decision import Decision, Intent
from wechat.texts import escape_typed

_SHOWN = 3


def answer(decision: Decision, text: str, edition: Edition) -> Answer:
    """Answer a question about a department: how to reach it, or else its clauses."""
    if decision.asks_how_reached:
        return office_answer(decision.subject.split("、"), (), edition)
    return department.answer(decision, text, edition)


def office_answer(names: Sequence[str], facts: Sequence[Fact], edition: Edition) -> Answer:
    """Tell telephone, address and hours of one or several departments, by their printed names.

    Each department gets a paragraph of what is known. What is not known is said once, with the departments' clauses
    to tap.
    """
    known = {name: lines for name in names if (lines := _known(name, edition))}
    unknown = [name for name in names if name not in known]
    told = ["\n".join((name, *lines)) for name, lines in known.items()]
    if unknown:
        told.append(f"这里没有登记{'、'.join(unknown)}的{_asked(facts)}，文件里也没有写。")
    keys = _clauses_of(unknown, edition)
    taps = [
        clause_tap(policy, edition.index.library) for key in keys if (policy := edition.index.policy(key))
    ]
    if taps:
        told.append("\n".join((f"{'它' if len(unknown) == 1 else '它们'}负责的条款，例如：", *taps)))
    ways = [f"全部条款点 {tap(f'{unknown[0]}有哪些政策')}"] if taps else []
    if unknown:
        told.append("；".join((*ways, f"需要人帮忙问请回复 {tap('人工')}。")))
    answer = Answer.of(Intent.DEPARTMENT, "\n".join(told))
    return replace(answer, named=tuple(keys), about=0, office="、".join(names))


def _known(name: str, edition: Edition) -> list[str]:
    """Return the lines that operators entered for a department; [] if there are none."""
    office = edition.guides.of_department(name)
    if office is None:
        return []
    told = {
        f"电话：{escape_typed(office.phone)}": office.phone,
        f"地址：{escape_typed(office.address)}": office.address,
        f"办公时间：{escape_typed(office.hours)}": office.hours,
    }
    lines = [line for line, given in told.items() if given]
    return [*lines, f"（工作人员录入，{office.entered_on}核对）"] if lines and office.entered_on else lines


def _clauses_of(names: Sequence[str], edition: Edition) -> list[int]:
    """Return a few clauses that these departments are responsible for, first the first clause of each."""
    of_each = (edition.index.of_department(name) for name in names)
    in_turn = chain.from_iterable(zip_longest(*of_each, fillvalue=0))
    return list(islice(filter(None, dict.fromkeys(in_turn)), _SHOWN))


def _asked(facts: Sequence[Fact]) -> str:
    both = {Fact.PHONE, Fact.PLACE, Fact.HOURS}.intersection(facts)
    if both == {Fact.HOURS}:
        return "办公时间"
    if both == {Fact.PHONE}:
        return "电话"
    return "地址" if both == {Fact.PLACE} else "电话和地址"
