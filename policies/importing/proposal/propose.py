"""Compares a document with what is published: which clauses are new, changed or gone. Pure.

Rules propose label, section, text, departments, basis and sums. A clause that goes on from one of the known edition keeps its
key, and what a person added to it before (short title, keywords, tracks …). A new clause has a key that only tells it from the
others: it gets its own when it becomes a draft.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count

from policies.importing.clause_parts.citations import citations_in, lead_end, resolve, valid_until
from policies.importing.clause_parts.sums import amounts_in
from policies.importing.document.blocks import ParsedDocument
from policies.importing.document.markers import markers_of
from policies.importing.pairing.pairs import NO_CHOICES, Choices, PairKind
from policies.importing.proposal.guesses import guessed
from policies.importing.proposal.kept_amounts import kept_amounts
from policies.importing.proposal.report import DocumentReport, report_on
from policies.importing.proposal.surroundings import SectionText, cover_of, surroundings_of
from policies.importing.structure.clause_text import text_with_columns
from policies.importing.structure.find_clauses import outline_of
from policies.importing.structure.outline import Outline, Structure
from policies.library.changes import Kin, PolicyChange, Relation, changes_between
from policies.library.folding import folded
from policies.library.library import as_number, joined, with_order
from policies.library.models import Basis, Department, Document, Policy, Surroundings, Track
from policies.library.validity import closes_a_document
from policies.matching.benefits import Benefit
from policies.matching.drafting import drafted
from policies.matching.facts import NO_FACTS

_TITLE_LENGTH = 24
_LABELS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an import would make of a document.

    Attributes:
        document: all of it as it would be.
        changes: the clauses that are new, changed or gone. A different print of the same text is not a change.
        surroundings: what surrounds the clauses, if it changes; else None.
        renumbered: clauses that go on under another label: (label before, label now).
        kin: of a clause that comes or goes, by its key, the one that it was split from or went into.
        remarks: what a person should look at, in Chinese.
        report: the document as it was read, label by label.
    """

    document: Document
    changes: tuple[PolicyChange, ...]
    surroundings: Surroundings | None
    renumbered: tuple[tuple[str, str], ...]
    kin: Mapping[int, Kin]
    remarks: tuple[str, ...]
    report: DocumentReport

    @property
    def benefits(self) -> list[Benefit]:
        """Drafts of benefits that the sums of the new clauses make likely; their keys are those of this proposal."""
        new = (change.after for change in self.changes if change.before is None)
        return [one for policy in new if policy is not None for one in drafted(policy, NO_FACTS)]


@dataclass(frozen=True, slots=True)
class _ClauseText:
    key: int
    label: str
    path: str
    section: int
    text: str
    title: str
    departments: tuple[str, ...]
    origin: Policy | None
    ends: date | None
    """The last day that its document is in force."""
    conditions: frozenset[tuple[int | None, float | None]]
    """Figures that the heads of its tables show to be no support."""


def propose(
    reading: ParsedDocument,
    known: Document | None = None,
    *,
    document_id: str = "document",
    structure: Structure = Structure.AUTO,
    departments: Iterable[Department] = (),
    tracks: Iterable[Track] = (),
    choices: Choices = NO_CHOICES,
) -> Proposal:
    """Read a document as changes to the edition that is known.

    Args:
        reading: the file as lines and tables.
        known: the edition that is published; None for a document that is new.
        document_id: of a document that is new.
        structure: which lines are the clauses.
        departments: the directory.
        tracks: those that people can follow.
        choices: what an operator corrected of the pairs.

    Raises:
        DocumentError: no clause is found.
    """
    document_id = known.id if known else document_id
    outline = outline_of(reading, structure)
    report = report_on(outline, known, {department.name for department in departments}, choices)
    sections, places, remarks = _sections(outline)
    remarks = [warning.message for warning in report.warnings if warning.code not in _OWN_REMARKS] + remarks
    clauses = _clauses(outline, report, places, known)
    before, followed = known.policies if known else (), tuple(tracks)
    bases = _bases(sections, clauses, [basis for policy in before for basis in policy.basis])
    policies = []
    for clause in clauses:
        policy = _policy(clause, bases[clause.key], document_id)
        known_already = clause.origin is not None or closes_a_document(clause.text)
        titles = f"{report.title} {' '.join(one.title for one in sections if one.number == policy.section)}"
        policies.append(policy if known_already else guessed(policy, followed, titles))
    remarks += _remarks(policies)
    surroundings = surroundings_of(outline, sections, known, document_id)
    named = known.short_name if known else ""
    document = with_order(Document(**dict(surroundings), policies=tuple(policies), short_name=named))
    renumbered = ((one.origin.label, one.label) for one in clauses if one.origin)
    kin = _kin(report, known, clauses) if known else {}
    return Proposal(
        document=document,
        changes=changes_between(before, policies, kin),
        surroundings=document.surroundings
        if known is None or document.surroundings != known.surroundings
        else None,
        renumbered=tuple((was, now) for was, now in renumbered if was != now),
        kin=kin,
        remarks=tuple(remarks),
        report=report,
    )


_OWN_REMARKS = {"no_departments", "contact", "contents", "furniture", "department_gone"}
"""Said otherwise below, or no matter of a clause."""


def _sections(outline: Outline) -> tuple[list[SectionText], dict[tuple[str, ...], int], list[str]]:
    """Return the parts, the number of each by its headings, and remarks."""
    used = list(dict.fromkeys(clause.headings for clause in outline.clauses))
    places = {headings: at for at, headings in enumerate(used, 1)}
    sections = [
        SectionText(at, " / ".join(map(_bare_title, headings)), outline.preambles.get(headings, ""))
        for at, headings in enumerate(used, 1)
        if headings
    ]
    if sections:
        return sections, places, []
    said = "没有识别到“一、二、三、”这样的分部，全部条款归入一个分部"
    return [SectionText(1, cover_of(outline)[0])], places, [said]


