"""Lists of clauses, one page at a time.

Each line begins with the number of its clause. If there are two documents or more, the document stands above its
clauses. A typed or tapped number always means the clause with that number in the default document, whatever list is
on the screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from handlers.framework.answer import Answer
from handlers.framework.listing import Listing
from handlers.framework.session import Session
from handlers.framework.taps import tap
from wechat.texts import cut_to_bytes

if TYPE_CHECKING:
    from policies.library.library import Library
    from policies.library.models import Policy
    from policies.search.index import PolicyIndex

PAGE_ITEMS = 10
MAX_LISTED = 200
"""Clauses kept for paging. The heading tells the full count."""

_PAGE_BYTES = 1500
_NOTE_BYTES = 240


@dataclass(frozen=True, slots=True)
class Page:
    text: str
    clause_ids: tuple[int, ...]


def show(listing: Listing, index: "PolicyIndex") -> Answer:
    """Return the answer that shows the first page of a list."""
    screen = Session()
    put_on_screen(listing, screen)
    first = pages(screen, index)[0]
    answer = Answer.of(listing.intent, first.text, listing.clause_ids).with_line(listing.closing)
    return replace(answer, listing=listing, named=first.clause_ids, about=0)


def put_on_screen(listing: Listing, session: Session) -> None:
    """Keep a list in the session, so that 下一页 can show its next page."""
    session.clear_screen()
    session.intent, session.heading = listing.intent, listing.heading
    for group in listing.groups:
        session.groups.append((len(session.listing), group.heading))
        session.listing.extend(group.clauses)
    if not listing.groups:
        session.listing.extend(listing.clause_ids)
    del session.listing[MAX_LISTED:]
    if listing.notes:
        session.notes = [listing.notes.get(clause_id, "") for clause_id in session.listing]


def pages(session: Session, index: "PolicyIndex") -> list[Page]:
    """Return the pages of the session's list. A clause that was withdrawn since then is skipped."""
    headings = dict(session.groups)
    heading = shown = ""
    sheets: list[tuple[list[str], list[int]]] = []
    size = 0
    for position, clause_id in enumerate(session.listing):
        begins_group = position in headings
        heading = headings.get(position, heading)
        policy = index.policy(clause_id)
        if policy is None:
            continue
        line = _line(policy, session.notes[position] if session.notes else "", index.library)
        size += len(line.encode())
        begins_sheet = not sheets or size > _PAGE_BYTES or len(sheets[-1][1]) == PAGE_ITEMS
        if begins_sheet:
            sheets.append(([], []))
            size = len(line.encode())
        document = index.library.document_name(policy.document)
        if document and (begins_sheet or document != shown):
            line = f"{document}\n{line}"
        shown = document
        if heading and (begins_group or begins_sheet):
            line = f"【{heading}】\n{line}"
        sheets[-1][0].append(line)
        sheets[-1][1].append(clause_id)
    return [
        Page(_page_text(session.heading, lines, number, len(sheets)), tuple(ids))
        for number, (lines, ids) in enumerate(sheets)
    ]


def _line(policy: "Policy", note: str, library: "Library") -> str:
    line = tap(f"{library.number(policy)} {policy.title}", library.typed(policy))
    if not note:
        return line
    shown, *rest = cut_to_bytes(note, _NOTE_BYTES)
    return f"{line}\n　{shown}{'…' if rest else ''}"


def _page_text(heading: str, lines: Sequence[str], number: int, count: int) -> str:
    text = "\n".join((heading, *lines))
    if count == 1:
        return f"{text}\n点条目或回复条号看全文。"
    turns = [tap("上一页")] if number else []
    turns += [tap("下一页")] if number + 1 < count else []
    return f"{text}\n第{number + 1}/{count}页　{'　'.join(turns)}\n点条目或回复条号看全文。"
