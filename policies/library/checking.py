"""Checks of a library against its own texts. Pure.

Reading the file checks its shape. This module checks the rest: every quote stands in its text, every sum of a text is among
its amounts, every track and department is known.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Protocol

from policies.library.amounts.amount_kinds import kind_faults
from policies.library.amounts.support import sums_in
from policies.library.folding import folded
from policies.library.library import Library
from policies.library.models import Amount, AmountKind, Department, Document, Policy, TrackList
from policies.numbers.printed import money_in, shares_in
from policies.numbers.written import in_cny, in_percent
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
_OF_THE_CONTACT = ("office", "address", "phone", "download", "form", "url")


class FaultKind(StrEnum):
    """What a fault is, for whoever decides by it; the message is for people."""

    WRONG = "wrong"
    """It contradicts the text, or cannot be."""
    INCOMPLETE = "incomplete"
    """Something has yet to be added by a person."""
    NO_BASIS = "no basis"
    NO_DEPARTMENT = "no department"
    NOT_LISTED = "not listed"
    """A department that the directory does not have."""


_OF_THE_DOCUMENT = (FaultKind.NO_BASIS, FaultKind.NO_DEPARTMENT, FaultKind.NOT_LISTED)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of a clause, or of what surrounds the clauses of a document.

    Attributes:
        clause: key of the clause; None for what surrounds the clauses.
        document: id of the document.
        where: the clause's name in a sentence; "" for what surrounds the clauses of the only document.
        message: what is wrong, in Chinese.
    """

    clause: int | None
    document: str
    where: str
    field: str
    message: str
    kind: FaultKind = FaultKind.WRONG

    @property
    def incomplete(self) -> bool:
        """Whether something is missing that a document need not print, or that a person has yet to add."""
        return self.kind is not FaultKind.WRONG

    @property
    def is_of_the_document(self) -> bool:
        """Whether the printed document lacks this, so that no operator can add it from the text.

        It prints no basis or no department, or a department that the directory does not have.
        """
        return self.kind in _OF_THE_DOCUMENT

    def __str__(self) -> str:
        return f"{self.where}{'，' if self.where else ''}字段 {self.field}：{self.message}"


def check(library: Library, tracks: TrackList, departments: Collection[Department]) -> tuple[Fault, ...]:
    """Return everything that is wrong with a library; () if nothing is."""
    track_ids = {track.id for track in tracks.tracks}
    names = {department.name for department in departments}
    faults = [*faults_of_the_whole(library)]
    for policy in library.policies:
        faults += check_policy(policy, track_ids, names, library.name(policy))
    return tuple(faults)


def check_policy(
    policy: Policy, track_ids: Collection[str], department_names: Collection[str], name: str
) -> tuple[Fault, ...]:
    """Return everything that is wrong with one clause by itself; `name` is how it is called in a sentence."""
    say = _saying(policy, name)
    faults = [*_text(policy, say), *_names(policy, track_ids, department_names, say)]
    for at, amount in enumerate(policy.amounts):
        faults += _amount(policy, amount, f"amounts[{at}]", say)
    faults += _uncovered(policy, say)
    return tuple(faults)


class _Say(Protocol):
    """Makes a fault of one clause, or of what surrounds the clauses of one document."""

    def __call__(self, field: str, message: str, kind: FaultKind = FaultKind.WRONG) -> Fault: ...


def _saying(policy: Policy, name: str) -> _Say:
    return partial(Fault, policy.key, policy.document, name)


def faults_of_the_whole(library: Library) -> Iterator[Fault]:
    """Yield the faults of keys, labels, sections and surroundings, whatever the clauses say."""
    yield from _keys(library)
    for document in library.documents:
        yield from _labels(library, document)
        yield from _sections(library, document)
        yield from _surroundings(library, document)


def _keys(library: Library) -> Iterator[Fault]:
    seen: set[int] = set()
    for policy in library.policies:
        if policy.key in seen:
            yield _saying(policy, library.name(policy))("key", f"{policy.key} 已是另一条的编码")
        seen.add(policy.key)