def _clauses(
    outline: Outline, report: DocumentReport, places: Mapping[tuple[str, ...], int], known: Document | None
) -> list[_ClauseText]:
    origins = _origins(report, known) if known else {}
    used = [policy.key for policy in known.policies] if known else []
    fresh = count(max(used, default=0) + 1)
    validities = outline.validities
    clauses = []
    for printed, said in zip(outline.clauses, report.clauses, strict=True):
        origin = origins.get(printed.path)
        validity = validities.get(printed.headings[0] if printed.headings else "") or validities.get("")
        clauses.append(
            _ClauseText(
                origin.key if origin else next(fresh),
                printed.label,
                printed.path if printed.path != printed.label else "",
                places[printed.headings],
                text_with_columns(printed),
                said.title,
                tuple(said.departments),
                origin,
                validity.ends if validity else None,
                frozenset((one.cny, one.rate) for one in said.not_support)
                - {(one.cny, one.rate) for one in said.sums},
            )
        )
    return clauses


def _origins(report: DocumentReport, known: Document) -> dict[str, Policy]:
    """Return the known clause that each clause continues, by the path of the clause now.

    What is unchanged in place is not in the report.
    """
    before = {policy.path or policy.label: policy for policy in known.policies}
    told = {pair.new: pair.old for pair in report.pairs if pair.continues}
    other = {pair.new for pair in report.pairs if not pair.continues}
    found: dict[str, Policy] = {}
    for clause in report.clauses:
        old = told.get(clause.path, None if clause.path in other else clause.path)
        if old is not None and old in before:
            found[clause.path] = before[old]
    return found


def _kin(report: DocumentReport, known: Document, clauses: Iterable[_ClauseText]) -> dict[int, Kin]:
    """Return what new clauses were split from, and what the clauses that go were joined into."""
    olds = {policy.path or policy.label: policy.key for policy in known.policies}
    news = {clause.path or clause.label: clause.key for clause in clauses}
    kept = set(news.values())
    found: dict[int, Kin] = {}
    for pair in report.pairs:
        if pair.continues or pair.old is None or pair.new is None:
            continue
        old, new = olds[pair.old], news[pair.new]
        if pair.kind == PairKind.SPLIT:
            found[new] = Kin(Relation.SPLIT, old)
        elif old not in kept:
            found[old] = Kin(Relation.JOINED, new)
    return found


def _bare_title(heading: str) -> str:
    """Return a heading without its number."""
    found = markers_of(heading)
    return found[0].rest if found else heading


def _bases(
    sections: list[SectionText], clauses: list[_ClauseText], known: list[Basis]
) -> dict[int, tuple[Basis, ...]]:
    """Return the basis documents of each clause, by its key: its own, or those in its section's preamble.

    If this document does not print a number, the known edition's number for the same title is used.
    """
    of_section = {section.number: citations_in(section.preamble) for section in sections}
    of_clause = {clause.key: citations_in(clause.text) for clause in clauses}
    cited = [b for bases in (known, *of_section.values(), *of_clause.values()) for b in bases]
    return {
        clause.key: resolve(of_clause[clause.key] or of_section.get(clause.section, ()), cited)
        for clause in clauses
    }


def _policy(clause: _ClauseText, basis: tuple[Basis, ...], document_id: str) -> Policy:
    proposed = Policy(
        key=clause.key,
        label=clause.label,
        path=clause.path,
        document=document_id,
        section=clause.section,
        title=clause.title[:_TITLE_LENGTH] or _title(clause.text),
        text=clause.text,
        basis=basis,
        departments=clause.departments,
        amounts=amounts_in(clause.text, clause.conditions),
        valid_until=min(filter(None, (valid_until(basis), clause.ends)), default=None),
    )
    origin = clause.origin
    if origin is None:
        return proposed
    reprinted = folded(origin.text) == folded(clause.text)
    return origin.model_copy(
        update={
            "label": proposed.label,
            "path": proposed.path,
            "section": proposed.section,
            "text": origin.text if reprinted else proposed.text,
            "basis": proposed.basis or origin.basis,
            "departments": proposed.departments or origin.departments,
            "amounts": origin.amounts if reprinted else kept_amounts(origin.amounts, proposed),
            "valid_until": proposed.valid_until or (origin.valid_until if reprinted else None),
        }
    )


def _title(text: str) -> str:
    """Return the first words after the basis, up to a punctuation mark."""
    words = re.split(r"[，,。；;：:（(]", text[lead_end(text) :].strip(), maxsplit=1)[0]
    return (words or text)[:_TITLE_LENGTH]


def _remarks(policies: Iterable[Policy]) -> list[str]:
    """Say what is missing, in one sentence for all clauses without the same field."""
    missing: dict[str, list[str]] = {}
    for policy in policies:
        if not policy.departments:
            missing.setdefault("没有识别到责任单位", []).append(policy.path or policy.label)
        if not policy.basis:
            missing.setdefault("没有识别到依据文件", []).append(policy.path or policy.label)
        for basis in policy.basis:
            if not basis.doc_no:
                missing.setdefault(f"的依据《{basis.title}》全文未给出文号", []).append(
                    policy.path or policy.label
                )
    return [f"{_listed(labels)}{what}" for what, labels in missing.items()]


def _listed(labels: list[str]) -> str:
    names = list(map(as_number, labels[:_LABELS_SHOWN]))
    return f"{joined(names)}等 {len(labels)} 条" if len(labels) > _LABELS_SHOWN else joined(names)
