"""Where a department is reached: what was entered for it; never another office's number. Pure."""

from collections.abc import Sequence

from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.taps import tap
from handlers.telling.facts import Fact
from policies.search.decision import Intent
from wechat.texts import escape_typed


def office_answer(names: Sequence[str], facts: Sequence[Fact], edition: Edition) -> Answer:
    """Telephone, address and hours of one or several departments, by their printed names."""
    lines = []
    is_known = False
    for name in names:
        office = edition.guides.of_department(name)
        known = (
            [
                f"电话：{escape_typed(office.phone)}" if office.phone else "",
                f"地址：{escape_typed(office.address)}" if office.address else "",
                f"办公时间：{escape_typed(office.hours)}" if office.hours else "",
            ]
            if office is not None
            else []
        )
        told = [line for line in known if line]
        is_known = is_known or bool(told)
        if told and office is not None and office.entered_on is not None:
            told.append(f"（工作人员录入，{office.entered_on}核对）")
        lines.append(f"{name}\n" + "\n".join(told) if told else f"文件没有写{name}的{_asked(facts)}。")
    if not is_known:
        lines.append(f"可以看它负责的条款：{tap(names[0])}；需要人帮忙请回复 {tap('人工')}。")
    return Answer.of(Intent.DEPARTMENT, "\n".join(lines))


def _asked(facts: Sequence[Fact]) -> str:
    both = {Fact.PHONE, Fact.PLACE, Fact.HOURS}.intersection(facts)
    if both == {Fact.HOURS}:
        return "办公时间"
    if both == {Fact.PHONE}:
        return "电话"
    return "地址" if both == {Fact.PLACE} else "电话和地址"