def _labels(library: Library, document: Document) -> Iterator[Fault]:
    """Check labels: whole numbers grow, over the document or again in each section; other labels occur once in a section.

    A gap is allowed: an edition may drop a clause and keep the other numbers. An import says which number is missing.
    """
    if all(policy.label.isdecimal() for policy in document.policies):
        yield from _whole_numbers(library, document)
        return
    seen: set[tuple[int, str]] = set()
    for policy in document.policies:
        if (policy.section, policy.label) in seen:
            message = f"同一部分里不应有两个“{policy.label}”"
            yield _saying(policy, library.name(policy))("label", message)
        seen.add((policy.section, policy.label))


def _whole_numbers(library: Library, document: Document) -> Iterator[Fault]:
    last, section = 0, 0
    for policy in document.policies:
        number = int(policy.label)
        begins_anew = number == 1 and policy.section != section
        if number <= last and not begins_anew:
            message = "条款号应按序且不重复"
            yield _saying(policy, library.name(policy))("label", message)
            return
        last, section = number, policy.section


def _sections(library: Library, document: Document) -> Iterator[Fault]:
    numbers = [section.number for section in document.sections]
    if numbers != list(range(1, len(numbers) + 1)):
        yield _saying_of(library, document)("sections", "分部应从 1 起连续编号")
    last = 0
    for policy in document.policies:
        say = _saying(policy, library.name(policy))
        if policy.section not in numbers:
            yield say("section", f"没有第 {policy.section} 部分")
        elif policy.section < last:
            yield say("section", "条款应按分部的先后排列")
        last = max(last, policy.section)


def _saying_of(library: Library, document: Document) -> _Say:
    where = library.document_name(document.id)
    return partial(Fault, None, document.id, where)


def _surroundings(library: Library, document: Document) -> Iterator[Fault]:
    say = _saying_of(library, document)
    if is_blank(document.title):
        yield say("title", "不能为空")
    contact = document.contact
    if contact is None:
        return
    for field in _OF_THE_CONTACT:
        if folded(getattr(contact, field)) not in folded(contact.text):
            yield say(f"contact.{field}", "应是联系段落里的原文")


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
        yield say("basis", "缺少依据文件", FaultKind.NO_BASIS)
    for at, basis in enumerate(policy.basis):
        if is_blank(basis.title):
            yield say(f"basis[{at}].title", "不能为空")
        if basis.doc_no and not _DOC_NO.fullmatch(basis.doc_no):
            yield say(
                f"basis[{at}].doc_no",
                f"“{basis.doc_no}”不像文号，应如 青政发〔2024〕11号",
                FaultKind.INCOMPLETE,
            )


def _names(
    policy: Policy, track_ids: Collection[str], department_names: Collection[str], say: _Say
) -> Iterator[Fault]:
    for track in policy.tracks:
        if track not in track_ids:
            yield say("tracks", f"没有名为 {track} 的赛道")
    if not policy.departments:
        yield say("departments", "缺少责任单位", FaultKind.NO_DEPARTMENT)
    for department in policy.departments:
        if folded(department) not in folded(policy.text):
            yield say("departments", f"原文里没有“{department}”", FaultKind.INCOMPLETE)
        if department not in department_names:
            yield say("departments", f"部门名录里没有“{department}”", FaultKind.NOT_LISTED)


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
    """Yield sums in the text that somebody may get and that no amount with that figure quotes."""
    others = {(one.start, one.end) for one in sums_in(policy.text) if one.why_not}
    for money in money_in(policy.text):
        if (money.start, money.end) in others:
            continue
        if not any(
            _covers(policy.text, amount, money.start, money.end, money.cny) for amount in policy.amounts
        ):
            said_ = policy.text[money.start : money.end]
            yield say("amounts", f"原文的“{said_}”没有对应的金额", FaultKind.INCOMPLETE)


def _covers(text: str, amount: Amount, start: int, end: int, cny: int) -> bool:
    if cny not in {amount.value_cny, amount.min_cny, amount.max_cny, amount.cap_cny} or not amount.quote:
        return False
    at = text.find(amount.quote)
    while at >= 0:
        if at <= start and end <= at + len(amount.quote):
            return True
        at = text.find(amount.quote, at + 1)
    return False
