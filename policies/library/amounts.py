"""A sum of a clause in a few words, as a table or an alert shows it."""

from policies.library.figures import in_cny, in_percent
from policies.library.models import Amount, AmountKind


def in_words(amount: Amount) -> str:
    """The figures of an amount: 年度设备投资额的12%，最高600万元; every figure is the clause's own."""
    cap = ""
    if amount.cap_cny is not None:
        cap = f"，{amount.cap_per}最高{in_cny(amount.cap_cny)}"
    return each(amount.per) + _sum(amount) + cap


def each(unit: str) -> str:
    """亩 → 每亩. A unit that already contains 每 or 单个 is not changed; "" for none."""
    return unit if not unit or "每" in unit or "单个" in unit else f"每{unit}"


def _sum(amount: Amount) -> str:
    value, low, high = (
        in_cny(cny) if cny is not None else "" for cny in (amount.value_cny, amount.min_cny, amount.max_cny)
    )
    match amount.kind:
        case AmountKind.MAX:
            return f"{amount.cap_per}最高{high}"
        case AmountKind.RANGE:
            return f"{low}至{high}"
        case AmountKind.RATE:
            return f"{amount.of}的{in_percent(amount.rate or 0)}"
        case AmountKind.POOL:
            return f"共{value}"
        case AmountKind.UNCAPPED:
            return "不设上限"
        case AmountKind.FIXED | AmountKind.PER_UNIT:
            return value
