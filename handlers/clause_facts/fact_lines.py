"""Writes a fact of a clause in lines: from the document, its windows, or what operators entered. Pure.

If nobody wrote it, the answer says so and names the responsible department. Another office's number is never shown.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from handlers.answers.clause import clause_block
from handlers.application_windows.window_lines import window_lines, window_state
from handlers.clause_facts.changes import change_lines
from handlers.clause_facts.documents.document_facts import period_lines
from handlers.clause_facts.facts import Fact
from handlers.clause_facts.passages import SENTENCES, stated
from handlers.clause_facts.repeating import again_lines, together_lines
from handlers.framework.edition import Edition
from handlers.framework.taps import tap
from policies.guides.guide import Guide, Office
from policies.guides.guide_lines import entered, guide_lines
from policies.library.clause_lines import basis_text, in_chinese_order, period_over, whose_period
from policies.library.models import Policy
from wechat.texts import escape_typed, link

Lines = list[str]
Teller = Callable[[Policy, Edition], Lines]

_MISSING = {
    Fact.PHONE: "电话",
    Fact.PLACE: "办理地点",
    Fact.ENTRY: "申报网址",
    Fact.MATERIALS: "申报材料",
    Fact.STEPS: "申报流程、材料和电话",
    Fact.HOURS: "办公时间",
    Fact.PAYOUT: "审核和拨付的时间",
    Fact.VALIDITY: "有效期",
    Fact.TOGETHER: "能否同时或再次享受",
    Fact.AGAIN: "第二次是否再给",
    Fact.USE: "资金的用途",
}
_USED = re.compile(r"用于|用途|专项|专款|使用|不得|支出")
_HELPED = frozenset(
    {
        Fact.AGAIN,
        Fact.TOGETHER,
        Fact.HOURS,
        Fact.PHONE,
        Fact.PLACE,
        Fact.ENTRY,
        Fact.MATERIALS,
        Fact.STEPS,
        Fact.PAYOUT,
    }
)
"""Documents seldom hold these facts. A person can ask the department for them."""
_THE_TEXT = frozenset({(Fact.WHOLE,), (Fact.CONDITIONS,), (Fact.FIT,)})
"""If one of these is asked alone, the whole clause is the answer."""


def heading(policy: Policy, edition: Edition) -> str:
    """Say in half a line what was understood: 关于第22条（企业技术改造设备投资奖补）："""
    return f"关于{edition.index.library.name(policy)}（{policy.title}）："


def whole_tap(policy: Policy, edition: Edition) -> str:
    """Return a link that shows the whole clause."""
    library = edition.index.library
    return tap(f"看{library.name(policy)}全文", library.typed(policy))


def department_lines(policy: Policy, label: str = "部门") -> Lines:
    """Return the departments in a line; [] if none is printed."""
    return [f"{label}：{'、'.join(policy.departments)}"] if policy.departments else []


def tell(facts: Iterable[Fact], policy: Policy, edition: Edition) -> str:
    """Tell what is known of these facts, under the clause's heading. A whole clause has its own heading."""
    facts = tuple(facts)
    if Fact.AMOUNT in facts:
        facts = tuple(fact for fact in facts if fact is not Fact.WHOLE)
    if facts in _THE_TEXT:
        return clause_block(policy.key, edition)
    lines: Lines = []
    missing: list[Fact] = []
    for fact in facts:
        found = _TELLERS[fact](policy, edition)
        lines += found
        if not found and fact in _MISSING:
            missing.append(fact)
    if missing:
        named = "、".join(_MISSING[fact] for fact in missing)
        departments = "、".join(policy.departments)
        known = f"负责部门是{departments}" if departments else "也没有写负责部门"
        lines.append(f"文件没有写{named}，{known}。")
        lines += window_lines(policy.key, edition)
    if _HELPED.intersection(missing):
        lines.append(f"也可以回复 {tap('人工')} 请工作人员帮您问。")
    if Fact.WHOLE in facts:
        return "\n".join(dict.fromkeys(lines))
    return "\n".join((heading(policy, edition), *dict.fromkeys(lines), whole_tap(policy, edition)))


def is_told(fact: Fact, key: int, edition: Edition) -> bool:
    """Whether anything is known of a fact that documents seldom state."""
    policy = edition.index.policy(key)
    return policy is not None and (fact not in _MISSING or bool(_TELLERS[fact](policy, edition)))


def _marked(guide: Guide, *told: str) -> Lines:
    """Return the lines that an operator entered, with their mark; [] if there are none."""
    lines = [line for line in told if line]
    return [*lines, entered(guide)] if lines else []


def _offices(policy: Policy, edition: Edition, line: Callable[[str, Office], str]) -> Lines:
    offices = [(name, edition.guides.of_department(name)) for name in policy.departments]
    return [said for name, office in offices if office is not None and (said := line(name, office))]


def _phone(policy: Policy, edition: Edition) -> Lines:
    guide = edition.guides.of_clause(policy.key)
    told = _marked(guide, f"电话：{escape_typed(guide.phone)}" if guide.phone else "") if guide else []
    return told or _offices(policy, edition, _phone_of)


def _phone_of(name: str, office: Office) -> str:
    return f"{name}电话：{escape_typed(office.phone)}" if office.phone else ""


def _address_of(name: str, office: Office) -> str:
    return f"{name}：{escape_typed(office.address)}" if office.address else ""


def _hours(policy: Policy, edition: Edition) -> Lines:
    return _offices(
        policy,
        edition,
        lambda name, office: f"{name}办公时间：{escape_typed(office.hours)}" if office.hours else "",
    )


