"""A document against what is published: which clauses it makes new, changes and takes away. Pure.

A rule proposes number, section, text, departments, basis and sums; what a person added to a clause before
(short title, keywords, tracks …) stays with it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from policies.changes import PolicyChange, changes_between, folded
from policies.importing.bodies import departments_in
from policies.importing.citations import citations_in, lead_end, resolve, valid_until
from policies.importing.outline import ClauseText, Outline, SectionText, outline_of
from policies.importing.sums import amounts_in
from policies.models import (
    Amount,
    Basis,
    Compendium,
    Contact,
    Department,
    Edition,
    Policy,
    Section,
    Source,
    Support,
    Track,
)

_SAME = 60
"""Two texts less alike than this (0–100) under one number are taken for different clauses."""
_MOVED = 90
"""A text at least so alike under another number is taken for the same clause, renumbered."""
_SAME_QUOTE = 60
_TITLE_LENGTH = 24
_OFFICE = re.compile(r"请到([^（(，,。]{1,100}+)")
_ADDRESS = re.compile(r"请到[^（(，,。]{1,100}+[（(]([^）)]{1,200}+)[)）]")
_PHONE = re.compile(r"((?<!\d)(?:1\d{10}|0\d{2,3}[-—]?\d{7,8})(?!\d))")
_DOWNLOAD = re.compile(r"登录([^，,。]{1,100}?)(?:下载|查询)")
_FORM = re.compile(r"《([^《》]{1,200}+)》")
_URL = re.compile(r"(https?://[^\s<>）)，。]+)")
_SUPPORT = {
    Support.EQUITY: ("股权投资", "股权直投", "先投后股", "直投"),
    Support.INTEREST: ("贴息",),
    Support.TAX: ("税收", "所得税", "加计扣除", "购置税"),
    Support.LAND: ("用地",),
    Support.SEA: ("海域使用金",),
    Support.INSURANCE: ("保险补偿",),
    Support.TALENT: ("人才", "博士后", "院士"),
    Support.PROCUREMENT: ("政府采购",),
    Support.VOUCHER: ("创新券", "算力券"),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an import would make of the compendium.

    Attributes:
        compendium: all of it as it would be.
        changes: the clauses that are new, changed or gone; two printings of one text are no change.
        edition: what surrounds the clauses, where that changes; else None.
        renumbered: clauses taken for ones with another number before: (number before, number now).
        remarks: what a person should look at, in Chinese.
    """

    compendium: Compendium
    changes: tuple[PolicyChange, ...]
    edition: Edition | None
    renumbered: tuple[tuple[int, int], ...]
    remarks: tuple[str, ...]


def propose(
    lines: Iterable[str],
    known: Compendium | None = None,
    *,
    departments: Iterable[Department] = (),
    tracks: Iterable[Track] = (),
) -> Proposal:
    """Read a compendium's lines as changes to the one that is known.

    Raises:
        DocumentError: no clause is found in the lines.
    """
    outline = outline_of(lines)
    remarks = list(outline.remarks)
    before = {policy.id: policy for policy in known.policies} if known else {}
    names = {department.name for department in departments}
    origins = _origins(outline.clauses, before)
    bases = _bases(outline, [basis for policy in before.values() for basis in policy.basis])
    policies = []
    for clause in outline.clauses:
        origin = origins.get(clause.number)
        policy = _policy(clause, bases[clause.number], names, origin)
        policy = policy if origin else _guessed(policy, tracks)
        policies.append(policy)
        remarks += _remarks(policy)
    edition = _edition(outline, known)
    return Proposal(
        compendium=Compendium(**dict(edition), policies=tuple(policies)),
        changes=changes_between(before.values(), policies),
        edition=edition if known is None or edition != known.edition else None,
        renumbered=tuple((was.id, number) for number, was in sorted(origins.items()) if was.id != number),
        remarks=tuple(remarks),
    )


def _origins(clauses: list[ClauseText], before: Mapping[int, Policy]) -> dict[int, Policy]:
    """The known clause each clause goes on from: the one of its number, else one that reads the same."""
    found: dict[int, Policy] = {}
    texts = {number: folded(policy.text) for number, policy in before.items()}
    for clause in clauses:
        text = folded(clause.text)
        same = texts.get(clause.number)
        if same is not None and fuzz.ratio(same, text) >= _SAME:
            found[clause.number] = before[clause.number]
            continue
        likeness, number = max(((fuzz.ratio(old, text), n) for n, old in texts.items()), default=(0.0, 0))
        if likeness >= _MOVED:
            found[clause.number] = before[number]
    return found


def _bases(outline: Outline, known: list[Basis]) -> dict[int, tuple[Basis, ...]]:
    """The basis documents of each clause: its own, else those its section's preamble names.

    A number that this document doesn't print is taken from where the same title was known before.
    """
    of_section = {section.number: citations_in(section.preamble) for section in outline.sections}
    of_clause = {clause.number: citations_in(clause.text) for clause in outline.clauses}
    cited = [b for bases in (known, *of_section.values(), *of_clause.values()) for b in bases]
    return {
        clause.number: resolve(of_clause[clause.number] or of_section.get(clause.section, ()), cited)
        for clause in outline.clauses
    }


