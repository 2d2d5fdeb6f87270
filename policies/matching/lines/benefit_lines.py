"""Writes a benefit's conditions as lines for people, each beside the clause's words, and reads them. Pure.

A line is 事实｜比较｜取值｜条文原话, with ｜可以不答 if the benefit may be likely although the fact is not told. If
one of several conditions is enough, a line 符合其一 comes first. Then 或｜… begins each of them, and 且｜… continues
it.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter, ValidationError

from policies.matching.conditions import AllOf, AnyOf, Condition, Op, Term
from policies.matching.facts import CompanyFact, Facts
from policies.matching.lines.line_parts import BAR, LineError, fact_named, label_of, option_named, parts_of

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
_ONE_OF, _OR, _AND = "符合其一", "或", "且"
_TERM: TypeAdapter[Term] = TypeAdapter(Term)


def lines_of(term: Term, facts: Facts) -> list[str]:
    """Return a condition as one line or several."""
    if isinstance(term, Condition):
        return [_line(term, facts)]
    if isinstance(term, AllOf) or not all(_is_flat(one) for one in term.any_of):
        return [json.dumps(term.model_dump(mode="json", exclude_unset=True), ensure_ascii=False)]
    lines = [_ONE_OF + (BAR + _MAY_BE_OPEN if term.unknown_ok else "")]
    for one in term.any_of:
        first, *others = one.all_of if isinstance(one, AllOf) else (one,)
        lines.append(f"{_OR}{BAR}{_line(first, facts)}")  # type: ignore[arg-type]  # flat
        lines += [f"{_AND}{BAR}{_line(other, facts)}" for other in others]  # type: ignore[arg-type]  # flat
    return lines


def terms_of(lines: Iterable[str], facts: Facts) -> list[Term]:
    """Return the conditions of lines.

    Raises:
        LineError: a line is not a condition, or is in a wrong place.
    """
    terms: list[Term] = []
    group: _Group | None = None
    for line in lines:
        begins, rest = line.split(BAR, 1) if BAR in line else (line, "")
        begins = begins.strip()
        if begins == _ONE_OF:
            if rest.strip() not in {"", _MAY_BE_OPEN}:
                raise LineError(f"“{_ONE_OF}”后面只能写“{BAR}{_MAY_BE_OPEN}”")
            terms.extend(group.term() for group in filter(None, [group]))
            group = _Group(bool(rest.strip()))
        elif begins in {_OR, _AND}:
            if group is None:
                raise LineError(f"“{begins}”要写在“{_ONE_OF}”下面")
            group.add(_condition(rest, facts), new=begins == _OR)
        else:
            terms.extend(group.term() for group in filter(None, [group]))
            group = None
            terms.append(_json(line) if line.lstrip().startswith("{") else _condition(line, facts))
    return [*terms, *(group.term() for group in filter(None, [group]))]


class _Group:
    """The alternatives under 符合其一."""

    def __init__(self, may_be_open: bool) -> None:
        self._may_be_open = may_be_open
        self._each: list[list[Condition]] = []

    def add(self, condition: Condition, *, new: bool) -> None:
        if new:
            self._each.append([])
        if not self._each:
            raise LineError(f"“{_AND}”前面要有一行“{_OR}”")
        self._each[-1].append(condition)

    def term(self) -> AnyOf:
        if not self._each:
            raise LineError(f"“{_ONE_OF}”下面还没有条件")
        any_of = [each[0] if len(each) == 1 else AllOf(all_of=tuple(each)) for each in self._each]
        open_ = {"unknown_ok": True} if self._may_be_open else {}
        return AnyOf(any_of=tuple(any_of), **open_)


def _is_flat(term: Term) -> bool:
    return isinstance(term, Condition) or (
        isinstance(term, AllOf) and all(isinstance(one, Condition) for one in term.all_of)
    )


def _line(term: Condition, facts: Facts) -> str:
    fact = facts.by_id[term.fact]
    value = "" if term.op is Op.NOT_EMPTY else _words(fact, term.value)
    return BAR.join(
        [fact.label, OP_NAMES[term.op], value, term.quote, *([_MAY_BE_OPEN] if term.unknown_ok else [])]
    )


def _json(line: str) -> Term:
    try:
        return _TERM.validate_json(line)
    except ValidationError as error:
        raise LineError(f"“{line[:40]}”不是完整的条件") from error


def _condition(line: str, facts: Facts) -> Condition:
    parts = parts_of(line)
    if len(parts) not in {4, 5} or (len(parts) == 5 and parts[4] != _MAY_BE_OPEN):
        raise LineError(f"“{line[:40]}”应写成 事实｜比较｜取值｜条文原话")
    fact, op = fact_named(parts[0], facts), _OPS.get(parts[1])
    if op is None:
        raise LineError(f"没有“{parts[1]}”这种比较，可用：{'、'.join(_OPS)}")
    open_ = {"unknown_ok": True} if len(parts) == 5 else {}
    try:
        return Condition(fact=fact.id, op=op, value=_value(fact, op, parts[2]), quote=parts[3], **open_)
    except ValidationError as error:
        raise LineError(f"“{fact.label}”不能这样比较：{parts[1]} {parts[2]}") from error


def _words(fact: CompanyFact, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "／".join(label_of(fact, one) for one in value)
    return label_of(fact, value) if isinstance(value, str) else str(value)


def _value(fact: CompanyFact, op: Op, words: str) -> Any:
    if op is Op.NOT_EMPTY:
        return True
    if op in {Op.IN, Op.CONTAINS_ANY}:
        return tuple(option_named(fact, one.strip()) for one in words.split("／"))
    if fact.options:
        return option_named(fact, words)
    if fact.type == "bool":
        if words not in {"是", "否"}:
            raise LineError(f"“{fact.label}”的取值是 是 或 否")
        return words == "是"
    if not re.fullmatch(r"\d{1,15}", words):
        raise LineError(f"“{fact.label}”的取值应为整数")
    return int(words)
