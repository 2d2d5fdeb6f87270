"""Compares a document with what is published: which clauses are new, changed or gone. Pure.

Rules propose number, section, text, departments, basis and sums. What a person added to a clause before (short title,
keywords, tracks …) stays. Clauses of the compendium have unique whole numbers; where a document prints other labels, its
clauses are numbered in order.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from policies.importing.clause_parts.citations import citations_in, lead_end, resolve, valid_until
from policies.importing.clause_parts.sums import amounts_in
from policies.importing.document.blocks import ParsedDocument
from policies.importing.document.markers import markers_of
from policies.importing.edition import SectionText, cover_of, edition_of
from policies.importing.kept_amounts import kept_amounts
from policies.importing.report import DocumentReport, report_on
from policies.importing.structure.find_clauses import outline_of
from policies.importing.structure.outline import Outline, Structure
from policies.library.changes import PolicyChange, changes_between, folded
from policies.library.models import (
    Basis,
    Compendium,
    Department,
    Edition,
    Policy,
    Support,
    Track,
)

_TITLE_LENGTH = 24
_SHOWN = 20
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
        report: the document as it was read, label by label.
    """

    compendium: Compendium
    changes: tuple[PolicyChange, ...]
    edition: Edition | None
    renumbered: tuple[tuple[int, int], ...]
    remarks: tuple[str, ...]
    report: DocumentReport


@dataclass(frozen=True, slots=True)
class _ClauseText:
    number: int
    section: int
    text: str
    title: str
    departments: tuple[str, ...]


def propose(
    reading: ParsedDocument,
    known: Compendium | None = None,
    *,
    structure: Structure = Structure.AUTO,
    departments: Iterable[Department] = (),
    tracks: Iterable[Track] = (),
) -> Proposal:
    """Read a document as changes to the compendium that is known.

    Raises:
        DocumentError: no clause is found.
    """
    outline = outline_of(reading, structure)
    report = report_on(outline, known, {department.name for department in departments})
    sections, clauses, remarks = _numbered(outline, report)
    remarks = [warning.message for warning in report.warnings if warning.code not in _OWN_REMARKS] + remarks
    before = {policy.id: policy for policy in known.policies} if known else {}
    origins = _origins(clauses, report, before, outline)
    bases = _bases(sections, clauses, [basis for policy in before.values() for basis in policy.basis])
    policies = []
    for clause in clauses:
        origin = origins.get(clause.number)
        policy = _policy(clause, bases[clause.number], origin)
        policy = policy if origin else _guessed(policy, tracks)
        policies.append(policy)
    remarks += _remarks(policies)
    edition = edition_of(outline, sections, known)
    return Proposal(
        compendium=Compendium(**dict(edition), policies=tuple(policies)),
        changes=changes_between(before.values(), policies),
        edition=edition if known is None or edition != known.edition else None,
        renumbered=tuple((was.id, number) for number, was in sorted(origins.items()) if was.id != number),
        remarks=tuple(remarks),
        report=report,
    )


_OWN_REMARKS = {"no_departments", "contact", "contents", "furniture", "department_gone"}
"""Said otherwise below, or no matter of a clause."""


def _numbered(
    outline: Outline, report: DocumentReport
) -> tuple[list[SectionText], list[_ClauseText], list[str]]:
    """Parts and clauses with whole numbers."""
    remarks = []
    used = list(dict.fromkeys(clause.headings for clause in outline.clauses))
    sections = [
        SectionText(at, " / ".join(map(_bare_title, headings)), outline.preambles.get(headings, ""))
        for at, headings in enumerate(used, 1)
        if headings
    ]
    if not sections:
        sections = [SectionText(1, cover_of(outline)[0])]
        remarks.append("没有识别到“一、二、三、”这样的分部，全部条款归入一个分部")
    places = {headings: at for at, headings in enumerate(used, 1)}
    labels = [clause.label for clause in outline.clauses]
    printed = all(label.isdecimal() and label.isascii() and int(label) > 0 for label in labels)
    if not printed or len(set(labels)) < len(labels):
        remarks.append("原文的编号不是从 1 起不重复的数字，条款按先后另编了号")
        labels = [str(at) for at in range(1, len(labels) + 1)]
    clauses = [
        _ClauseText(int(label), places[clause.headings], clause.text, said.title, tuple(said.departments))
        for label, clause, said in zip(labels, outline.clauses, report.clauses, strict=True)
    ]
    return sections, clauses, remarks