def _policy(clause: ClauseText, basis: tuple[Basis, ...], names: set[str], origin: Policy | None) -> Policy:
    proposed = Policy(
        id=clause.number,
        section=clause.section,
        title=_title(clause.text),
        text=clause.text,
        basis=basis,
        departments=departments_in(clause.text, names),
        amounts=amounts_in(clause.text),
        valid_until=valid_until(basis),
    )
    if origin is None:
        return proposed
    reprinted = folded(origin.text) == folded(clause.text)
    return origin.model_copy(
        update={
            "id": proposed.id,
            "section": proposed.section,
            "text": origin.text if reprinted else proposed.text,
            "basis": proposed.basis or origin.basis,
            "departments": proposed.departments or origin.departments,
            "amounts": origin.amounts if reprinted else _carried(origin.amounts, proposed),
            "valid_until": proposed.valid_until or (origin.valid_until if reprinted else None),
        }
    )


def _carried(before: tuple[Amount, ...], proposed: Policy) -> tuple[Amount, ...]:
    """Known sums whose quote still stands, then the sums that are new, with what a person said about them."""
    kept = [amount for amount in before if amount.quote in proposed.text]
    lost = [amount for amount in before if amount not in kept]
    fresh = [
        _described(amount, lost)
        for amount in proposed.amounts
        if not any(amount.quote in one.quote or one.quote in amount.quote for one in kept)
    ]
    return tuple(sorted((*kept, *fresh), key=lambda amount: proposed.text.find(amount.quote)))


def _described(amount: Amount, lost: list[Amount]) -> Amount:
    """A new sum with the words a person gave the one it replaces, which is taken out of `lost`."""
    likeness, at = max(((_likeness(one, amount), -at) for at, one in enumerate(lost)), default=(0.0, 0))
    if likeness < _SAME_QUOTE:
        return amount
    model = lost.pop(-at)
    labels = {name: getattr(model, name) for name in ("what", "who", "cap_per", "per", "choice")}
    return amount.model_copy(update={name: value for name, value in labels.items() if value})


def _likeness(before: Amount, now: Amount) -> float:
    return fuzz.ratio(before.quote, now.quote) if before.kind is now.kind else 0.0


def _guessed(policy: Policy, tracks: Iterable[Track]) -> Policy:
    """What a new clause's words suggest; a person completes it before publishing."""
    support = [form for form, words in _SUPPORT.items() if any(word in policy.text for word in words)]
    if policy.amounts and not support:
        support = [Support.GRANT]
    named = [track.id for track in tracks if track.name in policy.text]
    return policy.model_copy(update={"support": tuple(support), "tracks": tuple(named)})


def _title(text: str) -> str:
    """The first words after the basis, up to a mark."""
    words = re.split(r"[，,。；;：:（(]", text[lead_end(text) :].strip(), maxsplit=1)[0]
    return (words or text)[:_TITLE_LENGTH]


def _remarks(policy: Policy) -> list[str]:
    found = []
    if not policy.departments:
        found.append(f"第 {policy.id} 条没有识别到责任单位")
    if not policy.basis:
        found.append(f"第 {policy.id} 条没有识别到依据文件")
    found += [
        f"第 {policy.id} 条的依据《{basis.title}》全文未给出文号"
        for basis in policy.basis
        if not basis.doc_no
    ]
    return found


def _edition(outline: Outline, known: Compendium | None) -> Edition:
    """What surrounds the clauses; what is only printed otherwise stays as it is known."""
    proposed = Edition(
        source=Source(document=outline.document, issuer=outline.issuer, edition=outline.edition),
        preamble=outline.preamble,
        contact=_contact(outline.closing),
        sections=tuple(_section(section) for section in outline.sections),
    )
    if known is None:
        return proposed
    kept = {
        name: getattr(known, name)
        for name in Edition.model_fields
        if _printed(getattr(known, name)) == _printed(getattr(proposed, name))
    }
    if not outline.closing:
        kept["contact"] = known.contact
    return proposed.model_copy(update=kept)


def _printed(part: object) -> str:
    return folded(str(part))


def _section(section: SectionText) -> Section:
    return Section(number=section.number, title=section.title, preamble=section.preamble)


def _contact(closing: str) -> Contact:
    """What the closing notice says about the office to ask."""

    def first(pattern: re.Pattern[str]) -> str:
        match = pattern.search(closing)
        return re.sub(r"\s+", "", match[1]) if match else ""

    return Contact(
        text=closing,
        office=first(_OFFICE),
        address=first(_ADDRESS),
        phone=first(_PHONE),
        download=first(_DOWNLOAD),
        form=first(_FORM),
        url=first(_URL),
    )
