"""`/p`: the search page. It uses the same search as the chat."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp_jinja2
from aiohttp import web

from pages.keys import SERVICES
from policies.library.models import Policy
from policies.numbers.written import in_chinese
from policies.search.decision import Decision, Intent
from policies.search.structured import section_asked

if TYPE_CHECKING:
    from policies.search.index import PolicyIndex

_MOST_TYPED = 200
_MOST_SHOWN = 200
_NAMED = 3
"""Documents that the page's title names."""


@dataclass(frozen=True, slots=True)
class ResultGroup:
    """Clauses under one heading; "" means no heading."""

    heading: str
    policies: tuple[Policy, ...]


async def search_page(request: web.Request) -> web.Response:
    """Show the search box, and below it the results; without a query, the parts, departments and tracks to browse."""
    index = request.app[SERVICES].knowledge.index
    typed = request.query.get("q", "").strip()[:_MOST_TYPED]
    decision = index.decide(typed) if typed else None
    page = {
        "typed": typed,
        "decision": decision,
        "subject": decision.subject if decision and decision.intent is not Intent.SEARCH else "",
        "found": found(decision, index) if decision else (),
        "total": len(decision.clauses) if decision else 0,
        "contact": index.contact,
        "confidential": index.district.texts.confidential.sentence,
        "is_contact": decision is not None and decision.intent is Intent.CONTACT and bool(decision.subject),
        "library": index.library,
        "tracks": index.tracks,
        "departments": [one for one in index.departments if index.of_department(one.name)],
        "numeral": in_chinese,
        "section_asked": section_asked,
        "titles": "、".join(document.title for document in index.library.documents[:_NAMED]),
    }
    return aiohttp_jinja2.render_template("search.html", request, page)


def found(decision: Decision, index: "PolicyIndex") -> tuple[ResultGroup, ...]:
    """Return the clauses of a decision in its order: by group, by need, or as one list."""
    if decision.parts:
        return tuple(
            ResultGroup(inner.heading or part.subject, inner.policies)
            for part in decision.parts
            for inner in found(part, index)
        )
    groups = [(group.heading, group.clauses) for group in decision.groups] or [("", decision.clauses)]
    listed = [
        ResultGroup(heading, tuple(filter(None, map(index.policy, clauses[:_MOST_SHOWN]))))
        for heading, clauses in groups
    ]
    return tuple(group for group in listed if group.policies)
