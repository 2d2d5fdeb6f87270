"""The documents that a clause is based on, each with its document number (文号). Pure."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from policies.library.folding import folded
from policies.library.models import Basis

_LEAD = re.compile(r"\s*(?:按照|根据|依据|依照|按)")
_TITLE = re.compile(r"《([^《》]+)》")
_NUMBER = re.compile(r"[（(]([^（）()]*[〔\[［]\s*\d{4}\s*[〕\]］][^（）()]*)[)）]")
_INNER = re.compile(r"(?:关于印发|印发)?〈(.+)〉的通知")
_PERIOD = re.compile(r"(\d{4})\s*+(?:年\s*+)?+[-—–~～至]++\s*+(\d{4})\s*+年")
_YEAR = re.compile(r"(\d{4})\s*年(?!\s*\d)")
_OPENING, _CLOSING = "《〈（(“", "》〉）)”"


def citations_in(text: str) -> tuple[Basis, ...]:
    """Return the documents named at the beginning of a clause (按照…《…》，); () if it begins in another way."""
    if not _LEAD.match(text):
        return ()
    lead = text[: lead_end(text)]
    return tuple(_citations(lead))


def lead_end(text: str) -> int:
    """Return where the words that name the basis end: after the first comma outside brackets. 0 without such words."""
    if not _LEAD.match(text):
        return 0
    depth = 0
    for at, character in enumerate(text):
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(0, depth - 1)
        elif depth == 0 and character in "，,。；;":
            return at + 1
    return 0


def resolve(cited: Iterable[Basis], all_cited: Iterable[Basis]) -> tuple[Basis, ...]:
    """Return citations completed with numbers: the number that the document prints anywhere beside exactly that
    title.

    Titles are compared whole: a plan (…实施方案) and the rules to it (…实施方案工信领域配套细则) stay apart.
    """
    numbers = {folded(basis.title): basis.doc_no for basis in all_cited if basis.doc_no}
    return tuple(
        basis.model_copy(update={"doc_no": basis.doc_no or numbers.get(folded(basis.title), "")})
        for basis in cited
    )


def valid_until(bases: Iterable[Basis]) -> date | None:
    """Return the end of the period that a title names: （2024—2028年） ends with 2028, 2025年…清单 with 2025."""
    years = []
    for basis in bases:
        period = _PERIOD.search(basis.title)
        year = _YEAR.match(basis.title)
        if period:
            years.append(int(period[2]))
        elif year:
            years.append(int(year[1]))
    good = [year for year in years if 1949 <= year <= 2200]
    return date(min(good), 12, 31) if good else None


def _citations(lead: str) -> Iterator[Basis]:
    for match in _TITLE.finditer(lead):
        inside = match[1].strip()
        number = _last(_NUMBER, inside) or _NUMBER.match(lead, match.end())
        printed = inside[: number.start()] if number and number.string is inside else inside
        title = _tidy(printed)
        inner = _INNER.fullmatch(title)
        if inner:
            yield Basis(title=inner[1], doc_no=_tidy(number[1]) if number else "", cited_as=title)
        else:
            yield Basis(title=title, doc_no=_tidy(number[1]) if number else "")


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return the match that ends at the end of the text."""
    return next((match for match in pattern.finditer(text) if match.end() == len(text)), None)


def _tidy(title: str) -> str:
    """Return a text without the spaces and half-width brackets of the print."""
    return re.sub(r"\s+", "", title).translate(str.maketrans("()[]", "（）〔〕"))
