"""`/p/{id}`: the page of one clause."""

from collections.abc import Iterable
from dataclasses import dataclass

import aiohttp_jinja2
from aiohttp import web

from pages.clauses.figures import figure_groups
from pages.keys import SERVICES
from policies.library.clause_lines import basis_text, period_over
from policies.library.library import Library
from policies.library.models import Policy
from policies.numbers.written import in_chinese
from policies.search.structured import section_asked

_SHARE_CHARACTERS = 90
_RELATED = 4


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of the clause's text. `states_sum`: an amount of the table is quoted from this part."""

    text: str
    states_sum: bool = False


async def clause_page(request: web.Request) -> web.Response:
    """Show the clause with its amounts, basis documents, departments, open windows, guide and related clauses.

    The address is the clause's key, so a link in an old message shows the clause that it was about, or says that it
    is gone. A number that no clause ever had as its key is the printed one of the default document. Where a number is
    both, the page leads to the other clause too.

    Raises:
        web.HTTPNotFound: no such clause.
    """
    services = request.app[SERVICES]
    index = services.knowledge.index
    number = int(request.match_info["id"])
    kept, printed = index.policy(number), _printed(number, index.library)
    if kept is None and number in index.library.gone:
        successor = index.library.successor_of(number)
        beside = {"printed": printed, "library": index.library, "successor": successor}
        return aiohttp_jinja2.render_template("gone.html", request, beside, status=410)
    policy = kept or printed
    if policy is None:
        raise web.HTTPNotFound
    document = index.library.document_of(policy)
    section = next((s for s in document.sections if s.number == policy.section), None)
    tracks = {track.id: track.name for track in index.tracks.tracks}
    page = {
        "policy": policy,
        "name": index.library.name(policy),
        "library": index.library,
        "printed": printed if printed and printed.key != policy.key else None,
        "section": section,
        "section_number": f"第{in_chinese(policy.section)}部分",
        "section_query": section and section_asked(index.library, document.id, section),
        "document": document,
        "passages": passages(policy),
        "groups": figure_groups(policy.amounts),
        "bases": [basis_text(basis) for basis in policy.basis],
        "period_over": period_over(policy, services.today()),
        "tracks": [tracks[track] for track in policy.tracks if track in tracks],
        "provisional": index.tracks.provisional,
        "windows": await services.windows.open_for(policy.key, services.today()),
        "offices": [
            (name, office)
            for name in policy.departments
            if (office := services.knowledge.guides.of_department(name)) is not None
        ],
        "guide": services.knowledge.guides.of_clause(policy.key),
        "has_rule": policy.key in services.matching.catalogue.with_rules,
        "account": index.district.texts.account,
        "related": list(filter(None, map(index.policy, index.related(policy.key))))[:_RELATED],
        "address": services.page_of(policy.key),
        "summary": policy.text[:_SHARE_CHARACTERS],
    }
    return aiohttp_jinja2.render_template("clause.html", request, page)


def _printed(number: int, library: Library) -> Policy | None:
    """Return the clause with that printed number in the default document; None if none has it, or several do."""
    found = library.numbered(number)
    return found[0] if len(found) == 1 else None


def passages(policy: Policy) -> list[Passage]:
    """Return the text split into passages, so that the page can highlight quoted amounts. Joined, they are the text."""
    found: list[Passage] = []
    at = 0
    for start, end in _quoted(policy.text, (amount.quote for amount in policy.amounts)):
        found += [Passage(policy.text[at:start]), Passage(policy.text[start:end], states_sum=True)]
        at = end
    found.append(Passage(policy.text[at:]))
    return [passage for passage in found if passage.text]


def _quoted(text: str, quotes: Iterable[str]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for start, quote in sorted((text.find(quote), quote) for quote in set(quotes)):
        if start >= 0 and (not spans or start >= spans[-1][1]):
            spans.append((start, start + len(quote)))
    return spans
