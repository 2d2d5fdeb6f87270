"""企业对照: the overview, one clause's benefits, and one member's result."""

from collections.abc import Iterator, Sequence
from typing import Any

from aiohttp import web

from console.access.roles import Role, Route
from console.approval.comparing import FieldChange, changes
from console.matching.benefit_form import (
    INSTRUMENT_NAMES,
    NEW,
    TEXTS,
    rows_of,
    texts_of,
    values_of,
)
from console.matching.rule_words import rule_in_words
from console.services.desk import DESK, Desk
from console.services.fitting import fitting_of, lacking
from console.web.pages import operator_of, page
from policies.approval.four_eyes import person_of
from policies.company_facts.result_view import view_of
from policies.district.models import DistrictPart
from policies.district.store import PartNow, mark_of
from policies.importing.benefit_drafts import drafts_beside
from policies.library.models import Policy
from policies.matching.benefits import Benefit, load_benefits
from policies.matching.catalogue import Catalogue
from policies.matching.checking import stopped_in
from policies.matching.drafting import drafted
from policies.matching.facts import Facts
from policies.matching.lines.benefit_lines import OP_NAMES
from policies.matching.lines.sum_lines import FORMS
from storage.clock import day_of

HOME = "/console/matching"


async def overview_page(request: web.Request) -> web.StreamResponse:
    """Show each clause with its benefits; what kept profiles lack most."""
    desk = request.app[DESK]
    library, catalogue = desk.knowledge.index.library, desk.matching.catalogue
    now = await benefits_now(desk)
    return await page(
        request,
        "matching.html",
        clauses=[
            (
                policy,
                library.name(policy),
                len(catalogue.by_clause.get(policy.key, ())),
                len(catalogue.stopped.get(policy.key, ())),
            )
            for policy in library.policies
        ],
        proposal=now.proposal,
        authors=now.authors,
        changed=sorted({clause for clause, *_ in differing(now)}),
        name=library.name_of,
        lacking=await lacking(desk.profiles, catalogue, library.policies, day_of(desk.clock())),
    )


async def clause_page(request: web.Request) -> web.StreamResponse:
    """Show one clause: each sentence beside its condition, how many companies it fits, a try, the forms."""
    return await show_clause(request, await clause_of(request))


async def show_clause(
    request: web.Request,
    policy: Policy,
    *,
    typed: dict[str, str] | None = None,
    faults: Sequence[str] = (),
    status: int = 200,
) -> web.StreamResponse:
    """Show the page of a clause, with what was typed into a form that could not be saved."""
    desk = request.app[DESK]
    facts, now = desk.matching.facts, await benefits_now(desk)
    latest = latest_benefits(now)
    own = [one for one in latest if one.clause == policy.key]
    return await page(
        request,
        "matching_clause.html",
        status=status,
        policy=policy,
        name=_name(desk, policy),
        benefits=[(one, rows_of(one, facts), rule_in_words(one.sum, facts)) for one in own],
        gone={one.benefit.id: one.gone for one in stopped_in(own, {policy.key: policy.text})},
        fitting=await fitting_of(desk.profiles, policy.key, desk.matching.catalogue),
        reached=await fitting_of(desk.profiles, policy.key, desk.matching.catalogue, alerts_only=True),
        faults=faults,
        **_forms(policy, own, facts, typed),
        **_choices(facts),
        **_try(desk, policy, latest, request.query.get("story", "").strip()[:300]),
        **_proposal(now, policy, facts, operator_of(request).name),
    )


def _forms(
    policy: Policy, own: Sequence[Benefit], facts: Facts, typed: dict[str, str] | None
) -> dict[str, Any]:
    """Return the forms of the clause's benefits and of a new one, with what was typed into one of them."""
    suggested = drafts_beside(policy, own, facts) if own else drafted(policy, facts)
    if any(one.draft for one in own):  # an import made them
        suggested = []
    new = [values_of(one, facts) for one in suggested] or [dict.fromkeys(("title", "conditions"), "")]
    forms = [*((one.id, values_of(one, facts)) for one in own), *((NEW, values) for values in new)]
    if typed is not None:
        forms = [(id_, typed if id_ == typed.get("id") else values) for id_, values in forms]
    return {"forms": forms, "suggested": bool(suggested)}


def _choices(facts: Facts) -> dict[str, Any]:
    """Return the words that a form may hold."""
    return {
        "instruments": INSTRUMENT_NAMES,
        "labels": {fact.id: fact.label for fact in facts.all},
        "all_labels": [fact.label for fact in facts.all],
        "comparisons": list(OP_NAMES.values()),
        "sum_forms": FORMS,
    }


