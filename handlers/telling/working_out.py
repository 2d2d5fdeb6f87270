"""A clause's own rule with a figure that somebody names: 80万 × 20% = 16万元. Exact, and with the working shown. Pure."""

import re
from decimal import Decimal

from policies.library.models import Amount, Policy
from policies.search.reading.numerals import as_number

_SUM = re.compile(
    r"(?P<number>\d{1,9}(?:\.\d{1,4})?|[一二两三四五六七八九十百千半]{1,5})个?(?P<unit>亿|千万|百万|万)(?:元|块)?"
)
_COUNT = re.compile(
    r"(?P<number>\d{1,9}(?:\.\d{1,4})?|[一二两三四五六七八九十百千]{1,6})(?P<unit>吨|亩|个|项|家)"
)
_SAYS_RESULT = re.compile(r"就是|等于|=|对吧|算下来|合计|是不是")
_UNITS = {"亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4}


def worked_out(policy: Policy, text: str) -> tuple[str, ...]:
    """A line for each rule of the clause that the one figure of the text can be put into; () where there is none."""
    figures = list(_SUM.finditer(text))
    if len(figures) == 2 and _SAYS_RESULT.search(text):
        figures = figures[:1]
    if len(figures) == 1:
        value = _value(figures[0])
        return tuple(_of_rate(one, value) for one in policy.amounts if one.rate and one.of)
    counts = list(_COUNT.finditer(text))
    if len(counts) == 1:
        number, unit = _value(counts[0]), counts[0]["unit"]
        return tuple(
            f"{one.who or one.what}：{_plain(number)}{unit} × {one.value_cny}元 = {_cny(number * one.value_cny)}"
            for one in policy.amounts
            if one.per == unit and one.value_cny
        )
    return ()


def sums_named(text: str) -> set[int]:
    """The sums that a text names in any writing, in yuan (150万, 三十万块)."""
    return {int(_value(found)) for found in _SUM.finditer(text)}


def _of_rate(amount: Amount, value: Decimal) -> str:
    rate = Decimal(str(amount.rate))
    part = value * rate
    line = f"{amount.who or amount.what}：{_cny(value)} × {_plain(rate * 100)}% = {_cny(part)}"
    cap = amount.cap_cny
    if cap is None or amount.cap_per == "每亩":
        return line
    return (
        f"{line}，超过上限，最高{_cny(Decimal(cap))}" if part > cap else f"{line}（上限{_cny(Decimal(cap))}）"
    )


def _value(found: "re.Match[str]") -> Decimal:
    said = found["number"]
    number = (
        Decimal("0.5") if said == "半" else Decimal(str(as_number(said))) if _is_number(said) else Decimal(0)
    )
    return number * _UNITS.get(found["unit"], 1)


def _is_number(said: str) -> bool:
    try:
        as_number(said)
    except ValueError:
        return False
    return True


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _cny(value: Decimal) -> str:
    return f"{_plain(value / 10_000)}万元" if value >= 10_000 else f"{_plain(value)}元"
