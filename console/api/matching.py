"""The API's match: what a company may get, by the facts in the call; the facts and the benefits as data."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field, JsonValue

from console.access.roles import Role
from console.api.endpoints import ApiModel, ApiProblem, ApiRequest, Endpoint
from policies.matching.as_json import as_json, benefit_as_json, fact_as_json
from policies.matching.facts import FactError
from storage.clock import day_of

_MOST_FACTS = 300


class MatchIn(ApiModel):
    """The facts that are told of one company, by id (`GET /facts` lists them). `as_of`: the day it shall hold on."""

    facts: Annotated[dict[str, JsonValue], Field(max_length=_MOST_FACTS)]
    as_of: date | None = None


class MatchOut(ApiModel):
    """A result for each benefit, as `policybot match` prints it, and the facts worth asking next."""

    results: list[dict[str, Any]]
    ask_next: list[str]


class FactList(ApiModel):
    """What can be told of a company: question, type, options."""

    facts: list[dict[str, Any]]


class BenefitList(ApiModel):
    """What the clauses offer: conditions with the clause's words, and the rule of the sum."""

    benefits: list[dict[str, Any]]


async def match_company(call: ApiRequest) -> MatchOut:
    body: MatchIn = call.body
    matching, index = call.desk.matching, call.desk.knowledge.index
    try:
        told = matching.facts.read(body.facts)
    except FactError as error:
        raise ApiProblem(409, "fact", str(error), "facts") from None  # as an unknown track is
    day = body.as_of or day_of(call.desk.clock())
    return MatchOut.model_validate(as_json(matching.catalogue.match(told, index.library.policies, day)))


async def list_facts(call: ApiRequest) -> FactList:
    return FactList(facts=[fact_as_json(fact) for fact in call.desk.matching.facts.all])


async def list_benefits(call: ApiRequest) -> BenefitList:
    return BenefitList(benefits=[benefit_as_json(one) for one in call.desk.matching.catalogue.benefits])


ENDPOINTS = (
    Endpoint("POST", "/match", match_company, Role.VIEWER, "What a company may get", MatchOut, takes=MatchIn),
    Endpoint("GET", "/facts", list_facts, Role.VIEWER, "What can be told of a company", FactList),
    Endpoint("GET", "/benefits", list_benefits, Role.VIEWER, "What the clauses offer, as data", BenefitList),
)
