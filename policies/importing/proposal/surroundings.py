"""What surrounds the clauses of a document: cover, sections and the closing words about whom to ask. Pure."""

import re
from dataclasses import dataclass

from policies.importing.proposal.report import title_of
from policies.importing.structure.outline import Outline
from policies.library.folding import folded
from policies.library.models import Contact, Document, Section, Surroundings

_EDITION = re.compile(r"\d{4}\s*+年\s*+\d{1,2}\s*+月(?:\s*+\d{1,2}\s*+日)?+")
_OFFICE = re.compile(r"请到([^（(，,。]{1,100}+)")
_ADDRESS = re.compile(r"请到[^（(，,。]{1,100}+[（(]([^）)]{1,200}+)[)）]")
_PHONE = re.compile(r"((?<!\d)(?:1\d{10}|0\d{2,3}[-—]?\d{7,8})(?!\d))")
_DOWNLOAD = re.compile(r"登录([^，,。]{1,100}?)(?:下载|查询)")
_FORM = re.compile(r"《([^《》]{1,200}+)》")
_URL = re.compile(r"(https?://[^\s<>）)，。]+)")


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section as the document prints it, with the number that it gets."""

    number: int
    title: str
    preamble: str = ""


def cover_of(outline: Outline) -> tuple[str, str, str, str]:
    """Return title, issuer, edition and preamble, out of the lines before the first section."""
    front = outline.front
    at = next((at for at, line in enumerate(front) if _EDITION.fullmatch(line)), None)
    if at is None:
        title, issuer, edition, rest = title_of(front), "", "", front[1:]
    else:
        cover, rest, edition = front[:at], front[at + 1 :], folded(front[at])
        issuer = cover[-1] if len(cover) > 1 else ""
        title = "".join(cover[:-1] or cover)
    title = title.replace(" ", "").replace("\u3000", "")
    preamble = "".join(line for line in rest if folded(line) not in folded(title))
    return title, issuer, edition, preamble


def surroundings_of(
    outline: Outline, sections: list[SectionText], known: Document | None, document_id: str
) -> Surroundings:
    """Return what surrounds the clauses. A part that differs from the known edition only in print does not change."""
    title, issuer, edition, preamble = cover_of(outline)
    proposed = Surroundings(
        id=document_id,
        title=title,
        issuer=issuer,
        edition=edition,
        preamble=preamble,
        contact=_contact(outline.closing),
        sections=tuple(_section(section) for section in sections),
    )
    if known is None:
        return proposed
    kept = {
        name: getattr(known, name)
        for name in Surroundings.model_fields
        if _printed(getattr(known, name)) == _printed(getattr(proposed, name))
    }
    if not outline.closing:
        kept["contact"] = known.contact
    return proposed.model_copy(update=kept)


def _printed(part: object) -> str:
    return folded(str(part))


def _section(section: SectionText) -> Section:
    return Section(number=section.number, title=section.title, preamble=section.preamble)


def _contact(closing: str) -> Contact | None:
    """Return what the closing notice says about the office to ask; None without a notice."""
    if not closing:
        return None

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
