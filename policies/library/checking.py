"""Checks of a compendium against its own texts. Pure.

Reading the file checks its shape. This module checks the rest: every quote stands in its text, every sum of a text is among
its amounts, every track and department is known.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from policies.library.amount_kinds import kind_faults
from policies.library.changes import folded
from policies.library.figures import in_cny, in_percent, money_in, shares_in
from policies.library.models import Amount, AmountKind, Compendium, Department, Policy, TrackList
from policies.library.support import sums_in
from wechat.texts import is_blank

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
_DOC_NO = re.compile(r"[\u4e00-\u9fff]{1,12}〔\d{4}〕\d{1,4}号?")
_NEEDED = {
    AmountKind.MAX: ("max_cny",),
    AmountKind.FIXED: ("value_cny",),
    AmountKind.RANGE: ("min_cny", "max_cny"),
    AmountKind.RATE: ("rate", "of"),
    AmountKind.PER_UNIT: ("value_cny", "per"),
    AmountKind.POOL: ("value_cny",),
    AmountKind.UNCAPPED: (),
}
_MAX_TITLE = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of one clause; `clause` None means what surrounds the clauses."""

    clause: int | None
    field: str
    message: str

    def __str__(self) -> str:
        where = f"第 {self.clause} 条，" if self.clause is not None else ""
        return f"{where}字段 {self.field}：{self.message}"


def check(
    compendium: Compendium, tracks: TrackList, departments: Collection[Department]
) -> tuple[Fault, ...]:
    """Everything that is wrong with a compendium; () where nothing is."""
    track_ids = {track.id for track in tracks.tracks}
    names = {department.name for department in departments}
    faults = [*_numbers(compendium), *_edition(compendium)]
    for policy in compendium.policies:
        faults += check_policy(policy, track_ids, names)
    return tuple(faults)


def check_publication(
    before: Compendium,
    after: Compendium,
    touched: Collection[int | None],
    tracks: TrackList,
    departments: Collection[Department],
) -> tuple[Fault, ...]:
    """The faults for which a publication is refused.

    These are all faults of the clauses that change, and new faults of other clauses. An old fault of another clause does
    not count, so that it cannot block the correction of this one.

    Args:
        before: what is public now.
        after: what would be public then.
        touched: the clauses that change; None among them where what surrounds the clauses does.
        tracks: the tracks people can follow now.
        departments: the directory.
    """
    old = frozenset(check(before, tracks, departments))
    return tuple(
        fault for fault in check(after, tracks, departments) if fault not in old or fault.clause in touched
    )


def check_policy(
    policy: Policy, track_ids: Collection[str], department_names: Collection[str]
) -> tuple[Fault, ...]:
    """Everything that is wrong with one clause by itself."""
    say = _saying(policy.id)
    faults = [*_text(policy, say), *_names(policy, track_ids, department_names, say)]
    for at, amount in enumerate(policy.amounts):
        faults += _amount(policy, amount, f"amounts[{at}]", say)
    faults += _uncovered(policy, say)
    return tuple(faults)


_Say = Callable[[str, str], Fault]


def _saying(clause: int) -> _Say:
    return lambda field, message: Fault(clause, field, message)


def _numbers(compendium: Compendium) -> Iterator[Fault]:
    ids = [policy.id for policy in compendium.policies]
    expected = list(range(1, len(ids) + 1))
    if ids != expected:
        wrong = next((number for number, want in zip(ids, expected, strict=True) if number != want), None)
        yield Fault(wrong, "id", "条款号应从 1 起连续、按序且不重复")
    numbers = [section.number for section in compendium.sections]
    if numbers != list(range(1, len(numbers) + 1)):
        yield Fault(None, "sections", "分部应从 1 起连续编号")
    last = 0
    for policy in compendium.policies:
        if policy.section not in numbers:
            yield Fault(policy.id, "section", f"没有第 {policy.section} 部分")
        elif policy.section < last:
            yield Fault(policy.id, "section", "条款应按分部的先后排列")
        last = max(last, policy.section)