def _place(policy: Policy, edition: Edition) -> Lines:
    guide = edition.guides.of_clause(policy.key)
    told = _marked(guide, _where(guide), _entry_of(guide)) if guide else []
    return _open_with_entry(policy, edition) + (told or _offices(policy, edition, _address_of))


def _entry(policy: Policy, edition: Edition) -> Lines:
    guide = edition.guides.of_clause(policy.key)
    told = _marked(guide, _entry_of(guide), _where(guide)) if guide else []
    return _open_with_entry(policy, edition) + told


def _open_with_entry(policy: Policy, edition: Edition) -> Lines:
    windows = [window for window in edition.windows_of(policy.key) if window.url]
    coming = [
        f"申报入口（开始后可用）：{link('点此打开', window.url)}"
        for window in windows
        if window.opens_on > edition.today
    ]
    return [*window_lines(policy.key, edition), *coming] if windows else []


def _where(guide: Guide) -> str:
    return f"在哪办：{escape_typed(guide.where)}" if guide.where else ""


def _entry_of(guide: Guide) -> str:
    return f"入口：{link('申报入口', guide.url)}" if guide.url else ""


def _materials(policy: Policy, edition: Edition) -> Lines:
    guide = edition.guides.of_clause(policy.key)
    if guide is None or not guide.materials:
        return []
    return _marked(guide, f"材料：{escape_typed('；'.join(guide.materials))}")


def _steps(policy: Policy, edition: Edition) -> Lines:
    guide = edition.guides.of_clause(policy.key)
    if guide is None:
        return []
    return [*guide_lines(guide), *window_lines(policy.key, edition), *_office(policy, edition)]


def _office(policy: Policy, edition: Edition) -> Lines:
    named = department_lines(policy, "负责部门") or ["文件没有写负责部门。"]
    return [*named, *_offices(policy, edition, _phone_of)]


def _lead(policy: Policy, edition: Edition) -> Lines:
    """Return the departments. Documents print an order of them, but seldom say which one leads."""
    lines = _office(policy, edition)
    if len(policy.departments) < 2 or "牵头单位" in policy.text:
        return lines
    return [*lines, f"文件没有另外写明由谁牵头，排在最前的是{policy.departments[0]}。"]


def _conditions(policy: Policy, edition: Edition) -> Lines:
    guide = edition.guides.of_clause(policy.key)
    told = _marked(guide, f"条件：{escape_typed(guide.conditions)}") if guide and guide.conditions else []
    return ["条文是这样写的：", policy.text, *told]


def _basis(policy: Policy, _edition: Edition) -> Lines:
    return [f"依据：{basis_text(basis)}" for basis in policy.basis] or ["文件没有写这一条的依据文件。"]


def _amount(policy: Policy, _edition: Edition) -> Lines:
    quotes = stated(policy)
    if not quotes:
        return ["条文没有写具体金额，写的是：", policy.text]
    return ["条文是这样写的：", *(f"· {quote}" for quote in quotes)]


def _use(policy: Policy, _edition: Edition) -> Lines:
    """Say in the clause's words what the money may be spent on."""
    return [f"· {said.strip()}" for said in SENTENCES.findall(policy.text) if _USED.search(said)]


def _brief(policy: Policy, edition: Edition) -> Lines:
    """Return the sums, the office and the window, without the text."""
    sums = [f"· {quote}" for quote in stated(policy)] or ["· 条文没有写具体金额。"]
    return [*sums, *_office(policy, edition), *window_lines(policy.key, edition)]


def _where_printed(policy: Policy, edition: Edition) -> Lines:
    library = edition.index.library
    document = library.document_of(policy)
    section = next((one.title for one in document.sections if one.number == policy.section), "")
    return [
        f"这是《{document.title}》的{library.number(policy)}{f'，在“{section}”部分' if section else ''}。"
    ]


def _page(policy: Policy, edition: Edition) -> Lines:
    return [f"网页：{link('金额表、相关条款', edition.page_of(policy.key))}"]


def _whole(policy: Policy, edition: Edition) -> Lines:
    return [clause_block(policy.key, edition)]


def _validity(policy: Policy, edition: Edition) -> Lines:
    if policy.valid_until is None:
        return []
    over = period_over(policy, edition.today)
    return [over or f"{whose_period(policy)}写明的期限到{in_chinese_order(policy.valid_until)}。"]


def _force(policy: Policy, edition: Edition) -> Lines:
    return period_lines(edition.index.library.document_of(policy), edition)


def _nothing(_policy: Policy, _edition: Edition) -> Lines:
    return []


def _time(policy: Policy, edition: Edition) -> Lines:
    over = period_over(policy, edition.today)
    return [*window_state(policy.key, edition), *([over] if over else ())]


_TELLERS: Mapping[Fact, Teller] = {
    Fact.TIME: _time,
    Fact.VALIDITY: _validity,
    Fact.FORCE: _force,
    Fact.PAYOUT: _nothing,
    Fact.PHONE: _phone,
    Fact.HOURS: _hours,
    Fact.PLACE: _place,
    Fact.ENTRY: _entry,
    Fact.OFFICE: _office,
    Fact.LEAD: _lead,
    Fact.MATERIALS: _materials,
    Fact.STEPS: _steps,
    Fact.CONDITIONS: _conditions,
    Fact.FIT: _conditions,
    Fact.BASIS: _basis,
    Fact.PAGE: _page,
    Fact.CHANGES: change_lines,
    Fact.TOGETHER: together_lines,
    Fact.AGAIN: again_lines,
    Fact.USE: _use,
    Fact.BRIEF: _brief,
    Fact.WHERE: _where_printed,
    Fact.AMOUNT: _amount,
    Fact.WHOLE: _whole,
}
