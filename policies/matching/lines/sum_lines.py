"""The rule of a benefit's sum as a line that a person reads and writes. Pure.

最高｜30万元｜条文原话; so too 定额 and 合计. 区间｜20万元至50万元｜×人数｜…. 比例｜12%｜事实＋事实｜上限600万元｜….
按量｜20万元×事实｜上限50万元｜已领：事实｜…. 按答案｜事实｜国家级＝100万元／省级＝50万元｜….
"""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import TypeAdapter, ValidationError

from policies.matching.facts import Facts
from policies.matching.lines.line_parts import BAR, LineError, fact_named, label_of, option_named, parts_of
from policies.matching.sums import AnyRule, ByChoice, Fixed, Maximum, PerUnit, Pool, Range, Share
from policies.numbers.typed import bare_number
from policies.numbers.written import in_cny

FORMS = (
    "最高｜30万元｜原话",
    "定额｜50万元｜原话",
    "合计｜150万元｜原话",
    "区间｜20万元至50万元｜原话",
    "区间｜2万元至5万元｜×进站博士后人数｜原话",
    "比例｜12%｜年度技改设备投资额｜上限600万元｜原话",
    "按量｜20万元×新入选的类别数｜上限50万元｜原话",
    "按答案｜品牌名单级别｜国家级＝100万元／省级＝50万元｜原话",
)
"""Examples of how to write each kind of rule."""
_RULE: TypeAdapter[AnyRule] = TypeAdapter(AnyRule)
_PLAIN: dict[str, type[Maximum] | type[Fixed] | type[Pool]] = {"最高": Maximum, "定额": Fixed, "合计": Pool}
_PLAIN_KINDS = {"最高": "max", "定额": "fixed", "合计": "pool"}
_CAP, _RECEIVED, _TIMES, _AND, _IS = "上限", "已领：", "×", "＋", "＝"
_TO = re.compile(r"至|到|[-~～—]")


def line_of_sum(rule: AnyRule, facts: Facts) -> str:
    """Return a rule as a line."""
    return BAR.join([*_written(rule, facts), rule.quote])


def sum_of_line(line: str, facts: Facts) -> AnyRule:
    """Return the rule of a line.

    Raises:
        LineError: it makes none.
    """
    kind, *parts = parts_of(line)
    if not parts:
        raise LineError(f"金额标准应写成：{FORMS[0]}")
    *values, quote = parts
    read = _READERS.get(kind)
    if kind in _PLAIN_KINDS and len(values) == 1:
        raw: dict[str, Any] = {"kind": _PLAIN_KINDS[kind], "cny": _cny(values[0])}
    elif read is not None and values:
        raw = read(values, facts)
    else:
        raise LineError(f"“{line[:40]}”不是金额标准，写法有：{'；'.join(FORMS)}")
    try:
        return _RULE.validate_python({**raw, "quote": quote})
    except ValidationError as error:
        raise LineError(f"“{line[:40]}”的金额标准不完整") from error


def _written(rule: AnyRule, facts: Facts) -> list[str]:
    match rule:
        case Maximum() | Fixed() | Pool():
            name = next(name for name, kind in _PLAIN.items() if isinstance(rule, kind))
            return [name, in_cny(rule.cny)]
        case Range():
            times = [f"{_TIMES}{facts.by_id[rule.per].label}"] if rule.per else []
            return ["区间", f"{in_cny(rule.least_cny)}至{in_cny(rule.most_cny)}", *times]
        case ByChoice():
            fact = facts.by_id[rule.of]
            sums = "／".join(f"{label_of(fact, one)}{_IS}{in_cny(cny)}" for one, cny in rule.cny.items())
            return ["按答案", fact.label, sums]
        case Share():
            rate = f"{(rule.rate * 100).normalize():f}%"
            return ["比例", rate, _labels(rule.of, facts), *_caps(rule, facts)]
        case PerUnit():
            parts = [f"{in_cny(part.cny)}{_TIMES}{_labels(part.of, facts)}" for part in rule.parts]
            received = (
                [f"{_RECEIVED}{facts.by_id[rule.already_received].label}"] if rule.already_received else []
            )
            return ["按量", *parts, *_caps(rule, facts), *received]


