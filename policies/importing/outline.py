"""Lines of a compendium put together again: cover, preamble, sections, clauses, closing notice. Pure.

A paragraph broken over pages comes as several lines; a line goes on with what stands before it unless it
begins a section (一、…), the next clause (12. …) or the closing notice. Nothing is put between joined lines.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from policies.changes import folded
from policies.figures import numeral
from policies.importing.errors import DocumentError

_HEADING = re.compile(r"([一二三四五六七八九十]{1,4})\s*、\s*(\S.*)")
_DOTTED = re.compile(r"(\d{1,3})\s*[.．、]\s*(?!\d)(\S.*)")
_BARE = re.compile(
    r"(\d{1,3})\s*(?![万亿千百元年月日个家项吨亩名位类批号户人次倍级天台套艘周期条])([\u4e00-\u9fff《“].*)"
)
_ARTICLE = re.compile(r"第\s*([\d一二三四五六七八九十百零〇两]{1,6})\s*条[\s:：、.．]*(\S.*)")
_CLOSING = re.compile(r"有关涉密|附\s*件|附\s*[:：]|备\s*注|注\s*[:：]|联系方式|联系电话|咨询电话")
_EDITION = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?")
_COMPLETE = re.compile(r"[。.；;!！?？)）》”]\s*\Z")
_GROUP_END = re.compile(r"[)）]\s*+(?:[。.]\s*+)?+\Z")
_MAX_HEADING = 60
_MAX_GAP = 20
_LAST = 20
"""How much of a clause tells whether it has ended; looking at all of it for each line is quadratic."""


@dataclass(slots=True)
class SectionText:
    """One part of the compendium with the clauses' numbers left out."""

    number: int
    title: str
    preamble: str = ""


@dataclass(slots=True)
class ClauseText:
    """One clause with its number taken off."""

    number: int
    section: int
    text: str


@dataclass(slots=True)
class Outline:
    """What the lines are; `remarks` are for the person who reviews the import."""

    document: str = ""
    issuer: str = ""
    edition: str = ""
    preamble: str = ""
    sections: list[SectionText] = field(default_factory=list)
    clauses: list[ClauseText] = field(default_factory=list)
    closing: str = ""
    remarks: list[str] = field(default_factory=list)


def outline_of(lines: Iterable[str]) -> Outline:
    """Find the parts of a compendium.

    Raises:
        DocumentError: no clause is found.
    """
    outline = Outline()
    front: list[str] = []
    for line in (line.strip() for line in lines):
        if line:
            _take(outline, front, line)
    if not outline.clauses:
        raise DocumentError("没有识别到条款；条款应以“1.”“2.”或“第一条”这样的编号开头")
    _read_front(outline, front)
    if not outline.sections:
        outline.sections.append(SectionText(1, outline.document))
        outline.remarks.append("没有识别到“一、二、三、”这样的分部，全部条款归入一个分部")
    return outline


def _take(outline: Outline, front: list[str], line: str) -> None:
    if outline.closing:
        outline.closing += line
        return
    heading = _heading(outline, line)
    if heading:
        if heading.number == 1:
            # A second 一、 before any clause: the sections so far were the table of contents.
            front += [part for section in outline.sections for part in (section.preamble,) if part]
            outline.sections.clear()
        outline.sections.append(heading)
        return
    clause = _clause(outline, line)
    if clause:
        outline.clauses.append(clause)
    elif outline.clauses and outline.clauses[-1].section == len(outline.sections or [1]):
        _go_on(outline, line)
    elif outline.sections:
        _go_on_heading(outline.sections[-1], line)
    else:
        front.append(line)


def _go_on(outline: Outline, line: str) -> None:
    last = outline.clauses[-1]
    if _CLOSING.match(line) and _GROUP_END.search(last.text[-_LAST:]):
        outline.closing = line
    else:
        last.text += line


def _go_on_heading(section: SectionText, line: str) -> None:
    """A long heading's second line, else what stands between a heading and its first clause."""
    is_sentence = section.preamble or re.search(r"[，,。]", line) or line.startswith(("按照", "根据", "为"))
    if is_sentence or len(section.title) + len(line) > _MAX_HEADING:
        section.preamble += line
    else:
        section.title += line


def _heading(outline: Outline, line: str) -> SectionText | None:
    match = _HEADING.fullmatch(line)
    if not match or len(line) > _MAX_HEADING or "。" in line:
        return None
    number = numeral(match[1])
    again = number == 1 and not outline.clauses
    if number is None or not (again or number == len(outline.sections) + 1):
        return None
    return SectionText(number, match[2])


def _clause(outline: Outline, line: str) -> ClauseText | None:
    last = outline.clauses[-1].number if outline.clauses else 0
    complete = not outline.clauses or bool(_COMPLETE.search(outline.clauses[-1].text[-_LAST:]))
    found = _number_of(line, last, complete=complete)
    if found is None:
        return None
    number, text = found
    if number > last + 1:
        outline.remarks.append(f"第 {last} 条之后是第 {number} 条，中间的编号没有识别到，请核对")
    return ClauseText(number, max(1, len(outline.sections)), text)


def _number_of(line: str, last: int, *, complete: bool) -> tuple[int, str] | None:
    dotted = _DOTTED.fullmatch(line)
    if dotted:
        number = int(dotted[1])
        is_next = number == last + 1 or (complete and last < number <= last + _MAX_GAP)
        return (number, dotted[2]) if is_next else None
    bare = _BARE.fullmatch(line)
    if bare and complete and int(bare[1]) == last + 1:
        return int(bare[1]), bare[2]
    article = _ARTICLE.fullmatch(line)
    if article and complete:
        said = int(article[1]) if article[1].isdecimal() else numeral(article[1])
        return (last + 1, article[2]) if said == last + 1 else None
    return None


def _read_front(outline: Outline, front: list[str]) -> None:
    """Tell title, issuer, edition and preamble apart in what stands before the first section."""
    front = [line for line in front if not line.startswith("|")]  # rows of the table of contents
    edition = next((at for at, line in enumerate(front) if _EDITION.fullmatch(line)), None)
    if edition is None:
        cover, rest = front[:1], front[1:]
        outline.document = "".join(cover)
    else:
        cover, rest = front[:edition], front[edition + 1 :]
        outline.edition = folded(front[edition])
        outline.issuer = cover[-1] if len(cover) > 1 else ""
        outline.document = "".join(cover[:-1] or cover)
    outline.document = outline.document.replace(" ", "").replace("\u3000", "")
    title = folded(outline.document)
    body = [line for line in rest if folded(line) != "目录" and folded(line) not in title]
    outline.preamble = "".join(body)