def _try(desk: Desk, policy: Policy, latest: Sequence[Benefit], story: str) -> dict[str, Any]:
    """Return what a company told in a sentence gets of the clause, by the latest benefits."""
    facts = desk.matching.facts
    told = desk.matching.read(story).facts if story else {}
    latest = latest or desk.matching.catalogue.benefits
    tried = Catalogue(facts, [one for one in latest if not one.draft], {policy.key: policy.text})
    return {
        "example": desk.matching.plan.story,
        "story": story,
        "told": [(facts.by_id[fact].label, value) for fact, value in told.items()],
        "results": tried.of_clause(policy, told, day_of(desk.clock())) if told else (),
    }


def _proposal(now: PartNow, policy: Policy, facts: Facts, operator: str) -> dict[str, Any]:
    """Return the proposal that waits, what it changes of the clause, and whether this operator wrote a part of it."""
    return {
        "proposal": now.proposal,
        "changes": [
            (id_, _title(after, before), after is None, list(_changes(before, after, facts)))
            for clause, id_, before, after in differing(now)
            if clause == policy.key
        ],
        "own": person_of(operator) in now.authors,
        "authors": now.authors,
        "seen": mark_of(now.latest),
        "proposal_seen": mark_of(now.proposal),
    }


async def member_page(request: web.Request) -> web.StreamResponse:
    """Show what fits a member's kept profile."""
    desk, number = request.app[DESK], int(request.match_info["id"])
    profile, kept = await desk.members.profile(number), await desk.profiles.of_member(number)
    if profile is None:
        raise web.HTTPNotFound(text="没有这位成员。")
    told = desk.matching.facts.read_kept(kept.facts) if kept else {}
    windows = await desk.windows.recent()
    library = desk.knowledge.index.library
    view = view_of(told, desk.matching.catalogue, library, windows, day_of(desk.clock())) if told else None
    questions = [desk.matching.fact(fact).question for fact in view.ask_next] if view else []
    return await page(
        request, "matching_member.html", profile=profile, kept=kept, view=view, questions=questions
    )


async def benefits_now(desk: Desk) -> PartNow:
    """Return the benefits in effect, and the proposal that waits."""
    return (await desk.district.parts())[DistrictPart.BENEFITS]


def latest_benefits(now: PartNow) -> tuple[Benefit, ...]:
    """Return the benefits that an editor goes on from."""
    return _benefits(now.latest.content) if now.latest else ()


def differing(now: PartNow) -> list[tuple[int, str, Benefit | None, Benefit | None]]:
    """Return what the proposal changes: clause, id, the benefit in effect, and the proposed one."""
    if now.proposal is None:
        return []
    before = {one.id: one for one in (_benefits(now.in_effect.content) if now.in_effect else ())}
    after = {one.id: one for one in _benefits(now.proposal.content)}
    ids = dict.fromkeys((*before, *after))
    found = ((before.get(id_), after.get(id_)) for id_ in ids)
    return [
        ((new or old).clause, (new or old).id, old, new)  # type: ignore[union-attr]
        for old, new in found
        if old != new
    ]


def _title(after: Benefit | None, before: Benefit | None) -> str:
    shown = after or before
    return shown.title if shown else ""


def _changes(before: Benefit | None, after: Benefit | None, facts: Facts) -> Iterator[FieldChange]:
    return changes(texts_of(before, facts), texts_of(after, facts), TEXTS)


async def clause_of(request: web.Request) -> Policy:
    """Return the clause of the address, as it is published, or as the draft of a new clause has it.

    Raises:
        web.HTTPNotFound: there is no such clause.
    """
    desk, key = request.app[DESK], int(request.match_info["id"])
    policy = desk.knowledge.index.library.get(key)
    if policy is None:
        waiting = (draft.policy for draft in await desk.drafts.open())
        policy = next((one for one in waiting if one is not None and one.key == key), None)
    if policy is None:
        raise web.HTTPNotFound(text="没有这一条。")
    return policy


def _name(desk: Desk, policy: Policy) -> str:
    library = desk.knowledge.index.library
    return library.name(policy) if library.get(policy.key) else f"（待发布）{policy.title}"


def _benefits(content: object) -> tuple[Benefit, ...]:
    return load_benefits({DistrictPart.BENEFITS: content.root}, drafts=True)  # type: ignore[attr-defined]


ROUTES = (
    Route("GET", "/matching", overview_page, Role.VIEWER),
    Route("GET", "/matching/clauses/{id:[0-9]{1,9}}", clause_page, Role.VIEWER),
    Route("GET", "/matching/members/{id:[0-9]{1,9}}", member_page, Role.VIEWER),
)
