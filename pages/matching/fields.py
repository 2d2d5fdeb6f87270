"""The facts as fields of a form, and a form's fields as told facts. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from multidict import MultiMapping

from policies.company_facts.interview import Plan
from policies.matching.catalogue import Catalogue
from policies.matching.conditions import ToldFacts, Value
from policies.matching.facts import CompanyFact, FactError, Facts

_MYRIAD = 10_000


_ID = re.compile(r" ?\b(?P<id>[A-Za-z0-9_]+)\b ?")
"""A word that may be the id of an option, with the blanks that set it apart from Chinese."""


@dataclass(frozen=True, slots=True)
class Field:
    """A fact as a field.

    Attributes:
        value: the told value as the field shows it; sums in 万元.
        chosen: ids of the chosen options.
    """

    fact: CompanyFact
    value: str
    chosen: frozenset[str]

    @property
    def explained(self) -> str:
        """The fact's definition, with options by the words that people see."""
        labels = {option.id: option.label for option in self.fact.options}

        def spoken(found: re.Match[str]) -> str:
            label = labels.get(found["id"])
            return found[0] if label is None else f"“{label}”"

        return _ID.sub(spoken, self.fact.definition)


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields under one heading. `is_open`: something in it is told."""

    name: str
    fields: tuple[Field, ...]
    is_open: bool = False


def field_of(fact: CompanyFact, told: ToldFacts) -> Field:
    """A fact with what was told of it."""
    value = told.get(fact.id)
    if isinstance(value, bool):
        return Field(fact, "yes" if value else "no", frozenset())
    if isinstance(value, tuple):
        return Field(fact, "", frozenset(value))
    if isinstance(value, str):
        return Field(fact, value, frozenset({value}))
    if value is None:
        return Field(fact, "", frozenset())
    shown = Decimal(value) / _MYRIAD if fact.type == "yuan" else Decimal(value)
    return Field(fact, f"{shown.normalize():f}", frozenset())


def groups_of(catalogue: Catalogue, plan: Plan, told: ToldFacts) -> list[FieldGroup]:
    """Return the facts that benefits need, and those told, in groups: the opening, the topics, what belongs to
    a track, the rest.
    """
    facts = catalogue.facts
    placed: set[str] = set()
    groups = [_group("公司的基本情况", plan.opening, facts, told, placed)]
    groups += [_group(topic.label, topic.asks, facts, told, placed) for topic in plan.topics if topic.asks]
    rest = [fact.id for fact in facts.all if fact.id not in placed and fact.id in {*catalogue.asked, *told}]
    groups.append(_group("本行业的项目、产品和其他", rest, facts, told, placed))
    return groups


def _group(name: str, ids: Sequence[str], facts: Facts, told: ToldFacts, placed: set[str]) -> FieldGroup:
    new = [fact for fact in ids if fact not in placed]
    placed.update(new)
    fields = tuple(field_of(facts.by_id[fact], told) for fact in new)
    return FieldGroup(name, fields, any(fact in told for fact in new))


def told_in_form(form: MultiMapping[object], facts: Facts) -> tuple[dict[str, Value], list[str]]:
    """Return the facts in a form, and a Chinese sentence for each field that cannot be taken.

    An empty field tells nothing. Among several choices, the field 没有 tells that none of them holds.
    """
    told: dict[str, Value] = {}
    wrong: list[str] = []
    for fact in facts.all:
        filled = [str(value).strip() for value in form.getall(fact.id, ()) if str(value).strip()]
        if not filled:
            continue
        try:
            read = fact.read(_raw(fact, filled))
        except (FactError, ValueError, InvalidOperation):
            read = None
        if read is None:
            wrong.append(f"“{fact.label}”填得不对，请核对。")
        else:
            told[fact.id] = read
    return told, wrong


def _raw(fact: CompanyFact, filled: Sequence[str]) -> object:
    match fact.type:
        case "bool":
            return {"yes": True, "no": False}.get(filled[0], filled[0])
        case "choice":
            return filled[0]
        case "multi":
            return [one for one in filled if one != "-"]
        case "yuan":
            return Decimal(filled[0].replace(",", "")) * _MYRIAD
        case _:
            return Decimal(filled[0].replace(",", ""))
