"""A benefit's conditions as lines that a person reads and writes, each beside the clause's words. Pure.

A line is 事实｜比较｜取值｜条文原话, and ｜可以不答 where the benefit may be likely although the fact is not told. What is
composed of several comparisons is a line of JSON.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from policies.library.models import Amount, AmountKind, Policy
from policies.matching.benefits import Benefit
from policies.matching.conditions import Condition, Op, Term
from policies.matching.facts import Fact, Facts

OP_NAMES = {
    Op.EQUALS: "是",
    Op.IN: "是其中之一",
    Op.MORE: "大于",
    Op.AT_LEAST: "不少于",
    Op.AT_MOST: "不多于",
    Op.CONTAINS: "包含",
    Op.CONTAINS_ANY: "包含其一",
    Op.NOT_CONTAINS: "不包含",
    Op.NOT_EMPTY: "有",
}
_OPS = {name: op for op, name in OP_NAMES.items()}
_MAY_BE_OPEN = "可以不答"
_BAR = re.compile(r"[｜|]")
_TERM: TypeAdapter[Term] = TypeAdapter(Term)


class LineError(ValueError):
    """A line makes no condition; the message says why, in Chinese."""


def line_of(term: Term, facts: Facts) -> str:
    """A condition as a line."""
    if not isinstance(term, Condition):
        return json.dumps(term.model_dump(mode="json", exclude_unset=True), ensure_ascii=False)
    fact = facts.by_id[term.fact]
    parts = [
        fact.label,
        OP_NAMES[term.op],
        "" if term.op is Op.NOT_EMPTY else _words(fact, term.value),
        term.quote,
    ]
    return "｜".join([*parts, *([_MAY_BE_OPEN] if term.unknown_ok else [])])


def term_of(line: str, facts: Facts) -> Term:
    """The condition of a line.

    Raises:
        LineError: it makes none.
    """
    if line.lstrip().startswith("{"):
        try:
            return _TERM.validate_json(line)
        except ValidationError as error:
            raise LineError(f"“{line[:40]}”不是完整的条件") from error
    parts = [part.strip() for part in _BAR.split(line)]
    if len(parts) not in {4, 5} or (len(parts) == 5 and parts[4] != _MAY_BE_OPEN):
        raise LineError(f"“{line[:40]}”应写成 事实｜比较｜取值｜条文原话")
    fact, op = _fact(parts[0], facts), _OPS.get(parts[1])
    if op is None:
        raise LineError(f"没有“{parts[1]}”这种比较，可用：{'、'.join(_OPS)}")
    try:
        return Condition(
            fact=fact.id, op=op, value=_value(fact, op, parts[2]), quote=parts[3], unknown_ok=len(parts) == 5
        )
    except ValidationError as error:
        raise LineError(f"“{fact.label}”不能这样比较：{parts[1]} {parts[2]}") from error


def _words(fact: Fact, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "／".join(_label(fact, one) for one in value)
    return _label(fact, value) if isinstance(value, str) else str(value)


def _label(fact: Fact, option: str) -> str:
    return next((one.label for one in fact.options if one.id == option), option)


def _fact(name: str, facts: Facts) -> Fact:
    found = next((fact for fact in facts.all if name in {fact.label, fact.id}), None)
    if found is None:
        raise LineError(f"没有“{name}”这个事实")
    return found


def _value(fact: Fact, op: Op, words: str) -> Any:
    if op is Op.NOT_EMPTY:
        return True
    if op in {Op.IN, Op.CONTAINS_ANY}:
        return tuple(_option(fact, one.strip()) for one in words.split("／"))
    if fact.options:
        return _option(fact, words)
    if fact.type == "bool":
        if words not in {"是", "否"}:
            raise LineError(f"“{fact.label}”的取值是 是 或 否")
        return words == "是"
    if not re.fullmatch(r"\d{1,15}", words):
        raise LineError(f"“{fact.label}”的取值应为整数")
    return int(words)


def _option(fact: Fact, words: str) -> str:
    found = next((one.id for one in fact.options if words in {one.label, one.id}), None)
    if found is None:
        raise LineError(f"“{fact.label}”没有“{words}”这一项")
    return found


def proposed(policy: Policy, taken: Sequence[str] = ()) -> list[Benefit]:
    """Benefits that a clause's amounts make likely, for an operator to complete: a sum each, no conditions yet."""
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    found = []
    for amount in policy.amounts:
        rule = _rule(amount)
        letter = next((one for one in letters if f"{policy.key}{one}" not in taken), "")
        if rule is None or not letter:
            continue
        who = (amount.who,) if amount.who and amount.who in policy.text else ()
        found.append(
            Benefit.model_validate(
                {
                    "id": f"{policy.key}{letter}",
                    "clause": policy.key,
                    "title": (amount.what or amount.who or policy.title)[:40],
                    "conditions": [],
                    "conditions_text": list(who),
                    "sum": {**rule, "quote": amount.quote},
                }
            )
        )
    return found


def _rule(amount: Amount) -> dict[str, Any] | None:
    """The rule that an amount gives by itself; of a share or a sum a unit only the cap is certain."""
    match amount.kind:
        case AmountKind.FIXED if amount.value_cny:
            return {"kind": "fixed", "cny": amount.value_cny}
        case AmountKind.POOL if amount.highest_cny:
            return {"kind": "pool", "cny": amount.highest_cny}
        case AmountKind.RANGE if amount.min_cny and amount.max_cny:
            return {"kind": "range", "least_cny": amount.min_cny, "most_cny": amount.max_cny}
        case AmountKind.MAX | AmountKind.RATE | AmountKind.PER_UNIT if amount.max_cny or amount.cap_cny:
            return {"kind": "max", "cny": amount.max_cny or amount.cap_cny}
    return None