def _bare_title(heading: str) -> str:
    """A heading without its number."""
    found = markers_of(heading)
    return found[0].rest if found else heading


def _origins(
    clauses: list[_ClauseText], report: DocumentReport, before: Mapping[int, Policy], outline: Outline
) -> dict[int, Policy]:
    """The known clause that each clause continues, by pairing."""
    told = {pair.new: pair.old for pair in report.pairs if pair.new is not None}
    found = {}
    for clause, printed in zip(clauses, outline.clauses, strict=True):
        old = told.get(printed.path, printed.path)
        if old is not None and old.isdecimal() and int(old) in before:
            found[clause.number] = before[int(old)]
    return found


def _bases(
    sections: list[SectionText], clauses: list[_ClauseText], known: list[Basis]
) -> dict[int, tuple[Basis, ...]]:
    """The basis documents of each clause: its own, else those its section's preamble names.

    A number that this document doesn't print is taken from where the same title was known before.
    """
    of_section = {section.number: citations_in(section.preamble) for section in sections}
    of_clause = {clause.number: citations_in(clause.text) for clause in clauses}
    cited = [b for bases in (known, *of_section.values(), *of_clause.values()) for b in bases]
    return {
        clause.number: resolve(of_clause[clause.number] or of_section.get(clause.section, ()), cited)
        for clause in clauses
    }


def _policy(clause: _ClauseText, basis: tuple[Basis, ...], origin: Policy | None) -> Policy:
    proposed = Policy(
        id=clause.number,
        section=clause.section,
        title=clause.title[:_TITLE_LENGTH] or _title(clause.text),
        text=clause.text,
        basis=basis,
        departments=clause.departments,
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
            "amounts": origin.amounts if reprinted else kept_amounts(origin.amounts, proposed),
            "valid_until": proposed.valid_until or (origin.valid_until if reprinted else None),
        }
    )


def _guessed(policy: Policy, tracks: Iterable[Track]) -> Policy:
    """A new clause with the forms of support and tracks that its words suggest; a person completes it before publishing."""
    support = [form for form, words in _SUPPORT.items() if any(word in policy.text for word in words)]
    if policy.amounts and not support:
        support = [Support.GRANT]
    named = [track.id for track in tracks if track.name in policy.text]
    return policy.model_copy(update={"support": tuple(support), "tracks": tuple(named)})


def _title(text: str) -> str:
    """The first words after the basis, up to a punctuation mark."""
    words = re.split(r"[，,。；;：:（(]", text[lead_end(text) :].strip(), maxsplit=1)[0]
    return (words or text)[:_TITLE_LENGTH]


def _remarks(policies: Iterable[Policy]) -> list[str]:
    """What is missing, one sentence for all clauses without the same field."""
    missing: dict[str, list[int]] = {}
    for policy in policies:
        if not policy.departments:
            missing.setdefault("没有识别到责任单位", []).append(policy.id)
        if not policy.basis:
            missing.setdefault("没有识别到依据文件", []).append(policy.id)
        for basis in policy.basis:
            if not basis.doc_no:
                missing.setdefault(f"的依据《{basis.title}》全文未给出文号", []).append(policy.id)
    return [f"第 {_listed(numbers)} 条{what}" for what, numbers in missing.items()]


def _listed(numbers: list[int]) -> str:
    shown = "、".join(map(str, numbers[:_SHOWN]))
    return f"{shown} 等 {len(numbers)}" if len(numbers) > _SHOWN else shown