def _caps(rule: Share | PerUnit, facts: Facts) -> list[str]:
    if isinstance(rule, Share) and rule.cap_per is not None:
        return [f"{_CAP}{in_cny(rule.cap_per.cny)}{_TIMES}{facts.by_id[rule.cap_per.of].label}"]
    return [] if rule.cap_cny is None else [f"{_CAP}{in_cny(rule.cap_cny)}"]


def _labels(ids: Sequence[str], facts: Facts) -> str:
    return _AND.join(facts.by_id[fact].label for fact in ids)


def _read_range(values: Sequence[str], facts: Facts) -> dict[str, Any]:
    ends = _TO.split(values[0])
    if len(ends) != 2 or len(values) > 2:
        raise LineError("区间应写成 20万元至50万元")
    raw: dict[str, Any] = {"kind": "range", "least_cny": _cny(ends[0]), "most_cny": _cny(ends[1])}
    return {**raw, "per": fact_named(values[1].lstrip(_TIMES), facts).id} if len(values) == 2 else raw


def _read_choice(values: Sequence[str], facts: Facts) -> dict[str, Any]:
    if len(values) != 2:
        raise LineError("按答案应写成 按答案｜事实｜选项＝金额／选项＝金额｜原话")
    fact = fact_named(values[0], facts)
    pairs = [one.replace("=", _IS).partition(_IS) for one in values[1].split("／")]
    cny = {option_named(fact, option.strip()): _cny(sum_) for option, _, sum_ in pairs}
    return {"kind": "by_choice", "of": fact.id, "cny": cny}


def _read_share(values: Sequence[str], facts: Facts) -> dict[str, Any]:
    if len(values) < 2 or not values[0].endswith(("%", "％")):
        raise LineError("比例应写成 比例｜12%｜事实｜上限600万元｜原话")
    try:
        rate = Decimal(values[0].rstrip("%％")) / 100
    except InvalidOperation as error:
        raise LineError(f"“{values[0]}”不是比例") from error
    return {"kind": "share", "rate": rate, "of": _ids(values[1], facts), **_read_caps(values[2:], facts)}


def _read_units(values: Sequence[str], facts: Facts) -> dict[str, Any]:
    parts = [value for value in values if not value.startswith((_CAP, _RECEIVED))]
    units = [part.partition(_TIMES) for part in parts]
    rest = [value for value in values if value not in parts]
    each = [{"cny": _cny(sum_), "of": _ids(of, facts)} for sum_, _, of in units]
    return {"kind": "per_unit", "parts": each, **_read_caps(rest, facts)}


def _read_caps(values: Sequence[str], facts: Facts) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for value in values:
        if value.startswith(_RECEIVED):
            raw["already_received"] = fact_named(value.removeprefix(_RECEIVED), facts).id
            continue
        if not value.startswith(_CAP):
            raise LineError(f"“{value}”应写成 上限600万元")
        sum_, times, of = value.removeprefix(_CAP).partition(_TIMES)
        if times:
            raw["cap_per"] = {"cny": _cny(sum_), "of": fact_named(of, facts).id}
        else:
            raw["cap_cny"] = _cny(sum_)
    return raw


def _ids(names: str, facts: Facts) -> list[str]:
    return [fact_named(name.strip(), facts).id for name in names.replace("+", _AND).split(_AND)]


def _cny(words: str) -> int:
    found = bare_number(words.strip())
    if not isinstance(found, int):
        raise LineError(f"“{words}”不是金额，例如 30万元")
    return found


_READERS = {"区间": _read_range, "按答案": _read_choice, "比例": _read_share, "按量": _read_units}
