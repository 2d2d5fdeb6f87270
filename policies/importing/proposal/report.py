"""The report on a document that was read, as `policies import --json` prints it. Pure."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from pydantic import BaseModel

from policies.importing.clause_parts.citations import citations_in, resolve
from policies.importing.clause_parts.responsible import departments_in, led_by
from policies.importing.clause_parts.table_cells import departments_of
from policies.importing.pairing.pair_clauses import pairs_of
from policies.importing.pairing.pairs import NO_CHOICES, Choices, Pair, PlacedClause
from policies.importing.structure.clause_text import figures_of, table_start, text_with_columns
from policies.importing.structure.outline import Clause, Outline, Remark
from policies.library.folding import folded
from policies.library.models import Basis, Document
from policies.library.validity import closes_a_document

_DOC_NO = re.compile(
    r"[\u4e00-\u9fff]{1,14}〔\s?\d{4}\s?〕\s?(?:第\s?)?\d{1,4}\s?号?|[\u4e00-\u9fff]{1,14}[\[［]\d{4}[\]］]\d{1,4}号"
)
_WORDS_BEFORE = re.compile(r"根据|按照|依据|印发|关于|[的和及与见]")
_TITLE = re.compile(
    r"措施|政策|意见|办法|清单|汇编|摘编|规定|规程|通知|细则|方案|明白纸|一览表|指南|条例|目录|手册|举措|计划"
)
_DATE = re.compile(r"(?:19|20)\d\d\s*+年\s*+\d{1,2}\s*+月(?:\s*+\d{1,2}\s*+日)?")
_APPENDIX = re.compile(r"附(?:件|表|录)\s?[\d一二三四五六七八九]{0,2}(?=[所列中的载规标]|$|[，。）)])")
_UNLIKE = 0.2
_TAIL_LENGTH = 120


class ReportedSum(BaseModel):
    """A sum or share; `cny` is None for shares and other currencies."""

    quote: str
    cny: int | None
    rate: float | None


class OtherFigure(ReportedSum):
    """A figure that is not support: a threshold, or the size of a fund."""

    why: str


class ReportedClause(BaseModel):
    """A clause as read."""

    label: str
    path: str
    section: str
    title: str
    text: str
    departments: list[str]
    doc_nos: list[str]
    sums: list[ReportedSum]
    not_support: list[OtherFigure]


class ReportedWarning(BaseModel):
    """A warning for the operator."""

    code: str
    message: str
    where: str


class ReportedPair(BaseModel):
    """A clause of the known edition paired with a clause of this document."""

    old: str | None
    new: str | None
    kind: str
    continues: bool = False
    """The clause keeps its key, and all that hangs on it."""


class DocumentReport(BaseModel):
    """What was read of a document, and how it differs from the known edition."""

    title: str
    structure: str
    sections: list[str]
    clauses: list[ReportedClause]
    not_clauses: list[str]
    warnings: list[ReportedWarning]
    pairs: list[ReportedPair]


def report_on(
    outline: Outline,
    known: Document | None,
    department_names: Iterable[str] = (),
    choices: Choices = NO_CHOICES,
) -> DocumentReport:
    """Make the report; `choices` are what an operator corrected of the pairs."""
    names = set(department_names)
    remarks = list(outline.warnings)
    bases = _bases(outline)
    clauses = [_clause(one, names, bases[at], remarks) for at, one in enumerate(outline.clauses)]
    remarks = _inherited_together(remarks)
    _warn_departments(clauses, remarks)
    _warn_texts(outline, remarks)
    _warn_closing(outline, remarks)
    pairs = _pairs(outline, known, choices)
    if known is not None:
        _warn_edition(outline, known, clauses, pairs, remarks)
    return DocumentReport(
        title=title_of(outline.front),
        structure=outline.structure.value,
        sections=[" / ".join(headings) for headings in outline.headings],
        clauses=clauses,
        not_clauses=outline.left_out,
        warnings=[ReportedWarning(code=one.code, message=one.message, where=one.where) for one in remarks],
        pairs=[
            ReportedPair(
                old=pair.old and pair.old.label,
                new=pair.new and pair.new.label,
                kind=pair.kind.value,
                continues=pair.continues,
            )
            for pair in pairs
            if not pair.in_place
        ],
    )


def title_of(front: list[str]) -> str:
    """Return the document's title among the lines before its first clause."""
    lines = [line for line in front if not _DATE.fullmatch(line)]
    for at, line in enumerate(lines[:6]):
        if _TITLE.search(line) and len(line) <= 80:
            before = (
                lines[at - 1]
                if at and not re.search(r"[，。：:]", lines[at - 1]) and line.startswith("关于")
                else ""
            )
            return re.sub(r"\s+", "", before + line)
    return re.sub(r"\s+", "", lines[0]) if lines else ""