def _edition(compendium: Compendium) -> Iterator[Fault]:
    contact = compendium.contact
    for field in ("document", "issuer", "edition"):
        if is_blank(getattr(compendium.source, field)):
            yield Fault(None, f"source.{field}", "不能为空")
    for field in ("office", "address", "phone", "download", "form", "url"):
        value = getattr(contact, field)
        if not value or folded(value) not in folded(contact.text):
            yield Fault(None, f"contact.{field}", "应是联系段落里的原文")


def _text(policy: Policy, say: _Say) -> Iterator[Fault]:
    if is_blank(policy.text):
        yield say("text", "缺少正文")
    if _CONTROL.search(policy.text) or policy.text != policy.text.strip():
        yield say("text", "不应有换行、控制字符或首尾空白")
    if is_blank(policy.title) or len(policy.title) > _MAX_TITLE:
        yield say("title", f"短标题应有 1 至 {_MAX_TITLE} 字")
    for field in ("keywords", "departments", "tracks", "audience", "support"):
        values = getattr(policy, field)
        if len(set(values)) != len(values) or any(map(is_blank, values)):
            yield say(field, "不应有空项或重复项")
    if not policy.basis:
        yield say("basis", "缺少依据文件")
    for at, basis in enumerate(policy.basis):
        if is_blank(basis.title):
            yield say(f"basis[{at}].title", "不能为空")
        if basis.doc_no and not _DOC_NO.fullmatch(basis.doc_no):
            yield say(f"basis[{at}].doc_no", f"“{basis.doc_no}”不像文号，应如 青政发〔2024〕11号")


def _names(
    policy: Policy, track_ids: Collection[str], department_names: Collection[str], say: _Say
) -> Iterator[Fault]:
    for track in policy.tracks:
        if track not in track_ids:
            yield say("tracks", f"没有名为 {track} 的赛道")
    if not policy.departments:
        yield say("departments", "缺少责任单位")
    for department in policy.departments:
        if folded(department) not in folded(policy.text):
            yield say("departments", f"原文里没有“{department}”")
        if department not in department_names:
            yield say("departments", f"部门名录里没有“{department}”")


def _amount(policy: Policy, amount: Amount, field: str, say: _Say) -> Iterator[Fault]:
    if not amount.quote or amount.quote not in policy.text:
        yield say(f"{field}.quote", f"原文里没有“{amount.quote}”")
        return
    for name in _NEEDED[amount.kind]:
        if getattr(amount, name) in {None, ""}:
            yield say(f"{field}.{name}", f"这一类（{amount.kind}）金额缺少这一项")
    quoted = {money.cny for money in money_in(amount.quote)}
    for name in ("value_cny", "min_cny", "max_cny", "cap_cny"):
        value = getattr(amount, name)
        if value is not None and value not in quoted:
            yield say(f"{field}.{name}", f"引文里没有 {in_cny(value)}")
    if amount.min_cny is not None and amount.max_cny is not None and amount.min_cny >= amount.max_cny:
        yield say(f"{field}.min_cny", "下限应小于上限")
    if amount.rate is not None and amount.rate not in {share.rate for share in shares_in(amount.quote)}:
        yield say(f"{field}.rate", f"引文里没有 {in_percent(amount.rate)}")
    if amount.of and folded(amount.of) not in folded(policy.text):
        yield say(f"{field}.of", f"原文里没有“{amount.of}”")
    for name, message in kind_faults(policy, amount):
        yield say(f"{field}.{name}", message)


def _uncovered(policy: Policy, say: _Say) -> Iterator[Fault]:
    """Sums in the text that somebody may get and that no amount with that figure quotes."""
    others = {(one.start, one.end) for one in sums_in(policy.text) if one.why_not}
    for money in money_in(policy.text):
        if (money.start, money.end) in others:
            continue
        if not any(
            _covers(policy.text, amount, money.start, money.end, money.cny) for amount in policy.amounts
        ):
            yield say("amounts", f"原文的“{policy.text[money.start : money.end]}”没有对应的金额")


def _covers(text: str, amount: Amount, start: int, end: int, cny: int) -> bool:
    if cny not in {amount.value_cny, amount.min_cny, amount.max_cny, amount.cap_cny} or not amount.quote:
        return False
    at = text.find(amount.quote)
    while at >= 0:
        if at <= start and end <= at + len(amount.quote):
            return True
        at = text.find(amount.quote, at + 1)
    return False