def _clause(one: Clause, names: set[str], basis: tuple[Basis, ...], remarks: list[Remark]) -> ReportedClause:
    before_table = one.text[: table_start(one)]
    departments = list(one.departments or departments_in(before_table, names))
    departments = departments or list(departments_of(one.tables))
    if not departments and one.tables:
        departments = list(departments_in(one.text[-_TAIL_LENGTH:], names))  # in a bracket below the table
    if not departments:
        departments = [name for heading in one.headings for name in led_by(heading)]
        if departments:
            said = f"责任单位取自标题：{'、'.join(departments)}"
            remarks.append(Remark("departments_inherited", said, one.path))
    remarks += [Remark(note.code, f"“{one.path}”：{note.message}", one.path) for note in one.notes]
    found = figures_of(one)
    printed = [re.sub(r"\s+", "", number) for number in _DOC_NO.findall(one.text)]
    cited = [item.doc_no for item in basis if item.doc_no]
    printed = [_tidy(number) for number in printed]
    return ReportedClause(
        label=one.label,
        path=one.path,
        section=one.section,
        title=one.title,
        text=one.text,
        departments=departments,
        doc_nos=list(
            dict.fromkeys([*cited, *(n for n in printed if not any(n.rstrip("号") in c for c in cited))])
        ),
        sums=[ReportedSum(quote=s.quote, cny=s.cny, rate=s.rate) for s in found if not s.why_not],
        not_support=[
            OtherFigure(quote=s.quote, cny=s.cny, rate=s.rate, why=s.why_not) for s in found if s.why_not
        ],
    )


def _tidy(number: str) -> str:
    """Return a document number without the words before it (根据青政发〔2024〕11号 becomes 青政发〔2024〕11号)."""
    name = number.partition("〔")[0]
    ends = [match.end() for match in _WORDS_BEFORE.finditer(name) if len(name) - match.end() > 1]
    return number[max(ends, default=0) :]


def _bases(outline: Outline) -> list[tuple[Basis, ...]]:
    """Return the documents that each clause cites. A number printed elsewhere is used for the same title."""
    own = [citations_in(one.text) for one in outline.clauses]
    of_parts = {headings: citations_in(text) for headings, text in outline.preambles.items()}
    cited = [basis for bases in (*of_parts.values(), *own) for basis in bases]
    return [
        resolve(bases or of_parts.get(clause.headings, ()), cited)
        for clause, bases in zip(outline.clauses, own, strict=True)
    ]


def _pairs(outline: Outline, known: Document | None, choices: Choices) -> tuple[Pair, ...]:
    if known is None:
        return ()
    sections = {section.number: section.title for section in known.sections}
    names = [policy.path or policy.label for policy in known.policies]
    before = [
        PlacedClause(
            name, sections.get(policy.section, ""), _with_departments(policy.text, policy.departments)
        )
        for name, policy in zip(names, known.policies, strict=True)
    ]
    after = [
        PlacedClause(one.path, one.section, _with_departments(text_with_columns(one), one.departments or ()))
        for one in outline.clauses
    ]
    return pairs_of(before, after, choices)


def _with_departments(text: str, departments: Iterable[str]) -> str:
    """Return what a table says of a clause beside its text. A row with another department counts as changed."""
    said = folded(text)
    beside = [name for name in departments if folded(name) not in said]
    return f"{text}（{'、'.join(beside)}）" if beside else text


def _inherited_together(remarks: list[Remark]) -> list[Remark]:
    """Join remarks about departments from a heading: one for each heading, at its first clause."""
    counts = Counter(one.message for one in remarks if one.code == "departments_inherited")
    told: set[str] = set()
    kept = []
    for one in remarks:
        if one.message not in counts:
            kept.append(one)
        elif one.message not in told:
            told.add(one.message)
            count = counts[one.message]
            kept.append(replace(one, message=f"{one.message}（{count} 条）") if count > 1 else one)
    return kept


def _warn_departments(clauses: list[ReportedClause], remarks: list[Remark]) -> None:
    without = [one.path for one in clauses if not one.departments]
    if not without:
        return
    if len(without) == len(clauses):
        remarks.append(Remark("no_departments", "全文各条都没有印责任单位"))
    else:
        shown = "、".join(without[:20]) + ("等" if len(without) > 20 else "")
        remarks.append(Remark("no_departments", f"这些条没有印责任单位：{shown}"))


def _warn_texts(outline: Outline, remarks: list[Remark]) -> None:
    """Tell of clauses that say the same, and of those whose sums stand in an appendix."""
    first: dict[str, str] = {}
    for one in outline.clauses:
        before = first.setdefault(folded(one.text), one.path)
        if before != one.path:
            remarks.append(
                Remark("same_text", f"“{one.path}”与“{before}”的内容相同，请核对是否重复", one.path)
            )
        if cited := _APPENDIX.search(one.text):
            said = f"“{one.path}”按{cited[0]}执行，附件不在条文里，标准请核对"
            remarks.append(Remark("appendix_cited", said, one.path))


def _warn_closing(outline: Outline, remarks: list[Remark]) -> None:
    for part, one in outline.validities.items():
        until = f"，各条的有效期填至 {one.ends}" if one.ends else "，没有写明何时到期"
        remarks.append(
            Remark("validity", f"{part}{'：' if part else ''}文件写明“{one.quote}”{until}，请核对", part)
        )
    closing = [one.path for one in outline.clauses if closes_a_document(one.text)]
    if closing:
        said = f"这些条只说明施行、有效期或解释，照原文收录，不是支持政策：{'、'.join(closing[:20])}"
        remarks.append(Remark("closing_article", said, closing[0]))


def _warn_edition(
    outline: Outline,
    known: Document,
    clauses: list[ReportedClause],
    pairs: tuple[Pair, ...],
    remarks: list[Remark],
) -> None:
    kept = sum(pair.old is not None and pair.new is not None for pair in pairs)
    if kept < _UNLIKE * min(len(known.policies), len(clauses)):
        said = f"与现行文件相同的条款只有 {kept} 条：可能选错了文件，或应作为另一份文件导入"
        remarks.append(Remark("unlike", said))
        return
    if outline.front and folded(title_of(outline.front)) != folded(known.title):
        said = f"标题与现行版本不同：现行《{known.title}》，这份《{title_of(outline.front)}》，请确认是同一份文件的新版"
        remarks.append(Remark("new_title", said))
    dates = [folded(line) for line in outline.front if _DATE.fullmatch(line)]
    if folded(title_of(outline.front)) == folded(known.title) and known.edition in dates:
        remarks.append(
            Remark("same_edition", f"标题和日期与现行版本（{known.edition}）相同，可能是同一版重新录入")
        )
    old = {name for policy in known.policies for name in policy.departments}
    new = {name for one in clauses for name in one.departments}
    for name in sorted(new - old):
        count = sum(name in one.departments for one in clauses)
        remarks.append(Remark("new_department", f"新出现的责任单位“{name}”（{count} 条），部门名录里没有"))
    gone = sorted(old - new)
    if gone:
        remarks.append(Remark("department_gone", f"不再出现的责任单位：{'、'.join(gone)}"))
